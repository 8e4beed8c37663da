//! Secrets: where they may not be seen.

use anyhow::ensure;

use crate::case::{Figures, Room};
use crate::engine::docker;
use crate::project::Project;

/// What `scripts/env-prod.sh` makes, by variable.
const SECRETS: [&str; 4] = ["SECRET_KEY", "REDIS_PASSWORD", "POSTGRES_PASSWORD", "MLFLOW_DATABASE_PASSWORD"];

pub(super) async fn hidden(room: &Room<'_>) -> anyhow::Result<Figures> {
    let project = room.project()?;
    let mut values: Vec<String> = SECRETS.iter().filter_map(|name| project.variable(name)).map(str::to_owned).collect();
    ensure!(values.len() == SECRETS.len(), "production has other secrets than {SECRETS:?}");
    values.push(project.admin().await?.1);
    let looked_at = descriptions(project, &values).await?;
    for (service, revision) in room.site.revisions()? {
        let image = format!("{}/{service}:{revision}", room.site.image_prefix());
        let history = docker(&["history", "--no-trunc", "--format", "{{.CreatedBy}} {{.Comment}}", &image]).await?;
        let about = docker(&["inspect", &image]).await?;
        ensure!(!values.iter().any(|value| history.contains(value) || about.contains(value)), "{image} tells a secret");
    }
    // Nor on the command line of a process, nor in what was logged.
    for container in project.containers().await? {
        for process in crate::engine::processes(&container.id)? {
            let line = std::fs::read(format!("/proc/{}/cmdline", process.pid)).unwrap_or_default();
            let line = String::from_utf8_lossy(&line);
            ensure!(
                !values.iter().any(|value| line.contains(value)),
                "{}: {} tells a secret",
                container.service,
                process.name
            );
        }
        let logged = crate::engine::logs(&container.id, 5000).await?;
        let told = values.iter().filter(|value| logged.contains(*value)).count();
        // The first start says the first admin's password once.
        let allowed = usize::from(container.service == "setup");
        ensure!(told <= allowed, "the log of {} tells {told} secrets", container.service);
    }
    Ok(Figures::none().note(format!("{} secrets, {looked_at} services", values.len())))
}

/// No service's description tells one of these; `init` is given those that come as variables, and has ended.
pub(super) async fn descriptions(project: &Project, values: &[String]) -> anyhow::Result<usize> {
    let containers = project.containers().await?;
    let services: Vec<_> = containers.iter().filter(|container| container.service != "init").collect();
    for container in &services {
        let about = container.about.to_string();
        let told = values.iter().any(|value| about.contains(value.as_str()));
        ensure!(!told, "`docker inspect` of {} tells a secret", container.service);
    }
    Ok(services.len())
}
