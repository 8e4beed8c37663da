//! Inside the child: read one request, compute, answer, end.

use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use agents::{AgentError, Input, Progress as Reporter};
use domain::job::Failure;
use domain::progress::{Progress, remaining_s};
use tables::objects::Objects;

use super::{Answer, Request, frames};

/// Progress is told at most this often.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// The child's whole life. Exit code 0 once an answer is written; anything else is a crash to the worker.
pub(crate) fn main() -> ExitCode {
    match serve_one() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("worker child: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve_one() -> io::Result<()> {
    let mut stdin = io::stdin();
    let request: Request = frames::read(&mut stdin)?;
    end_with_the_worker(stdin);
    let mut progress = Told::new(expected_s(&request));
    let answer = match compute(request, &mut progress) {
        Ok(result) => Answer::Result(result),
        Err(error) => Answer::Failure(Failure::from(error)),
    };
    frames::write(&mut io::stdout().lock(), &answer)
}

fn compute(request: Request, progress: &mut Told) -> Result<serde_json::Value, AgentError> {
    let objects = Objects::open_with(&request.object_store_url, &request.object_store_options)
        .map_err(|error| AgentError::Unavailable(format!("the object store cannot be opened: {error}")))?;
    let input = Input { table: request.table, objects, output_key: request.output_key };
    agents::run(&request.agent, request.parameters, &input, progress)
}

/// Seconds that the agent is expected to take, where it can tell.
fn expected_s(request: &Request) -> Option<f64> {
    let agent = domain::agents::find(&request.agent)?;
    let schema = request.table.as_ref().map(|table| &table.schema);
    Some((agent.expected)(&request.parameters, schema)?.seconds)
}

/// Stdin closes when the worker ends, however it ends: so does this process.
fn end_with_the_worker(mut stdin: io::Stdin) {
    std::thread::spawn(move || {
        // Nothing more is ever sent: this returns at the end of the stream.
        let _ = io::copy(&mut stdin, &mut io::sink());
        std::process::exit(0);
    });
}

struct Told {
    fraction: f64,
    last: Option<Instant>,
    begin: Instant,
    expected_s: Option<f64>,
}

impl Told {
    fn new(expected_s: Option<f64>) -> Self {
        Self { fraction: 0.0, last: None, begin: Instant::now(), expected_s }
    }
}

impl Reporter for Told {
    fn report(&mut self, fraction: f64, step: &str) {
        self.fraction = self.fraction.max(fraction.clamp(0.0, 1.0));
        if self.last.is_some_and(|last| last.elapsed() < PROGRESS_INTERVAL) {
            return;
        }
        self.last = Some(Instant::now());
        let remaining_s = remaining_s(self.expected_s, self.begin.elapsed().as_secs_f64(), self.fraction);
        let progress = Answer::Progress(Progress { fraction: self.fraction, step: step.to_owned(), remaining_s });
        // A worker that does not read any more is gone; the other thread ends this process.
        let _ = frames::write(&mut io::stdout().lock(), &progress);
    }
}
