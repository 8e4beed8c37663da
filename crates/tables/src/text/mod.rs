//! Delimited text as records: the one way bytes become fields, for checking, loading and profiling alike.
//!
//! A [`Records`] takes any `Read`, sees by itself whether it is gzip, drops a byte-order mark, checks that all of it is
//! UTF-8 without NUL bytes, finds the delimiter when it is not told, and hands out one record after the other with the
//! line it starts at. Rows end with LF, CRLF or CR, mixed as they may be; empty lines are skipped. Quotes are those of
//! RFC 4180; a quote within an unquoted field is taken as it stands.
//!
//! Memory: a window of [`WINDOW_BYTES`], plus the longest record when it is quoted or longer than the window, which
//! [`Limits::max_record_bytes`] bounds. Everything a file can be guilty of is a [`FileProblem`]; of several, the one
//! that comes first in the file is told, wherever the chunks of the source happened to end.

mod binary;
mod delimiter;
mod header;
mod limits;
mod problem;
mod records;
mod source;
mod window;

pub use binary::Binary;
pub use header::{Header, read_header};
pub use limits::Limits;
pub use problem::{EncodingHint, FileProblem};
pub use records::{Record, RecordError, Records};
pub use window::WINDOW_BYTES;
