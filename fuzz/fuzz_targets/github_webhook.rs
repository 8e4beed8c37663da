//! See `fuzzing::github_webhook`.

#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzzing::let_panics_unwind(),
    |bytes: &[u8]| fuzzing::github_webhook(bytes)
);
