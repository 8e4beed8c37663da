#!/usr/bin/env bash
# Asks the running API everything that openapi.json allows, and much that it does not, and holds each answer against it.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/schemathesis.sh [--dry-run]

Starts a platform of its own (loopback, a temporary folder), signs in as its admin and runs Schemathesis over
/openapi.json: no 5xx, no undocumented status, media type or body, no route that answers without a token.
Prints the report; fails on any finding.
  E2I           the program (default: target folder's debug/e2i)
  SEED          of what is asked (default 1)
  MAX_EXAMPLES  drawn for each operation (default 15)
  MAX_SECONDS   bound of the run over everything (default 120); four more take a minute together
  --dry-run     say what would be done
TEXT
}

dry_run=no
case "${1:-}" in
  '') ;;
  --help | -h) usage && exit 0 ;;
  --dry-run) dry_run=yes ;;
  *) usage >&2 && exit 64 ;;
esac

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/e2i"
readonly version=4.32.0 venv="$cache/schemathesis-venv"
program="${E2I:-${CARGO_TARGET_DIR:-$cache/target}/debug/e2i}"

if [ "$("$venv/bin/schemathesis" --version 2>/dev/null | grep -oE '[0-9.]+$')" != "$version" ]; then
  if [ "$dry_run" = yes ]; then
    echo "would make $venv with schemathesis $version"
  else
    echo "Making the Python environment of Schemathesis in $venv (once; a minute) ..."
    "${PYTHON:-python3}" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "schemathesis==$version"
  fi
fi
if [ "$dry_run" = yes ]; then
  echo "would run a platform with $program in a temporary folder, and Schemathesis against it"
  exit 0
fi
if [ ! -x "$program" ]; then
  echo "schemathesis.sh: there is no program $program: make build" >&2
  exit 1
fi

folder=$(mktemp -d)
platform=
# shellcheck disable=SC2317 # the trap calls it
stop() {
  if [ -n "$platform" ] && kill "$platform" 2>/dev/null; then
    wait "$platform" || true
  fi
  # For root the data lie elsewhere, behind a link.
  home=$(readlink -f "$folder/local/data" || true)
  rm -rf "$folder" ${home:+"$home"}
}
trap stop EXIT

# No limit on how much is asked: one client asks thousands of things in a row, and 429 would hide the answers.
RATE_LIMIT_ADDRESS_PER_MINUTE=0 RATE_LIMIT_USER_PER_MINUTE=0 RATE_LIMIT_SIGN_IN_PER_MINUTE=0 RATE_LIMIT_SHARED_PER_MINUTE=0 \
  "$program" up --stop-with-parent --local "$folder/local" >"$folder/platform.log" 2>&1 &
platform=$!
for _ in $(seq 600); do
  [ -f "$folder/local/platform.json" ] && break
  if ! kill -0 "$platform" 2>/dev/null; then
    tail -n 20 "$folder/platform.log" >&2
    exit 1
  fi
  sleep 0.2
done

"$venv/bin/python" "$here/schemathesis/prepare.py" "$folder/local/platform.json" "$here/../testdata/nsw.csv" "$folder"
url=$(sed -n 's/.*"public_url": *"\([^"]*\)".*/\1/p' "$folder/local/platform.json")
readonly url

cd "$folder"
export NO_PROXY='*' SCHEMATHESIS_HOOKS=hooks PYTHONPATH="$here/schemathesis" PYTHONDONTWRITEBYTECODE=1
checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,ignored_auth
touch none.toml
status=0
ask() { # PERSON CONFIG SECONDS ARGUMENTS...
  local person=$1 config=$2 seconds=$3
  shift 3
  "$venv/bin/schemathesis" --config-file "$config" run --url "$url" --checks "$checks" --seed "${SEED:-1}" --workers 1 \
    --max-examples "${MAX_EXAMPLES:-15}" --max-time "$seconds" --phases examples,coverage,fuzzing --no-color \
    --generation-database none --request-timeout 20 --continue-on-failure --max-redirects 0 \
    --header "Authorization: Bearer $(cat "token-$person")" "$@" "$url/openapi.json" || status=1
}

# Never asked: the two streams, whose answers do not end; the gateway's own tests read them. By people of their own, last:
# what ends the asker's session or takes their role away, after which all else would be 401 or 403.
streams=(--exclude-path /api/v1/events --exclude-path '/api/v1/analyses/{id}/events')
say() { printf '\n##### %s\n' "$*"; }
say "Everything, with ids of nothing"
ask asker none.toml "${MAX_SECONDS:-120}" "${streams[@]}" --exclude-operation-id logout \
  --exclude-operation-id change_own_user --exclude-operation-id change_user
say "Reads of things that are there"
ask reader real.toml 30 "${streams[@]}" --exclude-method POST --exclude-method PUT --exclude-method PATCH --exclude-method DELETE \
  --include-path-regex '^/api/v1/(datasets|analyses|uploads|workspaces|admin/jobs)/[{]id[}]'
say "What the asker loses their session or role by"
ask leaver none.toml 10 --include-operation-id logout
ask changer none.toml 10 --include-operation-id change_own_user
ask demoter none.toml 10 --include-operation-id change_user

if grep -q panicked "$folder/platform.log"; then
  echo "The platform panicked:" >&2
  grep -A 3 panicked "$folder/platform.log" >&2
  status=1
fi
exit "$status"
