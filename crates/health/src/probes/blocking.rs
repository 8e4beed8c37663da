//! Work that may hold a thread for as long as it likes.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// Runs work on a thread of its own, one at a time: while one hangs the next is refused, so that looks which are given up
/// never use up the threads.
#[derive(Debug, Clone)]
pub struct Blocking(Arc<Semaphore>);

impl Default for Blocking {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl Blocking {
    /// What the work gives, or why it was not begun or broke off.
    ///
    /// # Errors
    /// In words.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, String> {
        let Ok(turn) = Arc::clone(&self.0).try_acquire_owned() else {
            return Err("an earlier look still hangs".to_owned());
        };
        let done = tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(turn);
            outcome
        });
        done.await.map_err(|error| format!("the look broke: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn what_hangs_is_not_joined_by_a_second() {
        let blocking = Blocking::default();
        let (release, hangs) = mpsc::channel::<()>();
        let first = blocking.run(move || hangs.recv());
        assert!(tokio::time::timeout(Duration::from_millis(50), first).await.is_err(), "it hangs");
        assert!(blocking.run(|| ()).await.unwrap_err().contains("still hangs"));
        release.send(()).unwrap();
        while blocking.run(|| ()).await.is_err() {
            tokio::task::yield_now().await;
        }
    }
}
