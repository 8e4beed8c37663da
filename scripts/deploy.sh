#!/usr/bin/env bash
# Releases by hand: the same release as a push begins, by the deployer itself.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/deploy.sh [--first] [--force] [--note TEXT] [--no-wait] [--json] [--dry-run] [REF]
  Releases REF (main), which has to be on the branch that is released, and waits until it is live or back.
  --first      on a server where no deployer runs yet: the same engine in a container of its own, from the deployer's
               image (scripts/images.sh builds it); start the deployer afterwards: scripts/compose.sh prod up --detach
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
first=0
for argument in "$@"; do
  case $argument in
    --help | -h) usage; exit 0 ;;
    --first) first=1 ;;
  esac
done
if [ "$first" = 1 ]; then
  exec scripts/compose.sh prod run --rm --no-deps --env LOG_LEVEL=warn deployer deploy "$@"
fi
exec scripts/compose.sh prod exec --no-TTY deployer e2i-deployer deploy "$@"
