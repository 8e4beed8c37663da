//! Starts one service process under a guardian and carries its lines to whoever listens.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail};
use servers::{Command, Guardian, State};

use crate::home::Home;

/// Gets every line a service prints: the service's name, the line.
pub type Sink = Arc<dyn Fn(&str, &str) + Send + Sync>;

/// How many lines are kept to explain a failure.
const KEPT_LINES: usize = 30;

/// What to run.
#[derive(Clone)]
pub struct Plan {
    /// For people, and for the file that holds the process id.
    pub name: String,
    /// Of the `e2i` program.
    pub arguments: Vec<String>,
    /// All variables it gets.
    pub environment: Vec<(String, String)>,
    /// How long it may take to end in order.
    pub grace: Duration,
}

/// The last lines of a service.
#[derive(Clone, Default)]
pub struct Tail {
    lines: Arc<Mutex<VecDeque<String>>>,
}

impl Tail {
    fn push(&self, line: String) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == KEPT_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// The lines as one text.
    #[must_use]
    pub fn text(&self) -> String {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}

/// Starts services of one platform.
pub struct Launcher {
    program: PathBuf,
    home: Arc<Home>,
    sink: Sink,
}

impl Launcher {
    /// Runs `program` (an `e2i`) in `home`.
    ///
    /// # Errors
    /// When the program cannot be linked or copied into the home.
    pub fn new(program: &Path, home: Arc<Home>, sink: Sink) -> anyhow::Result<Self> {
        let program = home.keep_program(program)?;
        Ok(Self { program, home, sink })
    }

    /// Says a line in the name of a service.
    pub fn say(&self, name: &str, line: &str) {
        (self.sink)(name, line);
    }

    /// Starts one run and notes its process id. Blocks for a moment.
    ///
    /// # Errors
    /// When no process can be started.
    pub fn launch(&self, plan: &Plan, tail: &Tail) -> anyhow::Result<Guardian> {
        let pid_file = self.home.path().join("run").join(format!("{}.pid", plan.name));
        let (reader, writer) = std::io::pipe().context("make a pipe for the service's lines")?;
        let command = Command {
            program: self.program.clone(),
            arguments: plan.arguments.iter().map(Into::into).collect(),
            folder: self.home.path().to_path_buf(),
            environment: plan.environment.clone(),
            stop_signal: "TERM",
            last_signal: "KILL",
            grace: plan.grace,
        };
        let output = Stdio::from(writer);
        let guardian = Guardian::start(&command, self.home.account(), output, self.home.to_remove())?;
        self.carry_lines(reader, &plan.name, tail)?;
        if let Some(pid) = wait_for_pid(&guardian) {
            std::fs::write(&pid_file, pid.to_string()).with_context(|| format!("write {}", pid_file.display()))?;
        }
        Ok(guardian)
    }

    /// Runs `plan` to its end.
    ///
    /// # Errors
    /// When it ends with another code than 0: with its last lines.
    pub fn run_to_end(&self, plan: &Plan) -> anyhow::Result<()> {
        let tail = Tail::default();
        let guardian = self.launch(plan, &tail)?;
        while !guardian.state().ended {
            std::thread::sleep(Duration::from_millis(5));
        }
        let code = guardian.state().code;
        guardian.stop();
        if code != Some(0) {
            bail!("`{}` {}. It said:\n{}", plan.arguments.join(" "), ended(code), tail.text());
        }
        Ok(())
    }

    fn carry_lines(&self, reader: std::io::PipeReader, name: &str, tail: &Tail) -> anyhow::Result<()> {
        let (sink, name, tail) = (Arc::clone(&self.sink), name.to_owned(), tail.clone());
        let carry = move || {
            // Ends with the last process that holds the other end.
            for line in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                sink(&name, &line);
                tail.push(line);
            }
        };
        std::thread::Builder::new().name("service-lines".to_owned()).spawn(carry).context("start a thread")?;
        Ok(())
    }
}

/// How a program ended, in words.
pub(super) fn ended(code: Option<i32>) -> String {
    match code {
        Some(code @ 129..) => format!("was ended by signal {}", code - 128),
        Some(code) => format!("ended with code {code}"),
        None => "ended".to_owned(),
    }
}

fn wait_for_pid(guardian: &Guardian) -> Option<i32> {
    loop {
        let State { pid, ended, .. } = guardian.state();
        if ended || pid.is_some() {
            return pid.filter(|_| !ended);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}
