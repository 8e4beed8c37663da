#!/usr/bin/env bash
# Keeps a certificate in /etc/e2i/certificates/live for nginx, at every moment, and a good one as soon as it can be had.
set -euo pipefail
umask 027

usage() {
  cat <<'TEXT'
usage: e2i-certificates COMMAND
  run           keep the certificate, for ever (the container's default)
  status        which certificate is in use, until when, and what comes next
  now           ask the certificate authority again at once, whatever was to be waited for
  healthcheck   whether nginx has a certificate to start with

Without DOMAIN the certificate is self-signed. With DOMAIN it is Let's Encrypt's, by HTTP-01 through nginx: first one of
their staging servers, which proves the way without using up a limit, then the real one. A certificate is renewed when less
than a third of its lifetime is left, whatever that lifetime is. Until there is one, and if none can be had, nginx keeps what
it has.

  DOMAIN                   the server's name
  PUBLIC_HOSTS             further names and addresses of a self-signed certificate, separated by commas
  PUBLIC_ADDRESS           addresses that DOMAIN has to point to, separated by commas; checked before anybody is asked
  ACME_EMAIL               where Let's Encrypt writes to
  ACME_DIRECTORY           another authority
  ACME_STAGING_DIRECTORY   its staging server; with ACME_DIRECTORY and without this, there is no staging step
  ACME_CA_FILE             what the authority's own TLS certificate is trusted by
TEXT
}

readonly folder=/etc/e2i/certificates
readonly live=$folder/live state=$folder/state
readonly pid_file=/tmp/e2i-certificates.pid
readonly longest_sleep_s=3600 kept_versions=3 self_signed_days=397

say() { printf 'certificates: %s\n' "$*" >&2; }
loud() { printf 'certificates: ERROR: %s\n' "$*" >&2; }
now() { date +%s; }
at() { date --utc --date "@$1" '+%F %T UTC'; }

# --- What there is ------------------------------------------------------------------------------------------------------

not_before() { date --date "$(openssl x509 -in "$1/fullchain.pem" -noout -startdate | cut -d= -f2)" +%s; }
not_after() { date --date "$(openssl x509 -in "$1/fullchain.pem" -noout -enddate | cut -d= -f2)" +%s; }
kind() { cat "$live/kind" 2>/dev/null || true; }

is_there() { [ -s "$live/fullchain.pem" ] && [ -s "$live/privkey.pem" ]; }

# When less than a third of its lifetime is left, and up to a thirtieth later: not all servers at the same moment, yet this
# one always at the same, however often it starts anew.
due_at() {
  local from to life share
  from=$(not_before "$1") to=$(not_after "$1")
  life=$((to - from))
  share=$(openssl x509 -in "$1/fullchain.pem" -noout -serial | cksum | cut -d' ' -f1)
  echo $((to - life / 3 + share % (life / 30 + 1)))
}

# Both files of a pair in one step: nginx never reads one of each.
use_version() {
  ln -sfn "versions/$1" "$folder/.live.new"
  mv -fT "$folder/.live.new" "$live"
  local old
  (cd "$folder/versions" && ls -1t) | tail -n +$((kept_versions + 1)) | while read -r old; do
    [ "versions/$old" = "$(readlink "$live")" ] || rm -rf "$folder/versions/$old"
  done
}

# --- Self-signed --------------------------------------------------------------------------------------------------------

# subject_names NAME...: as openssl writes them, without what is no name.
subject_names() {
  local name list=''
  for name in "$@"; do
    if [[ $name =~ ^[0-9]{1,3}(\.[0-9]{1,3}){3}$ || $name =~ ^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$ ]]; then
      list+=",IP:$name"
    elif [[ $name =~ ^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ ]]; then
      list+=",DNS:$name"
    else
      loud "'$name' is neither a name nor an address; it is left out"
    fi
  done
  echo "${list#,}"
}

# self_sign NAME...: and uses it.
self_sign() {
  local version names
  names=$(subject_names "$@")
  version=$(date --utc +%Y%m%dT%H%M%SZ)-self-signed
  rm -rf "$folder/versions/$version"
  mkdir -p "$folder/versions/$version"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -sha256 -days "$self_signed_days" \
    -subj "/O=E2I Causal Analytics (self-signed)/CN=$1" -addext "subjectAltName=$names" \
    -addext basicConstraints=critical,CA:FALSE -addext keyUsage=critical,digitalSignature \
    -addext extendedKeyUsage=serverAuth \
    -keyout "$folder/versions/$version/privkey.pem" -out "$folder/versions/$version/fullchain.pem" 2>/dev/null
  chmod 0640 "$folder/versions/$version/privkey.pem"
  echo self-signed >"$folder/versions/$version/kind"
  echo "$names" >"$folder/versions/$version/names"
  use_version "$version"
  say "made a self-signed certificate for $names, until $(at "$(not_after "$live")")"
}

self_signed_names() {
  local hosts
  IFS=', ' read -r -a hosts <<<"${PUBLIC_HOSTS:-}"
  printf '%s\n' localhost 127.0.0.1 ::1 ${hosts[@]+"${hosts[@]}"}
}

keep_self_signed() {
  local names
  mapfile -t names < <(self_signed_names)
  if is_there && [ "$(kind)" = self-signed ] && [ "$(cat "$live/names")" = "$(subject_names "${names[@]}" 2>/dev/null)" ] &&
    [ "$(now)" -lt "$(due_at "$live")" ]; then
    return
  fi
  self_sign "${names[@]}"
}

# --- Let's Encrypt's: acme.sh -------------------------------------------------------------------------------------------

# shellcheck disable=SC1091 # in the image it lies elsewhere
source "${E2I_LIB:-/usr/local/lib/e2i}/acme.sh"

# --- For ever -----------------------------------------------------------------------------------------------------------

# nap SECONDS: a signal ends it.
nap() {
  local seconds=$1
  [ "$seconds" -ge 1 ] || seconds=1
  [ "$seconds" -le "$longest_sleep_s" ] || seconds=$longest_sleep_s
  sleep "$seconds" &
  wait $! || true
}

run() {
  echo $$ >"$pid_file"
  trap 'exit 0' TERM INT
  trap : USR1
  mkdir -p "$state" "$folder/versions"
  local domain=${DOMAIN:-}
  domain=${domain,,}
  if [ -n "$domain" ] && ! [[ $domain =~ ^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$ ]]; then
    loud "DOMAIN is '$domain'; say one host name and nothing else, like e2i.example.org. Self-signed until then"
    domain=
  fi
  while :; do
    if [ -n "$domain" ]; then
      keep_issued "$domain"
    else
      keep_self_signed
      sleep_until=$(due_at "$live")
    fi
    nap $((sleep_until - $(now)))
  done
}

status() {
  is_there || { echo 'there is no certificate yet'; return; }
  printf 'in use:   %s, for %s\n' "$(kind)" "$(cat "$live/names")"
  printf 'until:    %s\n' "$(at "$(not_after "$live")")"
  printf 'renewal:  %s\n' "$(at "$(due_at "$live")")"
  if [ -s "$state/next-attempt" ]; then
    printf 'failed:   %s times; again %s, or at once: e2i-certificates now\n' "$(<"$state/failures")" "$(at "$(<"$state/next-attempt")")"
    printf 'reason:   %s\n' "$(cat "$state/reason" 2>/dev/null)"
  fi
}

case ${1:-} in
  run) run ;;
  status) status ;;
  now) rm -f "$state/next-attempt"; kill -USR1 "$(cat "$pid_file")" ;;
  healthcheck) is_there ;;
  --help | -h | help) usage ;;
  *) usage >&2; exit 64 ;;
esac
