#!/usr/bin/env bash
# The same over HTTP with curl: connect, list, upload, download, run a command, go on with an
# upload, send a form, disconnect.
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

# An upload that can be gone on with: what arrived is kept in the partial file, whose size
# says where to go on. Here it breaks off as the rest of the promised size does not come.
content() { # METHOD PATH?QUERY [curl's options]
  curl --silent --show-error "${auth[@]}" -X "$1" "$base/connections/$id/content?$2" "${@:3}"
}
head -c 9 "$work/up.txt" | content PUT "path=$remote&partial=up.filepart&size=10" -T - && echo
at=$(curl --silent --fail --head "${auth[@]}" "$base/connections/$id/content?path=/tmp/up.filepart" |
  sed -n 's/^[Cc]ontent-[Ll]ength: *\([0-9]*\).*/\1/p')
tail -c +$((at + 1)) "$work/up.txt" |
  content PUT "path=$remote&partial=up.filepart&offset=$at&size=10" --fail-with-body -T - && echo
content GET "path=$remote" | cmp - "$work/up.txt" && echo "the upload went on at $at"

# A browser's form: any number of files into a directory.
folder=/tmp/connection-manager-example-$$
call POST "/connections/$id/directories" "{\"path\": \"$folder\"}"
content POST "path=$folder" --fail-with-body -F "file=@$work/up.txt" -F "file=@$work/down.txt" && echo
content GET "path=$folder/down.txt" | cmp - "$work/down.txt" && echo "the form's files are there"
call POST "/connections/$id/delete" "{\"path\": \"$folder\", \"recursive\": true}"
call POST "/connections/$id/delete" "{\"path\": \"$remote\"}"

call DELETE "/connections/$id"
