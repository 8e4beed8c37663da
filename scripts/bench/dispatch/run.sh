#!/usr/bin/env bash
# Runs one peer of make bench-dispatch and prints its figures as one JSON line, the last.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/bench/dispatch/run.sh [--dry-run] bullmq|bullmq-record|graphile|celery

Needs JOBS, CONCURRENCY, REDIS_URL and DATABASE_URL (servers of the bench's own: their data are overwritten). Installs the
peer once into ~/.cache/e2i/bench-dispatch, from npm or PyPI.
  --dry-run   say what would be done
TEXT
}

dry_run=no
case "${1:-}" in
  --help | -h) usage && exit 0 ;;
  --dry-run) dry_run=yes && shift ;;
esac
peer="${1:-}"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
folder="${XDG_CACHE_HOME:-$HOME/.cache}/e2i/bench-dispatch"

case "$peer" in
  bullmq | bullmq-record | graphile | celery) ;;
  *) usage >&2 && exit 64 ;;
esac
if [ "$dry_run" = yes ]; then
  echo "would install $peer in $folder and run ${JOBS:-20000} jobs at concurrency ${CONCURRENCY:-32}"
  exit 0
fi
: "${JOBS:?}" "${CONCURRENCY:?}" "${REDIS_URL:?}" "${DATABASE_URL:?}"
export JOBS CONCURRENCY REDIS_URL DATABASE_URL
mkdir -p "$folder"

if [ "$peer" = celery ]; then
  if [ ! -x "$folder/venv/bin/celery" ]; then
    python3 -m venv "$folder/venv" >&2
    "$folder/venv/bin/pip" install --quiet "celery[redis]==5.7.0" >&2
  fi
  exec "$folder/venv/bin/python" "$here/celery_peer.py"
fi
if ! cmp --silent "$here/package.json" "$folder/package.json" || [ ! -d "$folder/node_modules" ]; then
  cp "$here/package.json" "$folder/package.json"
  (cd "$folder" && npm install --silent --no-audit --no-fund >&2)
fi
# Modules are looked for beside the script.
cp "$here"/*.mjs "$folder/"
exec node "$folder/${peer%-record}.mjs" "$peer"
