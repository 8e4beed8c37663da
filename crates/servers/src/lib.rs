//! Private Postgres, Redis and nginx servers as child processes: for `make up`, and for every test that wants the real thing.
//!
//! Nothing here is a look-alike: the Debian packages' own binaries run with data, port and passwords of their own, on
//! the loopback address only.
//!
//! - [`ensure_installed`] finds the programs and, as root on Debian, installs what is missing.
//! - [`Postgres::start`], [`Redis::start`] and [`Nginx::start`] run one instance in a folder, new or left by an earlier run.
//! - [`fresh_database`] and [`fresh`] give a test its own database and key prefix on servers that the whole test
//!   process shares; a test that kills its server starts a private one ([`Postgres::for_test`], [`Redis::for_test`]).
//!
//! # Who ends whom
//! Each server runs under a small shell guardian (`guardian.sh`) that holds a pipe from its owner. However the owner
//! ends, `kill -9` included, the pipe closes and the guardian stops the server. (`PR_SET_PDEATHSIG` would not do: it
//! fires when the parent *thread* ends, and threads come and go under tokio and the test harness.) If owner and
//! guardian are both killed, the next start on the same folder finds the orphan by its pid file, its program and its
//! working folder, and ends it first.
//!
//! # Root
//! `initdb` refuses root, so as root the servers run as a system user ([`Account::for_servers`]) and their folder has
//! to be one which that user can reach.
//!
//! # To add another server
//! One file beside `redis.rs`: write its configuration, name its program and arguments in a [`Command`], say
//! when it is ready.

mod account;
mod folder;
mod guardian;
mod install;
mod instance;
mod leftover;
mod nginx;
mod ports;
mod postgres;
mod programs;
mod random;
mod redis;
mod shared;

pub use account::Account;
pub use folder::Folder;
pub use guardian::{Command, Guardian, State};
pub use install::ensure_installed;
pub use leftover::end_leftover;
pub use nginx::{ConfigurationFile, Nginx, NginxOptions};
pub use ports::{free_port, is_free};
pub use postgres::{Postgres, PostgresOptions};
pub use programs::Programs;
pub use random::{RandomBytes, operating_system_random};
pub use redis::{Redis, RedisOptions};
pub use shared::{TestServers, fresh, fresh_database};
