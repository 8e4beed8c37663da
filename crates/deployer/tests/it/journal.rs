//! The journal through what disks and processes do to it.

use std::fs::OpenOptions;

use chrono::TimeDelta;
use deployer::journal::{Audit, Journal, JournalError, New, NewMessage};
use deployer::machine::{Event, Machine, Phase, State, Step};
use deployer::order::{Delivery, DeliveryEvent};
use deployer::release::{Commit, CommitInfo, DeploymentId};
use deployer::view::{Source, StepState};

use crate::rig::start;

fn commit(number: usize) -> CommitInfo {
    let id: Commit = format!("{number:040x}").parse().unwrap();
    CommitInfo { id, subject: format!("Commit {number}"), author: "Ada".to_owned(), at: start() }
}

fn order(journal: &Journal, number: usize) -> DeploymentId {
    let new = New::deploy(commit(number), "main", Source::Push);
    journal.order(&new, start()).unwrap().unwrap().id
}

#[test]
fn what_was_written_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let lock = journal.lead().unwrap();
    let id = order(&journal, 1);
    let mut record = journal.deployment(id).unwrap().unwrap();
    record.machine = record.machine.on(Event::Begin).0;
    record.started_at = Some(start());
    record.work.generation = Some("r1".to_owned());
    journal.keep(&record).unwrap();
    let taken = journal.begin_step(id, Step::Preflight, start()).unwrap();
    journal.end_step(taken, StepState::Done, "well", Some(12), start() + TimeDelta::seconds(3)).unwrap();
    drop((journal, lock));
    let journal = Journal::open(folder.path()).unwrap();
    assert_eq!(journal.under_way().unwrap().unwrap(), record);
    let steps = journal.steps(id, start()).unwrap();
    assert_eq!((steps[0].state, steps[0].seconds), (StepState::Done, Some(3.0)));
}

#[test]
fn one_that_was_replaced_cannot_write_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let old = Journal::open(folder.path()).unwrap();
    let lock = old.lead().unwrap();
    let id = order(&old, 1);
    let record = old.deployment(id).unwrap().unwrap();
    let new = Journal::open(folder.path()).unwrap();
    assert!(matches!(new.lead(), Err(JournalError::Held(_))));
    drop(lock);
    let _lock = new.lead().unwrap();
    assert!(matches!(old.keep(&record), Err(JournalError::Fenced { ours: 1, theirs: 2 })));
    assert!(matches!(old.begin_step(id, Step::Preflight, start()), Err(JournalError::Fenced { .. })));
    new.keep(&record).unwrap();
}

#[test]
fn two_are_never_under_way() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let _lock = journal.lead().unwrap();
    for number in 1..=2 {
        let id = order(&journal, number);
        let mut record = journal.deployment(id).unwrap().unwrap();
        record.machine = record.machine.on(Event::Begin).0;
        assert_eq!(journal.keep(&record).is_ok(), number == 1, "#{id}");
    }
}

#[test]
fn a_delivery_is_stored_once() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let delivery = Delivery { id: "d".to_owned(), event: DeliveryEvent::WorkflowRun { commit: commit(1).id } };
    assert_eq!(journal.store(&delivery, "accepted", true, start()).unwrap(), deployer::journal::Stored::New);
    let again = journal.store(&delivery, "accepted", true, start()).unwrap();
    assert_eq!(again, deployer::journal::Stored::Again("accepted".to_owned()));
    assert_eq!(journal.open_deliveries().unwrap().len(), 1);
    journal.settle_delivery("d", "#2 is ordered", false).unwrap();
    assert!(journal.open_deliveries().unwrap().is_empty());
}

#[test]
fn a_wal_that_is_cut_off_loses_the_end_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    for number in 1..=40 {
        order(&journal, number);
    }
    // As after a crash: file and log are copied while the journal is open.
    for share in [0.0, 0.3, 0.7, 0.95, 1.0] {
        let copy = tempfile::tempdir().unwrap();
        for name in ["deployer.sqlite", "deployer.sqlite-wal"] {
            std::fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
        }
        let wal = OpenOptions::new().write(true).open(copy.path().join("deployer.sqlite-wal")).unwrap();
        let whole = wal.metadata().unwrap().len();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a small file")]
        wal.set_len((whole as f64 * share) as u64).unwrap();
        drop(wal);
        let found = Journal::open(copy.path()).unwrap().deployments(None, None, 100).unwrap();
        // A beginning of what was written, without holes.
        for (index, record) in found.iter().rev().enumerate() {
            assert_eq!(record.id.0, i64::try_from(index + 1).unwrap());
        }
        assert!(share < 1.0 || found.len() == 40);
    }
}

#[test]
fn a_damaged_journal_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("deployer.sqlite"), vec![7; 8192]).unwrap();
    let words = Journal::open(folder.path()).unwrap_err().to_string();
    assert!(words.contains("move it away"), "{words}");
}

