//! The compose project of one deployment, made of what `docker compose config` says of the whole platform. Pure.
//!
//! Kept: the rolled services, what runs once for a release (init, setup, nginx to publish its configuration), and the
//! deployer. Networks and volumes are the platform's own, under their real names; nothing is built, published or waited for.
//! A rolled service gets a name that no other deployment has: Docker gives each container its service's name as an alias,
//! and two copies must never share one that somebody asks for.

use std::collections::BTreeMap;

use anyhow::Context;
use serde_json::{Map, Value, json};

use crate::release::{DeploymentId, Piece, Service};

/// The one-shot that migrates; it runs the gateway's image.
pub(crate) const SETUP: &str = "setup";

/// Labels on whatever a deployment starts.
pub(crate) const PROJECT_LABEL: &str = "e2i.project";
pub(crate) const DEPLOYMENT_LABEL: &str = "e2i.deployment";
pub(crate) const SERVICE_LABEL: &str = "e2i.service";
pub(crate) const RELEASED_LABEL: &str = "e2i.revision";
pub(crate) const IMAGE_LABEL: &str = "e2i.image";

/// What a service has in the platform's project alone.
const DROPPED: [&str; 6] = ["build", "container_name", "depends_on", "ports", "profiles", "scale"];

/// The project of a deployment.
pub(crate) fn project_name(project: &str, deployment: DeploymentId) -> String {
    format!("{project}-r{deployment}")
}

/// The container of a rolled service: its address in Docker's networks.
pub(crate) fn container_name(project: &str, deployment: DeploymentId, service: Service) -> String {
    format!("{}-{service}-1", project_name(project, deployment))
}

/// What the service is called in the deployment's project.
pub(crate) fn service_name(deployment: DeploymentId, service: Service) -> String {
    if Service::ROLLED.contains(&service) { format!("{service}-r{deployment}") } else { service.name().to_owned() }
}

/// Who is rendered.
pub(crate) struct Deployment<'a> {
    /// The platform's project.
    pub(crate) project: &'a str,
    /// The deployment.
    pub(crate) id: DeploymentId,
    /// The image of each service.
    pub(crate) pieces: &'a BTreeMap<Service, Piece>,
}

/// A network or volume that the platform has, or shall have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct External {
    /// Its name in the compose files.
    pub(crate) key: String,
    /// Its real name.
    pub(crate) name: String,
}

/// The project, and what of it has to be there.
#[derive(Debug)]
pub(crate) struct Project {
    /// The compose file.
    pub(crate) file: Value,
    /// Its networks.
    pub(crate) networks: Vec<External>,
    /// Its volumes.
    pub(crate) volumes: Vec<External>,
}

/// Makes it of the platform's rendered compose files.
pub(crate) fn project(platform: &Value, deployment: &Deployment<'_>) -> anyhow::Result<Project> {
    let mut services = Map::new();
    for service in Service::ALL {
        let is_wanted =
            Service::ROLLED.contains(&service) || matches!(service, Service::Init | Service::Nginx | Service::Deployer);
        let Some(about) = platform["services"].get(service.name()).filter(|_| is_wanted) else { continue };
        let Some(piece) = deployment.pieces.get(&service) else { continue };
        let mut about = standalone(about, service.name(), piece, deployment)?;
        if Service::ROLLED.contains(&service) {
            about.insert("container_name".into(), container_name(deployment.project, deployment.id, service).into());
        }
        services.insert(service_name(deployment.id, service), about.into());
    }
    if let (Some(setup), Some(piece)) = (platform["services"].get(SETUP), deployment.pieces.get(&Service::Gateway)) {
        services.insert(SETUP.into(), standalone(setup, SETUP, piece, deployment)?.into());
    }
    let (networks, volumes) = (externals(platform, &services, "networks")?, externals(platform, &services, "volumes")?);
    let file = json!({
        "name": project_name(deployment.project, deployment.id),
        "services": services,
        "networks": declared(&networks),
        "volumes": declared(&volumes),
    });
    Ok(Project { file, networks, volumes })
}

/// A service as it is without the others.
fn standalone(
    about: &Value,
    service: &str,
    piece: &Piece,
    deployment: &Deployment<'_>,
) -> anyhow::Result<Map<String, Value>> {
    let mut about = about.as_object().with_context(|| format!("compose says of {service}: {about}"))?.clone();
    for key in DROPPED {
        about.remove(key);
    }
    about.insert("image".into(), piece.image.clone().into());
    about.insert("pull_policy".into(), "never".into());
    let mut labels = about.get("labels").and_then(Value::as_object).cloned().unwrap_or_default();
    labels.insert(PROJECT_LABEL.into(), deployment.project.into());
    labels.insert(DEPLOYMENT_LABEL.into(), deployment.id.to_string().into());
    labels.insert(SERVICE_LABEL.into(), service.into());
    labels.insert(RELEASED_LABEL.into(), piece.revision.clone().into());
    labels.insert(IMAGE_LABEL.into(), piece.image_id.clone().into());
    about.insert("labels".into(), labels.into());
    Ok(about)
}

