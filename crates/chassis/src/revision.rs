//! Which build is running: the deployer's probes expect it in every readiness answer.

use crate::config::Env;

/// The commit this image was built from: `E2I_REVISION`, set in the image's last layer, or `dev`.
#[must_use]
pub fn of(env: &Env) -> String {
    env.get("E2I_REVISION").unwrap_or("dev").to_owned()
}
