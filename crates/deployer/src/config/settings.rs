//! What the engine is told, from the environment.

use std::time::Duration;

use chassis::config::{Env, Reader, Setting};

use super::Runtime;
use crate::settings::{DiskShares, Settings};
use crate::view::Trigger;

/// The old gateway ends its streams with a word, after the soak; this has to be before nginx's `worker_shutdown_timeout`.
const SOAK_MAX: Duration = Duration::from_secs(45);

impl Setting for Trigger {
    const EXPECTED: &'static str = "workflow_run, push or manual";

    fn read(text: &str) -> Option<Self> {
        match text {
            "workflow_run" => Some(Self::WorkflowRun),
            "push" => Some(Self::Push),
            "manual" => Some(Self::Manual),
            _ => None,
        }
    }
}

pub(super) fn read(read: &mut Reader<'_>, env: &Env, runtime: Runtime) -> Settings {
    let defaults = Settings::new(super::state_dir(env));
    let seconds = |read: &mut Reader<'_>, name: &str, default: Duration| {
        Duration::from_secs(read.parse_or(name, default.as_secs()))
    };
    let minutes = |read: &mut Reader<'_>, name: &str, default: Duration| {
        Duration::from_mins(read.parse_or(name, default.as_secs() / 60))
    };
    let reconcile = minutes(read, "RECONCILE_MINUTES", defaults.reconcile);
    read.check("RECONCILE_MINUTES", !reconcile.is_zero(), "must be at least 1; 5 is usual");
    let soak = seconds(read, "SOAK_SECONDS", defaults.soak);
    let message = "must be at most 45: nginx cuts the streams to the old release 60 s after the switch";
    read.check("SOAK_SECONDS", soak <= SOAK_MAX, message);
    let keep_releases = read.parse_or("KEEP_RELEASES", defaults.keep_releases);
    read.check("KEEP_RELEASES", keep_releases >= 1, "must be at least 1: without an old release there is no way back");
    let url: String = read.parse_or("REPOSITORY_URL", String::new());
    let revision = chassis::revision::of(env);
    Settings {
        refuses: (runtime == Runtime::None)
            .then(|| "nothing is deployed here: this deployer has no Docker engine (DEPLOYER_RUNTIME=none)".to_owned()),
        branch: read.parse_or("RELEASE_BRANCH", defaults.branch.clone()),
        repository: without_credentials(&url),
        trigger: read.parse_or("RELEASE_TRIGGER", defaults.trigger),
        paths: read.parse_or("RELEASE_PATHS", Vec::new()),
        pulls: env.get("IMAGE_SOURCE") == Some("registry"),
        ready_within: seconds(read, "READY_SECONDS", defaults.ready_within),
        soak,
        watch: minutes(read, "WATCH_MINUTES", defaults.watch),
        drain_deadline: read.parse_or("RELEASE_DRAIN_DEADLINE", defaults.drain_deadline),
        worker_drain_max: read.parse_or("WORKER_DRAIN_MAX", defaults.worker_drain_max),
        keep_releases,
        reconcile,
        disk_shares: disk_shares(read, defaults.disk_shares),
        revision: (revision != "dev").then_some(revision),
        ..defaults
    }
}

fn disk_shares(read: &mut Reader<'_>, defaults: DiskShares) -> DiskShares {
    let shares = DiskShares {
        warn: read.parse_or("DISK_WARN", defaults.warn),
        uploads: read.parse_or("DISK_UPLOADS", defaults.uploads),
        releases: read.parse_or("DISK_RELEASES", defaults.releases),
    };
    let ordered = 0.0 < shares.warn && shares.warn <= shares.uploads && shares.uploads <= shares.releases;
    let message = "DISK_WARN, DISK_UPLOADS and DISK_RELEASES are shares from 0 to 1, each at least the one before";
    read.check("DISK_WARN", ordered && shares.releases <= 1.0, message);
    shares
}

/// The address without a name or password in it: it is shown to people.
fn without_credentials(url: &str) -> String {
    let Ok(mut parsed) = url.parse::<url::Url>() else { return url.to_owned() };
    // A URL that cannot have them has none.
    let _none = parsed.set_username("").and_then(|()| parsed.set_password(None));
    parsed.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        assert_eq!(without_credentials("https://ann:x@github.com/e2i/e2i.git"), "https://github.com/e2i/e2i.git");
        assert_eq!(without_credentials("/srv/repository.git"), "/srv/repository.git");
        assert_eq!(without_credentials("git@github.com:e2i/e2i.git"), "git@github.com:e2i/e2i.git");
    }
}
