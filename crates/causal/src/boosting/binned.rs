//! Covariates cut into at most 64 bins a column and kept as bytes, row after row.
//!
//! A tree then looks at 64 places per column instead of at every value, and the histogram of one column
//! (64 sums of two numbers) is one KiB, so that twenty columns stay in the first cache.

use rayon::prelude::*;

use crate::sample::Sample;

/// Most bins of a column; a power of two, so that a code masked by it can index without a check.
pub(crate) const BINS: usize = 64;

/// Bin edges are read off at most about this many rows, evenly spaced.
const ROWS_FOR_EDGES: usize = 200_000;

/// Binned covariates, row-major.
#[derive(Debug, Clone)]
pub(crate) struct Binned {
    columns: usize,
    codes: Vec<u8>,
}

impl Binned {
    /// The design columns of a sample (numeric covariates and indicators of levels).
    pub(crate) fn of(sample: &Sample) -> Self {
        let columns: Vec<Vec<u8>> = sample
            .terms
            .par_iter()
            .map(|term| {
                let mut values = vec![0.0; sample.rows()];
                sample.fill(term, &mut values);
                coded(&values)
            })
            .collect();
        Self::interleaved(&columns)
    }

    fn interleaved(columns: &[Vec<u8>]) -> Self {
        let rows = columns.first().map_or(0, Vec::len);
        let mut codes = vec![0; rows * columns.len()];
        if !columns.is_empty() {
            codes.par_chunks_mut(columns.len()).enumerate().for_each(|(row, codes)| {
                for (code, column) in codes.iter_mut().zip(columns) {
                    *code = column[row];
                }
            });
        }
        Self { columns: columns.len(), codes }
    }

    /// Number of columns.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// Codes of a row.
    pub(crate) fn row(&self, row: usize) -> &[u8] {
        &self.codes[row * self.columns..(row + 1) * self.columns]
    }

    #[cfg(test)]
    pub(crate) fn of_columns(columns: &[Vec<f64>]) -> Self {
        Self::interleaved(&columns.iter().map(|values| coded(values)).collect::<Vec<_>>())
    }
}

/// Number of edges below each value.
fn coded(values: &[f64]) -> Vec<u8> {
    let edges = edges(values);
    values.iter().map(|value| u8::try_from(edges.partition_point(|edge| edge < value)).unwrap_or(u8::MAX)).collect()
}

/// Upper ends of all bins but the last: between all distinct values when these are few, else quantiles.
fn edges(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().step_by(values.len().div_ceil(ROWS_FOR_EDGES).max(1)).copied().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let last = sorted.last().copied().unwrap_or(0.0);
    let mut distinct = sorted.clone();
    distinct.dedup();
    let mut edges: Vec<f64> = if distinct.len() <= BINS {
        distinct.windows(2).map(|pair| pair[0].midpoint(pair[1])).collect()
    } else {
        (1..BINS).map(|bin| sorted[bin * sorted.len() / BINS]).collect()
    };
    edges.dedup();
    edges.retain(|&edge| edge < last);
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_keep_their_order_and_many_are_cut_evenly() {
        assert_eq!(coded(&[3.0, -1.0, 3.0, 7.5]), [1, 0, 1, 2]);
        assert_eq!(coded(&[2.0, 2.0]), [0, 0]);
        let many: Vec<f64> = (0..6400).map(f64::from).collect();
        let codes = coded(&many);
        assert!(codes.windows(2).all(|pair| pair[0] <= pair[1]));
        let sizes: Vec<usize> = codes.chunk_by(|a, b| a == b).map(<[u8]>::len).collect();
        assert_eq!(sizes.len(), BINS);
        assert!(sizes.iter().all(|&size| (99..=101).contains(&size)), "{sizes:?}");
    }
}
