#!/usr/bin/env bash
# Cuts the stream of Podman's events again and again while a real database is meddled with, and sees that nothing is missed.
#   cuts.sh STARDECK_BINARY PODMAN_SOCKET ROUNDS
# Ends with "cuts: N cuts, nothing missed, …".
set -euo pipefail
binary=$1 socket=$2 rounds=$3
here=$(dirname "${BASH_SOURCE[0]}")   # Debian's own Python, for which python3-websocket is installed, watches.
. "$here/curl.sh"
start_relay
start_signed_in "$work/relay.sock"
make_database redis shop '"version":"7"'
/usr/bin/python3 "$here/cuts.py" "$api" "${auth#Authorization: }" "$socket" "$work/relay.pipe" "$rounds"
[ "$(remove "$id" shop)" = succeeded ]
