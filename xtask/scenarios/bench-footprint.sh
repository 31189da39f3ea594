#!/usr/bin/env bash
# Measures what the server itself takes: its memory at rest, the time from its start to the first answer with 1,000
# databases, and the size of its program with the web UI in it.
#   bench-footprint.sh STARDECK_BINARY PODMAN_SOCKET RUNS
set -euo pipefail
binary=$1 socket=$2 runs=$3
here=$(dirname "${BASH_SOURCE[0]}")
. "$here/curl.sh"
rows=1000
start_signed_in "$socket"
make_database redis model
# Somebody looked at it, and then nobody does for a while.
for _ in $(seq 20); do get databases >/dev/null; get databases/detect >/dev/null; done
sleep 15
resident=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$server/status")
stop_server
python3 "$here/copies.py" "$work/data/stardeck.db" "$rows" "$id"
env "$(of_unit)" python3 "$here/bench-footprint.py" "$binary" "$work/data" "${auth#Authorization: }" "$runs" "$rows" "$resident"
python3 - "$work/data/stardeck.db" "$id" <<'PY'
import sqlite3, sys
store = sqlite3.connect(sys.argv[1])
store.execute("DELETE FROM managed_databases WHERE id <> ?", (sys.argv[2],))
store.commit()
PY
start_server "$socket" "$work/data"
remove "$id" model >/dev/null
