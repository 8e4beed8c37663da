//! What has to be so after every case: no request failed, no job was lost or done twice, and what runs is what is claimed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use stack::command::until;

use crate::deployments::claims;
use crate::load::Account;
use crate::platform::{ROLLED, Revisions, ask_postgres, running};
use crate::rig::Rig;

/// After a case jobs that were accepted at its very end are still to be done.
const JOBS_END_WITHIN: Duration = Duration::from_mins(2);
/// What serves is looked at over so many requests.
const LOOK: Duration = Duration::from_secs(2);

/// What became of the jobs of a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Jobs {
    /// Accepted.
    pub accepted: usize,
    /// Accepted, and gone or without a good end.
    pub lost: usize,
    /// Done twice, or two of one key.
    pub doubled: usize,
    /// Tried more than once.
    pub tried_again: usize,
}

/// A row of Postgres.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    id: String,
    key: String,
    state: String,
    attempt: u32,
    good_ends: u32,
}

/// Waits until the accepted jobs have ended, and counts.
///
/// # Errors
/// When Postgres does not answer.
pub async fn jobs(rig: &Rig, since: chrono::DateTime<chrono::Utc>) -> anyhow::Result<Jobs> {
    let accepted = rig.load.ledger.all_accepted();
    let question = format!(
        "SELECT id, idempotency_key, state, attempt, (SELECT count(*) FROM e2i.attempts a WHERE a.job_id = j.id \
         AND a.ended_at IS NOT NULL AND a.failure IS NULL) FROM e2i.jobs j WHERE agent = 'canary' \
         AND idempotency_key IS NOT NULL AND created_at >= '{}'::timestamptz - interval '2 s'",
        since.to_rfc3339()
    );
    let mut last = Jobs::default();
    let begin = Instant::now();
    while begin.elapsed() < JOBS_END_WITHIN {
        let rows = ask_postgres(&rig.server, &question).await?;
        let rows = rows.iter().map(|line| row(line)).collect::<anyhow::Result<Vec<Row>>>()?;
        last = count(&accepted, &rows);
        if last.lost == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(last)
}

fn row(line: &str) -> anyhow::Result<Row> {
    let fields: Vec<&str> = line.split('|').collect();
    let [id, key, state, attempt, good_ends] = fields[..] else { bail!("Postgres said `{line}`") };
    let number = |text: &str| text.parse().with_context(|| format!("`{text}` is no number"));
    let (attempt, good_ends) = (number(attempt)?, number(good_ends)?);
    Ok(Row { id: id.to_owned(), key: key.to_owned(), state: state.to_owned(), attempt, good_ends })
}

fn count(accepted: &[(String, uuid::Uuid)], rows: &[Row]) -> Jobs {
    let by_id: BTreeMap<&str, &Row> = rows.iter().map(|row| (row.id.as_str(), row)).collect();
    let is_good = |id: &uuid::Uuid| by_id.get(id.to_string().as_str()).is_some_and(|row| row.state == "succeeded");
    let (mut keys, mut two_of_one_key) = (BTreeSet::new(), 0);
    for row in rows {
        two_of_one_key += usize::from(!keys.insert(row.key.as_str()));
    }
    Jobs {
        accepted: accepted.len(),
        lost: accepted.iter().filter(|(_, id)| !is_good(id)).count(),
        doubled: two_of_one_key + rows.iter().filter(|row| row.good_ends > 1).count(),
        tried_again: rows.iter().filter(|row| row.attempt > 1).count(),
    }
}

/// Fails when a request of the case failed.
///
/// # Errors
/// When one did.
pub fn no_failed_request(account: &Account) -> anyhow::Result<()> {
    let failed = account.failures().count();
    ensure!(failed == 0, "{failed} of {} requests failed:\n{}", account.records.len(), account.told(8));
    Ok(())
}

/// Waits until what runs is what is claimed, and both are `expected`: a commit and the revision of each service.
///
/// # Errors
/// When that does not come to be.
pub async fn is_live(rig: &Rig, commit: &str, expected: &Revisions) -> anyhow::Result<()> {
    let deployments = &rig.deployments;
    until("what is live is what should be", Duration::from_secs(90), async || {
        let overview = deployments.overview().await?;
        ensure!(overview["live"]["commit"]["id"] == commit, "live is said to be {}", overview["live"]);
        ensure!(overview["stuck"].is_null(), "the deployer says that it is stuck: {}", overview["stuck"]);
        what_runs_is_claimed(rig, expected).await?;
        Ok(Some(()))
    })
    .await?;
    let since = Instant::now();
    tokio::time::sleep(LOOK).await;
    let account = rig.load.ledger.account();
    for service in ["gateway", "frontend"] {
        let answered = account.revisions_since(since, service);
        ensure!(
            answered == [expected[service].as_str()],
            "{service} answers as {answered:?} instead of {}",
            expected[service]
        );
    }
    Ok(())
}

async fn what_runs_is_claimed(rig: &Rig, expected: &Revisions) -> anyhow::Result<()> {
    let said = claims(&rig.server).await?;
    for service in ROLLED {
        let claim = &said["live"]["services"][service];
        let all = running(&rig.server, service).await?;
        // An old worker may take its time; it has been told to end.
        let named: Vec<_> = all.iter().filter(|one| claim["container"] == one.name.as_str()).collect();
        let [one] = named[..] else { bail!("{service}: claimed is {claim}, running are {:?}", names(&all)) };
        ensure!(
            claim["image_id"] == one.image_id(),
            "{service}: claimed is {claim}, {} runs {}",
            one.name,
            one.image_id()
        );
        ensure!(
            one.revision() == expected[service],
            "{service}: {} runs {} instead of {}",
            one.name,
            one.revision(),
            expected[service]
        );
        ensure!(
            claim["revision"] == expected[service].as_str(),
            "{service}: claimed is {claim} instead of {}",
            expected[service]
        );
        ensure!(service == "worker" || all.len() == 1, "{service}: there run {:?}", names(&all));
    }
    Ok(())
}

fn names(all: &[crate::platform::Container]) -> Vec<&str> {
    all.iter().map(|one| one.name.as_str()).collect()
}

/// A deployment's steps and how long each took, in one line.
#[must_use]
pub fn steps(deployment: &Value) -> String {
    let steps = deployment["steps"].as_array().into_iter().flatten().filter(|step| step["seconds"].is_number());
    let words = steps.map(|step| {
        let (name, seconds) = (step["step"].as_str().unwrap_or("?"), step["seconds"].as_f64().unwrap_or_default());
        format!("{name} {seconds:.1}")
    });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_and_doubled_jobs_are_counted() {
        let id = |n: u128| uuid::Uuid::from_u128(n);
        let row = |n: u128, key: &str, state: &str, good_ends: u32| Row {
            id: id(n).to_string(),
            key: key.to_owned(),
            state: state.to_owned(),
            attempt: good_ends.max(1),
            good_ends,
        };
        let accepted: Vec<_> = (1..=4).map(|n| (format!("k{n}"), id(n))).collect();
        let rows = [
            row(1, "k1", "succeeded", 1),
            row(2, "k2", "failed", 0),
            row(3, "k3", "succeeded", 2),
            row(9, "k1", "succeeded", 1),
        ];
        let jobs = count(&accepted, &rows);
        assert_eq!(jobs, Jobs { accepted: 4, lost: 2, doubled: 2, tried_again: 1 });
    }

    #[test]
    fn a_row_is_read_or_told() {
        assert_eq!(super::row("i|k|queued|0|0").unwrap().state, "queued");
        assert!(super::row("i|k").is_err());
    }
}
