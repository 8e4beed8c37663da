//! What the API is told: whose tokens hold, how often somebody may ask, which other origins may. The same variables as
//! the gateway's and the deployer's.

use std::net::SocketAddr;
use std::path::PathBuf;

use axum::http::HeaderValue;
use chassis::config::{ConfigProblems, Env, Reader, Secret, Setting};
use chassis::http::rate::Cidr;
use url::Url;

/// What the API is told.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// `PUBLIC_URL`: where people open the platform.
    pub public_url: Url,
    /// Whose tokens hold.
    pub auth: AuthConfig,
    /// How often somebody may ask.
    pub rates: RateConfig,
    /// `CORS_ORIGINS`: other origins whose scripts may ask.
    pub cors_origins: Vec<HeaderValue>,
}

/// Whose tokens hold.
#[derive(Debug, Clone)]
pub enum AuthConfig {
    /// `AUTH_MODE=local`: `JWKS_FILE`, which the gateway writes. It holds while the gateway is away.
    Local(PathBuf),
    /// `AUTH_MODE=supabase`: `SUPABASE_URL`, and `JWT_SECRET_KEY` for tokens of the legacy kind.
    Supabase {
        /// The project.
        url: Url,
        /// Verifies tokens of the legacy kind.
        legacy_secret: Option<Secret<String>>,
    },
}

/// How often somebody may ask; 0 is no limit.
#[derive(Debug, Clone)]
pub struct RateConfig {
    /// `TRUSTED_PROXIES`: whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<Cidr>,
    /// `RATE_LIMIT_ADDRESS_PER_MINUTE`: requests of one network address.
    pub address_per_minute: u32,
    /// `RATE_LIMIT_USER_PER_MINUTE`: requests of one person.
    pub user_per_minute: u32,
}

/// Who signs tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AuthMode {
    Local,
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

impl HttpConfig {
    /// Reads every variable. Where only this machine can reach `listen`, its proxies are trusted; on any other address
    /// nobody is, until somebody is named.
    ///
    /// # Errors
    /// All problems at once.
    pub fn read(env: &Env, listen: SocketAddr) -> Result<Self, ConfigProblems> {
        let mut read = env.reader();
        let public_url = read.required("PUBLIC_URL");
        let auth = auth(&mut read);
        let trusted = if listen.ip().is_loopback() { Cidr::loopback() } else { Vec::new() };
        let rates = RateConfig {
            trusted_proxies: read.parse_or("TRUSTED_PROXIES", trusted),
            address_per_minute: read.parse_or("RATE_LIMIT_ADDRESS_PER_MINUTE", 1_200),
            user_per_minute: read.parse_or("RATE_LIMIT_USER_PER_MINUTE", 600),
        };
        let cors_origins = cors_origins(&mut read);
        read.finish(|| Some(Self { public_url: public_url?, auth: auth?, rates, cors_origins }))
    }
}

fn auth(read: &mut Reader<'_>) -> Option<AuthConfig> {
    match read.parse_or("AUTH_MODE", AuthMode::Local) {
        AuthMode::Local => Some(AuthConfig::Local(read.required("JWKS_FILE")?)),
        AuthMode::Supabase => {
            let url = read.required("SUPABASE_URL");
            let legacy_secret = read.optional_secret("JWT_SECRET_KEY");
            Some(AuthConfig::Supabase { url: url?, legacy_secret })
        }
    }
}

/// Origins are compared letter by letter, so a path or a slash at the end would never match.
fn cors_origins(read: &mut Reader<'_>) -> Vec<HeaderValue> {
    let origins: Vec<Url> = read.parse_or("CORS_ORIGINS", Vec::new());
    let mut values = Vec::new();
    for origin in origins {
        let text = origin.origin().ascii_serialization();
        match HeaderValue::from_str(&text) {
            Ok(value) if origin.path() == "/" && text != "null" => values.push(value),
            _ => read.problem("CORS_ORIGINS", format!("{origin} is no origin; expected e.g. https://app.example.org")),
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<HttpConfig, ConfigProblems> {
        let env = Env::from_pairs([("PUBLIC_URL", "https://e2i.example.org"), ("JWKS_FILE", "/keys/jwks.json")]);
        let env = pairs.iter().fold(env, |env, (name, value)| env.with(name, *value));
        HttpConfig::read(&env, SocketAddr::from(([0, 0, 0, 0], 8020)))
    }

    #[test]
    fn nobody_is_a_proxy_until_named_where_others_can_connect() {
        assert!(read(&[]).unwrap().rates.trusted_proxies.is_empty());
        assert_eq!(read(&[("TRUSTED_PROXIES", "172.20.0.0/16")]).unwrap().rates.trusted_proxies.len(), 1);
    }

    #[test]
    fn all_problems_come_at_once() {
        let wrong = [("CORS_ORIGINS", "https://a.example/app"), ("AUTH_MODE", "supabase"), ("TRUSTED_PROXIES", "x")];
        let problems = read(&wrong).unwrap_err().to_string();
        for name in ["CORS_ORIGINS", "SUPABASE_URL", "TRUSTED_PROXIES"] {
            assert!(problems.contains(name), "{name} is not in {problems}");
        }
    }
}
