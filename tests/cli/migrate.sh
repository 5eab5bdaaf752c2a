#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What `migrate`, `preview` and `test` say: dry runs, reports that cannot be written, options that do not fit.
. "${DBW_TOP_SRCDIR:?}/tests/cli/tap.sh"
DBWIZARD_DATA_DIR=$DBW_TOP_SRCDIR
export DBWIZARD_DATA_DIR
if ! command -v sqlite3 >/dev/null; then
    echo "1..0 # SKIP sqlite3 is not installed"
    exit 0
fi
plan 17
# The command without the names of the phases, of which the quick ones may not be told.
told() {
    "$dbwizard" "$@" 2>"$work/log"
    told_status=$?
    grep -vx 'plan\|preflight\|schema\|copy\|keys\|sequences\|verify\|stamp\|report' "$work/log" >&2
    return $told_status
}

source="sqlite:///$work/source.db"
target="sqlite:///$work/target.db"
sqlite3 "$work/source.db" "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT);
    INSERT INTO people VALUES (1, 'a'), (2, 'b'); CREATE TABLE one (id INTEGER PRIMARY KEY);
    INSERT INTO one VALUES (1)"

# --- reports ----------------------------------------------------------------------------------
hint='  hint: Nothing was done. Name a file in a folder that you may write to.'
check 'a report into a missing folder is refused at once' 2 '' \
    "dbwizard: unable to write the report to '$work/none/x.json': No such file or directory
$hint" "$dbwizard" migrate "$source" "$target" --create-database --report "$work/none/x.json"
check 'a report that is a folder, too' 2 '' \
    "dbwizard: unable to write the report to '$work': Is a directory
$hint" "$dbwizard" migrate "$source" "$target" --create-database --report "$work"
test ! -e "$work/target.db"
report $? 'and nothing was made'
mkdir "$work/leaves"
mkfifo "$work/said"
# The folder goes away while the move runs: it is told, and so is the result.
"$dbwizard" migrate "$source" "$target" --create-database --report "$work/leaves/x.json" \
    >"$work/out" 2>"$work/said" &
process=$!
{ read -r line && rmdir "$work/leaves"; cat; } <"$work/said" >"$work/err"
wait $process
report $(($? != 1)) 'a report that cannot be written at the end: exit status 1'
grep -q '^3 rows in 2 tables' "$work/out"
report $? 'the result is told'
grep -q "^dbwizard: warning: unable to write .*leaves/x.json" "$work/err"
report $? 'and what went wrong'
rm -f "$work/target.db"

# --- dry runs ---------------------------------------------------------------------------------
check 'a dry run tells what would be done' 0 '           1  one
           2  people
           3  rows in 2 tables would be copied; nothing was.' '' \
    told migrate "$source" "$target" --create-database --dry-run
check 'of one table as well' 0 '           1  one
           1  rows in 1 table would be copied; nothing was.' '' \
    told migrate "$source" "$target" --create-database --dry-run --include one
test ! -e "$work/target.db"
report $? 'and makes nothing'

# --- options ----------------------------------------------------------------------------------
check 'a table that is not there is a fault of usage' 2 '' "dbwizard: unable to use option 'include': the source has no table 'nosuch'
  hint: Names are compared without case; * and ? stand for any characters." \
    told preview "$source" "$target" --create-database --include nosuch
check 'a type that is not known, too' 2 '' "dbwizard: unable to use option 'types' for one.id: unknown SQLite type 'blah'
  hint: Use for example INTEGER, REAL, TEXT, BLOB, DECIMAL(12,4), DATETIME." \
    told preview "$source" "$target" --create-database --include one --types one.id=blah
check 'of migrate as well' 2 '' "dbwizard: unable to use option 'exclude': the source has no table or column 'nosuch'
  hint: Names are compared without case; * and ? stand for any characters." \
    told migrate "$source" "$target" --create-database --dry-run --exclude nosuch

# --- what is not there ------------------------------------------------------------------------
check 'test names the way that it does not have itself' 1 '' \
    "dbwizard: unable to open database file '$work/target.db': there is no such file
  hint: Check the name. 'dbwizard migrate' makes a missing target with --create-database." \
    "$dbwizard" test "$target"
check 'a source is not made' 1 '' "dbwizard: unable to open the source: unable to open database file '$work/none.db': there is no such file
  hint: Check the name: a source has to be there." \
    told preview "sqlite:///$work/none.db"

# --- fixes ------------------------------------------------------------------------------------
sqlite3 "$work/target.db" "CREATE TABLE one (id INTEGER PRIMARY KEY); WITH RECURSIVE n (i) AS
    (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001) INSERT INTO one SELECT i FROM n"
told preview "$source" "$target" --schema-mode existing --include one >"$work/out"
grep -q '^    Empty the tables first: --clear$' "$work/out"
report $? 'a switch is shown as it is given, without a value'

# --- damage -----------------------------------------------------------------------------------
sqlite3 "$work/damaged.db" "CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
    INSERT INTO t SELECT i, hex(zeroblob(50)) FROM n"
dd if=/dev/zero of="$work/damaged.db" bs=4096 seek=4 count=3 conv=notrunc 2>/dev/null
told migrate "sqlite:///$work/damaged.db" "sqlite:///$work/whole.db" --create-database \
    >"$work/out" 2>"$work/err"
grep -q "database file '$work/damaged.db' is damaged" "$work/err"
report $? 'a damaged source is named, not the private copy of it'
! grep -q 'dbwizard-snapshot' "$work/err"
report $? 'of which nothing is said'
