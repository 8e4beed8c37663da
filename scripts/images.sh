#!/usr/bin/env bash
# Builds every image of this checkout, named by its service's revision, and writes which those are.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/images.sh [--dry-run] [SERVICE ...]
  Builds the images of all services (or only of those named) by docker-compose.yml, with the revisions that
  scripts/revision.sh tells, and writes these to .release.env, which scripts/compose.sh reads in production.
  A service whose image of that revision is here already is not built again.
  --dry-run   say what would be built
TEXT
}

cd "$(dirname "$0")/.."
dry_run=0 wanted=()
for argument in "$@"; do
  case $argument in
    --help | -h) usage; exit 0 ;;
    --dry-run) dry_run=1 ;;
    -*) usage >&2; exit 2 ;;
    *) wanted+=("$argument") ;;
  esac
done
prefix=${IMAGE_PREFIX:-e2i}

build=() release=
while read -r service revision; do
  variable=${service^^}_REVISION
  export "$variable=$revision"
  release+="$variable=$revision"$'\n'
  [ ${#wanted[@]} = 0 ] || [[ " ${wanted[*]} " = *" $service "* ]] || continue
  docker image inspect "$prefix/$service:$revision" >/dev/null 2>&1 || build+=("$service")
done < <(scripts/revision.sh)

if [ "$dry_run" = 1 ]; then
  echo "would build: ${build[*]:-nothing}"
  printf %s "$release"
  exit 0
fi
scripts/base-images.sh
if [ ${#build[@]} -gt 0 ]; then
  echo "images: building ${build[*]}"
  begin=$SECONDS
  of_compose=()
  for service in "${build[@]}"; do [[ $service = deployer || $service = logs ]] || of_compose+=("$service"); done
  if [ ${#of_compose[@]} -gt 0 ]; then docker compose --file docker-compose.yml build "${of_compose[@]}"; fi
  # In production's compose file alone, which builds nothing.
  if [[ " ${build[*]} " = *" deployer "* ]]; then
    docker build --file docker/services/Dockerfile --target deployer --tag "$prefix/deployer:$DEPLOYER_REVISION" \
      --build-arg "REVISION=$DEPLOYER_REVISION" --build-arg "VERSION=${APP_VERSION:-0.1.0}" .
  fi
  if [[ " ${build[*]} " = *" logs "* ]]; then
    docker build --file docker/logs/Dockerfile --tag "$prefix/logs:$LOGS_REVISION" \
      --build-arg "REVISION=$LOGS_REVISION" --build-arg "VERSION=${APP_VERSION:-0.1.0}" .
  fi
  echo "images: built in $((SECONDS - begin)) s"
fi
printf %s "$release" >.release.env.new
mv .release.env.new .release.env
echo "images: .release.env says which images this checkout is made of"
