//! The steps of a key rotation that signs nobody out.
//!
//! ```text
//! announce ──(every verifier has read it)──> promote ──(its last token has expired)──> retire
//! standby                                    current    old                             gone
//! ```
//!
//! Nothing is remembered but the folder itself: a key that is younger than the file `current` stands by, an older one that
//! `current` does not name has signed, and stopped when `current` was written. Each step may be taken again, by any of
//! several machines that share the folder. Where times are lost (a copied folder) a key lives longer, never shorter.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};

use super::{CURRENT, create_key, lock, write_atomically};

/// How long a key stands by at least before it signs: longer than any verifier keeps keys before it reads them again
/// (the JWKS route says a minute).
pub const ANNOUNCED_FOR: Duration = Duration::from_secs(90);
/// What is added to the life of a token before its key goes: verifiers' leeway, and gateways that had not yet noticed the
/// promotion.
const MARGIN: TimeDelta = TimeDelta::minutes(1);

/// Where a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Published, and signs nothing yet.
    Standby,
    /// Signs.
    Current,
    /// Has signed; its tokens still verify.
    Old,
}

/// A key of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub kid: String,
    /// Where it stands.
    pub standing: Standing,
    /// Since when: announced, promoted, replaced.
    pub since: DateTime<Utc>,
}

impl Key {
    /// When an old key's last token has expired, where tokens live for `token_ttl`.
    #[must_use]
    pub fn retires_at(&self, token_ttl: Duration) -> Option<DateTime<Utc>> {
        let ttl = TimeDelta::from_std(token_ttl).ok()?;
        (self.standing == Standing::Old).then(|| self.since + ttl + MARGIN)
    }
}

/// All keys: the current one, then those that stand by, then old ones.
///
/// # Errors
/// When the folder cannot be read.
pub fn list(folder: &Path) -> anyhow::Result<Vec<Key>> {
    let path = folder.join(CURRENT);
    let current = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
    let promoted_at = modified_at(&path)?;
    let mut keys = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(kid) = name.strip_suffix(".pem") else { continue };
        let made_at = modified_at(&entry.path())?;
        let (standing, since) = match () {
            () if kid == current.trim() => (Standing::Current, promoted_at),
            () if made_at > promoted_at => (Standing::Standby, made_at),
            () => (Standing::Old, promoted_at),
        };
        keys.push(Key { kid: kid.to_owned(), standing, since });
    }
    let order =
        |key: &Key| [Standing::Current, Standing::Standby, Standing::Old].iter().position(|it| *it == key.standing);
    keys.sort_by_key(|key| (order(key), key.since));
    Ok(keys)
}

/// Makes a key that stands by, or gives the one that does already.
///
/// # Errors
/// When the folder cannot be read or written.
pub fn announce(folder: &Path) -> anyhow::Result<Key> {
    let _lock = lock(folder)?;
    let standby = |keys: Vec<Key>| keys.into_iter().find(|key| key.standing == Standing::Standby);
    if let Some(key) = standby(list(folder)?) {
        return Ok(key);
    }
    create_key(folder)?;
    standby(list(folder)?)
        .context("the new key does not stand by: is the clock of the file system older than `current`?")
}

/// Makes the key `kid` sign from now on.
///
/// # Errors
/// When it does not stand by, or not yet for [`ANNOUNCED_FOR`]: a verifier might not know it yet and refuse its tokens.
pub fn promote(folder: &Path, kid: &str, now: DateTime<Utc>) -> anyhow::Result<()> {
    let _lock = lock(folder)?;
    let key = find(folder, kid)?;
    anyhow::ensure!(key.standing == Standing::Standby, "the key {kid} does not stand by: it is {:?}", key.standing);
    let announced_for = (now - key.since).to_std().unwrap_or_default();
    anyhow::ensure!(
        announced_for >= ANNOUNCED_FOR,
        "the key {kid} was announced {} s ago; promote it after {} s, when every verifier knows it",
        announced_for.as_secs(),
        ANNOUNCED_FOR.as_secs()
    );
    write_atomically(&folder.join(CURRENT), kid.as_bytes(), 0o600)
}

