#!/usr/bin/env bash
# Walks the main path with curl, as a person would, against a server of its own.
#   walkthrough.sh STARDECK_BINARY PODMAN_SOCKET
# The Podman behind the socket has docker.io/library/postgres:16 and localhost/app-probe:1. Ends with "walkthrough: N passed, N failed".
set -euo pipefail
binary=$1 socket=$2
. "$(dirname "${BASH_SOURCE[0]}")/curl.sh"
password='s3cr3t-Walk/through@#1'

forwarded=''
forward() { # PORT : as a container does that ended without taking its rule away, or one of another Podman
    forwarded=(OUTPUT -d 127.0.0.1 -p tcp --dport "$1" -j DNAT --to-destination 127.0.0.1:1)
    iptables -t nat -A "${forwarded[@]}"
}
unforward() {
    if [ -n "$forwarded" ]; then iptables -t nat -D "${forwarded[@]}"; forwarded=''; fi
}
probe() { # NETWORK COMMAND… : from a container, with DATABASE_URL handed over by environment, not by argument
    local network=$1; shift
    podman run --rm --network "$network" --env DATABASE_URL localhost/app-probe:1 "$@" 2>&1
}

firstly() { if [ "${1:0:3}" = 'ok ' ]; then printf '%s' "${1:0:5}"; else printf '%s' "$1"; fi; } # all of it when it is no answer

before=$(objects)
data=$work/data
start_server "$socket" "$data"
check 'the set-up token is readable by its owner only' 600 "$(stat -c %a "$data/setup-token")"
set_up "$data"
sign_in

# --- create --------------------------------------------------------------------------------------
body=$(python3 -c 'import json, sys; print(json.dumps({"type": "postgresql", "name": "shop", "version": "16",
    "expose_port": True, "is_shared": True, "admin_password": sys.argv[1]}))' "$password")
check 'create is accepted' 202 "$(post databases "$body")"
id=$(field database.id <"$work/body")
check 'the deployment succeeds' succeeded "$(finish "$(field operation.id <"$work/body")")"
get "databases/$id" >"$work/database"
check 'it runs' running "$(field status <"$work/database")"
check 'it is reached by its name' shop "$(field internal_host <"$work/database")"
port=$(field external_port <"$work/database")
get "databases/$id/credentials" >"$work/credentials"
internal=$(field internal_url <"$work/credentials")
external=$(field external_url <"$work/credentials")

# --- log in --------------------------------------------------------------------------------------
answer=$(DATABASE_URL=$external probe host probe check || :)
check "login from the host by port $port" 'ok 16' "$(firstly "$answer")"
answer=$(DATABASE_URL=$internal probe stardeck-data probe check || :)
check 'login from a container by the name shop' 'ok 16' "$(firstly "$answer")"
wrong=$(sed 's/:\/\/\([^:]*\):[^@]*@/:\/\/\1:wrong@/' <<<"$internal")
answer=$(DATABASE_URL=$wrong probe stardeck-data probe check || :)
check 'a wrong password is refused' 1 "$(grep -c 'password authentication failed' <<<"$answer")"
answer=$(DATABASE_URL=$internal probe stardeck-data sh -c 'probe write "$DATABASE_URL" fruit apple' || echo "failed: $?")
check 'it can be written to' 0 "$(grep -c failed <<<"$answer" || :)"

# --- nobody shows the password -------------------------------------------------------------------
finds() { if grep -qaF -- "$password" "$@"; then echo yes; else echo no; fi; }
podman inspect stardeck-db-shop >"$work/inspect.txt"
podman logs stardeck-db-shop >"$work/container.txt" 2>&1
cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' | grep -v "^$0" >"$work/cmdline.txt" || :
cat "$data"/stardeck.db* >"$work/store.bin"
check 'podman inspect does not show the password' no "$(finds "$work/inspect.txt")"
check 'no command line shows it' no "$(finds "$work/cmdline.txt")"
check 'the store does not show it' no "$(finds "$work/store.bin")"
check "the server's log does not show it" no "$(finds "$work/server.log")"
check "the container's log does not show it" no "$(finds "$work/container.txt")"
check 'no answer but credentials shows it' no "$(finds "$work/database" "$work/operation" "$work/body")"

# --- stop and start ------------------------------------------------------------------------------
check 'stop is accepted' 202 "$(post "databases/$id/stop")"
check 'it stops' succeeded "$(finish "$(field operation.id <"$work/body")")"
check 'start is accepted' 202 "$(post "databases/$id/start")"
check 'it starts' succeeded "$(finish "$(field operation.id <"$work/body")")"
answer=$(DATABASE_URL=$internal probe stardeck-data sh -c 'probe read "$DATABASE_URL" fruit' || :)
check 'the data is still there' apple "$answer"

# --- refused before anything is made -------------------------------------------------------------
check 'a name with a space is refused' 422 "$(post databases '{"type":"postgresql","name":"my shop"}')"
check 'version abc is refused' 422 "$(post databases '{"type":"postgresql","name":"other","version":"abc"}')"
check 'a taken port is refused' 409 \
    "$(post databases "{\"type\":\"postgresql\",\"name\":\"other\",\"expose_port\":true,\"external_port\":$port}")"
