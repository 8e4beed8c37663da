//! Programs that the adapters run: with an environment of their own, bounded in time, ended with all that they started
//! when nobody waits for them any more, and never heard with a secret in what they say.

use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use chassis::config::{Env, Secret};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::ports::Log;

/// What programs find of this process's own environment: where things are and how the network is reached, no setting.
const KEPT: [&str; 19] = [
    "PATH",
    "HOME",
    "TMPDIR",
    "DOCKER_HOST",
    "DOCKER_CONFIG",
    "DOCKER_CERT_PATH",
    "DOCKER_TLS_VERIFY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "GIT_SSL_CAINFO",
    "GIT_EXEC_PATH",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
];
/// Lines of a failure's output that are told.
const TOLD_LINES: usize = 20;
/// Bytes of output that are kept when all of it is wanted.
const KEPT_BYTES: usize = 16 << 20;

/// Which of a program's two outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pipe {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// How a program ended and what it said.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    /// Whether it ended with code 0.
    pub(crate) success: bool,
    /// Its standard output.
    pub(crate) out: String,
    /// Its standard error.
    pub(crate) err: String,
}

impl Said {
    /// The last lines of both, standard error last: that is where reasons are.
    pub(crate) fn last_words(&self) -> String {
        last_lines(&format!("{}\n{}", self.out.trim_end(), self.err.trim_end()), TOLD_LINES)
    }
}

/// The last lines of a text.
pub(crate) fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// Of the last lines of a program that failed, those that say why: of lines that it logs for machines only the errors, in
/// words.
fn reasons(lines: &[String]) -> String {
    let mut why = Vec::new();
    for line in lines {
        match serde_json::from_str::<serde_json::Value>(line) {
            Ok(logged) if logged.is_object() => {
                let message = logged["message"].as_str().filter(|_| logged["level"] == "ERROR");
                let error = logged["error"].as_str().map(|error| format!(": {error}")).unwrap_or_default();
                why.extend(message.map(|message| format!("{message}{error}")));
            }
            _ => why.push(line.clone()),
        }
    }
    if why.is_empty() { lines.join("\n") } else { why.join("\n") }
}

/// Runs programs. Clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Programs {
    environment: Vec<(String, String)>,
    secrets: Arc<[Secret<String>]>,
}

impl Programs {
    /// Programs find the harmless part of `env`; none of `secrets` is ever told.
    pub(crate) fn new(env: &Env, secrets: Vec<Secret<String>>) -> Self {
        let kept = KEPT.iter().filter_map(|name| Some(((*name).to_owned(), env.get(name)?.to_owned())));
        Self { environment: kept.collect(), secrets: secrets.into() }
    }

