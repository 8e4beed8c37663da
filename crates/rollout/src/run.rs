//! One case after the other on one rig; what passed is remembered, so that a run that was stopped goes on where it was.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::case::{Case, Trial};
use crate::cases;
use crate::judge;
use crate::platform;
use crate::report::{Outcome, document, summary};
use crate::rig::{Rig, RigOptions, say};

/// What to try.
#[derive(Clone, Debug)]
pub struct Options {
    /// How the rig is made.
    pub rig: RigOptions,
    /// Only these cases; all when empty.
    pub names: Vec<String>,
    /// Only what CI tries.
    pub ci: bool,
    /// Whatever is drawn by lot is drawn from it.
    pub seed: u64,
    /// Try again what has passed at this commit with this seed.
    pub anew: bool,
    /// Where the page goes.
    pub report: Option<PathBuf>,
}

/// The cases that these options name.
///
/// # Errors
/// When a name is none.
pub fn chosen(options: &Options) -> anyhow::Result<Vec<&'static Case>> {
    for name in &options.names {
        if !cases::ALL.iter().any(|case| case.name == name) {
            bail!("there is no case `{name}`; rollout test --list names them");
        }
    }
    let is_chosen = |case: &&Case| {
        let named = options.names.is_empty() || options.names.iter().any(|name| name == case.name);
        named && (case.in_ci || !options.ci)
    };
    Ok(cases::ALL.iter().filter(is_chosen).collect())
}

/// Tries them; gives whether all have passed, now or before.
///
/// # Errors
/// When the rig cannot be made.
pub async fn run(options: &Options) -> anyhow::Result<bool> {
    let chosen = chosen(options)?;
    let commit = stack::run::commit(&options.rig.clone).await?;
    let memory = Memory::of(&commit, options.seed)?;
    let mut passed = if options.anew { BTreeMap::new() } else { memory.passed()? };
    passed.retain(|name, _| chosen.iter().any(|case| case.name == name));
    for name in passed.keys() {
        say(&format!("{name} has passed before at this commit with this seed; --anew tries it again"));
    }
    let begin = Instant::now();
    let open: Vec<_> = chosen.iter().filter(|case| !passed.contains_key(case.name)).collect();
    let mut failed = BTreeMap::new();
    if !open.is_empty() {
        let mut rig = Some(Rig::make(&options.rig).await?);
        say(&format!("the rig is there after {:.0} s", begin.elapsed().as_secs_f64()));
        for case in open {
            if rig.is_none() {
                say("a new rig: the one before was left in a state that proves nothing");
                rig = Some(Rig::make(&options.rig).await?);
            }
            let Some(usable) = rig.as_mut() else { bail!("there is no rig") };
            let outcome = one(usable, case, options.seed).await;
            println!("{}", outcome.line());
            if outcome.result.is_ok() {
                memory.remember(&outcome)?;
                passed.insert(case.name.to_owned(), outcome);
            } else {
                failed.insert(case.name.to_owned(), outcome);
                // What it left may be well all the same; else the next one finds a new rig.
                if judge::is_live(usable, &usable.live.commit, &usable.live.revisions).await.is_err() {
                    rig = None;
                }
            }
        }
    }
    let of = |case: &&Case| passed.get(case.name).or_else(|| failed.get(case.name)).cloned();
    let outcomes: Vec<Outcome> = chosen.iter().filter_map(of).collect();
    let reasons =
        failed.iter().filter_map(|(name, outcome)| Some((name.clone(), outcome.result.as_ref().err()?.as_str())));
    print!("{}", stack::report::failures(reasons));
    println!("{}", summary(&outcomes));
    if let Some(file) = &options.report {
        let page = document(&outcomes, &commit, &stack::run::machine(), &options.rig.plan, options.rig.patience);
        std::fs::write(file, page).with_context(|| format!("write {}", file.display()))?;
    }
    Ok(failed.is_empty())
}

