#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Jobs by command, on SQLite files: paused, killed, resumed by command and by a worker, discarded.
set -u
: "${DBW_TOP_SRCDIR:?}" "${DBW_TOP_BUILDDIR:?}"
if ! command -v sqlite3 >/dev/null; then
    echo "1..0 # SKIP sqlite3 is not installed"
    exit 0
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/dbwizard-jobs-XXXXXX")
worker=
trap 'test -z "$worker" || kill -9 "$worker" 2>/dev/null; rm -rf "$folder"' EXIT
export DBWIZARD_STATE_DIR="$folder/state" DBWIZARD_DATA_DIR="$DBW_TOP_SRCDIR"
export DBWIZARD_CONFIG_DIR="$folder/etc"
source_url="sqlite:///$folder/source.db"
target_url="sqlite:///$folder/target.db"
number=0

dbwizard() {
    "$DBW_TOP_BUILDDIR/dbwizard" "$@"
}

migrate() {
    exec "$DBW_TOP_BUILDDIR/dbwizard" migrate --create-database "$source_url" "$target_url" \
        2>"$folder/log"
}

# check WHAT EXPECTED GOT
check() {
    number=$((number + 1))
    if [ "$2" = "$3" ]; then
        echo "ok $number - $1"
    else
        echo "not ok $number - $1"
        printf 'expected: %s\ngot: %s\n' "$2" "$3" | sed 's/^/# /'
    fi
}

# field NAME, of the job $id
field() {
    dbwizard --json jobs show "$id" | sed -n "s/^  \"$1\": \"\{0,1\}\([^\",]*\).*/\1/p"
}

# Until a job copies; $id is then its id.
wait_for_copy() {
    tries=0
    while [ $tries -lt 600 ]; do
        line=$(dbwizard jobs list --status running 2>/dev/null)
        case $line in
        *" running     copy "*)
            id=${line%% *}
            return 0
            ;;
        esac
        sleep 0.03
        tries=$((tries + 1))
    done
    echo "# no job came to its copy"
    return 1
}

content() {
    sqlite3 "$1" "SELECT count(*), sum(id), sum(length(text)), max(hex(data)) FROM t"
}

sqlite3 "$folder/source.db" "CREATE TABLE t(id INTEGER PRIMARY KEY, text TEXT NOT NULL, data BLOB);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
    INSERT INTO t SELECT i, 'row ' || i || ' of many', randomblob(40) FROM n;"
expected=$(content "$folder/source.db")

migrate &
process=$!
wait_for_copy
kill -INT $process
wait $process
check "^C pauses: exit status 4" 4 $?
check "the job is paused" paused "$(field status)"
check "it can be resumed" true "$(field resumable)"
first=$id

dbwizard jobs resume "$first" >"$folder/log" 2>&1
check "resume ends it: exit status 0" 0 $?
check "the job is done" done "$(field status)"
check "its report is printed" "\"$first\"" \
    "$(dbwizard jobs show --report "$first" | sed -n 's/^  "job": \(.*\),/\1/p')"
check "the target equals the source" "$expected" "$(content "$folder/target.db")"
dbwizard jobs resume "$first" >"$folder/log" 2>&1
check "what is done cannot be resumed" 1 $?
check "and says so" "dbwizard: unable to resume job '$first': it is done" "$(cat "$folder/log")"

rm -f "$folder"/target.db*
migrate &
process=$!
wait_for_copy
kill -9 $process
wait $process 2>/dev/null
dbwizard jobs resume "$id" >"$folder/log" 2>&1
check "a killed command's job is resumed" 0 $?
check "the target equals the source" "$expected" "$(content "$folder/target.db")"

rm -f "$folder"/target.db*
migrate &
process=$!
wait_for_copy
kill -INT $process
wait $process
dbwizard jobs resume --queue "$id" >"$folder/log"
check "resume --queue leaves it to a worker" queued "$(cat "$folder/log")"
"$DBW_TOP_BUILDDIR/dbwizard" worker 2>"$folder/log" &
worker=$!
wait_for_copy
kill -9 $worker
wait $worker 2>/dev/null
"$DBW_TOP_BUILDDIR/dbwizard" worker 2>"$folder/log" &
worker=$!
dbwizard jobs wait "$id" --timeout 60 >"$folder/waited" 2>/dev/null
check "a killed worker's job is interrupted: exit status 4" 4 $?
check "and says so" interrupted "$(cat "$folder/waited")"
dbwizard jobs resume --queue "$id" >"$folder/log"
dbwizard jobs wait "$id" --timeout 120 >"$folder/waited"
check "the next worker resumes it" 0 $?
check "the target equals the source" "$expected" "$(content "$folder/target.db")"

rm -f "$folder"/target.db*
sqlite3 "$folder/target.db" "PRAGMA user_version = 7"
migrate &
process=$!
wait_for_copy
dbwizard jobs cancel "$id" >"$folder/said"
check "cancel is asked for" "running, asked to cancel" "$(cat "$folder/said")"
wait $process
check "the command ends: exit status 1" 1 $?
check "the job is cancelled" cancelled "$(field status)"
dbwizard jobs discard "$id" >"$folder/said" 2>&1
check "discard: exit status 0" 0 $?
check "the target is empty again" 0 \
    "$(sqlite3 "$folder/target.db" "SELECT count(*) FROM sqlite_master")"

# One that was killed earlier may still stand there.
workers() {
    sqlite3 "$folder/state/state.sqlite3" "SELECT count(*) FROM workers WHERE command = 0"
}
before=$(workers)
kill -TERM $worker
wait $worker
check "the worker ends on SIGTERM" 0 $?
worker=
check "and has signed off" $((before - 1)) "$(workers)"
echo "1..$number"
