#!/usr/bin/env bash
# Builds a service from /source, runs it, and does so again after each change; what runs stays while a build fails.
set -euo pipefail

if [ "${1:-}" = --help ] || [ -z "${1:-}" ]; then
  echo "usage: e2i-watch gateway|worker|health [ARGUMENT ...]    with arguments: build, run once with them, end"
  exit 0
fi
service=$1
shift
program=/build/debug/e2i-$service
running=

say() { printf '\n[watch] %s\n' "$*"; }
build() { (cd /source && cargo build --locked --package "$service"); }
stop() {
  if [ -n "$running" ]; then
    kill -TERM "$running" 2>/dev/null || true
    wait "$running" || true
    running=
  fi
}
start() {
  # A copy: the next build must not change what runs.
  cp "$program" "/tmp/e2i-$service"
  "/tmp/e2i-$service" &
  running=$!
}

if [ $# -gt 0 ]; then
  build
  exec "$program" "$@"
fi

trap 'stop; exit 0' TERM INT
# Watches from before the first build: a change during it is not missed.
mkfifo /tmp/changes
inotifywait --quiet --monitor --recursive --event close_write,create,delete,move --include '\.(rs|toml|sql|lock)$' \
  --format '%w%f' /source/crates /source/Cargo.toml /source/Cargo.lock >/tmp/changes &
exec 3</tmp/changes

until build; do
  say "does not build; waiting for a change"
  read -r -u 3 _
done
start
while true; do
  # In the background, so that a signal is not left waiting.
  read -r -t 1 -u 3 changed && status=0 || status=$?
  if [ "$status" -gt 128 ]; then
    if ! kill -0 "$running" 2>/dev/null; then
      say "$service ended; starting it again"
      wait "$running" || true
      sleep 1
      start
    fi
    continue
  fi
  [ "$status" = 0 ] || { say "nobody watches any more"; stop; exit 1; }
  # An editor saves several files: what comes within a tenth of a second is one change.
  while read -r -t 0.1 -u 3 _; do :; done
  say "$changed has changed"
  if build; then
    stop
    start
  else
    say "does not build; the last one that did goes on running"
  fi
done
