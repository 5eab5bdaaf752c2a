# SPDX-License-Identifier: Apache-2.0
# Sourced by tests of the command: a private folder, the command, and checks that report in TAP.
#
#   plan 3
#   check NAME STATUS 'STDOUT' 'STDERR' COMMAND ARGUMENTS…    all three exactly
set -u
top=${DBW_TOP_BUILDDIR:?}
dbwizard=$top/dbwizard
work=$(mktemp -d "${TMPDIR:-/tmp}/dbwizard-cli-XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
# Nothing of the machine's own settings counts here.
for name in $(env | sed -n 's/^\(DATABASE_[A-Za-z0-9_]*\|DB_[A-Z_]*\|DBWIZARD_[A-Z_]*\)=.*/\1/p'); do
    unset "$name"
done
mkdir "$work/config" "$work/state"
DBWIZARD_CONFIG_DIR=$work/config
DBWIZARD_STATE_DIR=$work/state
HOME=$work
export DBWIZARD_CONFIG_DIR DBWIZARD_STATE_DIR HOME
test_number=0

plan() {
    echo "1..$1"
}

# report STATUS NAME
report() {
    test_number=$((test_number + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $test_number - $2"
    else
        echo "not ok $test_number - $2"
    fi
}

explain() {
    printf '%s\n' "$2" | sed "s/^/# $1: /"
}

check() {
    name=$1 want_status=$2 want_out=$3 want_err=$4
    shift 4
    "$@" >"$work/out" 2>"$work/err" </dev/null
    compare $?
}

# check_input NAME STATUS STDOUT STDERR INPUT COMMAND…
check_input() {
    name=$1 want_status=$2 want_out=$3 want_err=$4 input=$5
    shift 5
    printf '%s' "$input" | "$@" >"$work/out" 2>"$work/err"
    compare $?
}

compare() {
    status=$1 good=0
    out=$(cat "$work/out") err=$(cat "$work/err")
    if [ "$status" != "$want_status" ]; then
        good=1
        echo "# status $status, expected $want_status"
    fi
    if [ "$out" != "$want_out" ]; then
        good=1
        explain 'standard output' "$out"
        explain 'expected' "$want_out"
    fi
    if [ "$err" != "$want_err" ]; then
        good=1
        explain 'standard error' "$err"
        explain 'expected' "$want_err"
    fi
    report "$good" "$name"
}
