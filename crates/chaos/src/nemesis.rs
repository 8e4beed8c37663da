//! Carries out faults.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use rustix::process::{Signal, kill_process};

use crate::backends::Backends;
use crate::fleet::{Fleet, LEASE, Member};
use crate::plan::{Act, Fault};
use crate::proxy::{Way, Weather};

/// What a fault has to work on.
pub struct Nemesis<'a> {
    /// The services.
    pub fleet: &'a Fleet,
    /// The servers.
    pub backends: &'a Backends,
    /// Where copies of Redis' file are kept.
    pub scratch: PathBuf,
}

impl Nemesis<'_> {
    /// Does it, and undoes it where it lasts. False: it cannot be done on this machine.
    ///
    /// # Errors
    /// When a server does not come back.
    pub async fn carry_out(&self, act: Act) -> anyhow::Result<bool> {
        let lasting = Duration::from_millis(act.for_ms);
        match act.fault {
            Fault::KillWorker(nth) => self.worker(nth).process.signal(Signal::KILL),
            Fault::KillGateway(nth) => self.gateway(nth).process.signal(Signal::KILL),
            Fault::DrainWorker(nth) => self.worker(nth).process.signal(Signal::TERM),
            Fault::KillChild(nth) => {
                for child in self.worker(nth).process.children() {
                    // It may have ended in between.
                    let _ = kill_process(child, Signal::KILL);
                }
            }
            Fault::FreezeWorker(nth) => {
                let process = &self.worker(nth).process;
                process.signal(Signal::STOP);
                tokio::time::sleep(LEASE * 2 + lasting).await;
                process.signal(Signal::CONT);
            }
            Fault::WorkerClock { worker, by_s } => return self.jump(self.worker(worker), by_s, lasting).await,
            Fault::GatewayClock { gateway, by_s } => return self.jump(self.gateway(gateway), by_s, lasting).await,
            Fault::KillRedis | Fault::FlushRedis | Fault::WipeRedis | Fault::OlderRedis | Fault::LoseEntries => {
                self.spoil_redis(act.fault, lasting).await?;
            }
            Fault::RestartPostgres => self.backends.postgres.restart().await.context("restart Postgres")?,
            Fault::KillPostgres => self.backends.crash_postgres().await.context("start Postgres again")?,
            on_the_wire => self.spoil_links(on_the_wire, lasting).await,
        }
        Ok(true)
    }

    async fn spoil_redis(&self, fault: Fault, lasting: Duration) -> anyhow::Result<()> {
        let backends = self.backends;
        match fault {
            Fault::FlushRedis => backends.redis.flushall().await,
            Fault::LoseEntries => backends.lose_entries().await.map(drop),
            Fault::WipeRedis => backends.crash_redis(|| backends.forget_redis_data()).await,
            Fault::OlderRedis => {
                let older = self.scratch.join("older-redis");
                backends.remember_redis_data(&older)?;
                tokio::time::sleep(lasting).await;
                backends.crash_redis(|| backends.restore_redis_data(&older)).await
            }
            _ => backends.crash_redis(|| Ok(())).await,
        }
    }

    async fn spoil_links(&self, fault: Fault, lasting: Duration) {
        let slow = Weather::Slow { delay: Duration::from_millis(60), bytes_per_s: 200_000 };
        match fault {
            // Longer than a lease now and then: the reaper takes the jobs, and the worker comes back as a zombie.
            Fault::PartitionPostgres(nth) => self.postgres_of(nth, Weather::Partition, lasting * 3).await,
            Fault::DeafToPostgres(nth) => self.postgres_of(nth, Weather::OneWay(Way::ToClient), lasting * 2).await,
            Fault::RefusePostgres(nth) => self.postgres_of(nth, Weather::Refuse, lasting).await,
            Fault::PartitionRedis(nth) => {
                let link = &self.worker(nth).redis;
                link.set(Weather::Partition);
                tokio::time::sleep(lasting).await;
                link.set(Weather::Clear);
            }
            Fault::SlowPostgres => {
                self.fleet.members().for_each(|member| member.postgres.set(slow));
                tokio::time::sleep(lasting).await;
                self.fleet.members().for_each(|member| member.postgres.set(Weather::Clear));
            }
            Fault::PartitionRedisFromAll | Fault::SlowRedis => {
                let weather = if fault == Fault::SlowRedis { slow } else { Weather::Partition };
                self.fleet.members().for_each(|member| member.redis.set(weather));
                tokio::time::sleep(lasting).await;
                self.fleet.members().for_each(|member| member.redis.set(Weather::Clear));
            }
            Fault::CutPostgres => self.fleet.members().for_each(|member| member.postgres.cut()),
            Fault::SwallowPostgres => self.fleet.members().for_each(|member| member.postgres.swallow_answers()),
            Fault::CutRedis => self.fleet.members().for_each(|member| member.redis.cut()),
            Fault::SwallowRedis => self.fleet.members().for_each(|member| member.redis.swallow_answers()),
            _ => {}
        }
    }

    async fn postgres_of(&self, worker: usize, weather: Weather, lasting: Duration) {
        let link = &self.worker(worker).postgres;
        link.set(weather);
        tokio::time::sleep(lasting).await;
        link.set(Weather::Clear);
    }

    async fn jump(&self, member: &Member, by_s: i64, lasting: Duration) -> anyhow::Result<bool> {
        if !member.set_clock(by_s)? {
            return Ok(false);
        }
        // The library looks at its file once a second.
        tokio::time::sleep(lasting + Duration::from_secs(1)).await;
        member.set_clock(0)
    }

    fn worker(&self, nth: usize) -> &Member {
        &self.fleet.workers[nth % self.fleet.workers.len()]
    }

    fn gateway(&self, nth: usize) -> &Member {
        &self.fleet.gateways[nth % self.fleet.gateways.len()]
    }
}
