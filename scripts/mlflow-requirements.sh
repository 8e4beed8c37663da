#!/usr/bin/env bash
# Writes docker/mlflow/requirements.txt from requirements.in: every package with its version and the hashes of its files.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

usage() {
  cat <<'TEXT'
usage: scripts/mlflow-requirements.sh [--dry-run]

Asks pip, in the image that MLflow's is built from, what requirements.in leads to, less
unneeded.txt. Needs a Docker engine.
  --dry-run   print it instead of writing it
TEXT
}

case "${1:-}" in
  --help | -h) usage && exit 0 ;;
  --dry-run) dry_run=yes ;;
  "") dry_run=no ;;
  *)
    usage >&2
    exit 64
    ;;
esac

# What would be installed, from pip's own reports, one a platform: versions are the same, files are not.
readonly list='
import collections, json, sys
unneeded = set(sys.argv[1].split())
hashes = collections.defaultdict(set)
for line in sys.stdin:
    for item in json.loads(line)["install"]:
        if item["metadata"]["name"].lower().replace("_", "-") in unneeded:
            continue
        key = (item["metadata"]["name"], item["metadata"]["version"])
        hashes[key].add(item["download_info"]["archive_info"]["hashes"]["sha256"])
print("# Made by scripts/mlflow-requirements.sh from requirements.in; do not edit.")
for (name, version), found in sorted(hashes.items(), key=lambda item: item[0][0].lower()):
    print(" \\\n    ".join([f"{name}=={version}"] + [f"--hash=sha256:{one}" for one in sorted(found)]))
'
# shellcheck disable=SC2016 # Python, not the shell, reads these
readonly resolve='
cat >/tmp/requirements.in
for machine in x86_64 aarch64; do
  pip install --quiet --disable-pip-version-check --dry-run --ignore-installed --only-binary :all: --target /tmp/none \
    --platform "manylinux_2_28_$machine" --platform "manylinux_2_17_$machine" --platform "manylinux2014_$machine" \
    --report "/tmp/$machine.json" --requirement /tmp/requirements.in || exit 1
  tr -d "\n" <"/tmp/$machine.json" && echo
done
'
reports="$(mktemp)"
trap 'rm -f "$reports"' EXIT
docker run --rm --interactive python:3.13-slim-trixie sh -c "$resolve" <"$here/docker/mlflow/requirements.in" >"$reports"
unneeded="$(grep -v '^#' "$here/docker/mlflow/unneeded.txt")"
made="$(docker run --rm --interactive python:3.13-slim-trixie python -c "$list" "$unneeded" <"$reports")"
if [ "$dry_run" = yes ]; then
  printf '%s\n' "$made"
else
  printf '%s\n' "$made" >"$here/docker/mlflow/requirements.txt"
fi
