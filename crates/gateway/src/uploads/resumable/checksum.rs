//! `Upload-Checksum`: the bytes of one request, vouched for by their sender.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chassis::http::Problem;
use http::{HeaderMap, HeaderValue, StatusCode};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::protocol::UPLOAD_CHECKSUM;
use crate::error::Result;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Sha1,
    Sha256,
}

/// What the bytes of a request must hash to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Checksum {
    algorithm: Algorithm,
    digest: Vec<u8>,
}

impl Checksum {
    /// The names that are known, for `Tus-Checksum-Algorithm`.
    pub(crate) const ALGORITHMS: HeaderValue = HeaderValue::from_static("sha1,sha256");

    /// Reads the header.
    ///
    /// # Errors
    /// 400 for another algorithm, or what is no base64.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Option<Self>> {
        let Some(given) = headers.get(UPLOAD_CHECKSUM) else { return Ok(None) };
        let wrong = || {
            Problem::bad_request(format!(
                "Upload-Checksum: {given:?} is not read; send sha1 or sha256, a \
                                                     blank, and the digest in base64"
            ))
        };
        let (name, digest) = given.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(wrong)?;
        let algorithm = match name {
            "sha1" => Algorithm::Sha1,
            "sha256" => Algorithm::Sha256,
            _ => return Err(wrong().into()),
        };
        let digest = STANDARD.decode(digest.trim()).map_err(|_| wrong())?;
        Ok(Some(Self { algorithm, digest }))
    }

    /// # Errors
    /// 460 when the bytes are others than were sent.
    pub(super) fn verify(&self, bytes: &[u8]) -> Result<()> {
        let same = match self.algorithm {
            Algorithm::Sha1 => Sha1::digest(bytes)[..] == self.digest,
            Algorithm::Sha256 => Sha256::digest(bytes)[..] == self.digest,
        };
        if same {
            return Ok(());
        }
        let status = StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST);
        let detail =
            "the bytes do not have the checksum they were sent with; nothing of them was kept, send them again";
        Err(Problem::new(status, "checksum-mismatch", "Checksum Mismatch").detail(detail).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<Checksum>> {
        Checksum::of(&HeaderMap::from_iter([(UPLOAD_CHECKSUM, HeaderValue::from_str(text).unwrap())]))
    }

    #[test]
    fn bytes_are_compared_by_either_algorithm() {
        // The example of the protocol, and `printf 'hello world' | sha256sum`.
        for sent in ["sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "sha256 uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="] {
            let checksum = read(sent).unwrap().unwrap();
            assert!(checksum.verify(b"hello world").is_ok(), "{sent}");
            assert_eq!(checksum.verify(b"hello worle").unwrap_err().problem().status(), 460);
        }
        assert_eq!(Checksum::of(&HeaderMap::new()).unwrap(), None);
        for wrong in ["md5 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "sha1", "sha1 !", ""] {
            assert_eq!(read(wrong).unwrap_err().problem().status(), 400, "{wrong:?}");
        }
    }
}
