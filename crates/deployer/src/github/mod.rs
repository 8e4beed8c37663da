//! GitHub's API: where a release stands, shown beside the commit it is of; whether CI has passed on a commit.

mod channel;
mod client;
mod runs;
mod source;

use chassis::config::{Reader, Secret};
use url::Url;

pub use channel::{Deployments, Status};
pub use runs::Runs;
pub use source::WithRuns;

/// The name of the channel in the outbox.
pub const CHANNEL: &str = "github";

/// Where and as whom.
#[derive(Debug, Clone)]
pub struct GithubConfig {
    /// `GITHUB_TOKEN`: may write deployments of the repository and read its runs (fine-grained: "Deployments: read and
    /// write", "Actions: read").
    pub token: Secret<String>,
    /// `GITHUB_API_URL`.
    pub api: Url,
    /// `owner/name`.
    pub repository: String,
    /// `GITHUB_ENVIRONMENT`.
    pub environment: String,
}

impl GithubConfig {
    /// Reads it; `None` without a token.
    pub fn read(read: &mut Reader<'_>, repository: Option<String>) -> Option<Self> {
        let token = read.optional_secret("GITHUB_TOKEN");
        let api = read.optional("GITHUB_API_URL").or_else(|| "https://api.github.com".parse().ok());
        let environment = read.parse_or("GITHUB_ENVIRONMENT", "production".to_owned());
        let token = token?;
        let message = "is not set and REPOSITORY_URL tells none; set it to owner/name, for deployment statuses";
        read.check("GITHUB_REPOSITORY", repository.is_some(), message);
        Some(Self { token, api: api?, repository: repository?, environment })
    }
}

/// `GITHUB_REPOSITORY`, or what `REPOSITORY_URL` says (`https://github.com/owner/name.git`, `git@github.com:owner/name`).
/// A path on this machine says nothing.
pub fn repository(read: &mut Reader<'_>, url: &str) -> Option<String> {
    let said: Option<String> = read.optional("GITHUB_REPOSITORY");
    if let Some(said) = said {
        let is_one = said.split('/').filter(|part| !part.is_empty()).count() == 2 && said.matches('/').count() == 1;
        read.check("GITHUB_REPOSITORY", is_one, format!("{said:?} is no repository; expected owner/name"));
        return Some(said);
    }
    let path = match url.parse::<Url>() {
        Ok(url) if matches!(url.scheme(), "http" | "https" | "ssh") => url.path().trim_matches('/').to_owned(),
        Ok(_) => return None,
        Err(_) => url.split_once(':').filter(|(host, _)| host.contains('@'))?.1.trim_matches('/').to_owned(),
    };
    let path = path.trim_end_matches(".git");
    (path.matches('/').count() == 1).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use chassis::config::Env;

    use super::*;

    #[test]
    fn the_repository_is_told_by_its_address() {
        let env = Env::default();
        let named = |url: &str| repository(&mut env.reader(), url);
        for url in
            ["https://github.com/e2i/platform.git", "git@github.com:e2i/platform", "ssh://git@ghe.local/e2i/platform"]
        {
            assert_eq!(named(url).as_deref(), Some("e2i/platform"), "{url}");
        }
        for url in ["/srv/repository.git", "file:///srv/e2i/platform.git", "", "https://git.example.org/a/b/c"] {
            assert_eq!(named(url), None, "{url}");
        }
    }
}
