//! Waiting as an argument, so that tests need not wait.

use std::time::Duration;

use async_trait::async_trait;

/// How waits pass.
#[async_trait]
pub trait Pace: Send + Sync + std::fmt::Debug {
    /// Returns when `time` has passed.
    async fn sleep(&self, time: Duration);
}

/// Waits as long as it is told.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealPace;

#[async_trait]
impl Pace for RealPace {
    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}
