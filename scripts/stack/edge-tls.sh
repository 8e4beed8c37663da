#!/usr/bin/env bash
# tier: files
# about: TLS 1.2 and 1.3 with Mozilla's intermediate ciphers and nothing else, by two scanners
# shellcheck disable=SC2154 # what rig/edge.sh sets
set -euo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<'TEXT'
usage: scripts/stack/edge-tls.sh
  Scans this clone's nginx image with sslscan and testssl.sh. One line a check; a minute.
TEXT
  exit 0
fi
# shellcheck source=/dev/null
source "$(dirname "$0")/rig/edge.sh"
edge_begin
edge_volumes nginx
start_services
start_certificates --env PUBLIC_HOSTS=nginx
start_nginx nginx --env HSTS=on
await_nginx nginx

# --- sslscan ---
found=$(in_container tools sslscan --no-colour --xml=- nginx:443)
tag() { grep -o "<$1 [^>]*>" <<<"$found" | grep -o "$2" | sort -u | xargs; }
protocols=$(grep -o '<protocol [^>]*enabled="1"[^>]*>' <<<"$found" | sed 's/.*type="\([^"]*\)" version="\([^"]*\)".*/\1\2/' | sort -u | xargs)
expect 'protocols' 'tls1.2 tls1.3' "$protocols"
ciphers=$(grep -o '<cipher [^>]*>' <<<"$found" | sed 's/.*sslversion="\([^"]*\)".* cipher="\([^"]*\)".*/\1 \2/' | sort -u)
expect 'ciphers of TLS 1.2, for a key on P-256' 'ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-ECDSA-CHACHA20-POLY1305' \
  "$(sed -n 's/^TLSv1.2 //p' <<<"$ciphers" | xargs)"
expect 'ciphers of TLS 1.3' 'TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256' \
  "$(sed -n 's/^TLSv1.3 //p' <<<"$ciphers" | xargs)"
expect 'no compression' supported=0 "$(tag compression 'supported="[01]"')"
expect 'no renegotiation by the client' '' "$(grep -o '<renegotiation [^>]*supported="1"[^>]*secure="0"[^>]*>' <<<"$found" || true)"
expect 'no heartbleed' '' "$(grep -o '<heartbleed [^>]*vulnerable="1"' <<<"$found" || true)"

# --- testssl.sh: its JSON tells, its exit code does not ---
in_container tools sh -c 'testssl --quiet --color 0 --warnings off --jsonfile /tmp/report.json --protocols --server-defaults --fs --server-preference --headers --vulnerable nginx:443 >/tmp/report.txt 2>&1 </dev/null' || true
report=$(in_container tools cat /tmp/report.json)
told() { jq -r --arg id "$1" '[.[] | select(.id == $id)][0].finding // "nothing"' <<<"$report"; }
for protocol in SSLv2 SSLv3 TLS1 TLS1_1; do expect_in "testssl: $protocol" 'not offered' "$(told "$protocol")"; done
for protocol in TLS1_2 TLS1_3; do expect_in "testssl: $protocol" 'offered' "$(told "$protocol")"; done
expect_in 'testssl: HTTP/2' h2 "$(told ALPN)$(told ALPN_HTTP2)"
expect_in 'testssl: HSTS of two years' 730 "$(told HSTS_time)"
# The certificate is self-signed here, and BREACH is judged by compressed pages: tokens are never compressed (docs/nginx.md).
worse=$(jq -r '.[] | select(.severity | IN("HIGH", "CRITICAL", "FATAL")) | select(.id | startswith("cert_") | not) | "\(.id): \(.finding)"' <<<"$report")
expect 'testssl: nothing else is high or critical' '' "$worse"

# --- Resumption and curves ---
handshake() { in_container tools sh -c "(sleep 0.5) | openssl s_client -connect nginx:443 $* 2>/dev/null" || true; }
expect 'no session ticket in TLS 1.2' '' "$(handshake -tls1_2 | grep 'session ticket:' || true)"
# There a ticket is how a session is named: 32 bytes of nginx's memory, and nothing that a stolen key opens.
expect 'in TLS 1.3 none that holds the session itself' '0000 0010' \
  "$(handshake -tls1_3 | sed -n '/session ticket:/,/^ *$/p' | grep -o '^ *[0-9a-f]\{4\} - ' | tr -d ' -' | sort -u | xargs)"
expect_in 'key exchange that a quantum computer does not break' X25519MLKEM768 "$(handshake -groups X25519MLKEM768)"
expect_in 'TLS 1.1 is refused' 'Cipher is (NONE)' "$(handshake -tls1_1)"
expect_in 'a client of ten years ago' 'ECDHE-ECDSA-AES128-GCM-SHA256' "$(handshake -tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256 -groups P-256)"
edge_end
