#!/usr/bin/env bash
# Writes openapi.json from the services' code; with --check fails when the committed file differs.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/openapi.sh [--check]

  --check   write nothing; fail, with the difference, when openapi.json is not what the code says
TEXT
}

check=no
case "${1:-}" in
  '') ;;
  --check) check=yes ;;
  --help | -h) usage && exit 0 ;;
  *) usage >&2 && exit 2 ;;
esac

cd "$(dirname "$0")/.."
new=$(mktemp) deployer=$(mktemp) health=$(mktemp)
trap 'rm -f "$new" "$deployer" "$health"' EXIT
# With --workspace dependencies have the features that they have in `cargo test --workspace`: nothing is compiled twice.
cargo build --quiet --locked --workspace --bin e2i-deployer --bin e2i-health --bin e2i
built=${CARGO_TARGET_DIR:-target}/debug
"$built/e2i-deployer" openapi >"$deployer"
"$built/e2i-health" openapi >"$health"
"$built/e2i" service gateway openapi --with "$deployer" --with "$health" >"$new"

if [ "$check" = no ]; then
  cat "$new" >openapi.json
  echo "openapi.json written"
elif ! diff -u --label openapi.json --label "the code" openapi.json "$new" | head -n 60; then
  echo "openapi.json is not what the code says: run \`make openapi\` and commit it" >&2
  exit 1
else
  echo "openapi.json: no drift"
fi
