#!/bin/bash
# Entrypoint of the redis 8 stand-in. Like the official one it repairs the ownership of /data only when nothing but
# Redis's own files is in there, and gives up every capability.
set -Eeuo pipefail

kind=redis
case ${1:-} in -*|*.conf) set -- redis-server "$@" ;; esac
if [ "${1:-}" != redis-server ]; then exec "$@"; fi

own() {
    local path
    for path; do
        if setpriv --reuid=redis --regid=redis --clear-groups -- test -r "$path" -a -w "$path"; then continue; fi
        chown redis "$path" && chmod u+rw "$path" || printf 'Warning: can not give %s to redis\n' "$path"
        if [ -d "$path" ]; then chmod u+x "$path" || :; fi
    done
}

if [ "$(id -u)" = 0 ] && [ -z "${SKIP_DROP_PRIVS:-}" ]; then
    foreign=$(find /data -mindepth 1 -maxdepth 1 \! -name '*.rdb' \! \( -type d -name appendonlydir \) -print -quit)
    if [ -n "$foreign" ]; then
        printf 'Notice: %s is not a file of Redis, so no owner is changed in /data\n' "$foreign"
    elif [ -z "${SKIP_FIX_PERMS:-}" ]; then
        mapfile -d '' -t found < <(find /data -print0)
        own "${found[@]}"
    fi
    exec setpriv --reuid=redis --regid=redis --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- \
        "${BASH_SOURCE[0]}" "$@"
fi

. /usr/local/lib/serve.sh
