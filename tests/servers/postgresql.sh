#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A private PostgreSQL server for tests.
#
#   postgresql.sh start DIR [SETTING=VALUE…]   DIR must not exist; prints NAME=value lines, which
#                                              also stand in DIR/env; the log is DIR/log
#   postgresql.sh crash DIR                    kill -9 of the whole server
#   postgresql.sh restart DIR                  up again on the same port (stopped first if need be)
#   postgresql.sh stop DIR                     stops it and scans its log; DIR is left
#
# Exit status 77 when PostgreSQL is not installed.
set -eu
server=postgresql
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"

find_binaries() {
    found=
    for bin in ${DBW_TEST_POSTGRESQL_BIN:-/usr/pgsql-*/bin /usr/local/bin /usr/bin \
        /usr/lib/postgresql/*/bin}; do
        if [ -x "$bin/postgres" ] && [ -x "$bin/initdb" ]; then
            found=$bin
        fi
    done
    if [ -z "$found" ]; then
        echo "PostgreSQL is not installed" >&2
        exit $NOT_INSTALLED
    fi
    BIN=$found
}

# make_data FOLDER: an initialised cluster with the users admin and app and the database app.
# Without fsync nothing survives a power failure, but all that was committed survives kill -9.
make_data() (
    set -e
    user=$(server_user postgres)
    mkdir "$1"
    chmod 700 "$1"
    password=$(mktemp "$1.XXXXXX")
    printf '%s\n' "$PASSWORD" >"$password"
    give "$user" "$1" "$password"
    cd /
    as_user "$user" "$BIN/initdb" -D "$1" -U admin --pwfile="$password" --no-sync -E UTF8 \
        --locale=C.UTF-8 --auth-local=trust --auth-host=scram-sha-256
    rm -f "$password"
    {
        echo "local all admin trust"
        echo "local all all scram-sha-256"
        echo "host all all 127.0.0.1/32 scram-sha-256"
        echo "host replication admin 127.0.0.1/32 scram-sha-256"
    } >"$1/pg_hba.conf"
    cat >>"$1/postgresql.conf" <<'CONF'
fsync = off
shared_buffers = 32MB
max_connections = 60
max_wal_size = 512MB
ssl = on
ssl_ca_file = '../tls/ca.crt'
ssl_cert_file = '../tls/server.crt'
ssl_key_file = '../tls/server.key'
password_encryption = scram-sha-256
lc_messages = 'C'
log_line_prefix = '%m [%p] %u@%d '
CONF
    as_user "$user" "$BIN/postgres" --single -D "$1" -c ssl=off postgres <<SQL
CREATE ROLE app LOGIN CREATEDB PASSWORD '$PASSWORD';
CREATE DATABASE app OWNER app;
SQL
)

postmaster() {
    if [ -r "$dir/data/postmaster.pid" ]; then
        read -r postmaster_pid <"$dir/data/postmaster.pid" || return 1
        echo "$postmaster_pid"
    fi
}

# launch: starts the server in DIR and waits until it accepts connections; 1 when it ended.
launch() {
    user=$(cat "$dir/user")
    # A zombie of the old server would pass for a living one.
    rm -f "$dir/data/postmaster.pid" "$dir"/.s.PGSQL.*
    (
        cd "$dir"
        exec </dev/null >>"$dir/log" 2>&1 9>&-
        exec_as "$user" setsid "$BIN/postgres" -D "$dir/data"
    ) &
    launched=$!
    left=1500
    while [ "$left" -gt 0 ]; do
        if [ -s "$dir/data/postmaster.pid" ] &&
            [ "$(sed -n 's/ *$//;8p' "$dir/data/postmaster.pid" 2>/dev/null)" = ready ]; then
            return 0
        fi
        alive "$launched" || return 1
        left=$((left - 1))
        sleep 0.02
    done
    tail -n 20 "$dir/log" >&2
    die "the server in '$dir' did not get ready within 30 seconds"
}

write_env() {
    authority=127.0.0.1:$1
    cat >"$dir/env" <<ENV
DBW_TEST_POSTGRESQL_HOST=127.0.0.1
DBW_TEST_POSTGRESQL_PORT=$1
DBW_TEST_POSTGRESQL_USER=app
DBW_TEST_POSTGRESQL_PASSWORD='$PASSWORD'
DBW_TEST_POSTGRESQL_DATABASE=app
DBW_TEST_POSTGRESQL_URL='postgresql://app:$PASSWORD_ENCODED@$authority/app'
DBW_TEST_POSTGRESQL_ADMIN_URL='postgresql://admin:$PASSWORD_ENCODED@$authority/postgres'
DBW_TEST_POSTGRESQL_SOCKET_DIR='$dir'
DBW_TEST_POSTGRESQL_DIR='$dir'
DBW_TEST_TLS_CA='$dir/tls/ca.crt'
ENV
}

do_start() {
    new_folder "$dir"
    set_cache "$dir"
    user=$(server_user postgres)
    echo "$user" >"$dir/user"
    version=$("$BIN/postgres" --version | tr -cd '0-9.')
    data=$(template "postgresql-$version-$(cat "$0" "$here/common.sh" | cksum | tr ' ' -)" make_data)
    cp -a "$data" "$dir/data"
    install_tls "$dir" "$user"
    : >"$dir/log"
    give "$user" "$dir"
    tries=0
    while :; do
        port=$(free_port)
        {
            echo "listen_addresses = '127.0.0.1'"
            echo "port = $port"
            echo "unix_socket_directories = '$dir'"
            for setting in "$@"; do
                echo "${setting%%=*} = '${setting#*=}'"
            done
        } >"$dir/data/postgresql.auto.conf"
        ! launch || break
        tries=$((tries + 1))
        if [ "$tries" -ge 5 ] || ! grep -q 'could not bind' "$dir/log"; then
            tail -n 20 "$dir/log" >&2
            die "unable to start in '$dir'"
        fi
        : >"$dir/log"
    done
    write_env "$port"
    cat "$dir/env"
}

do_crash() {
    pid=$(postmaster)
    [ -n "$pid" ] || die "no server runs in '$dir'"
    kill_all "$pid"
}

# end_server: stops it if it runs.
end_server() {
    pid=$(postmaster)
    if [ -n "$pid" ] && alive "$pid"; then
        kill -INT "$pid"
        wait_gone 200 "$pid" || {
            kill_all "$pid"
            die "the server in '$dir' did not stop within 20 seconds"
        }
    fi
}

do_restart() {
    end_server
    launch || {
        tail -n 20 "$dir/log" >&2
        die "unable to restart in '$dir'"
    }
}

do_stop() {
    end_server
    # Signal 9 is a test's own doing.
    scan_log "$dir/log" 'PANIC: |TRAP: |terminated by signal ([1-8]|1[0-9])'
}

[ $# -ge 2 ] || die "usage: postgresql.sh start|stop|crash|restart DIR [SETTING=VALUE…]"
verb=$1
dir=$2
shift 2
find_binaries
case $verb in
start | stop | crash | restart) "do_$verb" "$@" ;;
*) die "unknown verb '$verb'" ;;
esac
