//! Production on the server: a clone of the repository, its `.env.prod`, its compose files; and what runs there, as Docker
//! tells it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use local::client::Client;
use serde_json::Value;
use stack::command::{last_lines, run, run_within, until};
use tokio::process::Command;

use crate::server::Server;

const UP_WITHIN: Duration = Duration::from_mins(10);
const HEALTHY_WITHIN: Duration = Duration::from_mins(5);
/// The first admin.
const ADMIN: &str = "admin@example.org";
/// The platform's name on the server, which nobody else uses.
pub const PROJECT: &str = "e2i";
/// What a release starts anew beside the old.
pub const ROLLED: [&str; 4] = ["gateway", "worker", "health", "frontend"];

/// The operator's folder on the server.
#[derive(Debug)]
pub struct Platform {
    folder: PathBuf,
    /// Variables of whoever runs this, which must not count here.
    strangers: Vec<String>,
}

/// A container, as Docker describes it.
#[derive(Clone, Debug)]
pub struct Container {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Of which service.
    pub service: String,
    /// Docker's description.
    pub about: Value,
}

impl Container {
    /// Whether it runs.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.about["State"]["Running"] == true
    }

    /// The id of its image.
    #[must_use]
    pub fn image_id(&self) -> &str {
        self.about["Image"].as_str().unwrap_or_default()
    }

    /// What the image says it was made of.
    #[must_use]
    pub fn revision(&self) -> &str {
        self.about["Config"]["Labels"]["org.opencontainers.image.revision"].as_str().unwrap_or_default()
    }

    fn is_well(&self) -> bool {
        let state = &self.about["State"];
        if self.about["HostConfig"]["RestartPolicy"]["Name"] == "no" {
            return state["Status"] == "exited" && state["ExitCode"] == 0;
        }
        state["Status"] == "running" && (state["Health"].is_null() || state["Health"]["Status"] == "healthy")
    }
}

impl Platform {
    /// Clones the repository at `url` (which asks for `token`) as the server's operator does.
    ///
    /// # Errors
    /// When it cannot be cloned.
    pub async fn clone(folder: PathBuf, url: &str, token: &str, strangers: &[String]) -> anyhow::Result<Self> {
        let with_token = url.replacen("://", &format!("://operator:{token}@"), 1);
        run(Command::new("git").args(["clone", "--quiet", &with_token]).arg(&folder)).await.context("clone")?;
        run(Command::new("git").arg("-C").arg(&folder).args(["remote", "set-url", "origin", url])).await?;
        Ok(Self { folder, strangers: strangers.to_vec() })
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes `.env.prod` for a server without a name, with these variables on top, and `.release.env`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn configure(
        &self,
        server: &Server,
        variables: &[(String, String)],
        revisions: &Revisions,
    ) -> anyhow::Result<()> {
        let mut script = self.command(server, "scripts/env-prod.sh")?;
        run(script.args(["--admin", ADMIN, "--address", &server.address().to_string()])).await?;
        let file = self.folder.join(".env.prod");
        let mut text = std::fs::read_to_string(&file).context("read .env.prod")?;
        let is_set = |line: &str| variables.iter().any(|(name, _)| line.starts_with(&format!("{name}=")));
        text = text.lines().filter(|line| !is_set(line)).fold(String::new(), |text, line| text + line + "\n");
        for (name, value) in variables {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{name}={value}");
        }
        std::fs::write(&file, text).context("write .env.prod")?;
        self.name_revisions(revisions)
    }

    /// Writes `.release.env`: what compose would start.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn name_revisions(&self, revisions: &Revisions) -> anyhow::Result<()> {
        let release = revisions.iter().fold(String::new(), |text, (service, revision)| {
            text + &format!("{}_REVISION={revision}\n", service.to_uppercase())
        });
        std::fs::write(self.folder.join(".release.env"), release).context("write .release.env")
    }