/// Deletes the old key `kid`: its tokens are refused from then on.
///
/// # Errors
/// When it is no old key, or one of its tokens may still be valid.
pub fn retire(folder: &Path, kid: &str, token_ttl: Duration, now: DateTime<Utc>) -> anyhow::Result<()> {
    let _lock = lock(folder)?;
    let key = find(folder, kid)?;
    let retires_at = key.retires_at(token_ttl);
    let retires_at =
        retires_at.with_context(|| format!("the key {kid} has not been replaced: it is {:?}", key.standing))?;
    anyhow::ensure!(now >= retires_at, "tokens of the key {kid} may be valid until {retires_at}; retire it then");
    fs::remove_file(folder.join(format!("{kid}.pem"))).with_context(|| format!("delete the key {kid}"))
}

fn find(folder: &Path, kid: &str) -> anyhow::Result<Key> {
    let found = list(folder)?.into_iter().find(|key| key.kid == kid);
    found.with_context(|| format!("there is no key {kid:?} in {}", folder.display()))
}

fn modified_at(path: &Path) -> anyhow::Result<DateTime<Utc>> {
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified());
    Ok(modified.with_context(|| format!("read the time of {}", path.display()))?.into())
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::super::KeyRing;
    use super::*;

    const TTL: Duration = Duration::from_hours(1);

    /// Makes all of the folder older, as if `time` had gone by.
    fn age(folder: &Path, time: Duration) {
        for entry in fs::read_dir(folder).unwrap() {
            let file = File::options().write(true).open(entry.unwrap().path()).unwrap();
            let modified = file.metadata().unwrap().modified().unwrap();
            file.set_modified(modified - time).unwrap();
        }
    }

    fn now(folder: &Path) -> DateTime<Utc> {
        let probe = folder.join("probe");
        fs::write(&probe, "").unwrap();
        modified_at(&probe).unwrap()
    }

    fn standings(folder: &Path) -> Vec<Standing> {
        list(folder).unwrap().into_iter().map(|key| key.standing).collect()
    }

    #[test]
    fn a_key_stands_by_signs_and_is_remembered_until_its_last_token_has_expired() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let first = KeyRing::load_or_create(folder).unwrap().current().kid().to_owned();
        age(folder, Duration::from_hours(24));
        let second = announce(folder).unwrap();
        assert_eq!(announce(folder).unwrap().kid, second.kid, "announcing twice is announcing once");
        assert_eq!(standings(folder), [Standing::Current, Standing::Standby]);
        assert_eq!(KeyRing::load_or_create(folder).unwrap().current().kid(), first);
        let early = promote(folder, &second.kid, now(folder)).unwrap_err().to_string();
        assert!(early.contains("when every verifier knows it"), "{early}");
        assert!(retire(folder, &first, TTL, now(folder)).unwrap_err().to_string().contains("has not been replaced"));

        age(folder, ANNOUNCED_FOR);
        promote(folder, &second.kid, now(folder)).unwrap();
        assert_eq!(KeyRing::load_or_create(folder).unwrap().current().kid(), second.kid);
        assert_eq!(standings(folder), [Standing::Current, Standing::Old]);
        assert!(promote(folder, &first, now(folder)).is_err(), "an old key does not come back");
        age(folder, TTL);
        assert!(retire(folder, &first, TTL, now(folder)).unwrap_err().to_string().contains("may be valid until"));
        age(folder, Duration::from_mins(2));
        retire(folder, &first, TTL, now(folder)).unwrap();
        assert_eq!(standings(folder), [Standing::Current]);
        assert!(retire(folder, &second.kid, TTL, now(folder)).is_err(), "the current key stays");
    }
}
