#!/usr/bin/env bash
# Serves the endpoints of make bench-gateway by FastAPI, until it is ended.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/bench/gateway/run.sh [--dry-run]

Needs PORT, DATABASE_URL (a database of the bench's own), JWKS_URL and ISSUER. Installs the packages of requirements.txt once
into ~/.cache/e2i/bench-gateway, from PyPI. As many worker processes as there are cores.
  --dry-run   say what would be done
TEXT
}

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
folder="${XDG_CACHE_HOME:-$HOME/.cache}/e2i/bench-gateway"
case "${1:-}" in
  --help | -h) usage && exit 0 ;;
  --dry-run) echo "would install FastAPI in $folder and serve on port ${PORT:-?}" && exit 0 ;;
  '') ;;
  *) usage >&2 && exit 64 ;;
esac
: "${PORT:?}" "${DATABASE_URL:?}" "${JWKS_URL:?}" "${ISSUER:?}"
export DATABASE_URL JWKS_URL ISSUER
if ! cmp --silent "$here/requirements.txt" "$folder/.complete"; then
  mkdir -p "$folder"
  python3 -m venv --clear "$folder" >&2
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt" >&2
  cp "$here/requirements.txt" "$folder/.complete"
fi
cd "$here"
PYTHONDONTWRITEBYTECODE=1 exec "$folder/bin/python" -m uvicorn app:app --host 127.0.0.1 --port "$PORT" \
  --workers "$(nproc)" --loop uvloop --http httptools --no-access-log --log-level warning
