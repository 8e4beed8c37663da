//! `e2i-worker`: takes analyses off Redis, runs agents in child processes, stores results.

use std::ffi::OsString;
use std::process::ExitCode;

use chassis::config::Env;

fn main() -> ExitCode {
    worker::main(std::env::args_os(), Env::from_process(), &[OsString::from("child")])
}
