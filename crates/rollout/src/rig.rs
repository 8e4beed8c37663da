//! All that a case needs: the server with production on it, what it reaches outside, a repository to release from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::Context;
use chassis::clock::{Clock as _, SystemClock};
use chrono::{DateTime, Utc};
use stack::cases::Edit;
use stack::command::run;
use stack::site::Site;

use crate::deployments::Deployments;
use crate::github::{self, Hook, Listening, Repository, Told, Touch};
use crate::images;
use crate::judge;
use crate::load::{Caller, Load, Plan, Target};
use crate::platform::{Access, Platform, Revisions};
use crate::registry::Registry;
use crate::release::{self, Fault, Service, touches};
use crate::server::Server;

const TOKEN: &str = "a-token-of-a-test";
/// What GitHub signs with.
pub const SECRET: &str = "a-secret-of-a-test-that-is-long-enough";
/// Room for a dozen releases, and soon full.
const DISK_GIB: u32 = 14;
/// Beside our own.
const STRANGE_IMAGES: [&str; 2] = ["redis:8.0-bookworm", "postgres:17-trixie"];

/// How a rig is made.
#[derive(Clone, Debug)]
pub struct RigOptions {
    /// The clone that is tested.
    pub clone: PathBuf,
    /// What images are called that this machine's engine builds; those that are there are not built again. `None`: names of
    /// this run alone, which it removes.
    pub image_prefix: Option<String>,
    /// A folder with programs (`e2i-gateway`, ...) that images hold instead of newly compiled ones: for work on them.
    pub programs: Option<PathBuf>,
    /// Whether the deployer runs too.
    pub with_deployer: bool,
    /// What limits on seconds are multiplied by.
    pub patience: f64,
    /// Leaves the folder behind.
    pub keep: bool,
    /// The load.
    pub plan: Plan,
}

/// The rig; dropped, everything is gone.
pub struct Rig {
    /// Says how a server is, and what is on it.
    pub server: Server,
    /// Where images come from.
    pub registry: Registry,
    /// What is released.
    pub repository: Repository,
    /// Git over HTTP.
    pub git: Listening,
    /// What GitHub was told.
    pub github: Told,
    /// What Slack was told.
    pub slack: Told,
    /// Production.
    pub platform: Platform,
    /// How it is reached.
    pub access: Access,
    /// The deployer's API.
    pub deployments: Deployments,
    /// How GitHub reaches it.
    pub hook: Hook,
    /// The load.
    pub load: Load,
    /// The revisions of the first release: all images are made of these.
    pub base: Revisions,
    /// What has to be live now.
    pub live: Release,
    /// What limits on seconds are multiplied by.
    pub patience: f64,
    faulty: BTreeSet<Service>,
    touched: Vec<Touch>,
    builds: bool,
    released: u32,
    /// GitHub's API and Slack.
    pub services: [Listening; 2],
    /// The copy of the clone, from which the images are.
    pub site: Site,
}

/// A commit, and what it is made of.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its commit.
    pub commit: String,
    /// Each service's revision.
    pub revisions: Revisions,
}

impl Rig {
    /// Makes it: builds what is missing, boots a server, brings production up, begins the load.
    ///
    /// # Errors
    /// When something does not come up.
    pub async fn make(options: &RigOptions) -> anyhow::Result<Self> {
        let Outside { site, server, registry, repository, git, github, slack, services, built } =
            Outside::make(options).await?;
        let platform =
            Platform::clone(folder_of(&site)?.join("e2i"), repository.url(), TOKEN, site.variables()).await?;
        let variables = variables(&platform, &registry, &repository, &services);
        platform.configure(&server, &variables, &built).await.context("configure production")?;
        let seconds = if options.with_deployer {
            platform.first(&server).await.context("the first release on a bare server")?
        } else {
            platform.up(&server, &["deployer"]).await.context("bring production up")?
        };
        say(&format!("production is up after {seconds:.1} s"));
        let access = Access::read(&server).await.context("find out how production is reached")?;
        let hook = Hook::new(format!("{}/hooks/github", access.url), access.certificate.as_bytes(), SECRET)?;
        let load = Load::begin(caller(&server, &access)?, options.plan).await.context("begin the load")?;
        let live = Release { commit: repository.head().await?, revisions: built.clone() };
        let (faulty, released, base) = (BTreeSet::new(), 0, built);
        let rig = Self {
            patience: options.patience,
            server,
            registry,
            repository,
            git,
            github,
            slack,
            platform,
            deployments: Deployments::of(&access),
            access,
            hook,
            load,
            base,
            live,
            faulty,
            touched: Vec::new(),
            builds: false,
            released,
            services,
            site,
        };
        if options.with_deployer {
            // The first look at the branch finds the commit whose images run: live without anything being started.
            judge::is_live(&rig, &rig.live.commit, &rig.live.revisions).await.context("the first release")?;
        }
        Ok(rig)
    }

