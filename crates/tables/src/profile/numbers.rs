//! The distribution of a numeric column: kept numbers while they fit, a sketch beyond.

use domain::dataset::{NumericSummary, Quantile};

use super::budget::Share;
use super::moments::Moments;
use super::sketch::Sketch;

const PROBABILITIES: [f64; 7] = [0.01, 0.05, 0.25, 0.50, 0.75, 0.95, 0.99];
const BINS: usize = 20;

enum Kept {
    All(Vec<f64>),
    Sketch(Sketch),
}

/// Numbers as they come in the first pass.
pub(super) struct Numbers {
    moments: Moments,
    kept: Kept,
    share: Share,
}

/// The summary of a column, its histogram perhaps still to be filled by a second pass.
pub(super) struct Distribution {
    pub(super) summary: NumericSummary,
    pub(super) needs_histogram: bool,
    /// Whether mean and standard deviation could be computed.
    pub(super) is_sound: bool,
}

impl Numbers {
    pub(super) fn new(share: Share) -> Self {
        Self { moments: Moments::NONE, kept: Kept::All(Vec::new()), share }
    }

    pub(super) fn observe(&mut self, value: f64) {
        self.moments.observe(value);
        match &mut self.kept {
            Kept::All(values) if values.len() < self.share.numbers => values.push(value),
            Kept::All(values) => {
                let mut sketch = Sketch::new(self.share.sketch_size);
                values.drain(..).for_each(|value| sketch.observe(value));
                sketch.observe(value);
                self.kept = Kept::Sketch(sketch);
            }
            Kept::Sketch(sketch) => sketch.observe(value),
        }
    }

    /// `None` when there was no number.
    pub(super) fn finish(self) -> Option<Distribution> {
        if self.moments.count() == 0 {
            return None;
        }
        let moments = self.moments;
        let mut summary = NumericSummary {
            min: moments.min,
            max: moments.max,
            mean: moments.mean(),
            standard_deviation: moments.standard_deviation(),
            quantiles: Vec::new(),
            quantiles_exact: matches!(self.kept, Kept::All(_)),
            histogram: vec![0; BINS],
        };
        let values = match self.kept {
            Kept::All(mut values) => {
                values.sort_unstable_by(f64::total_cmp);
                for &value in &values {
                    fill(&mut summary, value);
                }
                PROBABILITIES.map(|probability| interpolated(&values, probability)).to_vec()
            }
            Kept::Sketch(sketch) => sketch.quantiles(&PROBABILITIES),
        };
        let pairs = PROBABILITIES.into_iter().zip(values);
        summary.quantiles = pairs.map(|(probability, value)| Quantile { probability, value }).collect();
        let needs_histogram = !summary.quantiles_exact;
        Some(Distribution { summary, needs_histogram, is_sound: moments.is_sound() })
    }
}

/// Puts a number into its bin. Numbers that are all the same are in the first.
pub(super) fn fill(summary: &mut NumericSummary, value: f64) {
    // Halved first: the width may be beyond the doubles.
    let width = summary.max / 2.0 - summary.min / 2.0;
    let share = if width > 0.0 { (value / 2.0 - summary.min / 2.0) / width } else { 0.0 };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and BINS")]
    let bin = (share * BINS as f64) as usize;
    summary.histogram[bin.min(BINS - 1)] += 1;
}

/// Type 7 of Hyndman and Fan (1996): linear between the order statistics around `(n - 1) p`.
fn interpolated(sorted: &[f64], probability: f64) -> f64 {
    let place = (sorted.len() - 1) as f64 * probability;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    let index = place as usize;
    let (below, above) = (sorted[index], sorted[(index + 1).min(sorted.len() - 1)]);
    let share = place - index as f64;
    let between = below + (above - below) * share;
    if between.is_finite() { between } else { below * (1.0 - share) + above * share }
}
