//! `/api/v1/workspaces/{id}/members`: who may use a workspace.

mod add;
mod list;
mod put;
mod remove;

use chassis::http::Problem;
use chrono::{DateTime, Utc};
use domain::ids::UserId;
use domain::people::WorkspaceRole;
use http::StatusCode;
use serde::Serialize;
use store::people::workspaces::{Member, MemberChanged};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{not_yours, owners_only};
use crate::error::{ApiError, Result};
use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(add::add_member, list::list_members))
        .routes(routes!(put::put_member, remove::remove_member))
}

/// A member of a workspace.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberAnswer {
    user_id: UserId,
    /// Where this platform knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    role: WorkspaceRole,
    since: DateTime<Utc>,
}

impl From<Member> for MemberAnswer {
    fn from(member: Member) -> Self {
        Self { user_id: member.user, email: member.email, role: member.role, since: member.since }
    }
}

/// What the store said, as an answer: the member as they are now, `None` when they are none any more.
fn settled(changed: Option<MemberChanged>) -> Result<Option<MemberAnswer>> {
    match changed.ok_or_else(not_yours)? {
        MemberChanged::Done(member) => Ok(member.map(MemberAnswer::from)),
        MemberChanged::NotOwner => Err(owners_only()),
        MemberChanged::NoSuchMember => Err(ApiError::not_found("such member")),
        MemberChanged::LastOwner => {
            let detail = "this is the last owner of the workspace; make somebody else owner first";
            Err(Problem::new(StatusCode::CONFLICT, "last-owner", "Last owner").detail(detail).into())
        }
    }
}
