#!/bin/bash
# Entrypoint of the mariadb stand-ins. Same environment and volume contract as Docker Hub's mariadb
# (MARIADB_* with MYSQL_* as the older names, each also as *_FILE).
set -Eeuo pipefail

DATADIR=/var/lib/mysql
SOCKET=/run/mysqld/mysqld.sock
note() { printf '[entrypoint] %s\n' "$*"; }
fail() { printf '[ERROR] [entrypoint] %s\n' "$*" >&2; exit 1; }

# MARIADB_X, MARIADB_X_FILE, MYSQL_X or MYSQL_X_FILE -> variable X
setting() {
    local name=$1 value=${2-} prefix var file
    for prefix in MARIADB MYSQL; do
        var=${prefix}_$name file=${prefix}_${name}_FILE
        if [ -n "${!var:-}" ] && [ -n "${!file:-}" ]; then fail "Both $var and $file are set (but are exclusive)"; fi
        if [ -n "${!var:-}" ]; then value=${!var}; break; fi
        if [ -n "${!file:-}" ]; then value=$(cat -- "${!file}"); break; fi
    done
    printf -v "$name" %s "$value"
}
string() { local s=${1//\\/\\\\}; printf "'%s'" "${s//\'/\\\'}"; }       # SQL string literal
ident()  { printf '`%s`' "${1//\`/\`\`}"; }                                # SQL identifier
random() { head -c 24 /dev/urandom | base64 | tr -d '/+=\n'; }

asks_only_for_help() {
    local a; for a; do case $a in '-?'|-V|-h|--help|--version|--print-defaults) return 0 ;; esac; done; return 1
}

run_init_files() {
    local f client=(mariadb --protocol=socket --skip-ssl --socket="$SOCKET" -uroot --database="$DATABASE")
    if [ -n "$ROOT_PASSWORD" ]; then export MYSQL_PWD=$ROOT_PASSWORD; fi
    for f in /docker-entrypoint-initdb.d/*; do
        case $f in
            *.sh)      note "running $f"; if [ -x "$f" ]; then "$f"; else . "$f"; fi ;;
            *.sql)     note "running $f"; "${client[@]}" <"$f" ;;
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
    local pid i health
    if [ -z "$ROOT_PASSWORD$ROOT_PASSWORD_HASH$ALLOW_EMPTY_ROOT_PASSWORD$RANDOM_ROOT_PASSWORD" ]; then
        fail 'Database is uninitialized and password option is not specified
	You need to specify one of MARIADB_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD_HASH, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD'
    fi
    if [ -n "$RANDOM_ROOT_PASSWORD" ]; then ROOT_PASSWORD=$(random); note "GENERATED ROOT PASSWORD: $ROOT_PASSWORD"; fi
    health=$(random)

    note 'Initializing database files'
    mariadb-install-db --datadir="$DATADIR" --rpm --auth-root-authentication-method=normal --skip-test-db \
        --skip-log-bin --loose-innodb_buffer_pool_load_at_startup=0 --loose-innodb_buffer_pool_dump_at_shutdown=0 >/dev/null

    note 'Starting temporary server'
    "$@" --skip-networking --skip-log-bin --socket="$SOCKET" --loose-innodb_buffer_pool_load_at_startup=0 \
        --skip-slave-start &
    pid=$!
    for i in {1..600}; do
        if mariadb --protocol=socket --skip-ssl --socket="$SOCKET" -uroot -e 'select 1' >/dev/null 2>&1; then break; fi
        kill -0 "$pid" 2>/dev/null || fail 'Unable to start server.'
        [ "$i" -lt 600 ] || fail 'Unable to start server.'
        sleep 0.1
    done

    {
        if [ -z "$INITDB_SKIP_TZINFO" ]; then
            echo 'USE mysql;'; mariadb-tzinfo-to-sql --skip-write-binlog /usr/share/zoneinfo 2>/dev/null
        fi
        echo "SET @@SESSION.SQL_MODE=REPLACE(@@SESSION.SQL_MODE, 'NO_BACKSLASH_ESCAPES', '');"
        echo "DROP DATABASE IF EXISTS test;"
        if [ -n "$ROOT_PASSWORD_HASH" ]; then password="PASSWORD $(string "$ROOT_PASSWORD_HASH")"; else password=$(string "$ROOT_PASSWORD"); fi
        if [ -n "$ROOT_HOST" ] && [ "$ROOT_HOST" != localhost ]; then
            echo "CREATE USER 'root'@$(string "$ROOT_HOST") IDENTIFIED BY $password;"
            echo "GRANT ALL ON *.* TO 'root'@$(string "$ROOT_HOST") WITH GRANT OPTION;"
            echo "GRANT PROXY ON ''@'%' TO 'root'@$(string "$ROOT_HOST") WITH GRANT OPTION;"
        fi
        for host in localhost 127.0.0.1 ::1; do
            echo "CREATE USER 'healthcheck'@'$host' IDENTIFIED BY $(string "$health");"
        done
        if [ -n "$DATABASE" ]; then echo "CREATE DATABASE IF NOT EXISTS $(ident "$DATABASE");"; fi
        if [ -n "$USER" ] && { [ -n "$PASSWORD" ] || [ -n "$PASSWORD_HASH" ]; }; then
            if [ -n "$PASSWORD_HASH" ]; then upw="PASSWORD $(string "$PASSWORD_HASH")"; else upw=$(string "$PASSWORD"); fi
            echo "CREATE USER $(string "$USER")@'%' IDENTIFIED BY $upw;"
            # _ and % are wildcards in the database name of a GRANT
            if [ -n "$DATABASE" ]; then echo "GRANT ALL ON $(ident "${DATABASE//_/\\_}") .* TO $(string "$USER")@'%';"; fi
        fi
        echo "ALTER USER 'root'@'localhost' IDENTIFIED BY $password;"
        echo 'FLUSH PRIVILEGES;'
    } | mariadb --protocol=socket --skip-ssl --socket="$SOCKET" -uroot --binary-mode
    (umask 077; printf '[client]\nuser=healthcheck\npassword=%s\nprotocol=tcp\n' "$health" >"$DATADIR/.my-healthcheck.cnf")

    run_init_files
    note 'Stopping temporary server'
    kill "$pid"; wait "$pid" || :
    note 'MariaDB init process done. Ready for start up.'
}

if [ "${1:0:1}" = - ]; then set -- mariadbd "$@"; fi
if [ "${1:-}" = mysqld ]; then shift; set -- mariadbd "$@"; fi
if [ "${1:-}" != mariadbd ] || asks_only_for_help "$@"; then exec "$@"; fi

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$DATADIR" /run/mysqld
    find "$DATADIR" /run/mysqld \! -user mysql -exec chown mysql: '{}' +
    export HOME=/home/mysql
    exec setpriv --reuid=mysql --regid=mysql --init-groups -- "${BASH_SOURCE[0]}" "$@"
fi

setting ROOT_HOST %
setting ROOT_PASSWORD; setting ROOT_PASSWORD_HASH; setting ALLOW_EMPTY_ROOT_PASSWORD; setting RANDOM_ROOT_PASSWORD
setting DATABASE; setting USER; setting PASSWORD; setting PASSWORD_HASH; setting INITDB_SKIP_TZINFO
if [ ! -d "$DATADIR/mysql" ]; then initialise "$@"; fi
exec "$@"
