#!/usr/bin/env bash
# The same over HTTP with curl: connect, list, upload, download, run a command, disconnect.
#
# usage: http.sh BASE_URL HOST PORT USER KEYFILE
# With an access token: CONNECTION_MANAGER_TOKEN=… http.sh …
set -euo pipefail

base=$1 host=$2 port=$3 user=$4 key=$5
auth=()
[ -z "${CONNECTION_MANAGER_TOKEN:-}" ] || auth=(-H "Authorization: Bearer $CONNECTION_MANAGER_TOKEN")

# call METHOD PATH [JSON]: prints the answer; an error answer ends the script.
call() {
  local body=()
  [ $# -lt 3 ] || body=(-H 'Content-Type: application/json' -d "$3")
  curl --silent --show-error --fail-with-body "${auth[@]}" -X "$1" "$base$2" "${body[@]}"
  echo
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

id=$(call POST /connections/ssh \
  "{\"host\": \"$host\", \"port\": $port, \"username\": \"$user\", \"keyPath\": \"$key\"}" |
  sed -n 's/.*"session_id" *: *"\([^"]*\)".*/\1/p')
echo "session $id"

call GET /connections
call POST "/connections/$id/execute" '{"command": "echo hello from $(uname -s)"}'

echo "some text" >"$work/up.txt"
remote=/tmp/connection-manager-example-$$.txt
call POST "/connections/$id/upload" "{\"localPath\": \"$work/up.txt\", \"remotePath\": \"$remote\"}"
call GET "/connections/$id/files?path=/tmp" >/dev/null
call POST "/connections/$id/download" "{\"remotePath\": \"$remote\", \"localPath\": \"$work/down.txt\"}"
cmp "$work/up.txt" "$work/down.txt" && echo "the copy is the same"
call POST "/connections/$id/execute" "{\"command\": \"rm $remote\"}"

call DELETE "/connections/$id"
