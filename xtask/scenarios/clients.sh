#!/usr/bin/env bash
# Generators of clients read the committed API documents. What they write is compiled, and signs in, deploys a database
# and reads its login on the real API (on a fake runtime).
# usage: clients.sh PROGRAM FOLDER PYTHON_TOOLS GENERATOR_TOOLS, where FOLDER is for what is written
set -euo pipefail
program=$1 folder=$2 python_tools=$3 generator=$4/openapi_generator_cli/openapi-generator.jar
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/xtask/clients
# shellcheck source=xtask/scenarios/on-a-fake.sh
. "$root/xtask/scenarios/on-a-fake.sh"

typescript() {
    cp -r "$here/typescript" .
    cd typescript
    OPENAPI=$root/docs/openapi.json "$root/frontend/node_modules/.bin/openapi-ts" --silent
    "$root/frontend/node_modules/.bin/tsc" -p .
    timeout 60 node out/smoke.js "$url" from-typescript "$password"
}
python() {
    mkdir python
    cd python
    # A warning is something in the document that the client would not have.
    PATH=$python_tools/bin:$PATH PYTHONPATH=$python_tools python3 -m openapi_python_client generate \
        --path "$root/docs/openapi.json" --meta none --output-path stardeck_client \
        --config "$here/python/config.yml" --fail-on-warning >generator.log || { cat generator.log; return 1; }
    PYTHONPATH=$python_tools:. python3 - <<'PYTHON'
import importlib, pkgutil, stardeck_client
modules = list(pkgutil.walk_packages(stardeck_client.__path__, "stardeck_client."))
for module in modules:
    importlib.import_module(module.name)
print(f"python: {len(modules)} modules imported")
PYTHON
    PYTHONPATH=$python_tools:. timeout 60 python3 "$here/python/smoke.py" "$url" from-python "$password"
}
go_client() {
    mkdir go
    cd go
    java -jar "$generator" validate -i "$root/docs/openapi-3.0.json" >validator.log || { cat validator.log; return 1; }
    # Values of enums are constants of one package, and only with the prefix no two of them have one name.
    java -jar "$generator" generate -g go -i "$root/docs/openapi-3.0.json" -o . --git-host example.org \
        --git-user-id stardeck --git-repo-id client --additional-properties=packageName=stardeck,enumClassPrefix=true \
        >generator.log || { cat generator.log; return 1; }
    mkdir -p cmd/smoke
    cp "$here/go/main.go" cmd/smoke/
    # What is generated needs the standard library alone; the example of its tests needs more.
    rm -rf test
    export GOCACHE=$folder/go-cache GOPROXY=off GOFLAGS=-mod=mod
    go build -o smoke ./cmd/smoke
    go vet . ./cmd/smoke
    timeout 60 ./smoke "$url" from-go "$password"
}

rm -rf "${folder:?}"/{typescript,python,go}
mkdir -p "$folder"
cd "$folder"
start
for language in typescript python go_client; do
    echo "── ${language%_client}"
    # In a shell of its own, whose folder and variables end with it.
    ("$language")
done
stop
echo 'clients: typescript compiled and called the server, python imported and called the server, go compiled and called the server'
