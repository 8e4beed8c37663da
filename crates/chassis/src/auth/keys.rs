//! Private keys: made, kept and used by the gateway alone.
//!
//! A folder (mode 0700) holds one PKCS#8 PEM file (mode 0600) per key, named by its `kid` (the RFC 7638 thumbprint), and
//! a file `current` that names the key that signs. All of them are published, so a key can be announced before it signs
//! and remembered after it has: put the new PEM beside the old, wait until every verifier has read the new JWKS file,
//! change `current`, and delete the old PEM once its last token has expired. [`rotation`] does that in steps; who signs
//! looks at [`fingerprint`] now and then and loads the ring anew when it has changed.

pub mod rotation;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use anyhow::Context as _;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;

use crate::entropy::{Entropy as _, SystemEntropy};

/// Names the key that signs.
const CURRENT: &str = "current";
/// Taken while keys are made, so that two gateways that start at once make one.
const LOCK: &str = ".lock";

/// One private ES256 key.
pub struct SigningKey {
    kid: String,
    key: EncodingKey,
    public: Jwk,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Reads a PKCS#8 PEM.
    ///
    /// # Errors
    /// When it holds no P-256 private key.
    pub fn from_pem(pem: &[u8]) -> anyhow::Result<Self> {
        let key = EncodingKey::from_ec_pem(pem).context("it is no PKCS#8 PEM of a private EC key")?;
        let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256).context("it is no P-256 key")?;
        let kid = public.thumbprint(ThumbprintHash::SHA256).context("its thumbprint cannot be computed")?;
        public.common.key_id = Some(kid.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self { kid, key, public })
    }

    /// The key's name: its RFC 7638 thumbprint.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Signs `claims` as a compact JWT with this key's `kid` in the header.
    ///
    /// # Errors
    /// When the claims cannot be written as JSON.
    pub fn sign(&self, claims: &impl Serialize) -> anyhow::Result<String> {
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, claims, &self.key).context("sign a token")
    }
}

/// Every key of the folder, and which of them signs.
#[derive(Debug)]
pub struct KeyRing {
    current: SigningKey,
    others: Vec<SigningKey>,
}

impl KeyRing {
    /// Reads the keys in `folder`; makes the folder and a first key when there is none.
    ///
    /// # Errors
    /// When a file cannot be read, written or understood, with its path.
    pub fn load_or_create(folder: &Path) -> anyhow::Result<Self> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .with_context(|| format!("make the key folder {}", folder.display()))?;
        let _lock = lock(folder)?;
        if !folder.join(CURRENT).exists() {
            let kid = create_key(folder)?;
            write_atomically(&folder.join(CURRENT), kid.as_bytes(), 0o600)?;
        }
        Self::load(folder)
    }

    /// Reads the keys in `folder` and publishes them at `path`, so that of several who do so the last one to read is the
    /// last one to write.
    ///
    /// # Errors
    /// When a file cannot be read, written or understood, with its path.
    pub fn load_and_publish(folder: &Path, path: &Path) -> anyhow::Result<Self> {
        let _lock = lock(folder)?;
        let ring = Self::load(folder)?;
        ring.publish(path)?;
        Ok(ring)
    }

    fn load(folder: &Path) -> anyhow::Result<Self> {
        let current = folder.join(CURRENT);
        let current = fs::read_to_string(&current).with_context(|| format!("read {}", current.display()))?;
        let mut keys = Vec::new();
        for entry in fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "pem") {
                let pem = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
                keys.push(SigningKey::from_pem(&pem).with_context(|| format!("use {}", path.display()))?);
            }
        }
        keys.sort_by(|left, right| left.kid.cmp(&right.kid));
        let position = keys.iter().position(|key| key.kid == current.trim()).with_context(|| {
            format!("the key {:?} named by {}/{CURRENT} is not there", current.trim(), folder.display())
        })?;
        let current = keys.remove(position);
        Ok(Self { current, others: keys })
    }

    /// The key that signs.
    #[must_use]
    pub fn current(&self) -> &SigningKey {
        &self.current
    }

    /// The public halves of all keys.
    #[must_use]
    pub fn jwks(&self) -> JwkSet {
        JwkSet { keys: std::iter::once(&self.current).chain(&self.others).map(|key| key.public.clone()).collect() }
    }

    /// Writes the public halves to `path` (mode 0644), so that a reader sees the old file or the new one, never a part.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn publish(&self, path: &Path) -> anyhow::Result<()> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).with_context(|| format!("make the folder {}", folder.display()))?;
        }
        let document = serde_json::to_vec_pretty(&self.jwks()).context("write the JWKS document")?;
        write_atomically(path, &document, 0o644)
    }
}

