#!/usr/bin/env bash
# Writes every secret that the platform's parts share, one volume for each reader, owned by who reads it.
set -euo pipefail
umask 077

usage() {
  cat <<'TEXT'
usage: e2i-init    (no arguments; runs as root in a container without network, and ends)

Each secret is, in this order: what its variable says (NAME, or the file that NAME_FILE names), what an earlier start wrote,
or random. Running it again changes nothing that was not given anew.

  POSTGRES_PASSWORD           of the platform's role in the local Postgres
  MLFLOW_DATABASE_PASSWORD    of MLflow's role there
  REDIS_PASSWORD
  SECRET_KEY                  keys cursors and one-time links; at least 32 characters
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

# secret FILE OWNER VARIABLE MAKE: leaves the secret in $value.
secret() {
  value=$(given "$3")
  if [ -z "$value" ]; then
    if [ -s "$1" ]; then value=$(<"$1"); else value=$("$4"); fi
  fi
  write "$1" "$2" "$value"
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

for folder in postgres redis services gateway mlflow; do
  [ -d "$secrets/$folder" ] || fail "$secrets/$folder is not mounted"
done

secret "$secrets/postgres/password" "$postgres" POSTGRES_PASSWORD random_key
database=$(given DATABASE_URL)
write "$secrets/services/database-url" "$services" \
  "${database:-postgresql://e2i:$(percent "$value")@postgres:5432/e2i}"

secret "$secrets/postgres/mlflow-password" "$postgres" MLFLOW_DATABASE_PASSWORD random_key
database=$(given MLFLOW_DATABASE_URL)
write "$secrets/mlflow/database-url" "$services" \
  "${database:-postgresql://mlflow:$(percent "$value")@postgres:5432/mlflow}"

secret "$secrets/redis/password" "$redis" REDIS_PASSWORD random_key
case $value in *[!A-Za-z0-9._~-]*) fail 'REDIS_PASSWORD: only letters, digits and . _ ~ - are possible' ;; esac
write "$secrets/redis/redis.conf" "$redis" "requirepass $value
include /etc/redis/e2i.conf"
write "$secrets/services/redis-url" "$services" "redis://:$value@redis:6379"

secret "$secrets/gateway/secret-key" "$services" SECRET_KEY random_key
[ "${#value}" -ge 32 ] || fail "SECRET_KEY has ${#value} characters; at least 32 are needed: openssl rand -hex 32"
secret "$secrets/gateway/admin-password" "$services" ADMIN_PASSWORD random_password
secret "$secrets/gateway/canary-password" "$services" CANARY_PASSWORD random_key

# The readers find their own folder and nobody else's.
chown "$postgres:$postgres" "$secrets/postgres"
chown "$redis:$redis" "$secrets/redis"
chown "$services:$services" "$secrets/services" "$secrets/gateway" "$secrets/mlflow"
chmod 0500 "$secrets"/*
echo 'init: the secrets are in place'
