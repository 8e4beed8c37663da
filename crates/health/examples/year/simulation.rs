//! A long time of looks through the real judge, the real history and the real outbox, with nothing in between but time.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use health::alerts::Herald;
use health::judge::{Judge, Memory, Moment, Rules};
use health::keep::{Batch, Keeper};
use health::part::{Cadence, Importance, Part, PartId};
use health::reading::{Observation, Reading};
use notify::Storage as _;

/// What is simulated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) parts: u32,
    pub(crate) every: Duration,
    pub(crate) days: u32,
    /// How much is written at once.
    pub(crate) batch: Duration,
}

/// What came of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outcome {
    pub(crate) looks: u64,
    pub(crate) incidents: usize,
    /// The file at its largest, the write-ahead log included.
    pub(crate) largest_bytes: u64,
    /// The days of all parts, 90 of them.
    pub(crate) history_90d: Duration,
    /// The shares of time of all parts.
    pub(crate) uptime: Duration,
    /// 90 days of one part's latencies.
    pub(crate) latency_90d: Duration,
}

struct World {
    parts: Vec<Part>,
    /// Until when each is down, in seconds since the beginning.
    down_until: Vec<u64>,
    random: u64,
}

impl World {
    fn new(plan: &Plan) -> anyhow::Result<Self> {
        let part = |number: u32| -> anyhow::Result<Part> {
            let parent = PartId::parse("part-0").filter(|_| number % 3 == 1);
            Ok(Part {
                id: PartId::parse(&format!("part-{number}")).context("a part's id")?,
                title: format!("Part {number}"),
                importance: if number.is_multiple_of(2) { Importance::Critical } else { Importance::Optional },
                parents: parent.into_iter().collect(),
                cadence: Cadence { interval: plan.every, timeout: Duration::from_secs(5), down_after: 3, up_after: 2 },
                service: None,
            })
        };
        let parts = (0..plan.parts).map(part).collect::<anyhow::Result<Vec<_>>>()?;
        Ok(Self { down_until: vec![0; parts.len()], parts, random: 7 })
    }

    /// splitmix64: the same year every time.
    fn next(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.random ^ (self.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Something is down about every other day, for up to ten minutes; one look in 2,000 fails for nothing.
    fn look(&mut self, place: usize, second: u64, at: DateTime<Utc>) -> Observation {
        let chance = self.next();
        if chance.is_multiple_of(20_000) {
            self.down_until[place] = second + 30 + (chance >> 32) % 570;
        }
        let reading = if second < self.down_until[place] || chance % 2_000 == 1 {
            Reading::fail("connection refused")
        } else {
            Reading::pass()
        };
        let latency = Duration::from_micros(400 + (chance >> 40) % 3_000);
        Observation { part: self.parts[place].id.clone(), at, latency: Some(latency), reading }
    }
}

/// Simulates it in this folder, ending now.
pub(crate) async fn run(folder: &Path, plan: &Plan, now: DateTime<Utc>) -> anyhow::Result<Outcome> {
    let mut world = World::new(plan)?;
    let begin = now - TimeDelta::days(i64::from(plan.days));
    let moment = |second: u64| -> anyhow::Result<Moment> {
        let elapsed = Duration::from_secs(second);
        Ok(Moment { at: begin + TimeDelta::from_std(elapsed)?, elapsed })
    };
    let keeper = Keeper::open(folder, begin)?;
    let outbox = keeper.outbox()?;
    let herald = Herald::new(vec!["slack", "mail"], None);
    let mut judge = Judge::new(Rules::default(), world.parts.clone(), Memory::default(), moment(0)?);
    let mut batch = Batch::default();
    let (mut looks, mut largest_bytes) = (0, 0);
    let seconds = u64::from(plan.days) * 86_400;
    let mut second = 0;
    while second < seconds {
        second += plan.every.as_secs();
        let moment = moment(second)?;
        for place in 0..world.parts.len() {
            let seen = world.look(place, second, moment.at);
            if let Some(judged) = judge.observe(moment, &seen) {
                batch.entries.extend(herald.entries(&judged.happenings, moment.at));
                batch.add(judged);
            }
            looks += 1;
        }
        batch.happenings.extend(judge.tick(moment));
        if second.is_multiple_of(plan.batch.as_secs()) || second >= seconds {
            batch.picture = Some(judge.picture(moment));
            keeper.write(moment.at, &batch)?;
            batch = Batch::default();
            keeper.prune(moment.at)?;
            deliver(&outbox, moment.at).await?;
            largest_bytes = keeper.size_bytes()?.max(largest_bytes);
        }
    }
    measure(&keeper, now, looks, largest_bytes)
}

/// All that waits arrives.
async fn deliver(outbox: &notify::sqlite::Outbox, now: DateTime<Utc>) -> anyhow::Result<()> {
    for channel in ["slack", "mail"] {
        loop {
            let heads = outbox.heads(channel, 64).await?;
            if heads.is_empty() {
                break;
            }
            for line in heads {
                outbox.delivered(line.id, now).await?;
            }
        }
    }
    Ok(())
}

fn measure(keeper: &Keeper, now: DateTime<Utc>, looks: u64, largest_bytes: u64) -> anyhow::Result<Outcome> {
    let since = |begun: Instant| begun.elapsed();
    let begun = Instant::now();
    keeper.days(now, 90)?;
    let history_90d = since(begun);
    let begun = Instant::now();
    keeper.uptime(now)?;
    let uptime = since(begun);
    let part = PartId::parse("part-0").context("a part's id")?;
    let begun = Instant::now();
    keeper.latency(now, &part, 90 * 24)?.context("the part was looked at")?;
    let latency_90d = since(begun);
    let incidents = keeper.incidents(None, usize::MAX)?.len();
    Ok(Outcome { looks, incidents, largest_bytes, history_90d, uptime, latency_90d })
}
