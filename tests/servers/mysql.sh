#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A private MariaDB server for tests; the same verbs as postgresql.sh.
#
# Settings become options of the server: `mysql.sh start DIR lower_case_table_names=1`.
# Exit status 77 when MariaDB is not installed.
set -eu
server=mysql
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"

find_binaries() {
    for file in ${DBW_TEST_MARIADBD:-} /usr/sbin/mariadbd /usr/libexec/mariadbd /usr/bin/mariadbd \
        /usr/local/sbin/mariadbd; do
        if [ -x "$file" ]; then
            MARIADBD=$file
            break
        fi
    done
    if [ -z "${MARIADBD:-}" ] || ! command -v mariadb-install-db >/dev/null 2>&1; then
        echo "MariaDB is not installed" >&2
        exit $NOT_INSTALLED
    fi
}

# make_data FOLDER: a data folder where root may log in by the socket without a password (names
# are not resolved, so not by TCP), with the users admin (everything) and app (databases app%).
make_data() (
    set -e
    user=$(server_user mysql)
    mkdir "$1"
    chmod 700 "$1"
    give "$user" "$1"
    cat >"$1.sql" <<SQL
DELETE FROM mysql.global_priv WHERE user = 'root' AND host <> 'localhost';
FLUSH PRIVILEGES;
CREATE USER app@'%' IDENTIFIED BY '$PASSWORD';
CREATE USER admin@'%' IDENTIFIED BY '$PASSWORD';
CREATE USER app@localhost IDENTIFIED BY '$PASSWORD';
GRANT ALL ON \`app%\`.* TO app@'%';
GRANT ALL ON \`app%\`.* TO app@localhost;
GRANT ALL ON *.* TO admin@'%' WITH GRANT OPTION;
CREATE DATABASE app CHARACTER SET utf8mb4;
SQL
    cd /
    as_user "$user" mariadb-install-db --no-defaults --datadir="$1" \
        --auth-root-authentication-method=normal --skip-test-db --skip-name-resolve \
        --innodb-log-file-size=16M --innodb-flush-method=nosync --extra-file="$1.sql"
    rm -f "$1.sql"
)

# The flush settings give no protection against a power failure, but all against kill -9.
write_options() {
    cat >"$dir/my.cnf" <<CONF
[mariadbd]
datadir = $dir/data
socket = $dir/my.sock
pid-file = $dir/pid
bind-address = 127.0.0.1
port = $1
tmpdir = $dir
skip-name-resolve
character-set-server = utf8mb4
collation-server = utf8mb4_general_ci
local-infile = 1
max_connections = 60
innodb_buffer_pool_size = 32M
innodb_log_file_size = 16M
innodb_flush_log_at_trx_commit = 2
innodb_flush_method = nosync
innodb_fast_shutdown = 1
innodb_buffer_pool_dump_at_shutdown = 0
innodb_buffer_pool_load_at_startup = 0
key_buffer_size = 1M
aria_pagecache_buffer_size = 4M
ssl-ca = $dir/tls/ca.crt
ssl-cert = $dir/tls/server.crt
ssl-key = $dir/tls/server.key
CONF
    shift
    for setting in "$@"; do
        echo "$setting" >>"$dir/my.cnf"
    done
}

# launch: starts the server in DIR and waits until it accepts connections; 1 when it ended.
launch() {
    user=$(cat "$dir/user")
    marks=$(grep -c 'ready for connections' "$dir/log" || :)
    rm -f "$dir/pid"
    (
        cd "$dir"
        exec </dev/null >>"$dir/log" 2>&1 9>&-
        exec_as "$user" setsid "$MARIADBD" --defaults-file="$dir/my.cnf"
    ) &
    launched=$!
    left=1500
    while [ "$left" -gt 0 ]; do
        if [ -s "$dir/pid" ] &&
            [ "$(grep -c 'ready for connections' "$dir/log" || :)" -gt "$marks" ]; then
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
DBW_TEST_MYSQL_HOST=127.0.0.1
DBW_TEST_MYSQL_PORT=$1
DBW_TEST_MYSQL_USER=app
DBW_TEST_MYSQL_PASSWORD='$PASSWORD'
DBW_TEST_MYSQL_DATABASE=app
DBW_TEST_MYSQL_URL='mysql://app:$PASSWORD_ENCODED@$authority/app'
DBW_TEST_MYSQL_ADMIN_URL='mysql://admin:$PASSWORD_ENCODED@$authority/mysql'
DBW_TEST_MYSQL_SOCKET='$dir/my.sock'
DBW_TEST_MYSQL_DIR='$dir'
DBW_TEST_TLS_CA='$dir/tls/ca.crt'
ENV
}

do_start() {
    new_folder "$dir"
    set_cache "$dir"
    user=$(server_user mysql)
    echo "$user" >"$dir/user"
    version=$("$MARIADBD" --version | sed 's/.*Ver *\([0-9.]*\).*/\1/')
    data=$(template "mysql-$version-$(cat "$0" "$here/common.sh" | cksum | tr ' ' -)" make_data)
    cp -a "$data" "$dir/data"
    install_tls "$dir" "$user"
    : >"$dir/log"
    give "$user" "$dir"
    tries=0
    while :; do
        port=$(free_port)
        write_options "$port" "$@"
        ! launch || break
        tries=$((tries + 1))
        if [ "$tries" -ge 5 ] || ! grep -q 'Bind on TCP/IP port' "$dir/log"; then
            tail -n 20 "$dir/log" >&2
            die "unable to start in '$dir'"
        fi
        : >"$dir/log"
    done
    write_env "$port"
    cat "$dir/env"
}

server_pid() {
    [ ! -s "$dir/pid" ] || cat "$dir/pid"
}

do_crash() {
    pid=$(server_pid)
    [ -n "$pid" ] || die "no server runs in '$dir'"
    kill_all "$pid"
}

# end_server: stops it if it runs.
end_server() {
    pid=$(server_pid)
    if [ -n "$pid" ] && alive "$pid"; then
        kill -TERM "$pid"
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
    scan_log "$dir/log" '\[FATAL\]|Assertion|got signal|mysqld_safe mysqld from pid file .* ended'
}

[ $# -ge 2 ] || die "usage: mysql.sh start|stop|crash|restart DIR [SETTING=VALUE…]"
verb=$1
dir=$2
shift 2
find_binaries
case $verb in
start | stop | crash | restart) "do_$verb" "$@" ;;
*) die "unknown verb '$verb'" ;;
esac
