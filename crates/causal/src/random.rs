//! Random numbers that depend on the seed, the refuter and the simulation alone, never on threads.
//!
//! Every simulation reads its own `ChaCha8` stream: the seed makes the key, `(refuter, index)` the
//! stream number, and the position in the stream is the row (or cluster), so any part of a
//! simulation can be drawn anywhere, in any order, and comes out the same.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Which refuter a stream belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Placebo = 1,
    CommonCause = 2,
    Subset = 3,
    Bootstrap = 4,
    HalfSample = 5,
    Subsample = 6,
    FixedSubsample = 7,
    Folds = 16,
    Boosting = 17,
}

/// The stream of one simulation.
pub(crate) fn stream(seed: u64, purpose: Purpose, simulation: usize) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(((purpose as u64) << 48) | simulation as u64);
    generator
}

/// Words `first..first + words.len()` of a simulation's stream.
pub(crate) fn words_at(generator: &mut ChaCha8Rng, first: usize, words: &mut [u32]) {
    generator.set_word_pos(first as u128);
    for word in words {
        *word = generator.next_u32();
    }
}

/// Uniform on [0, 1).
pub(crate) fn unit_interval(generator: &mut ChaCha8Rng) -> f64 {
    f64::from(generator.next_u32()) / 4_294_967_296.0
}

/// Fisher-Yates shuffle; the bias of the multiply-shift reduction is below 2^-40.
pub(crate) fn shuffle(generator: &mut ChaCha8Rng, values: &mut [f64]) {
    for last in (1..values.len()).rev() {
        let chosen = (u128::from(generator.next_u64()) * (last as u128 + 1)) >> 64;
        values.swap(last, usize::try_from(chosen).unwrap_or(last));
    }
}

/// Uniform on (-√3, √3): mean 0, variance 1.
pub(crate) fn fill_noise(generator: &mut ChaCha8Rng, values: &mut [f64]) {
    let width = 2.0 * 3.0_f64.sqrt() / 4_294_967_296.0;
    for value in values {
        *value = (f64::from(generator.next_u32()) + 0.5 - 2_147_483_648.0) * width;
    }
}

/// `floor(2^32 * P(count <= k))` of the Poisson(1) law for k = 0..=12; beyond, the probability is below 2^-32.
const POISSON_THRESHOLDS: [u32; 13] = [
    1_580_030_168,
    3_160_060_337,
    3_950_075_421,
    4_213_413_783,
    4_279_248_373,
    4_292_415_291,
    4_294_609_777,
    4_294_923_276,
    4_294_962_463,
    4_294_966_817,
    4_294_967_252,
    4_294_967_292,
    4_294_967_295,
];

/// Poisson(1) count from a uniform 32-bit word, by inversion of the distribution function.
pub(crate) fn poisson_count(word: u32) -> u8 {
    POISSON_THRESHOLDS.iter().map(|&threshold| u8::from(word >= threshold)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poisson_thresholds_are_the_distribution_function() {
        let mut probability = (-1.0_f64).exp();
        let mut cumulative = 0.0;
        for (count, &threshold) in (0_u8..).zip(&POISSON_THRESHOLDS) {
            cumulative += probability;
            probability /= f64::from(count) + 1.0;
            assert!((f64::from(threshold) / 4_294_967_296.0 - cumulative).abs() < 1e-9, "P(count <= {count})");
            assert_eq!((poisson_count(threshold - 1), poisson_count(threshold)), (count, count + 1));
        }
    }

    #[test]
    fn parts_of_a_stream_agree_with_the_whole() {
        let mut whole = vec![0; 1000];
        words_at(&mut stream(7, Purpose::Bootstrap, 3), 0, &mut whole);
        let mut part = vec![0; 100];
        words_at(&mut stream(7, Purpose::Bootstrap, 3), 437, &mut part);
        assert_eq!(part, whole[437..537]);
    }

    #[test]
    fn shuffle_is_a_permutation() {
        let mut values: Vec<f64> = (0..100).map(f64::from).collect();
        shuffle(&mut stream(1, Purpose::Placebo, 0), &mut values);
        assert_ne!(values[..5], [0.0, 1.0, 2.0, 3.0, 4.0]);
        values.sort_by(f64::total_cmp);
        assert!(values.iter().zip(0..100).all(|(value, index)| (value - f64::from(index)).abs() < 1e-12));
    }
}
