//! Columns of numbers in one allocation, and their cross products on faer.
//!
//! Cross products are summed over a number of row chunks that depends on the data's shape alone, and
//! added in order, so that the result is the same bit for bit whatever the number of threads.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use rayon::prelude::*;

/// A dense column-major matrix.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    rows: usize,
    values: Vec<f64>,
}

impl Columns {
    pub(crate) fn zeros(rows: usize, count: usize) -> Self {
        Self { rows, values: vec![0.0; rows * count] }
    }

    pub(crate) fn with_capacity(rows: usize, count: usize) -> Self {
        Self { rows, values: Vec::with_capacity(rows * count) }
    }

    pub(crate) fn push(&mut self, column: &[f64]) {
        debug_assert_eq!(column.len(), self.rows);
        self.values.extend_from_slice(column);
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn count(&self) -> usize {
        self.values.len().checked_div(self.rows).unwrap_or(0)
    }

    pub(crate) fn column(&self, index: usize) -> &[f64] {
        &self.values[index * self.rows..(index + 1) * self.rows]
    }

    pub(crate) fn column_mut(&mut self, index: usize) -> &mut [f64] {
        &mut self.values[index * self.rows..(index + 1) * self.rows]
    }

    pub(crate) fn columns_mut(&mut self) -> std::slice::ChunksExactMut<'_, f64> {
        self.values.chunks_exact_mut(self.rows)
    }

    pub(crate) fn at(&self, row: usize, column: usize) -> f64 {
        self.values[column * self.rows + row]
    }

    /// Only these columns, in this order.
    pub(crate) fn keep(&mut self, kept: &[usize]) {
        if kept.len() < self.count() {
            self.values = kept.iter().flat_map(|&index| self.column(index).iter().copied()).collect();
        }
    }

    /// These columns times `scale`, behind a column of ones; in place, for columns are the most memory there is.
    pub(crate) fn behind_intercept(mut self, scale: f64) -> Self {
        let before = self.values.len();
        self.values.reserve_exact(self.rows);
        self.values.resize(before + self.rows, 0.0);
        self.values.copy_within(..before, self.rows);
        let (ones, others) = self.values.split_at_mut(self.rows);
        ones.fill(1.0);
        for value in others {
            *value *= scale;
        }
        self
    }

    pub(crate) fn view(&self) -> MatRef<'_, f64> {
        MatRef::from_column_major_slice(&self.values, self.rows, self.count())
    }

    fn view_mut(&mut self) -> MatMut<'_, f64> {
        let (rows, count) = (self.rows, self.count());
        MatMut::from_column_major_slice_mut(&mut self.values, rows, count)
    }

    /// `self += left' * right`, on the calling thread.
    pub(crate) fn add_cross(&mut self, left: MatRef<'_, f64>, right: MatRef<'_, f64>) {
        matmul(self.view_mut(), Accum::Add, left.transpose(), right, 1.0, Par::Seq);
    }

    /// `left * right`, on the calling thread.
    pub(crate) fn product(left: MatRef<'_, f64>, right: MatRef<'_, f64>) -> Self {
        let mut product = Self::zeros(left.nrows(), right.ncols());
        matmul(product.view_mut(), Accum::Replace, left, right, 1.0, Par::Seq);
        product
    }

    fn add(&mut self, other: &Self) {
        for (total, part) in self.values.iter_mut().zip(&other.values) {
            *total += part;
        }
    }
}

/// Ranges of rows for parallel work: few and large, decided by the number of rows alone.
pub(crate) fn row_chunks(rows: usize) -> Vec<std::ops::Range<usize>> {
    const MOST: usize = 16;
    const SMALLEST: usize = 4096;
    let size = rows.div_ceil(MOST).max(SMALLEST).next_multiple_of(64);
    (0..rows).step_by(size).map(|start| start..(start + size).min(rows)).collect()
}

/// Sums `part(range)` over the row chunks in order.
pub(crate) fn sum_over_chunks(
    rows: usize,
    part: impl Fn(std::ops::Range<usize>) -> Columns + Send + Sync,
) -> Option<Columns> {
    let parts: Vec<Columns> = row_chunks(rows).into_par_iter().map(part).collect();
    parts.into_iter().reduce(|mut total, next| {
        total.add(&next);
        total
    })
}

/// `left' * right`.
pub(crate) fn cross_products(left: &Columns, right: &Columns) -> Columns {
    let shape = (left.count(), right.count());
    sum_over_chunks(left.rows(), |range| {
        let mut part = Columns::zeros(shape.0, shape.1);
        if shape.0 > 0 && shape.1 > 0 {
            part.add_cross(
                left.view().subrows(range.start, range.len()),
                right.view().subrows(range.start, range.len()),
            );
        }
        part
    })
    .unwrap_or_else(|| Columns::zeros(shape.0, shape.1))
}

/// Inner product, summed in eight lanes so that rounding does not grow with the length.
pub(crate) fn dot(left: &[f64], right: &[f64]) -> f64 {
    const BLOCK: usize = 4096;
    let block = |(left, right): (&[f64], &[f64])| {
        let mut lanes = [0.0_f64; 8];
        let (left_lanes, right_lanes) = (left.chunks_exact(8), right.chunks_exact(8));
        let tail: f64 = left_lanes.remainder().iter().zip(right_lanes.remainder()).map(|(a, b)| a * b).sum();
        for (a, b) in left_lanes.zip(right_lanes) {
            for lane in 0..8 {
                lanes[lane] += a[lane] * b[lane];
            }
        }
        lanes.iter().sum::<f64>() + tail
    };
    left.chunks(BLOCK).zip(right.chunks(BLOCK)).map(block).sum()
}

/// Sum of `term` over the values, in eight lanes and blocks as [`dot`].
fn lane_sum(values: &[f64], term: impl Fn(f64) -> f64) -> f64 {
    const BLOCK: usize = 4096;
    let block = |values: &[f64]| {
        let (chunks, tail) = values.as_chunks::<8>();
        let mut lanes = [0.0_f64; 8];
        for chunk in chunks {
            for (lane, value) in lanes.iter_mut().zip(chunk) {
                *lane += term(*value);
            }
        }
        lanes.iter().sum::<f64>() + tail.iter().map(|value| term(*value)).sum::<f64>()
    };
    values.chunks(BLOCK).map(block).sum()
}

/// Mean of a column, corrected once for rounding.
pub(crate) fn mean(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let first = lane_sum(values, |value| value) / count;
    first + lane_sum(values, |value| value - first) / count
}

/// Sum of squared deviations from the mean.
pub(crate) fn centred_sum_of_squares(values: &[f64]) -> f64 {
    let centre = mean(values);
    lane_sum(values, |value| (value - centre) * (value - centre))
}
