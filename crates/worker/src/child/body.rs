//! Inside the child: read a request, compute, answer, until the worker is gone.

use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use agents::{AgentError, Input, Progress as Reporter};
use domain::job::Failure;
use domain::progress::{Progress, remaining_s};
use rustix::event::{PollFd, PollFlags, poll};
use tables::objects::{self, ObjectError, Objects};

use super::{Answer, Outcome, Request, frames, memory};

/// Progress is told at most this often.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// The child's whole life. Exit code 0 once the worker is gone; anything else is a crash to the worker.
pub(crate) fn main() -> ExitCode {
    let outcome = end_with_the_worker().and_then(|()| {
        let (mut stdin, mut shelf) = (io::stdin().lock(), Shelf::default());
        loop {
            serve(frames::read(&mut stdin)?, &mut shelf)?;
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // The worker closed the pipe: it needs this child no more.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("worker child: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Stdin closes when the worker ends, however it ends and whatever is being computed: so does this process.
fn end_with_the_worker() -> io::Result<()> {
    std::thread::Builder::new().name("worker-gone".to_owned()).spawn(|| {
        let stdin = io::stdin();
        // Nothing but the other end's closing is asked for; that is told unasked.
        let mut pipe = [PollFd::new(&stdin, PollFlags::empty())];
        while poll(&mut pipe, None).is_err() {}
        std::process::exit(0);
    })?;
    Ok(())
}

fn serve(request: Request, shelf: &mut Shelf) -> io::Result<()> {
    memory::begin(request.memory_limit_bytes);
    let mut progress = Told::new(request.expected_s.or_else(|| expected_s(&request)));
    let outcome = match compute(request, shelf, &mut progress) {
        Ok(result) => Outcome::Result(result),
        Err(error) => Outcome::Failure(Failure::from(error)),
    };
    let peak_bytes = memory::end();
    frames::write(&mut io::stdout().lock(), &Answer::Done { outcome, peak_bytes })
}

fn compute(request: Request, shelf: &mut Shelf, progress: &mut Told) -> Result<serde_json::Value, AgentError> {
    let objects = shelf
        .objects(&request.object_store_url, &request.object_store_options)
        .map_err(|error| AgentError::Unavailable(format!("the object store cannot be opened: {error}")))?;
    let input = Input { table: request.table, objects, output_key: request.output_key };
    agents::run(&request.agent, request.parameters, &input, progress)
}

/// What stays from job to job.
#[derive(Default)]
struct Shelf {
    objects: Option<(String, objects::Options, Objects)>,
}

impl Shelf {
    /// The object store at that place, opened once.
    fn objects(&mut self, url: &str, options: &objects::Options) -> Result<Objects, ObjectError> {
        if let Some((at, with, objects)) = &self.objects
            && at == url
            && with == options
        {
            return Ok(objects.clone());
        }
        let objects = Objects::open_with(url, options)?;
        self.objects = Some((url.to_owned(), options.clone(), objects.clone()));
        Ok(objects)
    }
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
