#!/usr/bin/env bash
# Installs what `bench` compares with and lacks: programs from apt. Paramiko and asyncssh are
# in the environment scripts/install-test-servers.sh makes. Does nothing where all are there.
# Made for Debian 12, as root or with sudo.
set -euo pipefail

missing=()
command -v sftp >/dev/null || missing+=(openssh-client)
command -v curl >/dev/null || missing+=(curl)
command -v rclone >/dev/null || missing+=(rclone)
command -v lftp >/dev/null || missing+=(lftp)
command -v wrk >/dev/null || missing+=(wrk)
command -v ip >/dev/null || missing+=(iproute2)
command -v taskset >/dev/null || missing+=(util-linux)
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "missing: ${missing[*]} (Debian names); install them with this system's package manager" >&2
  exit 1
fi
sudo=()
[ "$(id -u)" -eq 0 ] || sudo=(sudo)
echo "installing with apt-get: ${missing[*]}"
"${sudo[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
