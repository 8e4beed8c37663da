#!/usr/bin/env bash
# Looks for known vulnerabilities of what we depend on, without a network.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/check-advisories.sh [--dry-run] CARGO_DENY

Compares Cargo.lock with a copy of the RustSec database, ../shared/data/advisory-db.tar.gz beside the clone
(ADVISORY_DB names another). Where there is none it says so and passes: the scheduled CI job fetches a fresh one.
CARGO_DENY is the program.
  --dry-run   say what would be done
TEXT
}

dry_run=no
case "${1:-}" in
  --help | -h) usage && exit 0 ;;
  --dry-run) dry_run=yes && shift ;;
esac
if [ $# -ne 1 ]; then
  usage >&2
  exit 64
fi
cargo_deny=$1
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
archive="${ADVISORY_DB:-$here/../shared/data/advisory-db.tar.gz}"

if [ ! -f "$archive" ]; then
  echo "advisories: skipped, because there is no copy of the RustSec database at $archive"
  exit 0
fi
if [ "$dry_run" = yes ]; then
  echo "would compare Cargo.lock with $archive"
  exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# The name that cargo-deny gives to its clone of https://github.com/RustSec/advisory-db, which it wants to be a repository.
database="$folder/advisory-db-3157b0e258782691"
mkdir "$database"
tar -xzf "$archive" -C "$database"
top=$(find "$database" -maxdepth 3 -type d -name crates -print -quit)
if [ -z "$top" ]; then
  echo "check-advisories.sh: $archive holds no advisories (no folder crates)" >&2
  exit 1
fi
top=$(dirname "$top")
if [ "$top" != "$database" ]; then
  mv "$top" "$folder/top"
  rm -rf "$database"
  mv "$folder/top" "$database"
fi
git -C "$database" init --quiet
git -C "$database" add --all
git -C "$database" -c user.name=advisories -c user.email=advisories@localhost commit --quiet --message "RustSec, as copied"
# cargo-deny wants to know when it was fetched.
git -C "$database" update-ref refs/remotes/origin/HEAD HEAD
touch "$database/.git/FETCH_HEAD"
sed "s|^db-path = .*|db-path = \"$folder\"|" "$here/deny.toml" >"$folder/deny.toml"
cd "$here"
"$cargo_deny" --offline --all-features --locked --config "$folder/deny.toml" check --hide-inclusion-graph advisories
