//! One case after the other, tier by tier.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};

use crate::case::{Case, Figures, Room, Run, Tier};
use crate::cases;
use crate::command::run as run_command;
use crate::report::{Outcome, document, failures, summary};
use crate::site::Site;
use crate::warm::Warm;

/// What to try.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The clone.
    pub clone: PathBuf,
    /// Only these tiers; all when empty.
    pub tiers: Vec<Tier>,
    /// Only these cases; all when empty.
    pub names: Vec<String>,
    /// Leave up what was brought up.
    pub keep: bool,
    /// Where the page goes.
    pub report: Option<PathBuf>,
}

/// The cases that these options name.
///
/// # Errors
/// When a name is none.
pub fn chosen(options: &Options) -> anyhow::Result<Vec<Case>> {
    let all = cases::all(&options.clone)?;
    for name in &options.names {
        if !all.iter().any(|case| case.name == *name) {
            bail!("there is no case `{name}`; stack test --list names them");
        }
    }
    let in_tier = |case: &Case| options.tiers.is_empty() || options.tiers.contains(&case.tier);
    let named = |case: &Case| options.names.is_empty() || options.names.contains(&case.name);
    Ok(all.into_iter().filter(|case| in_tier(case) && named(case)).collect())
}

/// Tries the cases; gives whether all passed.
///
/// # Errors
/// When the run itself could not be done.
pub async fn run(options: &Options) -> anyhow::Result<bool> {
    let chosen = chosen(options)?;
    let site = Site::copy(&options.clone, options.keep).await?;
    println!("in {}, names begin with {}", site.folder().display(), site.image_prefix());
    let mut outcomes = Vec::new();
    let has = |dev: bool| chosen.iter().any(|case| (case.tier == Tier::Dev) == dev);
    let mut warm = if has(true) && has(false) { Some(Warm::begin(&site, options.keep).await) } else { None };
    for tier in [Tier::Files, Tier::Base, Tier::Prod, Tier::Dev] {
        let cases: Vec<&Case> = chosen.iter().filter(|case| case.tier == tier).collect();
        if !cases.is_empty() {
            let warm = if tier == Tier::Dev { warm.take() } else { None };
            one_tier(&site, tier, warm, &cases, options.keep, &mut outcomes).await;
        }
    }
    print!("{}", failures(outcomes.iter().filter_map(Outcome::failure)));
    println!("{}", summary(&outcomes));
    if let Some(file) = &options.report {
        let page = document(&outcomes, &commit(&options.clone).await?, &machine());
        std::fs::write(file, page).with_context(|| format!("write {}", file.display()))?;
    }
    Ok(outcomes.iter().all(|outcome| outcome.result.is_ok()))
}

async fn one_tier(
    site: &Site,
    tier: Tier,
    warm: Option<anyhow::Result<Warm>>,
    cases: &[&Case],
    keep: bool,
    outcomes: &mut Vec<Outcome>,
) {
    let mut room = Room { site, project: None, outside: None };
    if tier != Tier::Files {
        let begin = Instant::now();
        let up = match warm.transpose() {
            Ok(warm) => cases::bring_up(&mut room, tier, warm, keep).await,
            Err(error) => Err(error),
        };
        let about = "every service is healthy".to_owned();
        let failed = up.is_err();
        tell(outcomes, tier, ("up".to_owned(), about), begin, up);
        if failed {
            return;
        }
    }
    for case in cases {
        let begin = Instant::now();
        let result = match &case.run {
            Run::Code(run) => run(&room).await,
            Run::Script(script) => cases::edge::run(&room, script).await,
        };
        let result = match (result, &room.project) {
            (Err(error), Some(project)) => {
                let words = project.last_words().await;
                Err(anyhow::anyhow!("{error:#}\n{words}"))
            }
            (result, _) => result,
        };
        tell(outcomes, tier, (case.name.clone(), case.about.clone()), begin, result);
    }
}

fn tell(
    outcomes: &mut Vec<Outcome>,
    tier: Tier,
    (name, about): (String, String),
    begin: Instant,
    result: anyhow::Result<Figures>,
) {
    let result = result.map(|figures| figures.to_string()).map_err(|error| format!("{error:#}"));
    let outcome = Outcome { tier, name, about, seconds: begin.elapsed().as_secs_f64(), result };
    println!("{}", outcome.line());
    outcomes.push(outcome);
}

/// The clone's commit, and whether there are changes on it.
///
/// # Errors
/// When git does not say.
pub async fn commit(clone: &Path) -> anyhow::Result<String> {
    let git = |arguments: &[&str]| {
        let mut command = tokio::process::Command::new("git");
        command.arg("-C").arg(clone).args(arguments);
        command
    };
    let commit = run_command(&mut git(&["rev-parse", "--short=12", "HEAD"])).await?;
    let changes = run_command(&mut git(&["status", "--porcelain", "--untracked-files=no"])).await?;
    Ok(format!("{}{}", commit.trim(), if changes.is_empty() { "" } else { " with changes" }))
}

/// This machine, in a few words.
#[must_use]
pub fn machine() -> String {
    let of = |file: &str, name: &str| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory = of("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse::<f64>().unwrap_or_default();
    format!("{}, {cores} cores, {:.0} GiB", of("/proc/cpuinfo", "model name"), memory / 1_048_576.0)
}
