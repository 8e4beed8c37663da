#!/usr/bin/env bash
# The part of certificates.sh that asks a certificate authority; `source`d by it. Not to be called by itself (--help there).
# shellcheck disable=SC2154,SC2034 # what certificates.sh sets and reads
set -euo pipefail

readonly webroot=/var/www/acme
readonly lets_encrypt=https://acme-v02.api.letsencrypt.org/directory
readonly lets_encrypt_staging=https://acme-staging-v02.api.letsencrypt.org/directory
# After a failure, doubled with each further one; and how long the wait gets at most.
readonly retry_base_s=${ACME_RETRY_BASE_S:-300} retry_longest_s=21600 dns_retry_s=${ACME_DNS_RETRY_S:-60}
# nginx as this container sees it.
readonly nginx=${NGINX_URL:-http://nginx}

is_issued_for() { is_there && [ "$(kind)" = issued ] && [ "$(cat "$live/names")" = "DNS:$1" ]; }

# --- Failures -----------------------------------------------------------------------------------------------------------

# Up to a fifth more: servers that failed together do not come back together.
spread() { echo $(($1 + RANDOM % ($1 / 5 + 1))); }

# put_off SECONDS REASON
put_off() {
  local failures
  failures=$(($(cat "$state/failures" 2>/dev/null || echo 0) + 1))
  echo "$failures" >"$state/failures"
  echo "$2" >"$state/reason"
  echo $(($(now) + $(spread "$1"))) >"$state/next-attempt"
  loud "$2"
  say "next attempt $(at "$(<"$state/next-attempt")"); at once: docker compose exec certificates e2i-certificates now"
}

backoff_s() {
  local failures wait=$retry_base_s
  failures=$(cat "$state/failures" 2>/dev/null || echo 0)
  while [ "$failures" -gt 0 ] && [ "$wait" -lt "$retry_longest_s" ]; do
    wait=$((wait * 2))
    failures=$((failures - 1))
  done
  echo $((wait < retry_longest_s ? wait : retry_longest_s))
}

# What a certificate authority says about its limits, in seconds from now; nothing when it says nothing.
told_to_wait_s() {
  local until
  grep -q -i -e rateLimited -e 'too many' <<<"$1" || return 0
  until=$(grep -o -i -E 'retry after [0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:]{8}' <<<"$1" | head -1 | cut -d' ' -f3- || true)
  until=$(date --utc --date "$until" +%s 2>/dev/null || echo 0)
  if [ "$until" -gt "$(now)" ]; then echo $((until - $(now))); else echo "$retry_longest_s"; fi
}

# --- DNS ----------------------------------------------------------------------------------------------------------------

addresses_of() { getent ahosts "$1" | awk '{ print $1 }' | sort -u; }

# What is wrong with the name's entries, in words; nothing when nothing is.
dns_fault() {
  local found address wanted elsewhere='' expected=()
  found=$(addresses_of "$1" || true)
  if [ -z "$found" ]; then
    echo "$1 has no address in DNS (or DNS does not answer). Make an A record (and AAAA, if the server is reached by IPv6) that points to this server"
    return
  fi
  IFS=', ' read -r -a expected <<<"${PUBLIC_ADDRESS:-}"
  [ ${#expected[@]} -gt 0 ] || return 0
  wanted=$(for address in "${expected[@]}"; do addresses_of "$address" || true; done)
  for address in $found; do
    grep -q -x -F -e "$address" <<<"$wanted" || elsewhere+=" $address"
  done
  [ -z "$elsewhere" ] || echo "$1 points to$elsewhere, and PUBLIC_ADDRESS says that this server is at ${PUBLIC_ADDRESS}. Change the A or AAAA record, or PUBLIC_ADDRESS; a change may take as long as the old record's time to live"
}

# --- The way in ---------------------------------------------------------------------------------------------------------

# Whether the challenges' folder is served: by nginx itself, and then under the name from outside.
served_at() {
  local file=probe-$RANDOM$RANDOM answer
  mkdir -p "$webroot/.well-known/acme-challenge"
  echo "$file" >"$webroot/.well-known/acme-challenge/$file"
  answer=$(curl --silent --max-time 5 --header "Host: $2" "$1/.well-known/acme-challenge/$file" || true)
  rm -f "$webroot/.well-known/acme-challenge/$file"
  [ "$answer" = "$file" ]
}

# --- The authority ------------------------------------------------------------------------------------------------------

# ask DIRECTORY DOMAIN FOLDER: leaves key and chain in the folder; else what went wrong in $answer.
ask() {
  local directory=$1 domain=$2 target=$3 config=/tmp/dehydrated.conf
  mkdir -p "$folder/acme" "$webroot/.well-known/acme-challenge" "$target"
  {
    printf 'CA="%s"\n' "$directory"
    printf 'BASEDIR="%s"\nWELLKNOWN="%s"\n' "$folder/acme" "$webroot/.well-known/acme-challenge"
    printf 'CHALLENGETYPE="http-01"\nACCOUNT_KEYSIZE="4096"\n'
    printf 'CURL_OPTS="--max-time 30 %s"\n' "${ACME_CA_FILE:+--cacert $ACME_CA_FILE}"
    printf 'CONTACT_EMAIL="%s"\n' "${ACME_EMAIL:-}"
  } >"$config"
  openssl ecparam -genkey -name prime256v1 -noout -out "$target/privkey.pem" 2>/dev/null
  chmod 0640 "$target/privkey.pem"
  openssl req -new -key "$target/privkey.pem" -subj "/CN=$domain" -addext "subjectAltName=DNS:$domain" -out "$target/csr.pem"
  # Of one that was killed; there is no other.
  rm -f "$folder/acme/lock"
  if ! answer=$(dehydrated --config "$config" --register --accept-terms 2>&1) ||
    ! answer=$(dehydrated --config "$config" --signcsr "$target/csr.pem" 2>&1 >"$target/answer.pem"); then
    # The next attempt registers anew.
    case $answer in *accountDoesNotExist*) rm -rf "$folder/acme/accounts" ;; esac
    return 1
  fi
  sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p' "$target/answer.pem" >"$target/fullchain.pem"
  rm -f "$target/csr.pem" "$target/answer.pem"
  chmod 0644 "$target/fullchain.pem"
  is_sound "$target" "$domain"
}

# A key and a chain that belong together, for this name, good from now on.
is_sound() {
  local of_key of_chain
  of_key=$(openssl pkey -in "$1/privkey.pem" -pubout)
  of_chain=$(openssl x509 -in "$1/fullchain.pem" -noout -pubkey 2>/dev/null) || { answer='it sent no certificate'; return 1; }
  [ "$of_key" = "$of_chain" ] || { answer='it sent a certificate for another key'; return 1; }
  openssl x509 -in "$1/fullchain.pem" -noout -checkhost "$2" | grep -q 'does match' || { answer="it sent a certificate for another name"; return 1; }
  openssl x509 -in "$1/fullchain.pem" -noout -checkend 0 >/dev/null || { answer='it sent a certificate that has expired'; return 1; }
}

# The last lines that say something, as one.
in_words() { grep -v -e '^#' -e '^ *$' <<<"$1" | tail -n 6 | tr '\n\t' '  ' | cut -c 1-900; }

# attempt DOMAIN: one try to get a certificate; puts off the next when it fails.
attempt() {
  local domain=$1 directory=${ACME_DIRECTORY:-$lets_encrypt} staging=${ACME_STAGING_DIRECTORY:-} fault version wait
  fault=$(dns_fault "$domain")
  if [ -n "$fault" ]; then put_off "$dns_retry_s" "$fault"; return; fi
  served_at "http://$domain" "$domain" ||
    say "http://$domain does not lead here as seen from this container; from outside it may: the authority will tell"
  [ -n "${ACME_DIRECTORY:-}" ] || staging=${staging:-$lets_encrypt_staging}
  # A renewal that has not failed yet goes the way that was proven before.
  if [ -n "$staging" ] && { ! is_issued_for "$domain" || [ -s "$state/failures" ]; }; then
    say "asking $staging for a certificate for $domain, to see whether the way is free"
    if ! ask "$staging" "$domain" /tmp/staging; then
      put_off "$(backoff_s)" "$staging refused: $(in_words "$answer")"
      return
    fi
    rm -rf /tmp/staging
  fi
  version=$(date --utc +%Y%m%dT%H%M%SZ)-issued
  say "asking $directory for a certificate for $domain"
  if ! ask "$directory" "$domain" "$folder/versions/$version"; then
    rm -rf "${folder:?}/versions/$version"
    wait=$(told_to_wait_s "$answer")
    put_off "${wait:-$(backoff_s)}" "$directory refused: $(in_words "$answer")"
    return
  fi
  echo issued >"$folder/versions/$version/kind"
  echo "DNS:$domain" >"$folder/versions/$version/names"
  use_version "$version"
  rm -f "$state/failures" "$state/next-attempt" "$state/reason"
  say "the certificate for $domain is in use, until $(at "$(not_after "$live")"); renewal $(at "$(due_at "$live")")"
}

# keep_issued DOMAIN: one round; says in $sleep_until when the next is.
keep_issued() {
  local domain=$1 next
  if ! is_there || { [ "$(kind)" = self-signed ] && [[ ",$(cat "$live/names")," != *",DNS:$domain,"* ]]; } ||
    { [ "$(kind)" = issued ] && ! is_issued_for "$domain"; }; then
    rm -f "$state"/*
    self_sign "$domain" localhost 127.0.0.1 ::1
  fi
  if is_issued_for "$domain" && [ "$(now)" -lt "$(due_at "$live")" ]; then
    sleep_until=$(due_at "$live")
    return
  fi
  if [ "$(now)" -ge "$(not_after "$live")" ]; then
    loud "the certificate has expired on $(at "$(not_after "$live")"); browsers warn until there is another"
  fi
  next=$(cat "$state/next-attempt" 2>/dev/null || echo 0)
  if [ "$(now)" -lt "$next" ]; then
    sleep_until=$next
    return
  fi
  if ! served_at "$nginx" "$domain"; then
    # It starts after this container.
    [ -n "${waited_for_nginx:-}" ] || say "waiting for $nginx to serve challenges"
    waited_for_nginx=yes
    sleep_until=$(($(now) + 3))
    return
  fi
  attempt "$domain"
  sleep_until=$(now)
}
