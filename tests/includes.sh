#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The shape of the source: dependencies point downwards, client libraries stay in their rooms, files
# and functions stay small. Each rule is also seen to catch a planted offence. TAP.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=${DBW_TOP_SRCDIR:-$here/..}
top=$(cd "$top" && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/dbw.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM HUP
count=0

# result NAME: a test that passed when $folder/out is empty; otherwise that is the reason.
result() {
    count=$((count + 1))
    if [ ! -s "$folder/out" ]; then
        echo "ok $count - $1"
    else
        echo "not ok $count - $1"
        sed 's/^/# /' "$folder/out"
    fi
}

# examine ROOT: all offences in the source files below ROOT, sorted.
examine() (
    cd "$1" || exit 1
    find . \( -name .git -o -name 'build*' -o -name _build -o -name _inst -o -name autom4te.cache \
        -o -name node_modules -o -name .check -o -name .run -o -name .deps -o -name .libs \
        -o -name 'dbwizard-[0-9]*' \) -prune -o -type f \( -name '*.[ch]' -o -name '*.def' \
        -o -name '*.awk' -o -name '*.sh' -o -name '*.mjs' -o -name '*.js' -o -name '*.css' \
        -o -name '*.html' -o -name '*.sql' -o -name '*.md' -o -name '*.mk' -o -name '*.am' \
        -o -name '*.ac' -o -name '*.in' -o -name '*.m4' -o -path '*/.ci/*' \) ! -name Makefile.in \
        ! -name aclocal.m4 ! -name 'libtool.m4' ! -name 'lt*.m4' -print | LC_ALL=C sort \
        >"$folder/files"
    tr '\n' '\0' <"$folder/files" | xargs -0 awk -v root=. -f "$here/includes.awk" | LC_ALL=C sort
)

# planted RULE LINE TEXT EXPECTED: a file with TEXT (printf's format) is told of exactly as EXPECTED.
planted() {
    rule=$1 file=$2 text=$3 expected=$4
    rm -rf "$folder/tree"
    mkdir -p "$folder/tree/$(dirname "$file")"
    # shellcheck disable=SC2059
    printf "$text" >"$folder/tree/$file"
    examine "$folder/tree" >"$folder/found"
    printf '%s' "${expected:+$expected
}" | diff - "$folder/found" >"$folder/out"
    result "planted, $rule"
}

spdx='/* SPDX-License-Identifier: Apache-2.0 */\n'
lines() { awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "    x;\\n" }'; }

examine "$top" >"$folder/all"
for rule in \
    'direction: dependencies point downwards' \
    'private: private headers stay in their rooms' \
    'client: client libraries stay in their rooms' \
    'length: no file above 800 lines' \
    'function: no function above 80 lines' \
    'spdx: every source file has its SPDX line' \
    'path: no path of one machine'; do
    grep "^${rule%%:*} " "$folder/all" >"$folder/out"
    result "${rule#*: }"
done
[ "$(wc -l <"$folder/files")" -gt 30 ] && : >"$folder/out" || echo 'few files were found' >"$folder/out"
result 'the files were found'

planted 'a clean file' lib/engine/sqlite/a.c "$spdx#include \"engine/engine.h\"\n#include <sqlite3.h>\n\
#include \"model/value.h\"\n#include \"engine/sqlite/sqlite_priv.h\"\n#include \"build-config.h\"\n" ''
planted 'upward' lib/base/a.c "$spdx#include \"model/value.h\"\n" \
    'direction lib/base/a.c:2: base may not include model ("model/value.h")'
planted 'upward with blanks' lib/model/a.h "$spdx  #  include  \"engine/database.h\"\n" \
    'direction lib/model/a.h:2: model may not include engine ("engine/database.h")'
planted 'sideways' lib/engine/sqlite/a.c "$spdx#include \"engine/mysql/mysql.h\"\n" \
    'direction lib/engine/sqlite/a.c:2: engine/sqlite may not include engine/mysql ("engine/mysql/mysql.h")'
planted 'an engine from its interface' lib/engine/a.c "$spdx#include \"engine/mysql/a.h\"\n" \
    'direction lib/engine/a.c:2: engine may not include engine/mysql ("engine/mysql/a.h")'
planted 'revision on transfer' lib/revision/a.c "$spdx#include \"transfer/plan.h\"\n" \
    'direction lib/revision/a.c:2: revision may not include transfer ("transfer/plan.h")'
planted 'transfer on state' lib/transfer/a.c "$spdx#include \"state/state.h\"\n" \
    'direction lib/transfer/a.c:2: transfer may not include state ("state/state.h")'
planted 'state on job' lib/state/a.c "$spdx#include \"job/job.h\"\n" \
    'direction lib/state/a.c:2: state may not include job ("job/job.h")'
planted 'the command on the web' cli/a.c "$spdx#include \"fcgi/request.h\"\n" \
    'direction cli/a.c:2: cli may not include fcgi ("fcgi/request.h")'
planted 'a private header' cli/a.c "$spdx#include \"job/job_priv.h\"\n" \
    'private cli/a.c:2: "job/job_priv.h" is private to job'
planted "the engines' own interface" fcgi/a.c "$spdx#include \"engine/engine.h\"\n" \
    'private fcgi/a.c:2: "engine/engine.h" is for those who implement engines'
planted 'libpq' lib/transfer/a.c "$spdx#include <libpq-fe.h>\n" \
    'client lib/transfer/a.c:2: transfer may not include <libpq-fe.h>, engine/postgresql may'
planted 'libmariadb' lib/engine/a.c "$spdx#include <mysql/mysql.h>\n" \
    'client lib/engine/a.c:2: engine may not include <mysql/mysql.h>, engine/mysql may'
planted 'sqlite3' lib/state/a.c "$spdx#include \"sqlite3.h\"\n" \
    'client lib/state/a.c:2: state may not include <sqlite3.h>, engine/sqlite may'
planted 'libfcgi' cli/a.c "$spdx#include <fcgiapp.h>\n" \
    'client cli/a.c:2: cli may not include <fcgiapp.h>, fcgi may'
planted 'a file of 801 lines' lib/base/a.h "$spdx$(lines 800)" \
    'length lib/base/a.h:801: 801 lines, at most 800'
planted 'a file of 800 lines' lib/base/a.h "$spdx$(lines 799)" ''
planted 'a function of 81 lines' lib/base/a.c "${spdx}int f(void)\n{\n$(lines 81)}\n" \
    'function lib/base/a.c:3: a function of 81 lines, at most 80'
planted 'a function of 80 lines' lib/base/a.c "${spdx}int f(void)\n{\n$(lines 80)}\n" ''
planted 'a long JavaScript function' static/a.js "// SPDX-License-Identifier: Apache-2.0\nexport \
async function f() {\n$(lines 81)}\n" 'function static/a.js:2: a function of 81 lines, at most 80'
planted 'no SPDX line' lib/base/a.c 'int a;\n' \
    'spdx lib/base/a.c:1: no SPDX-License-Identifier in the first three lines'
planted 'a path of one machine' docs/a.md "See \`/wor""k/main\`.\n" \
    'path docs/a.md:1: names a path of one machine'
planted 'an ordinary path' docs/a.md "See ../work/main and http://example.org/work/x.\n" ''
echo "1..$count"