    /// Commits a release that touches services, each with what is wrong with its image (and those whose image was wrong
    /// before, which are well again); its images are in the registry. Nothing is pushed.
    ///
    /// # Errors
    /// When git or the registry fail.
    pub async fn release(&mut self, changes: &[(Service, Fault)]) -> anyhow::Result<Release> {
        self.released += 1;
        let mut faults: BTreeMap<Service, Fault> = self.faulty.iter().map(|service| (*service, Fault::None)).collect();
        faults.extend(changes.iter().copied());
        let services: Vec<Service> = faults.keys().copied().collect();
        let names: Vec<&str> = services.iter().map(|service| service.name()).collect();
        let subject = format!("Release {} of a test: {}", self.released, names.join(", "));
        let mut touched = touches(&services, &self.released.to_string());
        touched.append(&mut self.touched);
        let commit = self.repository.commit(&subject, &touched).await?;
        let revisions: Revisions = self.repository.revisions().await?.into_iter().collect();
        for (service, revision) in &revisions {
            let fault = faults.iter().find(|(one, _)| one.name() == service).map_or(Fault::None, |(_, fault)| *fault);
            if !self.builds && fault != Fault::NoImage && !self.registry.has(service, revision).await? {
                self.derive(service, revision, fault).await.with_context(|| format!("make an image of {service}"))?;
            }
        }
        self.faulty =
            faults.into_iter().filter(|(_, fault)| *fault != Fault::None).map(|(service, _)| service).collect();
        Ok(Release { commit, revisions })
    }

    /// The next release also writes this file, whose images nobody pushes.
    pub fn touch_next(&mut self, touch: Touch) {
        self.touched.push(touch);
        self.builds = true;
    }

    /// Images are in the registry again.
    pub fn pull_again(&mut self) {
        self.builds = false;
    }

    async fn derive(&self, service: &str, revision: &str, fault: Fault) -> anyhow::Result<()> {
        let base = self.base.get(service).context("a service without a first image")?;
        let image = self.registry.image(service, base);
        let mut change = fault.change(async |path| self.file_of(&image, path).await).await?;
        if service == "frontend" {
            let page = self.file_of(&image, release::PAGE).await?;
            change.files.extend(release::page(&page, revision)?);
        }
        self.registry.derive(service, base, revision, &change).await
    }

    /// A file of an image.
    async fn file_of(&self, image: &str, path: &str) -> anyhow::Result<Vec<u8>> {
        let container = self.server.docker(&["create", image]).await?;
        let container = container.trim();
        let file = self.server.folder().join("file-of-an-image");
        let copied = self.server.docker(&["cp", &format!("{container}:{path}"), &file.display().to_string()]).await;
        self.server.docker(&["rm", container]).await?;
        copied?;
        std::fs::read(&file).context("read the file of an image")
    }
}

/// The server without production, and what it reaches.
struct Outside {
    site: Site,
    server: Server,
    registry: Registry,
    repository: Repository,
    git: Listening,
    github: Told,
    slack: Told,
    services: [Listening; 2],
    built: Revisions,
}

impl Outside {
    async fn make(options: &RigOptions) -> anyhow::Result<Self> {
        let site = Site::copy(&options.clone, options.keep).await?;
        lift_limits(&site).await.context("prepare the copy")?;
        let prefix = options.image_prefix.clone().unwrap_or_else(|| site.image_prefix());
        let built = images::build(&site, &prefix, options.programs.as_deref()).await.context("build the images")?;
        let folder = folder_of(&site)?;
        let server_folder = folder.join("server");
        std::fs::create_dir_all(&server_folder).context("make the server's folder")?;
        // The registry speaks plain HTTP there.
        let engine = ["--insecure-registry=198.19.0.0/16".to_owned()];
        let mut server = Server::new(site.id(), &server_folder, DISK_GIB, &engine).await?;
        server.boot().await.context("boot the server")?;
        say(&format!("the server is {}, its Docker {}", server.address(), server.docker_host()?));
        let registry = Registry::start(server.internet(), &folder.join("registry")).await?;
        bring(&server, &registry, &prefix, &built).await.context("bring the images")?;
        let mut repository =
            Repository::make(&folder.join("git"), site.folder()).await.context("make the repository")?;
        let git =
            Listening::begin(server.internet(), github::git(repository.root().to_owned(), TOKEN.to_owned())).await?;
        repository.served_at(&git.url());
        let (github, slack) = (Told::default(), Told::default());
        let services = [
            Listening::begin(server.internet(), github::api(github.clone())).await?,
            Listening::begin(server.internet(), github::slack(slack.clone())).await?,
        ];
        Ok(Self { site, server, registry, repository, git, github, slack, services, built })
    }
}

