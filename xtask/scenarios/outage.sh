#!/usr/bin/env bash
# Takes Podman's API away in the middle of deployments: frozen for 20 s, killed and started again, gone for longer than
# the server's patience. A deployment then succeeds or is taken back whole, and reads are answered all the while.
#   outage.sh STARDECK_BINARY PODMAN_SOCKET
# The server speaks to a second API service of the same Podman, started here, so that nobody else is disturbed. Ends with
# "outage: N passed, N failed".
set -euo pipefail
binary=$1 socket=$2
. "$(dirname "${BASH_SOURCE[0]}")/curl.sh"
here=$(dirname "${BASH_SOURCE[0]}")
. "$here/second.sh"

trap 'end_service || :; cleanup' EXIT
reads_for() { # SECONDS : reads once a second, prints how many were not answered with 200 within 2 s
    local missed=0 code
    for _ in $(seq "$1"); do
        for path in databases operations health/live; do
            code=$(curl -sS -m 2 -o /dev/null -w '%{http_code}' "$api/$path" -H "$auth" || :)
            if [ "$code" != 200 ]; then missed=$((missed + 1)); fi
        done
        sleep 1
    done
    echo "$missed"
}
deploy() { # NAME : begins a deployment, sets $id and $operation, waits a moment of up to 2 s
    post databases "{\"type\":\"postgresql\",\"name\":\"$1\"}" >/dev/null
    id=$(field database.id <"$work/body")
    operation=$(field operation.id <"$work/body")
    sleep "$((RANDOM % 2)).$(printf '%03d' $((RANDOM % 1000)))"
}
conclude() { # WHAT NAME : the deployment ended whole, one way or the other, and nothing is left of it
    local state
    state=$(finish "$operation")
    if [ "$state" = succeeded ]; then
        check "$1: it runs" running "$(get "databases/$id" | field status)"
        check "$1: it is removed" succeeded "$(remove "$id" "$2")"
    else
        check "$1: it is taken back" 'failed true' "$state $(field undone <"$work/operation")"
    fi
    check "$1: nothing is left" "$before" "$(objects)"
}

before=$(objects)
start_service
start_server "$second" "$work/data"
set_up "$work/data"
sign_in

for round in 1 2; do
    deploy frozen
    kill -STOP "$service"
    check "frozen $round: Podman does not answer" no "$(curl -sf -m 2 --unix-socket "$second" http://d/_ping || echo no)"
    check "frozen $round: reads are answered" 0 "$(reads_for 20)"
    kill -CONT "$service"
    conclude "frozen $round" frozen
done
for round in 1 2 3; do
    deploy killed
    end_service
    check "killed $round: reads are answered" 0 "$(reads_for 3)"
    start_service
    conclude "killed $round" killed
done
deploy gone
end_service
check 'gone: reads are answered' 0 "$(reads_for 75)"
check 'gone: a new deployment is refused' 503 "$(post databases '{"type":"postgresql","name":"other"}')"
start_service
conclude gone gone

printf 'outage: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
