#!/usr/bin/env bash
# tier: files
# about: the deployer's adapters on a real engine: builds under limits, releases there and back, signals, room, replacement
set -euo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<'TEXT'
usage: scripts/stack/deployer-adapters.sh [TEST ...]
  Runs crates/deployer/tests/docker: those tests of the deployer that need a Docker engine and Debian's docker-registry,
  which root installs where it is missing. One line a test.
TEXT
  exit 0
fi
cd "$(dirname "$0")/../.."
if ! command -v docker-registry >/dev/null; then
  apt-get install -y -qq --no-install-recommends docker-registry >/dev/null
fi
scripts/base-images.sh debian:trixie-slim nginx:1.30-trixie
code=0
# Two at a time: each brings up a platform of its own.
said=$(RUST_BACKTRACE=0 cargo test --locked --workspace --features deployer/engine-tests --test docker -- --test-threads 2 "$@" 2>&1) || code=$?
sed -n -e 's/^test \(.*\) \.\.\. ok$/ok - \1/p' -e 's/^test \(.*\) \.\.\. FAILED$/not ok - \1/p' <<<"$said"
if [ "$code" != 0 ]; then
  # The end is what a long log keeps: what failed, and why.
  sed -n '/^failures:$/,$p' <<<"$said" | tail -n 38 >&2
  grep -qx 'failures:' <<<"$said" || printf '%s\n' "$said" >&2
  exit "$code"
fi
