//! What the machine's effects do to the journal: who is live, what is pinned, who is told. One transaction each.

use tokio_util::sync::CancellationToken;

use super::{Engine, Worked, chrono_of};
use crate::journal::{Record, Turn};
use crate::machine::{Effect, Event, Kind, State};
use crate::view::Pin;

impl Engine {
    /// Writes the deployment down as it is now, with everything that its effects change.
    pub(crate) async fn carry_out(
        &self,
        record: &mut Record,
        effects: &[Effect],
        stop: &CancellationToken,
    ) -> Worked<()> {
        let now = self.now();
        let mut others: Vec<Record> = Vec::new();
        let mut pin = None;
        if !record.state().is_open() && record.state() != State::Replaced {
            record.ended_at = Some(now);
        }
        if effects.contains(&Effect::GoLive) {
            let is_watched = record.previous.is_some() && !self.settings.watch.is_zero();
            record.watch_until = is_watched.then(|| now + chrono_of(self.settings.watch));
            others.extend(self.replaced_by(record)?);
            pin = self.pin_of(record);
        }
        if effects.contains(&Effect::GiveBack)
            && let Some(previous) = self.record(record.previous)?
        {
            let (machine, _) = previous.machine.on(Event::Return);
            others.push(Record { machine, ..previous });
        }
        // What a person has deployed since is what stays.
        let lifts_pin = effects.contains(&Effect::GoLive) && record.machine.kind == Kind::Deploy;
        let mut messages = Vec::new();
        if effects.contains(&Effect::Announce)
            || record.machine.step() == record.machine.kind.forward().first().copied()
        {
            messages.extend(record.message(now));
        }
        let records = || others.iter().chain([&*record]).collect();
        self.steadily(stop, || {
            let turn = Turn { records: records(), pin: pin.clone(), lifts_pin, messages: messages.clone() };
            self.journal.turn(&turn, now)
        })
        .await
    }

    /// Those that a deployment that goes live replaces.
    fn replaced_by(&self, record: &Record) -> Worked<Vec<Record>> {
        let by = format!("#{} is live since", record.id);
        let mut replaced = Vec::new();
        for other in [self.journal.live()?, self.journal.stuck()?].into_iter().flatten() {
            if other.id != record.id {
                let (machine, _) = other.machine.on(Event::Replace(by.clone()));
                replaced.push(Record { machine, ..other });
            }
        }
        Ok(replaced)
    }

    /// A rollback pins: the branch's head does not come back by itself.
    fn pin_of(&self, record: &Record) -> Option<Pin> {
        let target = record.target.filter(|_| record.machine.kind == Kind::Rollback)?;
        let from = record.previous.map_or_else(String::new, |id| format!(" from #{id}"));
        let note = if record.note.is_empty() { String::new() } else { format!(": {}", record.note) };
        Some(Pin {
            deployment: target,
            by: record.by.clone().unwrap_or_default(),
            since: self.now(),
            reason: format!("rolled back{from} to #{target}{note}"),
        })
    }
}
