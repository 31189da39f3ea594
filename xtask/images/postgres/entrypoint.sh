#!/bin/bash
# Entrypoint of the postgres stand-ins. Same environment and volume contract as Docker Hub's postgres:
# an empty PGDATA is initialised with a server that only listens on the unix socket, then the real one replaces us.
set -Eeuo pipefail

note() { printf '[entrypoint] %s\n' "$*"; }
fail() { printf 'Error: %s\n' "$*" >&2; exit 1; }

# VAR from the environment or from the file that VAR_FILE names, else the default
setting() {
    local var=$1 file=$1_FILE value=${2-}
    if [ -n "${!var:-}" ] && [ -n "${!file:-}" ]; then fail "both $var and $file are set (but are exclusive)"; fi
    if [ -n "${!var:-}" ]; then value=${!var}
    elif [ -n "${!file:-}" ]; then value=$(cat -- "${!file}"); fi
    printf -v "$var" %s "$value"
    export "${var?}"
    unset "$file"
}

asks_only_for_help() {
    local a
    for a; do case $a in '-?'|-V|--help|--version|--describe-config|-C|--single|--boot) return 0 ;; esac; done
    return 1
}

sql() { psql -X -q -v ON_ERROR_STOP=1 --no-password -U "$POSTGRES_USER" "$@"; }

run_init_files() {
    local f
    for f in /docker-entrypoint-initdb.d/*; do
        case $f in
            *.sh)      note "running $f"; if [ -x "$f" ]; then "$f"; else . "$f"; fi ;;
            *.sql)     note "running $f"; sql -d "$POSTGRES_DB" -f "$f" ;;
            *.sql.gz)  note "running $f"; gunzip -c "$f" | sql -d "$POSTGRES_DB" ;;
            *.sql.xz)  note "running $f"; xzcat "$f" | sql -d "$POSTGRES_DB" ;;
            *.sql.zst) note "running $f"; zstd -dc "$f" | sql -d "$POSTGRES_DB" ;;
            '/docker-entrypoint-initdb.d/*') ;;
            *)         note "ignoring $f" ;;
        esac
    done
}

initialise() {
    local method extra=()
    if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
        fail "Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the superuser,
       or POSTGRES_HOST_AUTH_METHOD=trust to allow all connections without a password."
    fi
    if [ -n "$POSTGRES_INITDB_ARGS" ]; then mapfile -t extra < <(xargs -n1 printf '%s\n' <<<"$POSTGRES_INITDB_ARGS"); fi
    if [ -n "${POSTGRES_INITDB_WALDIR:-}" ]; then extra+=(--waldir="$POSTGRES_INITDB_WALDIR"); fi
    # initdb refuses an empty password file, hence always one line
    initdb -D "$PGDATA" --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") "${extra[@]}"
    method=${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption "${@:2}")}
    printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"

    export PGPASSWORD=$POSTGRES_PASSWORD
    PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -w start -o "-c listen_addresses='' -p 5432${2:+$(printf ' %q' "${@:2}")}"
    if [ "$POSTGRES_DB" != postgres ]; then
        sql -d postgres -v db="$POSTGRES_DB" <<<"SELECT format('CREATE DATABASE %I', :'db')
            WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'db') \gexec"
    fi
    run_init_files
    PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -m fast -w stop
    unset PGPASSWORD
    note 'PostgreSQL init process complete; ready for start up.'
}

if [ "${1:0:1}" = - ]; then set -- postgres "$@"; fi
if [ "${1:-}" != postgres ] || asks_only_for_help "$@"; then exec "$@"; fi

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA" /var/run/postgresql
    chmod 0700 "$PGDATA"
    chmod 3775 /var/run/postgresql || :
    find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
    if [ -n "${POSTGRES_INITDB_WALDIR:-}" ]; then
        mkdir -p "$POSTGRES_INITDB_WALDIR"; chmod 0700 "$POSTGRES_INITDB_WALDIR"
        find "$POSTGRES_INITDB_WALDIR" \! -user postgres -exec chown postgres '{}' +
    fi
    export HOME=/var/lib/postgresql
    exec setpriv --reuid=postgres --regid=postgres --init-groups -- "${BASH_SOURCE[0]}" "$@"
fi

# 18 and later keep their data in /var/lib/postgresql/MAJOR/docker; a volume at the old place would silently stay empty
if [ "$PG_MAJOR" -ge 18 ] && [ "$PGDATA" = "/var/lib/postgresql/$PG_MAJOR/docker" ] && [ ! -s "$PGDATA/PG_VERSION" ] &&
    { grep -qE '^\S+ \S+ \S+ \S+ /var/lib/postgresql/data ' /proc/self/mountinfo || [ -s /var/lib/postgresql/data/PG_VERSION ]; }; then
    fail "in 18+, the volume belongs at /var/lib/postgresql, not at /var/lib/postgresql/data"
fi

setting POSTGRES_PASSWORD
setting POSTGRES_USER postgres
setting POSTGRES_DB "$POSTGRES_USER"
setting POSTGRES_INITDB_ARGS
: "${POSTGRES_HOST_AUTH_METHOD:=}"
mkdir -p "$PGDATA"; chmod 0700 "$PGDATA" || :
if [ -s "$PGDATA/PG_VERSION" ]; then
    note 'PostgreSQL Database directory appears to contain a database; Skipping initialization'
else
    initialise "$@"
fi
exec "$@"
