#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# docuflow-generate: the same seed gives the same database, and its contents are what README.md says.
# TAP; needs the sqlite3 command.
set -u
generate=${DBW_TOP_BUILDDIR:-.}/examples/docuflow/docuflow-generate
folder=$(mktemp -d "${TMPDIR:-/tmp}/dbw.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM HUP
count=0

check() {
    name=$1
    shift
    count=$((count + 1))
    if "$@" >"$folder/out" 2>&1; then
        echo "ok $count - $name"
    else
        echo "not ok $count - $name"
        sed 's/^/# /' "$folder/out"
    fi
}

# is EXPECTED ACTUAL
is() {
    [ "$1" = "$2" ] || { printf 'expected: %s\nactual: %s\n' "$1" "$2" && return 1; }
}

differs() {
    [ "$1" != "$2" ] || { echo "both: $1" && return 1; }
}

sql() {
    sqlite3 "$folder/$1.sqlite" "$2"
}

dump() {
    sqlite3 "$folder/$1.sqlite" .dump | sha256sum
}

# refuses STATUS MESSAGE ARGUMENT…: it fails with that status and says that, in its first line.
refuses() {
    expected=$1 message=$2
    shift 2
    "$generate" "$@" >"$folder/stdout" 2>"$folder/stderr"
    is "$expected" $? && is "$message" "$(head -n 1 "$folder/stderr")"
}

tables="organizations users batches connector_configs field_mappings organization_settings
usage_logs subscriptions document_metadata field_corrections"

if ! command -v sqlite3 >/dev/null 2>&1; then
    echo '1..0 # SKIP the sqlite3 command is not installed'
    exit 0
fi

check 'it says what it wrote' is "5010 rows written to $folder/a.sqlite" \
    "$("$generate" "$folder/a.sqlite")"
"$generate" --seed=1 "$folder/same.sqlite" >/dev/null
"$generate" --seed=2 "$folder/other.sqlite" >/dev/null
"$generate" --rows=20000 "$folder/large.sqlite" >/dev/null
"$generate" --scale=0.001 "$folder/tiny.sqlite" >/dev/null
"$generate" --hostile "$folder/hostile.sqlite" >/dev/null
"$generate" --shape=bench --scale=0.002 "$folder/bench.sqlite" >/dev/null

check 'the same seed, the same contents' is "$(dump a)" "$(dump same)"
check 'another seed, other contents' differs "$(dump a)" "$(dump other)"
check 'no table but these, and all are filled' is "$(for t in $tables; do echo "$t 1"; done | sort)" \
    "$(for t in $(sql a "SELECT name FROM sqlite_schema WHERE type = 'table'
        AND name NOT LIKE 'sqlite_%'"); do echo "$t $(sql a "SELECT count(*) > 20 FROM $t")"; done | sort)"
for db in a other large tiny bench; do
    check "$db: integrity" is ok "$(sql $db 'PRAGMA integrity_check')"
    check "$db: foreign keys" is '' "$(sql $db 'PRAGMA foreign_key_check')"
done
check '5,000 rows by default' is 5000 "$(for t in $tables; do sql a "SELECT count(*) FROM $t"; done |
    awk '{ n += $1 } END { print n }')"
check '--rows' is 20000 "$(for t in $tables; do sql large "SELECT count(*) FROM $t"; done |
    awk '{ n += $1 } END { print n }')"
check 'the smallest has one row per table' is '1 1 1 1 1 1 1 1 1 1' \
    "$(echo $(for t in $tables; do sql tiny "SELECT count(*) FROM $t"; done))"
check 'a cycle and a self reference are used' is '1|1' "$(sql a 'SELECT
    (SELECT count(*) > 5 FROM organizations o JOIN users u ON u.id = o.owner_id),
    (SELECT count(*) > 5 FROM organizations o JOIN organizations p ON p.id = o.parent_id)')"
check 'sequences are ahead of the highest id' is '764|767|1500|1507' "$(sql a "SELECT
    (SELECT max(id) FROM field_corrections), c.seq, (SELECT max(id) FROM usage_logs), u.seq
    FROM sqlite_sequence c, sqlite_sequence u
    WHERE c.name = 'field_corrections' AND u.name = 'usage_logs'")"
