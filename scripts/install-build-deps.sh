#!/usr/bin/env bash
# Installs what compiling needs and lacks: a C compiler, pkg-config and OpenSSL's headers
# from apt. Does nothing, and asks for nothing, where they are there.
set -euo pipefail

missing=()
command -v cc >/dev/null || missing+=(build-essential)
command -v pkg-config >/dev/null || missing+=(pkg-config)
pkg-config --exists openssl 2>/dev/null || missing+=(libssl-dev)
command -v curl >/dev/null || missing+=(curl)

if ! command -v cargo >/dev/null; then
  if [ -x "$HOME/.cargo/bin/cargo" ]; then
    echo "cargo is in ~/.cargo/bin but not on the PATH: run '. ~/.cargo/env' first" >&2
  else
    echo "no Rust toolchain: install one from https://rustup.rs (Rust 1.90 or newer)" >&2
  fi
  exit 1
fi

[ ${#missing[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null; then
  echo "missing: ${missing[*]} (Debian names); install them with this system's package manager" >&2
  exit 1
fi
sudo=()
[ "$(id -u)" -eq 0 ] || sudo=(sudo)
echo "installing with apt-get: ${missing[*]}"
"${sudo[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
