#!/usr/bin/env bash
# tier: files
# about: nginx -t and gixy in every mode; a bad configuration falls back; releases switch and a restart keeps that
# shellcheck disable=SC2154 # what rig/edge.sh sets
set -euo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<'TEXT'
usage: scripts/stack/edge-configuration.sh
  Renders this clone's nginx configuration in every mode, tests it with nginx -t and gixy, and tries what happens when one
  is bad. One line a check.
TEXT
  exit 0
fi
# shellcheck source=/dev/null
source "$(dirname "$0")/rig/edge.sh"
edge_begin
edge_volumes nginx

# gixy's findings that are meant, and why:
#   proxy_buffering_off     events go through one by one (routes.conf)
#   status_page_exposed     on the private port alone, which is published nowhere (private.conf)
#   try_files_is_evil_too   challenges are asked for a few times a year; the web app's files are few and in memory
#   host_spoofing           the services see the name that was asked for, with its port; with DOMAIN set, others are refused before
readonly meant=host_spoofing,proxy_buffering_off,status_page_exposed,try_files_is_evil_too

start_services
start_certificates

# --- Each mode ---
for plain_http in serve redirect; do
  for domain in '' causal.example.org; do
    for proxies in '' 203.0.113.0/24,2001:db8::/32; do
      mode="PLAIN_HTTP=$plain_http DOMAIN=$domain TRUSTED_PROXIES=$proxies"
      if out=$(docker run --rm --network none --label "e2i.edge=$edge_id" "${edge_hardened[@]}" --env "PLAIN_HTTP=$plain_http" --env "DOMAIN=$domain" \
        --env "TRUSTED_PROXIES=$proxies" --env HSTS=on --volume "$edge_id-nginx-conf:/etc/e2i/nginx" \
        --volume "$edge_id-nginx-upstreams:/etc/e2i/upstreams" --volume "$edge_id-certificates:/etc/e2i/certificates:ro" \
        "$edge_prefix/nginx:test" publish 2>&1); then
        ok "nginx -t: $mode"
      else
        not_ok "nginx -t: $mode: $out"
        continue
      fi
      version=$(tail -1 <<<"$out")
      left=$(docker run --rm --volume "$edge_id-nginx-conf:/conf:ro" "$edge_prefix/tools:test" grep -l '{{' -r "/conf/conf/$version" || true)
      expect "no blank is left: $mode" '' "$left"
      findings=$(docker run --rm --volume "$edge_id-nginx-conf:/etc/e2i/nginx:ro" --volume "$edge_id-nginx-upstreams:/etc/e2i/upstreams:ro" \
        "$edge_prefix/tools:test" gixy --format json --skips "$meant" "/etc/e2i/nginx/conf/$version/nginx.conf" 2>&1 || true)
      expect "gixy: $mode" '[]' "$(jq -c '[.[] | {plugin, severity, summary, path, reason}]' <<<"$findings" 2>/dev/null || echo "$findings")"
    done
  done
done

# --- A bad variable, a bad image ---
generation() { private nginx /-/generation | jq -r .configuration; }
start_nginx nginx
await_nginx nginx
good=$(generation)
again() { docker rm -f "$edge_id-nginx" >/dev/null; start_nginx nginx "$@"; await_nginx nginx; }
for variable in DOMAIN='a.example; return 200' DOMAIN=localhost TRUSTED_PROXIES=0.0.0.0/0 'TRUSTED_PROXIES=10.0.0.1;' PLAIN_HTTP=yes HTTPS_PORT=70000 HSTS=1; do
  again --env "$variable"
  expect "$variable: the last good configuration is served on" "$good" "$(generation)"
  expect_in "$variable: loudly" 'ERROR' "$(logs nginx)"
done
docker build --quiet --tag "$edge_prefix/nginx-bad:test" - >/dev/null <<TEXT
FROM $edge_prefix/nginx:test
USER root
RUN echo 'no_such_directive on;' >>/usr/share/e2i/nginx/http.conf
USER 101:101
ENV E2I_REVISION=bad
TEXT
nginx_image=$edge_prefix/nginx-bad:test again
expect 'a bad image: the last good configuration is served on' "$good" "$(generation)"
expect_in 'a bad image: what is wrong' no_such_directive "$(logs nginx)"
edge_volumes_fresh="$edge_id-fresh"
docker volume create --label "e2i.edge=$edge_id" "$edge_volumes_fresh-conf" >/dev/null
docker volume create --label "e2i.edge=$edge_id" "$edge_volumes_fresh-upstreams" >/dev/null
nginx_image=$edge_prefix/nginx-bad:test start_nginx fresh
expect 'a bad image with nothing before it ends' 1 "$(docker wait "$edge_id-fresh")"

# --- Releases ---
again
cp_version() { # a configuration as a release makes it
  in_container nginx sh -c "cp -r /etc/e2i/nginx/conf/$good /etc/e2i/nginx/conf/release-1 && sed -i 's/$good/release-1/' /etc/e2i/nginx/conf/release-1/private.conf"
}
cp_version
in_container nginx e2i-nginx switch release-1 2>/dev/null
is_release() { [ "$(generation)" = release-1 ]; }
if eventually 20 is_release; then ok 'a release switches, seen over new connections'; else not_ok "switched: $(generation)"; fi
docker restart "$edge_id-nginx" >/dev/null
await_nginx nginx
expect 'a restart keeps what a release switched to' release-1 "$(generation)"
in_container nginx sh -c 'cp -r /etc/e2i/nginx/conf/release-1 /etc/e2i/nginx/conf/release-2 && echo "broken" >>/etc/e2i/nginx/conf/release-2/http.conf'
if in_container nginx e2i-nginx switch release-2 >/dev/null 2>&1; then not_ok 'a bad version is switched to'; else ok 'a bad version is not switched to'; fi
expect 'and nothing has changed' release-1 "$(generation)"
docker build --quiet --tag "$edge_prefix/nginx-next:test" - >/dev/null <<TEXT
FROM $edge_prefix/nginx:test
ENV E2I_REVISION=next
TEXT
nginx_image=$edge_prefix/nginx-next:test again
expect_in 'a new image brings its own' next- "$(generation)"
in_container nginx sh -c 'sed -i "s/default first/default second/" /etc/e2i/upstreams/generation.conf && kill -HUP 1'
is_second() { [ "$(private nginx /-/generation | jq -r .upstreams)" = second ]; }
if eventually 20 is_second; then ok 'a set of upstreams tells its name'; else not_ok "upstreams: $(private nginx /-/generation)"; fi
again
expect 'files of upstreams are never overwritten' second "$(private nginx /-/generation | jq -r .upstreams)"

# --- Services that come and go ---
without_services() { docker rm -f "$edge_id-services" >/dev/null; }
is_served() { [ "$(status_of http://nginx/api/v1/me)" = 200 ]; }
without_services
edge_run takes-its-address "$edge_prefix/tools:test"
expect_in 'a service that is away is a problem' application/problem+json "$(ask --include http://nginx/api/v1/me)"
start_echo
if eventually 30 is_served; then ok 'a service that comes back at another address is followed'; else not_ok "$(ask http://nginx/api/v1/me)"; fi
without_services
again
ok 'nginx starts before its services'
start_echo
if eventually 30 is_served; then ok 'and finds them when they are there'; else not_ok "$(ask http://nginx/api/v1/me)"; fi
edge_end
