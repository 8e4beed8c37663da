//! Unit and period effects taken out of a column, exactly.
//!
//! In a balanced panel the residual is `v_it - v_i. - v_.t + v_..`. Otherwise, with `D_u`, `D_t` the
//! numbers of rows per unit and period and `B` the units-by-periods matrix of what was observed, the
//! period effects solve `(D_t - B' D_u^-1 B) tau = sum_i (v_it - v_i.)` (Frisch-Waugh-Lovell; the
//! Schur complement of Abowd-Kramarz-Margolis 1999), a system of as many equations as there are
//! periods: no iteration, no tolerance, and its rank counts the parameters exactly even when units
//! and periods fall apart into unconnected parts.

use super::prepare::Panel;
use crate::factor::Factor;
use crate::matrix::Columns;

/// The projection off unit and period effects.
pub(crate) struct TwoWay<'a> {
    panel: &'a Panel,
    /// Absent in a balanced panel.
    periods: Option<Factor>,
    /// Free period effects.
    free_periods: usize,
}

impl<'a> TwoWay<'a> {
    pub(crate) fn of(panel: &'a Panel) -> Self {
        let count = panel.periods.len();
        if panel.is_balanced() {
            return Self { panel, periods: None, free_periods: count - 1 };
        }
        let mut system = Columns::zeros(count, count);
        for unit in 0..panel.units.len() {
            let own = &panel.period[panel.rows_of(unit)];
            let share = 1.0 / own.len() as f64;
            for &column in own {
                let column = column as usize;
                let values = system.column_mut(column);
                values[column] += 1.0;
                for &row in own {
                    values[row as usize] -= share;
                }
            }
        }
        let factor = Factor::of(&system);
        Self { panel, free_periods: factor.kept.len(), periods: Some(factor) }
    }

    /// Unit effects, the common mean among them.
    pub(crate) fn unit_parameters(&self) -> usize {
        self.panel.units.len()
    }

    /// Period effects beside the unit effects.
    pub(crate) fn period_parameters(&self) -> usize {
        self.free_periods
    }

    /// What is left of `values`; twice, so that nothing is left to rounding.
    pub(crate) fn residual(&self, values: &[f64]) -> Vec<f64> {
        let mut residual = values.to_vec();
        match &self.periods {
            None => self.take_balanced(&mut residual),
            Some(periods) => {
                for _ in 0..2 {
                    self.take_units(&mut residual);
                    self.take_periods(periods, &mut residual);
                }
            }
        }
        residual
    }

    /// Unit and period means of a balanced panel, twice, in three passes over the rows.
    fn take_balanced(&self, values: &mut [f64]) {
        let count = self.panel.periods.len();
        let units = self.panel.units.len() as f64;
        let mut means = vec![0.0; count];
        for _ in 0..2 {
            let mut sums = vec![0.0; count];
            for own in values.chunks_exact_mut(count) {
                own.iter_mut().zip(&means).for_each(|(value, mean)| *value -= mean);
                let mean = own.iter().sum::<f64>() / count as f64;
                for (value, sum) in own.iter_mut().zip(&mut sums) {
                    *value -= mean;
                    *sum += *value;
                }
            }
            means = sums.into_iter().map(|sum| sum / units).collect();
        }
        for own in values.chunks_exact_mut(count) {
            own.iter_mut().zip(&means).for_each(|(value, mean)| *value -= mean);
        }
    }

    fn take_units(&self, values: &mut [f64]) {
        for unit in 0..self.panel.units.len() {
            let own = &mut values[self.panel.rows_of(unit)];
            let mean = own.iter().sum::<f64>() / own.len() as f64;
            for value in own {
                *value -= mean;
            }
        }
    }

    /// Takes period effects out of values whose unit means are zero, and keeps those zero.
    fn take_periods(&self, periods: &Factor, values: &mut [f64]) {
        let count = self.panel.periods.len();
        let mut sums = vec![0.0; count];
        for (&period, value) in self.panel.period.iter().zip(values.iter()) {
            sums[period as usize] += value;
        }
        let mut effects = vec![0.0; count];
        for (&period, effect) in periods.kept.iter().zip(periods.solve(&sums)) {
            effects[period] = effect;
        }
        for (&period, value) in self.panel.period.iter().zip(values.iter_mut()) {
            *value -= effects[period as usize];
        }
        self.take_units(values);
    }
}
