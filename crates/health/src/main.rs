//! `e2i-health`: checks, history, incidents, alerts, `GET /health`.

use std::process::ExitCode;

use chassis::config::Env;

fn main() -> ExitCode {
    health::main(std::env::args_os(), Env::from_process())
}
