//! Groups of rows: absorbed categories and clusters, with codes that count up without gaps.

use crate::matrix::mean;
use crate::study::CategoricalColumn;

/// A partition of the rows.
#[derive(Debug, Clone)]
pub(crate) struct Groups {
    pub(crate) name: String,
    /// Group of each row; empty when there is one group only.
    pub(crate) codes: Vec<u32>,
    /// Rows per group.
    pub(crate) sizes: Vec<usize>,
}

impl Groups {
    /// All rows in one group: taking out its mean is what an intercept does.
    pub(crate) fn single(rows: usize) -> Self {
        Self { name: String::new(), codes: Vec::new(), sizes: vec![rows] }
    }

    /// The levels that occur, in their order, renumbered.
    pub(crate) fn of(column: &CategoricalColumn) -> Self {
        let mut counts = vec![0_usize; column.levels.len()];
        column.codes.iter().for_each(|&code| counts[code as usize] += 1);
        if !counts.contains(&0) {
            return Self { name: column.name.clone(), codes: column.codes.clone(), sizes: counts };
        }
        let mut next = 0_u32;
        let renumbered: Vec<u32> = counts
            .iter()
            .map(|&count| {
                let number = next;
                next += u32::from(count > 0);
                number
            })
            .collect();
        Self {
            name: column.name.clone(),
            codes: column.codes.iter().map(|&code| renumbered[code as usize]).collect(),
            sizes: counts.into_iter().filter(|&count| count > 0).collect(),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.sizes.len()
    }

    pub(crate) fn is_single(&self) -> bool {
        self.codes.is_empty()
    }

    /// Group of a row.
    pub(crate) fn of_row(&self, row: usize) -> usize {
        if self.is_single() { 0 } else { self.codes[row] as usize }
    }

    /// Sum of the values of each group.
    pub(crate) fn sums(&self, values: &[f64]) -> Vec<f64> {
        if self.is_single() {
            return vec![mean(values) * values.len() as f64];
        }
        let mut sums = vec![0.0; self.count()];
        for (&code, value) in self.codes.iter().zip(values) {
            sums[code as usize] += value;
        }
        sums
    }

    /// Takes the mean of each group out, twice so that nothing of it is left to rounding.
    pub(crate) fn centre(&self, values: &mut [f64]) {
        if self.is_single() {
            let centre = mean(values);
            for value in values {
                *value -= centre;
            }
            return;
        }
        for _ in 0..2 {
            let sums = self.sums(values);
            for (&code, value) in self.codes.iter().zip(values.iter_mut()) {
                *value -= sums[code as usize] / self.sizes[code as usize] as f64;
            }
        }
    }

    /// Squared length of the projection of `values` on the indicators of the groups.
    pub(crate) fn explained(&self, values: &[f64]) -> f64 {
        self.sums(values).iter().zip(&self.sizes).map(|(sum, &size)| sum * sum / size as f64).sum()
    }

    /// Whether every group has one value only: a treatment given to whole clusters.
    pub(crate) fn constant_within(&self, values: &[f64]) -> Option<Vec<f64>> {
        let mut shared = vec![f64::NAN; self.count()];
        for (row, &value) in values.iter().enumerate() {
            let slot = &mut shared[self.of_row(row)];
            if slot.is_nan() {
                *slot = value;
            } else if (*slot - value).abs() > 0.0 {
                return None;
            }
        }
        Some(shared)
    }
}
