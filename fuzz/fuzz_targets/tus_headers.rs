//! See `fuzzing::tus_headers`.

#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzzing::let_panics_unwind(),
    |bytes: &[u8]| fuzzing::tus_headers(bytes)
);
