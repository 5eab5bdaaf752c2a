#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Turns catalog queries into a C header, one string per file:
#
#   embed.sh PREFIX SRCDIR FILE.sql… > queries.h
#
# sql/foreign_keys.sql becomes `static const char PREFIX_foreign_keys[]`. Lines that are comments
# as a whole are left out, so that the server's log shows the query alone. The files themselves
# run unchanged in the engine's own shell.
set -eu
[ $# -ge 3 ] || {
    echo "usage: embed.sh PREFIX SRCDIR FILE.sql..." >&2
    exit 2
}
prefix=$1
srcdir=$2
shift 2
echo '/* Made from the .sql files by lib/engine/embed.sh. */'
for file; do
    [ -r "$srcdir/$file" ] || {
        echo "embed.sh: unable to read '$srcdir/$file'" >&2
        exit 1
    }
    name=${file##*/}
    echo "static const char ${prefix}_${name%.sql}[] ="
    sed -e '/^[[:space:]]*--/d' -e '/^[[:space:]]*$/d' -e 's/[\\"?]/\\&/g' \
        -e 's/.*/    "&\\n"/' "$srcdir/$file"
    echo '    "";'
done
