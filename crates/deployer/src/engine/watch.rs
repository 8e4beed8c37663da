//! The watch window: a release that goes bad after it went live takes itself back. Then the house is kept, and the
//! deployer replaces itself, last of all.

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use super::health::{Looks, note_check};
use super::{Engine, Worked, chrono_of};
use crate::journal::{Record, SelfUpdating};
use crate::machine::Event;
use crate::ports::Log;
use crate::release::Service;
use crate::view::CheckState;

/// Over which time errors are counted: a release that goes bad late is not excused by what went well before.
const TRAFFIC_SECONDS: i64 = 60;

/// The program's own log.
struct Quiet;

impl Log for Quiet {
    fn line(&self, line: &str) {
        tracing::info!(line, "housekeeping");
    }
}

impl Engine {
    /// One look at what is live, where it is watched. True when something came of it.
    pub(crate) async fn watch(&self, looks: &mut Looks, stop: &CancellationToken) -> Worked<bool> {
        let Some(mut record) = self.journal.live()?.filter(|live| !live.work.settled) else { return Ok(false) };
        let Some(until) = record.watch_until.filter(|until| *until > self.now()) else {
            self.settle(record, stop).await?;
            return Ok(false);
        };
        let recent = self.now() - TimeDelta::seconds(TRAFFIC_SECONDS);
        let since = record.work.switched_at.map_or(recent, |switched| switched.max(recent));
        let before = record.work.clone();
        let mut bad = self.look(&mut record, since, looks).await;
        let halfway = until - chrono_of(self.settings.watch / 2);
        if bad.is_none() && !record.work.watch_canary && self.now() >= halfway {
            record.work.watch_canary = true;
            bad = self.watch_canary(&mut record).await;
        }
        if let Some(words) = bad {
            *looks = Looks::default();
            return self.take_back(record, words, stop).await;
        }
        if record.work != before {
            self.steadily(stop, || self.journal.keep(&record)).await?;
        }
        Ok(false)
    }

    async fn watch_canary(&self, record: &mut Record) -> Option<String> {
        let words = match self.ports.prober.canary(&Quiet).await {
            Ok(Ok(())) => {
                note_check(record, "canary", CheckState::Pass, "right, again in the watch window");
                return None;
            }
            Ok(Err(why)) => why,
            // That it cannot be asked shows in readiness and errors, if it matters.
            Err(cause) => {
                tracing::warn!(cause = %format!("{cause:#}"), "the canary of the watch window could not be asked");
                return None;
            }
        };
        note_check(record, "canary", CheckState::Fail, &words);
        Some(format!("canary: {words}"))
    }

    async fn take_back(&self, mut record: Record, words: String, stop: &CancellationToken) -> Worked<bool> {
        let why = format!("it went bad {} after it was live: {words}", ago(&record, self.now()));
        let (machine, effects) = record.machine.on(Event::WentBad(why));
        record.machine = machine;
        record.watch_until = None;
        self.carry_out(&mut record, &effects, stop).await?;
        self.drive(record, stop).await?;
        Ok(true)
    }

    /// After the watch window: removes what is not kept, then replaces this program where the release has a newer one.
    async fn settle(&self, mut record: Record, stop: &CancellationToken) -> Worked<()> {
        if let Err(cause) = self.make_room(None, &Quiet).await {
            tracing::warn!(cause = %format!("{cause:#}"), "the house could not be kept; it is tried before the next build");
        }
        if let Some(words) = self.steadily(stop, || self.journal.prune(self.now())).await? {
            self.note("prune", None, &words)?;
        }
        record.work.settled = true;
        self.steadily(stop, || self.journal.keep(&record)).await?;
        self.update_self(&record).await
    }

    async fn update_self(&self, record: &Record) -> Worked<()> {
        let (Some(piece), Some(rendered), Some(own)) = (
            record.work.manifest.pieces.get(&Service::Deployer),
            &record.work.rendered,
            self.settings.revision.as_deref(),
        ) else {
            return Ok(());
        };
        let tried = self.journal.self_updating()?.filter(|tried| tried.revision == piece.revision);
        // A rollback does not take the deployer along, and what did not come up is not tried again and again.
        if piece.revision == own || tried.is_some() || record.target.is_some() {
            return Ok(());
        }
        let updating = SelfUpdating { deployment: record.id, revision: piece.revision.clone(), failed: false };
        self.journal.set_self_updating(Some(&updating))?;
        self.note("self_update", Some(record.id), &format!("from {own} to {}", piece.revision))?;
        if let Err(cause) = self.ports.self_update.begin(rendered, piece).await {
            self.journal.set_self_updating(Some(&SelfUpdating { failed: true, ..updating }))?;
            self.note("self_update", Some(record.id), &format!("could not be begun: {cause:#}"))?;
        }
        Ok(())
    }
}

fn ago(record: &Record, now: chrono::DateTime<chrono::Utc>) -> String {
    let seconds = record.ended_at.map_or(0, |ended| (now - ended).num_seconds());
    format!("{seconds} s")
}
