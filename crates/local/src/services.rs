//! The services this program can be: the same entry points as their own programs have.

use std::ffi::OsString;
use std::process::ExitCode;

use chassis::config::Env;

use crate::cli::{ServiceArguments, ServiceName};

/// Runs a service in this process until it ends.
pub fn run(service: &ServiceArguments, env: Env) -> ExitCode {
    let named = |name: &str| std::iter::once(OsString::from(name)).chain(service.arguments.clone()).collect::<Vec<_>>();
    match service.service {
        ServiceName::Gateway => gateway::main(named("e2i service gateway"), env),
        ServiceName::Health => health::main(named("e2i service health"), env),
        ServiceName::Worker => {
            // What makes this same program a child of the worker.
            let child = ["service", "worker", "child"].map(OsString::from);
            worker::main(named("e2i service worker"), env, &child)
        }
    }
}
