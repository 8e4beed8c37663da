#!/usr/bin/env bash
# After a deploy: is what is live well, and is it what is claimed? Asked of the deployer's own parts; changes nothing.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/health-check.sh [--json] [--dry-run]
       scripts/health-check.sh --watch ...   (scripts/health-watch.sh --help)
  Asks the deployer what is live, the engine whether that is what runs, nginx what new connections meet, each container
  whether it is ready with the expected revision, and has a canary analysis computed through the public name.
  --json      one JSON document to standard output: {"ok": true, "checks": [{"name", "ok", "detail"}, ...]}
  --dry-run   say what would be asked, and ask nothing
  --watch     for cron or a timer, best on another machine: ask /health as anybody may, and tell people once when the
              health service itself falls silent, and once when it answers again

Exit codes: 0 all well, 1 something is not, 2 wrong arguments.
TEXT
}

if [ "${1:-}" = --watch ]; then
  shift
  exec "$(dirname "$0")/health-watch.sh" "$@"
fi

cd "$(dirname "$0")/.."
arguments=()
for argument in "$@"; do
  case $argument in
    --help | -h) usage; exit 0 ;;
    --dry-run) echo "would ask: scripts/compose.sh prod exec deployer e2i-deployer health-check"; exit 0 ;;
    --json) arguments+=(--json) ;;
    *) usage >&2; exit 2 ;;
  esac
done
exec scripts/compose.sh prod exec --no-TTY --env LOG_LEVEL=off deployer e2i-deployer health-check "${arguments[@]+"${arguments[@]}"}"
