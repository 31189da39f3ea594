#!/usr/bin/env bash
# Installs the package for Debian with apt, in a root that has nothing else, starts the server as the unit would, and removes
# it again. Run by `cargo xtask package --prove`.
#   package-deb.sh ./FILE
# Ends with "package-deb: N passed, N failed".
set -uo pipefail
file=$1 passed=0 failed=0
export DEBIAN_FRONTEND=noninteractive
check() { # WHAT EXPECTED SEEN
    if [ "$2" = "$3" ]; then passed=$((passed + 1)); return; fi
    failed=$((failed + 1))
    echo "FAILED: $1: expected '$2', seen '$3'"
}
yes_if() { if "$@" >/dev/null 2>&1; then echo yes; else echo no; fi; }
quiet_apt() { apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@" >/tmp/apt.log 2>&1 || tail -20 /tmp/apt.log; }

quiet_apt update
quiet_apt install "$file" curl systemd
check 'it is installed' 'install ok installed' "$(dpkg-query -W -f '${Status}' stardeck)"
check 'it brought Podman' yes "$(yes_if command -v podman)"
check 'it says its version' yes "$(yes_if stardeck --version)"
check 'the units are as systemd wants them' '' \
    "$(systemd-analyze verify --recursive-errors=no /usr/lib/systemd/system/stardeck*.service 2>&1 | grep -i stardeck)"
check 'the manual page is there' yes "$(yes_if gzip -t /usr/share/man/man1/stardeck-serve.1.gz)"
check 'the configuration is for root only' '640 root' "$(stat -c '%a %U' /etc/stardeck/stardeck.toml)"
check 'the shell completes it' yes "$(yes_if bash -c '. /usr/share/bash-completion/completions/stardeck')"

printf 'listen = "127.0.0.1:18080"\n' >>/etc/stardeck/stardeck.toml
check 'the configuration is read' 'listen = "127.0.0.1:18080" # /etc/stardeck/stardeck.toml' \
    "$(stardeck serve --print-config | grep ^listen)"
stardeck serve --data-dir /var/lib/stardeck 2>/tmp/server.log &
server=$!
live=no
for _ in $(seq 100); do
    if curl -fs http://127.0.0.1:18080/api/health/live >/dev/null; then live=yes; break; fi
    sleep 0.1
done
check 'the server answers' yes "$live"
check 'it has the web UI' yes "$(yes_if curl -fs http://127.0.0.1:18080/)"
kill "$server"
wait "$server"
check 'it ends cleanly' 0 $?

quiet_apt install --reinstall "$file"
check 'a changed configuration survives an upgrade' yes "$(yes_if grep -q 18080 /etc/stardeck/stardeck.toml)"
quiet_apt remove stardeck
check 'the program is gone' no "$(yes_if test -e /usr/bin/stardeck)"
check 'the units are gone' no "$(yes_if ls /usr/lib/systemd/system/stardeck.service)"
quiet_apt purge stardeck
check 'the configuration is gone after a purge' no "$(yes_if test -e /etc/stardeck/stardeck.toml)"
check 'the store and its key stay' yes "$(yes_if test -s /var/lib/stardeck/stardeck.db -a -s /var/lib/stardeck/master.key)"
echo "package-deb: $passed passed, $failed failed"
[ "$failed" = 0 ]
