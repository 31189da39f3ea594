#!/usr/bin/env bash
# Reads of many clients at once while operations on real containers are under way: no answer may be an error, no operation may
# fail, and what the server holds has to stay as it is.
#   load.sh STARDECK_BINARY PODMAN_SOCKET MINUTES CLIENTS OPERATIONS
# Ends with "load: CLIENTS clients, OPERATIONS operations under way …".
set -euo pipefail
binary=$1 socket=$2 minutes=$3 clients=$4 operations=$5
here=$(dirname "${BASH_SOURCE[0]}")   # Debian's own Python, for which python3-websocket is installed, watches.
. "$here/curl.sh"
before=$(objects)
start_signed_in "$socket"
if play "$here/load.py" "$api" "${auth#Authorization: }" "$server" "$work/server.log" "$work/data/stardeck.db" \
    "$((minutes * 60))" "$clients" "$operations"; then status=0; else status=$?; fi
left=$(comm -13 <(echo "$before") <(objects))
if [ -n "$left" ]; then printf 'left behind:\n%s\n' "$left" >&2; status=1; fi
exit "$status"
