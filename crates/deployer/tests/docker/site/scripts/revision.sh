#!/usr/bin/env bash
# The last commit that touched what each image is made of.
set -euo pipefail
if [ "${1:-}" = --help ]; then echo 'usage: scripts/revision.sh'; exit 0; fi
cd "$(dirname "$0")/.."
tell() {
  local service=$1
  shift
  printf '%s %s\n' "$service" "$(git log -1 --format=%H -- "$@" | cut -c 1-12)"
}
tell init services/serve.sh
for service in gateway worker frontend deployer; do tell "$service" "services/$service" services/serve.sh services/Dockerfile; done
tell nginx docker/nginx nginx
tell certificates docker/certificates
