#!/usr/bin/env bash
# tier: files
# about: a client's address is the one nginx sees, from another network namespace; claims are believed of TRUSTED_PROXIES alone
# shellcheck disable=SC2154 # what rig/edge.sh sets
set -euo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<'TEXT'
usage: scripts/stack/edge-addresses.sh     (root: it makes a network namespace)
  Publishes this clone's nginx image on this machine and asks it from a network namespace with an address of its own, over
  IPv4 and IPv6, with claims about other addresses. One line a check.
TEXT
  exit 0
fi
[ "$(id -u)" = 0 ] || { echo 'a network namespace can only be made by root' >&2; exit 1; }
# shellcheck source=/dev/null
source "$(dirname "$0")/rig/edge.sh"
edge_begin
edge_volumes strict proxied
start_services
start_certificates

# --- A stranger: 198.18.0.0/15 and fd00:e21::/64 are nobody's ---
third=$((RANDOM % 200 + 20))
here=198.18.$third.1 stranger=198.18.$third.2 here6=fd00:e21::$third:1 stranger6=fd00:e21::$third:2
edge_netns=$edge_id
ip netns add "$edge_netns"
ip link add "e2ie${third}h" type veth peer name "e2ie${third}g" netns "$edge_netns"
ip address add "$here/30" dev "e2ie${third}h"
ip link set "e2ie${third}h" up
ip -netns "$edge_netns" address add "$stranger/30" dev "e2ie${third}g"
ip -netns "$edge_netns" link set lo up
ip -netns "$edge_netns" link set "e2ie${third}g" up
has_ipv6=no
if ip address add "$here6/120" dev "e2ie${third}h" nodad 2>/dev/null && ip -netns "$edge_netns" address add "$stranger6/120" dev "e2ie${third}g" nodad 2>/dev/null; then
  has_ipv6=yes
fi
from_outside() { ip netns exec "$edge_netns" curl --silent --show-error --insecure --noproxy '*' --max-time 20 "$@" 2>&1 || true; }
port_of() { docker port "$edge_id-$1" 443/tcp | head -1 | sed 's/.*://'; }
claims=(--header 'X-Forwarded-For: 203.0.113.9' --header 'X-Real-IP: 203.0.113.9' --header 'Forwarded: for=203.0.113.9')
seen() { jq -r .x_forwarded_for <<<"$1" 2>/dev/null || echo "$1"; }

# --- Nobody is trusted ---
start_nginx strict --publish 443
await_nginx strict
url=https://$here:$(port_of strict)/api/v1/me
answer=$(from_outside "${claims[@]}" "$url")
expect 'the service learns the address that nginx sees' "$stranger" "$(seen "$answer")"
expect 'and no other claim' '["",""]' "$(jq -c '[.x_real_ip, .forwarded]' <<<"$answer" 2>/dev/null || echo "$answer")"
expect 'several claims in several headers' "$stranger" \
  "$(seen "$(from_outside --header 'X-Forwarded-For: 203.0.113.9, 10.0.0.1' --header 'X-Forwarded-For: 127.0.0.1' "$url")")"
expect 'a claim of https does not stick either' https "$(from_outside --header 'X-Forwarded-Proto: ftp' "$url" | jq -r .proto)"
from_outside --header 'X-Request-Id: address-0001' "${claims[@]}" "$url" >/dev/null
expect 'the log has the same address' "$stranger" "$(logs strict | grep address-0001 | jq -r .client)"

# --- A load balancer is trusted: the stranger plays it ---
start_nginx proxied --publish 443 --publish 80 --env "TRUSTED_PROXIES=$stranger/32,10.9.0.0/16"
await_nginx proxied
url=https://$here:$(port_of proxied)/api/v1/me
plain=http://$here:$(docker port "$edge_id-proxied" 80/tcp | head -1 | sed 's/.*://')/api/v1/me
expect 'its word about a client is taken' 203.0.113.9 "$(seen "$(from_outside --header 'X-Forwarded-For: 203.0.113.9' "$url")")"
expect 'what the client claimed before it is not' 203.0.113.9 "$(seen "$(from_outside --header 'X-Forwarded-For: 1.2.3.4, 203.0.113.9' "$url")")"
expect 'through two of them' 203.0.113.9 "$(seen "$(from_outside --header 'X-Forwarded-For: 1.2.3.4, 203.0.113.9, 10.9.1.1' "$url")")"
expect 'no word is none' "$stranger" "$(seen "$(from_outside "$url")")"
expect 'its word about the scheme is taken' https "$(from_outside --header 'X-Forwarded-Proto: https' "$plain" | jq -r .proto)"
expect 'another container is not trusted' "$(address tools)" "$(seen "$(ask --header 'X-Forwarded-For: 203.0.113.9' https://proxied/api/v1/me)")"

# --- A limit counts the real address ---
statuses() { # CLIENT: of 2,400 requests at once
  from_outside --parallel --parallel-max 50 --output /dev/null --write-out '%{http_code}\n' --header "X-Forwarded-For: $1" "$plain?[1-2400]" | sort | uniq -c | awk '{ print $2 }' | xargs
}
expect_in 'a greedy client behind a trusted proxy meets the limit' 429 "$(statuses 203.0.113.50)"
expect 'and another behind the same does not' 200 "$(from_outside --output /dev/null --write-out '%{http_code}' --header 'X-Forwarded-For: 203.0.113.51' "$plain")"

# --- IPv6 ---
# Without a network of that kind, Docker's own proxy takes connections over IPv6, and everybody has its address then: not the
# true one, but never one that a client chose.
if [ "$has_ipv6" = yes ]; then
  answer=$(from_outside "${claims[@]}" "https://[$here6]:$(port_of strict)/api/v1/me")
  found=$(seen "$answer")
  case $found in
    "$stranger6") ok "IPv6: the service learns the address that nginx sees" ;;
    *203.0.113*) not_ok "IPv6: a claim is believed: $answer" ;;
    172.* | 192.168.* | 10.*) ok "IPv6: no claim is believed (everybody comes from $found, Docker's proxy: this engine has no network over IPv6)" ;;
    *) ok "IPv6: not reachable on this engine, so nothing to be believed: ${answer:0:80}" ;;
  esac
fi
edge_end
