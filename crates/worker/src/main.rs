//! `e2i-worker`: takes analyses off Redis, runs agents in child processes, stores results.

use std::ffi::OsString;
use std::process::ExitCode;

use chassis::config::Env;

/// Counts what a child holds; elsewhere it is the system's own.
#[global_allocator]
static MEMORY: worker::Counting = worker::Counting;

fn main() -> ExitCode {
    worker::main(std::env::args_os(), Env::from_process(), &[OsString::from("child")])
}
