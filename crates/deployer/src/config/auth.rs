//! Whose tokens hold: the gateway's, by its public key file, or a Supabase project's.

use std::path::PathBuf;

use chassis::config::{ConfigProblems, Env, Secret, Setting};
use url::Url;

/// Who signs tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthMode {
    /// The gateway.
    Local,
    /// A Supabase project.
    Supabase,
}

impl Setting for AuthMode {
    const EXPECTED: &'static str = "local or supabase";

    fn read(text: &str) -> Option<Self> {
        match text {
            "local" => Some(Self::Local),
            "supabase" => Some(Self::Supabase),
            _ => None,
        }
    }
}

/// Whose tokens hold.
#[derive(Debug, Clone)]
pub enum AuthConfig {
    /// `AUTH_MODE=local`: `JWKS_FILE`, which the gateway writes. It holds while the gateway is away.
    Local(PathBuf),
    /// `AUTH_MODE=supabase`.
    Supabase(SupabaseConfig),
}

/// The Supabase project that knows people.
#[derive(Debug, Clone)]
pub struct SupabaseConfig {
    /// `SUPABASE_URL`.
    pub url: Url,
    /// `JWT_SECRET_KEY`: verifies tokens of the legacy kind.
    pub legacy_secret: Option<Secret<String>>,
}

impl AuthConfig {
    pub(super) fn read(env: &Env) -> Result<Self, ConfigProblems> {
        let mut read = env.reader();
        match read.parse_or("AUTH_MODE", AuthMode::Local) {
            AuthMode::Local => {
                let file = read.required("JWKS_FILE");
                read.finish(|| Some(Self::Local(file?)))
            }
            AuthMode::Supabase => {
                let url = read.required("SUPABASE_URL");
                let legacy_secret = read.optional_secret("JWT_SECRET_KEY");
                read.finish(|| Some(Self::Supabase(SupabaseConfig { url: url?, legacy_secret })))
            }
        }
    }
}
