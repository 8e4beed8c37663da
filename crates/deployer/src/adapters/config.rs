//! What the adapters are told by the environment.

use std::path::PathBuf;
use std::time::Duration;

use chassis::config::{ByteSize, ConfigProblems, Env, Reader};
use url::Url;

use super::builder::BuildLimits;
use super::canary::CanaryConfig;
use super::git::{Repository, has_password};

/// Where images come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageSource {
    /// They are built here, from the checkout.
    Build,
    /// CI has pushed them to a registry.
    Registry,
}

/// Everything that [`super::ports`] needs.
#[derive(Clone, Debug)]
pub struct AdaptersConfig {
    /// `DEPLOYER_STATE_DIR`: the deployer's own volume.
    pub state_dir: PathBuf,
    /// `PROJECT_DIR`: the operator's folder, under the path that it has on the host.
    pub project_dir: PathBuf,
    /// `COMPOSE_PROJECT_NAME`: the project that infrastructure runs in. `e2i` by default.
    pub project: String,
    /// `REPOSITORY_URL`, `REPOSITORY_TOKEN(_FILE)`, `RELEASE_BRANCH`.
    pub repository: Repository,
    /// `IMAGE_SOURCE`: `build` (default) or `registry`.
    pub image_source: ImageSource,
    /// `IMAGE_PREFIX`: before each image's name. `e2i` by default.
    pub image_prefix: String,
    /// `DEPLOYER_IMAGE`: what helper containers run; by default the deployer's image of this very revision.
    pub own_image: String,
    /// `BUILD_CPUS`, `BUILD_MEMORY`, `BUILD_CACHE_MAX`, `BUILD_WAIT`.
    pub build: BuildLimits,
    /// `PUBLIC_URL`, `PUBLIC_CA_FILE`, `CANARY_EMAIL`, `CANARY_PASSWORD(_FILE)`.
    pub canary: CanaryConfig,
    /// What programs find of the environment.
    pub env: Env,
}

impl AdaptersConfig {
    /// Reads it.
    ///
    /// # Errors
    /// Every variable that cannot be used.
    pub fn read(env: &Env) -> Result<Self, ConfigProblems> {
        let mut read = env.reader();
        let image_prefix = read.parse_or("IMAGE_PREFIX", "e2i".to_owned());
        let revision = chassis::revision::of(env);
        let own_image = read.parse_or("DEPLOYER_IMAGE", format!("{image_prefix}/deployer:{revision}"));
        let state_dir = read.parse_or("DEPLOYER_STATE_DIR", PathBuf::from("/var/lib/e2i/deployer"));
        let project_dir = read.required::<PathBuf>("PROJECT_DIR");
        let project = read.parse_or("COMPOSE_PROJECT_NAME", "e2i".to_owned());
        let image_source = image_source(&mut read);
        let (repository, build, canary) = (repository(&mut read), limits(&mut read), canary(&mut read));
        read.finish(|| {
            Some(Self {
                state_dir,
                project_dir: project_dir?,
                project,
                repository,
                image_source,
                image_prefix,
                own_image,
                build,
                canary: canary?,
                env: env.clone(),
            })
        })
    }
}

fn image_source(read: &mut Reader<'_>) -> ImageSource {
    match read.parse_or("IMAGE_SOURCE", "build".to_owned()).as_str() {
        "build" => ImageSource::Build,
        "registry" => ImageSource::Registry,
        other => {
            read.problem("IMAGE_SOURCE", format!("`{other}` is no source of images; say build or registry"));
            ImageSource::Build
        }
    }
}

/// Without an address everything else works, and a deploy is refused with words.
fn repository(read: &mut Reader<'_>) -> Repository {
    let url = read.parse_or("REPOSITORY_URL", String::new());
    let token = read.optional_secret("REPOSITORY_TOKEN");
    let branch = read.parse_or("RELEASE_BRANCH", "main".to_owned());
    if has_password(&url) {
        read.problem("REPOSITORY_URL", "holds a name or password, which logs would show; put it into REPOSITORY_TOKEN");
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte);
    let is_branch = branch.bytes().all(is_plain) && !branch.starts_with(['-', '/', '.']) && !branch.contains("..");
    read.check("RELEASE_BRANCH", is_branch, format!("`{branch}` is no branch; say its name, like main"));
    Repository { url, branch, token }
}

fn limits(read: &mut Reader<'_>) -> BuildLimits {
    let cpus = read.optional::<f64>("BUILD_CPUS");
    read.check("BUILD_CPUS", cpus.is_none_or(|cpus| cpus > 0.0), "give a number above 0, such as 1.5");
    let defaults = BuildLimits::default();
    let bytes = |read: &mut Reader<'_>, name: &str, default: u64| read.parse_or(name, ByteSize(default)).0;
    let memory_bytes = bytes(read, "BUILD_MEMORY", defaults.memory_bytes);
    read.check("BUILD_MEMORY", memory_bytes >= 256 << 20, "give at least 256MiB: nothing can be compiled in less");
    BuildLimits {
        cpus,
        memory_bytes,
        cache_max_bytes: bytes(read, "BUILD_CACHE_MAX", defaults.cache_max_bytes),
        wait: read.parse_or("BUILD_WAIT", defaults.wait),
        within: Duration::from_hours(1),
    }
}

fn canary(read: &mut Reader<'_>) -> Option<CanaryConfig> {
    let public_url = read.required::<Url>("PUBLIC_URL");
    let config = CanaryConfig {
        ca_file: read.optional("PUBLIC_CA_FILE"),
        certificates_dir: read.parse_or("CERTIFICATES_DIR", PathBuf::from("/etc/e2i/certificates")),
        email: read.parse_or("CANARY_EMAIL", "canary@e2i.local".to_owned()),
        password: read.optional_secret("CANARY_PASSWORD"),
        public_url: public_url?,
    };
    Some(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete() -> Env {
        Env::from_pairs([("PROJECT_DIR", "/srv/e2i"), ("PUBLIC_URL", "https://e2i.example.org")])
    }

    #[test]
    fn little_has_to_be_said() {
        let config = AdaptersConfig::read(&complete().with("E2I_REVISION", "abc")).unwrap();
        assert_eq!((config.project.as_str(), config.repository.branch.as_str()), ("e2i", "main"));
        assert_eq!((config.image_source, config.own_image.as_str()), (ImageSource::Build, "e2i/deployer:abc"));
        assert_eq!(config.build, BuildLimits::default());
    }

    #[test]
    fn what_cannot_be_used_is_told_and_no_password_with_it() {
        let env = complete()
            .with("REPOSITORY_URL", "https://ann:hunter2@github.com/e2i/e2i.git")
            .with("IMAGE_SOURCE", "magic")
            .with("BUILD_MEMORY", "1MiB")
            .with("RELEASE_BRANCH", "--upload-pack=x");
        let problems = AdaptersConfig::read(&env).unwrap_err();
        let names: Vec<&str> = problems.0.iter().map(|problem| problem.name.as_str()).collect();
        assert_eq!(names, ["IMAGE_SOURCE", "REPOSITORY_URL", "RELEASE_BRANCH", "BUILD_MEMORY"]);
        assert!(!problems.to_string().contains("hunter2"), "{problems}");
    }
}
