#!/usr/bin/env bash
# docker compose with the files and variables of one tier.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/compose.sh laptop|dev|prod COMPOSE-ARGUMENTS ...
  laptop   docker-compose.yml; variables from .env, when there is one
  dev      and docker-compose.dev.yml; variables from .env.dev, when there is one
  prod     and docker-compose.prod.yml; variables from .env.prod (scripts/env-prod.sh makes it) and .release.env
           (scripts/images.sh makes it); COMPOSE_PROFILES=local-postgres brings a Postgres, if DATABASE_URL names none.
           The deployer is told this folder (PROJECT_DIR) and the group of the engine's socket (DOCKER_GID)

example: scripts/compose.sh prod up --detach
TEXT
}

case ${1:-} in
  --help | -h) usage; exit 0 ;;
  laptop | dev | prod) tier=$1; shift ;;
  *) usage >&2; exit 2 ;;
esac
cd "$(dirname "$0")/.."
arguments=(--file docker-compose.yml)
use() { if [ -f "$1" ]; then arguments+=(--env-file "$1"); fi; }
case $tier in
  laptop) use .env ;;
  dev) arguments+=(--file docker-compose.dev.yml); use .env.dev ;;
  prod)
    [ -f .env.prod ] || { echo "compose: there is no .env.prod; scripts/env-prod.sh makes one" >&2; exit 1; }
    arguments+=(--file docker-compose.prod.yml)
    use .env.prod
    use .release.env
    # For the deployer: where this folder is, and which group may use the engine's socket.
    export PROJECT_DIR=${PROJECT_DIR:-$PWD}
    socket=${DOCKER_HOST:-unix:///var/run/docker.sock}
    if [ -z "${DOCKER_GID:-}" ]; then
      DOCKER_GID=$(stat --dereference --format %g "${socket#unix://}" 2>/dev/null || echo 0)
    fi
    export DOCKER_GID
    ;;
esac
exec docker compose "${arguments[@]}" "$@"
