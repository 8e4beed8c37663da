//! Programs that are run to their end, and what they said.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::process::Command;

/// Lines of a failure's output that are told.
const TOLD_LINES: usize = 30;
/// How long a command may take that does not say so itself.
const WITHIN: Duration = Duration::from_mins(2);

/// How a program ended and what it said.
#[derive(Clone, Debug)]
pub struct Said {
    /// Whether it ended with code 0.
    pub success: bool,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl Said {
    /// Both together, trimmed.
    #[must_use]
    pub fn all(&self) -> String {
        format!("{}{}", self.out, self.err).trim().to_owned()
    }
}

/// Runs a program; its failure is no error.
///
/// # Errors
/// When it cannot be started or does not end in time.
pub async fn said(command: &mut Command, within: Duration) -> anyhow::Result<Said> {
    let shown = shown(command);
    let running = command.stdin(Stdio::null()).kill_on_drop(true).output();
    let output = tokio::time::timeout(within, running)
        .await
        .with_context(|| format!("`{shown}` has not ended after {} s", within.as_secs()))?
        .with_context(|| format!("run `{shown}`"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Said { success: output.status.success(), out: text(&output.stdout), err: text(&output.stderr) })
}

/// Runs a program that has to succeed; gives its standard output.
///
/// # Errors
/// When it fails, with the last lines that it said.
pub async fn run_within(command: &mut Command, within: Duration) -> anyhow::Result<String> {
    let said = said(command, within).await?;
    if said.success {
        return Ok(said.out);
    }
    bail!("`{}` failed:\n{}", shown(command), last_lines(&said.all(), TOLD_LINES))
}

/// [`run_within`] the time that a command usually takes at most.
///
/// # Errors
/// When it fails.
pub async fn run(command: &mut Command) -> anyhow::Result<String> {
    run_within(command, WITHIN).await
}

/// The last lines of a text.
#[must_use]
pub fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

fn shown(command: &Command) -> String {
    let command = command.as_std();
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Looks again and again until something is so.
///
/// # Errors
/// When it is not in time; with what was seen last.
pub async fn until<T>(
    what: &str,
    within: Duration,
    look: impl AsyncFn() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let begin = std::time::Instant::now();
    let mut last = None;
    loop {
        match look().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => {}
            Err(error) => last = Some(error),
        }
        if begin.elapsed() > within {
            let seconds = within.as_secs();
            return Err(last.map_or_else(
                || anyhow::anyhow!("{what}: not so after {seconds} s"),
                |error| error.context(format!("{what}: not so after {seconds} s")),
            ));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_failure_tells_what_was_run_and_what_it_said() {
        let error = run(Command::new("sh").args(["-c", "echo first; echo last >&2; exit 3"])).await.unwrap_err();
        let told = error.to_string();
        assert!(told.contains("sh -c") && told.contains("first") && told.contains("last"), "{told}");
    }

    #[tokio::test]
    async fn what_hangs_is_ended() {
        let error = run_within(Command::new("sleep").arg("60"), Duration::from_millis(50)).await.unwrap_err();
        assert!(error.to_string().contains("has not ended"), "{error}");
    }

    #[test]
    fn last_lines_are_the_last() {
        assert_eq!(last_lines("a\nb\nc", 2), "b\nc");
        assert_eq!(last_lines("a", 2), "a");
    }
}
