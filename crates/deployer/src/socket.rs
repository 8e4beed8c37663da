//! A socket in the state folder, for whoever is root on the machine: the way in when nobody can sign in, because the gateway
//! that signs people in is what has to be rolled back.
//!
//! The same routes answer. Who can open the file (mode 0600, reached by `docker exec` alone) already holds the Docker socket
//! and with it everything, so they count as an admin who has just signed in, under the name in [`OPERATOR`].

use std::io;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use chassis::auth::{Caller, Claims, Role};
use chassis::clock::SharedClock;
use chassis::lifecycle::Shutdown;
use chrono::TimeDelta;
use tokio::net::UnixListener;
use uuid::Uuid;

/// Under which name their orders stand in the journal.
pub const OPERATOR: &str = "operator on the server";

/// Where the socket is.
#[must_use]
pub fn path(state_dir: &Path) -> PathBuf {
    state_dir.join("deployer.sock")
}

/// Opens the socket, in place of one that a killed deployer left. Call it while holding the folder's lock.
///
/// # Errors
/// The folder cannot be written, or what stands there is no socket.
pub fn open(state_dir: &Path) -> anyhow::Result<UnixListener> {
    let path = path(state_dir);
    match std::fs::symlink_metadata(&path) {
        Ok(found) if found.file_type().is_socket() => {
            std::fs::remove_file(&path).with_context(|| format!("remove {}", path.display()))?;
        }
        Ok(_) => anyhow::bail!("{} is no socket; move it away", path.display()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("look at {}", path.display())),
    }
    let listener = UnixListener::bind(&path).with_context(|| format!("listen on {}", path.display()))?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))
        .with_context(|| format!("close {} to others", path.display()))?;
    Ok(listener)
}

/// Serves the routes to the operator until `shutdown` is soft.
///
/// # Errors
/// The listener cannot be used any more.
pub async fn serve(listener: UnixListener, router: Router, clock: SharedClock, shutdown: Shutdown) -> io::Result<()> {
    let router = router.layer(from_fn_with_state(clock, as_operator));
    axum::serve(listener, router).with_graceful_shutdown(async move { shutdown.soft.cancelled().await }).await
}

async fn as_operator(
    axum::extract::State(clock): axum::extract::State<SharedClock>,
    mut request: Request,
    next: Next,
) -> Response {
    let now = clock.now();
    let claims = Claims {
        subject: Uuid::nil(),
        email: Some(OPERATOR.to_owned()),
        role: Role::Admin,
        session_id: None,
        expires_at: now + TimeDelta::days(1),
        assurance_level: None,
        signed_in_at: Some(now),
    };
    request.extensions_mut().insert(Caller { claims });
    next.run(request).await
}
