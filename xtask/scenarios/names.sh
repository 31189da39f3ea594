#!/usr/bin/env bash
# A database is reached by its name from a container on the data network, while a neighbour there is started and stopped:
# on hosts where nobody pins a bridge's address, each such change can cut the others off for many seconds.
#   names.sh STARDECK_BINARY PODMAN_SOCKET ROUNDS
# Each round starts and stops the neighbour, and after each the name must be resolved and answered within two seconds.
# Ends with "names: ROUNDS rounds, N lookups late, N answers late; slowest N ms".
set -euo pipefail
binary=$1 socket=$2 rounds=$3
. "$(dirname "${BASH_SOURCE[0]}")/curl.sh"
watcher=''
trap 'if [ -n "$watcher" ]; then podman rm -f -t 0 "$watcher" >/dev/null 2>&1 || :; fi; cleanup' EXIT

start_signed_in "$socket"
post databases '{"type":"redis","name":"names-target"}' >/dev/null
target=$(field database.id <"$work/body")
[ "$(finish "$(field operation.id <"$work/body")")" = succeeded ]
post databases '{"type":"redis","name":"names-neighbour"}' >/dev/null
neighbour=$(field database.id <"$work/body")
[ "$(finish "$(field operation.id <"$work/body")")" = succeeded ]
network=$(get "databases/$target" | field network)
port=$(get "databases/$target" | field internal_port)

# Asks for the name and an answer at its port, each with a limit; prints "LOOKUP_MS ANSWER_MS", or "late" for either.
asker='
import socket, sys, time
name, port = sys.argv[1], int(sys.argv[2])
for line in sys.stdin:
    told = []
    begun = time.monotonic()
    try:
        address = socket.getaddrinfo(name, port, socket.AF_INET, socket.SOCK_STREAM)[0][4]
        told.append(str(int((time.monotonic() - begun) * 1000)))
        begun = time.monotonic()
        with socket.create_connection(address, timeout=2) as connection:
            connection.settimeout(2)
            connection.sendall(b"PING\r\n")
            connection.recv(64)
        told.append(str(int((time.monotonic() - begun) * 1000)))
    except OSError:
        told.append("late")
    print(" ".join((told + ["late"])[:2]), flush=True)
'
watcher=stardeck-names-watcher-$$
coproc WATCH { podman run --rm -i --name "$watcher" --network "$network" --dns-opt timeout:2 --dns-opt attempts:1 \
    localhost/app-probe:1 python3 -c "$asker" names-target "$port"; }
lookups=0 answers=0 slowest=0
ask() { # asks once and counts
    local lookup answer
    echo go >&"${WATCH[1]}"
    read -r lookup answer <&"${WATCH[0]}"
    for told in "$lookup" "$answer"; do
        if [ "$told" != late ] && [ "$told" -gt "$slowest" ]; then slowest=$told; fi
    done
    if [ "$lookup" = late ] || [ "$lookup" -gt 2000 ]; then lookups=$((lookups + 1)); echo "round $round: lookup $lookup" >&2
    elif [ "$answer" = late ]; then answers=$((answers + 1)); echo "round $round: answer $answer" >&2; fi
}
for round in $(seq "$rounds"); do
    for verb in stop start; do
        post "databases/$neighbour/$verb" >/dev/null
        [ "$(finish "$(field operation.id <"$work/body")")" = succeeded ]
        ask
    done
done
[ "$(remove "$neighbour" names-neighbour)" = succeeded ]
[ "$(remove "$target" names-target)" = succeeded ]
printf 'names: %d rounds, %d lookups late, %d answers late; slowest %d ms\n' "$rounds" "$lookups" "$answers" "$slowest"
[ "$lookups" = 0 ] && [ "$answers" = 0 ]
