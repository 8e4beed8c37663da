#!/usr/bin/env bash
# Makes .env.prod, with a new secret for each that production needs.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/env-prod.sh --admin EMAIL (--domain NAME | --address ADDRESS) [--database-url URL] [--dry-run]
  Writes .env.prod, never over one that is there. Its owner may write it, and group 10001, which the deployer belongs to,
  may read it; without root, which alone can give it to that group, say so to root afterwards: chgrp 10001 .env.prod
  --admin         the first admin's e-mail address
  --domain        the name that points to this server; certificates come from Let's Encrypt
  --address       without a name: the server's address; the certificate is self-signed
  --database-url  another Postgres (Supabase: the session pooler or a direct connection); without it a local one is run
  --dry-run       print what would be written, without the secrets
TEXT
}

cd "$(dirname "$0")/.."
admin='' domain='' address='' database='' dry_run=0
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --dry-run) dry_run=1; shift ;;
    --admin | --domain | --address | --database-url)
      [ $# -gt 1 ] || { usage >&2; exit 2; }
      case $1 in --admin) admin=$2 ;; --domain) domain=$2 ;; --address) address=$2 ;; *) database=$2 ;; esac
      shift 2
      ;;
    *) usage >&2; exit 2 ;;
  esac
done
if [ -z "$admin" ] || [ -z "$domain$address" ]; then usage >&2; exit 2; fi
[ ! -e .env.prod ] || { echo "env-prod: .env.prod is there already; move it away first" >&2; exit 1; }

secret() {
  if [ "$dry_run" = 1 ]; then printf '(random)'; else head -c 24 /dev/urandom | od -An -vtx1 | tr -d ' \n'; fi
}
# Empty where it is the usual one, or no engine answers yet.
engine_folder() {
  local folder
  folder=$(docker info --format '{{.DockerRootDir}}' 2>/dev/null || true)
  [ "$folder" = /var/lib/docker ] || printf %s "$folder"
}

content() {
  printf '%s\n' "# Production's variables and secrets; .env.example explains each. Never in git." \
    "PUBLIC_URL=https://${domain:-$address}" "DOMAIN=$domain" "PUBLIC_HOSTS=$address" "ADMIN_EMAIL=$admin" \
    "ACME_EMAIL=$admin" "WORKER_CPUS=$(nproc)" "DOCKER_FOLDER=$(engine_folder)" "SECRET_KEY=$(secret)" "REDIS_PASSWORD=$(secret)"
  if [ -n "$database" ]; then
    if [ "$dry_run" = 1 ]; then database='(as given)'; fi
    printf '%s\n' "DATABASE_URL=$database" "MLFLOW_DATABASE_URL=$database" "MLFLOW_DATABASE_SCHEMA=mlflow"
  else
    printf '%s\n' "DATABASE_URL=" "COMPOSE_PROFILES=local-postgres" "POSTGRES_PASSWORD=$(secret)" "MLFLOW_DATABASE_PASSWORD=$(secret)"
  fi
}
if [ "$dry_run" = 1 ]; then content; exit 0; fi
(umask 077 && content >.env.prod)
if chgrp 10001 .env.prod 2>/dev/null; then
  chmod 0640 .env.prod
else
  echo "env-prod: the deployer cannot read .env.prod yet: sudo sh -c 'chgrp 10001 .env.prod && chmod 0640 .env.prod'" >&2
fi
echo "env-prod: wrote .env.prod; keep a copy where this server's failure cannot reach it"
