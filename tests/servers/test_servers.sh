#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The private servers themselves: they start, answer by TCP, TLS and socket, crash, come back, stop,
# and leave nothing behind. TAP.
set -u
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/dbw.XXXXXX")
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM HUP
: "${DBW_TEST_CACHE:=${DBW_TOP_BUILDDIR:-$folder}/tests/servers/cache}"
export DBW_TEST_CACHE
unset DBW_TEST_POSTGRESQL_URL DBW_TEST_MYSQL_URL
with=$here/with.sh
count=0

# check NAME COMMAND…: one test, passed when the command succeeds.
check() {
    name=$1
    shift
    count=$((count + 1))
    if "$@" >"$folder/out" 2>&1; then
        echo "ok $count - $name"
    else
        echo "not ok $count - $name"
        sed 's/^/# /' "$folder/out"
    fi
}

# says TEXT COMMAND…: it succeeds and prints exactly that.
says() {
    expected=$1
    shift
    said=$("$@" 2>&1) && [ "$said" = "$expected" ] && return
    echo "$said"
    return 1
}

# exits STATUS COMMAND…
exits() {
    expected=$1
    shift
    status=0
    "$@" || status=$?
    [ "$status" -eq "$expected" ] || { echo "status $status" && return 1; }
}

not() { ! "$@"; }

psql_app() {
    PGPASSWORD=$DBW_TEST_POSTGRESQL_PASSWORD PGCONNECT_TIMEOUT=10 psql -XqAtw -U app \
        -p "$DBW_TEST_POSTGRESQL_PORT" -d "host=$1 dbname=app sslmode=$2 sslrootcert=$DBW_TEST_TLS_CA" \
        -c "$3"
}

mariadb_app() {
    sql=$1
    shift
    MYSQL_PWD=$DBW_TEST_MYSQL_PASSWORD mariadb --no-defaults -BN -u app "$@" -e "$sql" app
}

mariadb_tcp() {
    mariadb_app "$1" --protocol=tcp -h 127.0.0.1 -P "$DBW_TEST_MYSQL_PORT" \
        --ssl-ca="$DBW_TEST_TLS_CA" --ssl-verify-server-cert
}

processes_in() {
    for link in /proc/[0-9]*/cwd; do
        case $(readlink "$link" 2>/dev/null) in
        "$1"*) return 0 ;;
        esac
    done
    return 1
}

test_postgresql() {
    server=$folder/postgresql
    check 'PostgreSQL starts' sh "$here/postgresql.sh" start "$server" work_mem=3MB
    . "$server/env"
    tls='SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'
    check 'PostgreSQL over TCP' says f psql_app 127.0.0.1 disable "$tls"
    check 'PostgreSQL over TLS' says t psql_app localhost verify-full "$tls"
    check 'PostgreSQL by socket' says app psql_app "$server" disable 'SELECT current_user'
    check 'PostgreSQL as named by the URL' says 3MB \
        psql -XAtw "$DBW_TEST_POSTGRESQL_URL" -c 'SHOW work_mem'
    check 'app is no superuser' says 'f|t' psql_app "$server" disable \
        'SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user'
    check 'admin is one' says on psql -XAtw "$DBW_TEST_POSTGRESQL_ADMIN_URL" -c 'SHOW is_superuser'
    check 'a row is kept' says '' psql_app 127.0.0.1 prefer 'CREATE TABLE t AS SELECT 5 AS a'
    check 'PostgreSQL crashes' sh "$here/postgresql.sh" crash "$server"
    check 'PostgreSQL is gone' not psql_app 127.0.0.1 prefer 'SELECT 1'
    check 'PostgreSQL comes back' sh "$here/postgresql.sh" restart "$server"
    check 'the row is there' says 5 psql_app 127.0.0.1 prefer 'SELECT a FROM t'
    check 'PostgreSQL stops' sh "$here/postgresql.sh" stop "$server"
    check 'no process of PostgreSQL is left' not processes_in "$server"
    echo 'PANIC:  planted' >>"$server/log"
    check 'a panic in its log is a failure' exits 1 sh "$here/postgresql.sh" stop "$server"
}

