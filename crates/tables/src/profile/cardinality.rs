//! How many distinct values there are, from a few thousand bytes: `HyperLogLog` (Flajolet et al. 2007) with 64-bit
//! hashes and the estimator of Ertl (2017, "New cardinality estimation algorithms for `HyperLogLog` sketches",
//! algorithm 6), which needs no corrections for small or large counts.

/// Registers of the largest number of leading zeros seen.
pub(super) struct Cardinality {
    bits: u32,
    registers: Box<[u8]>,
}

impl Cardinality {
    /// With `2^bits` registers: a standard error of `1.04 / sqrt(2^bits)`.
    pub(super) fn new(bits: u32) -> Self {
        Self { bits, registers: vec![0; 1 << bits].into_boxed_slice() }
    }

    pub(super) fn observe(&mut self, hash: u64) {
        #[expect(clippy::cast_possible_truncation, reason = "at most 14 bits are left")]
        let index = (hash >> (64 - self.bits)) as usize;
        // The bit set below what is left of the hash ends the run of zeros at the latest there.
        let zeros = ((hash << self.bits) | (1 << (self.bits - 1))).leading_zeros();
        let register = &mut self.registers[index];
        *register = (*register).max(u8::try_from(zeros + 1).unwrap_or(u8::MAX));
    }

    pub(super) fn estimate(&self) -> f64 {
        let registers = self.registers.len() as f64;
        let highest = 64 - self.bits as usize + 1;
        let mut counts = vec![0.0; highest + 1];
        for &register in &self.registers {
            counts[usize::from(register)] += 1.0;
        }
        let mut z = registers * tau(1.0 - counts[highest] / registers);
        for count in counts[1..highest].iter().rev() {
            z = 0.5 * (z + count);
        }
        z += registers * sigma(counts[0] / registers);
        registers * registers / (2.0 * std::f64::consts::LN_2 * z)
    }
}

fn sigma(mut x: f64) -> f64 {
    if x >= 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z <= before {
            return z;
        }
    }
}

fn tau(mut x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x).powi(2) * y;
        if z >= before {
            return z / 3.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::hash::hash;

    #[test]
    fn the_error_is_as_promised_from_few_to_many() {
        for bits in [12, 14] {
            let allowed = 4.0 * 1.04 / f64::from(1 << bits).sqrt();
            let mut cardinality = Cardinality::new(bits);
            assert!(cardinality.estimate().abs() < 1e-9);
            let mut next = 10;
            for count in 1..=500_000_u32 {
                cardinality.observe(hash(format!("value {count}").as_bytes()));
                if count == next {
                    let error = cardinality.estimate() / f64::from(count) - 1.0;
                    assert!(error.abs() < allowed, "{bits} bits, {count}: {error}");
                    next = next * 7 / 4;
                }
            }
        }
    }
}
