#!/bin/bash
# Puts the real servers and clients the tests talk to where the harness finds them.
#
#   scripts/install-test-servers.sh            # into <repo>/target/test-servers
#   CM_TEST_SERVERS=/some/dir scripts/install-test-servers.sh
#
# The servers are unpacked, not installed: the FTP packages exclude each other in apt, and an
# installed server would start as a system service. Only the shared libraries, the SSH client,
# openssl, python3-venv and the shells an account may have are installed as ordinary packages.
# Running it again does only what is missing. Made for Debian 12, as root or with sudo.
set -euo pipefail

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dir=${CM_TEST_SERVERS:-$repo/target/test-servers}
export DEBIAN_FRONTEND=noninteractive

say() { printf 'test-servers: %s\n' "$*"; }
die() { printf 'test-servers: %s\n' "$*" >&2; exit 1; }

command -v apt-get >/dev/null || die "apt-get is missing: this script knows Debian and Ubuntu only"
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        command -v sudo >/dev/null || die "needs root or sudo to run: $*"
        sudo --preserve-env=DEBIAN_FRONTEND "$@"
    fi
}

# Refreshes the package lists once, and only when something has to be fetched.
updated=
apt_update() {
    [ -n "$updated" ] && return
    say "refreshing the package lists"
    as_root apt-get update -qq
    updated=1
}
apt_install() {
    apt_update
    say "installing packages: $*"
    as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
installed() { [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null)" = "ii " ]; }

need=()
for package in openssh-client openssl python3 python3-venv util-linux libpam-modules ca-certificates \
    bash dash busybox zsh fish tcsh csh; do
    installed "$package" || need+=("$package")
done
[ ${#need[@]} = 0 ] || apt_install "${need[@]}"

mkdir -p "$dir"

# lacks FILE...: whether one of the programs lacks a shared library.
# All of the output is read: a reader that leaves early ends ldd, which pipefail takes for a no.
lacks() { ldd "$@" | grep 'not found' >/dev/null; }

# unpack NAME "FILE..." PACKAGE...: unpacks the packages into $dir/NAME and installs what shared
# libraries its programs lack.
unpack() {
    local name=$1 files=()
    read -ra files <<<"$2"
    files=("${files[@]/#/$dir/$name/}")
    shift 2
    if [ ! -e "$dir/$name/.done" ]; then
        apt_update
        local work deb
        work=$(mktemp -d "$dir/.unpack.XXXXXX")
        say "unpacking $* into $dir/$name"
        # apt's own download user cannot write into a private directory; it then fetches as
        # the caller and says so in a warning nobody needs.
        (cd "$work" && apt-get download -qq "$@" 2> >(grep -v unsandboxed >&2))
        mkdir "$work/root"
        for deb in "$work"/*.deb; do
            dpkg-deb -x "$deb" "$work/root"
        done
        rm -rf "${dir:?}/$name"
        mv "$work/root" "$dir/$name"
        rm -rf "$work"
        touch "$dir/$name/.done"
    fi
    # Each time: the directory may be a cache from a machine that has them.
    if lacks "${files[@]}"; then
        apt_update
        local libs=()
        mapfile -t libs < <(apt-cache depends --no-recommends --no-suggests --no-conflicts \
            --no-breaks --no-replaces --no-enhances "$@" |
            sed -n 's/^ *Depends: \(lib[^ ]*\)$/\1/p' | sort -u)
        apt_install "${libs[@]}"
        ! lacks "${files[@]}" || die "$name still lacks shared libraries"
    fi
}

unpack openssh "usr/sbin/sshd usr/lib/openssh/sftp-server" openssh-server openssh-sftp-server
unpack vsftpd "usr/sbin/vsftpd" vsftpd
unpack pure-ftpd "usr/sbin/pure-ftpd usr/bin/pure-pw" pure-ftpd pure-ftpd-common
unpack proftpd "usr/sbin/proftpd usr/lib/proftpd/mod_tls.so" proftpd-core proftpd-mod-crypto

# Full-screen programs, for the tests that drive them in a terminal.
unpack screens "usr/bin/vim.tiny bin/nano usr/bin/less usr/bin/htop usr/bin/top usr/bin/tmux" \
    vim-tiny nano less htop procps tmux

# The system's python3: one below a home directory cannot be read by the throw-away user.
wanted='asyncssh==2.24.1 pyftpdlib==2.2.0 pyOpenSSL==26.4.0 paramiko==5.1.0'
if [ "$(cat "$dir/venv/.done" 2>/dev/null)" != "$wanted" ]; then
    say "creating $dir/venv with: $wanted"
    rm -rf "$dir/venv"
    /usr/bin/python3 -m venv "$dir/venv"
    # shellcheck disable=SC2086 # a list of words
    "$dir/venv/bin/pip" install --quiet --disable-pip-version-check $wanted
    printf '%s\n' "$wanted" >"$dir/venv/.done"
fi

say "ready in $dir"
