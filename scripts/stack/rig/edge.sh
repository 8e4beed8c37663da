#!/usr/bin/env bash
# What the checks of the edge share: the images of this clone in containers of their own, behind them an nginx that tells
# what it was sent. `source`d by scripts/stack/edge-*.sh (their --help says what each does); removes all of it at the end.
set -euo pipefail

edge_id=e2i-edge-$$
edge_prefix=e2i-edge
edge_failures=0
edge_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
# As docker-compose.yml runs them.
# shellcheck disable=SC2054 # the commas are docker's
edge_hardened=(--read-only --cap-drop ALL --security-opt no-new-privileges:true --tmpfs /tmp:size=64m,mode=1777
  --tmpfs /var/cache/nginx:size=64m,uid=101,gid=101 --tmpfs /run:size=1m,uid=101,gid=101 --memory 128m --pids-limit 64)

ok() { printf 'ok - %s\n' "$*"; }
not_ok() {
  printf 'not ok - %s\n' "$*"
  edge_failures=$((edge_failures + 1))
}

# expect WHAT EXPECTED FOUND
expect() { if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1: expected '$2', found '$3'"; fi; }

# expect_in WHAT PART TEXT
expect_in() { case $3 in *"$2"*) ok "$1" ;; *) not_ok "$1: no '$2' in: ${3:0:600}" ;; esac; }

# eventually SECONDS COMMAND...: until it succeeds.
eventually() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.3
  done
}

# Everything carries the label; nothing else is touched.
edge_remove() {
  local code=$?
  set +e
  docker ps -aq --filter "label=e2i.edge=$edge_id" | xargs -r docker rm -f >/dev/null
  docker volume ls -q --filter "label=e2i.edge=$edge_id" | xargs -r docker volume rm >/dev/null
  docker network ls -q --filter "label=e2i.edge=$edge_id" | xargs -r docker network rm >/dev/null
  [ -z "${edge_netns:-}" ] || ip netns delete "$edge_netns"
  exit "$code"
}

edge_begin() {
  cd "$edge_root"
  trap edge_remove EXIT
  docker build --quiet --tag "$edge_prefix/nginx:test" --file docker/nginx/Dockerfile . >/dev/null
  docker build --quiet --tag "$edge_prefix/certificates:test" --file docker/certificates/Dockerfile . >/dev/null
  docker build --quiet --tag "$edge_prefix/tools:test" --file scripts/stack/rig/tools.Dockerfile scripts/stack/rig >/dev/null
  docker network create --label "e2i.edge=$edge_id" "$edge_id" >/dev/null
}

edge_end() {
  [ "$edge_failures" = 0 ] || { echo "$edge_failures not ok" >&2; exit 1; }
}

# edge_run NAME IMAGE ARGUMENT...: arguments of `docker run`, then after -- the command's.
edge_run() {
  local name=$1 image=$2 options=()
  shift 2
  while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
  [ $# = 0 ] || shift
  docker run --detach --label "e2i.edge=$edge_id" --name "$edge_id-$name" --network "$edge_id" --network-alias "$name" \
    ${options[@]+"${options[@]}"} "$image" "$@" >/dev/null
}

edge_volume() { docker volume create --label "e2i.edge=$edge_id" "$edge_id-$1" >/dev/null; }

in_container() {
  local name=$1
  shift
  docker exec "$edge_id-$name" "$@"
}
logs() { docker logs "$edge_id-$1" 2>&1; }
health() { docker inspect --format '{{.State.Health.Status}}' "$edge_id-$1"; }
is_healthy() { [ "$(health "$1")" = healthy ]; }
address() { docker inspect --format "{{(index .NetworkSettings.Networks \"$edge_id\").IPAddress}}" "$edge_id-$1"; }

# The services: a real nginx that tells, as JSON, what it was sent.
start_echo() {
  edge_run services nginx:1.30-trixie --network-alias gateway --network-alias frontend --network-alias health --network-alias mlflow \
    --volume "$edge_root/scripts/stack/rig/services.conf:/etc/nginx/nginx.conf:ro"
}
start_services() {
  start_echo
  edge_run tools "$edge_prefix/tools:test"
}

# start_certificates OPTION...: and waits until there is one.
start_certificates() {
  edge_run certificates "$edge_prefix/certificates:test" "${edge_hardened[@]}" \
    --volume "$edge_id-certificates:/etc/e2i/certificates" --volume "$edge_id-acme:/var/www/acme" "$@"
  eventually 30 is_healthy certificates || { logs certificates; not_ok "certificates is healthy"; exit 1; }
}

# start_nginx NAME OPTION...: with volumes of its own for configuration and upstreams.
start_nginx() {
  local name=$1
  shift
  edge_run "$name" "${nginx_image:-$edge_prefix/nginx:test}" "${edge_hardened[@]}" \
    --volume "$edge_id-$name-conf:/etc/e2i/nginx" --volume "$edge_id-$name-upstreams:/etc/e2i/upstreams" \
    --volume "$edge_id-certificates:/etc/e2i/certificates:ro" --volume "$edge_id-acme:/var/www/acme:ro" "$@"
}

edge_volumes() {
  local name
  edge_volume certificates
  edge_volume acme
  for name in "$@"; do
    edge_volume "$name-conf"
    edge_volume "$name-upstreams"
  done
}

# await_nginx NAME...
await_nginx() {
  local name
  for name in "$@"; do
    eventually 60 is_healthy "$name" || { logs "$name" | tail -20; not_ok "$name is healthy"; exit 1; }
  done
}

# ask CURL-ARGUMENT...: from another container of the network.
ask() { in_container tools curl --silent --show-error --insecure --max-time 20 "$@" 2>&1 || true; }
status_of() { ask --output /dev/null --write-out '%{http_code}' "$@"; }

# private NAME PATH: of nginx's private port.
private() { ask "http://$1:9080$2"; }

serial_at() {
  in_container tools sh -c "openssl s_client -connect '$1' ${2:+-servername $2} </dev/null 2>/dev/null | openssl x509 -noout -serial" || true
}
