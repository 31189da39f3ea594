#!/usr/bin/env bash
# Meddles with a real database by the podman program, a dozen times, and prints what is shown and when a WebSocket client
# was told, beside when Podman itself told the event.
#   interferences.sh STARDECK_BINARY PODMAN_SOCKET OTHERS
# The server hears Podman through a relay that writes down when. OTHERS more containers are on the host meanwhile.
# Ends with "interferences: N passed, N failed".
set -euo pipefail
binary=$1 socket=$2
here=$(dirname "${BASH_SOURCE[0]}")   # Debian's own Python, for which python3-websocket is installed, watches.
. "$here/curl.sh"
start_relay
start_signed_in "$work/relay.sock"
for name in shop brittle; do make_database redis "$name" '"version":"7"'; done
if /usr/bin/python3 "$here/interferences.py" "$api" "${auth#Authorization: }" "$socket" "$work/events" "$3"; then status=0; else status=1; fi
for name in shop brittle; do
    id=$(get databases | python3 -c 'import json, sys
print(next((item["id"] for item in json.load(sys.stdin)["items"] if item["name"] == sys.argv[1]), ""))' "$name")
    if [ -n "$id" ]; then remove "$id" "$name" >/dev/null; fi
done
exit "$status"
