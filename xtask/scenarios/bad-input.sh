#!/usr/bin/env bash
# Schemathesis sends the whole API what fits its document and what does not: as an administrator, a viewer and nobody, each
# to a server of its own. No answer may be a 500, have a status that is not declared, or be against its schema.
# usage: bad-input.sh PROGRAM TOOLS EXAMPLES [SEED]
set -euo pipefail
program=$1 tools=$2 examples=$3 seed=${4:-$RANDOM}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=xtask/scenarios/on-a-fake.sh
. "$root/xtask/scenarios/on-a-fake.sh"
start_with_viewer() { # sets $viewer, too
    start
    curl -sS --fail-with-body -o /dev/null "$url/api/users" -H "$json" -H "Authorization: Bearer $admin" \
        -d "{\"username\":\"vera\",\"password\":\"$password\",\"role\":\"viewer\"}"
    viewer=$(login vera)
}

# What ends the session that asks has tests of its own, and so has the set-up, which is over.
left_out=(logout change_password complete_setup revoke_session)
checks=not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance
failed=0
# Who asks is said below; left to itself, it signs up accounts of its own.
printf "[auth]\nauto-signup = false\n" >"$work/schemathesis.toml"
for who in admin viewer nobody; do
    start_with_viewer
    case $who in
        admin) asks=(--header "Authorization: Bearer $admin") ;;
        viewer) asks=(--header "Authorization: Bearer $viewer") ;;
        nobody) asks=() ;;
    esac
    echo "── as $who, seed $seed"
    # In the work folder, since it keeps notes where it runs.
    (cd "$work" && PYTHONPATH=$tools python3 -m schemathesis.cli run "$root/docs/openapi.json" --url "$url" "${asks[@]}" \
        "${left_out[@]/#/--exclude-operation-id=}" --checks "$checks" --max-examples "$examples" --seed "$seed" \
        --phases examples,coverage,fuzzing,stateful --request-timeout 30 --no-color --continue-on-failure) || failed=1
    stop
done
if [ "$failed" -ne 0 ]; then echo 'bad-input: some answers are not as the document says'; exit 1; fi
echo "bad-input: every answer is as the document says ($examples examples of each operation, three askers, seed $seed)"
