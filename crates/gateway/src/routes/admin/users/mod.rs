//! `/api/v1/admin/users`: people of the platform.

mod change;
mod create;
mod get;
mod link;
mod list;

use chrono::{DateTime, Utc};
use domain::ids::UserId;
use domain::people::PlatformRole;
use serde::Serialize;
use store::people::User;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create::create_user, list::list_users))
        .routes(routes!(get::get_user, change::change_user))
        .routes(routes!(link::create_link))
}

/// A user, as admins see them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserAnswer {
    id: UserId,
    /// In lower case.
    email: String,
    role: PlatformRole,
    /// False until an invite is accepted.
    has_password: bool,
    /// Whether they may sign in at all.
    disabled: bool,
    created_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_sign_in_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_at: Option<DateTime<Utc>>,
}

impl From<User> for UserAnswer {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            role: user.role,
            has_password: user.has_password,
            disabled: user.disabled_at.is_some(),
            created_at: user.created_at,
            last_sign_in_at: user.last_sign_in_at,
            disabled_at: user.disabled_at,
        }
    }
}