check 'no text holds a NUL or is longer than declared' is 0 "$(sql a "SELECT
    (SELECT count(*) FROM users WHERE length(name) > 120 OR instr(CAST(name AS BLOB), x'00'))
    + (SELECT count(*) FROM batches WHERE length(name) > 200 OR instr(CAST(name AS BLOB), x'00'))
    + (SELECT count(*) FROM document_metadata WHERE length(file_name) > 255
        OR instr(CAST(raw_text AS BLOB), x'00') OR instr(CAST(extracted AS BLOB), x'00'))")"
check 'all JSON is valid' is 0 "$(sql a 'SELECT
    (SELECT count(*) FROM organizations WHERE settings IS NOT NULL AND NOT json_valid(settings))
    + (SELECT count(*) FROM users WHERE preferences IS NOT NULL AND NOT json_valid(preferences))
    + (SELECT count(*) FROM batches WHERE tags IS NOT NULL AND NOT json_valid(tags))
    + (SELECT count(*) FROM connector_configs WHERE config IS NOT NULL AND NOT json_valid(config))
    + (SELECT count(*) FROM document_metadata WHERE extracted IS NOT NULL AND NOT json_valid(extracted))')"
check 'awkward values are there' is '1|1|1|1|1|1|1' "$(sql a "SELECT
    (SELECT count(*) > 0 FROM users WHERE name = ''),
    (SELECT count(*) > 0 FROM users WHERE name IS NULL),
    (SELECT count(*) > 0 FROM users WHERE length(name) = 120),
    (SELECT count(*) > 0 FROM document_metadata WHERE length(raw_text) > 80000),
    (SELECT count(*) > 0 FROM document_metadata WHERE instr(thumbnail, x'00')),
    (SELECT count(*) > 0 FROM usage_logs WHERE request_id > 9007199254740993),
    (SELECT count(*) > 0 FROM field_mappings WHERE \"transform\" LIKE '%DROP TABLE%')")"
check 'times are spelled in many ways' is '1|1|1|1|1|1' "$(sql a "SELECT
    count(*) FILTER (WHERE created_at GLOB '????-??-?? ??:??:??') > 0,
    count(*) FILTER (WHERE created_at GLOB '????-??-??T??:??:??') > 0,
    count(*) FILTER (WHERE created_at GLOB '*.?') > 0,
    count(*) FILTER (WHERE created_at GLOB '*.??????000') > 0,
    count(*) FILTER (WHERE created_at GLOB '????-??-??') > 0,
    (SELECT count(DISTINCT substr(reviewed_at, -6)) > 4 FROM document_metadata)
    FROM usage_logs")"
check 'hostile: orphans' is 3 "$(sql hostile 'PRAGMA foreign_key_check' | wc -l | tr -d ' ')"
check 'hostile: text with NUL' is 1 "$(sql hostile \
    "SELECT count(*) FROM users WHERE instr(CAST(name AS BLOB), x'00')")"
check 'hostile: other types than declared' is 'blob|real|text' "$(sql hostile "SELECT
    group_concat(t, '|') FROM (SELECT DISTINCT typeof(quota_bytes) AS t FROM users
        UNION SELECT typeof(login_epoch) FROM users ORDER BY 1) WHERE t NOT IN ('integer', 'null')")"
check 'bench: the rows of its tables' is '200|4000|200|40' "$(sql bench 'SELECT
    (SELECT count(*) FROM users), (SELECT count(*) FROM orders), (SELECT count(*) FROM texts),
    (SELECT count(*) FROM blobs)')"
check 'an existing file is kept' refuses 1 \
    "docuflow-generate: unable to write '$folder/a.sqlite': it is there already" "$folder/a.sqlite"
check 'a folder that is not there' refuses 1 "docuflow-generate: unable to generate \
'$folder/no/x.sqlite': unable to make the database: unable to open database file" "$folder/no/x.sqlite"
for scale in 0 -1 1.2345 x 1. ''; do
    check "--scale='$scale' is refused" refuses 2 \
        "docuflow-generate: unable to use --scale '$scale'" "--scale=$scale" "$folder/x.sqlite"
done
check 'two outputs are refused' refuses 2 \
    'docuflow-generate: unable to go on: one output file is needed' "$folder/x" "$folder/y"
check 'nothing is left of what failed' is '' "$(find "$folder" -name 'x*' -o -name '*.new')"
echo "1..$count"
