//! A small platform of the same shape as the real one, in a repository and a compose project of its own.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chassis::config::Env;
use deployer::adapters::{self, AdaptersConfig, http_client};
use deployer::ports::{Log, Ports, Rendered, Route};
use deployer::release::{Commit, DeploymentId, Piece, Service};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tempfile::TempDir;

const SERVICES: [&str; 4] = ["gateway", "worker", "frontend", "deployer"];

/// Everything of one test; dropped, it is gone.
pub(crate) struct Platform {
    /// The project's and the images' name.
    pub(crate) name: String,
    pub(crate) ports: Ports,
    folder: TempDir,
}

impl Platform {
    /// The repository with a first commit, and the adapters. Nothing runs yet.
    pub(crate) fn new(what: &str) -> Self {
        Self::with(what, &[])
    }

    /// [`Self::new`] with more variables.
    pub(crate) fn with(what: &str, variables: &[(&str, &str)]) -> Self {
        docker(&["version", "--format", "{{.Server.Version}}"]);
        let name = format!("e2i-adapters-{what}-{}", std::process::id());
        let folder = tempfile::Builder::new().prefix(&format!("{name}-")).tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("state")).unwrap();
        lay_out(&at("site"), folder.path());
        std::fs::write(at("site/.env.prod"), format!("STATE_DIR={}\nTELL=words\n", at("state").display())).unwrap();
        let text = |path: PathBuf| path.to_str().unwrap().to_owned();
        let mut env = Env::from_process()
            .with("DEPLOYER_STATE_DIR", text(at("state")))
            .with("PROJECT_DIR", text(at("site")))
            .with("COMPOSE_PROJECT_NAME", &name)
            .with("IMAGE_PREFIX", &name)
            .with("REPOSITORY_URL", text(at("site.git")))
            .with("PUBLIC_URL", "https://localhost")
            .with("DEPLOYER_IMAGE", "debian:trixie-slim")
            .with("BUILD_CPUS", "1")
            .with("BUILD_MEMORY", "256MiB")
            // The engine is not this test's alone: nobody's cache is touched.
            .with("BUILD_CACHE_MAX", "900GB");
        for (name, value) in variables {
            env = env.with(name, *value);
        }
        let config = AdaptersConfig::read(&env).unwrap();
        let http = http_client().dns_resolver(Arc::new(ByEngine)).build().unwrap();
        let ports = adapters::ports_asking(&config, &http).unwrap();
        Self { name, ports, folder }
    }

    /// The operator's clone, from which commits are pushed.
    pub(crate) fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// The deployer's volume.
    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// Changes files of the repository, and pushes.
    pub(crate) fn commit(&self, files: &[(&str, &str)]) -> Commit {
        for (file, text) in files {
            std::fs::write(self.site().join(file), text).unwrap();
        }
        push(&self.site())
    }

    /// The images of a commit.
    pub(crate) async fn images(&self, commit: &Commit) -> (PathBuf, BTreeMap<Service, Piece>) {
        let log = Lines::default();
        let revisions = self.ports.source.revisions(commit).await.unwrap();
        let checkout = self.ports.source.checkout(commit, &log).await.unwrap();
        let pieces = self.ports.images.provide(&checkout, &revisions, &log).await;
        (checkout, pieces.unwrap_or_else(|error| panic!("{error:#}\n{}", log.text())))
    }

    /// The images of the head, and the whole platform by hand, as an operator brings it up.
    pub(crate) async fn up(&self, services: &[&str]) -> BTreeMap<Service, Piece> {
        let head = self.ports.source.head().await.unwrap();
        let (_, pieces) = self.images(&head).await;
        let mut command = Command::new("docker");
        command.current_dir(self.site()).args(["compose", "--env-file", ".env.prod", "--file", "docker-compose.yml"]);
        command.args(["--file", "docker-compose.prod.yml", "up", "--detach", "--wait", "--no-build"]).args(services);
        for (service, piece) in &pieces {
            command.env(format!("{}_REVISION", service.name().to_uppercase()), &piece.revision);
        }
        command.env("COMPOSE_PROJECT_NAME", &self.name).env("IMAGE_PREFIX", &self.name);
        command.env("PROJECT_DIR", self.site()).env("DOCKER_GID", "0");
        run(&mut command);
        pieces
    }

    /// The head's images, rendered.
    pub(crate) async fn render(&self, id: i64, commit: &Commit) -> (Rendered, BTreeMap<Service, Piece>) {
        let (checkout, pieces) = self.images(commit).await;
        let rendered = self.ports.runtime.render(&checkout, DeploymentId(id), &pieces).await;
        (rendered.unwrap_or_else(|error| panic!("{error:#}")), pieces)
    }

    /// Waits until it is ready with that revision.
    pub(crate) async fn ready(&self, service: Service, container: &str, revision: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            match self.ports.prober.ready(service, container, revision).await.unwrap() {
                Ok(()) => return,
                Err(why) => assert!(Instant::now() < deadline, "{container} is not ready: {why}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Who answers behind nginx now.
    pub(crate) async fn answers(&self, path: &str) -> (u16, String) {
        let http = http_client().dns_resolver(Arc::new(ByEngine)).build().unwrap();
        let answer = http.get(format!("http://{}-nginx-1{path}", self.name)).send().await.unwrap();
        let status = answer.status().as_u16();
        let revision = answer.headers().get("x-e2i-revision").map(|value| value.to_str().unwrap().to_owned());
        (status, revision.unwrap_or_default())
    }
}

/// A route to these containers, with `backup` of the same kind.
pub(crate) fn route(generation: &str, configuration: &str, to: [&str; 2], backup: Option<[&str; 2]>) -> Route {
    let each =
        |names: [&str; 2]| [(Service::Gateway, names[0].to_owned()), (Service::Frontend, names[1].to_owned())].into();
    Route {
        generation: generation.to_owned(),
        configuration: configuration.to_owned(),
        to: each(to),
        backup: backup.map(each).unwrap_or_default(),
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        let name = &self.name;
        let sweep = |list: &[&str], remove: &[&str]| {
            let ids = quietly(list);
            let ids: Vec<&str> = ids.lines().collect();
            if !ids.is_empty() {
                quietly(&[remove, &ids].concat());
            }
        };
        for label in [format!("e2i.project={name}"), format!("com.docker.compose.project={name}")] {
            let filter = format!("label={label}");
            sweep(&["ps", "--all", "--quiet", "--filter", &filter], &["rm", "--force", "--volumes"]);
        }
        let of_project = format!("label=com.docker.compose.project={name}");
        let update = format!("label=com.docker.compose.project={name}-update");
        sweep(&["ps", "--all", "--quiet", "--filter", &update], &["rm", "--force", "--volumes"]);
        sweep(&["network", "ls", "--quiet", "--filter", &of_project], &["network", "rm"]);
        sweep(&["volume", "ls", "--quiet", "--filter", &of_project], &["volume", "rm", "--force"]);
        for folder in std::fs::read_dir("/sys/fs/cgroup").into_iter().flatten().flatten() {
            // Empty groups that builds ran in; on version 2 of control groups they lie one folder higher.
            let group = folder.path().join(format!("{name}-build"));
            let _ = std::fs::remove_dir(group.join("buildkit")).and_then(|()| std::fs::remove_dir(&group));
        }
        let images = quietly(&[
            "image",
            "ls",
            "--format",
            "{{.Repository}}:{{.Tag}}",
            "--filter",
            &format!("reference={name}/*"),
        ]);
        let images: Vec<&str> = images.lines().collect();
        if !images.is_empty() {
            quietly(&[&["image", "rm", "--force"][..], &images].concat());
        }
    }
}

/// The small platform's files, and the real nginx and certificates.
fn lay_out(site: &Path, folder: &Path) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (root, own) = (here.join("../.."), here.join("tests/docker/site"));
    copy(&own, site);
    for part in ["docker/nginx", "docker/certificates", "nginx"] {
        copy(&root.join(part), &site.join(part));
    }
    std::fs::write(site.join(".gitignore"), ".env.prod\n").unwrap();
    for service in SERVICES {
        assert!(site.join("services").join(service).is_dir(), "{service}");
    }
    let bare = folder.join("site.git");
    run(Command::new("git").args(["init", "--quiet", "--bare", "--initial-branch=main"]).arg(&bare));
    run(Command::new("git").args(["init", "--quiet", "--initial-branch=main"]).arg(site));
    run(Command::new("git").arg("-C").arg(site).args(["remote", "add", "origin"]).arg(&bare));
    push(site);
}

fn push(site: &Path) -> Commit {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.arg("-C").arg(site).args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]).args(arguments);
        run(&mut command)
    };
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--allow-empty", "--message", "Change"]);
    git(&["push", "--quiet", "origin", "main"]);
    git(&["rev-parse", "HEAD"]).trim().parse().unwrap()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    run(Command::new("cp").arg("--recursive").arg("--no-target-directory").arg(from).arg(to));
}

