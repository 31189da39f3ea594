#!/usr/bin/env bash
# Measures the list of databases: 1,000 rows in the store of a server without a Podman, which the list does not ask.
#   bench-list.sh STARDECK_BINARY PODMAN_SOCKET SECONDS
# The load is wrk's. What is compared with is a document that the same server has ready in memory.
set -euo pipefail
binary=$1 socket=$2 seconds=$3
here=$(dirname "${BASH_SOURCE[0]}")
. "$here/curl.sh"
rows=1000
start_signed_in "$socket"
make_database redis model
stop_server
python3 "$here/copies.py" "$work/data/stardeck.db" "$rows" "$id"
start_server "$work/no-podman.sock" "$work/data"
sign_in
[ "$(get "databases?limit=1000" | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["items"]))')" = "$rows" ]
size() { curl -sS -o /dev/null -w '%{size_download}' "$api/$1" -H "$auth"; }
etag() { curl -sS -o /dev/null -D - "$api/$1" -H "$auth" | tr -d '\r' | sed -n 's/^etag: //Ip'; }
load() { # PATH [HEADER] : requests a second and the 99th percentile in ms, with 8 clients
    wrk --threads 1 --connections 8 --duration "${seconds}s" --latency --header "$auth" ${2:+--header "$2"} "$api/$1" >"$work/wrk"
    if grep -q 'Non-2xx\|Socket errors' "$work/wrk" && [ -z "${2:-}" ]; then cat "$work/wrk" >&2; return 1; fi
    python3 - "$work/wrk" <<'PY'
import re, sys
text = open(sys.argv[1]).read()
units = {"us": 0.001, "ms": 1, "s": 1000}
number, unit = re.search(r"99%\s+([0-9.]+)(us|ms|s)", text).groups()
print(re.search(r"Requests/sec:\s+([0-9.]+)", text).group(1), "%.2f" % (float(number) * units[unit]))
PY
}
small=health/live large=openapi.json page='databases?limit=100' all='databases?limit=1000'
for path in "$small" "$large" "$page" "$all"; do load "$path" >/dev/null; done
declare -A rate late
for path in "$small" "$large" "$page" "$all"; do read -r "rate[$path]" "late[$path]" < <(load "$path"); done
read -r known_rate known_late < <(load "$page" "If-None-Match: $(etag "$page")")
[ "$(curl -sS -o /dev/null -w '%{http_code}' "$api/$page" -H "$auth" -H "If-None-Match: $(etag "$page")")" = 304 ]
printf '| answer | bytes | requests/s | p99 |\n|---|---|---|---|\n'
for path in "$small" "$large" "$page" "$all"; do
    printf '| `%s` | %s | %.0f | %s ms |\n' "$path" "$(size "$path")" "${rate[$path]}" "${late[$path]}"
done
printf '| `%s`, known (304) | 0 | %.0f | %s ms |\n' "$page" "$known_rate" "$known_late"
python3 - "$(size "$small")" "${rate[$small]}" "$(size "$large")" "${rate[$large]}" "$(size "$page")" "${rate[$page]}" \
    "${late[$all]}" <<'PY'
import sys
small, small_rate, large, large_rate, page, page_rate, late = map(float, sys.argv[1:])
# What a ready answer of the page's size would take: between the small one and the large one, by their sizes.
share = (page - small) / (large - small)
ready = 1 / (1 / small_rate + share * (1 / large_rate - 1 / small_rate))
print("bench list: a page of 100 has %.2f of the throughput of a ready answer of its size (%.0f/s); all 1,000 have a p99 of %.1f ms"
      % (page_rate / ready, ready, late))
PY
stop_server
start_server "$socket" "$work/data"
sign_in
remove "$id" model >/dev/null
