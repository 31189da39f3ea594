#!/usr/bin/env bash
# A host that is restarted without warning: every container and its monitor killed by process id, Podman's API gone, its
# runtime directories empty, its bridge and rules gone. What is desired comes back with its data, the rest stays down.
#   reboot.sh STARDECK_BINARY PODMAN_SOCKET
# The server speaks to a second API service of the same Podman, started here. Ends with "reboot: N passed, N failed".
set -euo pipefail
binary=$1 socket=$2
here=$(dirname "${BASH_SOURCE[0]}")
. "$here/curl.sh"
. "$here/second.sh"
trap 'end_service || :; cleanup' EXIT
root=$(option root) run=$(option runroot) tmp=$(option tmpdir)

# Everything that a restart of the host takes away, of this Podman alone: the host's other containers go on.
lose_power() {
    local ids pids id chain
    stop_server KILL
    ids=$(podman ps --no-trunc --format '{{.ID}} {{.Names}}' | awk '/ stardeck-db-/ {print $1}')
    pids=$(for name in $(podman ps --format '{{.Names}}' | grep '^stardeck-db-'); do
        podman inspect --type container --format '{{.State.ConmonPid}} {{.State.Pid}}' "$name"
    done)
    [ -n "$pids" ]
    # The monitors first, so that none writes down how its container ended.
    # shellcheck disable=SC2086
    kill -KILL $(awk '{print $1}' <<<"$pids") 2>/dev/null || :
    # shellcheck disable=SC2086
    kill -KILL $(awk '{print $2}' <<<"$pids") 2>/dev/null || :
    end_service
    # The network's name server, its bridge and its rules.
    for pid in $(pgrep -x aardvark-dns || :); do
        if [ "$(readlink "/proc/$pid/ns/mnt")" = "$(readlink "/proc/$first/ns/mnt")" ]; then kill -KILL "$pid" || :; fi
    done
    ip link delete "$bridge_name" 2>/dev/null || :
    for chain in $(iptables-save -t nat | awk -v net="${subnet%.*}." 'index($0, net) && $1 == "-A" {print $2}' | sort -u); do
        case $chain in NETAVARK-*) iptables -t nat -F "$chain" ;; esac
    done
    iptables-save -t filter | grep -F "${subnet%.*}." | sed 's/^-A/-D/' | while read -r rule; do
        # shellcheck disable=SC2086
        iptables -t filter $rule || :
    done
    # What lies in memory on a real host.
    for id in $ids; do
        rm -rf "/run/runc/$id" "/run/crun/$id"
        find /sys/fs/cgroup -depth -type d -name "*$id*" -exec rmdir {} + 2>/dev/null || :
    done
    inside sh -c '
        for target in $(awk "{print \$5}" /proc/self/mountinfo | grep -E "^($1/overlay/|$2|$3|/run/netns/)" | sort -r); do
            umount -l "$target" || :
        done
        rm -rf "$2"/* "$3"/* /run/netns/* /run/containers/networks/* /dev/shm/*' sh "$root" "$run" "$tmp"
}
deploy() { # TYPE NAME : prints the id of a database that runs
    post databases "{\"type\":\"$1\",\"name\":\"$2\",\"expose_port\":true${3:-}}" >/dev/null
    field database.id <"$work/body"
    finish "$(field operation.id <"$work/body")" >"$work/state"
    [ "$(cat "$work/state")" = succeeded ]
}

before=$(objects)
start_service
start_server "$second" "$work/data"
set_up "$work/data"
sign_in
wanted=$(deploy postgresql reboot-a)
cache=$(deploy redis reboot-b)
stopped=$(deploy postgresql reboot-c)
network=$(get "databases/$wanted" | field network)
subnet=$(podman network inspect "$network" --format '{{(index .Subnets 0).Subnet}}')
bridge_name=$(podman network inspect "$network" --format '{{.NetworkInterface}}')
for id in "$wanted" "$cache" "$stopped"; do answer "$id" write key "of $id" >/dev/null; done
post "databases/$stopped/stop" >/dev/null
check 'one is stopped by a person' succeeded "$(finish "$(field operation.id <"$work/body")")"

for round in 1 2; do
    lose_power
    start_service
    check "$round: no container runs after the restart" '' "$(podman ps --format '{{.Names}}' | grep '^stardeck-db-reboot' || :)"
    begun=$(date +%s%N)
    start_server "$second" "$work/data"
    sign_in
    check "$round: what is desired runs" running "$(await "$wanted" status running)"
    check "$round: the other one as well" running "$(await "$cache" status running)"
    took=$((($(date +%s%N) - begun) / 1000000))
    for id in "$wanted" "$cache"; do
        check "$round: it is healthy" healthy "$(await "$id" health healthy)"
        check "$round: its data is there, at its port" "of $id" "$(answer "$id" read key)"
    done
    check "$round: by its name as well" ok "$(DATABASE_URL=$(get "databases/$wanted/credentials" | field internal_url) \
        podman run --rm --network "$network" --env DATABASE_URL localhost/app-probe:1 probe wait 2>&1 | sed 's/^[0-9.]* [0-9.]*$/ok/')"
    check "$round: what was stopped stays down" stopped "$(get "databases/$stopped" | field status)"
    check "$round: and its container too" '' "$(podman ps --format '{{.Names}}' | grep '^stardeck-db-reboot-c' || :)"
    printf '      back after %d ms\n' "$took"
done
post "databases/$stopped/start" >/dev/null
check 'what was stopped starts when it is asked to' succeeded "$(finish "$(field operation.id <"$work/body")")"
check 'with its data' "of $stopped" "$(answer "$stopped" read key)"
check 'one is removed' succeeded "$(remove "$wanted" reboot-a)"
check 'another one' succeeded "$(remove "$cache" reboot-b)"
check 'the third' succeeded "$(remove "$stopped" reboot-c)"
check 'nothing is left' "$before" "$(objects)"

printf 'reboot: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
