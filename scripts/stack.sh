#!/usr/bin/env bash
# Runs the tool `stack` with a Docker engine: the one that answers, else one that is started for it and stopped again.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/stack.sh test [--tier files|base|prod|dev] [--list] [--keep] [--report FILE] [CASE ...]
       scripts/stack.sh bench [--seconds N] [--connections N] [--without-hot-reload]
  Root is needed: for a network namespace, for the processes of containers, and for an engine where none answers.
TEXT
}

case ${1:-} in
  test | bench) ;;
  --help | -h) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/e2i/target}
export CARGO_TARGET_DIR=$target
if ! scripts/engine.sh status >/dev/null 2>&1; then
  trap 'scripts/engine.sh stop' EXIT
  scripts/engine.sh start
fi
cargo build --quiet --locked --package stack
# Not exec: the engine is stopped afterwards. Ctrl-C reaches `stack`, which takes everything down first.
trap : INT
"$target/debug/stack" "$@"
