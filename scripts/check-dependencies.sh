#!/usr/bin/env bash
# Licences, sources and bans of every dependency, with cargo-deny, which is built into
# target/tools where it is not installed. Advisories are left out: their database is not
# in a package registry (see deny.toml).
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.20.2

deny=$(command -v cargo-deny || true)
if [ -z "$deny" ]; then
  deny=target/tools/bin/cargo-deny
  if [ ! -x "$deny" ]; then
    echo "building cargo-deny $version into target/tools"
    cargo install cargo-deny --locked --version "$version" --root target/tools --quiet
  fi
fi
"$deny" --log-level error check licenses bans sources
