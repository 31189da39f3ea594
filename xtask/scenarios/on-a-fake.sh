# shellcheck shell=bash
# The API on a fake runtime, as a server of the scenario's own. Sourced, not run.
# Expects $program, the example `on_a_fake`; sets $work, and $server, $url and $admin with each start.
work=$(mktemp -d)
server='' url='' admin=''
json='Content-Type: application/json'
password='correct horse battery'

cleanup() {
    local status=$?
    if [ "$status" -ne 0 ]; then tail -n 30 "$work/log" >&2 || :; fi
    exec 9>&- || :
    if [ -n "$server" ]; then wait "$server" || :; fi
    rm -rf "$work"
}
trap cleanup EXIT
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
login() { # NAME
    curl -sS --fail-with-body "$url/api/auth/login" -H "$json" -d "{\"username\":\"$1\",\"password\":\"$password\"}" | field token
}
start() { # a server with the administrator `ada`
    rm -f "$work/input" "$work/output"
    mkfifo "$work/input"
    "$program" <"$work/input" >"$work/output" 2>"$work/log" &
    server=$!
    exec 9>"$work/input"
    for _ in $(seq 200); do if [ -s "$work/output" ]; then break; fi; sleep 0.05; done
    local token
    read -r url token <"$work/output"
    curl -sS --fail-with-body -o /dev/null "$url/api/setup" -H "$json" \
        -d "{\"token\":\"$(cat "$token")\",\"username\":\"ada\",\"password\":\"$password\"}"
    admin=$(login ada)
}
stop() { exec 9>&-; wait "$server" || :; server=''; }
