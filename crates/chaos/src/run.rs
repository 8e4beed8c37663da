//! One run, from empty servers to a verdict.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use chassis::entropy::{SharedEntropy, SystemEntropy};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::backends::Backends;
use crate::checker::{self, Asked, Observed, Step};
use crate::fleet::{Fleet, FleetOptions};
use crate::guards::{Guard, Removal};
use crate::history;
use crate::nemesis::Nemesis;
use crate::plan::{Fault, Plan, Selection, Size};
use crate::report::Report;
use crate::workload::{self, Api};

/// The finest look at whether anything still moves.
const LOOK: Duration = Duration::from_millis(500);

/// What to run.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// This program, which is every service as well.
    pub program: PathBuf,
    /// The table that is analysed.
    pub table: PathBuf,
    /// What the plan is drawn from.
    pub seed: u64,
    /// How much.
    pub size: Size,
    /// Rounds of faults at least; they go on while jobs are submitted.
    pub rounds: usize,
    /// Of the faults, those for which this is true; all otherwise.
    pub only: Option<fn(&Fault) -> bool>,
    /// A guard to take out.
    pub without: Option<Guard>,
    /// How long nothing may move before what has not ended counts as lost. The platform itself looks for entries that Redis
    /// lost after 75 s.
    pub stalled_after: Duration,
}

/// Runs, and tells `say` what goes on.
///
/// # Errors
/// When the run itself could not be done; what it found is in the report.
pub async fn run(options: &RunOptions, say: &(dyn Fn(&str) + Sync)) -> anyhow::Result<Report> {
    let begin = Instant::now();
    let logs = tempfile::Builder::new().prefix("e2i-chaos-").tempdir().context("make a folder for logs")?;
    let entropy: SharedEntropy = Arc::new(SystemEntropy);
    let removal = options.without.map(|guard| Arc::new(Removal::of(guard)));
    let backends = Backends::start(&entropy).await?;
    let clock_library = clock_library();
    if clock_library.is_none() {
        say("no libfaketime here (Debian package `faketime`): clocks do not jump in this run");
    }
    let fleet_options = FleetOptions {
        program: &options.program,
        logs: logs.path(),
        gateways: options.size.gateways,
        workers: options.size.workers,
        places: options.size.places,
        removal: removal.clone(),
        clock_library,
    };
    let outcome = async {
        let fleet = Fleet::start(&fleet_options, &backends, &entropy).await?;
        let observed = observe(options, &fleet, &backends, logs.path(), say).await;
        fleet.stop().await;
        observed
    }
    .await;
    let kept = |logs: tempfile::TempDir| format!("logs are in {}", logs.keep().display());
    let (observed, faults) = match outcome {
        Ok(observed) => observed,
        Err(error) => return Err(error.context(kept(logs))),
    };
    if let Some(removal) = &removal {
        say(&format!("the guard {:?} was taken out of {} prepared statements", options.without, removal.proven()?));
    }
    let verdict = checker::check(&observed);
    let report = Report {
        seed: options.seed,
        without: options.without,
        jobs: observed.asked.len(),
        fenced_writes: history::fenced_writes(&backends.postgres).await?,
        faults,
        seconds: begin.elapsed().as_secs_f64(),
        verdict,
    };
    if !report.verdict.is_clean() {
        tell_offenders(&report, &observed, say);
        say(&kept(logs));
    }
    Ok(report)
}

