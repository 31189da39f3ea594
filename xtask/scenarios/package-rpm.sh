#!/usr/bin/env bash
# Looks into the package for Rocky.
#   package-rpm.sh FILE
# Ends with "package-rpm: N passed, N failed".
set -uo pipefail
file=$(realpath "$1") passed=0 failed=0
check() { # WHAT EXPECTED SEEN
    if [ "$2" = "$3" ]; then passed=$((passed + 1)); return; fi
    failed=$((failed + 1))
    echo "FAILED: $1: expected '$2', seen '$3'"
}
list=$(rpm -qp --qf '[%{FILEMODES:perms} %{FILEUSERNAME} %{FILENAMES}\n]' "$file" 2>/dev/null)
has() { # PERMISSIONS PATH
    check "$2" 1 "$(grep -cxF -- "$1 root $2" <<<"$list")"
}
has -rwxr-xr-x /usr/bin/stardeck
has -rw-r--r-- /usr/lib/systemd/system/stardeck.service
has -rw-r--r-- /usr/lib/systemd/system/stardeck-databases.service
has -rw-r----- /etc/stardeck/stardeck.toml
has -rw-r--r-- /usr/share/man/man1/stardeck.1.gz
has -rw-r--r-- /usr/share/man/man1/stardeck-serve.1.gz
has -rw-r--r-- /usr/share/bash-completion/completions/stardeck
has -rw-r--r-- /usr/share/doc/stardeck/OPERATIONS.md
check 'the configuration is kept on upgrades' /etc/stardeck/stardeck.toml "$(rpm -qp --configfiles "$file" 2>/dev/null)"
check 'nothing writes into /home, /root or /var' '' "$(grep -E ' /(home|root|var)/' <<<"$list")"
requires=$(rpm -qp --requires "$file" 2>/dev/null)
for name in podman netavark aardvark-dns; do
    check "it requires $name" yes "$(grep -q "^$name" <<<"$requires" && echo yes)"
done
# Rocky 9 has glibc 2.34, and the program must need nothing newer.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && rpm2cpio "$file" | cpio -idm --quiet ./usr/bin/stardeck)
check 'the program is in it' yes "$([ -x "$work/usr/bin/stardeck" ] && echo yes)"
newest=$(grep -aoE 'GLIBC_2\.[0-9]+' "$work/usr/bin/stardeck" | sort -Vu | tail -1)
check "its glibc ($newest) is one that Rocky 9 has" "$newest" "$(printf '%s\n' "$newest" GLIBC_2.34 | sort -V | head -1)"
check 'no script needs the network' '' "$(rpm -qp --scripts "$file" 2>/dev/null | grep -E 'curl|wget|dnf|pip')"
echo "package-rpm: $passed passed, $failed failed"
[ "$failed" = 0 ]
