#!/bin/sh
# From a fresh Debian 12 to a running dbwizard with one command: installs the packages it needs,
# builds, starts nginx, the FastCGI pool and a worker on loopback, moves the example database and
# verifies it, then prints the address and the log-in.
#
#   ./quickstart.sh        start; an instance that an earlier call left running is replaced
#   ./quickstart.sh stop   stop what this checkout started
#
# QUICKSTART_TARGET=URL    where to move the example to (a database URL); otherwise a PostgreSQL of
#                          its own where one is installed, else a new SQLite file
set -eu
cd "$(dirname "$0")"
. .ci/packages.sh
top=$(pwd)
PATH=$PATH:/usr/sbin:/sbin
export PATH
instances=$top/.run
mkdir -p "$instances"

say() { printf '%s\n' "$*"; }
fail() {
    printf 'quickstart: %s\n' "$*" >&2
    exit 1
}

# stop_instance FILE: ends what one earlier call started. The file names its folder.
stop_instance() {
    folder=$(sed -n 's/^folder=//p' "$1")
    case $folder in
    */dbwizard-quickstart.*) ;;
    *) rm -f "$1"; return ;;
    esac
    for name in nginx fcgi worker; do
        pid=$(cat "$folder/run/$name.pid" 2>/dev/null) || continue
        # A number is only a process of ours while its environment or arguments name the folder.
        if tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | grep -qF "$folder" ||
            tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$folder"; then
            kill "$pid" 2>/dev/null || true
            tries=0
            while kill -0 "$pid" 2>/dev/null && [ $tries -lt 100 ]; do
                sleep 0.1
                tries=$((tries + 1))
            done
        fi
    done
    [ ! -d "$folder/postgresql" ] ||
        sh "$top/tests/servers/postgresql.sh" stop "$folder/postgresql" >/dev/null 2>&1 || true
    rm -rf "$folder" "$1"
}

