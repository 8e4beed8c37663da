//! The kept corpus goes through every target, as it is and bent: what a fuzzer does, without its eyes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must say so")]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// Every file of a target's corpus, by name.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new("../../fuzz/corpus").join(target);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap())
        .map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap()))
        .collect();
    files.sort();
    files
}

/// Runs `target`; with what breaks a promise kept where it can be read.
fn hold(name: &str, target: fuzzing::Target, what: &str, bytes: &[u8]) {
    let begin = Instant::now();
    let outcome = std::panic::catch_unwind(|| target(bytes));
    if outcome.is_err() || begin.elapsed() > Duration::from_secs(10) {
        let kept = std::env::temp_dir().join(format!("e2i-fuzzing-{name}"));
        fs::write(&kept, bytes).unwrap();
        panic!("{name} breaks a promise, or takes {:?}, with {what}: {}", begin.elapsed(), kept.display());
    }
}

/// Some bytes changed, left out, repeated, or brought in from another file.
fn bend(bytes: &mut Vec<u8>, other: &[u8], random: &mut ChaCha8Rng) {
    for _ in 0..random.random_range(1..4) {
        let at = random.random_range(0..=bytes.len());
        let length = random.random_range(1..16).min(bytes.len() - at);
        match random.random_range(0..6) {
            0 if length > 0 => bytes[at] ^= 1 << random.random_range(0..8),
            1 if length > 0 => random.fill_bytes(&mut bytes[at..at + length]),
            2 if length > 0 => bytes[at..at + length].fill(*[0, 0xff, 0x7f, b'"', b'-'].get(at % 5).unwrap()),
            3 => drop(bytes.drain(at..at + length)),
            4 => {
                let again = bytes[at..at + length].to_vec();
                bytes.splice(at..at, again);
            }
            _ if !other.is_empty() => {
                let from = random.random_range(0..other.len());
                let to = (from + random.random_range(1..64)).min(other.len());
                bytes.splice(at..at + length, other[from..to].iter().copied());
            }
            _ => bytes.truncate(at),
        }
    }
}

#[test]
fn the_kept_corpus_breaks_no_promise() {
    for (name, target) in fuzzing::TARGETS {
        let files = corpus(name);
        assert!(files.len() >= 10, "{} files in the corpus of {name}", files.len());
        for (file, bytes) in &files {
            hold(name, target, file, bytes);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "how long it goes on is no configuration of a service")]
fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name}: {text}")))
}

/// The same every time; `BENT_SEED` and `BENT_ROUNDS` (of each file) give more.
#[test]
fn the_corpus_bent_breaks_no_promise() {
    let (seed, rounds) = (number("BENT_SEED", 1), number("BENT_ROUNDS", 20));
    for (name, target) in fuzzing::TARGETS {
        let files = corpus(name);
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        for round in 0..rounds {
            for (file, bytes) in &files {
                let other = &files[random.random_range(0..files.len())].1;
                let mut bent = bytes.clone();
                bend(&mut bent, other, &mut random);
                hold(name, target, &format!("{file} bent, round {round} of seed {seed}"), &bent);
            }
        }
    }
}