async fn one(rig: &mut Rig, case: &Case, seed: u64) -> Outcome {
    say(&format!("{}: {}", case.name, case.about));
    let begin = Instant::now();
    let mut trial = Trial::begin(rig, seed);
    let result = (case.run)(&mut trial).await;
    let result = match result {
        Ok(figures) => Ok(figures.to_string()),
        Err(error) => Err(format!("{error:#}\n{}", last_words(rig).await)),
    };
    let (name, about) = (case.name.to_owned(), case.about.to_owned());
    Outcome { name, about, seconds: begin.elapsed().as_secs_f64(), result }
}

/// Of the load, of those that are not well, of the deployer.
async fn last_words(rig: &Rig) -> String {
    let account = rig.load.ledger.account();
    let mut text = format!("{} of {} requests failed\n", account.failures().count(), account.records.len());
    text.push_str(&account.told(8));
    text.push('\n');
    text.push_str(&rig.platform.last_words(&rig.server).await);
    let running = platform::running(&rig.server, "deployer").await.unwrap_or_default();
    for deployer in running {
        let said = rig.server.said(&["logs", "--tail", "400", &deployer.id]).await;
        let said = said.map(|said| said.all()).unwrap_or_default();
        let told: Vec<&str> = said.lines().filter(|line| !line.contains("\"message\":\"request\"")).collect();
        text.push_str(&told[told.len().saturating_sub(25)..].join("\n"));
    }
    text
}

/// What has passed at a commit with a seed, in a file of its own.
struct Memory(PathBuf);

impl Memory {
    fn of(commit: &str, seed: u64) -> anyhow::Result<Self> {
        let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
        let cache = std::env::var_os("XDG_CACHE_HOME").map_or_else(|| home.join(".cache"), PathBuf::from);
        let folder = cache.join("e2i/test-deploy");
        std::fs::create_dir_all(&folder).with_context(|| format!("make {}", folder.display()))?;
        Ok(Self::at(&folder, commit, seed))
    }

    fn at(folder: &Path, commit: &str, seed: u64) -> Self {
        Self(folder.join(format!("{}-{seed}.jsonl", commit.replace(' ', "-"))))
    }

    fn passed(&self) -> anyhow::Result<BTreeMap<String, Outcome>> {
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        let read = |line: &str| {
            let value: Value = serde_json::from_str(line).context("read what has passed")?;
            let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
            let seconds = value["seconds"].as_f64().unwrap_or_default();
            let outcome = Outcome { name: text("name"), about: text("about"), seconds, result: Ok(text("told")) };
            anyhow::Ok((outcome.name.clone(), outcome))
        };
        text.lines().map(read).collect()
    }

    fn remember(&self, outcome: &Outcome) -> anyhow::Result<()> {
        use std::io::Write as _;
        let told = outcome.result.as_ref().map_or("", String::as_str);
        let line = json!({"name": outcome.name, "about": outcome.about, "seconds": outcome.seconds, "told": told});
        let mut file = std::fs::File::options().create(true).append(true).open(&self.0).context("remember a case")?;
        writeln!(file, "{line}").context("remember a case")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_passed_is_remembered_by_commit_and_seed() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::at(folder.path(), "abc with changes", 1);
        assert!(memory.passed().unwrap().is_empty());
        let outcome =
            Outcome { name: "good".to_owned(), about: "x".to_owned(), seconds: 1.5, result: Ok("live".to_owned()) };
        memory.remember(&outcome).unwrap();
        assert_eq!(memory.passed().unwrap()["good"].result, Ok("live".to_owned()));
        assert!(Memory::at(folder.path(), "abc with changes", 2).passed().unwrap().is_empty());
    }

    #[test]
    fn names_are_unique_and_ci_has_what_the_issue_names() {
        let mut names: Vec<&str> = cases::ALL.iter().map(|case| case.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        let ci: Vec<&str> = cases::ALL.iter().filter(|case| case.in_ci).map(|case| case.name).collect();
        assert_eq!(ci, ["good", "never-ready", "migration-fails", "soak-unready", "reconcile-after-back", "kill-two"]);
    }
}
