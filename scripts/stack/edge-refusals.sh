#!/usr/bin/env bash
# tier: files
# about: plain HTTP, unknown hosts, maintenance: what nginx serves, redirects and refuses
# shellcheck disable=SC2154 # what rig/edge.sh sets
set -euo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<'TEXT'
usage: scripts/stack/edge-refusals.sh
  Runs this clone's nginx image in each mode, before a service that tells what it was sent, and asks it from another
  container. One line a check.
TEXT
  exit 0
fi
# shellcheck source=/dev/null
source "$(dirname "$0")/rig/edge.sh"
edge_begin
edge_volumes laptop address named
start_services
start_certificates
start_nginx laptop --env HTTPS_PORT=8443
start_nginx address --env PLAIN_HTTP=redirect --env HTTPS_PORT=8443 --env HSTS=on
start_nginx named --env DOMAIN=causal.example.org --env PLAIN_HTTP=redirect --env HSTS=on
await_nginx laptop address named
named=$(address named)
to_named=(--resolve "causal.example.org:80:$named" --resolve "causal.example.org:443:$named")

# --- As a laptop: the same over both ---
for url in http://laptop https://laptop; do
  expect "laptop: $url/ is the web app's" 200 "$(status_of "$url/")"
  expect_in "laptop: $url/health is health's" '"port":"8020"' "$(ask "$url/health")"
  expect_in "laptop: $url/api/ is the gateway's" '"port":"8000"' "$(ask "$url/api/v1/me")"
  expect_in "laptop: $url: the service learns the scheme" "\"proto\":\"${url%%:*}\"" "$(ask "$url/api/v1/me")"
done
expect_in 'laptop: HTTP/2' 2 "$(ask --output /dev/null --write-out '%{http_version}' https://laptop/)"
expect 'laptop: no HSTS' '' "$(ask --head https://laptop/ | grep -i strict-transport || true)"
expect 'laptop: any name' 200 "$(status_of --header 'Host: whatever.example' http://laptop/)"

# --- Without a name, in production ---
for path in / /analyses/7 /docs /assets/a.js; do
  expect "plain HTTP: $path goes to https, with the port" "308 https://address:8443$path?x=1" \
    "$(ask --output /dev/null --write-out '%{http_code} %{redirect_url}' "http://address$path?x=1")"
done
for path in /api/v1/me /api /auth/v1/token /hooks/github /mlflow/ /health; do
  answer=$(ask --write-out ' %{http_code} %{content_type} %{redirect_url}.' "http://address$path")
  expect_in "plain HTTP: $path is refused with a problem" ' 403 application/problem+json .' "$answer"
  expect_in "plain HTTP: $path says why" urn:e2i:problem:tls-required "$answer"
done
expect 'plain HTTP: what is sent to a page is refused, never sent on' 403 "$(status_of --data x=1 http://address/)"
expect 'plain HTTP: a large body is refused by the same words' 403 \
  "$(in_container tools sh -c 'head -c 3000000 /dev/zero | curl -s -o /dev/null -w "%{http_code}" --data-binary @- http://address/api/v1/datasets')"
expect_in 'HSTS over TLS' 'max-age=63072000' "$(ask --head https://address/)"
expect_in 'HSTS with a problem of nginx'\''s own' 'max-age=63072000' "$(ask --head https://address/-/problem)"
expect 'no HSTS over plain HTTP' '' "$(ask --head http://address/ | grep -i strict-transport || true)"
for header in 'x-content-type-options: nosniff' 'referrer-policy: no-referrer' "content-security-policy: frame-ancestors 'none'"; do
  expect_in "API: $header" "$header" "$(ask --head https://address/api/v1/me)"
done
expect 'each header once' 1 "$(ask --head https://address/api/v1/me | grep -c -i '^x-content-type-options')"
expect_in "a service's own 503 goes through as it is" 'from":"the service"' "$(ask https://address/api/v1/broken)"
expect_in 'plain HTTP on the TLS port is a problem' urn:e2i:problem:bad-request "$(ask http://address:443/)"
in_container certificates sh -c 'mkdir -p /var/www/acme/.well-known/acme-challenge && echo token-1 >/var/www/acme/.well-known/acme-challenge/one'
expect 'challenges are served over plain HTTP' token-1 "$(ask http://address/.well-known/acme-challenge/one)"

