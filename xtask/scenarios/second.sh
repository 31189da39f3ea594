# shellcheck shell=bash
# A second API service of the Podman behind $socket, with the same options, environment and mounts, which a scenario may
# freeze, kill and restart without disturbing anybody else. Sourced after curl.sh; sets $first, $arguments, $environment
# and $second, and $service as it comes.
first=$(ss -Hxlp "src = $(readlink -f "$socket")" | sed -n 's/.*"podman",pid=\([0-9]*\).*/\1/p' | head -n 1)
second=$work/podman.sock
service=''
mapfile -d '' -t arguments <"/proc/$first/cmdline"
mapfile -d '' -t environment <"/proc/$first/environ"
unset 'arguments[-1]'   # the address, which is the second service's own
inside() { nsenter --target "$first" --mount --wd=/ "$@"; } # a command that sees the mounts of that Podman
option() { # NAME : the value that the service was given for an option
    local index
    for index in "${!arguments[@]}"; do
        if [ "${arguments[index]}" = "--$1" ]; then printf '%s' "${arguments[index + 1]}"; fi
    done
}
start_service() {
    rm -f "$second"
    # Not by the function, whose process would be a shell around the service: signals have to reach the service itself.
    nsenter --target "$first" --mount --wd=/ env -i "${environment[@]}" "${arguments[@]}" "unix://$second" \
        >"$work/service.log" 2>&1 </dev/null &
    service=$!
    for _ in $(seq 100); do
        if [ -S "$second" ] && curl -sf --unix-socket "$second" http://d/_ping >/dev/null; then return; fi
        sleep 0.05
    done
    echo 'the second service does not answer' >&2
    return 1
}
end_service() {
    if [ -z "$service" ]; then return; fi
    kill -KILL "$service" 2>/dev/null || :
    wait "$service" 2>/dev/null || :
    service=''
    if curl -sf -m 2 --unix-socket "$second" http://d/_ping >/dev/null; then
        echo 'the second service still answers' >&2
        return 1
    fi
}
