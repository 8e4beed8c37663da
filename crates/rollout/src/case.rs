//! A case: one way in which a release goes, or goes wrong.

use std::time::Duration;

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use futures::future::LocalBoxFuture;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use stack::case::Figures;
use stack::command::until;

use crate::deployments::{Deployments, ENDS_WITHIN};
use crate::judge;
use crate::release::{Fault, Service};
use crate::rig::{Release, Rig, now};

/// What a case does.
pub type Doing<'a> = LocalBoxFuture<'a, anyhow::Result<Figures>>;

/// One thing that has to be so.
#[derive(Clone, Copy)]
pub struct Case {
    /// Its name on the command line.
    pub name: &'static str,
    /// What is so when it passes.
    pub about: &'static str,
    /// Whether CI tries it too.
    pub in_ci: bool,
    /// Tries it.
    pub run: for<'a> fn(&'a mut Trial<'_>) -> Doing<'a>,
}

/// A case under way.
pub struct Trial<'a> {
    /// Everything.
    pub rig: &'a mut Rig,
    /// The deployer's API.
    pub deployments: Deployments,
    /// Whatever is drawn by lot.
    pub random: ChaCha8Rng,
    /// What was live when it began.
    pub before: Release,
    /// How long a deployment may take.
    pub within: Duration,
    began: DateTime<Utc>,
}

/// A deployment that has ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// What was released.
    pub release: Release,
    /// The deployment, with its steps.
    pub deployment: Value,
    /// From the web hook's sending until the deployer said that it was over.
    pub seconds: f64,
}

impl Ended {
    /// Its state.
    #[must_use]
    pub fn state(&self) -> &str {
        self.deployment["state"].as_str().unwrap_or_default()
    }

    /// Its number.
    ///
    /// # Errors
    /// When it has none.
    pub fn id(&self) -> anyhow::Result<i64> {
        self.deployment["id"].as_i64().context("a deployment without a number")
    }
}

impl<'a> Trial<'a> {
    /// Begins: what was before is forgotten.
    #[must_use]
    pub fn begin(rig: &'a mut Rig, seed: u64) -> Self {
        rig.load.ledger.begin_anew();
        let (deployments, before) = (rig.deployments.clone(), rig.live.clone());
        let random = ChaCha8Rng::seed_from_u64(seed);
        Self { rig, deployments, random, before, within: ENDS_WITHIN, began: now() }
    }

    /// Waits until the deployer answers through nginx.
    ///
    /// # Errors
    /// When it does not.
    pub async fn deployer_answers(&self) -> anyhow::Result<()> {
        until("the deployer answers", ENDS_WITHIN, async || Ok(self.deployments.overview().await.ok().map(drop))).await
    }

    /// Commits, pushes, and tells the deployer as GitHub does, which answers within a second.
    ///
    /// # Errors
    /// When it does not take it.
    pub async fn push(&mut self, changes: &[(Service, Fault)]) -> anyhow::Result<(Release, DateTime<Utc>)> {
        let release = self.rig.release(changes).await?;
        self.rig.repository.push().await?;
        let sent = now();
        let answer = self.rig.hook.push(&self.rig.repository, &release.commit).await?;
        ensure!(answer.status == 202, "the web hook was answered {}: {}", answer.status, answer.body);
        ensure!(answer.seconds < self.rig.patience, "the web hook was answered after {:.2} s", answer.seconds);
        Ok((release, sent))
    }

    /// Waits until the deployment of a release has ended.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ended(&self, release: &Release, sent: DateTime<Utc>) -> anyhow::Result<Ended> {
        let deployment = self.deployments.ended(&release.commit, self.within).await?;
        let ended = deployment["ended_at"].as_str().and_then(|text| text.parse::<DateTime<Utc>>().ok());
        let ended = ended.with_context(|| format!("a deployment that has ended without a time: {deployment}"))?;
        let seconds = (ended - sent).as_seconds_f64();
        Ok(Ended { release: release.clone(), deployment, seconds })
    }

    /// Releases, and it goes live.
    ///
    /// # Errors
    /// When it does not.
    pub async fn goes_live(&mut self, changes: &[(Service, Fault)]) -> anyhow::Result<Ended> {
        let (release, sent) = self.push(changes).await?;
        let ended = self.ended(&release, sent).await?;
        self.has_gone_live(&ended).await?;
        Ok(ended)
    }

    /// What ended is live.
    ///
    /// # Errors
    /// When it is not.
    pub async fn has_gone_live(&mut self, ended: &Ended) -> anyhow::Result<()> {
        if ended.state() != "live" {
            let story = self.deployments.story(&ended.release.commit).await;
            anyhow::bail!("{} instead of live: {}\n{story}", ended.state(), ended.deployment["reason"]);
        }
        self.rig.live = ended.release.clone();
        judge::is_live(self.rig, &ended.release.commit, &ended.release.revisions).await
    }

    /// Releases, and it ends in one of these states; what was live before is live then.
    ///
    /// # Errors
    /// When it ends otherwise, or something else is live.
    pub async fn goes_back(&mut self, changes: &[(Service, Fault)], states: &[&str]) -> anyhow::Result<Ended> {
        let (release, sent) = self.push(changes).await?;
        let ended = self.ended(&release, sent).await?;
        self.has_gone_back(&ended, states).await?;
        Ok(ended)
    }

    /// What ended is in one of these states, with a reason; what was live before is live.
    ///
    /// # Errors
    /// When that is not so.
    pub async fn has_gone_back(&self, ended: &Ended, states: &[&str]) -> anyhow::Result<()> {
        let reason = ended.deployment["reason"].as_str().unwrap_or_default();
        if !states.contains(&ended.state()) {
            let story = self.deployments.story(&ended.release.commit).await;
            anyhow::bail!("{} instead of {states:?}: {reason}\n{story}", ended.state());
        }
        ensure!(!reason.is_empty(), "it is {} without a reason", ended.state());
        judge::is_live(self.rig, &self.before.commit, &self.before.revisions).await
    }

    /// Judges: no request failed, no job was lost or doubled.
    ///
    /// # Errors
    /// When that is not so.
    pub async fn unnoticed(&self) -> anyhow::Result<Figures> {
        let account = self.rig.load.ledger.account();
        judge::no_failed_request(&account)?;
        let jobs = self.jobs_are_done().await?;
        let p99 = account.percentile_ms(99);
        let requests = account.records.len();
        let words = format!(
            "{requests} requests, 0 failed, p99 {p99:.0} ms, {} streams came back when told",
            account.reconnects
        );
        Ok(Figures::none().note(words).note(jobs))
    }

    /// Judges where an outage cannot be helped: it is measured, and no job was lost or doubled.
    ///
    /// # Errors
    /// When a job was.
    pub async fn recovered(&self) -> anyhow::Result<Figures> {
        let account = self.rig.load.ledger.account();
        let jobs = self.jobs_are_done().await?;
        let outage = account.outage().map_or(0.0, |(_, outage)| outage.as_secs_f64());
        let words = format!("{} of {} requests failed", account.failures().count(), account.records.len());
        Ok(Figures::none().with("outage", outage, "s").note(words).note(jobs))
    }

    async fn jobs_are_done(&self) -> anyhow::Result<String> {
        let jobs = judge::jobs(self.rig, self.began).await?;
        ensure!(jobs.lost == 0 && jobs.doubled == 0, "jobs: {jobs:?}");
        ensure!(jobs.accepted > 0, "no job was accepted");
        Ok(format!("{} jobs, 0 lost, 0 doubled", jobs.accepted))
    }
}
