//! The whole of a clone's platform: its own Postgres and Redis, the services on them, and nginx before those.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;

use anyhow::{Context, bail};
use chassis::entropy::SharedEntropy;
use servers::{Account, Folder, Postgres, PostgresOptions, Programs, RandomBytes, Redis, RedisOptions};
use tokio::task::spawn_blocking;

use crate::home::{Home, relink};
use crate::platform::{Addresses, Backends, HealthAddresses, Platform, PlatformOptions, Sink, random_bytes};
use crate::running::{Claim, Running};

const DATABASE: &str = "e2i";
const KEY_PREFIX: &str = "e2i:";

/// What a stack is started with.
pub struct StackOptions {
    /// The clone's `.local` folder.
    pub local: PathBuf,
    /// The `e2i` program.
    pub program: PathBuf,
    /// The variables of this process: addresses are read from it, the rest reaches the services.
    pub environment: Vec<(String, String)>,
    /// Where the services' lines go.
    pub sink: Sink,
    /// Where passwords and keys come from.
    pub entropy: SharedEntropy,
}

/// A running stack; one per clone.
pub struct Stack {
    postgres: Postgres,
    redis: Redis,
    platform: Platform,
    running: Running,
    /// Given back last.
    _claim: Claim,
}

impl Stack {
    /// Starts everything and returns when all of it is ready.
    ///
    /// # Errors
    /// When a part does not start.
    pub async fn start(claim: Claim, options: StackOptions) -> anyhow::Result<Self> {
        let StackOptions { local, program, environment, sink, entropy } = options;
        let random = random_bytes(&entropy);
        let preparation = {
            let (local, entropy) = (local.clone(), SharedEntropy::clone(&entropy));
            move || -> anyhow::Result<_> {
                let programs = servers::ensure_installed()?;
                let home = Home::in_clone(&local, Account::for_servers()?, entropy.as_ref())?;
                home.end_leftovers()?;
                Ok((programs, home))
            }
        };
        let (programs, home) = spawn_blocking(preparation).await.context("a thread ended early")??;
        let (postgres, redis) = tokio::try_join!(
            start_postgres(&programs, &home, &environment, &random),
            start_redis(&programs, &home, &environment, &random),
        )?;
        let backends = Backends {
            database_url: postgres.url(DATABASE),
            redis_url: redis.url(),
            key_prefix: KEY_PREFIX.to_owned(),
        };
        let addresses = addresses(&environment, &random)?;
        let deployer_port = addresses.deployer.map(|address| address.port());
        let platform =
            Platform::start(PlatformOptions { program, home, backends, addresses, environment, sink, entropy }).await?;
        let password_link = local.join("admin-password");
        relink(&platform.admin().password_file, &password_link)?;
        let running = Running {
            pid: std::process::id(),
            public_url: platform.public_url().to_owned(),
            admin_email: platform.admin().email.clone(),
            admin_password_file: std::path::absolute(password_link).context("find the password's link")?,
            deployer_port,
        };
        claim.publish(&running)?;
        Ok(Self { postgres, redis, platform, running, _claim: claim })
    }

    /// What others are told of it.
    #[must_use]
    pub fn running(&self) -> &Running {
        &self.running
    }

    /// The services.
    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Starts Postgres, Redis or nginx again when it dies (the services keep themselves running); returns, with the reason,
    /// when something cannot be mended.
    pub async fn keep(&self, sink: &Sink) -> String {
        let postgres = async {
            loop {
                self.postgres.ended().await;
                sink("postgres", "ended; starting it again");
                if let Err(error) = self.postgres.restart().await {
                    return format!("Postgres cannot be started again: {error:#}");
                }
            }
        };
        let redis = async {
            loop {
                self.redis.ended().await;
                sink("redis", "ended; starting it again");
                if let Err(error) = self.redis.restart().await {
                    return format!("Redis cannot be started again: {error:#}");
                }
            }
        };
        let nginx = async {
            let Some(nginx) = self.platform.nginx() else { return std::future::pending().await };
            loop {
                nginx.ended().await;
                sink("nginx", "ended; starting it again");
                if let Err(error) = nginx.restart().await {
                    return format!("nginx cannot be started again: {error:#}");
                }
            }
        };
        tokio::select! {
            reason = postgres => reason,
            reason = redis => reason,
            reason = nginx => reason,
            reason = self.platform.gave_up() => reason,
        }
    }

