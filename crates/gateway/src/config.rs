//! The gateway's variables; `docs/gateway.md` explains them to operators.

mod auth;
mod certificate;
mod disk;
mod rates;

use std::net::SocketAddr;
use std::time::Duration;

use chassis::config::{ByteSize, ConfigProblems, Env, Reader, Secret};
use chassis::revision;
use http::HeaderValue;
use store::schema::Patience;
use tables::objects;
use url::Url;

pub use auth::{AuthConfig, AuthMode, KeysConfig, SupabaseConfig};
pub use certificate::Certificate;
pub use disk::DiskConfig;
pub use rates::RateConfig;

/// Everything the running gateway is told.
#[derive(Debug, Clone)]
pub struct Config {
    /// `GATEWAY_LISTEN`.
    pub listen: SocketAddr,
    /// `GATEWAY_PRIVATE_LISTEN`.
    pub private_listen: SocketAddr,
    /// `DATABASE_URL`.
    pub database_url: Secret<String>,
    /// `DATABASE_MAX_CONNECTIONS`.
    pub database_max_connections: u32,
    /// `REDIS_URL`.
    pub redis_url: Secret<String>,
    /// `REDIS_KEY_PREFIX`.
    pub redis_key_prefix: String,
    /// `OBJECT_STORE_URL`.
    pub object_store_url: String,
    /// `DO_SPACES_KEY`, `DO_SPACES_SECRET`, `DO_SPACES_ENDPOINT`, for a bucket.
    pub object_store_options: objects::Options,
    /// `UPLOAD_MAX_BYTES`: of a table, as it arrives and decompressed.
    pub upload_max_bytes: u64,
    /// `UPLOAD_MAX_COLUMNS`.
    pub upload_max_columns: usize,
    /// `UPLOADS_AT_ONCE`.
    pub uploads_at_once: usize,
    /// How full the disk of uploads may be.
    pub uploads_disk: DiskConfig,
    /// `UPLOADS_OPEN_PER_PERSON`: resumable ones that are not complete.
    pub uploads_open_per_person: u32,
    /// `ANALYSIS_MEMORY_LIMIT_MIB`, in bytes: an analysis expected to need more is refused.
    pub analysis_memory_limit_bytes: u64,
    /// `EVENTS_HEARTBEAT`: how often a stream of events says that it lives and is compared with Postgres.
    pub events_heartbeat: Duration,
    /// `DISPATCH_WINDOW`: at most so many queued jobs of a class and priority are on Redis.
    pub dispatch_window: u32,
    /// `JOBS_RUNNING_PER_OWNER`: at most so many analyses of one owner run or stand on Redis.
    pub jobs_running_per_owner: u32,
    /// `JOBS_QUEUED_PER_OWNER`: more analyses of one owner are answered 429.
    pub jobs_queued_per_owner: u32,
    /// `WRITE_TIMEOUT`: how long a client may take nothing of an answer.
    pub write_timeout: Duration,
    /// `MAX_CONNECTIONS`.
    pub max_connections: usize,
    /// `MAX_REQUESTS_IN_FLIGHT`.
    pub max_in_flight: usize,
    /// `CORS_ORIGINS`.
    pub cors_origins: Vec<HeaderValue>,
    /// Whether `MLFLOW_TRACKING_URI` is set: workers log there, admins look at it.
    pub has_mlflow: bool,
    /// Whether `OTEL_EXPORTER_OTLP_ENDPOINT` is set: traces are kept, and browsers begin them.
    pub has_traces: bool,
    /// `DEPLOYMENTS`: whether a deployer stands beside.
    pub has_deployer: bool,
    /// `DOMAIN` and `APP_ENV`: what browsers think of the certificate, where there is one.
    pub certificate: Option<Certificate>,
    /// `E2I_REVISION`.
    pub revision: String,
    /// How often somebody may ask.
    pub rates: RateConfig,
    /// Sign-in and tokens.
    pub auth: AuthConfig,
}

