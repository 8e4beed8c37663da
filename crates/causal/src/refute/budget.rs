//! How many simulations of how many rows a budget pays for, decided by numbers alone and so the same
//! everywhere.

use serde::{Deserialize, Serialize};

use super::MOST_SIMULATIONS;
use crate::error::{CausalError, Warning, WarningCode};

/// Rows that a subsample keeps if it can.
const FEWEST_ROWS: usize = 1_000;

/// Rows below which no subsample goes, for the sake of [`FEWEST_SIMULATIONS`].
const FEWEST_ROWS_AT_ALL: usize = 250;

/// Simulations that are kept if they can be: below 19 a spread says little.
const FEWEST_SIMULATIONS: usize = 19;

/// What the refuters that estimate again may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgainPlan {
    /// Simulations asked for, of each refuter.
    pub simulations: usize,
    /// Same seed, same numbers. Estimates on the same rows are made with this seed itself.
    pub seed: u64,
    /// Most rows to estimate from, over all simulations of one refuter.
    pub most_row_fits: usize,
    /// Most rows of one simulation.
    pub most_rows: usize,
}

/// What a plan pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affordable {
    /// Rows that each simulation starts from: all, or a random subsample.
    pub rows: usize,
    /// Simulations.
    pub simulations: usize,
}

impl AgainPlan {
    pub(crate) fn check(&self) -> Result<(), CausalError> {
        if !(1..=MOST_SIMULATIONS).contains(&self.simulations) {
            let (value, expected) = (self.simulations.to_string(), "between 1 and 100000");
            return Err(CausalError::InvalidOption { option: "simulations", value, expected });
        }
        if self.most_rows == 0 {
            let expected = "at least 1";
            return Err(CausalError::InvalidOption {
                option: "most rows of a simulation",
                value: "0".into(),
                expected,
            });
        }
        Ok(())
    }

    /// All simulations on all rows if that is paid for; else on fewer rows, down to 1,000; else fewer
    /// simulations, down to 19; else fewer rows again, down to 250; else as many simulations as there are.
    /// At least one. `baseline` says whether one more estimate is needed to compare with.
    #[must_use]
    pub fn affordable(&self, rows: usize, baseline: bool) -> Affordable {
        let extra = usize::from(baseline);
        let most = rows.min(self.most_rows);
        let rows_for = |simulations: usize| (self.most_row_fits / (simulations + extra)).min(most);
        let simulations_for = |rows: usize| (self.most_row_fits / rows.max(1)).saturating_sub(extra);
        if rows_for(self.simulations) >= most.min(FEWEST_ROWS) {
            return Affordable { rows: rows_for(self.simulations), simulations: self.simulations };
        }
        let wanted = self.simulations.min(FEWEST_SIMULATIONS);
        let least = most.min(FEWEST_ROWS);
        if simulations_for(least) >= wanted {
            return Affordable { rows: least, simulations: simulations_for(least).min(self.simulations) };
        }
        let rows = rows_for(wanted).max(most.min(FEWEST_ROWS_AT_ALL));
        Affordable { rows, simulations: simulations_for(rows).clamp(1, wanted) }
    }
}

impl Affordable {
    /// Says what was cut.
    pub(crate) fn warning(self, plan: &AgainPlan, rows: usize) -> Option<Warning> {
        let fewer = (self.simulations < plan.simulations)
            .then(|| format!("{} of the {} simulations asked for", self.simulations, plan.simulations));
        let smaller = (self.rows < rows).then(|| format!("a random subsample of {} of {rows} rows", self.rows));
        let cut: Vec<String> = [fewer, smaller].into_iter().flatten().collect();
        let message = format!("the time set aside pays for {}", cut.join(" and "));
        (!cut.is_empty()).then(|| Warning::new(WarningCode::FewerSimulations, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn affordable(rows: usize, most_row_fits: usize) -> (usize, usize) {
        let plan = AgainPlan { simulations: 100, seed: 1, most_row_fits, most_rows: 50_000 };
        let found = plan.affordable(rows, false);
        (found.rows, found.simulations)
    }

    #[test]
    fn rows_are_cut_before_simulations() {
        assert_eq!(affordable(800, 80_000), (800, 100));
        assert_eq!(affordable(1_000_000, 5_000_000), (50_000, 100));
        assert_eq!(affordable(1_000_000, 600_000), (6_000, 100));
        assert_eq!(affordable(1_000_000, 60_000), (1_000, 60));
        assert_eq!(affordable(800, 40_000), (800, 50));
        assert_eq!(affordable(1_000_000, 9_500), (500, 19));
        assert_eq!(affordable(1_000_000, 1_000), (250, 4));
        assert_eq!(affordable(1_000_000, 0), (250, 1));
    }

    #[test]
    fn the_estimate_to_compare_with_is_paid_for() {
        let plan = AgainPlan { simulations: 19, seed: 1, most_row_fits: 40_000, most_rows: 50_000 };
        assert_eq!(plan.affordable(1_000_000, true), Affordable { rows: 2_000, simulations: 19 });
    }
}
