#!/bin/bash
# Entrypoint of the redis 7 and valkey stand-ins: arguments go to the server, which runs as its own user in /data.
set -Eeuo pipefail

kind=redis
if [ -x /usr/bin/valkey-server ]; then kind=valkey; fi
case ${1:-} in -*|*.conf) set -- "$kind-server" "$@" ;; esac
if [ "${1:-}" != "$kind-server" ]; then exec "$@"; fi

if [ "$(id -u)" = 0 ]; then
    find /data \! -user "$kind" -exec chown "$kind" '{}' + || :
    exec setpriv --reuid="$kind" --regid="$kind" --clear-groups -- "${BASH_SOURCE[0]}" "$@"
fi

. /usr/local/lib/serve.sh
