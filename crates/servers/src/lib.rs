//! Private Postgres and Redis as child processes, for make up and for the tests.