# Only finished instances: one that another call is just starting is left alone.
stop_finished() {
    for file in "$instances"/*.ready; do
        [ -e "$file" ] || continue
        stop_instance "$file"
    done
}

case ${1:-} in
stop) stop_finished; exit 0 ;;
'') ;;
*) fail "unknown argument '$1' (nothing, or stop)" ;;
esac

# shellcheck disable=SC2086
install_packages $build_packages $run_packages
stop_finished

# --- build -----------------------------------------------------------------------------------
say "building"
exec 9>"$instances/build.lock"
flock 9 || fail "unable to lock the build folder"
log=$instances/build.log
if [ ! -x configure ] || [ configure.ac -nt configure ]; then
    ./autogen.sh >"$log" 2>&1 || { cat "$log" >&2; fail "autogen.sh failed"; }
fi
mkdir -p build-quickstart
if [ ! -f build-quickstart/Makefile ]; then
    (cd build-quickstart && ../configure --quiet --disable-shared --prefix=/usr) >"$log" 2>&1 ||
        { cat "$log" >&2; fail "configure failed"; }
fi
make -C build-quickstart -j"$(nproc)" >"$log" 2>&1 || { tail -n 40 "$log" >&2; fail "the build failed"; }

# --- an instance in a folder of its own ----------------------------------------------------------
folder=$(mktemp -d "${TMPDIR:-/tmp}/dbwizard-quickstart.XXXXXX")
chmod 755 "$folder"
file=$instances/$(basename "$folder")
printf 'folder=%s\n' "$folder" >"$file.starting"
give_up() {
    status=$?
    trap - EXIT
    if [ $status -ne 0 ]; then
        for log in worker.log fcgi.log nginx-error.log; do
            [ ! -s "$folder/run/$log" ] || { say "-- $log" >&2; tail -n 20 "$folder/run/$log" >&2; }
        done
        stop_instance "$file.starting"
    fi
    exit $status
}
trap give_up EXIT
trap 'exit 130' INT TERM HUP
make -C build-quickstart install DESTDIR="$folder/root" >"$folder/install.log" 2>&1 ||
    { tail "$folder/install.log" >&2; fail "make install failed"; }
cp build-quickstart/examples/docuflow/docuflow-generate "$folder/"
flock -u 9
exec 9>&-

# Services never run as root: as www-data where we are root, else as ourselves.
mkdir "$folder/run" "$folder/state" "$folder/data"
if [ "$(id -u)" -eq 0 ]; then
    chown www-data:www-data "$folder/run" "$folder/state" "$folder/data"
    user_line='user www-data;'
    as_service() { setpriv --reuid=www-data --regid=www-data --clear-groups -- "$@"; }
else
    user_line=
    as_service() { "$@"; }
fi
chmod 700 "$folder/state"
umask 077

bin=$folder/root/usr/bin/dbwizard
fcgi=$(find "$folder/root/usr" -name dbwizard-fcgi -type f)
share=$folder/root/usr/share/dbwizard
export DBWIZARD_STATE_DIR="$folder/state" DBWIZARD_DATA_DIR="$share" DBWIZARD_CONFIG_DIR="$folder/etc"
export DBWIZARD_APP_DIR="$folder/data"

free_port() {
    port=$1
    while grep -qi ":$(printf '%04X' "$port") 0\{8\}:0000 0A" /proc/net/tcp; do
        port=$((port + 1))
    done
    echo "$port"
}

# start NAME COMMAND…: in the background, its number and output in the run folder.
start() {
    name=$1
    shift
    setsid "$@" >"$folder/run/$name.log" 2>&1 </dev/null &
    echo $! >"$folder/run/$name.pid"
}

say "starting nginx, the FastCGI pool and a worker"
if [ "$(id -u)" -eq 0 ]; then
    drop="setpriv --reuid=www-data --regid=www-data --clear-groups --"
else
    drop=
fi
# shellcheck disable=SC2086
start fcgi $drop spawn-fcgi -n -s "$folder/run/fcgi.sock" -M 0600 -- "$(command -v multiwatch)" -f 2 -- "$fcgi"
# shellcheck disable=SC2086
start worker $drop "$bin" worker

sed -e "s|$(printf '%s' /usr/share/dbwizard)/static|$share/static|; s|/run/dbwizard/fcgi.sock|$folder/run/fcgi.sock|" \
    "$(find "$folder/root" -name dbwizard-locations.conf)" >"$folder/locations.conf"
port=$(free_port "${QUICKSTART_PORT:-8787}")
tries=0
while :; do
    sed -e "s|@user_line@|$user_line|; s|@run@|$folder/run|g; s|@port@|$port|; s|@locations@|$folder/locations.conf|" \
        nginx/private.conf.in >"$folder/nginx.conf"
    nginx -c "$folder/nginx.conf" -p "$folder" -e "$folder/run/nginx-error.log" 2>"$folder/nginx.out" && break
    # Somebody else may have taken the port since we looked.
    tries=$((tries + 1))
    [ $tries -lt 10 ] || { cat "$folder/nginx.out" >&2; fail "unable to start nginx"; }
    port=$(free_port $((port + 1)))
done
address=http://127.0.0.1:$port
export DBWIZARD_BASE_URL="$address"

tries=0
until curl -fsS "$address/api/database/health" >"$folder/health.json" 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || fail "$address/api/database/health does not answer"
    sleep 0.1
done
curl -fsS "$address/database-wizard/" | grep -q '<title>' || fail "the page does not answer"

# --- the main job ----------------------------------------------------------------------------------
as_service "$folder/docuflow-generate" "$folder/data/docuflow.sqlite3" >/dev/null
if [ -n "${QUICKSTART_TARGET:-}" ]; then
    target=$QUICKSTART_TARGET
elif ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    sh tests/servers/postgresql.sh start "$folder/postgresql" >"$folder/postgresql.env"
    target=$(. "$folder/postgresql.env" && printf %s "$DBW_TEST_POSTGRESQL_URL")
else
    target=sqlite:///$folder/data/docuflow-moved.sqlite3
fi
say "moving the example database"
EXAMPLE_TARGET=$target
export EXAMPLE_TARGET
status=0
as_service "$bin" migrate --create-database "sqlite:///$folder/data/docuflow.sqlite3" env:EXAMPLE_TARGET || status=$?
# 3: done, with something altered or converted on the way, as the report says.
case $status in
0 | 3) ;;
*) fail "the move failed (exit status $status)" ;;
esac
as_service "$bin" verify "sqlite:///$folder/data/docuflow.sqlite3" env:EXAMPLE_TARGET || fail "the copy differs"

# The command as the services see it: their user, their state.
{
    echo '#!/bin/sh'
    echo "export DBWIZARD_STATE_DIR='$folder/state' DBWIZARD_DATA_DIR='$share'"
    echo "export DBWIZARD_CONFIG_DIR='$folder/etc' DBWIZARD_APP_DIR='$folder/data'"
    echo "export DBWIZARD_BASE_URL='$address'"
    if [ "$(id -u)" -eq 0 ]; then
        echo "run='setpriv --reuid=www-data --regid=www-data --clear-groups --'"
        echo "[ \"\$(id -u)\" -eq 0 ] || run="
        echo "exec \$run '$bin' \"\$@\""
    fi
    echo "exec '$bin' \"\$@\""
} >"$folder/dbwizard"
chmod 755 "$folder/dbwizard"

mv "$file.starting" "$file.ready"
say ""
say "dbwizard runs at      $address/database-wizard/"
say "log in for the first time (valid for 30 minutes):"
say "                      $(as_service "$bin" admin setup-link 2>/dev/null)"
say "the example           sqlite:///$folder/data/docuflow.sqlite3"
say "was moved into        $target"
say "its state             $folder/state"
say "the command           $folder/dbwizard help"
say "stop it               ./quickstart.sh stop"
