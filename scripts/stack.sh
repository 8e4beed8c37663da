#!/usr/bin/env bash
# Runs the tools `stack` and `rollout` with a Docker engine: the one that answers, else one that is started for it and
# stopped again.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/stack.sh test [--tier files|base|prod|dev] [--list] [--keep] [--report FILE] [CASE ...]
       scripts/stack.sh bench [--seconds N] [--connections N] [--without-hot-reload]
       scripts/stack.sh alarms [--list] [--keep] [--report FILE] [CASE ...]
       scripts/stack.sh alarms-bench [--rounds N] [--report FILE]
       scripts/stack.sh deploy-test [--ci] [--seed N] [--anew] [--list] [--keep] [--report FILE] [CASE ...]
       scripts/stack.sh deploy-bench [--part all|pulled|built]
  Root is needed: for namespaces, for the processes of containers, and for an engine where none answers. deploy-... also
  needs Debian's docker-registry, which is installed where it is missing.
TEXT
}

year=
case ${1:-} in
  test | bench | alarms) tool=stack ;;
  alarms-bench)
    tool=stack year=1
    set -- alarms --bench "${@:2}"
    ;;
  deploy-test | deploy-bench)
    tool=rollout
    set -- "${1#deploy-}" "${@:2}"
    if ! command -v docker-registry >/dev/null; then
      apt-get update -qq
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker-registry >/dev/null
    fi
    ;;
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
# Of rollout there is a second program, which the images that go wrong begin with.
cargo build --quiet --locked --workspace --bin "$tool*"
if [ -n "$year" ]; then
  # A year of health's looks, through its own code.
  cargo build --quiet --locked --release --package health --example year
  set -- "$@" --year "$target/release/examples/year"
fi
# Not exec: the engine is stopped afterwards. Ctrl-C reaches the tool, which takes everything down first.
trap : INT
"$target/debug/$tool" "$@"
