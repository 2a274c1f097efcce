#!/usr/bin/env bash
# The main job on throw-away servers: starts an sshd and an FTP server on loopback and the
# connection manager before them, connects to both over HTTP, lists, uploads, downloads and
# executes, and leaves everything running until Ctrl-C. Every request is printed as the
# curl command that it is.
#
# DEMO_PORT chooses the port (8000 if it is free, else any); DEMO_ONCE=1 ends after the
# last request and DEMO_PROFILE=debug takes the programs of that build, for tests.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d "${TMPDIR:-/tmp}/connection-manager-demo.XXXXXX")
pids=()
cleanup() {
  trap - EXIT INT TERM
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
  [ -z "${stopping:-}" ] || echo "stopped; nothing is left behind"
}
trap cleanup EXIT
trap 'stopping=1; exit 0' INT TERM

# wait_for FILE PATTERN PID WHAT
wait_for() {
  for _ in $(seq 300); do
    grep -q "$2" "$1" 2>/dev/null && return
    kill -0 "$3" 2>/dev/null || break
    sleep 0.1
  done
  echo "$4 did not start:" >&2
  cat "$1" "$1.err" >&2 || true
  exit 1
}

programs=${CARGO_TARGET_DIR:-target}/${DEMO_PROFILE:-release}
"$programs/demo-servers" >"$work/servers" 2>"$work/servers.err" &
pids+=($!)
wait_for "$work/servers" '^ready$' $! "the demo servers"
grep -v '^ready$' "$work/servers" >"$work/servers.env"
. "$work/servers.env"

port=${DEMO_PORT:-8000}
if [ -z "${DEMO_PORT:-}" ] && (exec 3<>/dev/tcp/127.0.0.1/8000) 2>/dev/null; then
  port=0
fi
mkdir "$work/config" "$work/files"
"$programs/connection-manager" --port "$port" --config-dir "$work/config" \
  --local-root "$work" --local-root "$(dirname "$ssh_key")" >"$work/manager" 2>"$work/manager.err" &
pids+=($!)
wait_for "$work/manager" 'listening on' $! "connection-manager"
base=$(sed -n 's/.*listening on \(http[^ ]*\).*/\1/p' "$work/manager")

bold='' plain=''
if [ -t 1 ]; then
  bold=$(tput bold 2>/dev/null || true) plain=$(tput sgr0 2>/dev/null || true)
fi

# show METHOD PATH [JSON]: prints the request as a curl command and its answer, which is
# also left in $answer.
show() {
  local command=(curl --silent --show-error --fail-with-body)
  [ "$1" = GET ] || command+=(-X "$1")
  command+=("$base$2")
  [ $# -lt 3 ] || command+=(-H 'Content-Type: application/json' -d "$3")
  echo
  printf '%s$' "$bold"
  local word
  for word in "${command[@]}"; do
    case $word in
      --silent | --show-error | --fail-with-body) continue ;;
      *[!A-Za-z0-9_./:=@-]*) printf " '%s'" "${word//\'/\'\\\'\'}" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  printf '%s\n' "$plain"
  answer=$("${command[@]}") || { echo "$answer"; echo "the request failed" >&2; exit 1; }
  echo "$answer"
}
session_id() { sed -n 's/.*"session_id" *: *"\([^"]*\)".*/\1/p' <<<"$answer"; }

echo "An sshd for $ssh_user on port $ssh_port and an FTP server for $ftp_user on port $ftp_port are running."
echo "connection-manager is at $base"
echo "hello from $(uname -s)" >"$work/files/hello.txt"

show GET /health

echo; echo "--- SSH: connect with a key, list, upload, download, execute"
show POST /connections/ssh "{\"host\": \"127.0.0.1\", \"port\": $ssh_port, \"username\": \"$ssh_user\", \"keyPath\": \"$ssh_key\", \"sessionName\": \"demo ssh\"}"
ssh_id=$(session_id)
show POST "/connections/$ssh_id/upload" "{\"localPath\": \"$work/files/hello.txt\", \"remotePath\": \"$ssh_home/hello.txt\"}"
show GET "/connections/$ssh_id/files?path=$ssh_home"
show POST "/connections/$ssh_id/download" "{\"remotePath\": \"$ssh_home/hello.txt\", \"localPath\": \"$work/files/from-ssh.txt\"}"
show POST "/connections/$ssh_id/execute" "{\"command\": \"cat $ssh_home/hello.txt; uname -sr\"}"

echo; echo "--- FTP: connect with a password, list, upload, download"
show POST /connections/ftp "{\"host\": \"127.0.0.1\", \"port\": $ftp_port, \"username\": \"$ftp_user\", \"password\": \"$ftp_password\", \"sessionName\": \"demo ftp\"}"
ftp_id=$(session_id)
show POST "/connections/$ftp_id/upload" "{\"localPath\": \"$work/files/hello.txt\", \"remotePath\": \"/hello.txt\"}"
show GET "/connections/$ftp_id/files?path=/"
show POST "/connections/$ftp_id/download" "{\"remotePath\": \"/hello.txt\", \"localPath\": \"$work/files/from-ftp.txt\"}"

cmp "$work/files/hello.txt" "$work/files/from-ssh.txt"
cmp "$work/files/hello.txt" "$work/files/from-ftp.txt"
echo; echo "Both copies are the same as the file that was uploaded."

show GET /connections

if [ -n "${DEMO_ONCE:-}" ]; then
  exit 0
fi
cat <<EOF

${bold}Open $base in a browser, or go on with curl.${plain} Both sessions stay open:
  SSH $ssh_id
  FTP $ftp_id
Press Ctrl-C to stop the servers and remove everything.
EOF
wait
