# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What postgresql.sh, mysql.sh and with.sh share; to be sourced, with $server set to the server's
# name. Nothing here is specific to one server.

PASSWORD='p@ss:w/rd%#'
PASSWORD_ENCODED='p%40ss%3Aw%2Frd%25%23'
NOT_INSTALLED=77

die() {
    echo "$server: $*" >&2
    exit 1
}

# exec_as USER COMMAND…: run as root, the command gets that user's identity; otherwise it runs as
# whoever we are. It takes the place of the shell. The servers refuse root, or should.
exec_as() {
    user=$1
    shift
    if [ "$(id -u)" -ne 0 ]; then
        exec "$@"
    elif command -v setpriv >/dev/null 2>&1; then
        exec setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups -- "$@"
    else
        exec runuser -u "$user" -- "$@"
    fi
}

# as_user USER COMMAND…: the same, waiting for it.
as_user() (
    exec_as "$@"
)

# server_user NAME…: the first of these users that exists, when we are root; else ourselves.
server_user() {
    if [ "$(id -u)" -ne 0 ]; then
        id -un
        return
    fi
    for user in "$@" nobody; do
        if id "$user" >/dev/null 2>&1; then
            echo "$user"
            return
        fi
    done
    die "unable to find an unprivileged user to run as"
}

# give USER PATH…: hands files to the server's user (nothing to do unless we are root).
give() {
    user=$1
    shift
    [ "$(id -u)" -ne 0 ] || chown -R "$user:$(id -g "$user")" "$@"
}

# A port of 127.0.0.1 below the ephemeral range that nobody listens on. Two callers may be given
# the same one: a server that cannot bind is started again on another.
free_port() {
    while :; do
        port=$(awk -v seed="$(od -An -N4 -tu4 /dev/urandom)" \
            'BEGIN { srand(seed); print 18000 + int(rand() * 14000) }')
        hex=$(printf ':%04X ' "$port")
        grep -q "$hex" /proc/net/tcp /proc/net/tcp6 2>/dev/null || break
    done
    echo "$port"
}

# alive PID: the process exists and is not a zombie.
alive() {
    [ -r "/proc/$1/stat" ] || return 1
    read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
    case ${stat##*) } in
    Z*) return 1 ;;
    esac
}

# children PID: the process ids of its children.
children() {
    for file in /proc/[0-9]*/stat; do
        read -r stat 2>/dev/null <"$file" || continue
        rest=${stat##*) }
        rest=${rest#* }
        if [ "${rest%% *}" = "$1" ]; then
            pid=${file#/proc/}
            echo "${pid%/stat}"
        fi
    done
}

# wait_gone TENTHS PID…: waits until none of the processes is alive; fails when time is up.
wait_gone() {
    left=$(($1 * 5))
    shift
    for pid in "$@"; do
        while alive "$pid"; do
            [ "$left" -gt 0 ] || return 1
            left=$((left - 1))
            sleep 0.02
        done
    done
}

# kill_all PID: ends the server and all its children at once, as a power failure would: the parent
# is stopped first so that it can neither notice nor fork.
kill_all() {
    alive "$1" || return 0
    kill -STOP "$1" 2>/dev/null || :
    family=$(children "$1")
    # shellcheck disable=SC2086
    kill -KILL "$1" $family 2>/dev/null || :
    # shellcheck disable=SC2086
    wait_gone 100 "$1" $family || die "unable to kill process $1"
}

# template NAME MAKE…: prints the path of a folder made once by `MAKE… FOLDER` and kept in the
# cache. Callers race: the first makes it, under a lock; it appears by a rename.
template() {
    name=$1
    shift
    mkdir -p "$CACHE"
    if [ ! -d "$CACHE/$name" ]; then
        (
            flock 9
            if [ ! -d "$CACHE/$name" ]; then
                work=$(mktemp -d "${TMPDIR:-/tmp}/dbw-template.XXXXXX")
                trap 'rm -rf "$work" "$CACHE/$name.$$"' EXIT
                trap 'exit 1' INT TERM HUP
                chmod 755 "$work"
                if ! "$@" "$work/made" >"$work/log" 2>&1; then
                    cat "$work/log" >&2
                    die "unable to make the template '$name'"
                fi
                cp -a "$work/made" "$CACHE/$name.$$"
                mv "$CACHE/$name.$$" "$CACHE/$name"
            fi
        ) 9>"$CACHE/lock" || exit 1
    fi
    echo "$CACHE/$name"
}

# make_tls FOLDER: a certificate authority, and a server certificate for localhost and 127.0.0.1.
make_tls() (
    set -e
    mkdir "$1"
    cd "$1"
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -keyout ca.key -out ca.crt \
        -subj '/CN=dbwizard test authority' -addext 'basicConstraints=critical,CA:TRUE' \
        -addext 'keyUsage=critical,keyCertSign,cRLSign'
    openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj '/CN=localhost'
    printf '%s\n' 'subjectAltName=DNS:localhost,IP:127.0.0.1' 'extendedKeyUsage=serverAuth' \
        'basicConstraints=CA:FALSE' >server.ext
    openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 \
        -extfile server.ext -out server.crt
    rm -f server.csr server.ext ca.srl ca.key
    chmod 600 server.key
)

# install_tls DIR USER: DIR/tls with ca.crt, server.crt and server.key, readable by the server.
install_tls() {
    tls=$(template tls make_tls)
    cp -a "$tls" "$1/tls"
    give "$2" "$1/tls"
    chmod 755 "$1/tls"
    chmod 644 "$1/tls/ca.crt" "$1/tls/server.crt"
}

# set_cache DIR: where templates are kept: the build folder, or beside DIR when there is none.
set_cache() {
    if [ -z "${DBW_TEST_CACHE:-}" ]; then
        if [ -n "${DBW_TOP_BUILDDIR:-}" ]; then
            DBW_TEST_CACHE=$DBW_TOP_BUILDDIR/tests/servers/cache
        else
            DBW_TEST_CACHE=$1/cache
        fi
    fi
    CACHE=$DBW_TEST_CACHE
}

# scan_log FILE PATTERN: fails, loudly, when the server's log holds what no test may provoke.
scan_log() {
    [ -f "$1" ] || return 0
    if grep -E "$2" "$1" >&2; then
        echo "$server: the log holds the lines above; its end is:" >&2
        tail -n 40 "$1" >&2
        return 1
    fi
}

# new_folder DIR: makes it, fails when it is there.
new_folder() {
    case $1 in
    /*) ;;
    *) die "the folder '$1' must be absolute" ;;
    esac
    [ "${#1}" -le 80 ] || die "the folder '$1' is too long for a unix socket"
    mkdir "$1" || die "unable to make the folder '$1'"
    chmod 755 "$1"
}
