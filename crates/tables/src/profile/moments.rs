//! Mean and spread in one pass: Welford (1962), "Note on a method for calculating corrected sums of squares".

/// What is known of the numbers so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    count: u64,
    mean: f64,
    /// Sum of squared distances from the mean.
    squares: f64,
    pub(super) min: f64,
    pub(super) max: f64,
}

impl Moments {
    pub(super) const NONE: Self =
        Self { count: 0, mean: 0.0, squares: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY };

    pub(super) fn observe(&mut self, value: f64) {
        self.count += 1;
        let distance = value - self.mean;
        self.mean += distance / self.count as f64;
        self.squares += distance * (value - self.mean);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// The mean; the nearest double there is when the numbers are beyond what doubles can add.
    pub(super) const fn mean(&self) -> f64 {
        within_doubles(self.mean)
    }

    /// With n - 1; 0 for a single number.
    pub(super) fn standard_deviation(&self) -> f64 {
        if self.count < 2 { 0.0 } else { within_doubles((self.squares / (self.count - 1) as f64).sqrt()) }
    }

    /// Whether mean and standard deviation are what they say: not so where squares of the numbers leave the doubles.
    pub(super) const fn is_sound(&self) -> bool {
        self.mean.is_finite() && self.squares.is_finite()
    }
}

const fn within_doubles(value: f64) -> f64 {
    if value.is_nan() { f64::MAX } else { value.clamp(f64::MIN, f64::MAX) }
}
