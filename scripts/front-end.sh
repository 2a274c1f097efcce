#!/usr/bin/env bash
# Runs a command of frontend-contract (build, check, types, e2e), with its packages installed
# as its lock file says. With --if-node it says so and does nothing where Node is missing:
# the server builds without its page.
set -euo pipefail
cd "$(dirname "$0")/../frontend-contract"

optional=
if [ "${1:-}" = --if-node ]; then
  optional=1
  shift
fi

if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number);
              process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then
  echo "front end: this needs Node 20.19 or newer (https://nodejs.org)" >&2
  [ -n "$optional" ] || exit 1
  echo "front end: going on without it; the server will say how to get its page" >&2
  exit 0
fi

if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "front end: installing packages"
  npm ci --no-audit --no-fund --loglevel=error
  touch node_modules/.package-lock.json
fi

case ${1:-} in
  build)
    # A page written anew would compile the server anew.
    inputs=(src public index.html vite.config.ts package-lock.json)
    if [ -e dist/page/index.html ] && [ -z "$(find "${inputs[@]}" -newer dist/page/index.html -print -quit)" ]; then
      exit 0
    fi
    npm run --silent build -- --logLevel warn
    npm run --silent check:budget
    ;;
  check | types | e2e) npm run --silent "$1" ;;
  *)
    echo "usage: $0 [--if-node] build|check|types|e2e" >&2
    exit 2
    ;;
esac
