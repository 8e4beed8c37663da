//! `e2i-deployer`: signed webhook, build or pull, migrate, roll, verify, live, or back.

use std::process::ExitCode;

use chassis::config::Env;

fn main() -> ExitCode {
    deployer::main(std::env::args_os(), Env::from_process())
}
