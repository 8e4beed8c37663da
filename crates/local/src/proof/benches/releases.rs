//! Releases on one server.

use super::{Aim, Figure};

const COMMAND: &str = "make bench-deploy";

/// Its figures.
pub(super) const RELEASES: &[Figure] = &[
    Figure {
        bench: "deploy",
        key: "live_warm_s",
        claim: "from a push until a changed line in one service is live: the build, 30 s of watching and the canary in it",
        unit: "s",
        aim: Aim::AtMost(300.0),
        command: COMMAND,
    },
    Figure {
        bench: "deploy",
        key: "live_cold_s",
        claim: "the same with nothing in the build's caches",
        unit: "s",
        aim: Aim::None,
        command: COMMAND,
    },
    Figure {
        bench: "deploy",
        key: "rollback_s",
        claim: "from the order to go back until every new request reaches the old release",
        unit: "s",
        aim: Aim::Below(5.0),
        command: COMMAND,
    },
    Figure {
        bench: "deploy",
        key: "failed_requests",
        claim: "requests that failed over its releases and rollbacks, 200 a second by a client that never tries again",
        unit: "requests",
        aim: Aim::AtMost(0.0),
        command: COMMAND,
    },
    Figure {
        bench: "deploy",
        key: "plain_compose_failed_requests",
        claim: "the same for `docker compose up --detach --build` in the same run",
        unit: "requests",
        aim: Aim::None,
        command: COMMAND,
    },
    Figure {
        bench: "deploy",
        key: "peak_build_mib",
        claim: "the most memory that a build took",
        unit: "MiB",
        aim: Aim::None,
        command: COMMAND,
    },
    Figure {
        bench: "deploy",
        key: "deployer_idle_mib",
        claim: "memory of the idle deployer",
        unit: "MiB",
        aim: Aim::None,
        command: COMMAND,
    },
];
