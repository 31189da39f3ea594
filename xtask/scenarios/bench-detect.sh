#!/usr/bin/env bash
# Measures detection: see bench-detect.py, which this starts beside a server of its own.
#   bench-detect.sh STARDECK_BINARY PODMAN_SOCKET RUNS
set -euo pipefail
binary=$1 socket=$2
here=$(dirname "${BASH_SOURCE[0]}")
. "$here/curl.sh"
start_signed_in "$socket"
/usr/bin/python3 "$here/bench-detect.py" "$api" "${auth#Authorization: }" "$socket" "${@:3}"
