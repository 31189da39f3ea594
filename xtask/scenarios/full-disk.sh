#!/usr/bin/env bash
# Disks that are full: first the one of the store, then the one of the volumes. Each is a small file system of its own.
# The error says so, nothing is damaged, and everything goes on when there is space again.
#   full-disk.sh STARDECK_BINARY PODMAN_SOCKET
# The server speaks to a second API service of the same Podman, started here. Ends with "full disk: N passed, N failed".
set -euo pipefail
binary=$1 socket=$2
here=$(dirname "${BASH_SOURCE[0]}")
. "$here/curl.sh"
. "$here/second.sh"
tidy_up() {
    stop_server
    end_service
    umount -l "$work/small" 2>/dev/null || :
    inside umount -l "$volumes" 2>/dev/null || :
}
trap 'tidy_up; cleanup' EXIT
volumes=$(option root)/volumes
fill() { # DIRECTORY COMMAND… : takes all the space that is left
    local directory=$1; shift
    "$@" dd if=/dev/zero of="$directory/filler" bs=4096 >/dev/null 2>&1 || :
    "$@" dd if=/dev/zero of="$directory/filler2" bs=512 >/dev/null 2>&1 || :
}
empty() { # DIRECTORY COMMAND…
    local directory=$1; shift
    "$@" rm -f "$directory/filler" "$directory/filler2"
}
whole() { # the store is not damaged; what rows may hold is left out, since json_valid(NULL) was false in older SQLites
    python3 -c 'import sqlite3, sys
store = sqlite3.connect(sys.argv[1])
store.execute("pragma ignore_check_constraints = on")
print(store.execute("pragma integrity_check").fetchone()[0])' "$work/small/data/stardeck.db"
}

# --- the store's disk ----------------------------------------------------------------------------
mkdir "$work/small"
mount -t tmpfs -o size=24m tmpfs "$work/small"
before=$(objects)
start_service
start_server "$second" "$work/small/data"
set_up "$work/small/data"
sign_in
post databases '{"type":"redis","name":"full-a"}' >/dev/null
id=$(field database.id <"$work/body")
check 'a database runs before the disk is full' succeeded "$(finish "$(field operation.id <"$work/body")")"
fill "$work/small"
code='' status=''
for number in $(seq 300); do # until the room that the store had taken before is used up
    status=$(post users "{\"username\":\"person$number\",\"password\":\"correct horse battery\",\"role\":\"viewer\"}")
    code=$(field code <"$work/body")
    if [ "$status" != 201 ]; then break; fi
done
check 'a change is refused, and why is said' '503 store_full' "$status $code"
check 'a deployment is refused alike' '503 store_full' \
    "$(post databases '{"type":"redis","name":"full-b"}') $(field code <"$work/body")"
check 'reads are answered' full-a "$(get "databases/$id" | field name)"
check 'the database runs' running "$(get "databases/$id" | field status)"
check 'the server is alive' 200 "$(curl -sS -o /dev/null -w '%{http_code}' "$api/health/live")"
check 'the store is whole' ok "$(whole)"
stop_server KILL
check 'also after a kill' ok "$(whole)"
empty "$work/small"
start_server "$second" "$work/small/data"
sign_in
check 'with space again changes are made' 202 "$(post databases '{"type":"redis","name":"full-b"}')"
other=$(field database.id <"$work/body")
check 'and done' succeeded "$(finish "$(field operation.id <"$work/body")")"
fill "$work/small"
for number in $(seq 301 600); do
    status=$(post users "{\"username\":\"person$number\",\"password\":\"correct horse battery\",\"role\":\"viewer\"}")
    if [ "$status" != 201 ]; then break; fi
done
check 'full once more' 503 "$status"
empty "$work/small"
check 'the same server goes on when there is space' 201 \
    "$(post users '{"username":"late","password":"correct horse battery","role":"viewer"}')"
check 'one is removed' succeeded "$(remove "$id" full-a)"
check 'the other as well' succeeded "$(remove "$other" full-b)"
check 'nothing is left' "$before" "$(objects)"
check 'the store is whole in the end' ok "$(whole)"

# --- the volumes' disk ---------------------------------------------------------------------------
inside mkdir -p "$volumes"
inside mount -t tmpfs -o size=160m tmpfs "$volumes"
inside dd if=/dev/zero of="$volumes/ballast" bs=1M count=140 >/dev/null 2>&1
post databases '{"type":"postgresql","name":"full-c"}' >/dev/null
check 'a deployment without space fails' failed "$(finish "$(field operation.id <"$work/body")")"
check 'and is taken back' true "$(field undone <"$work/operation")"
check 'and says why' yes "$(field error.detail <"$work/operation" | grep -qi 'no space' && echo yes || field error.detail <"$work/operation")"
check 'nothing is left of it' "$before" "$(objects)"
inside rm "$volumes/ballast"
post databases '{"type":"postgresql","name":"full-c","expose_port":true}' >/dev/null
id=$(field database.id <"$work/body")
check 'with space it is deployed' succeeded "$(finish "$(field operation.id <"$work/body")")"
answer "$id" write key value >/dev/null
fill "$volumes" inside
post "databases/$id/restart" >/dev/null
state=$(finish "$(field operation.id <"$work/body")")
status=$(get "databases/$id" | field status)
if [ "$state" = succeeded ]; then
    check 'a restart without space is honest' running "$status"
else
    check 'a restart without space fails and says why' yes \
        "$(get "databases/$id" | field status_reason | grep -qi 'no space' && echo yes || get "databases/$id" | field status_reason)"
fi
empty "$volumes" inside
# The engine may have ended for want of space after it answered, and be on its way back.
said=''
for _ in $(seq 30); do
    case $(get "databases/$id" | field status) in
        error|stopped) post "databases/$id/start" >/dev/null; finish "$(field operation.id <"$work/body")" >/dev/null ;;
    esac
    said=$(answer "$id" read key || :)
    if [ "$said" = value ]; then break; fi
    sleep 1
done
check 'with its data' value "$said"
check 'it is removed' succeeded "$(remove "$id" full-c)"
check 'nothing is left in the end' "$before" "$(objects)"

printf 'full disk: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
