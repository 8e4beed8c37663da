//! What is checked, tier by tier. To add a case: a function, and its line in [`all`].

mod config;
mod first_start;
mod hardening;
mod health;
mod hot_reload;
mod images;
mod lasting;
mod main_way;
mod memory;
mod monitoring;
mod network;
mod secrets;
mod supabase;
mod variables;

pub mod edge;

use std::path::Path;

use anyhow::Context;

use crate::case::{Case, Doing, Figures, Room, Run, Tier};
use crate::outside::Outside;
use crate::project::Project;
use crate::site::Site;
use crate::warm::Warm;

pub use hot_reload::{Edit, react_seconds, rust_seconds};
pub use images::megabytes_on_top;

/// Every case of the clone, in the order in which they are tried.
///
/// # Errors
/// When `scripts/stack` cannot be read.
pub fn all(clone: &Path) -> anyhow::Result<Vec<Case>> {
    let mut cases = [files(), base(), prod(), dev()].concat();
    cases.extend(edge::scripts(clone)?);
    Ok(cases)
}

fn case(tier: Tier, name: &str, about: &str, run: for<'a> fn(&'a Room<'a>) -> Doing<'a>) -> Case {
    Case { tier, name: name.to_owned(), about: about.to_owned(), run: Run::Code(run) }
}

fn files() -> Vec<Case> {
    vec![
        case(Tier::Files, "rules", "compose files render in every tier and keep the rules", |room| {
            Box::pin(config::rules(room))
        }),
        case(Tier::Files, "required", "production names each secret that is missing, and what to do", |room| {
            Box::pin(config::required(room))
        }),
        case(Tier::Files, "variables", ".env.example names exactly the variables of the compose files", |room| {
            Box::pin(async move { variables::explained(room) })
        }),
        case(Tier::Files, "images", "images are labelled, run as nobody, hold neither sources nor secrets", |room| {
            Box::pin(images::well_made(room))
        }),
        case(Tier::Files, "init", "secrets: what cannot be used never gets in, a second start changes none", |room| {
            Box::pin(first_start::secrets(room))
        }),
        case(Tier::Files, "one-image", "a commit that touches the worker changes the worker's image alone", |room| {
            Box::pin(images::one_changes(room))
        }),
    ]
}

fn base() -> Vec<Case> {
    vec![
        case(Tier::Base, "password", "the first admin's password is printed once, and opens", |room| {
            Box::pin(main_way::password(room))
        }),
        case(Tier::Base, "main-way", "upload, analysis, events over HTTPS; the effect of the literature", |room| {
            Box::pin(main_way::analysis(room))
        }),
        case(Tier::Base, "web-app", "pages, hashed assets for a year, a content security policy", |room| {
            Box::pin(main_way::web_app(room))
        }),
        case(Tier::Base, "browser", "the browser test of the main way", |room| Box::pin(main_way::browser(room))),
        case(Tier::Base, "mlflow", "MLflow shows the run of an analysis", |room| Box::pin(main_way::mlflow(room))),
        case(Tier::Base, "health", "what is down is noticed, named once, and said to be back", |room| {
            Box::pin(health::notices(room))
        }),
        case(Tier::Base, "monitoring", "Prometheus reaches every service, its rules compute", |room| {
            Box::pin(monitoring::watches(room))
        }),
        case(Tier::Base, "greedy", "a greedy job is ended, the stack lives", |room| Box::pin(memory::greedy(room))),
        case(Tier::Base, "crashes", "every service killed once comes back and serves", |room| {
            Box::pin(lasting::crashes(room))
        }),
        case(Tier::Base, "down-up", "down and up lose no data", |room| Box::pin(lasting::down_and_up(room))),
        case(
            Tier::Base,
            "two-stacks",
            "a large job beside the start of a second stack: nothing is killed for memory",
            |room| Box::pin(memory::two_stacks(room)),
        ),
    ]
}

