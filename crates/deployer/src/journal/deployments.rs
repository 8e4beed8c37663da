//! Deployments: ordered, moved on, found.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, named_params};

use super::{
    Considered, Inside, Journal, New, NewMessage, Record, Result, heads, maybe_time, outbox, parse, settings, stamp,
    time, written,
};
use crate::machine::{Event, Kind, Machine, State};
use crate::release::DeploymentId;
use crate::view::{Pin, Source};

const COLUMNS: &str = "id, machine, commit_info, reference, source, asked_by, note, forced, created_at, \
                       started_at, ended_at, target, previous, watch_until, cancel, work";

/// What changes in one moment.
#[derive(Debug, Default)]
pub struct Turn<'a> {
    /// Deployments that have come somewhere else.
    pub records: Vec<&'a Record>,
    /// A release that stays from now on.
    pub pin: Option<Pin>,
    /// Whether none stays any more.
    pub lifts_pin: bool,
    /// What people are told.
    pub messages: Vec<NewMessage>,
}

impl Journal {
    /// Writes down a new deployment. One that waits takes the place of whatever waits already; an automatic one leaves
    /// a person's order alone and gives `None`. Its commit counts as considered from here on.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn order(&self, new: &New, at: DateTime<Utc>) -> Result<Option<Record>> {
        self.write(|tx| {
            if new.machine.state() == State::Pending
                && let Some(waiting) = one(tx, "state = 'pending'")?
            {
                if waiting.source == Source::Manual && new.source != Source::Manual {
                    return Ok(None);
                }
                let next = next_id(tx)?;
                let event = Event::Supersede(format!("#{next} is newer and took its place"));
                let (machine, _) = waiting.machine.on(event);
                end_unbegun(tx, &Record { machine, ended_at: Some(at), ..waiting }, at)?;
            }
            let id = insert(tx, new, at)?;
            if new.machine.kind == Kind::Deploy || new.machine.kind == Kind::Adopted {
                let why =
                    format!("{} as #{id}", if new.machine.state() == State::Refused { "refused" } else { "ordered" });
                let considered = Considered { commit: new.commit.id.clone(), at, why, deployment: Some(id) };
                heads::insert(tx, &considered)?;
            }
            by_id(tx, id)
        })
    }

    /// Writes down where a deployment has come to. As the one that leads.
    ///
    /// # Errors
    /// The journal cannot be written, or another deployer leads.
    pub fn keep(&self, record: &Record) -> Result<()> {
        self.write_fenced(|tx| write_down(tx, record))
    }

    /// Writes down what changes in one moment: what is live changes hands, and people will be told of it.
    ///
    /// # Errors
    /// The journal cannot be written, or another deployer leads.
    pub fn turn(&self, turn: &Turn<'_>, at: DateTime<Utc>) -> Result<()> {
        self.write_fenced(|tx| {
            // Those that are no longer live first: only one may be.
            for record in turn.records.iter().filter(|record| record.state() != State::Live) {
                write_down(tx, record)?;
            }
            for record in turn.records.iter().filter(|record| record.state() == State::Live) {
                write_down(tx, record)?;
            }
            if turn.lifts_pin {
                settings::set(tx, "pin", None::<&Pin>)?;
            }
            if let Some(pin) = &turn.pin {
                settings::set(tx, "pin", Some(pin))?;
            }
            for message in &turn.messages {
                outbox::insert(tx, message, at)?;
            }
            Ok(())
        })
    }

    /// Asks for a deployment's end. What waits ends here; what runs is told by the engine.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn ask_cancel(&self, id: DeploymentId, why: &str, at: DateTime<Utc>) -> Result<Option<Record>> {
        self.write(|tx| {
            let Some(record) = by_id(tx, id)? else { return Ok(None) };
            if record.state() == State::Pending {
                let (machine, _) = record.machine.on(Event::Cancel(why.to_owned()));
                end_unbegun(tx, &Record { machine, ended_at: Some(at), ..record }, at)?;
            } else {
                tx.execute(
                    "UPDATE deployments SET cancel = :why WHERE id = :id AND cancel IS NULL",
                    named_params! { ":why": why, ":id": id.0 },
                )?;
            }
            by_id(tx, id)
        })
    }

    /// Who wants the deployment ended, if anybody does.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn cancel_of(&self, id: DeploymentId) -> Result<Option<String>> {
        self.read(|connection| {
            let found: Option<Option<String>> = connection
                .query_row("SELECT cancel FROM deployments WHERE id = ?1", [id.0], |row| row.get(0))
                .optional()?;
            Ok(found.flatten())
        })
    }

    /// One deployment.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn deployment(&self, id: DeploymentId) -> Result<Option<Record>> {
        self.read(|connection| by_id(connection, id))
    }

    /// The one that is under way.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn under_way(&self) -> Result<Option<Record>> {
        self.read(|connection| one(connection, "state IN ('running', 'taking_back')"))
    }

    /// The one that waits.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn waiting(&self) -> Result<Option<Record>> {
        self.read(|connection| one(connection, "state = 'pending'"))
    }

    /// The one that was live last: live now, or being taken back from there, or stuck on the way.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn live(&self) -> Result<Option<Record>> {
        self.read(|connection| one(connection, "state = 'live'"))
    }

    /// The one that a person has to look at: stuck, and nothing after it went live.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn stuck(&self) -> Result<Option<Record>> {
        self.read(|connection| one(connection, "state = 'stuck'"))
    }

    /// Those that were live, newest first: what one could go back to, as far as the journal knows.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn once_live(&self, limit: usize) -> Result<Vec<Record>> {
        self.read(|connection| many(connection, "state IN ('live', 'replaced')", limit))
    }

    /// Deployments with a smaller number than `before`, newest first.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn deployments(&self, before: Option<i64>, state: Option<State>, limit: usize) -> Result<Vec<Record>> {
        self.read(|connection| {
            let mut statement = connection.prepare(&format!(
                "SELECT {COLUMNS} FROM deployments
                 WHERE id < :before AND (:state IS NULL OR state = :state) ORDER BY id DESC LIMIT :limit"
            ))?;
            let mut rows = statement.query(named_params! {
                ":before": before.unwrap_or(i64::MAX),
                ":state": state.map(State::name),
                ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
            })?;
            collect(&mut rows)
        })
    }

    /// The newest deploy of each commit that was taken back by itself: those commits are in quarantine.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn quarantined(&self) -> Result<Vec<Record>> {
        self.read(|connection| {
            many(
                connection,
                "state IN ('taken_back', 'stuck') AND json_extract(machine, '$.kind') = 'deploy' AND NOT EXISTS (
                    SELECT 1 FROM deployments later
                    WHERE later.commit_id = deployments.commit_id AND later.id > deployments.id
                      AND later.state IN ('live', 'replaced', 'taken_back', 'stuck'))",
                50,
            )
        })
    }

    /// The last deployments that tell how well it goes: went live, failed, were taken back, are stuck.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn telling(&self, limit: usize) -> Result<Vec<Record>> {
        self.read(|connection| {
            many(
                connection,
                "state IN ('live', 'replaced', 'failed', 'taken_back', 'stuck')
                 AND json_extract(machine, '$.kind') <> 'adopted'",
                limit,
            )
        })
    }
}

