//! The whole platform without Docker: private Postgres and Redis and all services.
