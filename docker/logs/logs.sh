#!/usr/bin/env bash
# The entrypoint of the container `logs`: rsyslog carries lines into files per service and day, this keeps them bounded.
set -euo pipefail
umask 027

usage() {
  cat <<'TEXT'
usage: e2i-logs COMMAND
  run           carry and keep logs, for ever (the container's default)
  keep          close, compress and remove what is to be, once, and write how much is kept
  search ...    find lines; `e2i-logs search --help`
  check         write the configuration and let rsyslog look through it
  healthcheck   whether rsyslog runs and what is kept was looked after lately

  LOGS_KEEP_DAYS     days that are kept (30)
  LOGS_MAX_MIB       all files together are at most about this large (2048): the oldest go first
  LOGS_FORWARD_TO    where every line is sent besides: tls://HOST:PORT, tcp://HOST:PORT or udp://HOST:PORT (syslog, RFC 5424)
  LOGS_FORWARD_CA    a file with what a tls:// server's certificate is trusted by, instead of the usual authorities
  LOGS_PROJECT       whose containers: the name of the compose project (e2i)
  LOGS_HOST          what this machine is called in what is sent (the project's name)

Folders: LOGS_SOURCE (/var/lib/docker/containers, read), LOGS_FOLDER (/var/log/e2i: SERVICE/DAY.log, and earlier parts as
SERVICE/DAY.NNN.log.gz; .state holds how far was read), LOGS_RUN (/run/e2i-logs), and the file LOGS_KEPT_FILE
(/var/lib/e2i/logs/kept.json), which health reads: how many days are really kept.
TEXT
}

readonly folder=${LOGS_FOLDER:-/var/log/e2i} source=${LOGS_SOURCE:-/var/lib/docker/containers} run=${LOGS_RUN:-/run/e2i-logs}
readonly kept_file=${LOGS_KEPT_FILE:-/var/lib/e2i/logs/kept.json}
readonly templates=${LOGS_TEMPLATES:-/usr/share/e2i/logs} state=$folder/.state configuration=$run/rsyslog.conf
readonly project=${LOGS_PROJECT:-e2i}
readonly keep_days=${LOGS_KEEP_DAYS:-30} max_mib=${LOGS_MAX_MIB:-2048}
# Seconds between two looks at what is kept; older than `stale_s`, it is not looked after.
readonly every_s=${LOGS_KEEP_EVERY:-15} stale_s=120
rsyslog=

say() { printf 'logs: %s\n' "$*" >&2; }
fail() { printf 'logs: %s\n' "$*" >&2; exit 78; }

# --- Variables ----------------------------------------------------------------------------------------------------------

within() { # NAME VALUE LOWEST HIGHEST
  if ! [[ $2 =~ ^[0-9]{1,7}$ ]] || [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
    fail "$1 is \"$2\"; give a whole number from $3 to $4"
  fi
}

look_at_variables() {
  within LOGS_KEEP_DAYS "$keep_days" 1 3650
  within LOGS_MAX_MIB "$max_mib" 16 1048576
  [[ $project =~ ^[a-z0-9][a-z0-9_-]*$ ]] || fail "LOGS_PROJECT is \"$project\"; give the compose project's name, as in e2i"
  [[ ${LOGS_HOST:-$project} =~ ^[A-Za-z0-9._-]{1,255}$ ]] || fail "LOGS_HOST is \"$LOGS_HOST\"; give a host's name"
}

# What rsyslog is told of LOGS_FORWARD_TO; nothing without it.
forwarding() {
  local to=${LOGS_FORWARD_TO:-} text protocol=tcp tls='' target
  [ -n "$to" ] || return 0
  [[ $to =~ ^((tls|tcp|udp)://)?([A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\]):([0-9]{1,5})$ ]] ||
    fail "LOGS_FORWARD_TO is \"$to\"; give tls://HOST:PORT, tcp://HOST:PORT or udp://HOST:PORT"
  target=${BASH_REMATCH[3]//[\[\]]/}
  case ${BASH_REMATCH[2]} in
    udp) protocol=udp ;;
    tls) tls="StreamDriver=\"ossl\" StreamDriverMode=\"1\" StreamDriverAuthMode=\"x509/name\" StreamDriverPermittedPeers=\"$target\"" ;;
  esac
  text=$(<"$templates/forward.conf")
  text=${text//'{{target}}'/$target}
  text=${text//'{{port}}'/${BASH_REMATCH[4]}}
  text=${text//'{{protocol}}'/$protocol}
  text=${text//'{{tls}}'/$tls}
  # What waits for the other side counts into what all may take.
  printf '%s' "${text//'{{spool}}'/$((max_mib / 8))}"
}

configure() {
  local text forward
  look_at_variables
  forward=$(forwarding)
  mkdir -p "$state" "$run" "$(dirname "$kept_file")"
  text=$(<"$templates/rsyslog.conf")
  text=${text//'{{state}}'/$state}
  text=${text//'{{folder}}'/$folder}
  text=${text//'{{source}}'/$source}
  text=${text//'{{project}}'/$project}
  text=${text//'{{host}}'/${LOGS_HOST:-$project}}
  text=${text//'{{authorities}}'/${LOGS_FORWARD_CA:-/etc/ssl/certs/ca-certificates.crt}}
  printf '%s\n' "${text//'{{forward}}'/$forward}" >"$configuration"
}

# --- What is kept -------------------------------------------------------------------------------------------------------

today() { date --utc +%F; }

# Every file of a day: "DAY BYTES PATH", oldest first.
files() {
  find "$folder" -mindepth 2 -maxdepth 2 -type f -name '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].*' -not -path "$state/*" \
    -printf '%f %T@ %s %p\n' | awk '{ $1 = substr($1, 1, 10); print }' | sort -k1,1 -k2,2n | cut -d' ' -f1,3-
}

# A file that rsyslog writes no more: its day is over, or it is as large as one part of all may be.
close_files() {
  local path day part name closed=0 largest=$((max_mib * 1048576 / 16))
  while IFS= read -r path; do
    name=${path%.log} day=$(basename "$path" .log)
    [ "$day" != "$(today)" ] || [ "$(stat --format %s "$path")" -ge "$largest" ] || continue
    # After the last that is there: the order of names is that of time.
    part=$(find "$(dirname "$path")" -maxdepth 1 -name "$day.[0-9][0-9][0-9].log*" -printf '%f\n' | cut -d. -f2 | sort -n | tail -n 1)
    mv "$path" "$name.$(printf %03d $((10#${part:-0} + 1))).log"
    closed=1
  done < <(find "$folder" -mindepth 2 -maxdepth 2 -type f -name '????-??-??.log' -not -path "$state/*")
  # It lets go of what it holds open, and begins anew under the usual name.
  if [ "$closed" = 1 ] && [ -n "$rsyslog" ]; then kill -HUP "$rsyslog"; fi
}

# Those closed by an earlier round: nobody writes them any more.
compress() {
  local path new
  while IFS= read -r path; do
    new=$(dirname "$path")/.new.gz
    # A full disk leaves it as it is.
    if gzip --stdout "$path" >"$new" && touch --reference "$path" "$new" && mv "$new" "$path.gz"; then
      rm "$path"
    else
      rm -f "$new"
    fi
  done < <(find "$folder" -mindepth 2 -maxdepth 2 -type f -name '????-??-??.[0-9][0-9][0-9].log' -not -path "$state/*")
}

remove() {
  local first day bytes path sum
  first=$(date --utc --date "$(today) - $((keep_days - 1)) days" +%F)
  while read -r day bytes path; do
    [[ $day < $first ]] || break
    rm -f "$path"
  done < <(files)
  sum=$(files | awk '{ sum += $2 } END { print sum + 0 }')
  while read -r _ bytes path; do
    [ "$sum" -gt $((max_mib * 1048576)) ] || break
    # What is being written to goes when it is closed.
    [[ $path != *"/$(today).log" ]] || continue
    rm -f "$path"
    sum=$((sum - bytes))
  done < <(files)
  find "$folder" -mindepth 1 -maxdepth 1 -type d -empty -not -path "$state" -delete
}

# The number of days between the first line that is kept and now.
write_kept() {
  local oldest began days=0
  oldest=$(files | sed -n 1p | cut -d' ' -f3-)
  if [ -n "$oldest" ]; then
    # One line is enough: what unpacks it ends early.
    began=$(zcat --force "$oldest" 2>/dev/null | head -n 1 | cut -d' ' -f1 || true)
    days=$(awk -v from="$(date --date "$began" +%s 2>/dev/null || stat --format %Y "$oldest")" -v now="$(date +%s)" \
      'BEGIN { days = (now - from) / 86400; printf "%.2f", (days > 0 ? days : 0) }')
  fi
  printf '%s\n' "$days" >"$kept_file.new"
  chmod 0644 "$kept_file.new"
  mv "$kept_file.new" "$kept_file"
}

keep() {
  compress
  close_files
  remove
  write_kept
}

# --- Commands -----------------------------------------------------------------------------------------------------------

# In order, so that what was read is remembered to the line; who waits on a conversation with LOGS_FORWARD_TO is not waited for.
end() {
  kill -TERM "$rsyslog" 2>/dev/null || true
  { sleep 6; kill -KILL "$rsyslog" 2>/dev/null || true; } &
}

carry() {
  configure
  rsyslogd -n -f "$configuration" -i NONE &
  rsyslog=$!
  printf '%s\n' "$rsyslog" >"$run/rsyslog.pid"
  trap end TERM INT
  say "lines of $project's containers go to $folder for $keep_days days, at most $max_mib MiB${LOGS_FORWARD_TO:+, and to $LOGS_FORWARD_TO}"
  while kill -0 "$rsyslog" 2>/dev/null; do
    # A disk that is full is no reason to stop: removing what is old is what helps.
    (keep) || say "what is kept could not be looked after; trying again in $every_s s"
    sleep "$every_s" &
    wait -n "$rsyslog" $! || true
  done
  local code=0
  wait "$rsyslog" || code=$?
  say "rsyslog has ended with code $code"
  exit "$code"
}

healthcheck() {
  local age
  kill -0 "$(cat "$run/rsyslog.pid" 2>/dev/null || echo none)" 2>/dev/null || { say "rsyslog does not run"; exit 1; }
  age=$(($(date +%s) - $(stat --format %Y "$kept_file" 2>/dev/null || echo 0)))
  [ "$age" -le "$stale_s" ] || { say "what is kept was not looked after for $age s"; exit 1; }
}

case ${1:-} in
  run) carry ;;
  keep) look_at_variables; keep ;;
  search) shift; LOGS_FOLDER=$folder exec "$(dirname "$0")/e2i-logs-search" "$@" ;;
  check) configure; rsyslogd -N1 -f "$configuration" ;;
  healthcheck) healthcheck ;;
  --help | -h) usage ;;
  *) usage >&2; exit 2 ;;
esac
