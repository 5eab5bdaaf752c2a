#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# with.sh [postgresql] [mysql] [--tap] [--postgresql-set NAME=VALUE] [--mysql-set NAME=VALUE]
#         -- COMMAND…
#
# Runs COMMAND with the named private servers, whose addresses it finds in the environment
# (DBW_TEST_POSTGRESQL_URL, DBW_TEST_MYSQL_URL and so on; see the two scripts), and exits with its
# status. The servers and their folder are gone afterwards, whatever happened. When the
# environment names all of them already, COMMAND simply takes our place.
#
# A server that is not installed: status 77; with --tap, a skipped TAP test and status 0. A server
# whose log holds a panic at the end: status 99, whatever COMMAND said.
set -eu
server=with.sh
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"

names= tap=no postgresql_settings= mysql_settings=
while [ $# -gt 0 ]; do
    case $1 in
    postgresql | mysql) names="$names $1" ;;
    --tap) tap=yes ;;
    --postgresql-set | --mysql-set)
        [ $# -ge 2 ] || die "$1 needs NAME=VALUE"
        case $2 in
        *[[:space:]]*) die "a setting may hold no white space: '$2'" ;;
        esac
        case $1 in
        --postgresql-set) postgresql_settings="$postgresql_settings $2" ;;
        *) mysql_settings="$mysql_settings $2" ;;
        esac
        shift
        ;;
    --) break ;;
    *) die "unknown argument '$1'" ;;
    esac
    shift
done
[ $# -ge 2 ] || die "usage: with.sh [postgresql] [mysql] [OPTION…] -- COMMAND…"
shift

missing=
for name in $names; do
    case $name in
    postgresql) url=${DBW_TEST_POSTGRESQL_URL:-} ;;
    *) url=${DBW_TEST_MYSQL_URL:-} ;;
    esac
    [ -n "$url" ] || missing="$missing $name"
done
[ -n "$missing" ] || exec "$@"

folder=$(mktemp -d "${TMPDIR:-/tmp}/dbw.XXXXXX")
chmod 755 "$folder"
command_pid=

# Also reached by the signals below, as they exit.
finish() {
    status=$?
    trap - EXIT
    trap '' INT TERM HUP
    if [ -n "$command_pid" ] && alive "$command_pid"; then
        kill -TERM "$command_pid" 2>/dev/null || :
        wait_gone 50 "$command_pid" || kill -KILL "$command_pid" 2>/dev/null || :
    fi
    for name in $missing; do
        if [ -d "$folder/$name" ] && ! sh "$here/$name.sh" stop "$folder/$name"; then
            status=99
        fi
    done
    rm -rf "$folder"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

mkfifo "$folder/alive"
setsid sh "$here/reap.sh" "$folder" <"$folder/alive" >/dev/null 2>&1 &
exec 8>"$folder/alive"

[ -n "${DBW_TOP_BUILDDIR:-}${DBW_TEST_CACHE:-}" ] || DBW_TEST_CACHE=$folder/cache
export DBW_TEST_CACHE="${DBW_TEST_CACHE:-$DBW_TOP_BUILDDIR/tests/servers/cache}"
for name in $missing; do
    case $name in
    postgresql) settings=$postgresql_settings ;;
    *) settings=$mysql_settings ;;
    esac
    status=0
    # shellcheck disable=SC2086
    sh "$here/$name.sh" start "$folder/$name" $settings >/dev/null 2>"$folder/start.err" 8>&- ||
        status=$?
    if [ "$status" -eq $NOT_INSTALLED ] && [ "$tap" = yes ]; then
        echo "1..0 # SKIP $(cat "$folder/start.err")"
        exit 0
    elif [ "$status" -ne 0 ]; then
        cat "$folder/start.err" >&2
        exit "$status"
    fi
    set -a
    . "$folder/$name/env"
    set +a
done

# In the background, so that a signal to us is acted on while COMMAND runs.
[ -e /proc/$$/fd/0 ] || exec </dev/null
exec 3<&0
"$@" <&3 3<&- 8>&- &
command_pid=$!
status=0
wait "$command_pid" || status=$?
command_pid=
exit "$status"
