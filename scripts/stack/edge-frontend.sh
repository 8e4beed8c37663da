#!/usr/bin/env bash
# tier: files
# about: the web app's container: headers, hashed files of other builds for a week, two builds side by side
# shellcheck disable=SC2154 # what rig/edge.sh sets
set -euo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<'TEXT'
usage: scripts/stack/edge-frontend.sh
  Runs this clone's web app image, a build that came before and one that comes after, on one volume. One line a check.
TEXT
  exit 0
fi
# shellcheck source=/dev/null
source "$(dirname "$0")/rig/edge.sh"
edge_begin
docker build --quiet --tag "$edge_prefix/frontend:test" --file docker/frontend/Dockerfile . >/dev/null
edge_volume assets
edge_run tools "$edge_prefix/tools:test"

start_frontend() { # NAME IMAGE OPTION...
  local name=$1 image=$2
  shift 2
  edge_run "$name" "$image" "${edge_hardened[@]}" --volume "$edge_id-assets:/srv/web-assets" "$@"
  eventually 60 is_healthy "$name" || { logs "$name"; not_ok "$name is healthy"; exit 1; }
}
# Other builds: the same with one more file each, and another page.
for build in before after; do
  docker build --quiet --tag "$edge_prefix/frontend-$build:test" - >/dev/null <<TEXT
FROM $edge_prefix/frontend:test
USER root
RUN echo 'export const build = "$build"' >/srv/build/assets/of-$build.js && sed -i 's/<body>/<body><!-- $build -->/' /srv/build/index.html && gzip -9 -n -c /srv/build/index.html >/srv/build/index.html.gz
USER 101:101
ENV E2I_REVISION=$build
TEXT
done

start_frontend before "$edge_prefix/frontend-before:test"
start_frontend now "$edge_prefix/frontend:test" --env 'WEB_CONNECT_SRC=https://abcdefgh.supabase.co'
page=$(ask http://now:3000/)
script=$(grep -o '/assets/index-[^"]*\.js' <<<"$page" | head -1)
expect 'its hashed files are served' 200 "$(status_of "http://now:3000$script")"
expect_in 'for a year' 'Cache-Control: public, max-age=31536000, immutable' "$(ask --head "http://now:3000$script")"
expect_in 'compressed before' 'Content-Encoding: gzip' "$(ask --head --header 'Accept-Encoding: gzip' "http://now:3000$script")"
expect_in 'the page is asked about each time' 'Cache-Control: no-cache' "$(ask --head http://now:3000/)"
expect_in 'any path of the app is the page' '<title>' "$(ask --header 'Accept: text/html' http://now:3000/analyses/7)"
expect_in 'the web app may talk to WEB_CONNECT_SRC' "connect-src 'self' https://abcdefgh.supabase.co;" "$(ask --head http://now:3000/)"
expect_in 'what is not there is a problem' urn:e2i:problem:not-found "$(ask http://now:3000/nothing.js)"
expect 'the demo tables are there' 200 "$(status_of http://now:3000/demo/nsw.csv)"
expect_in 'the private port tells the revision' '"revision":"before"' "$(ask http://before:9081/readyz)"

# --- Side by side ---
start_frontend after "$edge_prefix/frontend-after:test"
for build in before after; do
  expect "a file of the build $build is served by this one" 200 "$(status_of "http://now:3000/assets/of-$build.js")"
  expect_in "while the build $build shows its own page" "<!-- $build -->" "$(ask --compressed "http://$build:3000/")"
done
expect 'this one shows its own' 0 "$(ask http://now:3000/ | grep -c -e '<!-- before -->' -e '<!-- after -->' || true)"

# --- A week later ---
age() { in_container now touch --date "$1" "/srv/web-assets/assets/$2"; }
age '30 days ago' of-before.js
docker restart "$edge_id-now" >/dev/null
eventually 60 is_healthy now
expect 'what was replaced more than a week ago is gone' 404 "$(status_of http://now:3000/assets/of-before.js)"
expect 'what was replaced lately is there' 200 "$(status_of http://now:3000/assets/of-after.js)"
age '30 days ago' "${script#/assets/}"
docker restart "$edge_id-now" >/dev/null
eventually 60 is_healthy now
expect 'its own files stay, however old' 200 "$(status_of "http://now:3000$script")"

# --- Faults ---
refused() { # WHAT WORDS OPTION...: starts with these and ends, saying so
  local what=$1 words=$2 out
  shift 2
  if out=$(docker run --rm --network none --label "e2i.edge=$edge_id" "${edge_hardened[@]}" "$@" "$edge_prefix/frontend:test" 2>&1 >/dev/null); then
    not_ok "$what starts"
  else
    expect_in "$what is refused in words" "$words" "$out"
  fi
}
refused 'a bad WEB_CONNECT_SRC' 'say origins' --env "WEB_CONNECT_SRC=https://x'; script-src *"
refused 'a full volume' 'is there room' --tmpfs /srv/web-assets:size=64k,uid=101,gid=101
findings=$(docker exec "$edge_id-now" tar --create --file - --directory /tmp nginx | docker run --rm --interactive "$edge_prefix/tools:test" \
  sh -c 'tar --extract --directory /tmp && gixy --format json --skips try_files_is_evil_too /tmp/nginx/nginx.conf' 2>&1 || true)
expect 'gixy' '[]' "$(jq -c '[.[] | {plugin, severity, summary, reason}]' <<<"$findings" 2>/dev/null || echo "$findings")"
edge_end
