#!/usr/bin/env bash
# Builds the web app into frontend/dist, when something of it has changed.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/web-app.sh [--packages | --if-possible]

Installs the packages of frontend/package-lock.json when that has changed, and builds frontend/dist when a source has.
  --packages      install the packages alone
  --if-possible   without Node say so and succeed: the platform runs without its web app, too

Needs Node 20.19 or newer with npm. No browser is downloaded.
TEXT
}

mode=build
case "${1:-}" in
  --help | -h) usage && exit 0 ;;
  --packages) mode=packages ;;
  --if-possible) mode=if-possible ;;
  '') ;;
  *) usage >&2 && exit 64 ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")/../frontend"

if ! command -v npm >/dev/null; then
  echo "web-app.sh: there is no npm. Install Node 20.19 or newer for the web app." >&2
  [ "$mode" = if-possible ] && exit 0
  exit 1
fi

# Both stamps go when the packages do.
readonly packages_stamp=node_modules/.e2i-packages build_stamp=node_modules/.e2i-build
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

packages=$(cat package-lock.json .npmrc <(node --version) | sha256sum)
if [ "$(cat "$packages_stamp" 2>/dev/null)" != "$packages" ]; then
  echo "Installing the packages of the web app ..." >&2
  npm ci --no-fund --no-audit --loglevel=error >&2
  echo "$packages" >"$packages_stamp"
fi
if [ "$mode" = packages ]; then
  exit 0
fi

sources=$(find index.html package-lock.json tsconfig.json vite.config.ts public src ../testdata/*.csv -type f -print0 |
  sort -z | xargs -0 sha256sum | sha256sum)
if [ ! -f dist/index.html ] || [ "$(cat "$build_stamp" 2>/dev/null)" != "$sources" ]; then
  echo "Building the web app ..." >&2
  npm run --silent build >&2
  echo "$sources" >"$build_stamp"
fi