    /// The same with one more variable.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// A program with the environment, and nothing on its standard input.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.environment.iter().map(|(name, value)| (name, value))).stdin(Stdio::null());
        command
    }

    /// A text without the secrets.
    pub(crate) fn redacted(&self, text: &str) -> String {
        let secrets = self.secrets.iter().map(Secret::expose).filter(|secret| !secret.is_empty());
        secrets.fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "[redacted]"))
    }

    /// Runs it to its end; its failure is no error.
    pub(crate) async fn said(&self, command: Command, within: Duration) -> anyhow::Result<Said> {
        self.said_to(command, None, within).await
    }

    /// [`Self::said`], with something on its standard input.
    pub(crate) async fn said_to(
        &self,
        command: Command,
        input: Option<&[u8]>,
        within: Duration,
    ) -> anyhow::Result<Said> {
        let (mut out, mut err) = (String::new(), String::new());
        let status = self
            .lines(command, input, within, &mut |pipe, line| {
                let text = if pipe == Pipe::Out { &mut out } else { &mut err };
                if text.len() < KEPT_BYTES {
                    text.push_str(line);
                    text.push('\n');
                }
            })
            .await?;
        Ok(Said { success: status.success(), out, err })
    }

    /// Runs what has to succeed; gives its standard output.
    pub(crate) async fn output(&self, command: Command, within: Duration) -> anyhow::Result<String> {
        let shown = self.shown(&command);
        let said = self.said(command, within).await?;
        if !said.success {
            bail!("`{shown}` failed: {}", said.last_words());
        }
        Ok(said.out)
    }

    /// [`Self::output`] as it is, secrets and all: what is read to be used and never told. A failure is told without them.
    pub(crate) async fn read(&self, command: Command, within: Duration) -> anyhow::Result<String> {
        let plain = Self { secrets: Arc::default(), ..self.clone() };
        let read = plain.output(command, within).await;
        read.map_err(|cause| anyhow::anyhow!("{}", self.redacted(&format!("{cause:#}"))))
    }

    /// Runs what has to succeed and tells its lines as they come.
    pub(crate) async fn told(&self, command: Command, within: Duration, log: &dyn Log) -> anyhow::Result<()> {
        let shown = self.shown(&command);
        let mut last = std::collections::VecDeque::new();
        let status = self
            .lines(command, None, within, &mut |_, line| {
                let line = plain(line);
                if line.trim().is_empty() {
                    return;
                }
                log.line(&line);
                last.push_back(line);
                if last.len() > TOLD_LINES {
                    last.pop_front();
                }
            })
            .await?;
        if !status.success() {
            bail!("`{shown}` failed: {}", reasons(&Vec::from(last)));
        }
        Ok(())
    }

    /// Runs it and hands over each line, without its end and without secrets, as it comes.
    pub(crate) async fn lines(
        &self,
        mut command: Command,
        input: Option<&[u8]>,
        within: Duration,
        each: &mut (dyn FnMut(Pipe, &str) + Send),
    ) -> anyhow::Result<ExitStatus> {
        let shown = self.shown(&command);
        if input.is_some() {
            command.stdin(Stdio::piped());
        }
        // A group of its own: what a program starts ends with it.
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0).kill_on_drop(true);
        let mut child = command.spawn().with_context(|| format!("run `{shown}`"))?;
        let group = Group::of(&child);
        let (stdin, out, err) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let work = async {
            let write = async {
                if let (Some(mut stdin), Some(input)) = (stdin, input) {
                    // Who ends early says so by its code.
                    let _ = stdin.write_all(input).await;
                }
            };
            let each = std::sync::Mutex::new(each);
            let tell = |pipe, line: &str| {
                let line = self.redacted(line);
                (each.lock().unwrap_or_else(std::sync::PoisonError::into_inner))(pipe, &line);
            };
            let (out, err, ()) = tokio::join!(
                each_line(out, |line| tell(Pipe::Out, line)),
                each_line(err, |line| tell(Pipe::Err, line)),
                write
            );
            out.and(err).with_context(|| format!("read what `{shown}` says"))?;
            child.wait().await.with_context(|| format!("wait for `{shown}`"))
        };
        let status = tokio::time::timeout(within, work)
            .await
            .with_context(|| format!("`{shown}` had not ended after {} s and was ended", within.as_secs()))??;
        group.has_ended();
        Ok(status)
    }

    /// The words of a command, without secrets.
    pub(crate) fn shown(&self, command: &Command) -> String {
        const LONGEST: usize = 300;
        let command = command.as_std();
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        let shown = self.redacted(&words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" "));
        if shown.chars().count() <= LONGEST {
            return shown;
        }
        shown.chars().take(LONGEST).chain("...".chars()).collect()
    }
}

async fn each_line(pipe: Option<impl AsyncRead + Unpin>, mut tell: impl FnMut(&str)) -> std::io::Result<()> {
    let Some(pipe) = pipe else { return Ok(()) };
    let mut lines = BufReader::new(pipe).split(b'\n');
    while let Some(line) = lines.next_segment().await? {
        tell(String::from_utf8_lossy(&line).trim_end_matches('\r'));
    }
    Ok(())
}

