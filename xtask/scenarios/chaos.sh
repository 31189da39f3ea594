#!/usr/bin/env bash
# Kills the server with SIGKILL at random moments of a deployment, a stop, a start and a removal, starts it again, and
# counts what is left behind.
#   chaos.sh STARDECK_BINARY PODMAN_SOCKET ROUNDS
# After every round each operation must have ended, a database that is there must answer a login, and nothing must be
# there that belongs to none. Ends with "chaos: ROUNDS rounds, N finished, N undone, N orphans".
set -euo pipefail
binary=$1 socket=$2 rounds=$3
. "$(dirname "${BASH_SOURCE[0]}")/curl.sh"
finished=0 undone=0 orphans=0 broken=0
data=$work/data

kill_after() { # MOST_MILLISECONDS : waits a random part of it, then kills the server
    local wait=$((RANDOM % $1))
    sleep "$((wait / 1000)).$(printf '%03d' $((wait % 1000)))"
    stop_server KILL
}
settle() { # starts the server again and waits until every operation has ended
    start_server "$socket" "$data"
    for _ in $(seq 900); do
        open=$(get operations?limit=1000 | python3 -c 'import json, sys
print(sum(o["state"] not in ("succeeded", "failed", "cancelled") for o in json.load(sys.stdin)["items"]))')
        if [ "$open" = 0 ]; then return; fi
        sleep 0.1
    done
    echo 'operations do not end' >&2
    return 1
}
known() { get databases | field items.0."$1" 2>/dev/null || :; }

before=$(objects)
start_server "$socket" "$data"
set_up "$data"
sign_in
for round in $(seq "$rounds"); do
    name="chaos$round"
    post databases "{\"type\":\"postgresql\",\"name\":\"$name\",\"expose_port\":true}" >/dev/null
    id=$(field database.id <"$work/body")
    kill_after 4500
    settle
    if [ "$(known status)" = running ]; then
        finished=$((finished + 1))
        url=$(get "databases/$id/credentials" | field external_url)
        answer=$(DATABASE_URL=$url podman run --rm --network host --env DATABASE_URL localhost/app-probe:1 probe check || :)
        if [ "${answer:0:2}" != ok ]; then broken=$((broken + 1)); echo "round $round: $answer" >&2; fi
        for verb in stop start; do
            if [ $((RANDOM % 2)) = 0 ]; then continue; fi
            post "databases/$id/$verb" >/dev/null || :
            kill_after 1200
            settle
        done
        curl -sS -o "$work/body" -X DELETE "$api/databases/$id?data=delete&confirm=$name" -H "$auth"
        kill_after 700
        settle
        if [ -n "$(known id)" ]; then remove "$id" "$name" >/dev/null; fi
    else
        undone=$((undone + 1))
    fi
    left=$(comm -13 <(echo "$before") <(objects))
    if [ -n "$left" ] || [ -n "$(known id)" ]; then
        orphans=$((orphans + $(grep -c . <<<"$left" || :)))
        printf 'round %d left behind:\n%s\n%s\n' "$round" "$left" "$(known name)" >&2
        before=$(objects)
    fi
    printf 'round %d of %d: %d finished, %d undone, %d orphans\n' "$round" "$rounds" "$finished" "$undone" "$orphans"
done
printf 'chaos: %d rounds, %d finished, %d undone, %d orphans\n' "$rounds" "$finished" "$undone" "$orphans"
[ "$orphans" = 0 ] && [ "$broken" = 0 ]
