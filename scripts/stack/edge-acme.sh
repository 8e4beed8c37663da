#!/usr/bin/env bash
# tier: files
# about: a certificate from a real ACME server: DNS checked, staging first, renewed by share of its lifetime under load
# shellcheck disable=SC2154 # what rig/edge.sh sets
set -euo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<'TEXT'
usage: scripts/stack/edge-acme.sh
  Runs this clone's nginx and certificates images with two pebbles (an ACME server for tests, once as staging and once as
  the real one; certificates live for 60 s) and a DNS server that can be told what to say. One line a check; 3 minutes.
TEXT
  exit 0
fi
# shellcheck source=/dev/null
source "$(dirname "$0")/rig/edge.sh"
edge_begin
edge_volumes nginx
edge_volume pebble
start_services
readonly domain=causal.example.org life_s=60

# --- Authorities and DNS ---
authority() { # NAME
  edge_run "$1" "$edge_prefix/tools:test" --volume "$edge_id-pebble:/pebble" --env PEBBLE_VA_NOSLEEP=1 \
    --env PEBBLE_WFE_NONCEREJECT=0 -- pebble -config /pebble/config.json -dnsserver "$dns:53"
}
docker run --rm --volume "$edge_id-pebble:/pebble" --env life_s=$life_s "$edge_prefix/tools:test" bash -euc '
  openssl req -x509 -newkey rsa:2048 -noenc -days 2 -subj /CN=pebble -addext subjectAltName=DNS:real,DNS:staging \
    -keyout /pebble/key.pem -out /pebble/cert.pem 2>/dev/null
  cat >/pebble/config.json <<TEXT
{"pebble": {"listenAddress": "0.0.0.0:14000", "managementListenAddress": "0.0.0.0:15000", "certificate": "/pebble/cert.pem",
 "privateKey": "/pebble/key.pem", "httpPort": 80, "tlsPort": 443, "ocspResponderURL": "", "externalAccountBindingRequired": false, "certificateValidityPeriod": $life_s,
 "profiles": {"default": {"description": "for a minute", "validityPeriod": $life_s}}}}
TEXT
  chmod -R a+rX /pebble'
edge_run dns "$edge_prefix/tools:test" -- pebble-challtestsrv -dns01 :53 -http01 '' -https01 '' -tlsalpn01 '' \
  -doh '' -defaultIPv4 '' -defaultIPv6 ''
dns=$(address dns)
authority staging
authority real
dns_says() { # ADDRESS, or nothing
  ask --data "{\"host\":\"$domain\"}" http://dns:8055/clear-a >/dev/null
  [ -z "$1" ] || ask --data "{\"host\":\"$domain\",\"addresses\":[\"$1\"]}" http://dns:8055/add-a >/dev/null
}
said() { logs certificates | grep -q -e "$1"; }
serial() { serial_at nginx:443 "$domain"; }
issuer() { in_container tools sh -c "openssl s_client -connect nginx:443 -servername $domain </dev/null 2>/dev/null | openssl x509 -noout -issuer" || true; }

# --- Nothing is right yet ---
start_certificates --dns "$dns" --volume "$edge_id-pebble:/pebble:ro" --env "DOMAIN=$domain" --env PUBLIC_ADDRESS=192.0.2.7 \
  --env ACME_DIRECTORY=https://real:14000/dir --env ACME_STAGING_DIRECTORY=https://staging:14000/dir \
  --env ACME_CA_FILE=/pebble/cert.pem --env ACME_EMAIL=admin@example.org --env ACME_RETRY_BASE_S=2 --env ACME_DNS_RETRY_S=2
start_nginx nginx --env "DOMAIN=$domain" --env PLAIN_HTTP=redirect --env CERTIFICATE_WATCH_INTERVAL_S=1
await_nginx nginx
nginx=$(address nginx)
expect_in 'nginx starts with a placeholder' 'self-signed' "$(issuer)"
if eventually 30 said 'has no address in DNS'; then ok 'a name without an entry is told'; else not_ok "no entry: $(logs certificates | tail -3)"; fi
dns_says 192.0.2.99
if eventually 30 said "points to 192.0.2.99, and PUBLIC_ADDRESS says"; then ok 'a name that points elsewhere is told'; else not_ok "elsewhere: $(logs certificates | tail -3)"; fi
expect 'and no authority was asked' '' "$(logs certificates | grep 'asking' || true)"

# --- Staging, then the real one ---
docker rm -f "$edge_id-certificates" >/dev/null
dns_says "$nginx"
start_certificates --dns "$dns" --volume "$edge_id-pebble:/pebble:ro" --env "DOMAIN=$domain" --env "PUBLIC_ADDRESS=$nginx" \
  --env ACME_DIRECTORY=https://real:14000/dir --env ACME_STAGING_DIRECTORY=https://staging:14000/dir \
  --env ACME_CA_FILE=/pebble/cert.pem --env ACME_EMAIL=admin@example.org --env ACME_RETRY_BASE_S=2 --env ACME_DNS_RETRY_S=2
