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
}

/// The configuration of an nginx that listens at `listen`, with the gateway at `gateway`.
#[must_use]
pub fn configuration(listen: SocketAddr, gateway: SocketAddr, others: &Others) -> Vec<ConfigurationFile> {
    let (sign_in, mlflow) = (others.sign_in.as_ref(), others.mlflow.as_ref().and_then(host_and_port));
    let upstream = mlflow.as_ref().map(|server| format!("upstream mlflow {{ server {server}; }}"));
    // Nothing listens on port 9 of this machine: words say that there is no deployer.
    let deployer = others.deployer.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 9)));
    let main = NATIVE
        .replace("{{deployer}}", &deployer.to_string())
        .replace("{{listen}}", &listen.to_string())
        .replace("{{gateway}}", &gateway.to_string())
        .replace("{{mlflow_upstream}}", &upstream.unwrap_or_default())
        .replace("{{mlflow_routes}}", if mlflow.is_some() { "include mlflow.conf;" } else { "" })
        .replace("{{web_connect_src}}", &sign_in.map(|url| url.origin().ascii_serialization()).unwrap_or_default());
    let shared = SHARED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    std::iter::once(("nginx.conf".to_owned(), main)).chain(shared).collect()
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
        let files =
            configuration("127.0.0.1:8080".parse().unwrap(), "127.0.0.1:8000".parse().unwrap(), &Others::default());
        let (_, main) = files.iter().find(|(name, _)| name == "nginx.conf").unwrap();
        assert!(main.contains("listen 127.0.0.1:8080 "), "{main}");
        assert!(!main.contains("{{"), "{main}");
    }

    #[test]
    fn nginx_closes_a_resting_connection_before_the_gateway_does() {
        let in_containers = include_str!("../../../nginx/upstreams/gateway.conf");
        for file in [NATIVE, in_containers] {
            let upstream = file.split("upstream gateway {").nth(1).unwrap();
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
