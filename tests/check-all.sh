#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make check-all: what ./check.sh leaves out, each in a build folder of its own: clang,
# ThreadSanitizer where threads meet, valgrind, distcheck. CHECK_ALL="clang tsan" runs some of them.
set -eu
source=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/dbwizard-check-all.XXXXXX")
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
jobs=$(nproc)
PATH=$PATH:/usr/sbin:/sbin
export PATH

# Where several threads work on one thing.
threaded="tests/unit/engine/test_pool tests/unit/transfer/test_ring tests/unit/transfer/test_profile
 tests/unit/transfer/test_transfer tests/unit/transfer/test_resume tests/unit/transfer/test_existing
 tests/unit/transfer/test_reject tests/unit/transfer/test_skip tests/unit/job/test_worker"

build() {
    name=$1
    shift
    echo "== $name"
    mkdir "$work/$name"
    cd "$work/$name"
    "$source/configure" --quiet "$@" >configure.out 2>&1 || { cat configure.out; return 1; }
    make -j"$jobs" >make.out 2>&1 && make -j"$jobs" check TESTS= >>make.out 2>&1 ||
        { tail -n 40 make.out; return 1; }
}

results() {
    grep -E '^# (TOTAL|PASS|SKIP|FAIL|ERROR):' check.out
    grep -E '^(FAIL|ERROR)' check.out && return 1
    return 0
}

check_clang() {
    build clang CC=clang --disable-shared || return 1
    make -k -j"$jobs" check >check.out 2>&1 || true
    results
}

check_tsan() {
    build tsan --enable-sanitizers=thread --disable-shared CFLAGS='-g -O1' || return 1
    TSAN_OPTIONS=halt_on_error=1 make -k -j"$jobs" check TESTS="$threaded" >check.out 2>&1 || true
    results
}

# Programs that start servers for themselves would leave valgrind behind: the servers come first.
# Memory is what is judged here: under valgrind numbers of 80 bits have 64, files stay open and
# deadlines pass, so that a few cases cannot hold; what they leave behind is then no leak of ours.
bad_memory='^==[0-9]+== (Invalid|Conditional jump|Use of uninit|Syscall param|Mismatched|Source and dest|Process terminating|Argument)'
memcheck() {
    sh "$source/tests/servers/with.sh" postgresql mysql -- \
        valgrind -q --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=99 \
        --num-callers=30 "$1" >"$1.valgrind" 2>&1 && return 0
    if ! grep -qE "$bad_memory" "$1.valgrind" && grep -q '^\[  FAILED  \]' "$1.valgrind"; then
        echo "does not hold under valgrind: $1: $(sed -n 's/^\[  FAILED  \] \([a-z]\)/\1/p' "$1.valgrind" | sort -u | tr '\n' ' ')"
        return 0
    fi
    echo "FAIL: $1"
    grep -A12 '^==' "$1.valgrind" | head -n 40
    return 1
}

check_valgrind() {
    build valgrind --disable-shared CFLAGS='-g -O1' || return 1
    DBW_TOP_SRCDIR=$source DBW_TOP_BUILDDIR=$work/valgrind
    export DBW_TOP_SRCDIR DBW_TOP_BUILDDIR
    failed=0
    for program in $(find tests/unit -type f -name 'test_*' -perm -u+x ! -name '*.*' | sort); do
        memcheck "$program" || failed=1
    done
    return $failed
}

check_dist() {
    build dist || return 1
    make distcheck DISTCHECK_CONFIGURE_FLAGS=--quiet TESTS= >check.out 2>&1 ||
        { tail -n 40 check.out; return 1; }
    grep 'ready for distribution' check.out
}

status=0
for part in ${CHECK_ALL:-clang tsan valgrind dist}; do
    ("check_$part") || { echo "== $part failed"; status=1; }
done
exit $status
