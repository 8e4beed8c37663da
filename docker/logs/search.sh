#!/usr/bin/env bash
# Finds lines among those that are kept. Runs where the files are; scripts/logs.sh is the way in.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/logs.sh [--request ID] [--service NAME]... [--day DAY | --days N] [WORDS]
       scripts/logs.sh --follow [--request ID] [--service NAME]... [WORDS]
       scripts/logs.sh --list
  Prints lines of all services in the order of their time: TIME CONTAINER LINE.
  --request ID     those of one request, as answers name it (X-Request-Id): nginx's, the gateway's, the worker's
  --trace ID       those of one trace: 32 hexadecimal digits, as logs name it
  --service NAME   of this service alone; may be repeated
  --day DAY        of one day, as in 2026-11-26 (UTC); `today` and `yesterday` are understood
  --days N         of the last N days (1: today); all that are kept, when neither is said
  --follow         what comes from now on, until Ctrl-C
  --list           which services and days there are, with their bytes
  WORDS            lines with this in them, letter by letter
TEXT
}

readonly folder=${LOGS_FOLDER:-/var/log/e2i}
services=() words=() first='' last='' follow=0 list=0

say() { printf 'logs: %s\n' "$*" >&2; }
wrong() { say "$*"; usage >&2; exit 2; }
day_of() { date --utc --date "$1" +%F 2>/dev/null || wrong "\"$1\" is no day; write it as in 2026-11-26"; }

while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --follow | -f) follow=1; shift; continue ;;
    --list) list=1; shift; continue ;;
    --request | --trace | --service | --day | --days) if [ -z "${2:-}" ]; then wrong "$1 is to be followed by what is meant"; fi ;;
    -*) wrong "there is no $1" ;;
    *) words+=("$1"); shift; continue ;;
  esac
  case $1 in
    --request)
      [[ $2 =~ ^[A-Za-z0-9._-]{8,64}$ ]] || wrong "\"$2\" is no request's id; answers name it as X-Request-Id"
      words+=("\"$2\"") ;;
    --trace)
      [[ $2 =~ ^[0-9a-f]{32}$ ]] || wrong "\"$2\" is no trace's id: 32 hexadecimal digits"
      words+=("$2") ;;
    --service)
      [[ $2 =~ ^[a-z0-9][a-z0-9_-]*$ ]] || wrong "\"$2\" is no service's name"
      services+=("$2") ;;
    --day) first=$(day_of "$2") last=$first ;;
    --days)
      [[ $2 =~ ^[1-9][0-9]{0,3}$ ]] || wrong "\"$2\" is no number of days"
      first=$(date --utc --date "$(date --utc +%F) - $(($2 - 1)) days" +%F) last=9999-99-99 ;;
  esac
  shift 2
done

[ -d "$folder" ] || { say "there is no folder $folder: has the container \`logs\` run here?"; exit 1; }
if [ ${#services[@]} = 0 ]; then
  mapfile -t services < <(find "$folder" -mindepth 1 -maxdepth 1 -type d -not -name '.*' -printf '%f\n' | sort)
fi

# A service's files in the order of their time: earlier parts of a day sort before its last.
files_of() {
  local path day
  [ -d "$folder/$1" ] || { say "nothing is kept of a service called $1"; return 0; }
  while IFS= read -r path; do
    day=$(basename "$path")
    day=${day:0:10}
    [[ -z $first || ! ( $day < $first || $day > $last ) ]] || continue
    printf '%s\n' "$path"
  done < <(find "$folder/$1" -maxdepth 1 -type f -name '[0-9]*.log*' | LC_ALL=C sort)
}

matching() {
  local word pipeline=cat
  # Each word has to be there: one grep a word, without expressions.
  for word in "${words[@]}"; do pipeline+=$(printf ' | grep --text --line-buffered --fixed-strings -e %q' "$word"); done
  eval "$pipeline" || true
}

lines_of() {
  local paths
  mapfile -t paths < <(files_of "$1")
  [ ${#paths[@]} -gt 0 ] || return 0
  # One that is just being compressed or removed is not there any more under this name.
  zcat --force -- "${paths[@]}" 2>/dev/null | matching
}

if [ "$list" = 1 ]; then
  for service in "${services[@]}"; do
    while IFS= read -r path; do printf '%s %s %s\n' "$service" "$(basename "$path" | cut -c1-10)" "$(stat --format %s "$path")"; done \
      < <(files_of "$service")
  done | awk '{ bytes[$1 " " $2] += $3 } END { for (key in bytes) print key, bytes[key] }' | sort
  exit 0
fi

if [ "$follow" = 1 ]; then
  # At midnight files have other names.
  while :; do
    today=$(date --utc +%F) paths=()
    for service in "${services[@]}"; do paths+=("$folder/$service/$today.log"); done
    left=$(($(date --utc --date "$today + 1 day" +%s) - $(date +%s)))
    timeout "$left" tail --quiet --lines 0 --follow=name --retry "${paths[@]}" 2>/dev/null | matching
  done
fi

# Each service's lines are in order: they are merged, not sorted, however many there are.
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
merged=()
for service in "${services[@]}"; do
  mkfifo "$made/$service"
  lines_of "$service" >"$made/$service" &
  merged+=("$made/$service")
done
[ ${#merged[@]} = 0 ] || LC_ALL=C sort --merge --batch-size 64 --key 1,1 "${merged[@]}"