/// The folder of this run: the copy of the clone is one of those in it.
fn folder_of(site: &Site) -> anyhow::Result<PathBuf> {
    Ok(site.folder().parent().context("the copy has a folder")?.to_owned())
}

/// This machine's time, which is the server's.
#[must_use]
pub fn now() -> DateTime<Utc> {
    SystemClock.now()
}

/// One line of what goes on.
pub fn say(words: &str) {
    println!("rollout      {words}");
}

/// Who makes the load.
///
/// # Errors
/// When the certificate is none.
pub fn caller(server: &Server, access: &Access) -> anyhow::Result<Caller> {
    Ok(Caller {
        target: Target::new((server.address(), 443).into(), &access.certificate)?,
        client: access.client()?,
        email: access.email.clone(),
        password: access.password.clone(),
    })
}

/// One address asks more often than a person may; everything of the copy is committed, so that revisions are plain.
async fn lift_limits(site: &Site) -> anyhow::Result<()> {
    let keys = "  AUTH_KEYS_DIR: /var/lib/e2i/keys\n";
    let unlimited = "  RATE_LIMIT_ADDRESS_PER_MINUTE: \"0\"\n  RATE_LIMIT_USER_PER_MINUTE: \"0\"\n  RATE_LIMIT_SIGN_IN_PER_MINUTE: \"0\"\n";
    Edit::make(site.folder(), "docker-compose.yml", keys, &format!("{keys}{unlimited}"))?;
    run(site.command("git").args(["add", "--all"])).await?;
    let who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"];
    let commit = ["commit", "--quiet", "--message", "Lift the limits on one address, for a test"];
    run(site.command("git").args(who).args(commit)).await?;
    Ok(())
}

/// To the server, and from there to the registry.
async fn bring(server: &Server, registry: &Registry, prefix: &str, built: &Revisions) -> anyhow::Result<()> {
    let mut names: Vec<String> =
        built.iter().map(|(service, revision)| format!("{prefix}/{service}:{revision}")).collect();
    names.extend(STRANGE_IMAGES.map(str::to_owned));
    server.bring_images(&names).await?;
    for (service, revision) in built {
        let (from, to) = (format!("{prefix}/{service}:{revision}"), registry.image(service, revision));
        server.docker(&["tag", &from, &to]).await?;
        server.docker_slowly(&["push", "--quiet", &to]).await?;
        server.docker(&["rmi", &from]).await?;
    }
    Ok(())
}

fn variables(
    platform: &Platform,
    registry: &Registry,
    repository: &Repository,
    services: &[Listening; 2],
) -> Vec<(String, String)> {
    let [github, slack] = services;
    let of = |name: &str, value: String| (name.to_owned(), value);
    vec![
        of("IMAGE_PREFIX", registry.prefix()),
        of("IMAGE_SOURCE", "registry".to_owned()),
        of("PROJECT_DIR", platform.folder().display().to_string()),
        of("REPOSITORY_URL", repository.url().to_owned()),
        of("REPOSITORY_TOKEN", TOKEN.to_owned()),
        of("RELEASE_TRIGGER", "push".to_owned()),
        of("GITHUB_WEBHOOK_SECRET", SECRET.to_owned()),
        of("GITHUB_API_URL", github.url()),
        of("GITHUB_TOKEN", TOKEN.to_owned()),
        of("SLACK_WEBHOOK_URL", format!("{}/hook", slack.url())),
        of("RECONCILE_MINUTES", "1".to_owned()),
        of("WATCH_MINUTES", "1".to_owned()),
        of("READY_SECONDS", "60".to_owned()),
    ]
}