/// What `migrate` is told.
#[derive(Debug, Clone)]
pub struct MigrateConfig {
    /// `MIGRATE_DATABASE_URL`, else `DATABASE_URL`.
    pub database_url: Secret<String>,
    /// `MIGRATE_LOCK_TIMEOUT`, `MIGRATE_TRIES`.
    pub patience: Patience,
}

/// A person that `bootstrap` makes.
#[derive(Debug, Clone)]
pub struct FirstPerson {
    /// `ADMIN_EMAIL` or `CANARY_EMAIL`.
    pub email: String,
    /// `ADMIN_PASSWORD` or `CANARY_PASSWORD`.
    pub password: Secret<String>,
}

/// What `bootstrap` is told.
#[derive(Debug, Clone)]
pub struct BootstrapConfig {
    /// `DATABASE_URL`.
    pub database_url: Secret<String>,
    /// The first admin.
    pub admin: FirstPerson,
    /// The release's smoke test; optional.
    pub canary: Option<FirstPerson>,
}

impl Config {
    /// Reads every variable.
    ///
    /// # Errors
    /// All problems at once.
    pub fn read(env: &Env) -> Result<Self, ConfigProblems> {
        let mut read = env.reader();
        let auth = read.absorb(AuthConfig::read(env));
        let database_url = read.required_secret("DATABASE_URL");
        let redis_url = read.required_secret("REDIS_URL");
        let object_store_url = read.required("OBJECT_STORE_URL");
        let object_store_options = object_store_options(&mut read);
        let listen = read.parse_or("GATEWAY_LISTEN", SocketAddr::from(([127, 0, 0, 1], 8000)));
        let rates = read.absorb(RateConfig::read(env, listen));
        let private_listen = read.parse_or("GATEWAY_PRIVATE_LISTEN", SocketAddr::from(([127, 0, 0, 1], 9000)));
        let database_max_connections = read.parse_or("DATABASE_MAX_CONNECTIONS", 10);
        read.check("DATABASE_MAX_CONNECTIONS", database_max_connections > 1, "must be at least 2");
        let redis_key_prefix = read.parse_or("REDIS_KEY_PREFIX", "e2i:".to_owned());
        let ByteSize(upload_max_bytes) = read.parse_or("UPLOAD_MAX_BYTES", ByteSize(2 << 30));
        let upload_max_columns = read.parse_or("UPLOAD_MAX_COLUMNS", 10_000);
        let (uploads_at_once, uploads_open_per_person) = upload_counts(&mut read);
        let uploads_disk = DiskConfig::read(&mut read);
        let analysis_memory_limit_mib: u32 = read.parse_or("ANALYSIS_MEMORY_LIMIT_MIB", 8192);
        read.check("ANALYSIS_MEMORY_LIMIT_MIB", analysis_memory_limit_mib > 0, "must be at least 1; 8192 is usual");
        let events_heartbeat = read.parse_or("EVENTS_HEARTBEAT", Duration::from_secs(15));
        read.check("EVENTS_HEARTBEAT", events_heartbeat >= Duration::from_millis(100), "must be at least 100ms");
        let (dispatch_window, jobs_running_per_owner, jobs_queued_per_owner) = dispatch_limits(&mut read);
        let write_timeout = read.parse_or("WRITE_TIMEOUT", Duration::from_mins(1));
        let max_connections = read.parse_or("MAX_CONNECTIONS", 4096);
        let max_in_flight = read.parse_or("MAX_REQUESTS_IN_FLIGHT", 512);
        let cors_origins = cors_origins(&mut read);
        let (has_mlflow, has_traces, has_deployer) = neighbours(&mut read);
        let certificate = Certificate::read(&mut read);
        read.finish(|| {
            Some(Self {
                listen,
                private_listen,
                database_url: database_url?,
                database_max_connections,
                redis_url: redis_url?,
                redis_key_prefix,
                object_store_url: object_store_url?,
                object_store_options,
                upload_max_bytes,
                upload_max_columns,
                uploads_at_once,
                uploads_disk,
                uploads_open_per_person,
                analysis_memory_limit_bytes: u64::from(analysis_memory_limit_mib) << 20,
                events_heartbeat,
                dispatch_window,
                jobs_running_per_owner,
                jobs_queued_per_owner,
                write_timeout,
                max_connections,
                max_in_flight,
                cors_origins,
                has_mlflow,
                has_traces,
                has_deployer,
                certificate,
                revision: revision::of(env),
                rates: rates?,
                auth: auth?,
            })
        })
    }
}

