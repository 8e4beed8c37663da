//! What a field says: nothing, a number, a truth, a time, or text.
//!
//! A field is **missing** when, without the spaces around it, it is empty or one of `NA`, `N/A`, `n/a`, `#N/A`, `NaN`,
//! `nan`, `null`, `NULL`, `Null`, `None` or `.`; other spellings (`none`, `-`, `?`, `missing`) are text, because they
//! are also words and codes. Spaces around numbers, truths and times do not count; in text they stay.

mod infer;
mod number;
mod time;

pub use infer::Inference;
pub use number::{NumberKind, number_kind, parse_number, write_number};
pub use time::{parse_date, parse_timestamp};

/// The field without spaces and tabs around it.
#[must_use]
pub const fn trim(field: &[u8]) -> &[u8] {
    field.trim_ascii()
}

/// Whether a field, already trimmed, stands for no value.
#[must_use]
pub fn is_missing(trimmed: &[u8]) -> bool {
    match trimmed.len() {
        0 => true,
        1 => trimmed == b".",
        2 => trimmed == b"NA",
        3 => matches!(trimmed, b"NaN" | b"nan" | b"N/A" | b"n/a"),
        4 => matches!(trimmed, b"null" | b"NULL" | b"Null" | b"None" | b"#N/A"),
        _ => false,
    }
}

/// `true` and `false` in any case.
#[must_use]
pub const fn parse_boolean(trimmed: &[u8]) -> Option<bool> {
    if trimmed.eq_ignore_ascii_case(b"true") {
        Some(true)
    } else if trimmed.eq_ignore_ascii_case(b"false") {
        Some(false)
    } else {
        None
    }
}
