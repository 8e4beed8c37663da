//! Releases of a test: a commit that touches services, and for each of them an image of its new revision, which does what
//! it should or goes wrong in one way.

use std::io::Write as _;

use anyhow::{Context, bail, ensure};

use crate::github::Touch;
use crate::layer;
use crate::registry::Change;

/// A service that a release changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    /// The HTTP API.
    Gateway,
    /// Analyses.
    Worker,
    /// What looks at all of it.
    Health,
    /// The web app.
    Frontend,
    /// The edge's configuration.
    Nginx,
    /// The deployer itself.
    Deployer,
}

impl Service {
    /// Its name in the compose files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Worker => "worker",
            Self::Health => "health",
            Self::Frontend => "frontend",
            Self::Nginx => "nginx",
            Self::Deployer => "deployer",
        }
    }

    /// A file that only its image is made of, in the developer's clone.
    fn marker(self) -> &'static str {
        match self {
            Self::Gateway => "crates/gateway/release-of-a-test",
            Self::Worker => "crates/worker/release-of-a-test",
            Self::Health => "crates/health/release-of-a-test",
            Self::Frontend => "frontend/release-of-a-test",
            Self::Nginx => "docker/nginx/release-of-a-test",
            Self::Deployer => "crates/deployer/release-of-a-test",
        }
    }
}

/// What is wrong with an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It ends as soon as it starts.
    ExitsAtOnce,
    /// It runs and never answers.
    NeverReady,
    /// It is ready, and answers every request with 500.
    Answers500,
    /// It says another revision than its tag.
    WrongRevision,
    /// It says that a migration is pending, and has none.
    MigrationPending,
    /// Its migration fails.
    MigrationFails,
    /// It answers with 500 once it has answered for 20 s.
    ErrorsLater,
    /// It is not ready any more 20 s after its start, though it answers.
    UnreadyLater,
    /// Its canary has a wrong number: one byte of the program's table is another.
    WrongNumber,
    /// Its configuration of nginx is none.
    InvalidConfiguration,
    /// No image of it is ever pushed.
    NoImage,
}

/// Where the program that stands in front of a service lies in an image.
pub const FIXTURE: &str = "usr/local/bin/rollout-fixture";

impl Fault {
    /// What `E2I_FIXTURE` says to the program that stands in front.
    fn word(self) -> Option<&'static str> {
        match self {
            Self::ExitsAtOnce => Some("exits-at-once"),
            Self::NeverReady => Some("never-ready"),
            Self::Answers500 => Some("answers-500"),
            Self::MigrationPending => Some("migration-pending"),
            Self::MigrationFails => Some("migration-fails"),
            Self::ErrorsLater => Some("errors-later"),
            Self::UnreadyLater => Some("unready-later"),
            _ => None,
        }
    }

    /// What its image changes. `program` gives a file of the image it is made of.
    ///
    /// # Errors
    /// When the program has not got the table.
    pub async fn change(self, program: impl AsyncFn(&str) -> anyhow::Result<Vec<u8>>) -> anyhow::Result<Change> {
        let mut change = Change::default();
        if let Some(word) = self.word() {
            change.variables.push(("E2I_FIXTURE".to_owned(), word.to_owned()));
            change.before = Some(format!("/{FIXTURE}"));
            let content = std::fs::read(beside("rollout-fixture")?).context("read rollout-fixture")?;
            change.files.push(layer::File { path: FIXTURE.to_owned(), executable: true, content });
        }
        match self {
            Self::WrongRevision => change.says = Some("0123456789ab".to_owned()),
            Self::WrongNumber => {
                let content = with_wrong_number(program("/usr/local/bin/e2i-worker").await?)?;
                change.files.push(layer::File {
                    path: "usr/local/bin/e2i-worker".to_owned(),
                    executable: true,
                    content,
                });
            }
            Self::InvalidConfiguration => change.files.push(layer::File {
                path: "usr/share/e2i/nginx/limits.conf".to_owned(),
                executable: false,
                content: b"limit_conn nowhere;\n".to_vec(),
            }),
            _ => {}
        }
        Ok(change)
    }
}

/// A program built beside this one.
fn beside(name: &str) -> anyhow::Result<std::path::PathBuf> {
    let program = std::env::current_exe().context("find this program")?;
    Ok(program.with_file_name(name))
}

/// The canary's treated rows are 3, 5, 4, 8: the last becomes 9, so its effect is 3.25 instead of 3.
fn with_wrong_number(mut program: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    let table: Vec<u8> = [3.0_f64, 5.0, 4.0, 8.0].iter().flat_map(|value| value.to_le_bytes()).collect();
    let mut places = program.windows(table.len()).enumerate().filter(|(_, window)| *window == table).map(|(at, _)| at);
    let (Some(at), None) = (places.next(), places.next()) else {
        bail!("the worker's program has the canary's table not once");
    };
    program[at + 24..at + 32].copy_from_slice(&9.0_f64.to_le_bytes());
    Ok(program)
}

/// The web app's page in its image.
pub const PAGE: &str = "/srv/build/index.html";

/// A page that names a file which only this release has: a page of one release and files of another do not go together.
///
/// # Errors
/// When the page has no head.
pub fn page(page: &[u8], revision: &str) -> anyhow::Result<[layer::File; 3]> {
    let page = std::str::from_utf8(page).context("the page is no text")?;
    let asset = format!("assets/release-{revision}.js");
    ensure!(page.contains("</head>"), "the page has no head");
    let page = page.replace("</head>", &format!("<link rel=\"modulepreload\" href=\"/{asset}\"></head>"));
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(page.as_bytes()).context("compress the page")?;
    let file = |path: String, content: Vec<u8>| layer::File { path, executable: false, content };
    Ok([
        file("srv/build/index.html.gz".to_owned(), encoder.finish().context("compress the page")?),
        file("srv/build/index.html".to_owned(), page.into_bytes()),
        file(format!("srv/build/{asset}"), format!("export default \"{revision}\";\n").into_bytes()),
    ])
}

/// What a commit touches, so that each of the services gets a new revision.
#[must_use]
pub fn touches(services: &[Service], nonce: &str) -> Vec<Touch> {
    let touch = |service: &Service| Touch { path: service.marker().to_owned(), content: format!("{nonce}\n") };
    services.iter().map(touch).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_a_file_of_its_release() {
        let files = page(b"<html><head></head></html>", "abc").unwrap();
        assert!(String::from_utf8_lossy(&files[1].content).contains("\"/assets/release-abc.js\""));
        assert_eq!(files[2].path, "srv/build/assets/release-abc.js");
        assert!(page(b"nothing", "abc").is_err());
    }

    #[test]
    fn one_number_of_the_table_becomes_another() {
        let mut program = b"before".to_vec();
        program.extend([3.0_f64, 5.0, 4.0, 8.0].iter().flat_map(|value| value.to_le_bytes()));
        let wrong = with_wrong_number(program.clone()).unwrap();
        assert_eq!(wrong.len(), program.len());
        assert_eq!(wrong[30..38], 9.0_f64.to_le_bytes());
        assert!(with_wrong_number(b"nothing".to_vec()).is_err());
    }
}
