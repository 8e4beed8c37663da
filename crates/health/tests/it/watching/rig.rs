//! The watching itself, with parts that are looked at more often than usual.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chassis::clock::{Clock as _, MonotonicClock, SystemClock};
use chassis::config::Secret;
use chassis::entropy::SystemEntropy;
use health::board::{Board, Picture, Standing, State};
use health::judge::Rules;
use health::keep::Keeper;
use health::part::{Cadence, Importance, Part, PartId};
use health::probes::http::Asker;
use health::probes::place::Place;
use health::probes::service::Service;
use health::probes::{Probe, Watched};
use health::releases::Known;
use health::watch::{Time, Watch};
use notify::slack;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::street::{Slack, until};

pub(crate) const SOON: Duration = Duration::from_secs(30);

pub(crate) fn id(text: &str) -> PartId {
    PartId::parse(text).unwrap()
}

/// A part that is looked at every half second.
pub(crate) fn watched(name: &str, parents: &[&str], probe: impl Probe + 'static) -> Watched {
    let cadence = Cadence {
        interval: Duration::from_millis(500),
        timeout: Duration::from_millis(800),
        down_after: 3,
        up_after: 2,
    };
    let part = Part {
        id: id(name),
        title: name.to_owned(),
        importance: Importance::Critical,
        parents: parents.iter().map(|parent| id(parent)).collect(),
        cadence,
        service: (name == "gateway").then_some("gateway"),
    };
    Watched { part, probe: Arc::new(probe), slow_after: Some(Duration::from_millis(700)) }
}

/// A service by its `/readyz`.
pub(crate) fn service(url: Url) -> Service {
    Service::at(Place::at(Asker::inside().unwrap(), url))
}

pub(crate) fn time() -> Time {
    Time { clock: Arc::new(SystemClock), monotonic: MonotonicClock::start() }
}

/// Notes that somebody watched here until now: what starts then is no cold start, which would be excused.
pub(crate) fn warm(folder: &Path) -> Keeper {
    let keeper = Keeper::open(folder, SystemClock.now()).unwrap();
    let picture = Picture { at: SystemClock.now(), parts: Vec::new(), settling_until: None };
    keeper.save_picture(&picture).unwrap();
    keeper
}

/// A copy of the watching, over a state folder.
pub(crate) struct Copy {
    pub(crate) board: Board,
    pub(crate) keeper: Keeper,
    stop: CancellationToken,
    task: JoinHandle<anyhow::Result<()>>,
}

impl Copy {
    pub(crate) fn start(folder: &Path, watched: Vec<Watched>, slack: &Slack) -> Self {
        Self::start_knowing(folder, watched, slack, Known::nothing())
    }

    pub(crate) fn start_knowing(folder: &Path, watched: Vec<Watched>, slack: &Slack, known: Known) -> Self {
        let keeper = warm(folder);
        let board = Board::new(Picture { at: SystemClock.now(), parts: Vec::new(), settling_until: None });
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let (_, renewals) = tokio::sync::watch::channel(None);
        let watch = Watch {
            state_dir: folder.to_owned(),
            watched,
            rules: Rules::default(),
            keeper: keeper.clone(),
            board: board.clone(),
            channels: vec![Arc::new(slack::Slack::new(client, Secret::new(slack.url.clone())))],
            public_url: None,
            known,
            renewals,
            outward: None,
            time: time(),
            entropy: Arc::new(SystemEntropy),
        };
        let stop = CancellationToken::new();
        let task = tokio::spawn(watch.run(stop.clone()));
        Self { board, keeper, stop, task }
    }

    pub(crate) fn standing(&self, name: &str) -> Option<Standing> {
        self.board.now().parts.iter().find(|part| part.part == id(name)).cloned()
    }

    pub(crate) fn state(&self, name: &str) -> State {
        self.standing(name).map_or(State::Unknown, |standing| standing.state)
    }

    pub(crate) async fn until(&self, name: &str, state: State) {
        until(&format!("{name} is {state:?}"), SOON, async || self.state(name) == state).await;
    }

    /// Ends it in order.
    pub(crate) async fn end(self) {
        self.stop.cancel();
        self.task.await.unwrap().unwrap();
    }
}
