//! What came out of a run: a line for each case while it goes on, a Markdown page afterwards.

use std::fmt::Write as _;

use crate::load::Plan;

/// A case that was tried.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Which.
    pub name: String,
    /// What is so when it passes.
    pub about: String,
    /// How long it took.
    pub seconds: f64,
    /// What it measured, or why it failed.
    pub result: Result<String, String>,
}

impl Outcome {
    /// One line; of a failure, its reason below.
    #[must_use]
    pub fn line(&self) -> String {
        let (word, told) = match &self.result {
            Ok(figures) => ("ok", figures.clone()),
            Err(why) => ("FAILED", format!("{}\n{}", self.about, indented(why))),
        };
        format!("{word:<6} {:<22} {:>6.1} s  {told}", self.name, self.seconds).trim_end().to_owned()
    }
}

fn indented(text: &str) -> String {
    text.trim_end().lines().map(|line| format!("         {line}")).collect::<Vec<_>>().join("\n")
}

/// The whole run, in one line.
#[must_use]
pub fn summary(outcomes: &[Outcome]) -> String {
    let failed = outcomes.iter().filter(|outcome| outcome.result.is_err()).count();
    let seconds: f64 = outcomes.iter().map(|outcome| outcome.seconds).sum();
    format!("{} cases, {failed} of them failed, {:.1} minutes", outcomes.len(), seconds / 60.0)
}

/// A Markdown page.
#[must_use]
pub fn document(outcomes: &[Outcome], commit: &str, machine: &str, plan: &Plan, patience: f64) -> String {
    let Plan { per_second, streams, seed } = plan;
    let busy = "The machine did other things meanwhile: limits on seconds were stretched";
    let patience = if patience > 1.0 { format!("{busy} by {patience}.\n\n") } else { String::new() };
    let mut text = format!(
        "# Releases, proved\n\nWritten by `make test-deploy`; do not edit. Commit {commit}, {machine}, seed {seed}: {}.\n\n\
         Each under {per_second} requests a second by clients that never try again (a quarter on connections of their\n\
         own), and {streams} open streams of events. \"0 failed\" counts every one of them; jobs are looked for in Postgres.\n\n{patience}\
         | case | what is so | | s | measured |\n|---|---|---|---|---|\n",
        summary(outcomes)
    );
    for Outcome { name, about, seconds, result } in outcomes {
        let (word, told) = match result {
            Ok(figures) => ("ok", figures.clone()),
            Err(why) => ("**failed**", why.lines().next().unwrap_or_default().to_owned()),
        };
        let told = told.replace('|', "\\|").replace('\n', " ");
        // Writing to a string does not fail.
        let _ = writeln!(text, "| {name} | {about} | {word} | {seconds:.0} | {told} |");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_page_tell_what_came_out() {
        let (name, about) = ("good".to_owned(), "it goes live".to_owned());
        let failed = Outcome { name, about, seconds: 1.25, result: Err("no | answer\nmore".to_owned()) };
        assert!(failed.line().starts_with("FAILED good"), "{}", failed.line());
        assert!(failed.line().contains("it goes live\n         no | answer"), "{}", failed.line());
        let page = document(&[failed], "abc", "a machine", &Plan { per_second: 9, streams: 2, seed: 7 }, 1.0);
        assert!(page.contains("| good | it goes live | **failed** | 1 | no \\| answer |"), "{page}");
        assert!(page.contains("under 9 requests a second") && page.contains("2 open streams"), "{page}");
        assert!(page.contains("seed 7: 1 cases, 1 of them failed"), "{page}");
    }
}