/// What had not begun ends: written down, and told.
fn end_unbegun(tx: &Transaction<'_>, record: &Record, at: DateTime<Utc>) -> Inside<()> {
    write_down(tx, record)?;
    match record.message(at) {
        Some(message) => outbox::insert(tx, &message, at),
        None => Ok(()),
    }
}

fn next_id(tx: &Transaction<'_>) -> Inside<i64> {
    let last: Option<i64> =
        tx.query_row("SELECT seq FROM sqlite_sequence WHERE name = 'deployments'", [], |row| row.get(0)).optional()?;
    Ok(last.unwrap_or(0) + 1)
}

fn insert(tx: &Transaction<'_>, new: &New, at: DateTime<Utc>) -> Inside<DeploymentId> {
    let ended = (!new.machine.state().is_open()).then(|| stamp(at));
    tx.execute(
        "INSERT INTO deployments (state, machine, commit_id, commit_info, reference, source, asked_by, note, forced,
                                  maintenance, created_at, ended_at, target, work)
         VALUES (:state, :machine, :commit, :info, :reference, :source, :by, :note, :forced,
                 0, :created, :ended, :target, :work)",
        named_params! {
            ":state": new.machine.state().name(),
            ":machine": written("machine", &new.machine)?,
            ":commit": new.commit.id.as_str(),
            ":info": written("commit", &new.commit)?,
            ":reference": new.reference,
            ":source": written("source", &new.source)?,
            ":by": new.by,
            ":note": new.note,
            ":forced": new.forced,
            ":created": stamp(at),
            ":ended": ended,
            ":target": new.target.map(|target| target.0),
            ":work": written("work", &new.work)?,
        },
    )?;
    Ok(DeploymentId(tx.last_insert_rowid()))
}

