//! What came out of a run: a line for each case while it goes on, a Markdown page afterwards.

use std::fmt::Write as _;

use crate::case::Tier;

/// A case that was tried.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Where.
    pub tier: Tier,
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
        format!("{word:<6} {:<24} {:>6.1} s  {told}", self.case(), self.seconds).trim_end().to_owned()
    }

    fn case(&self) -> String {
        format!("{}/{}", self.tier, self.name)
    }

    /// Its name and the reason, if it failed.
    #[must_use]
    pub fn failure(&self) -> Option<(String, &str)> {
        Some((self.case(), self.result.as_ref().err()?))
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

/// What failed, by name and reason, once more and without the services' logs: for where only the end of the output is
/// kept.
pub fn failures<'a>(failed: impl IntoIterator<Item = (String, &'a str)>) -> String {
    const LINES: usize = 6;
    let mut text = String::new();
    for (name, why) in failed {
        let why = why.lines().take(LINES).collect::<Vec<_>>().join("\n");
        // Writing to a string does not fail.
        let _ = writeln!(text, "FAILED {name}\n{}", indented(&why));
    }
    text
}

/// A Markdown page.
#[must_use]
pub fn document(outcomes: &[Outcome], commit: &str, machine: &str) -> String {
    let mut text = format!(
        "# The stack, tested from outside\n\nWritten by `make test-stack`; do not edit. Commit {commit}, {machine}: {}.\n\n\
         | tier | case | what is so | | s | measured |\n|---|---|---|---|---|---|\n",
        summary(outcomes)
    );
    for Outcome { tier, name, about, seconds, result } in outcomes {
        let (word, told) = match result {
            Ok(figures) => ("ok", figures.clone()),
            Err(why) => ("**failed**", why.lines().next().unwrap_or_default().to_owned()),
        };
        let told = told.replace('|', "\\|");
        // Writing to a string does not fail.
        let _ = writeln!(text, "| {tier} | {name} | {about} | {word} | {seconds:.1} | {told} |");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(result: Result<String, String>) -> Outcome {
        let (name, about) = ("main-way".to_owned(), "an effect comes out".to_owned());
        Outcome { tier: Tier::Base, name, about, seconds: 1.25, result }
    }

    #[test]
    fn a_failure_says_what_should_have_been_and_why_it_is_not() {
        let line = outcome(Err("no answer\nfrom nginx".to_owned())).line();
        assert!(line.starts_with("FAILED base/main-way"), "{line}");
        assert!(line.contains("an effect comes out") && line.contains("         from nginx"), "{line}");
    }

    #[test]
    fn what_failed_is_told_again_without_what_passed() {
        let long = "a line\n".repeat(40);
        let outcomes = [outcome(Ok("up 12.0 s".to_owned())), outcome(Err(long))];
        let text = failures(outcomes.iter().filter_map(Outcome::failure));
        assert!(text.starts_with("FAILED base/main-way\n         a line\n"), "{text}");
        assert_eq!(text.lines().count(), 7, "{text}");
    }

    #[test]
    fn the_page_has_a_row_for_each_case() {
        let outcomes = [outcome(Ok("up 12.0 s".to_owned())), outcome(Err("a | b\nmore".to_owned()))];
        let page = document(&outcomes, "abc", "a machine");
        assert!(page.contains("| base | main-way | an effect comes out | ok | 1.2 | up 12.0 s |"), "{page}");
        assert!(page.contains("**failed** | 1.2 | a \\| b |"), "{page}");
        assert!(page.contains("2 cases, 1 of them failed"), "{page}");
    }
}
