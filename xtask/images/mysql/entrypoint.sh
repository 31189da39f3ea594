#!/bin/bash
# Entrypoint of the mysql stand-in. Same environment and volume contract as Docker Hub's mysql.
set -Eeuo pipefail

DATADIR=/var/lib/mysql
SOCKET=/var/run/mysqld/mysqld.sock
note() { printf '[entrypoint] %s\n' "$*"; }
fail() { printf '[ERROR] [entrypoint] %s\n' "$*" >&2; exit 1; }

setting() { # MYSQL_X or MYSQL_X_FILE -> variable X
    local name=$1 var=MYSQL_$1 file=MYSQL_$1_FILE value=${2-}
    if [ -n "${!var:-}" ] && [ -n "${!file:-}" ]; then fail "Both $var and $file are set (but are exclusive)"; fi
    if [ -n "${!var:-}" ]; then value=${!var}
    elif [ -n "${!file:-}" ]; then value=$(cat -- "${!file}"); fi
    printf -v "$name" %s "$value"
}
string() { local s=${1//\\/\\\\}; printf "'%s'" "${s//\'/\\\'}"; }
ident()  { printf '`%s`' "${1//\`/\`\`}"; }
random() { head -c 24 /dev/urandom | base64 | tr -d '/+=\n'; }

asks_only_for_help() {
    local a; for a; do case $a in '-?'|-V|-h|--help|--version|--print-defaults) return 0 ;; esac; done; return 1
}

run_init_files() {
    local f client=(mysql --protocol=socket --socket="$SOCKET" -uroot --database="$DATABASE")
    if [ -n "$ROOT_PASSWORD" ]; then export MYSQL_PWD=$ROOT_PASSWORD; fi
    for f in /docker-entrypoint-initdb.d/*; do
        case $f in
            *.sh)      note "running $f"; if [ -x "$f" ]; then "$f"; else . "$f"; fi ;;
            *.sql)     note "running $f"; "${client[@]}" <"$f" ;;
            *.sql.bz2) note "running $f"; bunzip2 -c "$f" | "${client[@]}" ;;
            *.sql.gz)  note "running $f"; gunzip -c "$f" | "${client[@]}" ;;
            *.sql.xz)  note "running $f"; xzcat "$f" | "${client[@]}" ;;
            *.sql.zst) note "running $f"; zstd -dc "$f" | "${client[@]}" ;;
            '/docker-entrypoint-initdb.d/*') ;;
            *)         note "ignoring $f" ;;
        esac
    done
    unset MYSQL_PWD
}

initialise() {
    local pid i
    if [ -z "$ROOT_PASSWORD$ALLOW_EMPTY_PASSWORD$RANDOM_ROOT_PASSWORD" ]; then
        fail 'Database is uninitialized and password option is not specified
    You need to specify one of the following as an environment variable:
    - MYSQL_ROOT_PASSWORD
    - MYSQL_ALLOW_EMPTY_PASSWORD
    - MYSQL_RANDOM_ROOT_PASSWORD'
    fi
    if [ "$USER" = root ]; then fail 'MYSQL_USER="root", MYSQL_USER and MYSQL_PASSWORD are for configuring a regular user and cannot be used for the root user'; fi
    if [ -n "$RANDOM_ROOT_PASSWORD" ]; then ROOT_PASSWORD=$(random); note "GENERATED ROOT PASSWORD: $ROOT_PASSWORD"; fi

    note 'Initializing database files'
    "$@" --initialize-insecure --default-time-zone=SYSTEM --autocommit=1

    note 'Starting temporary server'
    "$@" --skip-networking --mysqlx=OFF --default-time-zone=SYSTEM --socket="$SOCKET" &
    pid=$!
    for i in {1..600}; do
        if mysql --protocol=socket --socket="$SOCKET" -uroot -e 'select 1' >/dev/null 2>&1; then break; fi
        kill -0 "$pid" 2>/dev/null || fail 'Unable to start server.'
        [ "$i" -lt 600 ] || fail 'Unable to start server.'
        sleep 0.1
    done
    {
        if [ -z "$INITDB_SKIP_TZINFO" ]; then
            echo 'USE mysql;'
            mysql_tzinfo_to_sql /usr/share/zoneinfo 2>/dev/null | sed 's/Local time zone must be set--see zic manual page/FCTY/'
        fi
        echo 'SET @@SESSION.SQL_LOG_BIN=0;'
        if [ -n "$ROOT_HOST" ] && [ "$ROOT_HOST" != localhost ]; then
            echo "CREATE USER 'root'@$(string "$ROOT_HOST") IDENTIFIED BY $(string "$ROOT_PASSWORD");"
            echo "GRANT ALL ON *.* TO 'root'@$(string "$ROOT_HOST") WITH GRANT OPTION;"
        fi
        if [ -n "$DATABASE" ]; then echo "CREATE DATABASE IF NOT EXISTS $(ident "$DATABASE");"; fi
        if [ -n "$USER" ] && [ -n "$PASSWORD" ]; then
            echo "CREATE USER $(string "$USER")@'%' IDENTIFIED BY $(string "$PASSWORD");"
            # _ is a wildcard in the database name of a GRANT
            if [ -n "$DATABASE" ]; then echo "GRANT ALL ON $(ident "${DATABASE//_/\\_}") .* TO $(string "$USER")@'%';"; fi
        fi
        echo "ALTER USER 'root'@'localhost' IDENTIFIED BY $(string "$ROOT_PASSWORD");"
        echo 'DROP DATABASE IF EXISTS test;'
        if [ -n "$ONETIME_PASSWORD" ]; then echo "ALTER USER 'root'@'%' PASSWORD EXPIRE;"; fi
    } | mysql --protocol=socket --socket="$SOCKET" -uroot --binary-mode
    run_init_files
    note 'Stopping temporary server'
    kill "$pid"; wait "$pid" || :
    note 'MySQL init process done. Ready for start up.'
}

if [ "${1:0:1}" = - ]; then set -- mysqld "$@"; fi
if [ "${1:-}" != mysqld ] || asks_only_for_help "$@"; then exec "$@"; fi

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$DATADIR" /var/run/mysqld
    find "$DATADIR" /var/run/mysqld \! -user mysql -exec chown mysql: '{}' +
    export HOME=$DATADIR
    exec setpriv --reuid=mysql --regid=mysql --init-groups -- "${BASH_SOURCE[0]}" "$@"
fi

setting ROOT_HOST %
setting ROOT_PASSWORD; setting ALLOW_EMPTY_PASSWORD; setting RANDOM_ROOT_PASSWORD; setting ONETIME_PASSWORD
setting DATABASE; setting USER; setting PASSWORD; setting INITDB_SKIP_TZINFO
if [ ! -d "$DATADIR/mysql" ]; then initialise "$@"; fi
exec "$@"