test_mysql() {
    server=$folder/mysql
    check 'MariaDB starts' sh "$here/mysql.sh" start "$server" max_connections=33
    . "$server/env"
    tls="SELECT variable_value > '' FROM information_schema.session_status
         WHERE variable_name = 'Ssl_cipher'"
    check 'MariaDB over TCP' says 0 mariadb_app "$tls" --protocol=tcp -h 127.0.0.1 \
        -P "$DBW_TEST_MYSQL_PORT" --skip-ssl
    check 'MariaDB over TLS' says 1 mariadb_tcp "$tls"
    check 'MariaDB by socket' says app@localhost mariadb_app 'SELECT current_user()' \
        -S "$DBW_TEST_MYSQL_SOCKET"
    check 'MariaDB takes settings' says 33 mariadb_tcp 'SELECT @@max_connections'
    check 'root by socket' says root@localhost mariadb --no-defaults -BN -u root \
        -S "$DBW_TEST_MYSQL_SOCKET" -e 'SELECT current_user()'
    check 'root by socket only' not mariadb --no-defaults -BN -u root --protocol=tcp -h 127.0.0.1 \
        -P "$DBW_TEST_MYSQL_PORT" -e 'SELECT 1'
    check 'app may make databases app%' says '' mariadb_tcp 'CREATE DATABASE app_x'
    check 'app may make no others' not mariadb_tcp 'CREATE DATABASE other'
    check 'a row is kept' says '' mariadb_tcp 'CREATE TABLE t AS SELECT 5 AS a'
    check 'MariaDB crashes' sh "$here/mysql.sh" crash "$server"
    check 'MariaDB is gone' not mariadb_tcp 'SELECT 1'
    check 'MariaDB comes back' sh "$here/mysql.sh" restart "$server"
    check 'the row is there' says 5 mariadb_tcp 'SELECT a FROM t'
    check 'MariaDB stops' sh "$here/mysql.sh" stop "$server"
    check 'no process of MariaDB is left' not processes_in "$server"
    echo 'InnoDB: Assertion failure planted' >>"$server/log"
    check 'an assertion in its log is a failure' exits 1 sh "$here/mysql.sh" stop "$server"
}

# killed SIGNAL: with.sh gets the signal while its command runs, and all is gone soon after.
killed() {
    rm -f "$folder/place"
    sh "$with" postgresql -- sh -c 'echo "$DBW_TEST_POSTGRESQL_DIR" >"$1.new"; mv "$1.new" "$1"
        exec sleep 60' - "$folder/place" &
    pid=$!
    left=500
    while [ ! -f "$folder/place" ] && [ "$left" -gt 0 ]; do
        left=$((left - 1))
        sleep 0.02
    done
    place=$(cat "$folder/place")
    [ -d "$place/data" ] || { echo "no server in '$place'" && return 1; }
    kill "-$1" "$pid"
    wait "$pid" 2>/dev/null
    left=500
    while { [ -d "$place" ] || processes_in "$place"; } && [ "$left" -gt 0 ]; do
        left=$((left - 1))
        sleep 0.02
    done
    [ ! -e "$(dirname "$place")" ] && ! processes_in "$place"
}

test_with() {
    check 'with.sh gives its command both servers and its status' exits 7 sh "$with" postgresql \
        mysql -- sh -c '[ -n "$DBW_TEST_POSTGRESQL_URL" ] && [ -n "$DBW_TEST_MYSQL_URL" ] && exit 7'
    check 'with.sh passes settings' says 5MB sh "$with" postgresql --postgresql-set work_mem=5MB \
        -- sh -c 'psql -XAtw "$DBW_TEST_POSTGRESQL_URL" -c "SHOW work_mem"'
    check 'with.sh passes standard input' says text sh -c \
        'echo text | sh "$1" mysql -- cat' - "$with"
    check 'with.sh does without standard input' sh -c 'sh "$1" mysql -- true <&-' - "$with"
    check 'with.sh uses servers that are named already' says there env \
        DBW_TEST_POSTGRESQL_URL=there sh "$with" postgresql -- \
        sh -c 'echo "$DBW_TEST_POSTGRESQL_URL"'
    check 'with.sh removes its folder' says gone sh -c 'place=$(sh "$1" postgresql -- \
        sh -c "dirname \"\$DBW_TEST_POSTGRESQL_DIR\""); [ -e "$place" ] || echo gone' - "$with"
    check 'with.sh killed by TERM leaves nothing' killed TERM
    check 'with.sh killed by KILL leaves nothing' killed KILL
    check 'with.sh says 77 where a server is not installed' exits 77 env \
        DBW_TEST_POSTGRESQL_BIN=/nonexistent sh "$with" postgresql -- true
    check 'with.sh skips a TAP test there' says '1..0 # SKIP PostgreSQL is not installed' env \
        DBW_TEST_POSTGRESQL_BIN=/nonexistent sh "$with" postgresql --tap -- true
}

if ! sh "$with" postgresql mysql -- true 2>"$folder/missing"; then
    grep -q 'is not installed' "$folder/missing" || cat "$folder/missing" >&2
    echo "1..0 # SKIP $(tail -n 1 "$folder/missing")"
    exit 0
fi
test_postgresql
test_mysql
test_with
echo "1..$count"
