#!/bin/bash
# Entrypoint of the mongo stand-ins. Same environment and volume contract as Docker Hub's mongo: with
# MONGO_INITDB_ROOT_USERNAME and _PASSWORD (or *_FILE) an empty data path gets that root user from a temporary server
# on 127.0.0.1, and the real server runs with --auth.
set -Eeuo pipefail

note() { printf '[entrypoint] %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

setting() {
    local var=$1 file=$1_FILE value=
    if [ -n "${!var:-}" ] && [ -n "${!file:-}" ]; then fail "both $var and $file are set (but are exclusive)"; fi
    if [ -n "${!var:-}" ]; then value=${!var}
    elif [ -n "${!file:-}" ]; then value=$(cat -- "${!file}"); fi
    printf -v "$var" %s "$value"
    unset "$file"
}
# has_arg --name ARGUMENTS…: whether --name or --name=value is among them
has_arg() {
    local want=$1 a
    shift
    for a; do case $a in "$want"|"$want="*) return 0 ;; esac; done
    return 1
}
arg_value() {
    local want=$1
    shift
    while [ $# -gt 0 ]; do
        case $1 in "$want") printf %s "${2:-}"; return ;; "$want="*) printf %s "${1#*=}"; return ;; esac
        shift
    done
}
# Top-level sections of a YAML file, in block style, that are not in the list.
without_sections() {
    awk -v names="$2" 'BEGIN { split(names, list, " "); for (i in list) drop[list[i]] = 1 }
        /^[^ \t#]/ { key = $0; sub(/:.*/, "", key); dropping = (key in drop) } !dropping' "$1"
}

# The caller's command without what concerns access, replication and where to listen and log, into `temporary`.
temporary_command() {
    local a skip=0
    temporary=()
    for a; do
        if [ "$skip" = 1 ]; then skip=0; continue; fi
        case $a in
            --auth|--bind_ip_all|--fork|--logappend|--transitionToAuth) ;;
            --bind_ip=*|--port=*|--replSet=*|--keyFile=*|--logpath=*|--pidfilepath=*|--config=*|--tlsMode=*) ;;
            --bind_ip|--port|--replSet|--keyFile|--logpath|--pidfilepath|--config|-f|--tlsMode) skip=1 ;;
            *) temporary+=("$a") ;;
        esac
    done
    if [ -n "$config" ]; then
        without_sections "$config" 'systemLog processManagement net security replication' >/tmp/temporary-mongod.yml
        temporary+=(--config /tmp/temporary-mongod.yml)
    fi
    temporary+=(--bind_ip 127.0.0.1 --port 27017)
}

initialise() {
    local pid i f shell temporary
    temporary_command "$@"
    note 'starting a temporary server'
    "${temporary[@]}" &
    pid=$!
    for i in {1..600}; do
        if (exec 3<>/dev/tcp/127.0.0.1/27017) 2>/dev/null; then break; fi
        kill -0 "$pid" 2>/dev/null || fail 'the temporary mongod exited'
        [ "$i" -lt 600 ] || fail 'the temporary mongod does not answer'
        sleep 0.1
    done
    shell=(mongosh --host 127.0.0.1 --port 27017 --quiet)
    if [ -n "$MONGO_INITDB_ROOT_USERNAME" ]; then
        INIT_USER=$MONGO_INITDB_ROOT_USERNAME INIT_PASSWORD=$MONGO_INITDB_ROOT_PASSWORD "${shell[@]}" --eval \
            'db.getSiblingDB("admin").createUser({ user: process.env.INIT_USER, pwd: process.env.INIT_PASSWORD,
                roles: [ { role: "root", db: "admin" } ] })' >/dev/null || fail 'can not create the root user'
    fi
    export MONGO_INITDB_DATABASE=${MONGO_INITDB_DATABASE:-test}
    for f in /docker-entrypoint-initdb.d/*; do
        case $f in
            *.sh) note "running $f"; . "$f" ;;
            *.js) note "running $f"; "${shell[@]}" "$MONGO_INITDB_DATABASE" "$f" ;;
            *)    if [ -e "$f" ]; then note "ignoring $f"; fi ;;
        esac
    done
    kill "$pid"
    wait "$pid" || :
    rm -f /tmp/temporary-mongod.yml
    note 'MongoDB init process complete; ready for start up.'
}

if [ "${1:0:1}" = - ]; then set -- mongod "$@"; fi
case ${1:-} in mongod|mongosh) ;; *) exec "$@" ;; esac
if [ "$(id -u)" = 0 ]; then
    if [ "$1" = mongod ]; then find /data/configdb /data/db \! -user mongodb -exec chown mongodb '{}' +; fi
    exec setpriv --reuid=mongodb --regid=mongodb --init-groups -- "${BASH_SOURCE[0]}" "$@"
fi
if [ "$1" != mongod ] || has_arg --help "$@" || has_arg --version "$@"; then exec "$@"; fi

setting MONGO_INITDB_ROOT_USERNAME
setting MONGO_INITDB_ROOT_PASSWORD
case ${MONGO_INITDB_ROOT_USERNAME:+user}:${MONGO_INITDB_ROOT_PASSWORD:+password} in
    user:|:password) fail "missing 'MONGO_INITDB_ROOT_USERNAME' or 'MONGO_INITDB_ROOT_PASSWORD'
       both must be specified for a user to be created" ;;
    user:password) if ! has_arg --auth "$@"; then set -- "$@" --auth; fi ;;
esac

config=$(arg_value --config "$@")
if [ -z "$config" ]; then config=$(arg_value -f "$@"); fi
dbpath=$(arg_value --dbpath "$@")
if [ -z "$dbpath" ] && [ -n "$config" ]; then dbpath=$(awk '$1 == "dbPath:" { print $2; exit }' "$config"); fi
dbpath=${dbpath:-/data/db}
is_new=1
for name in WiredTiger journal local.0 storage.bson; do if [ -e "$dbpath/$name" ]; then is_new=0; fi; done
if [ "$is_new" = 1 ] && { [ -n "$MONGO_INITDB_ROOT_USERNAME" ] || compgen -G '/docker-entrypoint-initdb.d/*' >/dev/null; }; then
    initialise "$@"
fi

if ! has_arg --bind_ip "$@" && ! has_arg --bind_ip_all "$@" &&
    ! { [ -n "$config" ] && grep -qE '^\s*bindIp(All)?:' "$config"; }; then
    set -- "$@" --bind_ip_all
fi
unset "${!MONGO_INITDB_@}"
exec "$@"
