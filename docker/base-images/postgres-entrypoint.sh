#!/usr/bin/env bash
# The official image's contract as far as it is documented and used here: POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD
# (each also as _FILE), POSTGRES_INITDB_ARGS, PGDATA, and scripts in /docker-entrypoint-initdb.d on the first start.
set -Eeuo pipefail

from_file() {
  local name=$1 file=${1}_FILE
  if [ -n "${!name:-}" ] && [ -n "${!file:-}" ]; then
    echo "error: both $name and $file are set; they exclude each other" >&2
    exit 1
  fi
  if [ -n "${!file:-}" ]; then
    printf -v "$name" %s "$(<"${!file}")"
    export "${name?}"
  fi
}

run_script() {
  if [ -x "$1" ]; then
    "$1"
  else
    # shellcheck source=/dev/null
    . "$1"
  fi
}

# Scripts and psql talk to a server that only this container can reach.
first_start() {
  from_file POSTGRES_PASSWORD
  from_file POSTGRES_USER
  from_file POSTGRES_DB
  : "${POSTGRES_USER:=postgres}"
  : "${POSTGRES_DB:=$POSTGRES_USER}"
  export POSTGRES_USER POSTGRES_DB
  if [ -z "${POSTGRES_PASSWORD:-}" ]; then
    echo 'error: the database is not initialised and POSTGRES_PASSWORD is not set' >&2
    exit 1
  fi
  # shellcheck disable=SC2086 # several arguments
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") ${POSTGRES_INITDB_ARGS:-}
  printf '\nhost all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -o "-c listen_addresses= -p 5432" -w start
  export PGPASSWORD=$POSTGRES_PASSWORD
  local psql=(psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --no-password)
  if [ "$POSTGRES_DB" != postgres ]; then
    "${psql[@]}" --dbname postgres --set db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
  fi
  local script
  for script in /docker-entrypoint-initdb.d/*; do
    case $script in
      *.sh) run_script "$script" ;;
      *.sql) "${psql[@]}" --dbname "$POSTGRES_DB" -f "$script" ;;
    esac
  done
  unset PGPASSWORD
  pg_ctl -D "$PGDATA" -m fast -w stop
}

case "${1:-}" in '' | -*) set -- postgres "$@" ;; esac
if [ "$1" = postgres ]; then
  if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chmod 0700 "$PGDATA"
    find "$PGDATA" \! -user postgres -exec chown postgres '{}' +
    # A secret that only root may read goes with the process.
    for name in POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB; do
      file=${name}_FILE
      if [ -n "${!file:-}" ] && [ -z "${!name:-}" ]; then
        printf -v "$name" %s "$(<"${!file}")"
        export "${name?}"
        unset "$file"
      fi
    done
    exec gosu postgres "${BASH_SOURCE[0]}" "$@"
  fi
  [ -s "$PGDATA/PG_VERSION" ] || first_start
  unset POSTGRES_PASSWORD
fi
exec "$@"
