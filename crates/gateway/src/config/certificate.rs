//! What kind of certificate the server in front has, as the web app is to say it.

use chassis::config::Reader;
use chassis::telemetry::AppEnv;
use serde::Serialize;
use utoipa::ToSchema;

/// The kind of certificate that browsers meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Certificate {
    /// Made by the server itself: browsers warn about it.
    SelfSigned,
    /// A certificate authority's, for the name in `DOMAIN`.
    Trusted,
}

impl Certificate {
    /// From `DOMAIN` and `APP_ENV`: a server with a name gets an authority's, one without signs its own. A developer's
    /// machine is asked over loopback, where there is nothing to say.
    pub(super) fn read(read: &mut Reader<'_>) -> Option<Self> {
        let domain: Option<String> = read.optional("DOMAIN");
        match (domain, read.parse_or("APP_ENV", AppEnv::Development)) {
            (Some(_), _) => Some(Self::Trusted),
            (None, AppEnv::Production) => Some(Self::SelfSigned),
            (None, AppEnv::Development) => None,
        }
    }
}
