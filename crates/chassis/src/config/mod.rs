//! Configuration from environment variables, read once, with every problem reported at once.
//!
//! ```
//! use std::time::Duration;
//! use chassis::config::{Env, Secret};
//!
//! # #[derive(Debug)]
//! struct Config { database_url: Secret<String>, drain: Duration }
//!
//! let env = Env::from_pairs([("DATABASE_URL", "postgres://localhost/e2i")]);
//! let mut read = env.reader();
//! let database_url = read.required_secret("DATABASE_URL");
//! let drain = read.parse_or("DRAIN_DEADLINE", Duration::from_secs(20));
//! let config = read.finish(|| Some(Config { database_url: database_url?, drain })).unwrap();
//! # assert_eq!(config.database_url.expose(), "postgres://localhost/e2i");
//! ```
//!
//! A problem is noted when it is met and reading goes on; [`Reader::finish`] reports all of them. [`Env::from_process`]
//! is the one place that touches the process environment. To read a new kind of value, implement [`Setting`].

mod env;
mod problems;
mod reader;
mod secret;
mod setting;

pub use env::Env;
pub use problems::{ConfigProblem, ConfigProblems, EXIT_CODE};
pub use reader::Reader;
pub use secret::Secret;
pub use setting::{ByteSize, Setting};
