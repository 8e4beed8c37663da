#!/usr/bin/env bash
# `make up`: the whole platform until Ctrl-C, in containers where a Docker engine answers, else natively.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/up.sh
  E2I_UP=docker|native   insists on one way
  HTTP_PORT, HTTPS_PORT  (also in .env) where containers are reached on 127.0.0.1 (8080, 8443)
TEXT
}
if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then usage; exit 0; fi

cd "$(dirname "$0")/.."
say() { printf '%s\n' "$*"; }

why_not_docker() {
  command -v docker >/dev/null || { echo "docker is not installed"; return; }
  docker compose version >/dev/null 2>&1 || { echo "docker has no compose"; return; }
  docker info >/dev/null 2>&1 || echo "no Docker engine answers"
}
reason=$(why_not_docker)
case ${E2I_UP:-} in
  native) reason="E2I_UP=native" ;;
  docker) [ -z "$reason" ] || { say "make up: $reason" >&2; exit 1; } ;;
  '') ;;
  *) usage >&2; exit 2 ;;
esac
if [ -n "$reason" ]; then
  say "Running natively ($reason)."
  exec "${MAKE:-make}" --no-print-directory up-native
fi

say "Running in containers (E2I_UP=native runs without)."
# The same lock and file as the native way: `make demo` finds either, and one platform runs at a time.
mkdir -p .local
exec 9<>.local/up.lock
flock --nonblock 9 || { say "make up: the platform of this clone is already running" >&2; exit 1; }
printf %s $$ >.local/up.lock
trap 'rm -f .local/platform.json' EXIT
compose=(docker compose --ansi never)

scripts/base-images.sh
"${compose[@]}" build
begin=$(date +%s)
say "Starting Postgres, Redis, MLflow, the services and nginx ..."
if ! "${compose[@]}" up --detach --wait 2>.local/compose.log; then
  cat .local/compose.log >&2
  "${compose[@]}" ps --all >&2
  exit 1
fi
address=http://localhost:$("${compose[@]}" port nginx 80 | sed 's/.*://') password=.local/admin-password
(umask 077 && "${compose[@]}" exec -T gateway cat /run/secrets/gateway/admin-password >"$password")
email=$("${compose[@]}" exec -T gateway printenv ADMIN_EMAIL </dev/null || true)
printf '{"pid":%s,"public_url":"%s","admin_email":"%s","admin_password_file":"%s"}\n' $$ "$address" \
  "${email:-admin@e2i.local}" "$PWD/$password" >.local/platform.json.new
mv .local/platform.json.new .local/platform.json

shown="in $password"
# The admin was made by this start.
if "${compose[@]}" logs --since "$begin" setup | grep -q 'shown this once'; then shown="$(<"$password")   (shown this once; kept in $password)"; fi
cat <<TEXT

E2I is up.
  address    $address   (open it in a browser; the API: /docs)
  user       ${email:-admin@e2i.local}
  password   $shown
  data       in Docker's volumes (docker compose down --volumes removes them)
  logs       docker compose logs --follow
  try it     make demo, in another terminal
  stop       Ctrl-C

TEXT
stop() {
  trap '' INT TERM HUP
  say "Stopping ..."
  "${compose[@]}" stop 2>/dev/null
  say "Stopped. \`make up\` continues with the same data."
  exit 0
}
trap stop INT TERM HUP
while sleep 2 & wait $!; do :; done
