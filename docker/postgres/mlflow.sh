#!/usr/bin/env bash
# On the first start of the local Postgres: MLflow's own role and database. Neither can connect to the other's.
set -euo pipefail
# The password is read by psql and stands on no command line.
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set platform="$POSTGRES_DB" <<'SQL'
\set password `cat /run/secrets/postgres/mlflow-password`
CREATE ROLE mlflow LOGIN PASSWORD :'password';
CREATE DATABASE mlflow OWNER mlflow;
REVOKE CONNECT ON DATABASE :"platform" FROM PUBLIC;
REVOKE CONNECT ON DATABASE mlflow FROM PUBLIC;
SQL
