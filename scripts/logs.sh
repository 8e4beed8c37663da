#!/usr/bin/env bash
# Finds lines in the logs that the container `logs` keeps in production; docs/logs.md. All but the place is e2i-logs-search's.
set -euo pipefail

cd "$(dirname "$0")/.."
case ${1:-} in
  --help | -h)
    docker/logs/search.sh --help
    printf '\n  LOGS_FOLDER=DIR  looks into that folder instead of asking the container\n'
    exit 0
    ;;
esac
if [ -n "${LOGS_FOLDER:-}" ]; then exec docker/logs/search.sh "$@"; fi

# At a terminal Ctrl-C has to reach what follows there.
terminal=(--no-TTY)
if [ -t 0 ] && [ -t 1 ]; then terminal=(); fi
if [ -n "$(scripts/compose.sh prod ps --quiet --status running logs)" ]; then
  exec scripts/compose.sh prod exec "${terminal[@]}" logs e2i-logs search "$@"
fi
echo "logs: the container \`logs\` does not run; looking at what it has kept" >&2
exec scripts/compose.sh prod run --rm --no-deps "${terminal[@]}" logs search "$@"
