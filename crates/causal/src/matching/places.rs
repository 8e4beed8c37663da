//! Where rows stand, and rows of one arm that stand at the same point taken together.
//!
//! Tables of categories and rounded numbers have thousands of rows at one point. Taken as one *place*
//! they are searched from once, and a tie with all of them is one entry: lists of matches by row would
//! grow with the square of the rows.

use rayon::prelude::*;

use crate::matrix::Columns;
use crate::propensity::PropensityDesign;
use crate::{CausalError, Sample};

/// Coordinates of all rows, row after row; distances are Euclidean.
#[derive(Debug, Clone)]
pub(super) struct Points {
    pub(super) dimensions: usize,
    values: Vec<f64>,
}

impl Points {
    /// The line of the log odds.
    pub(super) fn on_line(scores: &[f64]) -> Self {
        Self { dimensions: 1, values: scores.to_vec() }
    }

    /// Coordinates in which the Euclidean distance is Mahalanobis': `z = sqrt(n-1) L^-1 (x - mean)`, with
    /// `LL'` the cross products of the centred covariates over all rows, indicators of levels among them.
    /// Each row is computed on its own and in the same order, so that equal rows stay equal to the last bit.
    pub(super) fn whitened(sample: &Sample) -> Result<Self, CausalError> {
        let design = PropensityDesign::of(sample)?;
        let (rows, dimensions) = (sample.rows(), design.matrix.count() - 1);
        let mut covariates = Columns::with_capacity(rows, dimensions);
        for index in 1..=dimensions {
            covariates.push(design.matrix.column(index));
        }
        let factor = crate::factor::Factor::of(&crate::matrix::cross_products(&covariates, &covariates));
        let whitening = factor.whitening();
        let (root, dimensions) = ((rows as f64 - 1.0).sqrt(), factor.kept.len());
        let mut values = vec![0.0; rows * dimensions];
        values.par_chunks_mut(dimensions.max(1)).enumerate().for_each(|(row, point)| {
            for (index, &position) in factor.kept.iter().enumerate() {
                let entry = root * covariates.at(row, position);
                for (later, coordinate) in point.iter_mut().enumerate().skip(index) {
                    *coordinate += entry * whitening.at(index, later);
                }
            }
        });
        Ok(Self { dimensions, values })
    }

    pub(super) fn of_row(&self, row: u32) -> &[f64] {
        let start = row as usize * self.dimensions;
        &self.values[start..start + self.dimensions]
    }

    pub(super) fn distance(&self, left: u32, right: u32) -> f64 {
        let squares = self.of_row(left).iter().zip(self.of_row(right)).map(|(a, b)| (a - b) * (a - b));
        squares.sum::<f64>().sqrt()
    }
}

/// Rows of one arm by place, places in the order of their coordinates.
#[derive(Debug, Clone)]
pub(super) struct Places {
    rows: Vec<u32>,
    /// First row of each place, and the number of rows at the end.
    starts: Vec<usize>,
}

impl Places {
    pub(super) fn of(points: &Points, mut rows: Vec<u32>) -> Self {
        let compare = |left: &u32, right: &u32| {
            let pairs = points.of_row(*left).iter().zip(points.of_row(*right));
            pairs.map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(left.cmp(right))
        };
        rows.par_sort_unstable_by(compare);
        let begins = |index: usize| index == 0 || points.of_row(rows[index - 1]) != points.of_row(rows[index]);
        let mut starts: Vec<usize> = (0..rows.len()).filter(|&index| begins(index)).collect();
        starts.push(rows.len());
        Self { rows, starts }
    }

    pub(super) fn count(&self) -> usize {
        self.starts.len() - 1
    }

    /// Rows of a place, in their order.
    pub(super) fn rows(&self, place: u32) -> &[u32] {
        &self.rows[self.starts[place as usize]..self.starts[place as usize + 1]]
    }

    /// Number of rows of a place.
    pub(super) fn size(&self, place: u32) -> usize {
        self.rows(place).len()
    }

    /// A row that stands for its place.
    pub(super) fn first(&self, place: u32) -> u32 {
        self.rows[self.starts[place as usize]]
    }

    pub(super) fn all(&self) -> impl Iterator<Item = u32> {
        (0..).take(self.count())
    }
}