impl MigrateConfig {
    /// Reads every variable.
    ///
    /// # Errors
    /// All problems at once.
    pub fn read(env: &Env) -> Result<Self, ConfigProblems> {
        let mut read = env.reader();
        let own = read.optional_secret("MIGRATE_DATABASE_URL");
        let database_url = if own.is_some() { own } else { read.required_secret("DATABASE_URL") };
        let usual = Patience::default();
        let lock_timeout = read.parse_or("MIGRATE_LOCK_TIMEOUT", usual.lock_timeout);
        read.check("MIGRATE_LOCK_TIMEOUT", !lock_timeout.is_zero(), "must be at least 1ms; 3s is usual");
        let tries = read.parse_or("MIGRATE_TRIES", usual.tries);
        read.check("MIGRATE_TRIES", tries > 0, "must be at least 1; 10 is usual");
        let patience = Patience { lock_timeout, tries, ..usual };
        read.finish(|| Some(Self { database_url: database_url?, patience }))
    }
}

impl BootstrapConfig {
    /// Reads every variable.
    ///
    /// # Errors
    /// All problems at once.
    pub fn read(env: &Env) -> Result<Self, ConfigProblems> {
        let mut read = env.reader();
        let database_url = read.required_secret("DATABASE_URL");
        let admin_email = read.required("ADMIN_EMAIL");
        let admin_password = read.required_secret("ADMIN_PASSWORD");
        let canary_email = read.optional("CANARY_EMAIL");
        let canary_password = match canary_email {
            Some(_) => read.required_secret("CANARY_PASSWORD"),
            None => None,
        };
        read.finish(|| {
            let person = |email, password| FirstPerson { email, password };
            Some(Self {
                database_url: database_url?,
                admin: person(admin_email?, admin_password?),
                canary: canary_email.zip(canary_password).map(|(email, password)| person(email, password)),
            })
        })
    }
}

fn object_store_options(read: &mut Reader<'_>) -> objects::Options {
    objects::Options {
        key: read.optional_secret("DO_SPACES_KEY").map(|key| key.expose().clone()),
        secret: read.optional_secret("DO_SPACES_SECRET").map(|secret| secret.expose().clone()),
        endpoint: read.optional("DO_SPACES_ENDPOINT"),
        region: None,
    }
}

/// Uploads at once, and open ones of one person.
fn upload_counts(read: &mut Reader<'_>) -> (usize, u32) {
    let uploads_at_once = read.parse_or("UPLOADS_AT_ONCE", 16);
    read.check("UPLOADS_AT_ONCE", uploads_at_once > 0, "must be at least 1; each holds up to 24 MiB");
    let uploads_open_per_person = read.parse_or("UPLOADS_OPEN_PER_PERSON", 20);
    read.check("UPLOADS_OPEN_PER_PERSON", uploads_open_per_person > 0, "must be at least 1; 20 is usual");
    (uploads_at_once, uploads_open_per_person)
}

/// What else is there: MLflow, a collector of traces, a deployer.
fn neighbours(read: &mut Reader<'_>) -> (bool, bool, bool) {
    let has_mlflow = read.optional::<Url>("MLFLOW_TRACKING_URI").is_some();
    let has_traces = read.optional::<Url>("OTEL_EXPORTER_OTLP_ENDPOINT").is_some();
    (has_mlflow, has_traces, read.parse_or("DEPLOYMENTS", false))
}

