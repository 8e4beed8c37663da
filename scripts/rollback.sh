#!/usr/bin/env bash
# Goes back to a kept release, in seconds, by the deployer: no build, no migration.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/rollback.sh [--force] [--no-wait] [--json] [--dry-run] [DEPLOYMENT]
  Goes back to DEPLOYMENT (its number; without one, the release before the live one) and pins the platform to it, until a
  newer commit arrives or the pin is lifted (e2i-deployer resume).
  --force     although the database is newer than that release can read, or jobs would have no worker
  --no-wait   do not wait for the end
  --json      one JSON document to standard output
  --dry-run   say what is live and what one could go back to, and change nothing

Exit codes: 0 it is live again, 1 failed or taken back, 2 wrong arguments, 3 refused, 4 no deployer answers.
TEXT
}

cd "$(dirname "$0")/.."
command=rollback arguments=() json=()
for argument in "$@"; do
  case $argument in
    --help | -h) usage; exit 0 ;;
    --dry-run) command=status ;;
    --json) json=(--json) ;;
    --force | --no-wait) arguments+=("$argument") ;;
    -*) usage >&2; exit 2 ;;
    *) arguments+=("$argument") ;;
  esac
done
[ "$command" = rollback ] || arguments=()
exec scripts/compose.sh prod exec --no-TTY deployer e2i-deployer "$command" \
  "${json[@]+"${json[@]}"}" "${arguments[@]+"${arguments[@]}"}"
