//! Steps, each written down before it is taken; a step that is tried again is a row of its own.

use chrono::{DateTime, Utc};
use rusqlite::named_params;

use super::{Journal, Result, maybe_time, stamp, time};
use crate::machine::Step;
use crate::release::DeploymentId;
use crate::view::{StepState, StepView};

/// A step that is being taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken(i64);

impl Journal {
    /// Writes down that a step is taken now. One that was left open (the deployer was ended in it) is closed.
    ///
    /// # Errors
    /// The journal cannot be written, or another deployer leads.
    pub fn begin_step(&self, deployment: DeploymentId, step: Step, at: DateTime<Utc>) -> Result<Taken> {
        self.write_fenced(|tx| {
            tx.execute(
                "UPDATE steps SET state = 'failed', ended_at = :at,
                                  detail = 'the deployer was ended in this step and took it again'
                 WHERE deployment = :deployment AND state = 'running'",
                named_params! { ":at": stamp(at), ":deployment": deployment.0 },
            )?;
            tx.execute(
                "INSERT INTO steps (deployment, step, state, started_at) VALUES (:deployment, :step, 'running', :at)",
                named_params! { ":deployment": deployment.0, ":step": step.name(), ":at": stamp(at) },
            )?;
            Ok(Taken(tx.last_insert_rowid()))
        })
    }

    /// Writes down how a step ended.
    ///
    /// # Errors
    /// The journal cannot be written, or another deployer leads.
    pub fn end_step(
        &self,
        taken: Taken,
        state: StepState,
        detail: &str,
        disk_bytes: Option<i64>,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let state = match state {
            StepState::Done => "done",
            StepState::Skipped => "skipped",
            StepState::Failed | StepState::Waiting | StepState::Running => "failed",
        };
        self.write_fenced(|tx| {
            tx.execute(
                "UPDATE steps SET state = :state, ended_at = :at, detail = :detail, disk_bytes = :disk WHERE id = :id",
                named_params! {
                    ":state": state, ":at": stamp(at), ":detail": detail, ":disk": disk_bytes, ":id": taken.0,
                },
            )?;
            Ok(())
        })
    }

    /// The steps that were taken, in their order; of one that was tried several times the last.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn steps(&self, deployment: DeploymentId, now: DateTime<Utc>) -> Result<Vec<StepView>> {
        self.read(|connection| {
            let mut statement = connection.prepare(
                "SELECT step, state, started_at, ended_at, detail FROM steps WHERE deployment = ?1 ORDER BY id",
            )?;
            let mut rows = statement.query([deployment.0])?;
            let mut steps: Vec<StepView> = Vec::new();
            while let Some(row) = rows.next()? {
                let Some(step) = Step::named(&row.get::<_, String>(0)?) else { continue };
                let started_at = time("step", &row.get::<_, String>(2)?)?;
                let ended_at = maybe_time("step", row.get(3)?)?;
                let seconds = (ended_at.unwrap_or(now) - started_at).num_milliseconds().max(0) as f64 / 1000.0;
                let view = StepView {
                    step,
                    state: match row.get::<_, String>(1)?.as_str() {
                        "done" => StepState::Done,
                        "skipped" => StepState::Skipped,
                        "running" => StepState::Running,
                        _ => StepState::Failed,
                    },
                    started_at: Some(started_at),
                    seconds: Some(seconds),
                    detail: row.get(4)?,
                };
                steps.retain(|other| other.step != step);
                steps.push(view);
            }
            Ok(steps)
        })
    }

    /// How long the step took the last times that it was done, in seconds, newest first.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn times_of(&self, step: Step, limit: usize) -> Result<Vec<f64>> {
        self.read(|connection| {
            let mut statement = connection.prepare(
                "SELECT (julianday(ended_at) - julianday(started_at)) * 86400.0 FROM steps
                 WHERE step = ?1 AND state = 'done' AND ended_at IS NOT NULL ORDER BY id DESC LIMIT ?2",
            )?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let times = statement.query_map(rusqlite::params![step.name(), limit], |row| row.get(0))?;
            Ok(times.collect::<rusqlite::Result<Vec<f64>>>()?)
        })
    }

    /// How much disk the last steps of providing images took, in bytes.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn disk_taken(&self, limit: usize) -> Result<Vec<f64>> {
        self.read(|connection| {
            let mut statement = connection.prepare(
                "SELECT CAST(disk_bytes AS REAL) FROM steps
                 WHERE step = 'images' AND state = 'done' AND disk_bytes > 0 ORDER BY id DESC LIMIT ?1",
            )?;
            let taken = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get(0))?;
            Ok(taken.collect::<rusqlite::Result<Vec<f64>>>()?)
        })
    }
}
