//! The platform of the base tier, with an ear for what health tells and an eye on what it answers.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::account::Account;
use super::ear::{Ear, Heard};
use super::part::Part;
use super::sight::{Picture, Sight, incidents};
use crate::case::Tier;
use crate::command::until;
use crate::project::Project;
use crate::site::Site;

/// A cold start is excused for two minutes; parts that are looked at seldom come after that.
const SETTLES_WITHIN: Duration = Duration::from_mins(8);
/// After a part is healed: it starts, and what stands on it is looked at again.
const WELL_WITHIN: Duration = Duration::from_mins(6);
/// Whatever is told twice is told soon after the first time.
const QUIET: Duration = Duration::from_secs(5);

/// So often within [`FLAPS_WITHIN`] a part may be hurt: health takes the next time for flapping, which is another message.
const HURT_AT_MOST: usize = 3;
/// Health's 20 minutes, and the time in which a part that was hurt was down.
const FLAPS_WITHIN: Duration = Duration::from_mins(22);

/// What a case finds. In the order in which it is to go: first nobody looks, then nothing is there.
#[derive(Debug)]
pub struct Room {
    /// How everything stands.
    pub sight: Sight,
    /// What was told.
    pub ear: Ear,
    /// The platform.
    pub project: Project,
    /// When it was settled: times of a report count from here.
    pub begin: Instant,
    /// How long the cold start took to settle.
    pub settled_s: f64,
    /// When each part was hurt.
    hurt: Mutex<BTreeMap<&'static str, Vec<Instant>>>,
}

impl Room {
    /// Brings the platform up and waits until health no longer excuses its cold start.
    ///
    /// # Errors
    /// When it does not become well.
    pub async fn make(site: &Site, keep: bool) -> anyhow::Result<Self> {
        let ear = Ear::begin().await?;
        let mut project = Project::new(site, Tier::Base, "alarms")?.kept(keep);
        project.set("SLACK_WEBHOOK_URL", &ear.url("slack"));
        project.set("HEALTH_HEARTBEAT_URL", &ear.url("beat"));
        project.build().await?;
        let seconds = project.up(&[]).await?;
        println!("the platform is up after {seconds:.0} s; health excuses its cold start");
        let sight = Sight::begin(project.name())?;
        let begin = Instant::now();
        let mut room = Self { sight, ear, project, begin, settled_s: 0.0, hurt: Mutex::default() };
        room.well(SETTLES_WITHIN).await?;
        room.settled_s = begin.elapsed().as_secs_f64();
        room.begin = Instant::now();
        println!("settled after {:.0} s", room.settled_s);
        let told = room.ear.after(0);
        if !told.is_empty() {
            bail!("a cold start was no news, and yet came: {}", titles(&told));
        }
        Ok(room)
    }

    /// Waits until everything is well; then a little longer, for what might still be told.
    ///
    /// # Errors
    /// With what is not, when time is over.
    pub async fn well(&self, within: Duration) -> anyhow::Result<()> {
        until("everything is well", within, async || {
            let picture = self.sight.now().context("health does not answer")?;
            match picture.ill() {
                None => Ok(Some(())),
                Some(ill) => bail!("{ill}"),
            }
        })
        .await?;
        tokio::time::sleep(QUIET).await;
        Ok(())
    }

    /// [`Self::well`] after something was healed.
    ///
    /// # Errors
    /// The same.
    pub async fn well_again(&self) -> anyhow::Result<()> {
        self.well(WELL_WITHIN).await
    }

    /// Waits until these parts may be hurt without being told as flapping, and notes that they are.
    pub async fn may_hurt(&self, parts: &[Part]) {
        let wait = {
            let hurt = self.hurt.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            parts.iter().filter_map(|part| rest(hurt.get(part.id)?, now)).max()
        };
        if let Some(wait) = wait {
            println!("waiting {:.0} s: hurt once more now, it would flap", wait.as_secs_f64());
            tokio::time::sleep(wait).await;
        }
        let mut hurt = self.hurt.lock().unwrap_or_else(PoisonError::into_inner);
        for part in parts {
            hurt.entry(part.id).or_default().push(Instant::now());
        }
    }

    /// Waits until health's answers say so; gives when they first did, not before `from`.
    ///
    /// # Errors
    /// When they do not in time.
    pub async fn seen(
        &self,
        what: &str,
        from: Instant,
        within: Duration,
        is_so: impl Fn(&Picture) -> bool,
    ) -> anyhow::Result<Instant> {
        until(what, within, async || match self.sight.first(from, &is_so) {
            Some(at) => Ok(Some(at)),
            None => bail!("{}", self.told_last()),
        })
        .await
    }

    /// Waits until such a message came after the first `count` of them; gives when.
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn heard(
        &self,
        what: &str,
        count: usize,
        within: Duration,
        is_it: impl Fn(&Heard) -> bool,
    ) -> anyhow::Result<Instant> {
        until(what, within, async || {
            let messages = self.ear.after(count);
            match messages.iter().find(|heard| is_it(heard)) {
                Some(heard) => Ok(Some(heard.at)),
                None => bail!("told was: {}; {}", titles(&messages), self.told_last()),
            }
        })
        .await
    }

    /// What was told after the first `count` messages.
    ///
    /// # Errors
    /// When health does not say which part an incident is of.
    pub async fn account(&self, count: usize) -> anyhow::Result<Account> {
        Ok(Account::of(&self.ear.after(count), &incidents(self.project.name()).await?))
    }

    fn told_last(&self) -> String {
        self.sight.now().map_or_else(
            || "health does not answer".to_owned(),
            |picture| picture.ill().unwrap_or_else(|| "health says that everything is well".to_owned()),
        )
    }
}

/// Titles of messages, for those who read a failure.
#[must_use]
pub fn titles(messages: &[Heard]) -> String {
    let titles: Vec<String> = messages.iter().map(|heard| format!("{} {:?}", heard.title, heard.news)).collect();
    if titles.is_empty() { "nothing".to_owned() } else { titles.join("; ") }
}

/// How long a part that was hurt at these times has to be left alone before it is hurt again.
fn rest(hurt: &[Instant], now: Instant) -> Option<Duration> {
    let oldest_that_counts = hurt.len().checked_sub(HURT_AT_MOST)?;
    let wait = (hurt[oldest_that_counts] + FLAPS_WITHIN).saturating_duration_since(now);
    (!wait.is_zero()).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_hurt_three_times_of_late_is_left_alone_for_a_while() {
        let begin = Instant::now();
        let at = |minutes: u64| begin + Duration::from_mins(minutes);
        assert_eq!(rest(&[], at(0)), None);
        assert_eq!(rest(&[at(0), at(5)], at(6)), None);
        assert_eq!(rest(&[at(0), at(5), at(9)], at(10)), Some(Duration::from_mins(12)));
        assert_eq!(rest(&[at(0), at(5), at(9)], at(22)), None);
        assert_eq!(rest(&[at(0), at(5), at(9), at(22)], at(23)), Some(Duration::from_mins(4)));
    }
}