/// The window of a stream, and one person's analyses in flight and queued.
fn dispatch_limits(read: &mut Reader<'_>) -> (u32, u32, u32) {
    let window = read.parse_or("DISPATCH_WINDOW", 256);
    read.check("DISPATCH_WINDOW", (1..=1024).contains(&window), "must be 1 to 1024; 256 is usual");
    let running = read.parse_or("JOBS_RUNNING_PER_OWNER", 512);
    read.check("JOBS_RUNNING_PER_OWNER", running > 0, "must be at least 1; 512 is usual");
    let queued = read.parse_or("JOBS_QUEUED_PER_OWNER", 50_000);
    read.check("JOBS_QUEUED_PER_OWNER", queued > 0, "must be at least 1; 50000 is usual");
    (window, running, queued)
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

    fn complete() -> Env {
        Env::from_pairs([
            ("DATABASE_URL", "postgresql://e2i:hunter2@localhost/e2i"),
            ("REDIS_URL", "redis://localhost"),
            ("OBJECT_STORE_URL", "/tmp/objects"),
            ("PUBLIC_URL", "https://e2i.example.org"),
            ("SECRET_KEY", "0123456789abcdef0123456789abcdef"),
            ("AUTH_KEYS_DIR", "/tmp/keys"),
            ("JWKS_FILE", "/tmp/jwks.json"),
        ])
    }

    #[test]
    fn defaults_suffice_beside_what_must_be_said() {
        let config = Config::read(&complete()).unwrap();
        assert_eq!(config.listen.port(), 8000);
        assert_eq!(config.auth.access_token_ttl, Duration::from_hours(1));
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn every_missing_variable_is_named_at_once() {
        let problems = Config::read(&Env::default()).unwrap_err().to_string();
        for name in ["DATABASE_URL", "REDIS_URL", "OBJECT_STORE_URL", "PUBLIC_URL", "SECRET_KEY", "AUTH_KEYS_DIR"] {
            assert!(problems.contains(name), "{name} in {problems}");
        }
    }

    #[test]
    fn supabase_needs_its_address_and_key_and_no_keys_of_ours() {
        let env = complete().with("AUTH_MODE", "supabase").with("AUTH_KEYS_DIR", "").with("JWKS_FILE", "");
        let problems = Config::read(&env).unwrap_err().to_string();
        assert!(problems.contains("SUPABASE_URL") && problems.contains("SUPABASE_ANON_KEY"), "{problems}");
        assert!(!problems.contains("AUTH_KEYS_DIR"), "{problems}");
        let env = env.with("SUPABASE_URL", "https://abc.supabase.co").with("SUPABASE_ANON_KEY", "public");
        let auth = Config::read(&env).unwrap().auth;
        assert_eq!(auth.supabase.unwrap().issuer(), "https://abc.supabase.co/auth/v1");
    }

    #[test]
    fn a_server_without_a_name_signs_its_own_certificate() {
        let certificate = |env: &Env| Config::read(env).unwrap().certificate;
        assert_eq!(certificate(&complete()), None);
        let production = complete().with("APP_ENV", "production").with("DOMAIN", " ");
        assert_eq!(certificate(&production), Some(Certificate::SelfSigned));
        assert_eq!(certificate(&production.with("DOMAIN", "e2i.example.org")), Some(Certificate::Trusted));
    }

    #[test]
    fn a_short_secret_key_and_an_origin_with_a_path_are_refused_without_telling_the_key() {
        let env = complete().with("SECRET_KEY", "changeme").with("CORS_ORIGINS", "https://a.example/app");
        let problems = Config::read(&env).unwrap_err().to_string();
        assert!(problems.contains("has 8 characters"), "{problems}");
        assert!(problems.contains("https://a.example/app is no origin"), "{problems}");
        assert!(!problems.contains("changeme"));
    }
}
