//! Inside the child: read a request, compute, answer, until the worker is gone.

use std::io;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use agents::{AgentError, Input, Progress as Reporter};
use domain::job::Failure;
use domain::progress::{Progress, remaining_s};
use tables::objects::Objects;

use super::{Answer, Outcome, Request, frames, memory};

/// Progress is told at most this often.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// The child's whole life. Exit code 0 once the worker is gone; anything else is a crash to the worker.
pub(crate) fn main() -> ExitCode {
    let requests = match requests() {
        Ok(requests) => requests,
        Err(error) => return told(&error),
    };
    for request in requests {
        if let Err(error) = serve(request) {
            return told(&error);
        }
    }
    ExitCode::SUCCESS
}

fn told(error: &io::Error) -> ExitCode {
    eprintln!("worker child: {error}");
    ExitCode::FAILURE
}

/// Requests as they come, from a thread of its own that ends this process when the worker ends, however that ends and
/// whatever is being computed: stdin closes then.
fn requests() -> io::Result<Receiver<Request>> {
    let (sender, receiver) = sync_channel(0);
    std::thread::Builder::new().name("requests".to_owned()).spawn(move || {
        let mut stdin = io::stdin();
        // The other end is gone only together with this process.
        while let Ok(request) = frames::read(&mut stdin)
            && sender.send(request).is_ok()
        {}
        std::process::exit(0);
    })?;
    Ok(receiver)
}

fn serve(request: Request) -> io::Result<()> {
    memory::begin(request.memory_limit_bytes);
    let mut progress = Told::new(request.expected_s.or_else(|| expected_s(&request)));
    let outcome = match compute(request, &mut progress) {
        Ok(result) => Outcome::Result(result),
        Err(error) => Outcome::Failure(Failure::from(error)),
    };
    let peak_bytes = memory::end();
    frames::write(&mut io::stdout().lock(), &Answer::Done { outcome, peak_bytes })
}

fn compute(request: Request, progress: &mut Told) -> Result<serde_json::Value, AgentError> {
    let objects = Objects::open_with(&request.object_store_url, &request.object_store_options)
        .map_err(|error| AgentError::Unavailable(format!("the object store cannot be opened: {error}")))?;
    let input = Input { table: request.table, objects, output_key: request.output_key };
    agents::run(&request.agent, request.parameters, &input, progress)
}

/// Seconds that the agent itself is expected to take, where it can tell.
fn expected_s(request: &Request) -> Option<f64> {
    let agent = domain::agents::find(&request.agent)?;
    let schema = request.table.as_ref().map(|table| &table.schema);
    Some((agent.expected)(&request.parameters, schema)?.seconds)
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
