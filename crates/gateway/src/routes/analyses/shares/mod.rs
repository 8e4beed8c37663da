//! `/api/v1/analyses/{id}/shares`: links by which anybody who has one may read the analysis, until it expires or is
//! revoked. What such a link shows is `/api/v1/shared`.

mod create;
mod list;
mod revoke;

use chrono::{DateTime, Utc};
use domain::ids::{ShareId, UserId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list::list_shares, create::create_share)).routes(routes!(revoke::revoke_share))
}

/// A link to an analysis, without its token.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Share)]
pub(crate) struct ShareView {
    /// Its id.
    id: ShareId,
    /// Who made it.
    created_by: UserId,
    /// Their address, where this platform knows it.
    created_by_email: Option<String>,
    /// When.
    created_at: DateTime<Utc>,
    /// Until when it works.
    expires_at: DateTime<Utc>,
    /// When it was revoked; null where it was not.
    revoked_at: Option<DateTime<Utc>>,
    /// When it was opened last, to the minute; null where nobody has.
    last_opened_at: Option<DateTime<Utc>>,
    /// Whether it works now: not expired, not revoked, and its maker still an analyst or owner of the workspace.
    works: bool,
}

impl From<store::jobs::Share> for ShareView {
    fn from(share: store::jobs::Share) -> Self {
        Self {
            id: share.id,
            created_by: share.created_by,
            created_by_email: share.created_by_email,
            created_at: share.created_at,
            expires_at: share.expires_at,
            revoked_at: share.revoked_at,
            last_opened_at: share.last_opened_at,
            works: share.works,
        }
    }
}
