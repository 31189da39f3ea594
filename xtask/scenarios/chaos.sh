#!/usr/bin/env bash
# Kills the server with SIGKILL at random moments of a deployment, a stop, a start, a change of settings, a removal that
# keeps the data and a deployment on that data, of each engine in turn; starts it again, and counts what is left behind.
# Every second deployment is left alone, so that on a slow host, too, there is something to change and to remove.
#   chaos.sh STARDECK_BINARY PODMAN_SOCKET ROUNDS
# After every kill each operation must end, a database that is there must answer a login, its data must be there, and
# nothing must be there that belongs to none. Ends with "chaos: ROUNDS rounds, N finished, N undone, N orphans".
set -euo pipefail
binary=$1 socket=$2 rounds=$3
. "$(dirname "${BASH_SOURCE[0]}")/curl.sh"
finished=0 undone=0 orphans=0 broken=0 reattached=0
data=$work/data
# The images that the tests have; one whose version is not offered any more is named by its image.
engines=(postgresql:postgres:16 mariadb:mariadb:10.11 mysql:mysql:9 redis:redis:7 mongodb:mongo:6)

kill_after() { # MOST_MILLISECONDS : waits a random part of it, then kills the server
    local wait=$((RANDOM % $1))
    sleep "$((wait / 1000)).$(printf '%03d' $((wait % 1000)))"
    stop_server KILL
}
settle() { # starts the server again and waits until every operation has ended
    start_server "$socket" "$data"
    for _ in $(seq 1800); do
        open=$(get operations?limit=1000 | python3 -c 'import json, sys
print(sum(o["state"] not in ("succeeded", "failed", "cancelled") for o in json.load(sys.stdin)["items"]))')
        if [ "$open" = 0 ]; then return; fi
        sleep 0.1
    done
    echo 'operations do not end' >&2
    return 1
}
known() { get databases | field items.0."$1" 2>/dev/null || :; }
kept() { get volumes/kept | field items.0."$1" 2>/dev/null || :; }
complain() { broken=$((broken + 1)); echo "round $round, $type: $1" >&2; }
erase() { # MODE : begins a removal and kills the server in the middle of it
    curl -sS -o "$work/body" -X DELETE "$api/databases/$id?data=$1&confirm=$name" -H "$auth"
    kill_after 900
    settle
}
verify() { # the database answers, with what was written into it
    local said
    if [ "$(await "$id" status running)" != running ]; then complain "is $(known status)"; return; fi
    said=$(answer "$id" "$@")
    case $said in ok*|"of $name"|'') ;; *) complain "$said" ;; esac
}

before=$(objects)
start_server "$socket" "$data"
set_up "$data"
sign_in
for round in $(seq "$rounds"); do
    name="chaos$round"
    pick=${engines[(round - 1) % ${#engines[@]}]}
    type=${pick%%:*} image=docker.io/library/${pick#*:}
    post databases "{\"type\":\"$type\",\"image\":\"$image\",\"name\":\"$name\",\"expose_port\":true}" >/dev/null
    id=$(field database.id <"$work/body")
    most=6000
    case $type in redis) most=2500 ;; mysql) most=12000 ;; esac
    if [ $((round % 2)) = 1 ]; then
        kill_after "$most"
        settle
    elif [ "$(finish "$(field operation.id <"$work/body")")" != succeeded ]; then
        complain "was not deployed: $(cat "$work/operation")"
    fi
    if [ "$(known status)" = running ]; then
        finished=$((finished + 1))
        verify check
        said=$(answer "$id" write key "of $name")
        if [ -n "$said" ]; then complain "is not written to: $said"; fi
        for verb in stop start settings; do
            if [ $((RANDOM % 2)) = 0 ]; then continue; fi
            if [ "$verb" = settings ]; then
                curl -sS -o "$work/body" -X PATCH "$api/databases/$id" -H "$auth" -H "$json" \
                    -H "If-Match: \"$(known revision)\"" -d "{\"memory_bytes\":$((700 + RANDOM % 100))000000}" || :
            else
                post "databases/$id/$verb" >/dev/null || :
            fi
            kill_after 1500
            settle
        done
        # Of what is there now, keep the data and deploy on it again; both are disturbed.
        if [ "$(known status)" = stopped ]; then
            post "databases/$id/start" >/dev/null
            finish "$(field operation.id <"$work/body")" >/dev/null
        fi
        if [ $((RANDOM % 2)) = 0 ]; then
            erase keep
            if [ -n "$(kept database_id)$(kept id)" ]; then
                post databases "{\"type\":\"$type\",\"name\":\"$name\",\"expose_port\":true,\"kept_volume_id\":\"$id\"}" >/dev/null
                kill_after 2500
                settle
                if [ "$(known status)" = running ]; then reattached=$((reattached + 1)); verify read key; fi
            fi
        fi
        if [ -n "$(known id)" ]; then erase delete; fi
        if [ -n "$(known id)" ]; then remove "$id" "$name" >/dev/null; fi
        if [ -n "$(kept id)" ]; then
            curl -sS -o "$work/body" -X DELETE "$api/volumes/kept/$id?confirm=$name" -H "$auth"
            finish "$(field operation.id <"$work/body")" >/dev/null
        fi
    else
        undone=$((undone + 1))
    fi
    left=$(comm -13 <(echo "$before") <(objects))
    if [ -n "$left" ] || [ -n "$(known id)" ]; then
        orphans=$((orphans + $(grep -c . <<<"$left" || :)))
        printf 'round %d left behind:\n%s\n%s\n' "$round" "$left" "$(known name)" >&2
        before=$(objects)
    fi
    printf 'round %d of %d (%s): %d finished, %d undone, %d re-attached, %d orphans\n' \
        "$round" "$rounds" "$type" "$finished" "$undone" "$reattached" "$orphans"
done
printf 'chaos: %d rounds, %d finished, %d undone, %d orphans\n' "$rounds" "$finished" "$undone" "$orphans"
[ "$orphans" = 0 ] && [ "$broken" = 0 ]
