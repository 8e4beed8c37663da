#!/usr/bin/env bash
# A service's revision: the last commit that touched what its image is made of. An unchanged service keeps its revision,
# and with it its image, whatever else is committed.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/revision.sh [--paths] [SERVICE ...]
  Prints "SERVICE REVISION" for each (all without arguments). With changes that are not committed in what a service is
  made of, the revision ends in -dirty and a digest of them.
  --paths   print what each is made of instead
TEXT
}

cd "$(dirname "$0")/.."
all=(init gateway worker health frontend certificates nginx mlflow deployer logs)
paths=0 wanted=()
for argument in "$@"; do
  case $argument in
    --help | -h) usage; exit 0 ;;
    --paths) paths=1 ;;
    -*) usage >&2; exit 2 ;;
    *) wanted+=("$argument") ;;
  esac
done
[ ${#wanted[@]} -gt 0 ] || wanted=("${all[@]}")

# A crate and every crate of ours that it is built from (not those that only its tests use).
closure() {
  local queue=("$1") seen=' ' crate name
  while [ ${#queue[@]} -gt 0 ]; do
    crate=${queue[0]}
    queue=("${queue[@]:1}")
    case $seen in *" $crate "*) continue ;; esac
    seen+="$crate "
    while read -r name; do
      [ -d "crates/$name" ] && queue+=("$name")
    done < <(awk '/^\[/ { wanted = ($0 ~ /^\[(target\..*\.)?(build-)?dependencies/) } wanted && /^[a-z]/ { sub(/[ .=].*/, ""); print }' \
      "crates/$crate/Cargo.toml")
  done
  # shellcheck disable=SC2086 # a list of names
  printf 'crates/%s\n' $seen
}

made_of() {
  printf '%s\n' docker/base-images.txt .dockerignore
  case $1 in
    gateway | worker | health | deployer) printf '%s\n' Cargo.toml Cargo.lock docker/services; closure "$1" ;;
    frontend) printf '%s\n' docker/frontend frontend scripts/publish-web-app.sh nginx/frontend.conf nginx/http.conf nginx/problems.conf nginx/web.conf nginx/web-headers.conf nginx/mime.types testdata/nsw.csv testdata/panel.csv ;;
    nginx) printf '%s\n' docker/nginx nginx ;;
    init | certificates | mlflow | logs) printf '%s\n' "docker/$1" ;;
    *) printf 'revision: there is no service %s; there are %s\n' "$1" "${all[*]}" >&2; exit 2 ;;
  esac
}

for service in "${wanted[@]}"; do
  mapfile -t inputs < <(made_of "$service")
  [ ${#inputs[@]} -gt 2 ] || exit 2
  if [ "$paths" = 1 ]; then
    printf '%s\n' "${inputs[@]}"
    continue
  fi
  revision=$(git log -1 --format=%H --abbrev=12 -- "${inputs[@]}")
  revision=${revision:0:12}
  changes=$(git status --porcelain --untracked-files=all -- "${inputs[@]}")
  if [ -n "$changes" ]; then
    digest=$({ git diff HEAD --binary -- "${inputs[@]}"
      git ls-files --others --exclude-standard -z -- "${inputs[@]}" | sort -z | xargs -0 -r sha256sum; } | sha256sum)
    revision=$revision-dirty-${digest:0:8}
  fi
  printf '%s %s\n' "$service" "${revision:-none}"
done
