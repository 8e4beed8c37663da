#!/usr/bin/env bash
# Puts a build of the web app where nginx serves it, under a running nginx and without a moment in which it is broken.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: publish-web-app.sh BUILD FOLDER

Puts the build (frontend/dist) into the folder that nginx serves. New files first, index.html last and in one step; what
only older builds knew stays for 7 days after it was replaced, for tabs that are still open. Files that compress well get a
.gz beside them.
TEXT
}

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  usage
  exit 0
fi
if [ $# -ne 2 ] || [ ! -f "$1/index.html" ]; then
  usage >&2
  exit 64
fi
build=$1
folder=$2
umask 022
mkdir -p "$folder/assets"

# What the last build knew counts as old from now on, what builds before it knew since they were replaced.
if [ -f "$folder/.build" ]; then
  while read -r file; do
    if [ -f "$folder/$file" ]; then touch "$folder/$file"; fi
  done <"$folder/.build"
fi
(cd "$build" && find . -type d) | while read -r sub; do mkdir -p "$folder/$sub"; done
(cd "$build" && find . -type f ! -name index.html) | while read -r file; do
  case $file in
    # Named after its content: the same.
    ./assets/*) if [ -f "$folder/$file" ]; then continue; fi ;;
  esac
  cp "$build/$file" "$folder/$file.new"
  case $file in
    *.js | *.css | *.svg | *.csv | *.json)
      gzip -9 -n -c "$folder/$file.new" >"$folder/$file.gz.new"
      mv "$folder/$file.gz.new" "$folder/$file.gz"
      ;;
  esac
  mv "$folder/$file.new" "$folder/$file"
done
gzip -9 -n -c "$build/index.html" >"$folder/index.html.gz.new"
cp "$build/index.html" "$folder/index.html.new"
mv "$folder/index.html.gz.new" "$folder/index.html.gz"
mv "$folder/index.html.new" "$folder/index.html"
(cd "$build" && find . -type f) >"$folder/.build"
find "$folder/assets" -type f -mtime +6 | while read -r old; do
  name=./${old#"$folder"/}
  grep -q -x -F -e "${name%.gz}" "$folder/.build" || rm -f "$old"
done
