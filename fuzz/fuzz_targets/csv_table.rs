//! See `fuzzing::csv_table`.

#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzzing::let_panics_unwind(),
    |bytes: &[u8]| fuzzing::csv_table(bytes)
);
