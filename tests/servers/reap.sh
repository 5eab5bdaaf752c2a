#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# reap.sh FOLDER: waits for the end of standard input, which its starter holds open as long as it
# lives; then kills the servers that still run in FOLDER/postgresql and FOLDER/mysql, and removes
# FOLDER. It catches what no trap can: kill -9 of the starter.
folder=$1
here=$(cd "$(dirname "$0")" && pwd)
trap '' INT TERM HUP
cat >/dev/null
[ -d "$folder" ] || exit 0
for name in postgresql mysql; do
    [ ! -d "$folder/$name" ] || sh "$here/$name.sh" crash "$folder/$name" >/dev/null 2>&1
done
rm -rf "$folder"
