#!/usr/bin/env bash
# Cuts the stream of Podman's events again and again while a real database is meddled with, and sees that nothing is missed.
#   cuts.sh STARDECK_BINARY PODMAN_SOCKET ROUNDS
# Ends with "cuts: N cuts, nothing missed, …".
set -euo pipefail
binary=$1 socket=$2 rounds=$3
here=$(dirname "${BASH_SOURCE[0]}")   # Debian's own Python, for which python3-websocket is installed, watches.
. "$here/curl.sh"
start_relay
start_server "$work/relay.sock" "$work/data"
set_up "$work/data"
sign_in
[ "$(post databases '{"type":"redis","name":"shop","version":"7"}')" = 202 ]
id=$(field database.id <"$work/body")
[ "$(finish "$(field operation.id <"$work/body")")" = succeeded ]
/usr/bin/python3 "$here/cuts.py" "$api" "${auth#Authorization: }" "$socket" "$work/relay.pipe" "$rounds"
[ "$(remove "$id" shop)" = succeeded ]