/// `cancel` is left alone: it is written by others.
fn write_down(tx: &Transaction<'_>, record: &Record) -> Inside<()> {
    tx.prepare(
        "UPDATE deployments SET state = :state, machine = :machine, started_at = :started, ended_at = :ended,
                                previous = :previous, watch_until = :watch, work = :work
         WHERE id = :id",
    )?
    .execute(named_params! {
        ":state": record.state().name(),
        ":machine": written("machine", &record.machine)?,
        ":started": record.started_at.map(stamp),
        ":ended": record.ended_at.map(stamp),
        ":previous": record.previous.map(|previous| previous.0),
        ":watch": record.watch_until.map(stamp),
        ":work": written("work", &record.work)?,
        ":id": record.id.0,
    })?;
    Ok(())
}

pub(super) fn by_id(connection: &Connection, id: DeploymentId) -> Inside<Option<Record>> {
    one(connection, &format!("id = {}", id.0))
}

fn one(connection: &Connection, which: &str) -> Inside<Option<Record>> {
    Ok(many(connection, which, 1)?.pop())
}

/// `which` is a condition of this file's own words, never of a caller's.
fn many(connection: &Connection, which: &str, limit: usize) -> Inside<Vec<Record>> {
    let mut statement =
        connection.prepare(&format!("SELECT {COLUMNS} FROM deployments WHERE {which} ORDER BY id DESC LIMIT ?1"))?;
    let mut rows = statement.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
    collect(&mut rows)
}

fn collect(rows: &mut rusqlite::Rows<'_>) -> Inside<Vec<Record>> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(record(row)?);
    }
    Ok(found)
}

fn record(row: &Row<'_>) -> Inside<Record> {
    let id = DeploymentId(row.get("id")?);
    let what = format!("deployment #{id}");
    let text = |name: &str| -> Inside<String> { Ok(row.get::<_, String>(name)?) };
    let machine: Machine = parse(&what, &text("machine")?)?;
    Ok(Record {
        id,
        machine,
        commit: parse(&what, &text("commit_info")?)?,
        reference: text("reference")?,
        source: parse(&what, &text("source")?)?,
        by: row.get("asked_by")?,
        note: text("note")?,
        forced: row.get("forced")?,
        created_at: time(&what, &text("created_at")?)?,
        started_at: maybe_time(&what, row.get("started_at")?)?,
        ended_at: maybe_time(&what, row.get("ended_at")?)?,
        target: row.get::<_, Option<i64>>("target")?.map(DeploymentId),
        previous: row.get::<_, Option<i64>>("previous")?.map(DeploymentId),
        watch_until: maybe_time(&what, row.get("watch_until")?)?,
        cancel: row.get("cancel")?,
        work: parse(&what, &text("work")?)?,
    })
}
