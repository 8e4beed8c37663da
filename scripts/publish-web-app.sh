#!/usr/bin/env bash
# Puts a build of the web app where nginx serves it, under a running nginx and without a moment in which it is broken.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: publish-web-app.sh [--assets-only] BUILD FOLDER

Puts the build (frontend/dist) into the folder that nginx serves. New files first, index.html last and in one step; what
only older builds knew stays for 7 days after it was replaced, for tabs that are still open. Files that compress well get a
.gz beside them.
  --assets-only   only assets/, whose files are named after their content: for a folder that several builds share
TEXT
}

only=.
case "${1:-}" in
  --help | -h) usage; exit 0 ;;
  --assets-only) only=./assets; shift ;;
esac
if [ $# -ne 2 ] || [ ! -f "$1/index.html" ]; then
  usage >&2
  exit 64
fi
build=$1
folder=$2
umask 022
mkdir -p "$folder/assets"
# Two that publish at the same time each write their own file.
new=.new.$$.$RANDOM
trap 'find "$folder" -name "*$new" -delete' EXIT

# What the last build knew counts as old from now on, what builds before it knew since they were replaced.
if [ -f "$folder/.build" ]; then
  while read -r file; do
    if [ -f "$folder/$file" ]; then touch "$folder/$file"; fi
  done <"$folder/.build"
fi
(cd "$build" && find "$only" -type d) | while read -r sub; do mkdir -p "$folder/$sub"; done
(cd "$build" && find "$only" -type f ! -name index.html ! -name '*.gz') | while read -r file; do
  case $file in
    # Named after its content: the same.
    ./assets/*) if [ -f "$folder/$file" ]; then touch "$folder/$file"; continue; fi ;;
  esac
  cp "$build/$file" "$folder/$file$new"
  case $file in
    *.js | *.css | *.svg | *.csv | *.json)
      # From a build that was published before, as it is.
      if [ -f "$build/$file.gz" ]; then cp "$build/$file.gz" "$folder/$file.gz$new"; else gzip -9 -n -c "$build/$file" >"$folder/$file.gz$new"; fi
      mv "$folder/$file.gz$new" "$folder/$file.gz"
      ;;
  esac
  mv "$folder/$file$new" "$folder/$file"
done
if [ "$only" = . ]; then
  gzip -9 -n -c "$build/index.html" >"$folder/index.html.gz$new"
  cp "$build/index.html" "$folder/index.html$new"
  mv "$folder/index.html.gz$new" "$folder/index.html.gz"
  mv "$folder/index.html$new" "$folder/index.html"
fi
(cd "$build" && find "$only" -type f) >"$folder/.build$new"
mv "$folder/.build$new" "$folder/.build"
find "$folder/assets" -type f ! -name '*.gz' -mtime +6 | while read -r old; do
  grep -q -x -F -e "./${old#"$folder"/}" "$folder/.build" || rm -f "$old" "$old.gz"
done