/// Plays the plan; gives what can be known afterwards, and how many faults there were.
async fn observe(
    options: &RunOptions,
    fleet: &Fleet,
    backends: &Backends,
    logs: &Path,
    say: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<(Observed, usize)> {
    let selection = match options.without {
        None => Selection::All,
        Some(Guard::Claim) => Selection::DoubledEntries,
        Some(Guard::Fence) => Selection::Zombies,
    };
    let mut plan = Plan::draw(options.seed, &options.size, selection);
    if let Some(only) = options.only {
        plan.rounds.iter_mut().for_each(|round| round.retain(|act| only(&act.fault)));
    }
    history::install(&backends.postgres).await?;
    let api = Api::open(fleet, &options.table).await?;
    let expected = api.expected().await.context("the run without faults")?;
    say(&format!("seed {}: {} jobs, {} clients", options.seed, options.size.jobs, plan.clients.len()));
    let mut clients = JoinSet::new();
    for (number, turns) in plan.clients.iter().enumerate() {
        clients.spawn(workload::client(Arc::clone(&api), number, turns.clone()));
    }
    let submitting = AtomicBool::new(true);
    let nemesis = Nemesis { fleet, backends, scratch: logs.to_path_buf() };
    let (asked, faults) = tokio::join!(
        async {
            let asked = gather(clients).await;
            submitting.store(false, Ordering::Relaxed);
            asked
        },
        spoil(&nemesis, &plan, options.rounds, &submitting, say),
    );
    let (asked, faults) = (asked?, faults?);
    say("calm: waiting until every job has ended");
    calm(fleet, backends, options.stalled_after, say).await?;
    let steps = history::steps(&backends.postgres).await?;
    let jobs = history::jobs(&backends.postgres).await?;
    Ok((Observed { asked, steps, jobs, expected }, faults))
}

async fn gather(mut clients: JoinSet<anyhow::Result<Vec<Asked>>>) -> anyhow::Result<Vec<Asked>> {
    let mut asked = Vec::new();
    while let Some(client) = clients.join_next().await {
        asked.extend(client.context("a client ended early")??);
    }
    Ok(asked)
}

/// One fault after another, at least so many rounds and as long as jobs are submitted; gives how many.
async fn spoil(
    nemesis: &Nemesis<'_>,
    plan: &Plan,
    rounds: usize,
    submitting: &AtomicBool,
    say: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<usize> {
    let mut count = 0;
    for (nth, round) in plan.rounds.iter().enumerate() {
        for act in round {
            if nth >= rounds && !submitting.load(Ordering::Relaxed) {
                return Ok(count);
            }
            tokio::time::sleep(Duration::from_millis(act.after_ms)).await;
            let begin = Instant::now();
            let done = nemesis.carry_out(*act).await.with_context(|| format!("{:?}", act.fault))?;
            if let Some(reason) = nemesis.fleet.gave_up() {
                anyhow::bail!(reason);
            }
            count += usize::from(done);
            let left_out = if done { "" } else { " (not possible here)" };
            let stands = match history::progress(&nemesis.backends.postgres).await {
                Ok((ended, jobs, _)) => format!("{ended} of {jobs} jobs have ended"),
                Err(error) => format!("{error:#}"),
            };
            say(&format!("{:?}{left_out}, {:.1} s; {stands}", act.fault, begin.elapsed().as_secs_f64()));
        }
    }
    Ok(count)
}

/// Waits until all have ended, or nothing has moved for too long.
async fn calm(
    fleet: &Fleet,
    backends: &Backends,
    stalled_after: Duration,
    say: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<()> {
    let (mut before, mut since) = (0, Instant::now());
    loop {
        let (ended, jobs, steps) = history::progress(&backends.postgres).await?;
        if ended == jobs {
            return Ok(());
        }
        if steps != before {
            (before, since) = (steps, Instant::now());
        }
        if since.elapsed() > stalled_after {
            say(&format!("nothing has moved for {} s; {} jobs have not ended", stalled_after.as_secs(), jobs - ended));
            return Ok(());
        }
        if let Some(reason) = fleet.gave_up() {
            anyhow::bail!(reason);
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn tell_offenders(report: &Report, observed: &Observed, say: &(dyn Fn(&str) + Sync)) {
    const AT_MOST: usize = 10;
    let mut told: BTreeSet<Uuid> = BTreeSet::new();
    for (kind, finding) in report.verdict.findings() {
        if told.len() == AT_MOST {
            say("more is left out");
            return;
        }
        say(&format!("{kind}: {} {}", finding.job.map(|job| job.to_string()).unwrap_or_default(), finding.what));
        let Some(job) = finding.job.filter(|job| told.insert(*job)) else { continue };
        for step in observed.steps.iter().filter(|step| step.job == job) {
            say(&format!("    {}", in_words(step)));
        }
    }
}

fn in_words(step: &Step) -> String {
    let state = |state: Option<domain::job::JobState>| state.map_or("-".to_owned(), |state| state.to_string());
    format!(
        "{:>6} {:.3} {:?} {} > {} attempt {:?} > {:?} dispatch {:?}{} by {}",
        step.nth,
        step.at_s,
        step.kind,
        state(step.from),
        state(step.to),
        step.from_attempt.unwrap_or(0),
        step.attempt.unwrap_or(0),
        step.dispatch_seq.unwrap_or(0),
        if step.expired { " lease expired" } else { "" },
        step.by.as_deref().unwrap_or("-"),
    )
}

/// Where Debian puts the library that fakes clocks.
fn clock_library() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?;
    folders.flatten().map(|folder| folder.path().join("faketime/libfaketimeMT.so.1")).find(|path| path.exists())
}
