//! Cholesky factor of a Gram matrix that leaves out columns which earlier ones already span.
//!
//! Columns are taken in the given order (as R's `lm` and Stata do), so it is always the later of two
//! collinear columns that is dropped, and the caller can put what must survive where it wants.

use crate::matrix::Columns;

/// A pivot below this share of its column's own sum of squares counts as zero: 1 - R² of the column
/// on the kept ones. Columns are centred and scaled before, so the share is free of units.
pub(crate) const PIVOT_TOLERANCE: f64 = 1e-10;

/// Lower triangle of the factor over the kept columns, row after row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Factor {
    /// Positions of the columns that were kept.
    pub(crate) kept: Vec<usize>,
    /// Positions of the columns that the kept ones span.
    pub(crate) dropped: Vec<usize>,
    rows: Vec<Vec<f64>>,
}

impl Factor {
    /// Factors the symmetric `gram` (its lower triangle is read).
    pub(crate) fn of(gram: &Columns) -> Self {
        let mut factor = Self::default();
        for index in 0..gram.count() {
            let row = factor.row_of(|position| gram.at(index.max(position), index.min(position)));
            let own = gram.at(index, index);
            let pivot = own - row.iter().map(|entry| entry * entry).sum::<f64>();
            if own > 0.0 && pivot > PIVOT_TOLERANCE * own {
                factor.push(index, row, pivot);
            } else {
                factor.dropped.push(index);
            }
        }
        factor
    }

    fn push(&mut self, index: usize, mut row: Vec<f64>, pivot: f64) {
        row.push(pivot.sqrt());
        self.rows.push(row);
        self.kept.push(index);
    }

    /// `L^-1 v` where `v` holds the products of one more column with the kept ones.
    pub(crate) fn row_of(&self, product_with: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut solution: Vec<f64> = Vec::with_capacity(self.kept.len() + 1);
        for (row, &position) in self.rows.iter().zip(&self.kept) {
            let known: f64 = row.iter().zip(&solution).map(|(a, b)| a * b).sum();
            solution.push((product_with(position) - known) / row[row.len() - 1]);
        }
        solution
    }

    /// Squared length of the projection of a column on the kept ones, from its products with them.
    pub(crate) fn explained(&self, products: &[f64]) -> f64 {
        self.row_of(|position| products[position]).iter().map(|entry| entry * entry).sum()
    }

    /// Coefficient of a column on the last one given, from its products with all of them; `None` when
    /// the earlier columns span the last one.
    pub(crate) fn last_coefficient(&self, last: usize, products: impl Fn(usize) -> f64) -> Option<f64> {
        let solution = self.row_of(products);
        let row = self.rows.last().filter(|_| self.kept.last() == Some(&last))?;
        Some(solution[solution.len() - 1] / row[row.len() - 1])
    }

    /// Coefficients of a column on the kept ones, from its products with them.
    pub(crate) fn solve(&self, products: &[f64]) -> Vec<f64> {
        let mut solution = self.row_of(|position| products[position]);
        for index in (0..solution.len()).rev() {
            solution[index] /= self.rows[index][index];
            let value = solution[index];
            for (earlier, entry) in solution.iter_mut().zip(&self.rows[index][..index]) {
                *earlier -= entry * value;
            }
        }
        solution
    }

    /// Inverse of the Gram matrix of the kept columns.
    pub(crate) fn inverse(&self) -> Columns {
        let size = self.kept.len();
        let mut inverse = Columns::zeros(size, size);
        for (index, column) in (0..size).zip(inverse.columns_mut()) {
            let mut products = vec![0.0; self.kept.last().map_or(0, |last| last + 1)];
            products[self.kept[index]] = 1.0;
            column.copy_from_slice(&self.solve(&products));
        }
        inverse
    }

    /// Transposed inverse of the factor, so that `columns * this` has orthonormal columns.
    pub(crate) fn whitening(&self) -> Columns {
        let size = self.kept.len();
        let mut whitening = Columns::zeros(size, size);
        // Column j of L^-T is row j of L^-1, found by forward substitution on unit vectors.
        for unit in 0..size {
            let solution = self.row_of(|position| f64::from(u8::from(position == self.kept[unit])));
            for (index, value) in solution.into_iter().enumerate() {
                whitening.column_mut(index)[unit] = value;
            }
        }
        whitening
    }

    /// The factor renumbered as if only the kept columns had been given.
    pub(crate) fn compact(mut self) -> Self {
        self.kept = (0..self.kept.len()).collect();
        self.dropped.clear();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::cross_products;

    fn columns(given: &[&[f64]]) -> Columns {
        let mut columns = Columns::with_capacity(given[0].len(), given.len());
        for column in given {
            columns.push(column);
        }
        columns
    }

    #[test]
    fn drops_the_later_of_two_collinear_columns() {
        let data = columns(&[&[1.0, 2.0, -3.0, 0.5], &[2.0, 4.0, -6.0, 1.0], &[1.0, 0.0, 0.0, -1.0]]);
        let factor = Factor::of(&cross_products(&data, &data));
        assert_eq!((factor.kept, factor.dropped), (vec![0, 2], vec![1]));
    }

    #[test]
    fn solves_and_inverts() {
        let data = columns(&[&[1.0, 2.0, -3.0, 0.5], &[0.3, 4.0, -6.0, 1.0], &[1.0, 0.0, 0.0, -1.0]]);
        let gram = cross_products(&data, &data);
        let factor = Factor::of(&gram);
        let wanted = [0.7, -1.3, 2.0];
        let products: Vec<f64> = (0..3).map(|row| (0..3).map(|c| gram.at(row, c) * wanted[c]).sum()).collect();
        for (found, expected) in factor.solve(&products).iter().zip(wanted) {
            assert!((found - expected).abs() < 1e-12);
        }
        let (inverse, whitening) = (factor.inverse(), factor.whitening());
        for row in 0..3 {
            for column in 0..3 {
                let unit: f64 = (0..3).map(|k| gram.at(row, k) * inverse.at(k, column)).sum();
                let expected = if row == column { 1.0 } else { 0.0 };
                assert!((unit - expected).abs() < 1e-10);
                let product: f64 = (0..3).map(|k| whitening.at(row, k) * whitening.at(column, k)).sum();
                assert!((product - inverse.at(row, column)).abs() < 1e-10);
            }
        }
    }
}
