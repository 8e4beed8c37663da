#!/usr/bin/env bash
# tier: prod
# about: lines of every service in files, one request id through nginx and the gateway, the shipper away, what health is told
set -euo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<'TEXT'
usage: scripts/stack/logs.sh
  Asks a running production, looks for the request's lines by scripts/logs.sh, stops and starts the container `logs`, and
  looks again. One line a check. `stack` runs it, and says by variables where the platform is.
TEXT
  exit 0
fi
cd "$(dirname "$0")/../.."
failures=0
ok() { printf 'ok - %s\n' "$*"; }
not_ok() {
  printf 'not ok - %s\n' "$*"
  failures=$((failures + 1))
}
eventually() { # SECONDS COMMAND...
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.5
  done
}
compose() { scripts/compose.sh prod "$@"; }
check() { # WHAT COMMAND...
  local what=$1
  shift
  if eventually 60 "$@"; then ok "$what"; else not_ok "$what"; fi
}
# By the certificate that the platform shows, whatever name it is asked by.
ask() { curl --silent --insecure --max-time 10 --output /dev/null --dump-header - "$E2I_HTTPS_URL/api/v1/me"; }
request_id() { ask | tr -d '\r' | awk 'tolower($1) == "x-request-id:" { print $2 }'; }
found() { # REQUEST SERVICE
  scripts/logs.sh --request "$1" --service "$2" --days 1 | grep --quiet --fixed-strings "$1"
}
lines_of() { scripts/logs.sh --service "$1" --days 2 | grep --quiet .; }

for service in nginx gateway worker redis deployer logs; do check "there are lines of $service" lines_of "$service"; done
if scripts/logs.sh --list | grep --quiet '^setup '; then not_ok "what setup prints is kept"; else ok "what setup prints is not kept"; fi

id=$(request_id)
check "a request is found in nginx's lines" found "$id" nginx
check "and in the gateway's" found "$id" gateway

compose stop logs >/dev/null 2>&1
id=$(request_id)
if [ -n "$id" ]; then ok "requests are answered while the shipper is away"; else not_ok "no answer while the shipper is away"; fi
compose restart gateway >/dev/null 2>&1
check "a service starts while the shipper is away" request_id
compose start logs >/dev/null 2>&1
check "what was written meanwhile is found" found "$id" nginx
check "of the gateway too" found "$id" gateway

kept() { compose exec --no-TTY logs cat /var/lib/e2i/logs/kept.json; }
days_told() { kept | grep --quiet --line-regexp --extended-regexp '[0-9]+\.[0-9]{2}'; }
check "health is told how many days are kept" days_told
is_healthy() { [ "$(docker inspect --format '{{.State.Health.Status}}' "$(compose ps --quiet logs)")" = healthy ]; }
check "the container is healthy" is_healthy
if compose exec --no-TTY logs sh -c ': >/var/lib/docker/containers/probe' 2>/dev/null; then
  not_ok "the engine's folder can be written"
else
  ok "the engine's folder cannot be written"
fi

[ "$failures" = 0 ] || { echo "$failures not ok" >&2; exit 1; }