/// Those that the services use, with their real names.
fn externals(platform: &Value, services: &Map<String, Value>, kind: &str) -> anyhow::Result<Vec<External>> {
    let mut keys = std::collections::BTreeSet::new();
    for service in services.values() {
        match &service[kind] {
            Value::Object(networks) => keys.extend(networks.keys().cloned()),
            Value::Array(volumes) => {
                let named = volumes.iter().filter(|volume| volume["type"] == "volume");
                keys.extend(named.filter_map(|volume| volume["source"].as_str()).map(str::to_owned));
            }
            _ => {}
        }
    }
    keys.into_iter()
        .map(|key| {
            let name = platform[kind][&key]["name"].as_str();
            let name = name.with_context(|| format!("compose gives {kind} {key} no name"))?.to_owned();
            Ok(External { key, name })
        })
        .collect()
}

fn declared(externals: &[External]) -> Value {
    let each = externals.iter().map(|one| (one.key.clone(), json!({ "name": one.name, "external": true })));
    Value::Object(each.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(service: Service) -> (Service, Piece) {
        let image = format!("e2i/{service}:abc");
        (service, Piece { revision: "abc".into(), image, image_id: "sha256:1".into() })
    }

    fn platform() -> Value {
        json!({
            "name": "e2i",
            "x-required": ["a secret"],
            "services": {
                "gateway": {
                    "image": "e2i/gateway:old", "build": {"context": "."}, "ports": [{"target": 8000}], "restart": "unless-stopped",
                    "depends_on": {"setup": {}}, "environment": {"A": "b$$c"}, "networks": {"frontend-network": null},
                    "volumes": [{"type": "volume", "source": "jwks", "target": "/a"}, {"type": "bind", "source": "/srv", "target": "/b"}]
                },
                "setup": {"image": "e2i/gateway:old", "command": ["setup"], "networks": {"backend-network": null}},
                "init": {"image": "e2i/init:old", "network_mode": "none"},
                "postgres": {"image": "postgres", "volumes": [{"type": "volume", "source": "postgres", "target": "/c"}]}
            },
            "networks": {"frontend-network": {"name": "e2i_frontend-network"}, "backend-network": {"name": "e2i_backend-network"}},
            "volumes": {"jwks": {"name": "e2i_jwks"}, "postgres": {"name": "e2i_postgres"}}
        })
    }

    fn rendered() -> Project {
        let pieces = [Service::Gateway, Service::Init].map(piece).into();
        project(&platform(), &Deployment { project: "e2i", id: DeploymentId(12), pieces: &pieces }).unwrap()
    }

    #[test]
    fn a_rolled_service_stands_alone_under_a_name_of_its_own() {
        let Project { file, .. } = rendered();
        let gateway = &file["services"]["gateway-r12"];
        assert_eq!(gateway["container_name"], "e2i-r12-gateway-1");
        assert_eq!(gateway["image"], "e2i/gateway:abc");
        assert_eq!(gateway["environment"]["A"], "b$$c", "compose reads what compose has written");
        for key in ["build", "ports", "depends_on"] {
            assert!(gateway.get(key).is_none(), "{key}");
        }
        assert_eq!(gateway["labels"]["e2i.deployment"], "12");
        assert_eq!(gateway["labels"]["e2i.revision"], "abc");
        assert!(file["services"].get("gateway").is_none(), "nobody else answers to the alias `gateway`");
    }

    #[test]
    fn networks_and_volumes_are_the_platform_s() {
        let Project { file, networks, volumes } = rendered();
        assert_eq!(file["networks"]["frontend-network"], json!({"name": "e2i_frontend-network", "external": true}));
        assert_eq!(volumes, [External { key: "jwks".into(), name: "e2i_jwks".into() }]);
        assert_eq!(networks.len(), 2, "setup's too");
        assert!(file["volumes"].get("postgres").is_none(), "nobody here uses it");
    }

    #[test]
    fn what_runs_once_is_there_and_infrastructure_is_not() {
        let Project { file, .. } = rendered();
        assert_eq!(file["services"]["setup"]["image"], "e2i/gateway:abc");
        assert_eq!(file["services"]["setup"]["labels"]["e2i.service"], "setup");
        assert!(file["services"].get("postgres").is_none() && file.get("x-required").is_none());
        assert!(file["services"]["init"].get("container_name").is_none());
    }
}
