#!/bin/sh
# Builds and tests everything: one plain build and one with AddressSanitizer and UBSan, each with
# every suite, in a temporary folder of its own. Ends with "N passed, N failed, N skipped".
#   CHECK_BUILDS="plain asan"  which builds     CHECK_KEEP=1  keep the folder
set -eu
cd "$(dirname "$0")"
. .ci/packages.sh
top=$(pwd)
jobs=$(nproc 2>/dev/null || echo 2)

# shellcheck disable=SC2086
install_packages $build_packages $run_packages $test_packages
install_node

# Server binaries that Debian keeps out of the way.
PATH=$PATH:/usr/sbin:/sbin
export PATH
work=$(mktemp -d "${TMPDIR:-/tmp}/dbwizard-check.XXXXXX")
chmod 755 "$work"
cleanup() {
    [ -n "${CHECK_KEEP:-}" ] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

# A copy of the source, so that runs beside each other do not share ./configure.
mkdir "$work/source"
tar -C "$top" --exclude=./.git --exclude=./build --exclude='./build-*' --exclude=node_modules -cf - . |
    tar -C "$work/source" -xf -
cd "$work/source"
./autogen.sh >"$work/autogen.log" 2>&1 || { cat "$work/autogen.log" >&2; exit 1; }

if [ -f tests/browser/package-lock.json ]; then
    (cd tests/browser && npm ci --no-audit --no-fund --ignore-scripts >"$work/npm.log" 2>&1) ||
        { cat "$work/npm.log" >&2; echo "unable to install playwright-core" >&2; exit 1; }
fi
if [ -d "$top/../shared/data" ]; then
    DBW_SHARED_DATA=$(cd "$top/../shared/data" && pwd)
    export DBW_SHARED_DATA
fi

failed=0
run_build() {
    name=$1
    shift
    mkdir "$work/$name"
    cd "$work/$name"
    echo "== $name: configure $*"
    "$work/source/configure" --quiet "$@" >configure.out 2>&1 || { cat configure.out >&2; failed=1; return; }
    # Everything is built before anything runs: a broken build is told apart from a failed test.
    make -j"$jobs" >make.out 2>&1 && make -j"$jobs" check TESTS= >>make.out 2>&1 ||
        { tail -n 60 make.out >&2; failed=1; return; }
    grep -n 'warning:' make.out >&2 && failed=1
    started=$(date +%s)
    make -j"$jobs" -k check >check.out 2>&1 || failed=1
    grep -E '^(FAIL|ERROR|XPASS)' check.out || true
    echo "== $name: tests took $(($(date +%s) - started)) s"
}

for build in ${CHECK_BUILDS:-plain asan}; do
    case $build in
    plain) run_build plain ;;
    asan)
        export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
        run_build asan --enable-sanitizers --disable-shared CFLAGS='-g -O1'
        ;;
    *) echo "unknown build '$build'" >&2; exit 2 ;;
    esac
done

# The suites' own results, as automake's TAP driver recorded them.
find "$work" -name '*.trs' -exec cat {} + >"$work/results"
count() { grep -cE "^:test-result: *($1)( |$)" "$work/results" || true; }
passed=$(count PASS)
bad=$(count 'FAIL|ERROR|XPASS')
skipped=$(count SKIP)
if [ "$bad" -gt 0 ]; then
    echo "== failures"
    for log in $(find "$work" -name '*.trs' -exec grep -lE '^:test-result: *(FAIL|ERROR|XPASS)' {} +); do
        echo "-- ${log#"$work"/}"
        # What passed and what the server remarks would bury the reason.
        grep -vE '^(NOTICE|DETAIL|PASS:|ok )' "${log%.trs}.log" |
            awk '/^not ok/ { left = 30; shown = 1 } left-- > 0 { print } { last[NR % 40] = $0 }
                 END { if (!shown) for (i = NR > 40 ? NR - 39 : 1; i <= NR; i++) print last[i % 40] }'
    done
fi
if [ "$skipped" -gt 0 ]; then
    echo "== skipped"
    find "$work" -name '*.log' -exec grep -hE '^(ok|not ok|1\.\.0).*# *(SKIP|skip)' {} + | sort | uniq -c
fi
[ "$passed" -gt 0 ] || failed=1
[ "$bad" -eq 0 ] || failed=1
echo "$passed passed, $bad failed, $skipped skipped"
exit $failed