#[test]
fn a_journal_of_a_newer_deployer_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(Journal::open(folder.path()).unwrap());
    let connection = rusqlite::Connection::open(folder.path().join("deployer.sqlite")).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let words = Journal::open(folder.path()).unwrap_err().to_string();
    assert!(words.contains("schema 99"), "{words}");
}

#[test]
fn a_full_disk_is_said_and_passes() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    order(&journal, 1);
    // A bound on the file does what a full disk does, without one.
    journal.bound_pages(Some(40)).unwrap();
    let mut told = None;
    for number in 2..400 {
        let new = New { note: "x".repeat(2000), ..New::deploy(commit(number), "main", Source::Push) };
        if let Err(cause) = journal.order(&new, start()) {
            told = Some(cause);
            break;
        }
    }
    let told = told.expect("the bound was met");
    assert!(told.may_pass(), "{told}");
    assert!(told.to_string().contains("make room"), "{told}");
    journal.bound_pages(None).unwrap();
    order(&journal, 1000);
}

#[test]
fn old_steps_and_logs_are_removed_and_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let _lock = journal.lead().unwrap();
    for number in 1..=210 {
        let id = order(&journal, number);
        let taken = journal.begin_step(id, Step::Preflight, start()).unwrap();
        journal.end_step(taken, StepState::Failed, "", None, start()).unwrap();
        journal.log_writer(id).unwrap().add(start(), None, "a line");
        let record = journal.deployment(id).unwrap().unwrap();
        let machine = Machine { phase: Phase::Failed { why: "why".to_owned() }, ..record.machine.clone() };
        journal.keep(&deployer::journal::Record { machine, ..record }).unwrap();
    }
    let words = journal.prune(start()).unwrap().unwrap();
    assert!(words.contains("10 steps") && words.contains("10 logs"), "{words}");
    assert!(journal.steps(DeploymentId(10), start()).unwrap().is_empty());
    assert_eq!(journal.steps(DeploymentId(11), start()).unwrap().len(), 1);
    assert_eq!(journal.deployment(DeploymentId(1)).unwrap().unwrap().state(), State::Failed);
    assert_eq!(journal.prune(start()).unwrap(), None);
}

#[test]
fn a_log_is_read_on_from_where_one_was() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let id = DeploymentId(1);
    let mut writer = journal.log_writer(id).unwrap();
    for number in 1..=20_000 {
        assert!(writer.add(start(), Some(Step::Images), &format!("line {number}")));
    }
    let mut reader = journal.log_reader(id, 19_990);
    let lines = reader.next(100).unwrap();
    assert_eq!((lines.len(), lines[0].seq, lines[0].line.as_str()), (10, 19_991, "line 19991"));
    assert!(reader.next(100).unwrap().is_empty());
    // The deployer is killed in the middle of a line.
    drop(writer);
    let path = folder.path().join("deployments/1/log.jsonl");
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    std::io::Write::write_all(&mut file, b"{\"seq\":20001,\"at\":").unwrap();
    assert!(reader.next(100).unwrap().is_empty());
    let mut writer = journal.log_writer(id).unwrap();
    writer.add(start(), None, &"long ".repeat(4000));
    let lines = reader.next(100).unwrap();
    assert_eq!((lines.len(), lines[0].seq), (1, 20_001));
    assert!(lines[0].line.ends_with("(cut off: 20000 bytes)"), "{}", lines[0].line.len());
}

#[test]
fn messages_are_kept_until_they_are_delivered() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let message = NewMessage { event_id: "e".to_owned(), kind: "deployment.live".to_owned(), payload: "{}".to_owned() };
    journal.put_message(&message, start()).unwrap();
    journal.put_message(&message, start()).unwrap();
    let due = journal.due_messages(start(), 10).unwrap();
    assert_eq!(due.len(), 1);
    journal.message_failed(due[0].id, "500", start() + TimeDelta::seconds(30)).unwrap();
    assert!(journal.due_messages(start(), 10).unwrap().is_empty());
    let due = journal.due_messages(start() + TimeDelta::seconds(30), 10).unwrap();
    assert_eq!((due[0].event_id.as_str(), due[0].attempts), ("e", 1));
    journal.message_delivered(due[0].id, start()).unwrap();
    assert!(journal.due_messages(start() + TimeDelta::days(1), 10).unwrap().is_empty());
}

#[test]
fn who_did_what_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let line = Audit {
        at: start(),
        by: "ann@example.org".to_owned(),
        what: "rollback".to_owned(),
        deployment: Some(DeploymentId(3)),
        detail: "to #2".to_owned(),
    };
    journal.audit(&line).unwrap();
    assert_eq!(journal.audited(10).unwrap(), [line]);
}
