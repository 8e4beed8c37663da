//! Attacks on a platform of one's own, on loopback addresses, bounded in number and time. `make attacks` makes a report of
//! the names.

mod forged_address;
mod large_requests;
mod private_paths;
mod slow_clients;
mod smuggling;

use std::net::SocketAddr;

use local::platform::Platform;

use crate::house::E2I;

/// A platform behind nginx, without a worker.
async fn victim(environment: &[(&str, &str)]) -> Platform {
    Platform::for_test_behind_nginx(E2I, 0, environment).await.unwrap()
}

/// What is attacked: nginx, and the gateway as if nginx were not there.
fn targets(platform: &Platform) -> [(&'static str, SocketAddr); 2] {
    [("nginx", platform.nginx().unwrap().address()), ("gateway", platform.gateway_address())]
}
