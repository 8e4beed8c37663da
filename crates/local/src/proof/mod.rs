//! `make proof`: `docs/PROOF.md`, one row a claim: what was said, what came out, by which command, on which commit and
//! machine, when. Misses are rows like the others.
//!
//! - [`published`]: values from the literature, each computed anew through the whole platform, over HTTP.
//! - [`benches`]: figures that a bench printed as its last line of JSON.
//!
//! To add a row: one entry in the table of `published.rs` or `benches.rs`.

mod benches;
mod published;

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;

use crate::cli::ProofArguments;
use crate::console::say;
use crate::platform::Platform;

/// One line of the proof.
struct Row {
    claim: String,
    /// What the literature or the aim says.
    expected: String,
    /// What came out; `None` when it was not measured.
    figure: Option<String>,
    /// Whether that is as expected.
    holds: bool,
    command: &'static str,
}

/// Computes and collects all rows and writes them.
///
/// # Errors
/// When an analysis fails (a wrong value is a row, not an error) or a file cannot be read or written.
pub async fn write(program: &Path, arguments: &ProofArguments) -> anyhow::Result<()> {
    let program = program.to_str().context("the program's path is no text")?;
    let platform = Platform::for_test(program, 1, &[("RUST_LOG", "warn")]).await?;
    let published = published::rows(&platform, &arguments.testdata).await;
    platform.stop().await;
    let published = published?;
    let mut measured = Vec::new();
    for file in &arguments.bench {
        let text = std::fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
        measured.extend(benches::rows(&text).with_context(|| format!("read {}", file.display()))?);
    }
    let document = document(arguments, &published, &measured);
    std::fs::write(&arguments.out, document).with_context(|| format!("write {}", arguments.out.display()))?;
    let missed = published.iter().chain(&measured).filter(|row| !row.holds).count();
    say(&format!(
        "{} written: {} rows, {missed} of them misses",
        arguments.out.display(),
        published.len() + measured.len()
    ));
    Ok(())
}

fn document(arguments: &ProofArguments, published: &[Row], measured: &[Row]) -> String {
    let mut text = String::from(
        "# Proof\n\nWritten by `make proof`; do not edit. A row that does not hold is a row like the others.\n",
    );
    let parts = [
        (
            "Published values",
            "Computed through the whole platform: upload, job, child process, result over HTTP.",
            published,
        ),
        (
            "Speed and memory",
            "Machines differ twofold from day to day: where a ratio stands, the ratio counts.",
            measured,
        ),
    ];
    for (title, introduction, rows) in parts {
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "\n## {title}\n\n{introduction}\n\n| claim | published or aimed at | ours | holds | command | commit | machine | \
             date |\n|---|---|---|---|---|---|---|---|\n"
        );
        for row in rows {
            let figure = row.figure.as_deref().unwrap_or("not measured");
            let holds = if row.holds { "yes" } else { "**no**" };
            let ProofArguments { commit, machine, date, .. } = arguments;
            let _ = writeln!(
                text,
                "| {} | {} | {figure} | {holds} | `{}` | {commit} | {machine} | {date} |",
                row.claim, row.expected, row.command
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_miss_stands_in_the_document() {
        let row = |holds| Row {
            claim: "a claim".to_owned(),
            expected: "1".to_owned(),
            figure: None,
            holds,
            command: "make x",
        };
        let arguments = ProofArguments {
            commit: "abc".to_owned(),
            machine: "a machine".to_owned(),
            date: "2026-01-01".to_owned(),
            bench: Vec::new(),
            testdata: "testdata".into(),
            out: "x".into(),
        };
        let text = document(&arguments, &[row(true)], &[row(false)]);
        assert!(
            text.contains("| a claim | 1 | not measured | yes | `make x` | abc | a machine | 2026-01-01 |"),
            "{text}"
        );
        assert!(text.contains("| not measured | **no** |"), "{text}");
    }
}