forward 5499
check 'a port that the packet filter forwards is refused' 409 \
    "$(post databases '{"type":"postgresql","name":"other","expose_port":true,"external_port":5499}')"
unforward
check 'a taken name is refused' 409 "$(post databases '{"type":"postgresql","name":"shop"}')"
check 'delete without a word on the data is refused' 422 \
    "$(curl -sS -o /dev/null -w '%{http_code}' -X DELETE "$api/databases/$id" -H "$auth")"

# --- an image that does not exist ----------------------------------------------------------------
check 'a missing image is accepted at first' 202 \
    "$(post databases '{"type":"postgresql","name":"ghost","image":"localhost/no-such-image:16"}')"
check 'and fails' failed "$(finish "$(field operation.id <"$work/body")")"
check 'with its code' image_not_found "$(field error.code <"$work/operation")"
check 'undone' true "$(field undone <"$work/operation")"

# --- keep the data, and attach it again under another name ---------------------------------------
volumes=$(podman volume ls --format '{{.Name}}' | grep -F "$id" || :)
check 'delete with the data kept' succeeded "$(remove "$id" shop keep)"
get volumes/kept >"$work/kept"
check 'the kept volume is listed by its old name' "$id shop" "$(field items.0.id <"$work/kept") $(field items.0.name <"$work/kept")"
check 'another major version is refused' 422 \
    "$(post databases "{\"type\":\"postgresql\",\"name\":\"store\",\"version\":\"17\",\"kept_volume_id\":\"$id\"}")"
check 'attaching it again is accepted' 202 \
    "$(post databases "{\"type\":\"postgresql\",\"name\":\"store\",\"kept_volume_id\":\"$id\"}")"
check 'the attachment succeeds' succeeded "$(finish "$(field operation.id <"$work/body")")"
answer=$(DATABASE_URL=${internal/@shop:/@store:} probe stardeck-data sh -c 'probe read "$DATABASE_URL" fruit')
check 'the old password opens it by its new name, and the data is there' apple "$answer"
check 'no volume came or went' "$volumes" "$(podman volume ls --format '{{.Name}}' | grep -F "$id" || :)"
check 'it is not kept any more' '[]' "$(get volumes/kept | field items)"
check 'delete with the data kept once more' succeeded "$(remove "$id" store keep)"
check 'removing the kept volume needs its name' 422 \
    "$(curl -sS -o /dev/null -w '%{http_code}' -X DELETE "$api/volumes/kept/$id?confirm=shop" -H "$auth")"
curl -sS -o "$work/body" -X DELETE "$api/volumes/kept/$id?confirm=store" -H "$auth"
check 'it is removed for good' succeeded "$(finish "$(field operation.id <"$work/body")")"
check 'nothing of it is left' "$before" "$(objects)"

# --- delete --------------------------------------------------------------------------------------
check 'another is deployed' 202 "$(post databases '{"type":"postgresql","name":"shop"}')"
id=$(field database.id <"$work/body")
check 'and runs' succeeded "$(finish "$(field operation.id <"$work/body")")"
check 'delete with its volume' succeeded "$(remove "$id" shop)"
check 'nothing of it is left' "$before" "$(objects)"

# --- the same name twice at once, ten times ------------------------------------------------------
for round in 1 2 3 4 5 6 7 8 9 10; do
    for side in a b; do
        curl -sS -o "$work/race.$side" -w '%{http_code}\n' -X POST "$api/databases" -H "$auth" -H "$json" \
            -d '{"type":"postgresql","name":"twin"}' >"$work/code.$side" &
        eval "pid_$side=\$!"
    done
    # shellcheck disable=SC2154
    wait "$pid_a" "$pid_b"
    check "round $round: one is accepted, one refused" '202 409' "$(sort "$work/code.a" "$work/code.b" | xargs)"
    winner=$(grep -l 202 "$work/code.a" "$work/code.b" | head -n 1 | sed 's/.*\.//')
    twin=$(field database.id <"$work/race.$winner")
    check "round $round: it succeeds" succeeded "$(finish "$(field operation.id <"$work/race.$winner")")"
    check "round $round: it is removed" succeeded "$(remove "$twin" twin)"
done
check 'nothing of them is left' "$before" "$(objects)"
stop_server

# --- Podman gone ---------------------------------------------------------------------------------
start_server "$work/no-such-socket" "$work/data2"
set_up "$work/data2"
sign_in
check 'without Podman a create is refused' 503 "$(post databases '{"type":"postgresql","name":"shop"}')"
check 'and the server is not ready' 503 "$(curl -sS -o /dev/null -w '%{http_code}' "$api/health/ready")"
check 'but alive' 200 "$(curl -sS -o /dev/null -w '%{http_code}' "$api/health/live")"

printf 'walkthrough: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
