//! Pages of a list, newest first, continued by an opaque cursor.
//!
//! A cursor says where the page before ended and is signed with `SECRET_KEY`, so that nobody comes to rely on what is
//! in it: a changed one is refused, and its form may change with any release. It is bound to its list; the filters may
//! change from page to page, which is then the caller's wish.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chassis::config::Secret;
use chassis::http::Problem;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::Sha256;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::error::Result;

/// Rows of a page when the caller does not say.
const DEFAULT_LIMIT: u32 = 50;
/// Most rows of a page.
const MAX_LIMIT: u32 = 200;
/// Most characters that are looked for: as many as a name has.
const MAX_SEARCH: usize = 200;
/// Half of an HMAC-SHA-256: 128 bits.
const TAG_BYTES: usize = 16;
/// Time and id.
const POSITION_BYTES: usize = 24;

/// Where a page ended: the last row's time and id.
pub(crate) type Position = (DateTime<Utc>, Uuid);

/// Which list a cursor belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    /// `/api/v1/analyses`
    Analyses,
    /// `/api/v1/datasets`
    Datasets,
    /// `/api/v1/datasets/{id}/versions`
    Versions,
    /// `/api/v1/admin/jobs` and `/api/v1/admin/dead-letters`
    AdminJobs,
    /// `/api/v1/admin/audit`
    Audit,
}

impl List {
    const fn name(self) -> &'static str {
        match self {
            Self::Analyses => "analyses",
            Self::Datasets => "datasets",
            Self::Versions => "versions",
            Self::AdminJobs => "admin-jobs",
            Self::Audit => "audit",
        }
    }
}

/// What every list can be asked.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// Rows per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub(crate) limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub(crate) cursor: Option<String>,
}

/// What is looked for in a list, without blanks around it; nothing when that is empty.
///
/// # Errors
/// 400 for more than a name can have.
pub(crate) fn checked_search(search: Option<String>) -> Result<Option<String>> {
    let search = search.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match search.as_ref().map(|text| text.chars().count()) {
        Some(length) if length > MAX_SEARCH => {
            Err(Problem::bad_request(format!("search has {length} characters; use at most {MAX_SEARCH}")).into())
        }
        _ => Ok(search),
    }
}

/// Signs and reads cursors.
#[derive(Clone)]
pub struct CursorKey(Hmac<Sha256>);

impl std::fmt::Debug for CursorKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("CursorKey")
    }
}

impl CursorKey {
    /// A key of its own under `SECRET_KEY`.
    ///
    /// # Errors
    /// Never in practice: HMAC takes keys of any length.
    pub fn new(secret_key: &Secret<String>) -> anyhow::Result<Self> {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret_key.expose().as_bytes())?;
        mac.update(b"e2i cursor\0");
        Ok(Self(mac))
    }

    fn sign(&self, list: List, position: Position) -> String {
        let (at, id) = position;
        let mut bytes = Vec::with_capacity(POSITION_BYTES + TAG_BYTES);
        bytes.extend_from_slice(&at.timestamp_micros().to_be_bytes());
        bytes.extend_from_slice(id.as_bytes());
        let tag = self.mac(list, &bytes).finalize().into_bytes();
        bytes.extend_from_slice(&tag[..TAG_BYTES]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn read(&self, list: List, cursor: &str) -> Option<Position> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        if bytes.len() != POSITION_BYTES + TAG_BYTES {
            return None;
        }
        let (position, tag) = bytes.split_at(POSITION_BYTES);
        self.mac(list, position).verify_truncated_left(tag).ok()?;
        let (at, id) = position.split_at(8);
        let at = DateTime::from_timestamp_micros(i64::from_be_bytes(at.try_into().ok()?))?;
        Some((at, Uuid::from_slice(id).ok()?))
    }

    fn mac(&self, list: List, position: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(list.name().as_bytes());
        mac.update(b"\0");
        mac.update(position);
        mac
    }
}

/// A page that was asked for, checked.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    key: &'a CursorKey,
    list: List,
    limit: u32,
    /// Where the page before ended.
    pub(crate) before: Option<Position>,
}

impl<'a> Wanted<'a> {
    /// Checks what was asked.
    ///
    /// # Errors
    /// 400 for a limit out of bounds and for a cursor that is not one of this list.
    pub(crate) fn read(key: &'a CursorKey, list: List, query: &PageQuery) -> Result<Self> {
        let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Problem::bad_request(format!("limit {limit} is not possible; give 1 to {MAX_LIMIT}")).into());
        }
        let before = match &query.cursor {
            None => None,
            Some(cursor) => Some(key.read(list, cursor).ok_or_else(|| {
                Problem::bad_request("the cursor is not one that this list gave; use next_cursor as it came, or none")
            })?),
        };
        Ok(Self { key, list, limit, before })
    }

    /// How many rows to ask the store for: one more than the page has, to know whether there is a next one.
    pub(crate) fn store_limit(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// The page's rows out of the store's, and `next_cursor`: where the next page begins, none on the last one.
    pub(crate) fn page<R, T: From<R>>(
        &self,
        mut rows: Vec<R>,
        position: impl Fn(&R) -> Position,
    ) -> (Vec<T>, Option<String>) {
        let limit = self.limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more).map(position);
        let next_cursor = last.map(|last| self.key.sign(self.list, last));
        (rows.into_iter().map(T::from).collect(), next_cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: &str) -> CursorKey {
        CursorKey::new(&Secret::new(secret.to_owned())).unwrap()
    }

    fn position() -> Position {
        (DateTime::from_timestamp_micros(1_800_000_000_123_456).unwrap(), Uuid::from_u128(42))
    }

    #[test]
    fn a_cursor_reads_back_to_the_microsecond() {
        let key = key("0123456789abcdef");
        assert_eq!(key.read(List::Analyses, &key.sign(List::Analyses, position())), Some(position()));
    }

    #[test]
    fn a_changed_cursor_another_lists_and_another_keys_are_refused() {
        let key_one = key("0123456789abcdef");
        let cursor = key_one.sign(List::Analyses, position());
        assert_eq!(key_one.read(List::Datasets, &cursor), None);
        assert_eq!(key("fedcba9876543210").read(List::Analyses, &cursor), None);
        let mut bytes = URL_SAFE_NO_PAD.decode(&cursor).unwrap();
        for place in 0..bytes.len() {
            bytes[place] ^= 1;
            assert_eq!(key_one.read(List::Analyses, &URL_SAFE_NO_PAD.encode(&bytes)), None, "byte {place}");
            bytes[place] ^= 1;
        }
        for odd in ["", "x", "====", &cursor[1..], &format!("{cursor}A")] {
            assert_eq!(key_one.read(List::Analyses, odd), None, "{odd:?}");
        }
    }

    #[test]
    fn the_last_page_has_no_next() {
        let key = key("0123456789abcdef");
        let query = PageQuery { limit: Some(2), cursor: None };
        let wanted = Wanted::read(&key, List::Analyses, &query).unwrap();
        let page = |rows: Vec<u8>| wanted.page::<u8, u8>(rows, |_| position());
        assert_eq!(page(vec![1, 2]).1, None);
        let (rows, next_cursor) = page(vec![1, 2, 3]);
        assert_eq!(rows, [1, 2]);
        assert!(next_cursor.is_some());
        for limit in [0, 201] {
            assert!(Wanted::read(&key, List::Analyses, &PageQuery { limit: Some(limit), cursor: None }).is_err());
        }
    }
}
