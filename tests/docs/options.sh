#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# docs/configuration.md and docs/dbwizard.env.sample hold every option of lib/base/options.def with
# its default and its range, and no other; the sample is read without complaint. TAP.
set -u
top=${DBW_TOP_SRCDIR:?}
guide=$top/docs/configuration.md
sample=$top/docs/dbwizard.env.sample
work=$(mktemp -d "${TMPDIR:-/tmp}/dbwizard-docs-XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT

# One line per option: NAME TYPE DEFAULT LEAST MOST ("-" for no default).
awk '
    /^DBW_OPTION\(/ || /^DBW_VARIABLE\(/ { text = "" ; open = 1 }
    open { text = text $0 }
    open && /\)$/ {
        open = 0
        variable = text ~ /^DBW_VARIABLE/
        sub(/^DBW_[A-Z]*\(/, "", text)
        n = split(text, part, /, */)
        at = variable ? 1 : 2
        for (i = 1; i <= n; i++)
            gsub(/"/, "", part[i])
        if (variable)
            print part[1], "TEXT", part[2] == "" ? "-" : part[2], 0, 0
        else
            print part[2], part[3], part[5] == "" ? "-" : part[5], part[6], part[7]
    }' "$top/lib/base/options.def" >"$work/options"
sed -n 's/^    {"\([A-Z_]*\)", DBW_OPTION_[A-Z_]*},$/\1/p' "$top/lib/base/options.c" >"$work/aliases"

echo 1..7
number=0
# report NAME: passes when $work/out is empty, which otherwise tells what is wrong.
report() {
    number=$((number + 1))
    if [ -s "$work/out" ]; then
        sed 's/^/# /' "$work/out"
        echo "not ok $number - $1"
    else
        echo "ok $number - $1"
    fi
}

: >"$work/out"
[ "$(wc -l <"$work/options")" -ge 20 ] && [ "$(wc -l <"$work/aliases")" -eq 2 ] ||
    echo 'the table of options was not understood' >"$work/out"
report 'the table of options is read'

: >"$work/out"
while read -r name type preset least most; do
    row=$(grep "^| \`$name\` |" "$guide") || {
        echo "$name has no row" >>"$work/out"
        continue
    }
    case $preset in
    -) ;;
    *) printf '%s\n' "$row" | grep -qF -e "$preset" || echo "$name: default $preset" >>"$work/out" ;;
    esac
    case $type in
    INTEGER)
        printf '%s\n' "$row" | grep -q "$least to $most" ||
            echo "$name: $least to $most" >>"$work/out"
        ;;
    esac
done <"$work/options"
report 'the guide has every option, its default and its range'

: >"$work/out"
while read -r name; do
    grep -q "\`$name\`" "$guide" || echo "$name" >>"$work/out"
    grep -q "$name" "$sample" || echo "$name in the sample" >>"$work/out"
done <"$work/aliases"
report 'the other names are told'

: >"$work/out"
sed -n 's/^| `\([A-Z_]*\)` |.*/\1/p' "$guide" | while read -r name; do
    [ "$name" = DATABASE_URL__NAME ] || grep -q "^$name " "$work/options" || echo "$name"
done >"$work/out"
report 'the guide has no option that does not exist'

: >"$work/out"
while read -r name type preset least most; do
    case $name in
    DATABASE_URL | DATABASE__URL) want="#$name=..*" ;;
    DBWIZARD_CONFIG_DIR | DBWIZARD_DATA_DIR) want=".*$name=$preset" ;;
    *) if [ "$preset" = - ]; then want="#$name="; else want="#$name=$preset"; fi ;;
    esac
    grep -q "^$want\(\$\|,\)" "$sample" || echo "$name: no line $want" >>"$work/out"
done <"$work/options"
report 'the sample has every option with its default'

: >"$work/out"
sed -n 's/^#\([A-Z_]*\)=.*/\1/p' "$sample" | while read -r name; do
    case $name in
    DATABASE_URL__*) ;;
    *) grep -q "^$name " "$work/options" || echo "$name" ;;
    esac
done >"$work/out"
report 'the sample has no option that does not exist'

# As the sample stands, and with everything in it switched on.
mkdir "$work/plain" "$work/all"
cp "$sample" "$work/plain/dbwizard.env"
sed 's/^#\([A-Z_]*=.\)/\1/; s/^DATABASE__URL=.*/DATABASE__HOST=h/' "$sample" \
    >"$work/all/dbwizard.env"
chmod 0640 "$work"/*/dbwizard.env
for folder in plain all; do
    env -i PATH="$PATH" HOME="$work" DBWIZARD_CONFIG_DIR="$work/$folder" \
        "${DBW_TOP_BUILDDIR:?}/dbwizard" url parse default 2>&1 >/dev/null
done >"$work/out"
report 'the sample is read without complaint'
