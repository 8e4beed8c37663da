//! See `fuzzing::last_event_id`.

#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzzing::let_panics_unwind(),
    |bytes: &[u8]| fuzzing::last_event_id(bytes)
);
