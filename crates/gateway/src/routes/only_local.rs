//! What this gateway does not do where Supabase knows people: its own sign-in, its own sessions, and its own users.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use chassis::http::Problem;
use http::StatusCode;

/// Everything under these is Supabase's.
const SIGN_IN: &str = "/auth/v1/";
const USERS: &str = "/api/v1/admin/users";
const SESSIONS: &str = "/api/v1/account/sessions";

/// Answers 404 with where to go instead; everything else passes.
pub(super) async fn refuse(State(issuer): State<String>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let detail = if route.starts_with(SIGN_IN) {
        format!("people sign in with Supabase here, at {issuer}")
    } else if route.starts_with(USERS) {
        "users are kept in Supabase here; make, change and disable them there, with the role in app_metadata.role"
            .into()
    } else if route.starts_with(SESSIONS) {
        "sessions are kept in Supabase here; sign out everywhere with its client to end all of yours".into()
    } else {
        return next.run(request).await;
    };
    Problem::new(StatusCode::NOT_FOUND, "supabase-mode", "Kept in Supabase")
        .detail(detail)
        .extra("auth_url", issuer)
        .extra("error_code", "supabase_mode")
        .into_response()
}
