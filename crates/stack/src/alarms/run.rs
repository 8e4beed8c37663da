//! One case after the other, on one platform.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};

use super::cases::{Case, all};
use super::report::{Outcome, Page, summary};
use super::room::Room;
use crate::report::failures;
use crate::run::{commit, machine};
use crate::site::Site;

/// What to try.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The clone.
    pub clone: PathBuf,
    /// Only what these words mean; all when empty.
    pub words: Vec<String>,
    /// Leave up what was brought up.
    pub keep: bool,
    /// Where the page goes.
    pub report: Option<PathBuf>,
}

/// The cases that these words mean.
///
/// # Errors
/// When a word means none.
pub fn chosen(words: &[String]) -> anyhow::Result<Vec<Case>> {
    let all = all();
    for word in words {
        if !all.iter().any(|case| case.is_meant(word)) {
            bail!("no case is meant by `{word}`; stack alarms --list names them");
        }
    }
    Ok(all.into_iter().filter(|case| words.is_empty() || words.iter().any(|word| case.is_meant(word))).collect())
}

/// Tries the cases; gives whether all passed.
///
/// # Errors
/// When the platform cannot be brought up, or the page cannot be written.
pub async fn run(options: &Options) -> anyhow::Result<bool> {
    let chosen = chosen(&options.words)?;
    let site = Site::copy(&options.clone, options.keep).await?;
    println!("in {}, names begin with {}", site.folder().display(), site.image_prefix());
    let room = Room::make(&site, options.keep).await?;
    let outcomes = attempt_all(&room, &site, &chosen, options.report.as_deref()).await?;
    print!("{}", failures(failed(&outcomes)));
    println!("{}", summary(&outcomes));
    Ok(outcomes.iter().all(|outcome| outcome.result.is_ok()))
}

/// Tries them one after the other. The page, if one is asked for, is written anew after each: whoever stops a run after half an
/// hour has that of what was tried until then.
///
/// # Errors
/// When the page cannot be written.
pub async fn attempt_all(
    room: &Room,
    site: &Site,
    cases: &[Case],
    report: Option<&Path>,
) -> anyhow::Result<Vec<Outcome>> {
    let page = Page { commit: commit(site.clone_folder()).await?, machine: machine(), settled_s: room.settled_s };
    let mut outcomes = Vec::new();
    for case in cases {
        outcomes.push(attempt(room, site, case).await);
        if let Some(file) = report {
            std::fs::write(file, page.text(&outcomes)).with_context(|| format!("write {}", file.display()))?;
        }
    }
    Ok(outcomes)
}

/// Names and reasons of those that failed.
pub fn failed(outcomes: &[Outcome]) -> impl Iterator<Item = (String, &str)> {
    outcomes.iter().filter_map(|outcome| Some((outcome.name.clone(), outcome.result.as_ref().err()?.as_str())))
}

async fn attempt(room: &Room, site: &Site, case: &Case) -> Outcome {
    let begin = Instant::now();
    let result = match case.attempt(room, site).await {
        Ok(row) => Ok(row),
        Err(error) => Err(format!("{error:#}\n{}", room.project.last_words().await)),
    };
    let (name, about) = (case.name.clone(), case.about.clone());
    let outcome = Outcome { name, about, seconds: begin.elapsed().as_secs_f64(), result };
    println!("{}", outcome.line());
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_choose_and_a_wrong_one_is_said() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(chosen(&[]).unwrap().len(), all().len());
        assert_eq!(chosen(&words(&["killed-redis", "flood"])).unwrap().len(), 2);
        assert!(chosen(&words(&["redes"])).unwrap_err().to_string().contains("`redes`"));
    }
}
