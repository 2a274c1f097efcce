#!/usr/bin/env bash
# Runs every Rust test, those in the documentation too. In CI (`CI=true`), up to three that
# failed beside the others are run once more by themselves, as the journeys are: the programs
# and servers they talk to are real ones on a busy machine. What fails again has failed; what
# does not is named, to be mended.
set -uo pipefail
cd "$(dirname "$0")/.."
cargo=${CARGO:-cargo}

if [ "${CI:-}" != true ]; then
  exec "$cargo" test --workspace
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$cargo" test --workspace --no-fail-fast 2>&1 | tee "$log"
result=${PIPESTATUS[0]}
[ "$result" -ne 0 ] || exit 0

# A line for each failure: its program, the option of cargo that selects it, and its name. Both
# lists of libtest begin with `failures:`; the names stand in the second.
failed=$(awk '
  $1 == "Running" {
    program = $NF; option = "--bins"
    if ($2 != "unittests") {
      option = program; sub(/^.*\/deps\//, "--test=", option); sub(/-[0-9a-f]+\)$/, "", option)
    } else if ($3 ~ /(^|\/)lib\.rs$/) option = "--lib"
  }
  /^failures:$/ { listed = 1; next }
  listed && /^    [^ ]+$/ { print program, option, $1; next }
  !/^$/ { listed = 0 }
' "$log" | sort -u)
count=$(grep -c . <<<"$failed")
programs=$(cut -d' ' -f1 <<<"$failed" | sort -u | grep -c .)
told=$(sed -n 's/^error: \([0-9]*\) targets\{0,1\} failed:$/\1/p' "$log")
# It did not compile, a program died without a list, an example of the documentation failed
# (their names have blanks), or this is no accident.
if [ "$count" -eq 0 ] || [ "$count" -gt 3 ] || [ "$programs" != "$told" ]; then
  exit "$result"
fi

while read -r _ option name; do
  echo "rust-tests: $name failed; once more, by itself"
  "$cargo" test --workspace "$option" -- --exact "$name" </dev/null 2>&1 | tee "$log"
  if [ "${PIPESTATUS[0]}" -ne 0 ] || ! grep -q '^test result: ok\. 1 passed' "$log"; then
    exit "$result"
  fi
done <<<"$failed"
echo "rust-tests: failed beside the others, passed by themselves, and want mending:"
cut -d' ' -f3 <<<"$failed"