fn prod() -> Vec<Case> {
    vec![
        case(Tier::Prod, "scan", "a stranger finds nothing but nginx's two ports", |room| {
            Box::pin(network::scan(room))
        }),
        case(Tier::Prod, "networks", "Postgres, Redis, MLflow cannot be reached from the frontend network", |room| {
            Box::pin(network::apart(room))
        }),
        case(Tier::Prod, "hardened", "no root, no capability, read-only, limits and log rotation in force", |room| {
            Box::pin(hardening::hardened(room))
        }),
        case(Tier::Prod, "secrets", "no secret in a service's description, nor in an image", |room| {
            Box::pin(secrets::hidden(room))
        }),
        case(Tier::Prod, "prod-way", "upload, analysis, events as a stranger reaches them", |room| {
            Box::pin(main_way::analysis(room))
        }),
        case(Tier::Prod, "prod-greedy", "the limit of memory holds: a greedy job is ended, the stack lives", |room| {
            Box::pin(memory::greedy(room))
        }),
        case(
            Tier::Prod,
            "supabase",
            "another Postgres by DATABASE_URL, secrets in files; its API roles see nothing",
            |room| Box::pin(supabase::another_postgres(room)),
        ),
    ]
}

fn dev() -> Vec<Case> {
    vec![
        case(
            Tier::Dev,
            "ports",
            "API, web app, MLflow, Redis, Postgres answer on ports of their own, on loopback alone",
            |room| Box::pin(network::direct_ports(room)),
        ),
        case(Tier::Dev, "react", "a changed line of React is served", |room| Box::pin(hot_reload::react(room))),
        case(Tier::Dev, "rust", "a changed line of Rust is served", |room| Box::pin(hot_reload::rust(room))),
    ]
}

/// Brings a tier up for its cases; tells how long that took.
///
/// # Errors
/// When it does not become healthy.
pub async fn bring_up(room: &mut Room<'_>, tier: Tier, warm: Option<Warm>, keep: bool) -> anyhow::Result<Figures> {
    let mut figures = Figures::none();
    let begin = std::time::Instant::now();
    let project = match tier {
        Tier::Files => return Ok(figures),
        Tier::Prod => {
            room.site.build_images().await?;
            let outside = room.outside.insert(Outside::make(room.site.id()).await?);
            production(room.site, outside, "prod", &[]).await?
        }
        Tier::Base | Tier::Dev => {
            if let Some(warm) = warm {
                warm.end().await?
            } else {
                let project = Project::new(room.site, tier, &tier.to_string())?;
                project.build().await?;
                project
            }
        }
    };
    figures.add("images", begin.elapsed().as_secs_f64(), "s");
    // Held by the room before it is up: whatever happens, it is taken down.
    let project = room.project.insert(project.kept(keep));
    if tier == Tier::Base {
        figures.add("healthy without MLflow", project.up(&["mlflow"]).await?, "s");
        project.down(true).await?;
    }
    figures.add(if tier == Tier::Base { "with MLflow" } else { "healthy" }, project.up(&[]).await?, "s");
    Ok(figures)
}

/// A production project whose variables `scripts/env-prod.sh` makes: a self-signed certificate for this machine's address.
///
/// # Errors
/// When its variables cannot be made.
pub async fn production(site: &Site, outside: &Outside, label: &str, more: &[&str]) -> anyhow::Result<Project> {
    let mut project = Project::new(site, Tier::Prod, label)?;
    let address = outside.host.to_string();
    let (file, kept) = (site.folder().join(".env.prod"), site.folder().join(".env.prod.before"));
    let is_there = file.exists();
    if is_there {
        std::fs::rename(&file, &kept).context("put .env.prod away")?;
    }
    let mut command = site.command("scripts/env-prod.sh");
    command.args(["--admin", "admin@example.org", "--address", &address]).args(more);
    crate::command::run(&mut command).await?;
    let text = std::fs::read_to_string(&file).context("read .env.prod")?;
    for (name, value) in text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('=')) {
        project.set(name, value);
    }
    if is_there {
        std::fs::rename(&kept, &file).context("put .env.prod back")?;
    }
    for (name, port) in [("HTTP_PORT", 80), ("HTTPS_PORT", 443)] {
        // The real ones, where nobody else has them.
        if label == "prod" && std::net::TcpListener::bind(("0.0.0.0", port)).is_ok() {
            project.set(name, &port.to_string());
        }
    }
    let port = project.variable("HTTPS_PORT").unwrap_or("443").to_owned();
    let at = if port == "443" { String::new() } else { format!(":{port}") };
    project.set("PUBLIC_URL", &format!("https://{address}{at}"));
    Ok(project)
}
