#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# docs/types.md shows what `dbwizard types` prints, for every pair of engines. TAP.
#   types.sh --write   writes the tables anew
set -u
top=${DBW_TOP_SRCDIR:?}
build=${DBW_TOP_BUILDDIR:?}
page=$top/docs/types.md
work=$(mktemp -d "${TMPDIR:-/tmp}/dbwizard-types-XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
DBWIZARD_STATE_DIR=$work/state
export DBWIZARD_STATE_DIR

tables() {
    for from in sqlite postgresql mysql; do
        for to in sqlite postgresql mysql; do
            [ "$from" = "$to" ] && continue
            printf '\n## %s to %s\n\n' "$(label $from)" "$(label $to)"
            "$build/dbwizard" types $from $to || exit 1
        done
    done
}
label() {
    case $1 in
    sqlite) echo SQLite ;;
    postgresql) echo PostgreSQL ;;
    mysql) echo 'MySQL and MariaDB' ;;
    esac
}

tables >"$work/tables" || exit 99
if [ "${1:-}" = --write ]; then
    sed '/^## /,$d' "$page" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' >"$work/head"
    cat "$work/head" "$work/tables" >"$page"
    exit
fi
echo 1..2
if [ "$(wc -l <"$work/tables")" -gt 200 ]; then echo 'ok 1 - every pair has a table'
else echo 'not ok 1 - every pair has a table'; fi
sed -n '/^## /,$p' "$page" >"$work/shown"
sed 1d "$work/tables" >"$work/printed"
if cmp -s "$work/shown" "$work/printed"; then echo 'ok 2 - the page shows what the command prints'
else
    diff "$work/shown" "$work/printed" | sed 's/^/# /' | head -20
    echo 'not ok 2 - the page shows what the command prints'
fi
