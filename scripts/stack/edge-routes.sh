#!/usr/bin/env bash
# tier: files
# about: a release's route: switched, confirmed, refused, taken back; under load no request is lost; no deployer has words
# shellcheck disable=SC2154 # what rig/edge.sh sets
set -euo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<'TEXT'
usage: scripts/stack/edge-routes.sh
  Switches an nginx of this clone between services by `e2i-nginx route`, forwards and backwards, under load and with what is
  wrong. One line a check.
TEXT
  exit 0
fi
# shellcheck source=/dev/null
source "$(dirname "$0")/rig/edge.sh"
edge_begin
edge_volumes nginx

work=$(mktemp -d)
# start_service NAME: tells its name as its revision.
start_service() {
  sed "s/abc123/$1/" scripts/stack/rig/services.conf >"$work/$1.conf"
  edge_run "$1" nginx:1.30-trixie --volume "$work/$1.conf:/etc/nginx/nginx.conf:ro"
}
private_generation() { private nginx /-/generation; }
answers() { ask --include "http://nginx${1:-/api/v1/me}" | tr -d '\r' | awk 'tolower($1) == "x-e2i-revision:" { print $2 }'; }
route() { docker exec --interactive "$edge_id-nginx" e2i-nginx route 2>&1; }
# Which files there are and what is in them.
upstream_files() { in_container nginx sh -c 'cd /etc/e2i/upstreams && sha256sum *.conf && readlink /etc/e2i/nginx/current'; }
# route_to GENERATION SERVICE [BACKUP]
route_to() {
  printf 'generation %s\nconfiguration %s\n' "$1" "$version"
  for service in gateway frontend health; do
    printf 'to %s %s-%s\n' "$service" "$edge_id" "$2"
    [ -z "${3:-}" ] || printf 'backup %s %s-%s\n' "$service" "$edge_id" "$3"
  done
}

start_services
start_service old
start_service new
start_certificates
start_nginx nginx
await_nginx nginx
version=$(private nginx /-/generation | jq -r .configuration)
is_served() { [ "$(status_of http://nginx/api/v1/me)" = 200 ]; }
eventually 30 is_served || { not_ok 'the first start serves'; exit 1; }

# --- There and back ---
if out=$(route_to r1 old | route); then ok 'a first route'; else not_ok "a first route: $out"; fi
expect 'is what new connections meet' "{\"configuration\":\"$version\",\"upstreams\":\"r1\"}" "$(private_generation)"
expect 'and asks the container that it names' old "$(answers)"
if out=$(route_to r2 new old | route); then ok 'a second, with the first as backup'; else not_ok "a second route: $out"; fi
expect 'asks the new one' new "$(answers)"
for path in /health /api/v1/status /api/v1/status/history; do expect "health too: $path" new "$(answers "$path")"; done
docker stop --time 1 "$edge_id-new" >/dev/null
expect 'and when that does not answer at all, the old one' old "$(answers)"
docker start "$edge_id-new" >/dev/null

# --- A release from before there was health ---
expect 'it says what it routes' 'gateway frontend health' "$(in_container nginx e2i-nginx routed)"
if out=$(route_to r2 new | grep -v ' health ' | route); then ok 'a route that says nothing of health'; else not_ok "a route without health: $out"; fi
expect 'asks the new one for everything else' new "$(answers)"
expect 'and health where the configuration has it' abc123 "$(answers /health)"
if out=$(route_to r2 new old | route); then ok 'and one that says it again'; else not_ok "a route with health again: $out"; fi
expect 'asks the new one for health' new "$(answers /health)"

