#!/usr/bin/env bash
# Installs the browser the journeys run in, Debian's Chromium, where it is missing. As root or
# with sudo.
set -euo pipefail

[ -n "${CM_CHROMIUM:-}" ] || [ -x /usr/bin/chromium ] && exit 0
if ! command -v apt-get >/dev/null; then
  echo "missing: chromium; install it, and set CM_CHROMIUM to its path" >&2
  exit 1
fi
sudo=()
[ "$(id -u)" -eq 0 ] || sudo=(sudo)
echo "installing with apt-get: chromium"
"${sudo[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends chromium >/dev/null
