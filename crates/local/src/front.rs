//! nginx in front of the services: one address for everything.
//!
//! Its configuration is the folder `nginx/` of the repository. `native.conf` is the main file here; the others are the
//! ones that the containers use.

use std::net::SocketAddr;

use reqwest::Url;
use servers::ConfigurationFile;

/// What the gateway is told to believe: the address that a client is seen from by the nginx on this machine.
pub const TRUSTED_PROXIES: &str = "127.0.0.1/32";

const NATIVE: &str = include_str!("../../../nginx/native.conf");
const PRIVATE: &str = include_str!("../../../nginx/native-private.conf");
const SHARED: [(&str, &str); 11] = [
    ("http.conf", include_str!("../../../nginx/http.conf")),
    ("limits.conf", include_str!("../../../nginx/limits.conf")),
    ("services.conf", include_str!("../../../nginx/services.conf")),
    ("access-log.conf", include_str!("../../../nginx/access-log.conf")),
    ("problems.conf", include_str!("../../../nginx/problems.conf")),
    ("routes.conf", include_str!("../../../nginx/routes.conf")),
    ("deployer.conf", include_str!("../../../nginx/deployer.conf")),
    ("mlflow.conf", include_str!("../../../nginx/mlflow.conf")),
    ("web.conf", include_str!("../../../nginx/web.conf")),
    ("web-headers.conf", include_str!("../../../nginx/web-headers.conf")),
    ("mime.types", include_str!("../../../nginx/mime.types")),
];

/// What stands behind nginx besides the gateway.
#[derive(Debug, Clone, Default)]
pub struct Others {
    /// Where another service signs people in: the web app may talk to it.
    pub sign_in: Option<Url>,
    /// The MLflow that workers log to.
    pub mlflow: Option<Url>,
    /// Where a deployer listens, or may be started later; without it there is none.
    pub deployer: Option<SocketAddr>,
    /// Where the health service listens, if there is one.
    pub health: Option<SocketAddr>,
    /// Where nginx says how it is itself, if anybody asks.
    pub private: Option<SocketAddr>,
}

/// The configuration of an nginx that listens at `listen`, with the gateway at `gateway`.
#[must_use]
pub fn configuration(listen: SocketAddr, gateway: SocketAddr, others: &Others) -> Vec<ConfigurationFile> {
    let (sign_in, mlflow) = (others.sign_in.as_ref(), others.mlflow.as_ref().and_then(host_and_port));
    let upstream = mlflow.as_ref().map(|server| format!("upstream mlflow {{ server {server}; }}"));
    // Nothing listens on port 9 of this machine: words say that nobody answers.
    let or_nobody = |address: Option<SocketAddr>| address.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 9))).to_string();
    let private = others.private.map(|address| PRIVATE.replace("{{private_listen}}", &address.to_string()));
    let main = NATIVE
        .replace("{{deployer}}", &or_nobody(others.deployer))
        .replace("{{health}}", &or_nobody(others.health))
        .replace("{{private_server}}", if private.is_some() { "include native-private.conf;" } else { "" })
        .replace("{{listen}}", &listen.to_string())
        .replace("{{gateway}}", &gateway.to_string())
        .replace("{{mlflow_upstream}}", &upstream.unwrap_or_default())
        .replace("{{mlflow_routes}}", if mlflow.is_some() { "include mlflow.conf;" } else { "" })
        .replace("{{web_connect_src}}", &sign_in.map(|url| url.origin().ascii_serialization()).unwrap_or_default());
    let shared = SHARED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let private = private.map(|text| ("native-private.conf".to_owned(), text));
    std::iter::once(("nginx.conf".to_owned(), main)).chain(shared).chain(private).collect()
}

fn host_and_port(url: &Url) -> Option<String> {
    Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chassis::http::ServerLimits;

    use super::*;

    #[test]
    fn every_blank_of_the_main_file_is_filled_in() {
        let private = Some("127.0.0.1:9080".parse().unwrap());
        for others in [Others::default(), Others { private, ..Others::default() }] {
            let files = configuration("127.0.0.1:8080".parse().unwrap(), "127.0.0.1:8000".parse().unwrap(), &others);
            let (_, main) = files.iter().find(|(name, _)| name == "nginx.conf").unwrap();
            assert!(main.contains("listen 127.0.0.1:8080 "), "{main}");
            let is_private = files.iter().any(|(_, text)| text.contains("listen 127.0.0.1:9080;"));
            assert_eq!(is_private, others.private.is_some());
            for (name, text) in &files {
                assert!(!text.contains("{{"), "{name}: {text}");
            }
        }
    }

    #[test]
    fn nginx_closes_a_resting_connection_before_the_service_does() {
        let gateway = include_str!("../../../nginx/upstreams/gateway.conf");
        let health = include_str!("../../../nginx/upstreams/health.conf");
        for (file, service) in [(NATIVE, "gateway"), (NATIVE, "health"), (gateway, "gateway"), (health, "health")] {
            let upstream = file.split(&format!("upstream {service} {{")).nth(1).unwrap();
            let seconds = upstream.split("keepalive_timeout ").nth(1).unwrap().split('s').next().unwrap();
            let rests = Duration::from_secs(seconds.parse().unwrap());
            assert!(rests < ServerLimits::default().keep_alive_timeout, "{rests:?}");
        }
    }

    #[test]
    fn what_is_shared_with_the_containers_knows_no_address() {
        for (name, text) in SHARED {
            let settings = text.lines().filter(|line| !line.trim_start().starts_with('#'));
            for line in settings {
                assert!(!line.contains("127.0.0.1") && !line.contains("localhost"), "{name}: {line}");
            }
        }
    }
}
