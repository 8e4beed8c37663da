//! What came out: a line for each case while it goes on, a Markdown page afterwards.

use std::fmt::Write as _;

use super::trial::{Detected, Row};

/// A case that was tried.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Which.
    pub name: String,
    /// What is so when it passes.
    pub about: String,
    /// How long it took.
    pub seconds: f64,
    /// What it found, or why it failed.
    pub result: Result<Row, String>,
}

impl Outcome {
    /// One line; of a failure, its reason below.
    #[must_use]
    pub fn line(&self) -> String {
        let (word, told) = match &self.result {
            Ok(row) => ("ok", told(row)),
            Err(why) => {
                let why = why.trim_end().lines().map(|line| format!("         {line}")).collect::<Vec<_>>();
                ("FAILED", format!("{}\n{}", self.about, why.join("\n")))
            }
        };
        format!("{word:<6} {:<22} {:>6.1} s  {told}", self.name, self.seconds).trim_end().to_owned()
    }
}

fn told(row: &Row) -> String {
    let detected = row
        .detected
        .iter()
        .map(|one| format!("{} seen after {:.1} s, told after {:.1} s", one.part, one.seen_s, one.told_s));
    let mut told: Vec<String> = detected.collect();
    told.push(format!("{} raised, {} resolved", row.raised, row.resolved));
    if !row.suppressed.is_empty() {
        told.push(format!("nothing of {}", suppressed(row)));
    }
    told.extend(row.notes.iter().cloned());
    told.join("; ")
}

fn suppressed(row: &Row) -> String {
    row.suppressed.iter().cloned().collect::<Vec<_>>().join(", ")
}

/// The whole run, in one line.
#[must_use]
pub fn summary(outcomes: &[Outcome]) -> String {
    let failed = outcomes.iter().filter(|outcome| outcome.result.is_err()).count();
    let seconds: f64 = outcomes.iter().map(|outcome| outcome.seconds).sum();
    format!("{} cases, {failed} of them failed, {:.1} minutes", outcomes.len(), seconds / 60.0)
}

/// A Markdown page, of what and where.
#[derive(Clone, Debug)]
pub struct Page {
    /// The clone's commit.
    pub commit: String,
    /// The machine.
    pub machine: String,
    /// How long the cold start took to settle.
    pub settled_s: f64,
}

impl Page {
    /// Its text.
    #[must_use]
    pub fn text(&self, outcomes: &[Outcome]) -> String {
        let Self { commit, machine, settled_s } = self;
        let mut text = format!(
            "# Health, proved\n\nWritten by `make test-health`; do not edit. Commit {commit}, {machine}: {}.\n\n\
         The base tier with health at its default intervals, and a listener in Slack's place. The cold start was excused and\n\
         everything well {settled_s:.0} s after every container was healthy; no message came of it. Times count from there.\n\n\
         **Detected**: from the injury until health's answer says so, and until the alert had arrived. **Alerts** and\n\
         **resolves** are the messages that came; each named the part that was hurt, and nothing else came. **Suppressed**:\n\
         what failed because of it, of which nothing was told. **Well**: from healed until everything was, 5 s of listening\n\
         for anything more included.\n\n\
         | case | injured at | detected after | told after | alerts | resolves | suppressed | well after |\n\
         |---|---|---|---|---|---|---|---|\n",
            summary(outcomes)
        );
        for Outcome { name, result, .. } in outcomes {
            // Writing to a string does not fail.
            let _ = match result {
                Ok(row) => writeln!(text, "| {name} | {} |", cells(row)),
                Err(why) => {
                    let why = why.lines().next().unwrap_or_default().replace('|', "\\|");
                    writeln!(text, "| {name} | **failed**: {why} | | | | | | |")
                }
            };
        }
        text.push_str("\n## What else was seen\n\n");
        for Outcome { name, about, result, .. } in outcomes {
            let notes = result.as_ref().map(|row| row.notes.join("; ")).unwrap_or_default();
            if !notes.is_empty() {
                let _ = writeln!(text, "* **{name}** ({about}): {notes}.");
            }
        }
        text
    }
}

fn cells(row: &Row) -> String {
    let each = |figure: fn(&Detected) -> f64| {
        let many = row.detected.len() > 1;
        let one = |one: &Detected| {
            let part = if many { format!("{} ", one.part) } else { String::new() };
            format!("{part}{:.1} s", figure(one))
        };
        row.detected.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let at = row.injured_at_s;
    format!(
        "{:.0}:{:02.0} | {} | {} | {} | {} | {} | {:.0} s",
        (at / 60.0).floor(),
        (at % 60.0).floor(),
        each(|one| one.seen_s),
        each(|one| one.told_s),
        row.raised,
        row.resolved,
        suppressed(row),
        row.well_after_s
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn outcome(result: Result<Row, String>) -> Outcome {
        let (name, about) = ("killed-redis".to_owned(), "one alert".to_owned());
        Outcome { name, about, seconds: 61.25, result }
    }

    fn page(outcomes: &[Outcome]) -> String {
        Page { commit: "abc".to_owned(), machine: "a machine".to_owned(), settled_s: 130.2 }.text(outcomes)
    }

    fn row() -> Row {
        Row {
            injured_at_s: 125.9,
            detected: vec![Detected { part: "redis", seen_s: 8.04, told_s: 8.31 }],
            raised: 1,
            resolved: 1,
            well_after_s: 12.4,
            suppressed: BTreeSet::from(["canary".to_owned(), "worker".to_owned()]),
            notes: vec!["p99 4 ms".to_owned()],
        }
    }

    #[test]
    fn the_page_has_a_row_for_each_case() {
        let page = page(&[outcome(Ok(row())), outcome(Err("no | alert\nmore".to_owned()))]);
        assert!(page.contains("| killed-redis | 2:05 | 8.0 s | 8.3 s | 1 | 1 | canary, worker | 12 s |"), "{page}");
        assert!(page.contains("| killed-redis | **failed**: no \\| alert | | | | | | |"), "{page}");
        assert!(page.contains("* **killed-redis** (one alert): p99 4 ms."), "{page}");
        assert!(page.contains("well 130 s after") && page.contains("2 cases, 1 of them failed"), "{page}");
    }

    #[test]
    fn a_line_tells_how_soon_and_how_often() {
        let line = outcome(Ok(row())).line();
        assert!(line.contains("redis seen after 8.0 s, told after 8.3 s; 1 raised, 1 resolved"), "{line}");
        assert!(line.contains("nothing of canary, worker; p99 4 ms"), "{line}");
        assert!(outcome(Err("no alert".to_owned())).line().starts_with("FAILED killed-redis"));
    }
}
