//! The state of everything, in one place that depends on none of it.
//!
//! * [`part`]: what is watched and what stands on what. [`reading`]: what one look at a part told. Pure.
//! * [`probes`]: how each part is looked at. [`discovery`]: from the configuration to what is watched; [`own_checks`]: what
//!   operators add; [`releases`]: what the deployer tells.
//! * [`watch`]: when each part is looked at, and what comes of it; [`lock`]: which copy of the service does that; [`outward`]:
//!   a watcher outside is told that this one lives.
//! * [`judge`]: what is to be thought of it and who is to blame: thresholds, root causes, flapping, maintenance. Pure.
//! * [`cause`]: which release probably did it.
//! * [`keep`]: what was seen, for as long as it is worth knowing; [`uptime`]: shares of time.
//! * [`alerts`]: what people are told.
//! * [`board`]: how everything stands now, for readers that must never wait.
//! * [`http`]: the API, one file an endpoint, and the private port; [`view`]: its shapes; [`state`]: what handlers share.
//! * [`main`]: the command line; [`config`]: the variables; [`run`]: the service.

mod access;
pub mod alerts;
pub mod board;
pub mod cause;
mod command_line;
pub mod config;
pub mod discovery;
pub mod error;
pub mod http;
pub mod judge;
pub mod keep;
pub mod lock;
mod openapi;
pub mod outward;
pub mod own_checks;
pub mod part;
pub mod probes;
pub mod reading;
pub mod releases;
mod running;
pub mod state;
pub mod uptime;
pub mod view;
pub mod watch;

pub use command_line::{SERVICE, main};
pub use config::Config;
pub use openapi::document as openapi_document;
pub use running::run;
pub use state::AppState;
