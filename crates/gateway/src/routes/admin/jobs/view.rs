//! A job as admins see it.

use domain::job::{JobClass, Priority};
use serde::Serialize;
use store::jobs::Job;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::routes::analyses::Analysis;

/// A job of any workspace: an analysis, or one of the platform's own.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AdminJob {
    /// As its owner sees it.
    #[serde(flatten)]
    analysis: Analysis,
    /// Which kind of place it needs.
    class: JobClass,
    /// Which stream of the class it waits in.
    priority: Priority,
    /// How often its worker vanished.
    lease_expiries: i32,
}

impl From<Job> for AdminJob {
    fn from(job: Job) -> Self {
        let (class, priority, lease_expiries) = (job.class, job.priority, job.lease_expiries);
        Self { analysis: job.into(), class, priority, lease_expiries }
    }
}

/// There is none, in no workspace.
pub(super) fn no_job(id: domain::ids::JobId) -> ApiError {
    ApiError::not_found(&format!("job {id}"))
}