/// A line as a file keeps it: what was written over is gone, and so is colour.
fn plain(line: &str) -> String {
    let line = line.rsplit('\r').next().unwrap_or_default();
    let mut text = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // An escape ends with a letter.
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else if !character.is_control() || character == '\t' {
            text.push(character);
        }
    }
    text
}

/// A program and what it started; dropped before it has ended, all of it is killed.
struct Group {
    leader: Option<Pid>,
}

impl Group {
    fn of(child: &Child) -> Self {
        Self { leader: child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)) }
    }

    fn has_ended(mut self) {
        self.leader = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.leader {
            // It may have ended by itself just now.
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs() -> Programs {
        let env = Env::from_process().with("SECRET_KEY", "do not tell");
        Programs::new(&env, vec![Secret::new("hunter2".to_owned())])
    }

    fn shell(programs: &Programs, script: &str) -> Command {
        let mut command = programs.command("sh");
        command.args(["-c", script]);
        command
    }

    #[tokio::test]
    async fn a_failure_tells_its_last_words_and_no_secret() {
        let programs = programs();
        let script = "echo first; echo the password is hunter2 >&2; exit 3";
        let error = programs.output(shell(&programs, script), Duration::from_secs(10)).await.unwrap_err().to_string();
        assert!(error.contains("first") && error.contains("the password is [redacted]"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[tokio::test]
    async fn what_is_read_to_be_used_is_as_it_is_and_its_failure_tells_no_secret() {
        let programs = programs();
        let within = Duration::from_secs(10);
        let read = programs.read(shell(&programs, "echo REPOSITORY_TOKEN=hunter2"), within).await.unwrap();
        assert_eq!(read, "REPOSITORY_TOKEN=hunter2\n");
        let error = programs.read(shell(&programs, "echo hunter2 >&2; exit 3"), within).await.unwrap_err().to_string();
        assert!(error.contains("[redacted]") && !error.contains("hunter2"), "{error}");
    }

    #[test]
    fn a_reason_is_words_and_no_log() {
        let lines = |lines: &[&str]| reasons(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
        let slow = r#"{"level":"WARN","message":"slow statement","summary":"SELECT pg_advisory_lock($1)"}"#;
        let failed = r#"{"level":"ERROR","message":"cannot migrate","error":"lock timeout"}"#;
        assert_eq!(lines(&[slow, "e2i-gateway: lock timeout"]), "e2i-gateway: lock timeout");
        assert_eq!(lines(&[slow, failed]), "cannot migrate: lock timeout");
        assert_eq!(lines(&[slow]), slow);
    }

    #[tokio::test]
    async fn programs_find_no_setting_of_ours() {
        let programs = programs();
        let said = programs.output(shell(&programs, "env"), Duration::from_secs(10)).await.unwrap();
        assert!(said.contains("PATH=") && !said.contains("SECRET_KEY"), "{said}");
    }

    #[tokio::test]
    async fn what_hangs_is_ended_with_what_it_started() {
        let programs = programs();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pid");
        let script = format!("sleep 60 & echo $! > {}; wait", file.display());
        let error = programs.output(shell(&programs, &script), Duration::from_millis(500)).await.unwrap_err();
        assert!(format!("{error:#}").contains("had not ended"), "{error:#}");
        let grandchild = std::fs::read_to_string(&file).unwrap();
        let is_gone = || {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", grandchild.trim()));
            // A zombie has ended too.
            stat.map_or(true, |stat| stat.contains(") Z "))
        };
        let deadline = std::time::Instant::now() + Duration::from_secs(10);
        while !is_gone() {
            assert!(std::time::Instant::now() < deadline, "the grandchild lives on");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    #[tokio::test]
    async fn input_is_read_and_ends() {
        let programs = programs();
        let said = programs.said_to(programs.command("cat"), Some(b"one\ntwo"), Duration::from_secs(10)).await.unwrap();
        assert_eq!(said.out, "one\ntwo\n");
    }

    #[test]
    fn lines_lose_what_was_written_over_and_colour() {
        assert_eq!(plain("10 %\r50 %\r\u{1b}[32mdone\u{1b}[0m"), "done");
    }
}