    /// Sets a variable of `.env.prod`; containers made from then on have it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set(&self, name: &str, value: &str) -> anyhow::Result<()> {
        let file = self.folder.join(".env.prod");
        let text = std::fs::read_to_string(&file).context("read .env.prod")?;
        let begin = format!("{name}=");
        let kept =
            text.lines().filter(|line| !line.starts_with(&begin)).fold(String::new(), |all, line| all + line + "\n");
        std::fs::write(&file, format!("{kept}{begin}{value}\n")).context("write .env.prod")
    }

    /// A program in the clone, with the server's engine.
    ///
    /// # Errors
    /// When the server is off.
    pub fn command(&self, server: &Server, program: &str) -> anyhow::Result<Command> {
        let mut command = Command::new(program);
        for name in &self.strangers {
            command.env_remove(name);
        }
        command.current_dir(&self.folder).env("DOCKER_HOST", server.docker_host()?);
        Ok(command)
    }

    /// `docker compose` with production's files, as an operator has it.
    ///
    /// # Errors
    /// When it fails.
    pub async fn compose(&self, server: &Server, arguments: &[&str]) -> anyhow::Result<String> {
        let mut command = self.command(server, "scripts/compose.sh")?;
        command.args(["prod", "--ansi", "never", "--progress", "plain"]).args(arguments);
        run_within(&mut command, UP_WITHIN).await
    }

    /// Brings all of it up but the services `without`, and gives the seconds until all are healthy.
    ///
    /// # Errors
    /// When that does not happen.
    pub async fn up(&self, server: &Server, without: &[&str]) -> anyhow::Result<f64> {
        let none: Vec<String> = without.iter().map(|service| format!("{service}=0")).collect();
        let scale = none.iter().flat_map(|one| ["--scale", one]);
        let arguments: Vec<&str> = ["up", "--detach", "--no-build"].into_iter().chain(scale).collect();
        self.healthy_after(server, self.compose(server, &arguments)).await
    }

    /// Brings all of it up as on a server where nothing runs yet: by the first release. Gives the seconds until all are healthy.
    ///
    /// # Errors
    /// When that does not happen.
    pub async fn first(&self, server: &Server) -> anyhow::Result<f64> {
        let mut command = self.command(server, "scripts/deploy.sh")?;
        command.args(["--first", "main"]);
        self.healthy_after(server, run_within(&mut command, UP_WITHIN)).await
    }

    async fn healthy_after(
        &self,
        server: &Server,
        started: impl Future<Output = anyhow::Result<String>>,
    ) -> anyhow::Result<f64> {
        let begin = Instant::now();
        if let Err(error) = started.await {
            return Err(error.context(self.last_words(server).await));
        }
        let healthy = until("every service is healthy", HEALTHY_WITHIN, async || {
            let all = containers(server).await?;
            let waiting: Vec<&str> = all.iter().filter(|one| !one.is_well()).map(|one| one.service.as_str()).collect();
            if waiting.is_empty() && !all.is_empty() {
                Ok(Some(()))
            } else {
                bail!("waiting for {}", waiting.join(", "))
            }
        });
        if let Err(error) = healthy.await {
            return Err(error.context(self.last_words(server).await));
        }
        Ok(begin.elapsed().as_secs_f64())
    }

    /// What those that are not well said last.
    pub async fn last_words(&self, server: &Server) -> String {
        let mut text = String::new();
        // What ended well is kept for going back to it.
        let is_ill = |one: &&Container| {
            !one.is_well() && one.about["State"]["ExitCode"] != 0 || one.is_running() && !one.is_well()
        };
        for one in containers(server).await.unwrap_or_default().iter().filter(is_ill) {
            let said = server.said(&["logs", "--tail", "30", &one.id]).await.map(|said| said.all()).unwrap_or_default();
            let status = one.about["State"]["Status"].as_str().unwrap_or_default();
            // Writing to a string does not fail.
            let _ = write!(text, "--- {} ({status})\n{}\n", one.name, last_lines(&said, 20));
        }
        text
    }
}

