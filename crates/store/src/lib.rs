//! Postgres: the one place where SQL stands.
