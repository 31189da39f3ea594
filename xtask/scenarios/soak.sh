#!/usr/bin/env bash
# Makes, links, unlinks and removes databases and apps for a long time: nothing of them may be left in Podman or the store, and what
# the server holds has to stay as it is.
#   soak.sh STARDECK_BINARY PODMAN_SOCKET MINUTES
# Ends with "soak: MINUTES min, N rounds, N left behind …".
set -euo pipefail
binary=$1 socket=$2 minutes=$3
here=$(dirname "${BASH_SOURCE[0]}")   # Debian's own Python, for which python3-websocket is installed, watches.
. "$here/curl.sh"
start_signed_in "$socket"
play "$here/soak.py" "$api" "${auth#Authorization: }" "$server" "$work/server.log" "$work/data/stardeck.db" \
    "$socket" "$((minutes * 60))"