/// Every container of the platform, whoever started it.
///
/// # Errors
/// When the engine does not answer.
pub async fn containers(server: &Server) -> anyhow::Result<Vec<Container>> {
    let ids = server.docker(&["ps", "--all", "--quiet", "--no-trunc"]).await?;
    let ids: Vec<&str> = ids.lines().collect();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of = |about: Value| {
        let labels = &about["Config"]["Labels"];
        // The deployer renames a rolled service, and says which it is.
        let said = [&labels["e2i.service"], &labels["com.docker.compose.service"]];
        let service = said.iter().find_map(|label| label.as_str()).unwrap_or_default().to_owned();
        Container {
            id: text(&about["Id"]),
            name: text(&about["Name"]).trim_start_matches('/').to_owned(),
            service,
            about,
        }
    };
    Ok(server.inspect(&ids).await?.into_iter().map(of).filter(|one| !one.service.is_empty()).collect())
}

/// The running containers of a service.
///
/// # Errors
/// When the engine does not answer.
pub async fn running(server: &Server, service: &str) -> anyhow::Result<Vec<Container>> {
    let all = containers(server).await?;
    Ok(all.into_iter().filter(|one| one.service == service && one.is_running()).collect())
}

/// The one running container of a service.
///
/// # Errors
/// When there is none, or more than one.
pub async fn only(server: &Server, service: &str) -> anyhow::Result<Container> {
    let mut all = running(server, service).await?;
    let names: Vec<String> = all.iter().map(|one| one.name.clone()).collect();
    ensure!(all.len() == 1, "of {service} there run {names:?}");
    all.pop().context("one runs")
}

/// Runs a program in a container; gives what it printed.
///
/// # Errors
/// When it fails.
pub async fn exec(server: &Server, container: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let said = server.said(&[&["exec", container][..], arguments].concat()).await?;
    ensure!(said.success, "in {container}, {arguments:?}: {}", said.all());
    Ok(said.out)
}

/// Who may do what on the platform, and how it is reached.
#[derive(Clone)]
pub struct Access {
    /// `https://address`.
    pub url: String,
    /// The certificate of nginx.
    pub certificate: String,
    /// The first admin's address.
    pub email: String,
    /// Their password.
    pub password: String,
}

impl Access {
    /// Reads it from the containers.
    ///
    /// # Errors
    /// When they do not run.
    pub async fn read(server: &Server) -> anyhow::Result<Self> {
        let nginx = only(server, "nginx").await?.id;
        let gateway = only(server, "gateway").await?.id;
        let certificate = exec(server, &nginx, &["cat", "/etc/e2i/certificates/live/fullchain.pem"]).await?;
        let email = exec(server, &gateway, &["printenv", "ADMIN_EMAIL"]).await?.trim().to_owned();
        let password = exec(server, &gateway, &["cat", "/run/secrets/gateway/admin-password"]).await?.trim().to_owned();
        Ok(Self { url: format!("https://{}", server.address()), certificate, email, password })
    }

    /// The API, as nobody.
    ///
    /// # Errors
    /// When the certificate is none.
    pub fn client(&self) -> anyhow::Result<Client> {
        Client::pinned(&self.url, self.certificate.as_bytes())
    }

    /// The API, as the first admin, who has signed in just now.
    ///
    /// # Errors
    /// When that does not succeed.
    pub async fn admin(&self) -> anyhow::Result<Client> {
        self.client()?.sign_in(&self.email, &self.password).await
    }
}

/// Rows of a question to the platform's Postgres; columns are separated by `|`.
///
/// # Errors
/// When it is not answered.
pub async fn ask_postgres(server: &Server, question: &str) -> anyhow::Result<Vec<String>> {
    let postgres = only(server, "postgres").await?.id;
    let psql = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--username=e2i", "--dbname=e2i"];
    let text =
        exec(server, &postgres, &[&psql[..], &["--set=ON_ERROR_STOP=1", "--command", question]].concat()).await?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// Services and revisions, by name.
pub type Revisions = BTreeMap<String, String>;
