#!/usr/bin/env bash
# Measures deployments: see bench-deploy.py, which this starts beside a server of its own.
#   bench-deploy.sh STARDECK_BINARY PODMAN_SOCKET RUNS [ENGINE…]
set -euo pipefail
binary=$1 socket=$2
here=$(dirname "${BASH_SOURCE[0]}")
. "$here/curl.sh"
start_signed_in "$socket"
# By hand is typed on the host itself: the program beside the socket runs that Podman without its API.
/usr/bin/python3 "$here/bench-deploy.py" "$api" "${auth#Authorization: Bearer }" "$(dirname "$socket")/podman" "${@:3}"
