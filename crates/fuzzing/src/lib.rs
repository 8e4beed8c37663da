//! What is fuzzed: each place where bytes of strangers are read first, as a function of bytes that panics when a promise
//! is broken.
//!
//! `make fuzz` gives them whatever libFuzzer thinks of (the targets in `fuzz/fuzz_targets/` are a line each); the kept
//! corpus, `fuzz/corpus/<target>/`, goes through them in every `make test`. What fuzzing finds becomes a file there, its
//! name saying what it was.
//!
//! To add a target: a function here and in [`TARGETS`], a file in `fuzz/fuzz_targets/` with its `[[bin]]`, a dozen small
//! files in `fuzz/corpus/`.

#![expect(clippy::panic, reason = "a broken promise is told by a panic: that is what fuzzers look for")]

mod headers;
mod hooks;
mod tables_in_files;
mod tokens;

pub use headers::{last_event_id, tus_headers};
pub use hooks::github_webhook;
pub use tables_in_files::{csv_table, parquet_file, xlsx_file};
pub use tokens::token;

/// For libFuzzer, whose own hook ends the process at any panic, those too that a caller catches: a panic that nobody catches
/// still ends it.
pub fn let_panics_unwind() {
    std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
}

/// Panics when the bytes break a promise.
pub type Target = fn(&[u8]);

/// Every target and its name.
pub const TARGETS: [(&str, Target); 7] = [
    ("csv_table", csv_table),
    ("parquet_file", parquet_file),
    ("xlsx_file", xlsx_file),
    ("token", token),
    ("last_event_id", last_event_id),
    ("tus_headers", tus_headers),
    ("github_webhook", github_webhook),
];
