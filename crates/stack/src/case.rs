//! A case: one thing that has to be so, in one tier; and the room that it is tried in.

use std::fmt;

use anyhow::Context as _;
use futures::future::LocalBoxFuture;

use crate::outside::Outside;
use crate::project::Project;
use crate::site::Site;

/// How the platform is brought up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Tier {
    /// Not at all: the files and images themselves.
    Files,
    /// `docker-compose.yml` alone, as on a laptop.
    Base,
    /// And `docker-compose.prod.yml`.
    Prod,
    /// And `docker-compose.dev.yml`.
    Dev,
}

impl fmt::Display for Tier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Files => "files",
            Self::Base => "base",
            Self::Prod => "prod",
            Self::Dev => "dev",
        })
    }
}

/// What a case measured and noticed.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    told: Vec<String>,
}

impl Figures {
    /// None yet.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// With a figure: what it is, how much, its unit.
    #[must_use]
    pub fn with(mut self, what: &str, value: f64, unit: &str) -> Self {
        self.add(what, value, unit);
        self
    }

    /// Adds a figure.
    pub fn add(&mut self, what: &str, value: f64, unit: &str) {
        self.told.push(format!("{what} {value:.1} {unit}").trim().to_owned());
    }

    /// With words.
    #[must_use]
    pub fn note(mut self, words: impl Into<String>) -> Self {
        self.told.push(words.into());
        self
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.told.join("; "))
    }
}

/// What a case does.
pub type Doing<'a> = LocalBoxFuture<'a, anyhow::Result<Figures>>;

/// One thing that has to be so.
#[derive(Clone)]
pub struct Case {
    /// Where it is tried.
    pub tier: Tier,
    /// Its name on the command line.
    pub name: String,
    /// What is so when it passes.
    pub about: String,
    /// Tries it.
    pub run: Run,
}

/// How a case is tried.
#[derive(Clone)]
pub enum Run {
    /// By a function here.
    Code(for<'a> fn(&'a Room<'a>) -> Doing<'a>),
    /// By a script of `scripts/stack/`.
    Script(String),
}

/// What a case finds when it begins.
pub struct Room<'a> {
    /// The copy of the clone.
    pub site: &'a Site,
    /// The tier, up and healthy; none in [`Tier::Files`].
    pub project: Option<Project>,
    /// A stranger on the network; made before the tier is brought up.
    pub outside: Option<Outside>,
}

impl Room<'_> {
    /// The tier's project.
    ///
    /// # Errors
    /// When the tier has none.
    pub fn project(&self) -> anyhow::Result<&Project> {
        self.project.as_ref().context("nothing was brought up for this case")
    }

    /// The stranger.
    ///
    /// # Errors
    /// When none was made.
    pub fn outside(&self) -> anyhow::Result<&Outside> {
        self.outside.as_ref().context("no network namespace was made for this case")
    }
}
