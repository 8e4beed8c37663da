#!/usr/bin/env bash
# Writes every secret that the platform's parts share, one volume for each reader, owned by who reads it.
set -euo pipefail
umask 077

usage() {
  cat <<'TEXT'
usage: e2i-init    (no arguments; runs as root in a container without network, and ends)

With E2I_INVENT_SECRETS=no (production) the ones marked ! must be given: they have to outlive this server's volumes.
Each secret is, in this order: what its variable says (NAME, or the file that NAME_FILE names), what an earlier start wrote,
or random. Running it again changes nothing that was not given anew.

  POSTGRES_PASSWORD         ! of the platform's role in the local Postgres, unless DATABASE_URL is given
  MLFLOW_DATABASE_PASSWORD    of MLflow's role there
  REDIS_PASSWORD            !
  SECRET_KEY                ! keys cursors and one-time links; at least 32 characters
  ADMIN_PASSWORD              the first admin's first one
  CANARY_PASSWORD             of the user that only runs canaries
  DATABASE_URL                another Postgres than the local one (Supabase: a session connection)
  MLFLOW_DATABASE_URL         the same for MLflow
TEXT
}
if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then usage; exit 0; fi

readonly secrets=/secrets postgres=999 redis=999 services=10001

fail() { printf 'init: %s\n' "$*" >&2; exit 1; }

# What the operator gave, if anything.
given() {
  local name=$1 file=${1}_FILE
  [ -z "${!name:-}" ] || [ -z "${!file:-}" ] || fail "$name and $file are both set; unset one of the two"
  if [ -n "${!file:-}" ]; then
    [ -r "${!file}" ] || fail "$file: ${!file} cannot be read; check the path, and that SECRETS_DIR is mounted"
    [ -s "${!file}" ] || fail "$file: ${!file} is empty; write the secret into it"
    tr -d '\r\n' <"${!file}"
  else
    printf %s "${!name:-}"
  fi
}

# Letters and digits alone: they stand in addresses and configuration files as they are.
random() {
  local length=$1 text=
  while [ "${#text}" -lt "$length" ]; do
    text+=$(head -c 256 /dev/urandom | LC_ALL=C tr -dc "$2")
  done
  printf %s "${text:0:length}"
}
random_key() { random 48 'A-Za-z0-9'; }
# No letter that is taken for another: people type it.
random_password() { random 20 'abcdefghijkmnpqrstuvwxyz23456789'; }

# write FILE OWNER TEXT: all of it or nothing, and nothing when it says so already.
write() {
  local file=$1 owner=$2 text=$3
  if [ -f "$file" ] && [ "$(<"$file")" = "$text" ]; then return; fi
  printf %s "$text" >"$file.new"
  chown "$owner:$owner" "$file.new"
  chmod 0400 "$file.new"
  mv "$file.new" "$file"
}

# decide VARIABLE FILE MAKE: leaves the secret in $value.
decide() {
  value=$(given "$1")
  if [ -z "$value" ]; then
    if [ -s "$2" ]; then value=$(<"$2"); else value=$("$3"); fi
  fi
}

# Passwords stand in addresses: whatever is not plain is written as %XX.
percent() {
  local text=$1 out='' character index
  local LC_ALL=C
  for ((index = 0; index < ${#text}; index++)); do
    character=${text:index:1}
    case $character in
      [A-Za-z0-9._~-]) out+=$character ;;
      *) printf -v character '%%%02X' "'$character"; out+=$character ;;
    esac
  done
  printf %s "$out"
}

for folder in postgres redis services gateway health mlflow; do
  [ -d "$secrets/$folder" ] || fail "$secrets/$folder is not mounted"
done

if [ "${E2I_INVENT_SECRETS:-yes}" = no ]; then
  missing() { fail "$1 is empty, and so is ${1}_FILE: put the output of \`openssl rand -hex $2\` into .env.prod"; }
  [ -n "$(given SECRET_KEY)" ] || missing SECRET_KEY 32
  [ -n "$(given REDIS_PASSWORD)" ] || missing REDIS_PASSWORD 24
  [ -n "$(given DATABASE_URL)$(given POSTGRES_PASSWORD)" ] || missing POSTGRES_PASSWORD 24
fi

# All is decided and looked at before anything is written: what cannot be used never gets in.
decide POSTGRES_PASSWORD "$secrets/postgres/password" random_key
postgres_password=$value
decide MLFLOW_DATABASE_PASSWORD "$secrets/postgres/mlflow-password" random_key
mlflow_password=$value
decide REDIS_PASSWORD "$secrets/redis/password" random_key
redis_password=$value
case $redis_password in *[!A-Za-z0-9._~-]*) fail 'REDIS_PASSWORD: only letters, digits and . _ ~ - are possible' ;; esac
decide SECRET_KEY "$secrets/gateway/secret-key" random_key
secret_key=$value
[ "${#secret_key}" -ge 32 ] ||
  fail "SECRET_KEY has ${#secret_key} characters; at least 32 are needed: openssl rand -hex 32"
decide ADMIN_PASSWORD "$secrets/gateway/admin-password" random_password
admin_password=$value
decide CANARY_PASSWORD "$secrets/gateway/canary-password" random_key
canary_password=$value
database_url=$(given DATABASE_URL)
mlflow_database_url=$(given MLFLOW_DATABASE_URL)

write "$secrets/postgres/password" "$postgres" "$postgres_password"
write "$secrets/postgres/mlflow-password" "$postgres" "$mlflow_password"
write "$secrets/redis/password" "$redis" "$redis_password"
write "$secrets/redis/redis.conf" "$redis" "requirepass $redis_password
include /etc/redis/e2i.conf"
write "$secrets/services/database-url" "$services" \
  "${database_url:-postgresql://e2i:$(percent "$postgres_password")@postgres:5432/e2i}"
write "$secrets/services/redis-url" "$services" "redis://:$redis_password@redis:6379"
write "$secrets/mlflow/database-url" "$services" \
  "${mlflow_database_url:-postgresql://mlflow:$(percent "$mlflow_password")@postgres:5432/mlflow}"
write "$secrets/gateway/secret-key" "$services" "$secret_key"
write "$secrets/gateway/admin-password" "$services" "$admin_password"
write "$secrets/gateway/canary-password" "$services" "$canary_password"
# It signs in as the canary, and is told nothing else.
write "$secrets/health/canary-password" "$services" "$canary_password"

# The readers find their own folder and nobody else's.
chown "$postgres:$postgres" "$secrets/postgres"
chown "$redis:$redis" "$secrets/redis"
chown "$services:$services" "$secrets/services" "$secrets/gateway" "$secrets/health" "$secrets/mlflow"
# In production alone: the deployer, as health.
if [ -d "$secrets/deployer" ]; then
  write "$secrets/deployer/canary-password" "$services" "$canary_password"
  chown "$services:$services" "$secrets/deployer"
fi
chmod 0500 "$secrets"/*
echo 'init: the secrets are in place'
