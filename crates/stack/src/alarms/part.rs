//! The parts that are hurt.

/// A container, and what health calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The service of the compose files.
    pub service: &'static str,
    /// The id of the part in health's answers.
    pub id: &'static str,
}

/// Every one that the base tier has, children first: for 30 s after what a part stands on is back, health waits whether that
/// part follows, which would count as time to detect. The deployer runs in production alone, with a server of its own:
/// `make test-deploy`.
pub const ALL: &[Part] = &[
    Part { service: "gateway", id: "gateway" },
    Part { service: "worker", id: "worker" },
    MLFLOW,
    REDIS,
    POSTGRES,
    FRONTEND,
    Part { service: "nginx", id: "nginx" },
];

/// Redis.
pub const REDIS: Part = Part { service: "redis", id: "redis" };
/// Postgres.
pub const POSTGRES: Part = Part { service: "postgres", id: "postgres" };
/// The web app.
pub const FRONTEND: Part = Part { service: "frontend", id: "frontend" };
/// MLflow.
pub const MLFLOW: Part = Part { service: "mlflow", id: "mlflow" };
