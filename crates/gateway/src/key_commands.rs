//! `keys`: the signing keys' rotation, by hand or by a timer. Running gateways notice each step by themselves.

use std::io::Write as _;

use anyhow::Context as _;
use chassis::auth::keys::rotation::{self, ANNOUNCED_FOR, Key, Standing};
use chassis::auth::keys::{KeyRing, fingerprint};
use chassis::clock::Clock;
use chrono::{DateTime, Utc};
use clap::{Arg, ArgMatches, Command};
use store::Store;
use store::people::KeyChange;

use crate::config::KeysConfig;
use crate::state;

/// The subcommand's name.
pub(crate) const NAME: &str = "keys";

/// What it can be asked.
pub(crate) fn command() -> Command {
    let kid = || Arg::new("kid").required(true).help("The key's name, as `list` shows it");
    Command::new(NAME)
        .about("List and rotate the keys that sign tokens; nobody is signed out by it")
        .subcommand_required(true)
        .subcommand(Command::new("list").about("Show every key, where it stands and since when"))
        .subcommand(Command::new("announce").about("Make a key that stands by and publish it; prints its kid"))
        .subcommand(Command::new("promote").about("Let a key that stands by sign from now on").arg(kid()))
        .subcommand(Command::new("retire").about("Delete an old key whose last token has expired").arg(kid()))
        .subcommand(
            Command::new("rotate").about("Retire what is due, announce, wait until everybody knows it, promote"),
        )
}

struct Rotation<'a> {
    config: &'a KeysConfig,
    store: Store,
    clock: &'a dyn Clock,
}

/// Does what `arguments` ask.
///
/// # Errors
/// Worded for the operator.
pub(crate) async fn run(config: &KeysConfig, arguments: &ArgMatches, clock: &dyn Clock) -> anyhow::Result<()> {
    fingerprint(&config.keys_dir).context("AUTH_KEYS_DIR holds no keys yet; the gateway makes them when it starts")?;
    let store = state::connect(config.database_url.expose(), 2).await?;
    let rotation = Rotation { config, store, clock };
    let kid = |arguments: &ArgMatches| arguments.get_one::<String>("kid").cloned().unwrap_or_default();
    match arguments.subcommand() {
        Some(("list", _)) => rotation.list(),
        Some(("announce", _)) => say(&rotation.announce().await?.kid),
        Some(("promote", arguments)) => rotation.promote(&kid(arguments)).await,
        Some(("retire", arguments)) => rotation.retire(&kid(arguments)).await,
        _ => rotation.rotate().await,
    }
}

impl Rotation<'_> {
    fn list(&self) -> anyhow::Result<()> {
        for key in rotation::list(&self.config.keys_dir)? {
            let standing = match key.standing {
                Standing::Standby => "standby",
                Standing::Current => "current",
                Standing::Old => "old",
            };
            let retires =
                self.retires_at(&key).map_or_else(String::new, |at| format!("  to retire from {} on", shown(at)));
            say(&format!("{}  {standing:<7}  since {}{retires}", key.kid, shown(key.since)))?;
        }
        Ok(())
    }

    async fn announce(&self) -> anyhow::Result<Key> {
        let key = rotation::announce(&self.config.keys_dir)?;
        self.store.note_key_change(KeyChange::Announce, &key.kid).await?;
        self.publish()?;
        Ok(key)
    }

    /// Written into the log first: no step goes unnoted, a noted one may be taken again.
    async fn promote(&self, kid: &str) -> anyhow::Result<()> {
        self.store.note_key_change(KeyChange::Promote, kid).await?;
        rotation::promote(&self.config.keys_dir, kid, self.clock.now())?;
        self.publish()
    }

    async fn retire(&self, kid: &str) -> anyhow::Result<()> {
        self.store.note_key_change(KeyChange::Retire, kid).await?;
        rotation::retire(&self.config.keys_dir, kid, self.config.access_token_ttl, self.clock.now())?;
        self.publish()
    }

    async fn rotate(&self) -> anyhow::Result<()> {
        let due = |key: &Key| self.retires_at(key).is_some_and(|at| at <= self.clock.now());
        for key in rotation::list(&self.config.keys_dir)?.into_iter().filter(due) {
            self.retire(&key.kid).await?;
            say(&format!("{} is retired: its last token has expired", key.kid))?;
        }
        let standby = self.announce().await?;
        let known_for = (self.clock.now() - standby.since).to_std().unwrap_or_default();
        // A second more: file systems and clocks round differently.
        let wait = ANNOUNCED_FOR.saturating_sub(known_for) + std::time::Duration::from_secs(1);
        say(&format!("{} stands by; it signs in {} s, when everybody knows it", standby.kid, wait.as_secs()))?;
        tokio::time::sleep(wait).await;
        self.promote(&standby.kid).await?;
        say(&format!("{} signs from now on; the key before it goes with a later rotate, or by retire", standby.kid))
    }

    fn retires_at(&self, key: &Key) -> Option<DateTime<Utc>> {
        key.retires_at(self.config.access_token_ttl)
    }

    /// At once, so that it holds even where no gateway runs.
    fn publish(&self) -> anyhow::Result<()> {
        KeyRing::load_and_publish(&self.config.keys_dir, &self.config.jwks_file).map(|_| ())
    }
}

fn shown(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{line}").context("print")
}
