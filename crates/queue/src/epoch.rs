//! Has Redis forgotten?

use redis::AsyncCommands;

use crate::{Queue, Result};

impl Queue {
    /// Whether Redis is the one that was last marked: same server run, key still there. `false` after a wipe, a
    /// restart or a fail-over, and on a new platform: dispatch everything anew, then [`Queue::mark_epoch`].
    ///
    /// # Errors
    /// When Redis is away.
    pub async fn epoch_is_current(&self) -> Result<bool> {
        let marked: Option<String> = self.connection.clone().get(self.keys.epoch()).await?;
        let run_id = self.run_id().await?;
        Ok(marked.is_some_and(|marked| marked.split(':').next() == Some(run_id.as_str())))
    }

    /// Marks this Redis as one that everything was dispatched to. `random` makes two marks of one server differ.
    ///
    /// # Errors
    /// When Redis is away.
    pub async fn mark_epoch(&self, random: &str) -> Result<()> {
        let run_id = self.run_id().await?;
        Ok(self.connection.clone().set(self.keys.epoch(), format!("{run_id}:{random}")).await?)
    }

    async fn run_id(&self) -> Result<String> {
        let info: String = redis::cmd("INFO").arg("server").query_async(&mut self.connection.clone()).await?;
        let line = info.lines().find_map(|line| line.strip_prefix("run_id:"));
        line.map(|id| id.trim().to_owned())
            .ok_or_else(|| crate::dispatch::unreadable("INFO server", "no run_id; is this a Redis server?"))
    }
}
