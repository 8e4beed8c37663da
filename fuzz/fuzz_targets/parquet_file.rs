//! See `fuzzing::parquet_file`.

#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzzing::let_panics_unwind(),
    |bytes: &[u8]| fuzzing::parquet_file(bytes)
);