is_issued() { [[ $(issuer) = *Pebble* ]]; }
if eventually 60 is_issued; then ok 'the certificate is the authority'\''s, seen from outside'; else not_ok "issuer: $(issuer); $(logs certificates | tail -5)"; fi
expect 'staging was asked first' 'https://staging:14000/dir https://real:14000/dir' \
  "$(logs certificates | sed -n 's/.*asking \(https[^ ]*\) .*/\1/p' | head -2 | xargs)"
expect_in 'status tells it' 'in use:   issued' "$(in_container certificates e2i-certificates status)"

# --- Renewal, with requests all the while ---
load() { # NAME CONNECTIONS keep|close
  edge_run "$1" "$edge_prefix/tools:test" --volume "$edge_root/scripts/stack/rig/load.py:/load.py:ro" -- \
    python3 /load.py "$nginx" "$domain" /api/v1/me 58 "$2" 30 "$3"
}
load resting 8 keep
load fresh 4 close
first=$(serial)
# shellcheck disable=SC2016 # for the shell in there
from=$(in_container certificates bash -c 'date --date "$(openssl x509 -in /etc/e2i/certificates/live/fullchain.pem -noout -startdate | cut -d= -f2)" +%s')
is_another() { local now; now=$(serial); [ -n "$now" ] && [ "$now" != "$first" ]; }
if eventually 70 is_another; then
  lived=$(($(date +%s) - from))
  ok "renewed after $lived s of $life_s s"
  if [ "$lived" -ge $((life_s * 2 / 3)) ] && [ "$lived" -le $((life_s * 9 / 10)) ]; then ok 'when less than a third of its lifetime was left'; else not_ok "renewed after $lived s"; fi
else
  not_ok "not renewed: $(logs certificates | tail -5)"
fi
expect 'a renewal goes the proven way, without staging' 1 "$(logs certificates | grep -c 'asking https://staging')"
docker wait "$edge_id-resting" "$edge_id-fresh" >/dev/null
for client in resting fresh; do
  counted=$(logs "$client")
  expect "reloads fail none of $(jq .requests <<<"$counted") requests on $client connections" '{"failed":0,"failures":[]}' \
    "$(jq -c 'del(.requests)' <<<"$counted")"
done
expect_in 'nginx said so' 'the certificate changed' "$(logs nginx)"

# --- The authority is away, then comes back without knowing the account ---
docker rm -f "$edge_id-real" >/dev/null
if eventually 70 said 'https://real:14000/dir refused'; then ok 'an authority that is away is told'; else not_ok "away: $(logs certificates | tail -3)"; fi
expect 'nginx serves on' 200 "$(status_of --resolve "$domain:443:$nginx" "https://$domain/")"
expect 'certificates stays healthy: nginx must be able to start' healthy "$(health certificates)"
authority real
first=$(serial)
if eventually 90 is_another; then ok 'it comes back by itself, with a new account'; else not_ok "not back: $(logs certificates | tail -6)"; fi
in_container certificates e2i-certificates now && ok 'one may ask for an attempt at once'

# --- How long it waits ---
waits() { # FUNCTION-AND-ARGUMENT FAILURES: at the beginning of 2030
  # shellcheck disable=SC2016 # for the shell in there
  in_container certificates bash -euc 'now() { date --utc --date 2030-01-01 +%s; }; state=/tmp/state; mkdir -p $state; unset ACME_RETRY_BASE_S
    echo "$2" >$state/failures; source /usr/local/lib/e2i/acme.sh; eval "$1"' bash "$1" "$2"
}
expect 'after the first failure' 300 "$(waits backoff_s 0)"
expect 'after the fourth' 2400 "$(waits backoff_s 3)"
expect 'at most six hours' 21600 "$(waits backoff_s 50)"
expect 'as long as the authority says' 3600 \
  "$(waits 'told_to_wait_s "urn:ietf:params:acme:error:rateLimited: too many certificates (5) already issued, retry after 2030-01-01 01:00:00 UTC: see the docs"' 1)"
expect 'six hours where it says nothing of it' 21600 "$(waits 'told_to_wait_s urn:ietf:params:acme:error:rateLimited' 1)"
expect 'and other faults are no limit' '' "$(waits 'told_to_wait_s urn:ietf:params:acme:error:connection' 1)"

# --- Nothing lies around ---
expect 'the key is readable by nginx'\''s group alone' '640 10001 101' "$(in_container certificates stat -L -c '%a %u %g' /etc/e2i/certificates/live/privkey.pem)"
expect 'no challenge is left' '' "$(in_container certificates sh -c 'ls /var/www/acme/.well-known/acme-challenge')"
edge_end
