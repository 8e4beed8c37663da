//! Histories that were asked for lately: the same for everybody, and slow to change, so that many who look at 90 days at
//! once are one question to the database.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use chassis::clock::SharedMonotonic;
use tokio::sync::Mutex;

/// How long a history is given again.
const KEPT_FOR: Duration = Duration::from_secs(15);
/// Lengths that are remembered; whoever asks for each in turn fills no memory.
const MOST: usize = 4;

/// Histories, by their length in days.
#[derive(Debug, Clone)]
pub(crate) struct Past {
    ticks: SharedMonotonic,
    kept: Arc<Mutex<Vec<Kept>>>,
}

#[derive(Debug)]
struct Kept {
    days: u16,
    made_at: Duration,
    body: Bytes,
}

impl Past {
    pub(crate) fn new(ticks: SharedMonotonic) -> Self {
        Self { ticks, kept: Arc::default() }
    }

    /// The history of so many days; made by one at a time, for all who wait for it.
    ///
    /// # Errors
    /// Those of `make`.
    pub(crate) async fn get<E>(&self, days: u16, make: impl AsyncFnOnce() -> Result<Bytes, E>) -> Result<Bytes, E> {
        let mut kept = self.kept.lock().await;
        let now = self.ticks.elapsed();
        kept.retain(|one| now.saturating_sub(one.made_at) < KEPT_FOR);
        if let Some(one) = kept.iter().find(|one| one.days == days) {
            return Ok(one.body.clone());
        }
        let body = make().await?;
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push(Kept { days, made_at: now, body: body.clone() });
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use chassis::clock::TestMonotonic;

    use super::*;

    #[tokio::test]
    async fn a_history_is_made_once_for_all_and_memory_is_bounded() {
        let ticks = TestMonotonic::start();
        let past = Past::new(ticks.clone());
        let count = std::sync::atomic::AtomicU32::new(0);
        let get = async |days| {
            let make = async || {
                count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                tokio::task::yield_now().await;
                Ok::<_, Infallible>(Bytes::from_static(b"{}"))
            };
            past.get(days, make).await.unwrap()
        };
        futures::future::join_all((0..100).map(|_| get(90))).await;
        assert_eq!(count.load(std::sync::atomic::Ordering::Relaxed), 1);
        for days in 1..=400 {
            get(days).await;
        }
        assert_eq!(past.kept.lock().await.len(), MOST);
        let before = count.load(std::sync::atomic::Ordering::Relaxed);
        get(400).await;
        ticks.advance(KEPT_FOR);
        get(400).await;
        assert_eq!(count.load(std::sync::atomic::Ordering::Relaxed), before + 1);
    }
}