# --- What is wrong changes nothing ---
before=$(upstream_files)
refused() { # WHAT TEXT
  local out
  if out=$(printf '%s\n' "$2" | route); then not_ok "$1 is switched to"; else ok "$1 is refused: $(tail -1 <<<"$out" | cut -c 1-120)"; fi
  expect "$1: every file is what it was" "$before" "$(upstream_files)"
  expect "$1: served as before" new "$(answers)"
}
eventually 20 test "$(answers)" = new || true
refused 'a service that is nowhere' "$(printf 'generation r3\nconfiguration %s\nto gateway x' "$version")"
refused 'a configuration that is not there' "$(route_to r3 new | sed "s/^configuration .*/configuration none-1/")"
refused 'a name that is none' "$(route_to r3 'new;}' )"
refused 'another word' "$(route_to r3 new; echo 'include /etc/passwd')"
in_container nginx sh -c "cp -r /etc/e2i/nginx/conf/$version /etc/e2i/nginx/conf/bad-1 && echo 'no_such_directive on;' >>/etc/e2i/nginx/conf/bad-1/http.conf"
refused 'a configuration that nginx refuses' "$(route_to r3 new | sed "s/^configuration .*/configuration bad-1/")"
in_container nginx sh -c "cp -r /etc/e2i/nginx/conf/$version /etc/e2i/nginx/conf/silent-1 && sed -i 's/listen 9080/listen 9089/; s/listen \[::\]:9080/listen [::]:9089/' /etc/e2i/nginx/conf/silent-1/private.conf"
refused 'a configuration that is tested well and does not answer' "$(route_to r3 new | sed "s/^configuration .*/configuration silent-1/")"
expect 'the generation is that of before' r2 "$(private_generation | jq -r .upstreams)"

# --- Under load: a client that never asks twice ---
docker cp --quiet scripts/stack/rig/load.py "$edge_id-tools:/load.py"
for mode in keep close; do
  docker exec "$edge_id-tools" python3 /load.py nginx localhost /api/v1/me 12 16 12 "$mode" >"$work/$mode.json" &
done
sleep 1
switches=0 from=new to=old
while [ "$switches" -lt 8 ]; do
  if out=$(route_to "load-$switches" "$to" "$from" | route); then :; else not_ok "under load: $out"; fi
  if out=$(route_to "load-$switches-alone" "$to" | route); then :; else not_ok "under load: $out"; fi
  switches=$((switches + 1)) swap=$from from=$to to=$swap
done
wait
for mode in keep close; do
  expect "$((switches * 2)) switches under load, $mode: failed of $(jq .requests "$work/$mode.json") requests $(jq -c .failures "$work/$mode.json")" 0 "$(jq .failed "$work/$mode.json")"
done
no_old_worker() { [ "$(in_container nginx e2i-nginx old-workers)" = 0 ]; }
if eventually 70 no_old_worker; then ok 'no old nginx worker is left'; else not_ok 'old nginx workers are left'; fi
in_container nginx sh -c 'ls -A /etc/e2i/upstreams/.sets | wc -l' >"$work/sets"
expect 'old sets are gone but one' 2 "$(<"$work/sets")"
docker restart "$edge_id-nginx" >/dev/null
await_nginx nginx
expect 'a restart keeps the route' "load-7-alone" "$(private_generation | jq -r .upstreams)"

# --- Maintenance, and no deployer ---
in_container nginx e2i-nginx maintenance on
expect 'maintenance on' 503 "$(status_of http://nginx/api/v1/me)"
in_container nginx e2i-nginx maintenance off
expect 'maintenance off' 200 "$(status_of http://nginx/api/v1/me)"
for path in /hooks/github /api/v1/deployments /api/v1/deployments/3/events; do
  out=$(ask --include --request POST --data '{}' "http://nginx$path")
  expect_in "$path without a deployer: 503" 'HTTP/1.1 503' "$out"
  expect_in "$path without a deployer: with words" 'urn:e2i:problem:no-deployer' "$out"
done
sed 's/listen 8000/listen 8030/' scripts/stack/rig/services.conf >"$work/deployer.conf"
edge_run deployer nginx:1.30-trixie --volume "$work/deployer.conf:/etc/nginx/nginx.conf:ro"
is_deployed() { [ "$(status_of http://nginx/api/v1/deployments)" = 200 ]; }
if eventually 30 is_deployed; then ok 'a deployer that comes is found'; else not_ok "a deployer: $(ask http://nginx/api/v1/deployments)"; fi
expect 'and hooks reach it' 200 "$(status_of --request POST --data '{}' http://nginx/hooks/github)"
head -c 27000000 /dev/zero >"$work/large"
docker cp --quiet "$work/large" "$edge_id-tools:/large"
expect 'a hook of 27 MB is refused' 413 "$(status_of --request POST --data-binary @/large http://nginx/hooks/github)"
rm -rf "$work"
edge_end
