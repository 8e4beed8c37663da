//! `GET /internal/mlflow-access`: whether nginx may pass a request on to MLflow (`auth_request`).
//!
//! Not part of the API: nginx routes no client to it (`nginx/mlflow.conf`), and it tells nothing but yes or no about a cookie
//! that the asker holds. It reads the cookie alone; a bearer token is nothing here.

use axum::extract::State;
use chassis::http::Problem;
use domain::people::PlatformRole;
use http::{HeaderMap, Method, StatusCode, header};

use crate::config::AuthMode;
use crate::error::Result;
use crate::people::mlflow_session::MlflowSession;
use crate::state::AppState;

/// Where nginx asks.
pub(super) const PATH: &str = "/internal/mlflow-access";

/// 204: pass it on. 401: no valid cookie. 403: no admin any more, or a write from another site.
pub(super) async fn mlflow_access(State(state): State<AppState>, headers: HeaderMap) -> Result<StatusCode> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let (key, public_url) = (&state.link_key, &state.config.auth.public_url);
    let Some(session) = MlflowSession::read(cookies, key, public_url, state.clock.now()) else {
        return Err(Problem::unauthorized("open MLflow from the web app").into());
    };
    if !is_own_site(&headers) {
        return Err(Problem::forbidden("MLflow is changed from its own pages alone").into());
    }
    if !is_still_admin(&state, &session).await? {
        return Err(Problem::forbidden("MLflow is open to admins alone").into());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// What changes something comes from the very site: by what the browser says of the two (`Sec-Fetch-Site`), else by the
/// origin, which must be the host that was asked. A request that says neither is no browser's, and has no business here.
fn is_own_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS];
    if text("x-original-method").is_some_and(|method| reads.iter().any(|read| read.as_str() == method)) {
        return true;
    }
    let origin = text("origin").map(|origin| origin.split_once("://").map_or("", |(_, host)| host));
    let host = text("host").unwrap_or_default();
    match (text("sec-fetch-site"), origin) {
        (Some(site), None) => site == "same-origin",
        (Some(site), Some(origin)) => site == "same-origin" && origin == host,
        (None, Some(origin)) => origin == host,
        (None, None) => false,
    }
}

/// Supabase's people have no row here: what the token said when the cookie was asked for holds until it expires.
async fn is_still_admin(state: &AppState, session: &MlflowSession) -> Result<bool> {
    if state.config.auth.mode == AuthMode::Supabase {
        return Ok(true);
    }
    let Some(id) = session.session else { return Ok(false) };
    if !state.store.session_is_live(id, session.user).await? {
        return Ok(false);
    }
    let user = state.store.user(session.user).await?;
    Ok(user.is_some_and(|user| user.role == PlatformRole::Admin && user.disabled_at.is_none()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert("host", "e2i.example".parse().unwrap());
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        is_own_site(&headers)
    }

    #[test]
    fn writes_come_from_the_same_site_or_not_at_all() {
        let get = ("x-original-method", "GET");
        let post = ("x-original-method", "POST");
        assert!(asked(&[get]) && asked(&[get, ("sec-fetch-site", "cross-site")]));
        assert!(asked(&[post, ("sec-fetch-site", "same-origin")]));
        assert!(asked(&[post, ("origin", "https://e2i.example")]));
        assert!(!asked(&[post]), "says nothing");
        assert!(!asked(&[]), "of an unknown kind");
        assert!(!asked(&[post, ("origin", "https://evil.example")]));
        assert!(!asked(&[post, ("origin", "null")]));
        assert!(!asked(&[post, ("sec-fetch-site", "cross-site"), ("origin", "https://e2i.example")]));
        assert!(!asked(&[post, ("sec-fetch-site", "same-site")]));
        assert!(!asked(&[post, ("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")]));
    }
}
