#!/usr/bin/env bash
# Database servers that somebody else made, by `podman run` and as compose makes them: found, looked at, adopted without a
# restart, reached by name by an app, given back as they were.
#   adopt.sh STARDECK_BINARY PODMAN_SOCKET
# Ends with "adopt: N passed, N failed".
set -euo pipefail
binary=$1 socket=$2
. "$(dirname "${BASH_SOURCE[0]}")/curl.sh"
unforward() { # what was made by podman goes, whatever came before
    podman rm --force --volumes --time 0 "${made[@]}" >/dev/null 2>&1 || :
    podman secret rm theirs-password >/dev/null 2>&1 || :
    podman network rm blog_default >/dev/null 2>&1 || :
    podman volume rm blog_data >/dev/null 2>&1 || :
}
made=()
make() { # NAME ARGUMENT… : podman run
    local name=$1
    shift
    made+=("$name")
    podman run --detach --name "$name" "$@" >/dev/null
}
detected() { # CONTAINER FIELD
    get 'databases/detect?limit=1000' | python3 -c 'import json, sys
items = [item for item in json.load(sys.stdin)["items"] if item["container_name"] == sys.argv[1]]
print(items[0][sys.argv[2]] if items else "not detected")' "$1" "$2"
}
examine() { # CONTAINER [MORE] : dry runs until the login works, prints the last status; the report is in $work/body
    local status=''
    for _ in $(seq 300); do
        status=$(post "databases/adopt/$1?dry_run=true" "{\"name\":\"$1-db\"${2:-}}")
        if [ "$status" = 200 ]; then break; fi
        sleep 0.3
    done
    echo "$status"
}
reached() { # DATABASE : what an app on the data network is told by the probe
    local url id=$1
    url=$(get "databases/$id/credentials" | field internal_url)
    for _ in $(seq 20); do
        if DATABASE_URL=$url podman run --rm --network stardeck-data --env DATABASE_URL localhost/app-probe:1 \
            probe check >"$work/probe" 2>&1; then echo yes; return; fi
        sleep 0.5
    done
    tail -n 1 "$work/probe"
}
since() { podman inspect --format '{{.State.StartedAt}} {{.State.Pid}}' "$1"; }
adopt() { # CONTAINER TYPE LOGIN_FROM : all of it with one container
    local container=$1 started id
    check "$container is detected" "$2" "$(detected "$container" type)"
    check "$container: a dry run says what was found" 200 "$(examine "$container")"
    check "$container: where the login comes from" "$3" "$(field login_from <"$work/body")"
    check "$container: what would change" 1 "$(python3 -c 'import json, sys
print(len(json.load(sys.stdin)["changes"]))' <"$work/body")"
    podman inspect "$container" >"$work/before"
    started=$(since "$container")
    if [ "$3" != 'no password' ]; then
        check "$container: a wrong password is refused" '422 credentials_rejected' \
            "$(post "databases/adopt/$container" "{\"name\":\"$container-db\",\"admin_password\":\"not it\"}") $(field code <"$work/body")"
        check "$container: and nothing is recorded" '[]' "$(get databases | field items)"
    fi
    check "$container: the adoption is accepted" 202 "$(post "databases/adopt/$container" "{\"name\":\"$container-db\"}")"
    id=$(field database.id <"$work/body")
    check "$container: it succeeds" succeeded "$(finish "$(field operation.id <"$work/body")")"
    check "$container: it runs" running "$(get "databases/$id" | field status)"
    check "$container: it is adopted" adopted "$(get "databases/$id" | field origin)"
    printf '      its version is %s, its port on the host %s\n' "$(get "databases/$id" | field server_version)" \
        "$(get "databases/$id" | field external_port)"
    check "$container: it was not restarted" "$started" "$(since "$container")"
    check "$container: an app reaches it by its name" yes "$(reached "$id")"
    check "$container: it is adopted once" '409 already_managed' \
        "$(post "databases/adopt/$container" '{"name":"again"}') $(field code <"$work/body")"
    check "$container: the release is accepted" 202 "$(post "databases/$id/release")"
    check "$container: it succeeds" succeeded "$(finish "$(field operation.id <"$work/body")")"
    check "$container: it was not restarted" "$started" "$(since "$container")"
    podman inspect "$container" >"$work/after"
    check "$container: podman inspect is as before" '' "$(diff "$work/before" "$work/after" || :)"
    check "$container is detected again" "$2" "$(detected "$container" type)"
}
compose=(--label com.docker.compose.project=blog --label com.docker.compose.service=db --network blog_default)
secret='pass word/of:theirs@'
start_signed_in "$socket"
before=$(objects)

# --- by podman run ---------------------------------------------------------------------------------------
printf '%s' "$secret" >"$work/password"
podman secret create theirs-password "$work/password" >/dev/null
make plain-postgresql -p 127.0.0.1::5432 -e POSTGRES_USER=ada -e "POSTGRES_PASSWORD=$secret" docker.io/library/postgres:16
make plain-mariadb -p 127.0.0.1::3306 --secret theirs-password -e MARIADB_ROOT_PASSWORD_FILE=/run/secrets/theirs-password \
    docker.io/library/mariadb:10.11
