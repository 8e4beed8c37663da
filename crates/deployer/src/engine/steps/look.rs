//! Under real traffic: the soak, and the canary.

use std::time::Duration;

use super::{At, Taking, done, failed, skipped};
use crate::engine::health::{Looks, note_check};
use crate::engine::{Engine, chrono_of};
use crate::machine::Kind;
use crate::ports::Log as _;
use crate::view::CheckState;

/// How often the canary is asked when it could not be asked at all. A wrong answer is asked once.
const CANARY_TRIES: u32 = 3;

const CANARY_EVERY: Duration = Duration::from_secs(2);

impl Engine {
    pub(super) async fn soak(&self, at: &mut At<'_>) -> Taking {
        let nothing_new = at.base.as_ref().is_some_and(|base| {
            base.work.manifest.containers == at.record.work.manifest.containers && at.record.work.switched_at.is_none()
        });
        if nothing_new {
            return skipped("nothing new runs");
        }
        let length =
            if at.record.machine.kind == Kind::Rollback { self.settings.rollback_soak } else { self.settings.soak };
        self.count_restarts(at.record).await?;
        self.keep(at.record, at.stop).await?;
        let until = self.now() + chrono_of(length);
        let since = at.record.work.switched_at.unwrap_or_else(|| self.now());
        let mut looks = Looks::default();
        loop {
            if let Some(bad) = self.look(at.record, since, &mut looks).await {
                self.keep(at.record, at.stop).await?;
                for container in at.record.work.manifest.containers.values() {
                    self.last_words(container, at.log).await;
                }
                return failed(bad);
            }
            if self.now() >= until && looks.is_well() {
                break;
            }
            self.pace.sleep(self.settings.look_every).await;
        }
        done(format!("well for {} s; {}", length.as_secs(), looks.traffic))
    }

    pub(super) async fn canary(&self, at: &mut At<'_>) -> Taking {
        let nothing_new = at.base.as_ref().is_some_and(|base| {
            base.work.manifest.containers == at.record.work.manifest.containers && at.record.work.switched_at.is_none()
        });
        if nothing_new {
            return skipped("nothing new runs");
        }
        let mut tries = 0;
        loop {
            tries += 1;
            match self.ports.prober.canary(at.log).await {
                Ok(Ok(())) => {
                    note_check(at.record, "canary", CheckState::Pass, "right");
                    return done("the canary analysis is right");
                }
                Ok(Err(why)) => {
                    note_check(at.record, "canary", CheckState::Fail, &why);
                    return failed(why);
                }
                Err(cause) if tries >= CANARY_TRIES => {
                    note_check(at.record, "canary", CheckState::Fail, &format!("{cause:#}"));
                    return failed(format!("the canary could not be asked: {cause:#}"));
                }
                Err(cause) => at.log.line(&format!("the canary could not be asked ({cause:#}); again")),
            }
            self.pace.sleep(CANARY_EVERY).await;
        }
    }
}
