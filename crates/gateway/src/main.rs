//! `e2i-gateway`: the HTTP API as a program.

use std::process::ExitCode;

use chassis::config::Env;

fn main() -> ExitCode {
    gateway::main(std::env::args_os(), Env::from_process())
}
