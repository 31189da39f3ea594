# shellcheck shell=bash
# What the scenarios share: a server of their own, and curl. Sourced, not run.
# Expects $binary and $socket; sets $work, $passed and $failed, and $server, $relay, $player, $api and $auth as they come.
work=$(mktemp -d)
server='' relay='' player='' api='' auth=''
passed=0 failed=0
set -E
trap 'echo "line $LINENO failed: $BASH_COMMAND" >&2' ERR
json='Content-Type: application/json'

check() { # WHAT EXPECTED FOUND
    if [ "$2" = "$3" ]; then passed=$((passed + 1)); printf 'ok    %s\n' "$1"
    else failed=$((failed + 1)); printf 'FAIL  %s: expected %s, found %s\n' "$1" "$2" "$3"; fi
}
podman() { command podman --url "unix://$socket" "$@"; }
field() { # PATH : a value out of the JSON on standard input; nothing for null
    python3 -c 'import json, sys
value = json.load(sys.stdin)
for key in sys.argv[1].split("."):
    value = value[int(key)] if isinstance(value, list) else value.get(key)
print("" if value is None else value if isinstance(value, str) else json.dumps(value))' "$1"
}
stop_server() { # [SIGNAL]
    if [ -n "$server" ]; then kill -s "${1:-TERM}" "$server" 2>/dev/null || :; wait "$server" 2>/dev/null || :; server=''; fi
}
cleanup() {
    local status=$?
    if [ "$status" -ne 0 ]; then tail -n 30 "$work"/server.log >&2 || :; fi
    if [ -n "$player" ]; then kill "$player" 2>/dev/null || :; wait "$player" 2>/dev/null || :; fi
    stop_server
    if [ -n "$relay" ]; then kill "$relay" 2>/dev/null || :; fi
    if declare -F unforward >/dev/null; then unforward; fi
    rm -rf "$work"
}
trap cleanup EXIT
of_unit() { # the environment that the unit of an installation gives the server
    sed -n 's/^Environment=//p' "$(dirname "${BASH_SOURCE[0]}")/../../crates/stardeck-server/units/stardeck.service"
}
start_server() { # SOCKET DATA_DIR : sets $server and $api
    : >"$work/server.log"
    env "$(of_unit)" "$binary" serve --listen 127.0.0.1:0 --data-dir "$2" --podman-socket "$1" >"$work/server.log" 2>&1 &
    server=$!
    for _ in $(seq 200); do
        api=$(sed -n 's/.*listening on \(http:\/\/[0-9.:]*\).*/\1\/api/p' "$work/server.log" | head -n 1)
        if [ -n "$api" ]; then return; fi
        sleep 0.05
    done
    echo 'the server did not come up' >&2
    return 1
}
start_relay() { # passes on to Podman what comes to relay.sock in $work; see relay.py
    mkfifo "$work/relay.pipe"
    /usr/bin/python3 "$(dirname "${BASH_SOURCE[0]}")/relay.py" "$work/relay.sock" "$socket" "$work/relay.pipe" "$work/events" &
    relay=$!
    for _ in $(seq 100); do if [ -S "$work/relay.sock" ]; then return; fi; sleep 0.05; done
    echo 'the relay did not come up' >&2
    return 1
}
play() { # SCRIPT ARGUMENT… : a helper in Debian's own Python, which ends with this script; gives its status
    local status=0
    /usr/bin/python3 -B "$@" &   # It leaves no compiled files beside the scripts.
    player=$!
    wait "$player" || status=$?
    player=''
    return "$status"
}
set_up() { # DATA_DIR : makes the first administrator
    curl -sS "$api/setup" -H "$json" -o /dev/null \
        -d "{\"token\":\"$(cat "$1/setup-token")\",\"username\":\"ada\",\"password\":\"correct horse battery\"}"
}
sign_in() { # sets $auth
    auth="Authorization: Bearer $(curl -sS "$api/auth/login" -H "$json" \
        -d '{"username":"ada","password":"correct horse battery"}' | field token)"
}
post() { # PATH [BODY] : prints the status; the answer is in $work/body
    curl -sS -o "$work/body" -w '%{http_code}' -X POST "$api/$1" -H "$auth" -H "$json" ${2:+-d "$2"}
}
get() { curl -sS "$api/$1" -H "$auth"; }
finish() { # OPERATION : waits, prints its final state; the operation is in $work/operation
    local state=''
    for _ in $(seq 900); do
        get "operations/$1" >"$work/operation"
        state=$(field state <"$work/operation")
        case $state in succeeded|failed|cancelled) break ;; esac
        sleep 0.1
    done
    echo "$state"
}
make_database() { # TYPE NAME [MORE] : a database, with more fields of the request as JSON; sets $id
    [ "$(post databases "{\"type\":\"$1\",\"name\":\"$2\"${3:+,$3}}")" = 202 ]
    id=$(field database.id <"$work/body")
    [ "$(finish "$(field operation.id <"$work/body")")" = succeeded ]
}
start_signed_in() { # SOCKET : a server with its administrator signed in
    start_server "$1" "$work/data"
    set_up "$work/data"
    sign_in
}
remove() { # ID NAME [keep] : deletes a database with its data or keeps it, prints the operation's final state
    curl -sS -o "$work/body" -X DELETE "$api/databases/$1?data=${3:-delete}&confirm=$2" -H "$auth"
    finish "$(field operation.id <"$work/body")"
}
await() { # DATABASE PATH VALUE : waits until the database's field has this value; prints what it has in the end
    local found=''
    for _ in $(seq 600); do
        found=$(get "databases/$1" | field "$2")
        if [ "$found" = "$3" ]; then break; fi
        sleep 0.1
    done
    echo "$found"
}
answer() { # DATABASE COMMAND… : what an app on the host is told by the probe, at the address that others are given
    local url id=$1
    shift
    url=$(get "databases/$id/credentials" | field external_url)
    # Their clients have no database of their own accord, and `sys` is in every server.
    case $url in mysql:*|mariadb:*) url=${url%/}/sys ;; esac
    DATABASE_URL=$url podman run --rm --network host --env DATABASE_URL localhost/app-probe:1 probe "$@" 2>&1 || :
}
objects() { # everything that could be left behind, without what other tests use at the same time
    { podman ps -a --format 'container {{.Names}}'; podman volume ls --format 'volume {{.Name}}'
      podman secret ls --format 'secret {{.Name}}'; } | grep -v ' stardeck-test-' | sort || :
}
