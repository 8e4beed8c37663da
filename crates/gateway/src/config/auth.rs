//! The variables of sign-in and tokens.

use std::path::PathBuf;
use std::time::Duration;

use chassis::config::{ConfigProblems, Env, Reader, Secret, Setting};
use url::Url;

/// Shortest `SECRET_KEY`: 32 letters of hexadecimal are 128 bits.
const MIN_SECRET_KEY_LENGTH: usize = 32;

/// Who signs tokens and knows people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthMode {
    /// The gateway itself.
    Local,
    /// A Supabase project: `/auth/v1` is off here.
    Supabase,
}

impl AuthMode {
    /// The name in `/config.json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Supabase => "supabase",
        }
    }
}

impl Setting for AuthMode {
    const EXPECTED: &'static str = "local or supabase";

    fn read(text: &str) -> Option<Self> {
        [Self::Local, Self::Supabase].into_iter().find(|mode| mode.as_str() == text)
    }
}

/// Sign-in and tokens.
#[derive(Debug, Clone)]
pub struct AuthConfig {
    /// `AUTH_MODE`.
    pub mode: AuthMode,
    /// What `AUTH_MODE=supabase` needs.
    pub supabase: Option<SupabaseConfig>,
    /// `PUBLIC_URL`.
    pub public_url: Url,
    /// `SECRET_KEY`.
    pub secret_key: Secret<String>,
    /// `AUTH_KEYS_DIR`; empty where Supabase signs.
    pub keys_dir: PathBuf,
    /// `JWKS_FILE`; empty where Supabase signs.
    pub jwks_file: PathBuf,
    /// `ACCESS_TOKEN_TTL`.
    pub access_token_ttl: Duration,
    /// `REFRESH_TOKEN_TTL`.
    pub refresh_token_ttl: Duration,
    /// `INVITE_TTL`.
    pub invite_ttl: Duration,
    /// `RESET_TTL`.
    pub reset_ttl: Duration,
    /// `SESSION_CHECK_TTL`.
    pub session_check_ttl: Duration,
    /// `PASSWORD_HASHES_AT_ONCE`.
    pub password_hashes_at_once: usize,
}

/// The Supabase project that knows people.
#[derive(Debug, Clone)]
pub struct SupabaseConfig {
    /// `SUPABASE_URL`: the project's address.
    pub url: Url,
    /// `SUPABASE_ANON_KEY`: public; the web app needs it to sign people in.
    pub anon_key: Secret<String>,
    /// `JWT_SECRET_KEY`: verifies tokens of the legacy kind, HS256, and no others.
    pub legacy_secret: Option<Secret<String>>,
    /// `JWKS_MAX_STALE`: how long known keys are used while the project's cannot be fetched.
    pub max_stale: Duration,
    /// `JWKS_COOLDOWN`: between two fetches that unknown keys or failures cause.
    pub cooldown: Duration,
}

impl AuthConfig {
    /// Reads every variable.
    ///
    /// # Errors
    /// All problems at once.
    pub(super) fn read(env: &Env) -> Result<Self, ConfigProblems> {
        let mut read = env.reader();
        let mode = read.parse_or("AUTH_MODE", AuthMode::Local);
        let supabase = (mode == AuthMode::Supabase).then(|| SupabaseConfig::read(&mut read));
        let public_url = read.required::<Url>("PUBLIC_URL");
        let secret_key = read.required_secret("SECRET_KEY");
        let length = secret_key.as_ref().map_or(MIN_SECRET_KEY_LENGTH, |key| key.expose().len());
        let advice = format!("has {length} characters and needs at least {MIN_SECRET_KEY_LENGTH}; make one at random");
        read.check("SECRET_KEY", length >= MIN_SECRET_KEY_LENGTH, advice);
        let (keys_dir, jwks_file) = match mode {
            AuthMode::Local => (read.required("AUTH_KEYS_DIR"), read.required("JWKS_FILE")),
            AuthMode::Supabase => (Some(PathBuf::new()), Some(PathBuf::new())),
        };
        let access_token_ttl = read.parse_or("ACCESS_TOKEN_TTL", Duration::from_hours(1));
        let refresh_token_ttl = read.parse_or("REFRESH_TOKEN_TTL", Duration::from_hours(30 * 24));
        let invite_ttl = read.parse_or("INVITE_TTL", Duration::from_hours(7 * 24));
        let reset_ttl = read.parse_or("RESET_TTL", Duration::from_hours(24));
        let session_check_ttl = read.parse_or("SESSION_CHECK_TTL", Duration::from_secs(10));
        let password_hashes_at_once = read.parse_or("PASSWORD_HASHES_AT_ONCE", 2);
        read.check("PASSWORD_HASHES_AT_ONCE", password_hashes_at_once > 0, "must be at least 1");
        read.finish(|| {
            Some(Self {
                mode,
                supabase: match supabase {
                    Some(supabase) => Some(supabase?),
                    None => None,
                },
                public_url: public_url?,
                secret_key: secret_key?,
                keys_dir: keys_dir?,
                jwks_file: jwks_file?,
                access_token_ttl,
                refresh_token_ttl,
                invite_ttl,
                reset_ttl,
                session_check_ttl,
                password_hashes_at_once,
            })
        })
    }
}

impl SupabaseConfig {
    fn read(read: &mut Reader<'_>) -> Option<Self> {
        let url = read.required::<Url>("SUPABASE_URL");
        let anon_key = read.required_secret("SUPABASE_ANON_KEY");
        let legacy_secret = read.optional_secret("JWT_SECRET_KEY");
        let length = legacy_secret.as_ref().map_or(MIN_SECRET_KEY_LENGTH, |key| key.expose().len());
        let advice = format!("has {length} characters and needs at least {MIN_SECRET_KEY_LENGTH}; copy the project's");
        read.check("JWT_SECRET_KEY", length >= MIN_SECRET_KEY_LENGTH, advice);
        let max_stale = read.parse_or("JWKS_MAX_STALE", Duration::from_hours(24));
        let cooldown = read.parse_or("JWKS_COOLDOWN", Duration::from_secs(10));
        Some(Self { url: url?, anon_key: anon_key?, legacy_secret, max_stale, cooldown })
    }

    /// Who issues the project's tokens: `<SUPABASE_URL>/auth/v1`.
    #[must_use]
    pub fn issuer(&self) -> String {
        chassis::auth::issuer(&self.url)
    }
}

/// What `keys` is told.
#[derive(Debug, Clone)]
pub struct KeysConfig {
    /// `DATABASE_URL`: every step is written into the audit log.
    pub database_url: Secret<String>,
    /// `AUTH_KEYS_DIR`.
    pub keys_dir: PathBuf,
    /// `JWKS_FILE`.
    pub jwks_file: PathBuf,
    /// `ACCESS_TOKEN_TTL`.
    pub access_token_ttl: Duration,
}

impl KeysConfig {
    /// Reads every variable.
    ///
    /// # Errors
    /// All problems at once.
    pub fn read(env: &Env) -> Result<Self, ConfigProblems> {
        let mut read = env.reader();
        let database_url = read.required_secret("DATABASE_URL");
        let (keys_dir, jwks_file) = (read.required("AUTH_KEYS_DIR"), read.required("JWKS_FILE"));
        let access_token_ttl = read.parse_or("ACCESS_TOKEN_TTL", Duration::from_hours(1));
        read.finish(|| {
            Some(Self { database_url: database_url?, keys_dir: keys_dir?, jwks_file: jwks_file?, access_token_ttl })
        })
    }
}
