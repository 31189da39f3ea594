#!/usr/bin/env bash
# Two servers with two data directories on one Podman: neither touches what is the other's, even when one is killed and
# takes up what it left. A second server on one data directory is refused.
#   neighbours.sh STARDECK_BINARY PODMAN_SOCKET
# Ends with "neighbours: N passed, N failed".
set -euo pipefail
binary=$1 socket=$2
. "$(dirname "${BASH_SOURCE[0]}")/curl.sh"
declare -A servers apis auths
begin() { # WHO : starts that one's server
    start_server "$socket" "$work/$1"
    if [ -e "$work/$1/setup-token" ]; then set_up "$work/$1"; fi
    sign_in
    servers[$1]=$server apis[$1]=$api auths[$1]=$auth server=''
}
as() { # WHO : speaks to that one's server from now on
    api=${apis[$1]} auth=${auths[$1]}
}
end() { # WHO SIGNAL
    kill -s "$2" "${servers[$1]}" 2>/dev/null || :
    wait "${servers[$1]}" 2>/dev/null || :
}
trap 'for who in "${!servers[@]}"; do end "$who" KILL; done; cleanup' EXIT
own() { # WHO : what of that one's is on Podman
    objects | grep -- "$1" || :
}

before=$(objects)
begin left
begin right
as left
check 'left deploys' 202 "$(post databases '{"type":"postgresql","name":"left-one"}')"
left_id=$(field database.id <"$work/body")
check 'left: it succeeds' succeeded "$(finish "$(field operation.id <"$work/body")")"
as right
check 'right sees no database' '[]' "$(get databases | field items)"
check 'right is refused the name' 409 "$(post databases '{"type":"postgresql","name":"left-one"}')"
check 'right deploys' 202 "$(post databases '{"type":"postgresql","name":"right-one"}')"
right_id=$(field database.id <"$work/body")
check 'right: it succeeds' succeeded "$(finish "$(field operation.id <"$work/body")")"

for round in 1 2 3; do
    as right
    post databases "{\"type\":\"postgresql\",\"name\":\"right-two\"}" >/dev/null
    two=$(field database.id <"$work/body") operation=$(field operation.id <"$work/body")
    sleep "0.$((RANDOM % 10))"
    lefts=$(own left-one)
    end right KILL
    begin right
    as right
    state=$(finish "$operation")
    if [ "$state" = succeeded ]; then remove "$two" right-two >/dev/null; fi
    check "round $round: what is left's is as it was" "$lefts" "$(own left-one)"
    check "round $round: nothing of right's deployment is left" '' "$(own right-two)"
    as left
    check "round $round: left's database runs" running "$(get "databases/$left_id" | field status)"
done

if "$binary" serve --listen 127.0.0.1:0 --data-dir "$work/left" --podman-socket "$socket" >"$work/second.log" 2>&1; then second=0; else second=$?; fi
check 'a second server on one data directory ends with an error' 1 "$second"
check 'and says why' 1 "$(grep -c 'another stardeck server uses this data directory' "$work/second.log")"

as left
check 'left removes its own' succeeded "$(remove "$left_id" left-one)"
as right
check 'right still runs' running "$(get "databases/$right_id" | field status)"
check 'right removes its own' succeeded "$(remove "$right_id" right-one)"
check 'nothing is left' "$before" "$(objects)"
printf 'neighbours: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
