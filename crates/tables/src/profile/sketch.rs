//! Quantiles of more numbers than can be kept: the KLL sketch of Karnin, Lang and Liberty (2016), "Optimal quantile
//! approximation in streams".
//!
//! A number on level `h` stands for `2^h` numbers. A full level is sorted and every other number of it moves up; which
//! half is decided by a coin, here a fixed sequence (`SplitMix64`), so that the same numbers give the same sketch.
//! Levels below the top shrink by 2/3 each. The rank of a quantile is off by about `2.3 / k^0.9` of the numbers
//! (99 times of 100; measured by Apache `DataSketches`, confirmed in the tests): 0.13 % at `k` = 4096, 1.6 % at 256.

const SHRINK: f64 = 2.0 / 3.0;
const LEAST_CAPACITY: usize = 8;

/// A sketch of numbers.
pub(super) struct Sketch {
    size: usize,
    levels: Vec<Vec<f64>>,
    held: usize,
    capacity: usize,
    coin: u64,
}

impl Sketch {
    /// With `size` numbers on the top level, about three times that in all.
    pub(super) fn new(size: usize) -> Self {
        Self { size, levels: vec![Vec::new()], held: 0, capacity: size, coin: 0 }
    }

    pub(super) fn observe(&mut self, value: f64) {
        self.levels[0].push(value);
        self.held += 1;
        if self.held >= self.capacity {
            self.compress();
        }
    }

    /// The numbers at these shares (ascending), each between 0 and 1. There must have been a number.
    pub(super) fn quantiles(&self, probabilities: &[f64]) -> Vec<f64> {
        let mut weighted: Vec<(f64, f64)> = Vec::with_capacity(self.held);
        let mut weight = 1.0;
        for level in &self.levels {
            weighted.extend(level.iter().map(|&value| (value, weight)));
            weight *= 2.0;
        }
        weighted.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
        let total: f64 = weighted.iter().map(|(_, weight)| weight).sum();
        let (mut index, mut below) = (0, 0.0);
        let mut at = |probability: f64| {
            while index + 1 < weighted.len() && below + weighted[index].1 <= probability * total {
                below += weighted[index].1;
                index += 1;
            }
            weighted.get(index).map_or(0.0, |(value, _)| *value)
        };
        probabilities.iter().map(|&probability| at(probability)).collect()
    }

    /// Halves the lowest level that is full.
    fn compress(&mut self) {
        let full = (0..self.levels.len()).find(|&level| self.levels[level].len() >= self.capacity_of(level));
        let Some(level) = full else { return };
        if level + 1 == self.levels.len() {
            self.levels.push(Vec::new());
            self.capacity = (0..self.levels.len()).map(|level| self.capacity_of(level)).sum();
        }
        let mut values = std::mem::take(&mut self.levels[level]);
        values.sort_unstable_by(f64::total_cmp);
        // Of an odd number one stays behind, so that no weight is lost.
        let left = if values.len() % 2 == 1 { values.pop() } else { None };
        let first = usize::from(self.flip());
        self.levels[level + 1].extend(values.iter().skip(first).step_by(2));
        self.held -= values.len() / 2;
        values.clear();
        values.extend(left);
        self.levels[level] = values;
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand at most, positive")]
    fn capacity_of(&self, level: usize) -> usize {
        let depth = i32::try_from(self.levels.len() - 1 - level).unwrap_or(i32::MAX);
        ((self.size as f64 * SHRINK.powi(depth)).ceil() as usize).max(LEAST_CAPACITY)
    }

    /// `SplitMix64` (Steele, Lea and Flood 2014), the highest bit.
    fn flip(&mut self) -> bool {
        self.coin = self.coin.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.coin;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) >> 63 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROBABILITIES: [f64; 7] = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

    /// The largest distance of a rank, of numbers that are 0 to n - 1 in some order.
    fn worst(size: usize, numbers: impl Iterator<Item = u32>) -> (f64, usize) {
        let mut sketch = Sketch::new(size);
        let mut count = 0_u32;
        for number in numbers {
            sketch.observe(f64::from(number));
            count += 1;
        }
        let found = sketch.quantiles(&PROBABILITIES);
        let errors = found.iter().zip(PROBABILITIES).map(|(value, share)| (value / f64::from(count) - share).abs());
        (errors.fold(0.0, f64::max), sketch.held)
    }

    #[test]
    fn ranks_are_as_near_as_promised_in_any_order() {
        const COUNT: u32 = 500_000;
        for (size, allowed) in [(4096, 0.0025), (1024, 0.008), (256, 0.025)] {
            let scrambled = (0..COUNT).map(|index| index * 7919 % COUNT);
            let zigzag = (0..COUNT).map(|index| if index % 2 == 0 { index } else { COUNT - index });
            for (error, held) in
                [worst(size, 0..COUNT), worst(size, (0..COUNT).rev()), worst(size, scrambled), worst(size, zigzag)]
            {
                assert!(error < allowed, "k = {size}: {error}");
                assert!(held <= 3 * size + 300, "k = {size}: {held} held");
            }
        }
    }

    #[test]
    fn few_numbers_are_all_kept() {
        let mut sketch = Sketch::new(256);
        for value in [3.0, 1.0, 2.0] {
            sketch.observe(value);
        }
        assert_eq!(sketch.quantiles(&[0.0, 0.5, 1.0]), [1.0, 2.0, 3.0]);
    }
}