    /// Stops everything in order: services, then what they stand on.
    ///
    /// # Errors
    /// When a server's stop could not be waited for.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.platform.stop().await;
        tokio::try_join!(self.postgres.stop(), self.redis.stop())?;
        Ok(())
    }
}

async fn start_postgres(
    programs: &Programs,
    home: &Home,
    environment: &[(String, String)],
    random: &RandomBytes,
) -> anyhow::Result<Postgres> {
    let folder = Folder::open(&home.path().join("postgres"), home.account().clone())?;
    let port = configured(environment, "E2I_POSTGRES_PORT")?;
    let options = PostgresOptions { folder, port, durable: true, random: RandomBytes::clone(random) };
    let postgres = Postgres::start(programs, options).await.context("start Postgres")?;
    postgres.create_database(DATABASE).await?;
    Ok(postgres)
}

async fn start_redis(
    programs: &Programs,
    home: &Home,
    environment: &[(String, String)],
    random: &RandomBytes,
) -> anyhow::Result<Redis> {
    let folder = Folder::open(&home.path().join("redis"), home.account().clone())?;
    let port = configured(environment, "E2I_REDIS_PORT")?;
    let options = RedisOptions { folder, port, append_only: true, random: RandomBytes::clone(random) };
    Redis::start(programs, options).await.context("start Redis")
}

/// As configured, else the usual port, else any free one.
fn addresses(environment: &[(String, String)], random: &RandomBytes) -> anyhow::Result<Addresses> {
    let address = |variable: &str, usual: u16| -> anyhow::Result<SocketAddr> {
        if let Some(address) = configured(environment, variable)? {
            if TcpListener::bind(address).is_err() {
                bail!(
                    "{variable}: nothing can listen on {address}; another program may use it (`ss -ltnp` shows which)"
                );
            }
            return Ok(address);
        }
        let port = if servers::is_free(usual) { usual } else { servers::free_port(random)? };
        Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    };
    Ok(Addresses {
        gateway: address("GATEWAY_LISTEN", 8000)?,
        gateway_private: address("GATEWAY_PRIVATE_LISTEN", 9000)?,
        workers_private: vec![address("WORKER_PRIVATE_LISTEN", 9010)?],
        health: Some(HealthAddresses {
            public: address("HEALTH_LISTEN", 8020)?,
            private: address("HEALTH_PRIVATE_LISTEN", 9020)?,
        }),
        nginx: Some(address("E2I_NGINX_LISTEN", 8080)?),
        nginx_private: Some(address("E2I_NGINX_PRIVATE_LISTEN", 9080)?),
        deployer: Some(address("DEPLOYER_LISTEN", 8030)?),
        public_url: configured(environment, "PUBLIC_URL")?,
    })
}

/// A variable, when it is set to something.
fn configured<T: std::str::FromStr>(environment: &[(String, String)], name: &str) -> anyhow::Result<Option<T>> {
    let value = environment.iter().find(|(present, _)| present == name).map(|(_, value)| value.trim());
    match value {
        None | Some("") => Ok(None),
        Some(value) => match value.parse() {
            Ok(parsed) => Ok(Some(parsed)),
            Err(_) => bail!("{name}: `{value}` cannot be read (an address is written 127.0.0.1:8000, a port 5432)"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_configured_address_that_is_taken_is_refused_by_name() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let _holder = TcpListener::bind(taken).unwrap();
        let environment = variables(&[("GATEWAY_LISTEN", &taken.to_string())]);
        let refused = addresses(&environment, &servers::operating_system_random()).unwrap_err().to_string();
        assert!(refused.starts_with(&format!("GATEWAY_LISTEN: nothing can listen on {taken}")), "{refused}");
    }

    #[test]
    fn a_value_that_cannot_be_read_is_shown() {
        let environment = variables(&[("E2I_REDIS_PORT", "many")]);
        let refused = configured::<u16>(&environment, "E2I_REDIS_PORT").unwrap_err().to_string();
        assert!(refused.contains("`many`"), "{refused}");
        assert_eq!(configured::<u16>(&variables(&[("E2I_REDIS_PORT", " ")]), "E2I_REDIS_PORT").unwrap(), None);
    }

    #[test]
    fn without_configuration_every_address_is_on_the_loopback() {
        let addresses = addresses(&[], &servers::operating_system_random()).unwrap();
        assert!(addresses.gateway.ip().is_loopback());
        let nginx = addresses.nginx.unwrap();
        assert!(nginx.ip().is_loopback());
        assert_eq!(addresses.public_url(), format!("http://127.0.0.1:{}", nginx.port()));
    }
}
