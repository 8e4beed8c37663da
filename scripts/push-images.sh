#!/usr/bin/env bash
# Builds the images of this checkout that the registry does not have and pushes them; tells each by its digest.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: IMAGE_PREFIX=REGISTRY/PATH scripts/push-images.sh [--digests FILE] [--dry-run]
  For each service: IMAGE_PREFIX/SERVICE:REVISION, as scripts/revision.sh tells it. What the registry has of that revision is
  neither built nor pushed again: a name, once pushed, keeps its digest.
  --digests FILE   write "SERVICE REVISION DIGEST" lines there as well
  --dry-run        say what would be built and pushed
TEXT
}

cd "$(dirname "$0")/.."
digests=/dev/null dry_run=0
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --dry-run) dry_run=1; shift ;;
    --digests) [ $# -gt 1 ] || { usage >&2; exit 2; }; digests=$2; shift 2 ;;
    *) usage >&2; exit 2 ;;
  esac
done
prefix=${IMAGE_PREFIX:-}
case $prefix in
  */*) ;;
  *) echo "push-images: IMAGE_PREFIX names no registry; say e.g. IMAGE_PREFIX=ghcr.io/owner/e2i" >&2; exit 2 ;;
esac

# What the registry says of a name: the digest of what it leads to.
digest_of() { docker buildx imagetools inspect "$1" --format '{{.Manifest.Digest}}' 2>/dev/null; }

missing=()
while read -r service revision; do
  case $revision in *-dirty-*) echo "push-images: $service has changes that are not committed" >&2; exit 1 ;; esac
  digest_of "$prefix/$service:$revision" >/dev/null || missing+=("$service")
done < <(scripts/revision.sh)
echo "push-images: to be built and pushed: ${missing[*]:-nothing}"
[ "$dry_run" = 0 ] || exit 0
[ ${#missing[@]} = 0 ] || scripts/images.sh "${missing[@]}"
: >"$digests"
while read -r service revision; do
  name=$prefix/$service:$revision
  if [[ " ${missing[*]:-} " = *" $service "* ]]; then docker push --quiet "$name" >/dev/null; fi
  digest=$(digest_of "$name") || { echo "push-images: the registry does not show $name" >&2; exit 1; }
  printf '%s %s %s\n' "$service" "$revision" "$digest" | tee -a "$digests"
done < <(scripts/revision.sh)
