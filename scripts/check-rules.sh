#!/usr/bin/env bash
# The rules of the house that no linter knows. Prints every breach and fails when there is one.
set -euo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<'TEXT'
usage: scripts/check-rules.sh

Checks files under version control:
  Rust files have at most 400 lines before their tests, main.rs at most 60
  every Rust file opens with a //! comment
  no #[allow(..)], todo!, unimplemented!, dbg!
  no path of somebody's machine
  scripts are bash in strict mode and have --help
  images come from docker/base-images.txt or docker/base-images.monitoring.txt; no Dockerfile has a syntax line
TEXT
  exit 0
fi

cd "$(dirname "$0")/.."
breaches=0
breach() {
  printf '%s\n' "$*" >&2
  breaches=$((breaches + 1))
}

rust_files() { git ls-files --cached --others --exclude-standard 'crates/*.rs'; }

while read -r file; do
  [ -f "$file" ] || continue
  lines=$(awk '/^#\[cfg\(test\)\]/ { exit } { count++ } END { print count + 0 }' "$file")
  case "$file" in
    */tests/*) ;;
    */main.rs) [ "$lines" -le 60 ] || breach "$file: $lines lines; a main.rs has at most 60" ;;
    *) [ "$lines" -le 400 ] || breach "$file: $lines lines before its tests; split it at 400" ;;
  esac
  head -n 1 "$file" | grep -q '^//!' || breach "$file: does not open with a //! comment that says what it is for"
done < <(rust_files)

found() { # PATTERN ADVICE PATH...
  local pattern=$1 advice=$2
  shift 2
  while IFS= read -r hit; do
    breach "$hit: $advice"
  done < <(git grep --untracked -nIE "$pattern" -- "$@" | cut -c 1-160)
}

found '#!?\[allow\(' 'say #[expect(lint, reason = "...")]' 'crates/*.rs'
found '\b(todo|unimplemented|dbg)!' 'finish it' 'crates/*.rs'
# The brackets keep this file from finding itself.
found '/(wor[k]|far[m]|roo[t]|hom[e])/[a-zA-Z.]' 'a path of somebody'"'"'s machine' . ':!*.lock'

while read -r file; do
  case "$file" in
    # Runs under any sh, given by `-c`.
    crates/*) continue ;;
    # Called by an image's own start, never by people.
    docker/base-images/* | docker/postgres/* | docker/monitoring/*) continue ;;
  esac
  grep -q '^set -euo pipefail$' "$file" || breach "$file: has no strict mode (set -euo pipefail)"
  grep -q -e '--help' "$file" || breach "$file: has no --help"
done < <(git ls-files --cached --others --exclude-standard '*.sh')

# Images that can be had without a registry, too, and no frontend of a build that only a registry has.
named() {
  git ls-files --cached --others --exclude-standard 'docker/*Dockerfile' | xargs grep -hE '^FROM ' | awk '{ print $2 }'
  grep -hE '^ *image: ' docker-compose*.yml | awk '{ print $2 }'
}
# shellcheck disable=SC2016 # awk's fields
stages() {
  git ls-files --cached --others --exclude-standard 'docker/*Dockerfile' | xargs awk 'toupper($3) == "AS" { print $4 }'
}
while read -r image; do
  # shellcheck disable=SC2016 # as it stands in the file
  case $image in '${IMAGE_PREFIX:-e2i}/'*) continue ;; esac
  stages | grep -qxF "$image" || grep -qxF "$image" docker/base-images.txt docker/base-images.monitoring.txt ||
    breach "$image: is no image of docker/base-images.txt or docker/base-images.monitoring.txt; add it there with a stand-in, or use one that is"
done < <(named | sort -u)
found '^# *syntax=' 'BuildKit would ask a registry for it; leave it out' 'docker/*'

if [ "$breaches" -gt 0 ]; then
  echo "$breaches breaches of the rules" >&2
  exit 1
fi
echo "rules: no breach"