/// Runs what has to succeed.
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{command:?}: {}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// `docker`, which has to succeed: without an engine these tests fail.
pub(crate) fn docker(arguments: &[&str]) -> String {
    run(Command::new("docker").args(arguments))
}

fn quietly(arguments: &[&str]) -> String {
    let output = Command::new("docker").args(arguments).stdin(Stdio::null()).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}

/// Looks again and again until it is so.
pub(crate) async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(40);
    while !is_so().await {
        assert!(Instant::now() < deadline, "{what}: not so after 40 s");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Docker's names, seen from this machine: a container is reached by its address.
struct ByEngine;

impl Resolve for ByEngine {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        Box::pin(async move {
            let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
            let text =
                tokio::process::Command::new("docker").args(["inspect", "--format", format, &name]).output().await?;
            let text = String::from_utf8_lossy(&text.stdout).into_owned();
            let addresses: Vec<SocketAddr> = text
                .split_whitespace()
                .filter_map(|word| word.parse::<IpAddr>().ok())
                .map(|address| SocketAddr::new(address, 0))
                .collect();
            if addresses.is_empty() {
                return Err(format!("{name} is not there").into());
            }
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

/// Keeps every line.
#[derive(Default)]
pub(crate) struct Lines(Mutex<Vec<String>>);

impl Lines {
    pub(crate) fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
    }
}

impl Log for Lines {
    fn line(&self, line: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line.to_owned());
    }
}