# --- With a name ---
expect_in 'its name is served' '"port":"8000"' "$(ask "${to_named[@]}" https://causal.example.org/api/v1/me)"
expect 'its name is redirected without a port' '308 https://causal.example.org/x' \
  "$(ask "${to_named[@]}" --output /dev/null --write-out '%{http_code} %{redirect_url}' http://causal.example.org/x)"
expect 'challenges are served under its name' token-1 "$(ask "${to_named[@]}" http://causal.example.org/.well-known/acme-challenge/one)"
expect 'another name over plain HTTP' 421 "$(status_of --header 'Host: evil.example' http://named/)"
expect 'its address over plain HTTP' 421 "$(status_of "http://$named/")"
expect_in 'and why' urn:e2i:problem:misdirected-request "$(ask --header 'Host: evil.example' http://named/api/v1/me)"
expect 'another name in a request on a connection for its own' 421 \
  "$(status_of "${to_named[@]}" --header 'Host: evil.example' https://causal.example.org/)"
expect_in 'another name in the TLS handshake' 'unrecognized name' "$(ask https://named/)"
expect_in 'no name in the TLS handshake' 'unrecognized name' "$(ask "https://$named/")"

# --- Maintenance: without a reload ---
in_container laptop touch /etc/e2i/nginx/maintenance
for path in /api/v1/me /api/v1/deploymentsx /health /openapi.json; do
  answer=$(ask --include "https://laptop$path")
  expect_in "maintenance: $path is a problem" urn:e2i:problem:maintenance "$answer"
  expect_in "maintenance: $path says when to come back" 'retry-after: 60' "$answer"
  expect "maintenance: $path is 503" 503 "$(status_of "https://laptop$path")"
done
answer=$(ask --include --header 'Accept: text/html' https://laptop/analyses)
expect_in 'maintenance: people see a page' '<h1>Back soon</h1>' "$answer"
expect_in 'maintenance: the page is 503' 'HTTP/2 503' "$answer"
expect_in 'maintenance: an API path is a problem for a browser too' urn:e2i:problem:maintenance "$(ask --header 'Accept: text/html' https://laptop/api/v1/me)"
expect 'maintenance: an upload is told at once' 503 \
  "$(in_container tools sh -c 'head -c 3000000 /dev/zero | curl -s -k -o /dev/null -w "%{http_code}" --data-binary @- https://laptop/api/v1/datasets')"
expect 'maintenance: what an admin needs to end it is served on' 200 "$(status_of https://laptop/config.json)"
expect 'maintenance: the Status page tells of it' 200 "$(status_of https://laptop/api/v1/status)"
expect 'maintenance: challenges are served on' token-1 "$(ask http://laptop/.well-known/acme-challenge/one)"
expect_in 'maintenance: the private port answers' '"status":"pass"' "$(private laptop /readyz)"
in_container laptop rm /etc/e2i/nginx/maintenance
expect 'maintenance over' 200 "$(status_of https://laptop/api/v1/me)"
expect 'its answers cannot be asked for' 404 "$(status_of https://laptop/-/maintenance-page)"

# --- What is logged ---
ask --header 'X-Request-Id: logged-0001' 'https://laptop/api/v1/me?token=hunter2' --header 'Authorization: Bearer hunter2' >/dev/null
line=$(logs laptop | grep logged-0001 | tail -1)
expect 'the access log is JSON' /api/v1/me "$(jq -r .path <<<"$line" 2>/dev/null || echo "$line")"
expect 'with what the service says of itself' abc123 "$(jq -r .revision <<<"$line" 2>/dev/null || true)"
expect 'without secrets' '' "$(logs laptop | grep hunter2 || true)"
ask --header 'X-Request-Id: logged-0002' 'https://laptop/-/problem' >/dev/null
expect 'an error is logged under the path that was asked for' /-/problem "$(logs laptop | grep logged-0002 | jq -r .path)"
edge_end
