# Debian packages, listed once, and how they are installed. Sourced by check.sh and quickstart.sh.

build_packages="gcc make autoconf automake libtool pkg-config libfcgi-dev libpq-dev libmariadb-dev
 libsqlite3-dev libjson-c-dev zlib1g-dev libsodium-dev libxxhash-dev"
run_packages="nginx-light spawn-fcgi multiwatch curl sqlite3 tzdata"
test_packages="libcmocka-dev postgresql mariadb-server chromium openssl time procps"

# missing_packages PACKAGE…: those that are not installed.
missing_packages() {
    for package in "$@"; do
        state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
        [ "$state" = installed ] || printf '%s ' "$package"
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        echo "unable to install packages: run as root, or install sudo" >&2
        return 1
    fi
}

# install_packages PACKAGE…: installs what is missing; does nothing, and needs no rights, when
# nothing is. Servers that Debian would start by itself stay stopped.
install_packages() {
    # shellcheck disable=SC2046
    set -- $(missing_packages "$@")
    [ $# -gt 0 ] || return 0
    echo "installing: $*"
    policy=/usr/sbin/policy-rc.d
    made=
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null && made=1
        as_root chmod 755 "$policy"
    fi
    status=0
    # Two runs beside each other wait for each other here.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 update >/dev/null &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 \
            install --no-install-recommends "$@" >/dev/null || status=$?
    [ -z "$made" ] || as_root rm -f "$policy"
    [ $status -eq 0 ] || echo "unable to install: $*" >&2
    return $status
}

# Debian's npm brings hundreds of packages: only where there is none.
install_node() {
    command -v node >/dev/null 2>&1 || install_packages nodejs || return
    command -v npm >/dev/null 2>&1 || install_packages npm
}