/// Which keys there are and which of them signs: changes with every step of a rotation, and costs a look into a folder
/// of a few files.
///
/// # Errors
/// When the folder cannot be read.
pub fn fingerprint(folder: &Path) -> anyhow::Result<String> {
    let current = fs::read_to_string(folder.join(CURRENT)).context("read which key signs")?;
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".pem").map(str::to_owned));
    }
    names.sort_unstable();
    names.push(current.trim().to_owned());
    Ok(names.join(" "))
}

/// Holds the folder for one who changes it, until dropped.
fn lock(folder: &Path) -> anyhow::Result<File> {
    let lock = File::create(folder.join(LOCK)).context("make the lock of the key folder")?;
    lock.lock().context("lock the key folder")?;
    Ok(lock)
}

/// Makes a key in `folder` (mode 0600) that is published but does not sign until `current` names it.
///
/// # Errors
/// When the key cannot be made or written.
pub fn create_key(folder: &Path) -> anyhow::Result<String> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).context("make a P-256 key")?;
    let document = pair.to_pkcs8v1().context("write the key as PKCS#8")?;
    let pem = pem(document.as_ref());
    let kid = SigningKey::from_pem(pem.as_bytes())?.kid;
    write_atomically(&folder.join(format!("{kid}.pem")), pem.as_bytes(), 0o600)?;
    tracing::info!(kid, folder = %folder.display(), "made a signing key");
    Ok(kid)
}

/// RFC 7468: base64 in lines of 64.
fn pem(pkcs8: &[u8]) -> String {
    let encoded = STANDARD.encode(pkcs8);
    let lines: Vec<_> = encoded.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
}

fn write_atomically(path: &Path, content: &[u8], mode: u32) -> anyhow::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // Containers that share a folder have the same process ids.
    let mut random = [0; 8];
    SystemEntropy.fill(&mut random);
    let beside = path.with_file_name(format!(".{name}.{:016x}.new", u64::from_be_bytes(random)));
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&beside)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().with_context(|| format!("write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn keys_are_made_once_and_only_ours_to_read() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let first = KeyRing::load_or_create(&keys).unwrap();
        let second = KeyRing::load_or_create(&keys).unwrap();
        assert_eq!(first.current().kid(), second.current().kid());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&keys), 0o700);
        assert_eq!(mode(&keys.join(format!("{}.pem", first.current().kid()))), 0o600);
    }

    #[test]
    fn gateways_that_start_at_once_agree_on_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let start = || KeyRing::load_or_create(folder.path()).unwrap().current().kid().to_owned();
        let kids: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(kids.iter().all(|kid| *kid == kids[0]), "{kids:?}");
    }

    #[test]
    fn what_is_published_is_public() {
        let folder = tempfile::tempdir().unwrap();
        let ring = KeyRing::load_or_create(folder.path()).unwrap();
        let path = folder.path().join("public/jwks.json");
        ring.publish(&path).unwrap();
        let document: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let key = &document["keys"][0];
        assert_eq!((&key["kty"], &key["crv"], &key["alg"]), (&"EC".into(), &"P-256".into(), &"ES256".into()));
        assert_eq!(key["kid"], ring.current().kid());
        assert!(key.get("d").is_none(), "no private part");
        assert!(!format!("{ring:?}").contains("PRIVATE"));
    }
}
