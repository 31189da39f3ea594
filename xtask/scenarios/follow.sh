#!/usr/bin/env bash
# Follows deployments over a WebSocket: from the start, late, after the end, cut off and taken up again after a kill of
# the server, cancelled. Whoever follows is sent the same frames, byte for byte.
#   follow.sh STARDECK_BINARY PODMAN_SOCKET
# The registry of the Podman behind the socket has an image that has to be pulled. Ends with
# "follow: N passed, N failed".
set -euo pipefail
binary=$1 socket=$2
here=$(dirname "${BASH_SOURCE[0]}")   # Debian's own Python, for which python3-websocket is installed, plays the follower.
. "$here/curl.sh"
same() { # WHAT FILE FILE
    if cmp "$2" "$3" >&2; then check "$1" same same; else check "$1" same different; fi
}
follow() { # FILE [QUERY] [OPTION…] : follows $operation with the bearer token, prints how it ended
    local file=$1 query=${2:-}
    shift "$(($# > 1 ? 2 : 1))"
    /usr/bin/python3 "$here/follow.py" "${api/#http/ws}/operations/$operation/events$query" "$file" --header "$auth" "$@"
}
refused() { # HEADER… : tries to follow $operation with these headers instead
    local headers=() header
    for header in "$@"; do headers+=(--header "$header"); done
    /usr/bin/python3 "$here/follow.py" "${api/#http/ws}/operations/$operation/events" "$work/refused" "${headers[@]}"
}
told() { # FILE PATTERN : how many frames match
    grep -c -- "$2" "$1" || :
}
await() { # FILE PATTERN : waits until a frame matches
    for _ in $(seq 600); do
        if grep -qs -- "$2" "$1"; then return; fi
        sleep 0.05
    done
    echo "no frame $2 in $1" >&2
    return 1
}
deploy() { # NAME : begins a deployment with a pull, sets $operation, $id and $name
    podman rmi "$image" >/dev/null 2>&1 || :
    name=$1
    post databases "{\"type\":\"postgresql\",\"name\":\"$name\",\"version\":\"17\",\"image\":\"$image\"}" >"$work/status"
    check "$name is accepted" 202 "$(cat "$work/status")"
    id=$(field database.id <"$work/body")
    operation=$(field operation.id <"$work/body")
}
image=docker.io/library/postgres:17-trixie
before=$(objects)
start_signed_in "$socket"

# --- from the start, late, after the end -----------------------------------------------------------
deploy shop
follow "$work/early" >"$work/early.end" &
early=$!
await "$work/early" '"type":"step".*"step":"container"'
follow "$work/late" >"$work/late.end" &
late=$!
wait "$early" "$late"
check 'the early follower is said goodbye to' 1000 "$(cat "$work/early.end")"
check 'the late one as well' 1000 "$(cat "$work/late.end")"
check 'and one that comes after the end' 1000 "$(follow "$work/after")"
same 'late, the frames are the same' "$work/early" "$work/late"
same 'after the end, the frames are the same' "$work/early" "$work/after"
check 'the last frame is the result' '"state":"succeeded"' \
    "$(tail -n 1 "$work/early" | grep '"type":"result"' | grep -o '"state":"[a-z]*"')"
check 'the steps are told' 20 "$(told "$work/early" '"type":"step"')"
check 'log lines are told' yes "$([ "$(told "$work/early" '"type":"log"')" -gt 0 ] && echo yes)"
grep '"type":"progress"' "$work/early" | tail -n 1 >"$work/progress"
# Podman tells the bytes of a layer once a second, so of a quick one only that it is there.
check 'the pull is told by layers, which are all there at the end' true \
    "$(python3 -c 'import json, sys
frame = json.load(sys.stdin)["progress"]
print(json.dumps(frame["total"] == frame["current"] and len(frame["layers"]) > 1
    and all(layer["done"] for layer in frame["layers"])))' \
    <"$work/progress")"
check 'numbers have no gaps' "$(seq -s ' ' "$(wc -l <"$work/early")")" \
    "$(sed 's/.*"seq":\([0-9]*\).*/\1/' "$work/early" | xargs)"

# --- who may -----------------------------------------------------------------------------------------
cookie="Cookie: __Host-stardeck-session=${auth#Authorization: Bearer }"
host=${api#http://} host=${host%/api}
check 'nobody is refused' 'refused 401' "$(refused)"
check 'the cookie without an origin is refused' 'refused 403' "$(refused "$cookie")"
check 'the cookie from another site is refused' 'refused 403' "$(refused "$cookie" 'Origin: http://evil.example')"
check 'the cookie from our own site is not' 1000 "$(refused "$cookie" "Origin: http://$host")"
same 'and is sent the same' "$work/early" "$work/refused"
check 'without a handshake it is refused' 426 \
    "$(curl -sS -o /dev/null -w '%{http_code}' "$api/operations/$operation/events" -H "$auth")"
check 'it is removed' succeeded "$(remove "$id" "$name")"

# --- cut off by a kill of the server, and taken up again --------------------------------------------
deploy killed
check 'a follower leaves after five frames' left "$(follow "$work/first" '' --take 5)"
epoch=$(sed 's/.*"epoch":"\([^"]*\)".*/\1/' "$work/first" | tail -n 1)
stop_server KILL
start_server "$socket" "$work/data"
check 'after the kill it goes on' 1000 "$(follow "$work/second" "?after=5&epoch=$epoch")"
check 'from the start it ends as well' 1000 "$(follow "$work/whole")"
cat "$work/first" "$work/second" >"$work/joined"
same 'both parts are the whole' "$work/joined" "$work/whole"
if [ "$(get "operations/$operation" | field state)" = succeeded ]; then
    check 'it is removed' succeeded "$(remove "$id" "$name")"
fi

# --- cancelled, and ended in good order ---------------------------------------------------------------
deploy cancelled
follow "$work/cancelled" >"$work/cancelled.end" &
follower=$!
await "$work/cancelled" '"type":"step".*"step":"image"'
check 'a cancel is accepted' 202 "$(post "operations/$operation/cancel")"
wait "$follower"
check 'its follower is said goodbye to' 1000 "$(cat "$work/cancelled.end")"
check 'the cancel is told' 1 "$(told "$work/cancelled" '"type":"cancel_requested"')"
check 'the last frame says so' 1 "$(tail -n 1 "$work/cancelled" | grep -c '"state":"cancelled".*"undone":true' || :)"

deploy last
follow "$work/last" >"$work/last.end" &
follower=$!
await "$work/last" '"type":"state"'
began=$SECONDS
stop_server TERM
wait "$follower"
check 'a server that ends says so to followers' yes \
    "$(case $(cat "$work/last.end") in 1001) echo yes ;; 1000) grep -q '"type":"result"' "$work/last" && echo yes ;; esac)"
check 'and does not wait for them' yes "$([ $((SECONDS - began)) -lt 10 ] && echo yes)"
start_server "$socket" "$work/data"
finish "$operation" >"$work/state"
if [ "$(cat "$work/state")" = succeeded ]; then check 'it is removed' succeeded "$(remove "$id" "$name")"; fi
check 'nothing is left' "$before" "$(objects)"

printf 'follow: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
