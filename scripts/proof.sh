#!/usr/bin/env bash
# Writes docs/PROOF.md: published values beside ours, and the benches, each with command, commit, machine and date.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/proof.sh [--dry-run]

Runs make bench-causal, bench-dispatch and bench-gateway (with their peers; PEERS=0 leaves them out), make bench-main-job
make bench-frontend, make bench-stack, make bench-deploy, make bench-health and make red-flags, asks the platform for every published value, and writes docs/PROOF.md. Takes about 20 minutes after the
release build, on a machine that does nothing else.
TEXT
}

dry_run=no
case "${1:-}" in
  '') ;;
  --dry-run) dry_run=yes ;;
  --help | -h) usage && exit 0 ;;
  *) usage >&2 && exit 2 ;;
esac

cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/e2i/target}
export CARGO_TARGET_DIR=$target PEERS=${PEERS:-1}

commit=$(git rev-parse --short=12 HEAD)
[ -z "$(git status --porcelain --untracked-files=no)" ] || commit="$commit with changes"
processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
memory=$(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)
machine="${processor:-$(uname -m)}, $(nproc) cores, $memory"
date=$(date -u +%Y-%m-%d)

if [ "$dry_run" = yes ]; then
  echo "would write docs/PROOF.md for commit $commit on $machine, $date (PEERS=$PEERS)"
  exit 0
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
make bench-causal | tee "$folder/causal"
make bench-main-job | tee "$folder/main_job"
make red-flags | tee "$folder/red_flags"
make bench-dispatch | tee "$folder/dispatch"
make bench-gateway | tee "$folder/gateway"
make bench-frontend | tee "$folder/frontend"
make bench-stack | tee "$folder/stack"
make bench-deploy | tee "$folder/deploy"
make bench-health | tee "$folder/health"
mkdir -p docs
"$target/release/e2i" proof --commit "$commit" --machine "$machine" --date "$date" --out docs/PROOF.md \
  --bench "$folder/causal" --bench "$folder/main_job" --bench "$folder/red_flags" \
  --bench "$folder/dispatch" --bench "$folder/gateway" --bench "$folder/frontend" --bench "$folder/stack" --bench "$folder/deploy" \
  --bench "$folder/health"
