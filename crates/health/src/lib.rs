//! The state of everything, in one place that depends on none of it.
//!
//! * [`part`]: what is watched and what stands on what. [`reading`]: what one look at a part told. Pure.
//! * [`judge`]: what is to be thought of it and who is to blame: thresholds, root causes, flapping, maintenance. Pure.
//! * [`cause`]: which release probably did it.
//! * [`keep`]: what was seen, for as long as it is worth knowing; [`uptime`]: shares of time.
//! * [`alerts`]: what people are told.
//! * [`board`]: how everything stands now, for readers that must never wait.
//! * [`http`]: the API, one file an endpoint, and the private port; [`view`]: its shapes; [`state`]: what handlers share.

mod access;
pub mod alerts;
pub mod board;
pub mod cause;
mod command_line;
pub mod error;
pub mod http;
pub mod judge;
pub mod keep;
mod openapi;
pub mod part;
pub mod reading;
pub mod state;
pub mod uptime;
pub mod view;

pub use command_line::{SERVICE, main};
pub use openapi::document as openapi_document;
pub use state::AppState;
