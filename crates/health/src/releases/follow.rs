//! Asks the deployer again and again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{DeployerState, Known, Seen};
use crate::probes::http::Asker;

/// While something is under way containers come and go.
const EVERY_UNDER_WAY: Duration = Duration::from_secs(1);
const EVERY: Duration = Duration::from_secs(5);
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);
/// In the state folder: what was told last.
const KEPT: &str = "deployer-state.json";

/// What follows the deployer.
#[derive(Debug)]
pub struct Follower {
    asker: Asker,
    url: Url,
    kept: PathBuf,
    seen: watch::Sender<Seen>,
}

/// A follower of the deployer at `url`, and what it knows, which is at first what `folder` holds of it.
#[must_use]
pub fn follow(asker: Asker, url: &Url, folder: &Path) -> (Follower, Known) {
    let kept = folder.join(KEPT);
    let known = std::fs::read(&kept).ok().and_then(|text| serde_json::from_slice::<DeployerState>(&text).ok());
    let (seen, known) = watch::channel(Seen { state: known.map(Arc::new), is_current: false });
    let mut url = url.clone();
    url.set_path(&format!("{}/state", url.path().trim_end_matches('/')));
    (Follower { asker, url, kept, seen }, Known::told(known))
}

impl Follower {
    /// Asks until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            self.ask().await;
            let is_under_way = self.seen.borrow().state.as_ref().is_some_and(|state| state.running.is_some());
            let pause = if is_under_way { EVERY_UNDER_WAY } else { EVERY };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// Asks once. An answer that cannot be read changes nothing but that what is known is not current.
    async fn ask(&self) {
        let asked = tokio::time::timeout(ANSWERS_WITHIN, self.asker.get(self.url.clone())).await;
        let told = match asked {
            Ok(Ok(answer)) if answer.status == StatusCode::OK => serde_json::from_str::<DeployerState>(&answer.body),
            _ => return self.is_away(),
        };
        let state = match told {
            Ok(state) => Arc::new(state),
            Err(error) => {
                tracing::warn!(%error, "the deployer's state cannot be read");
                return self.is_away();
            }
        };
        let is_news = self.seen.borrow().state.as_ref() != Some(&state);
        if is_news {
            self.keep(&state);
        }
        self.seen.send_if_modified(|seen| {
            let next = Seen { state: Some(state), is_current: true };
            let is_changed = *seen != next;
            *seen = next;
            is_changed
        });
    }

    fn is_away(&self) {
        self.seen.send_if_modified(|seen| std::mem::replace(&mut seen.is_current, false));
    }

    fn keep(&self, state: &DeployerState) {
        let staged = self.kept.with_extension("new");
        let written = serde_json::to_vec(state)
            .map_err(std::io::Error::other)
            .and_then(|text| std::fs::write(&staged, text))
            .and_then(|()| std::fs::rename(&staged, &self.kept));
        if let Err(error) = written {
            tracing::warn!(path = %self.kept.display(), %error, "what the deployer told cannot be kept");
        }
    }
}