make plain-mysql -p 127.0.0.1::3306 -e "MYSQL_ROOT_PASSWORD=$secret" docker.io/library/mysql:9
make plain-redis -p 127.0.0.1::6379 docker.io/library/redis:7 redis-server --requirepass swordfish
make plain-mongodb -p 127.0.0.1::27017 -e MONGO_INITDB_ROOT_USERNAME=ada -e "MONGO_INITDB_ROOT_PASSWORD=$secret" \
    docker.io/library/mongo:6
adopt plain-postgresql postgresql 'the variable POSTGRES_PASSWORD'
adopt plain-mariadb mariadb 'the file that MARIADB_ROOT_PASSWORD_FILE names'
adopt plain-mysql mysql 'the variable MYSQL_ROOT_PASSWORD'
adopt plain-redis redis 'the option --requirepass'
adopt plain-mongodb mongodb 'the variable MONGO_INITDB_ROOT_PASSWORD'
podman rm --force --volumes --time 0 "${made[@]}" >/dev/null

# --- as compose makes them: with its labels, on its network ----------------------------------------------
podman network create blog_default >/dev/null
make blog-postgresql "${compose[@]}" -e POSTGRES_HOST_AUTH_METHOD=trust docker.io/library/postgres:17
make blog-mariadb "${compose[@]}" -e "MYSQL_ROOT_PASSWORD=$secret" docker.io/library/mariadb:11.8
make blog-mysql "${compose[@]}" -e "MYSQL_ROOT_PASSWORD=$secret" docker.io/library/mysql:9
make blog-redis "${compose[@]}" docker.io/library/redis:8 redis-server --protected-mode no
make blog-mongodb "${compose[@]}" -e MONGO_INITDB_ROOT_USERNAME=ada -e "MONGO_INITDB_ROOT_PASSWORD=$secret" \
    docker.io/library/mongo:6
adopt blog-postgresql postgresql 'no password'
adopt blog-mariadb mariadb 'the variable MYSQL_ROOT_PASSWORD'
adopt blog-mysql mysql 'the variable MYSQL_ROOT_PASSWORD'
adopt blog-redis redis 'no password'
adopt blog-mongodb mongodb 'the variable MONGO_INITDB_ROOT_PASSWORD'

# --- made anew by whoever made it ------------------------------------------------------------------------
store=("${compose[@]}" -v blog_data:/var/lib/postgresql/data -e "POSTGRES_PASSWORD=$secret")
make kept "${store[@]}" docker.io/library/postgres:16
examine kept >/dev/null
check 'kept: its login is given with the request' 202 \
    "$(post databases/adopt/kept "{\"name\":\"kept-db\",\"admin_user\":\"postgres\",\"admin_password\":\"$secret\"}")"
id=$(field database.id <"$work/body")
check 'kept: it succeeds' succeeded "$(finish "$(field operation.id <"$work/body")")"
check 'kept: what needs another container is told' '409 managed_elsewhere' \
    "$(curl -sS -o "$work/body" -w '%{http_code}' -X PATCH "$api/databases/$id" -H "$auth" -H "$json" -H 'If-Match: *' \
        -d '{"memory_bytes":536870912}') $(field code <"$work/body")"
printf '      %s\n' "$(field detail <"$work/body")"
podman rm --force --time 5 kept >/dev/null
check 'kept: it is missing' missing "$(await "$id" status missing)"
check 'kept: whoever made it makes it again' '409 managed_elsewhere' \
    "$(post "databases/$id/recreate") $(field code <"$work/body")"
printf '      %s\n' "$(field detail <"$work/body")"
podman run --detach --name kept "${store[@]}" docker.io/library/postgres:16 >/dev/null
check 'kept: made anew it is found again' healthy "$(await "$id" status running >/dev/null; await "$id" health healthy)"
check 'kept: and an app reaches it by its name' yes "$(reached "$id")"
check 'kept: its data is not ours to delete' '409 managed_elsewhere' \
    "$(curl -sS -o "$work/body" -w '%{http_code}' -X DELETE "$api/databases/$id?data=delete&confirm=kept-db" -H "$auth") $(field code <"$work/body")"
check 'kept: a removal that keeps data gives it back' succeeded "$(remove "$id" kept-db keep)"
check 'kept: it still runs' running "$(podman inspect --format '{{.State.Status}}' kept)"

# --- where no other container reaches it --------------------------------------------------------------------
make of-the-host --network host docker.io/library/redis:7 redis-server --port 0 --unixsocket /tmp/own
make of-a-pod --pod new:theirs docker.io/library/redis:7
for container in of-the-host of-a-pod; do
    check "$container can not be adopted" '409 not_adoptable' \
        "$(post "databases/adopt/$container" '{"name":"cache"}') $(field code <"$work/body")"
    printf '      %s\n' "$(field detail <"$work/body")"
done
podman pod rm --force theirs >/dev/null
unforward
check 'no database is left' '[]' "$(get databases | field items)"
check 'nothing else is' "$before" "$(objects)"
printf 'adopt: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
