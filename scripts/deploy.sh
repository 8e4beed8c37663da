#!/usr/bin/env bash
# Releases by hand: the same release as a push begins, by the deployer itself.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/deploy.sh [--first] [--force] [--note TEXT] [--no-wait] [--json] [--dry-run] [REF]
  Releases REF (main), which has to be on the branch that is released, and waits until it is live or back.
  --first      on a bare server, whose images scripts/images.sh has built or a registry has: brings production up, has the
               deployer's engine adopt it and release REF from a container of its own, and starts the deployer
  --force      overrule the refusals that can be overruled
  --note TEXT  why, for those who read it later
  --no-wait    do not wait for the end
  --json       one JSON document to standard output
  --dry-run    say what would change, and change nothing

Exit codes: 0 live, 1 failed or taken back, 2 wrong arguments, 3 refused, 4 no deployer answers, 78 wrong configuration.
From elsewhere than the server: e2i-deployer deploy, with PUBLIC_URL, E2I_EMAIL and E2I_PASSWORD_FILE set.
TEXT
}

cd "$(dirname "$0")/.."
first=0 dry_run=0
for argument in "$@"; do
  case $argument in
    --help | -h) usage; exit 0 ;;
    --first) first=1 ;;
    --dry-run) dry_run=1 ;;
  esac
done
if [ "$first" = 1 ]; then
  by_itself() { scripts/compose.sh prod run --rm --no-deps --no-TTY --env LOG_LEVEL=warn deployer deploy "$@"; }
  if [ "$dry_run" = 1 ]; then by_itself "$@"; exit; fi
  # A stopped one too: after a release, what follows would start a second gateway beside the one that is live.
  deployer=$(scripts/compose.sh prod ps --all --quiet deployer)
  if [ -n "$deployer" ]; then
    echo "deploy: there is a deployer here already; without --first it is told (is it stopped? scripts/compose.sh prod up --detach --no-deps deployer)" >&2
    exit 2
  fi
  scripts/compose.sh prod up --detach --no-build --scale deployer=0 >&2
  status=0
  by_itself "$@" || status=$?
  # Whatever came of it: the deployer goes on from the same journal.
  scripts/compose.sh prod up --detach --no-build --no-deps deployer >&2
  exit "$status"
fi
exec scripts/compose.sh prod exec --no-TTY deployer e2i-deployer deploy "$@"
