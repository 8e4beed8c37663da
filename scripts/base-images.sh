#!/usr/bin/env bash
# Brings every image of docker/base-images.txt to this machine: pulls it, or builds a stand-in under the same name from
# Debian packages and this machine's toolchains where no registry can be reached (an air-gapped site, CI).
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/base-images.sh [--dry-run] [--list] [--monitoring] [IMAGE ...]
  Makes the images of docker/base-images.txt (or only those named) available; does nothing for those that are there.
  --monitoring   those of the compose profile `monitoring` instead (docker/base-images.monitoring.txt)
  --dry-run   say what would be done
  --list      list the images, and of each whether it is there and whether it is a stand-in

Stand-ins need root, mmdebstrap (installed when missing), and for rust and node this machine's own toolchains. They trust
the certificates of /usr/local/share/ca-certificates, as this machine does, and carry the label e2i.stand-in.
E2I_BASE_IMAGES=stand-ins does not even try to pull.
TEXT
}

cd "$(dirname "$0")/.."
recipes=docker/base-images
dry_run=0 list=0 images=docker/base-images.txt wanted=()
for argument in "$@"; do
  case $argument in
    --help | -h) usage; exit 0 ;;
    --dry-run) dry_run=1 ;;
    --list) list=1 ;;
    --monitoring) images=docker/base-images.monitoring.txt ;;
    -*) usage >&2; exit 2 ;;
    *) wanted+=("$argument") ;;
  esac
done
if [ ${#wanted[@]} = 0 ]; then
  mapfile -t wanted < <(grep -v '^#' "$images")
fi

say() { printf '%s\n' "$*"; }
# prom/prometheus:v2 -> prometheus
recipe_of() { local name=${1%%:*}; printf '%s' "${name##*/}"; }
label() { docker image inspect --format '{{index .Config.Labels "e2i.stand-in"}}' "$1" 2>/dev/null; }
is_here() { docker image inspect "$1" >/dev/null 2>&1; }

# One image tells whether there is a registry at all; a name that does not resolve fails at once. What it said is shown:
# a registry that refuses for another reason is mended there, not by a stand-in.
registry=unknown
pull() {
  [ "${E2I_BASE_IMAGES:-}" != stand-ins ] && [ "$registry" != away ] || return 1
  local answer
  if answer=$(timeout 900 docker pull --quiet "$1" 2>&1); then
    registry=there
    return 0
  fi
  if [ "$registry" = there ]; then
    say "base-images: $1 cannot be pulled although the registry answers: $answer" >&2
    exit 1
  fi
  registry=away
  say "base-images: no image can be pulled, so stand-ins are built here. The engine said: $answer"
  return 1
}

# This machine's own mirror.
mirror() {
  local found
  found=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true; } |
    awk '/^URIs:/ { print $2 } /^deb / { print ($2 ~ /^\[/) ? $3 : $2 }' | awk '/\/debian\/?$/ && !seen++')
  printf '%s\n' "${found:-http://deb.debian.org/debian}"
}

need_root_tool() {
  command -v "$1" >/dev/null && return
  say "base-images: installing $1"
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "$1" >/dev/null
}

debian() {
  need_root_tool mmdebstrap
  local work
  work=$(mktemp -d)
  # shellcheck disable=SC2016 # $1 is the new root, which mmdebstrap sets
  mmdebstrap --quiet --variant=minbase --include=ca-certificates \
    --customize-hook='mkdir -p "$1/usr/local/share/ca-certificates"' \
    --customize-hook='cp /usr/local/share/ca-certificates/*.crt "$1/usr/local/share/ca-certificates/" 2>/dev/null || true' \
    --customize-hook='chroot "$1" update-ca-certificates >/dev/null 2>&1' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    trixie "$work/base.tar" "$(mirror)"
  docker import --change 'CMD ["bash"]' --change 'LABEL e2i.stand-in=true' "$work/base.tar" "$1" >/dev/null
  rm -rf "$work"
}

recipe() {
  local image=$1 name
  name=$(recipe_of "$1")
  shift
  docker build --quiet --label e2i.stand-in=true --tag "$image" --file "$recipes/$name.Dockerfile" "$@" "$recipes" >/dev/null
}

stand_in() {
  local image=$1
  case ${image%%:*} in
    debian) debian "$image" ;;
    rust)
      local root
      root=$(rustc --print sysroot)
      recipe "$image" --build-context "toolchain-bin=$root/bin" --build-context "toolchain-lib=$root/lib"
      ;;
    node)
      local work
      work=$(mktemp -d)
      cp "$(readlink -f "$(command -v node)")" "$work/node"
      recipe "$image" --build-context "node-bin=$work" \
        --build-context "npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")"
      rm -rf "$work"
      ;;
    *) recipe "$image" ;;
  esac
}

if ! docker info >/dev/null 2>&1; then
  say "base-images: no Docker engine answers; start one (scripts/engine.sh start) and come back" >&2
  exit 1
fi
for image in "${wanted[@]}"; do
  if [ "$list" = 1 ]; then
    state=missing
    if is_here "$image"; then
      state="official image"
      [ "$(label "$image")" = true ] && state="stand-in"
    fi
    printf '%-24s %s\n' "$image" "$state"
  elif is_here "$image"; then
    :
  elif [ "$dry_run" = 1 ]; then
    say "would pull $image, or build $recipes/$(recipe_of "$image") in its place"
  elif pull "$image"; then
    say "base-images: pulled $image"
  elif [ "$image" != debian:trixie-slim ] && [ ! -f "$recipes/$(recipe_of "$image").Dockerfile" ]; then
    say "base-images: there is no stand-in for $image (no Debian package has it): what runs on it does not run here" >&2
  else
    # A fixed beginning, so that what stands on it is built once.
    [ "${image%%:*}" = debian ] || is_here debian:trixie-slim || stand_in debian:trixie-slim
    begin=$SECONDS
    stand_in "$image"
    say "base-images: built a stand-in for $image in $((SECONDS - begin)) s"
  fi
done
