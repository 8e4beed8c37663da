//! Git's smart HTTP by `git http-backend`, for whoever has the token.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;

use anyhow::{Context, bail};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use http::{HeaderName, HeaderValue, StatusCode, header};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// A fetch asks with a list of what it has.
const LARGEST_QUESTION: usize = 64 << 20;

struct Backend {
    root: PathBuf,
    token: String,
}

/// Serves the bare repositories below `root` to those who name the token as their password.
pub fn git(root: PathBuf, token: String) -> Router {
    Router::new().fallback(answer).with_state(Arc::new(Backend { root, token }))
}

async fn answer(State(backend): State<Arc<Backend>>, request: Request) -> Response {
    if !backend.lets_in(&request) {
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Basic realm=\"git\"")]).into_response();
    }
    match backend.ask(request).await {
        Ok(response) => response,
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}\n")).into_response(),
    }
}

impl Backend {
    fn lets_in(&self, request: &Request) -> bool {
        let said = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let basic = said.and_then(|said| said.strip_prefix("Basic "));
        let plain = basic.and_then(|text| base64::engine::general_purpose::STANDARD.decode(text).ok());
        let plain = plain.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        plain.split_once(':').is_some_and(|(_, password)| password == self.token)
    }

    /// The common gateway interface (RFC 3875), as far as git uses it.
    async fn ask(&self, request: Request) -> anyhow::Result<Response> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, LARGEST_QUESTION).await.context("read the question")?;
        let of = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut command = Command::new("git");
        command
            .arg("http-backend")
            .env("GIT_PROJECT_ROOT", &self.root)
            .env("GIT_HTTP_EXPORT_ALL", "1")
            .env("REMOTE_USER", "deployer")
            .env("REQUEST_METHOD", parts.method.as_str())
            .env("PATH_INFO", parts.uri.path())
            .env("QUERY_STRING", parts.uri.query().unwrap_or_default())
            .env("CONTENT_TYPE", of(header::CONTENT_TYPE))
            .env("CONTENT_LENGTH", body.len().to_string())
            .env("HTTP_CONTENT_ENCODING", of(header::CONTENT_ENCODING))
            .env("GIT_PROTOCOL", of(HeaderName::from_static("git-protocol")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().context("run git http-backend")?;
        let mut input = child.stdin.take().context("its standard input")?;
        // A small question, which fits the pipe, or one that git reads while it comes.
        let written = tokio::spawn(async move { input.write_all(&body).await });
        let output = child.wait_with_output().await.context("git http-backend")?;
        // Git may have had enough before the end.
        let _ = written.await;
        response(&output.stdout)
    }
}

fn response(output: &[u8]) -> anyhow::Result<Response> {
    let end = output.windows(4).position(|window| window == b"\r\n\r\n").context("git http-backend gave no head")?;
    let head = String::from_utf8_lossy(&output[..end]).into_owned();
    let mut response = Response::new(Body::from(output[end + 4..].to_vec()));
    for line in head.lines() {
        let Some((name, value)) = line.split_once(':') else { bail!("git http-backend said `{line}`") };
        let value = value.trim();
        if name.eq_ignore_ascii_case("status") {
            let code = value.split(' ').next().unwrap_or_default();
            *response.status_mut() = code.parse().with_context(|| format!("`{value}` is no status"))?;
        } else {
            response.headers_mut().append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        }
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_becomes_status_and_headers() {
        let answer = response(b"Status: 404 Not Found\r\nContent-Type: text/plain\r\n\r\nnothing").unwrap();
        assert_eq!(answer.status(), 404);
        assert_eq!(answer.headers()["content-type"], "text/plain");
    }
}
