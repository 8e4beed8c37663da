//! Whether a release is well: what the soak and the watch window look at.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Engine;
use super::steps::Trouble;
use crate::journal::Record;
use crate::release::Service;
use crate::view::{Check, CheckState};

/// How often in a row a container may be not ready: one slow answer is no bad release.
const NOT_READY: u32 = 3;

/// Whose errors are the release's. Health answers 503 when another is down: that is no error of its own.
const COUNTED: [Service; 2] = [Service::Gateway, Service::Frontend];

/// What was seen over several looks.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    not_ready: BTreeMap<String, u32>,
    unseen: u32,
    /// What the traffic was, in words.
    pub(crate) traffic: String,
}

impl Looks {
    /// Whether the last look found nothing wrong at all.
    pub(crate) fn is_well(&self) -> bool {
        self.unseen == 0 && self.not_ready.values().all(|times| *times == 0)
    }
}

/// Writes into the gate how a check stands.
pub(crate) fn note_check(record: &mut Record, name: &str, state: CheckState, detail: &str) {
    let check = Check { name: name.to_owned(), state, detail: Some(detail.to_owned()) };
    let checks = &mut record.work.gate.checks;
    match checks.iter_mut().find(|other| other.name == name) {
        Some(other) => *other = check,
        None => checks.push(check),
    }
}

impl Engine {
    /// Notes how often each container of the release had been restarted when it was ready.
    pub(crate) async fn count_restarts(&self, record: &mut Record) -> Result<(), Trouble> {
        for one in self.ports.runtime.containers().await? {
            if record.work.manifest.containers.get(&one.service) == Some(&one.name) {
                record.work.restarts.entry(one.name).or_insert(one.restarts);
            }
        }
        Ok(())
    }

    /// One look at the release; gives what is bad, if anything is.
    pub(crate) async fn look(&self, record: &mut Record, since: DateTime<Utc>, looks: &mut Looks) -> Option<String> {
        let checks = [
            ("restarts", self.look_at_restarts(record, looks).await),
            ("readiness", self.look_at_readiness(record, looks).await),
            ("error share", self.look_at_traffic(record, since, looks).await),
        ];
        let mut bad = None;
        for (name, seen) in checks {
            match seen {
                Ok(words) => note_check(record, name, CheckState::Pass, &words),
                Err(words) => {
                    note_check(record, name, CheckState::Fail, &words);
                    bad.get_or_insert(words);
                }
            }
        }
        bad
    }

    async fn look_at_restarts(&self, record: &Record, looks: &mut Looks) -> Result<String, String> {
        let containers = match self.ports.runtime.containers().await {
            Ok(containers) => containers,
            Err(cause) => {
                // The engine may be starting again; that it stays away is bad enough.
                looks.unseen += 1;
                let words = format!("the containers cannot be looked at: {cause:#}");
                return if looks.unseen >= NOT_READY { Err(words) } else { Ok(words) };
            }
        };
        looks.unseen = 0;
        for (service, name) in &record.work.manifest.containers {
            let Some(one) = containers.iter().find(|one| one.name == *name).filter(|one| one.is_running) else {
                return Err(format!("{name} ({service}) does not run"));
            };
            let before = record.work.restarts.get(name).copied().unwrap_or(one.restarts);
            if one.restarts > before {
                return Err(format!("{name} was started again {} times by the engine", one.restarts - before));
            }
        }
        Ok("none".to_owned())
    }

    async fn look_at_readiness(&self, record: &mut Record, looks: &mut Looks) -> Result<String, String> {
        let containers: Vec<(Service, String)> =
            record.work.manifest.containers.iter().map(|(service, name)| (*service, name.clone())).collect();
        for (service, name) in containers {
            let revision = record.work.manifest.pieces.get(&service).map(|piece| piece.revision.clone());
            let answer = self.ports.prober.ready(service, &name, &revision.unwrap_or_default()).await;
            let times = looks.not_ready.entry(name.clone()).or_default();
            let why = match answer {
                Ok(Ok(())) => {
                    *times = 0;
                    continue;
                }
                Ok(Err(unready)) => unready.why,
                Err(cause) => format!("{cause:#}"),
            };
            *times += 1;
            if *times >= NOT_READY {
                return Err(format!("{name} is not ready, {times} times in a row: {why}"));
            }
        }
        note_check(record, "revision", CheckState::Pass, "as released");
        Ok("every service is ready".to_owned())
    }

    async fn look_at_traffic(
        &self,
        record: &Record,
        since: DateTime<Utc>,
        looks: &mut Looks,
    ) -> Result<String, String> {
        let asked = COUNTED.iter().filter_map(|service| record.work.manifest.containers.get(service));
        let names: Vec<String> = asked.cloned().collect();
        let traffic = match self.ports.proxy.traffic(since, &names).await {
            Ok(traffic) => traffic,
            Err(cause) => return Ok(format!("not known: {cause:#}")),
        };
        let share = if traffic.requests == 0 { 0.0 } else { traffic.errors as f64 / traffic.requests as f64 };
        let words = format!("{} of {} requests failed", traffic.errors, traffic.requests);
        looks.traffic.clone_from(&words);
        if traffic.requests >= self.settings.error_minimum && share > self.settings.error_share {
            return Err(format!(
                "{words} ({:.1} %, at most {:.1} % may)",
                share * 100.0,
                self.settings.error_share * 100.0
            ));
        }
        Ok(words)
    }
}
