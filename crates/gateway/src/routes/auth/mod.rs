//! `/auth/v1`: sign-in in the shape of Supabase Auth, so that one client library serves both modes.

mod accept_link;
mod jwks;
mod logout;
mod shape;
mod token;
mod user;

use axum::middleware::from_fn;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(token::token))
        .routes(routes!(logout::logout))
        .routes(routes!(user::get::get_own_user, user::put::change_own_user))
        .routes(routes!(accept_link::accept_link))
        .routes(routes!(jwks::jwks))
        .layer(from_fn(shape::shape))
}
