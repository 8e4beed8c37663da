//! What an analysis will take, before it is run: seconds and bytes from the shape of the data.
//!
//! Each [`Task`] is a polynomial in rows and coded columns, times its repetitions (folds, simulations,
//! draws): the operation counts of the algorithms, with rates measured on two cores of an AMD EPYC
//! (2026), 1,000 to 1,000,000 rows by 2 to 50 columns. Measured and expected seconds agree within a factor of
//! about two there; a machine that is busy or of another kind is slower or faster throughout, so compare
//! with the seconds of a task that was run before deciding by the clock alone. Bytes do not depend on
//! the machine.
//!
//! Tasks that follow one another add up: see [`Cost::then`]. To add a task, add a variant and its [`Rate`].

use serde::{Deserialize, Serialize};

use super::choices::Target;
use super::estimator::Estimator;
use super::parameters::CausalImpactParameters;

/// What is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Regression adjustment with robust errors.
    Regression,
    /// Its placebo, random-cause, subset and bootstrap refuters, `simulations` of each.
    RegressionRefuters,
    /// Propensities and the weighted means; `columns` of them.
    Weighting,
    /// Refuters of the weighted means, `simulations` in all; each fits the propensities anew.
    WeightingRefuters,
    /// AIPW with linear models, `folds` of them.
    AipwLinear,
    /// AIPW with boosted trees, `folds` of them.
    AipwBoosted,
    /// Partially linear regression with linear models.
    PartiallyLinear,
    /// Partially linear regression with boosted trees, `folds` of them.
    PartiallyLinearBoosted,
    /// Matching on the propensity, its model included.
    PropensityMatching,
    /// Matching by Mahalanobis' distance: seekers times those they may find.
    MahalanobisMatching {
        /// Whose effect: for everybody all rows seek, and all pairs within an arm are looked at too.
        target: Target,
        /// Whether a row may be the match of several; if not, each neighbour is a search of its own.
        replacement: bool,
    },
    /// Two-way fixed effects on a panel, checks and coding included.
    TwoWayFixedEffects,
    /// Event study: a column more for each period.
    EventStudy,
    /// Group-time effects, with `simulations` bootstrap draws.
    GroupTime,
    /// Placebo in units of two-way fixed effects, `simulations` of them.
    PlaceboInUnit,
}

/// The shape of the data and of the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// Rows.
    pub rows: usize,
    /// Columns to adjust for as coded: a category counts once per level but the first.
    pub columns: usize,
    /// Treated rows (matching); half of the rows when not known.
    pub treated_rows: Option<usize>,
    /// Folds of cross-fitting.
    pub folds: usize,
    /// Simulations or bootstrap draws.
    pub simulations: usize,
    /// Neighbours of matching.
    pub neighbours: usize,
    /// Periods of a panel.
    pub periods: usize,
    /// Treated cohorts of a panel.
    pub cohorts: usize,
    /// Threads that compute.
    pub threads: usize,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            rows: 0,
            columns: 0,
            treated_rows: None,
            folds: 5,
            simulations: 100,
            neighbours: 1,
            periods: 10,
            cohorts: 3,
            threads: 1,
        }
    }
}

/// What a task takes.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Cost {
    /// Seconds, on an idle machine of the kind named above.
    pub seconds: f64,
    /// Most bytes at once: the columns as numbers and what is computed from them.
    pub bytes: f64,
}

impl Cost {
    /// One task after another: seconds add, of the bytes the larger stays.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        Self { seconds: self.seconds + next.seconds, bytes: self.bytes.max(next.bytes) }
    }
}

/// Bytes of a process before it has data.
const BASE_BYTES: f64 = 8e6;
/// Seconds of the smallest task.
const BASE_SECONDS: f64 = 1e-4;

/// Nanoseconds of one thread and bytes, per row of one repetition, for `p` columns.
struct Rate {
    /// Nanoseconds by `1, p, p²`.
    nanoseconds: [f64; 3],
    repetitions: f64,
    /// Share of the work that threads divide among them.
    parallel: f64,
    /// Bytes per row by `1, p`, the columns themselves not among them.
    bytes: [f64; 2],
}

impl Task {
    /// What an estimator is computed by.
    #[must_use]
    pub const fn of(parameters: &CausalImpactParameters, estimator: Estimator) -> Self {
        match estimator {
            Estimator::InversePropensityWeighting => Self::Weighting,
            Estimator::PropensityMatching => Self::PropensityMatching,
            Estimator::MahalanobisMatching => {
                let replacement = parameters.replacement;
                // Without replacement there are not enough rows to match everybody: the treated alone.
                let target = if replacement { parameters.target } else { Target::Treated };
                Self::MahalanobisMatching { target, replacement }
            }
            Estimator::AipwLinear => Self::AipwLinear,
            Estimator::AipwBoosted => Self::AipwBoosted,
            Estimator::PartiallyLinear => Self::PartiallyLinear,
            Estimator::PartiallyLinearBoosted => Self::PartiallyLinearBoosted,
            Estimator::TwoWayFixedEffects => Self::TwoWayFixedEffects,
            Estimator::CallawaySantanna => Self::GroupTime,
            Estimator::DifferenceInMeans
            | Estimator::RegressionAdjustment
            | Estimator::Ancova
            | Estimator::ChangeScore
            | Estimator::TwoByTwo => Self::Regression,
        }
    }

    fn rate(self, shape: &Shape) -> Rate {
        let (folds, simulations) = (shape.folds as f64, shape.simulations as f64);
        let rate = |nanoseconds, repetitions, parallel, bytes| Rate { nanoseconds, repetitions, parallel, bytes };
        match self {
            Self::Regression => rate([100.0, 2.0, 1.1], 1.0, 0.5, [40.0, 10.0]),
            Self::RegressionRefuters => rate([15.0, 0.3, 0.033], simulations, 0.9, [165.0, 18.0]),
            Self::Weighting => rate([350.0, 15.0, 1.3], 1.0, 0.8, [45.0, 10.0]),
            Self::WeightingRefuters => rate([200.0, 10.0, 1.0], simulations, 0.8, [65.0, 10.0]),
            Self::AipwLinear => rate([180.0, 32.0, 0.1], folds, 0.6, [50.0, 10.0]),
            Self::AipwBoosted => rate([6_800.0, 720.0, 0.0], folds, 0.95, [140.0, 3.0]),
            Self::PartiallyLinear => rate([150.0, 22.0, 0.0], 1.0, 0.5, [70.0, 8.0]),
            Self::PartiallyLinearBoosted => rate([6_500.0, 630.0, 0.0], folds, 0.95, [140.0, 3.0]),
            Self::PropensityMatching => {
                let search = 400.0 + 20.0 * shape.neighbours as f64;
                rate([350.0 + search, 15.0, 1.3], 1.0, 0.7, [60.0, 10.0])
            }
            Self::MahalanobisMatching { .. } => rate([600.0, 40.0, 1.5], 1.0, 0.5, [110.0, 29.0]),
            Self::TwoWayFixedEffects | Self::EventStudy => rate([60.0, 22.0, 0.3], 1.0, 0.5, [50.0, 25.0]),
            Self::GroupTime => {
                let cohorts = shape.cohorts as f64;
                rate([100.0 + 0.3 * simulations, 38.0, 0.0], cohorts, 0.7, [60.0, 8.0])
            }
            Self::PlaceboInUnit => rate([40.0, 2.0, 0.0], simulations, 0.95, [120.0, 24.0]),
        }
    }

    /// Columns with those that the task adds.
    fn columns(self, shape: &Shape) -> f64 {
        let own = if self == Self::EventStudy { shape.periods } else { 0 };
        (shape.columns + own) as f64
    }

    /// Nanoseconds of one thread for looking at pairs of rows.
    fn pairs(self, shape: &Shape) -> f64 {
        let Self::MahalanobisMatching { target, replacement } = self else { return 0.0 };
        let columns = shape.columns as f64;
        let treated = shape.treated_rows.unwrap_or(shape.rows / 2).min(shape.rows) as f64;
        let control = shape.rows as f64 - treated;
        let pairs = match (target, replacement) {
            (Target::Everybody, _) => 2.0 * treated * control + treated * treated + control * control,
            (Target::Treated, true) => 1.5 * treated * control,
            (Target::Treated, false) => 1.5 * shape.neighbours as f64 * treated * control,
        };
        // Boxes rule out nearly all pairs in few dimensions and none in many.
        let seen = (columns / 8.0).powi(2).min(1.0);
        pairs * seen * (0.35 + 0.035 * columns)
    }
}

/// What a task on data of this shape will take.
#[must_use]
pub fn expected(task: Task, shape: &Shape) -> Cost {
    let Rate { nanoseconds, repetitions, parallel, bytes } = task.rate(shape);
    let (rows, columns) = (shape.rows as f64, task.columns(shape));
    let per_row = nanoseconds[0] + nanoseconds[1] * columns + nanoseconds[2] * columns * columns;
    let divided = |work: f64, share: f64| work * (1.0 - share + share / shape.threads.max(1) as f64);
    let work = divided(rows * repetitions * per_row, parallel) + divided(task.pairs(shape), 0.95);
    let data = 8.0 * rows * (shape.columns as f64 + 2.0);
    Cost { seconds: BASE_SECONDS + 1e-9 * work, bytes: BASE_BYTES + data + rows * (bytes[0] + bytes[1] * columns) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ATT: Task = Task::MahalanobisMatching { target: Target::Treated, replacement: true };
    const ALL: [Task; 14] = [
        Task::Regression,
        Task::RegressionRefuters,
        Task::Weighting,
        Task::WeightingRefuters,
        Task::AipwLinear,
        Task::AipwBoosted,
        Task::PartiallyLinear,
        Task::PartiallyLinearBoosted,
        Task::PropensityMatching,
        ATT,
        Task::TwoWayFixedEffects,
        Task::EventStudy,
        Task::GroupTime,
        Task::PlaceboInUnit,
    ];

    fn shape(rows: usize, columns: usize) -> Shape {
        Shape { rows, columns, ..Shape::default() }
    }

    #[test]
    fn more_rows_and_columns_cost_more_and_threads_less() {
        for task in ALL {
            let small = expected(task, &shape(10_000, 10));
            for larger in [shape(20_000, 10), shape(10_000, 20)] {
                let cost = expected(task, &larger);
                assert!(cost.seconds > small.seconds && cost.bytes > small.bytes, "{task:?}");
            }
            let shared = expected(task, &Shape { threads: 2, ..shape(10_000, 10) });
            assert!(shared.seconds < small.seconds && shared.seconds >= small.seconds / 2.0, "{task:?}");
        }
    }

    #[test]
    fn seconds_grow_with_rows_as_the_algorithms_do() {
        for task in ALL {
            let growth = expected(task, &shape(1_000_000, 20)).seconds / expected(task, &shape(100_000, 20)).seconds;
            // All rows against all others for pairs, rows alone for the rest.
            let expected = if task == ATT { 60.0..100.1 } else { 9.5..10.1 };
            assert!(expected.contains(&growth), "{task:?}: {growth}");
        }
    }

    #[test]
    fn repetitions_multiply_what_they_repeat() {
        let seconds = |task, shape: &Shape| expected(task, shape).seconds;
        let base = shape(100_000, 20);
        let folds = Shape { folds: 10, ..base };
        let simulations = Shape { simulations: 200, ..base };
        for task in [Task::AipwLinear, Task::AipwBoosted, Task::PartiallyLinearBoosted] {
            assert!((seconds(task, &folds) / seconds(task, &base) - 2.0).abs() < 0.01, "{task:?}");
        }
        for task in [Task::RegressionRefuters, Task::WeightingRefuters, Task::PlaceboInUnit] {
            assert!((seconds(task, &simulations) / seconds(task, &base) - 2.0).abs() < 0.01, "{task:?}");
        }
        let everybody = Task::MahalanobisMatching { target: Target::Everybody, replacement: true };
        assert!(seconds(everybody, &base) > 2.0 * seconds(ATT, &base));
        let few = Shape { treated_rows: Some(10_000), ..base };
        assert!(seconds(ATT, &few) < 0.5 * seconds(ATT, &base));
        let once = Task::MahalanobisMatching { target: Target::Treated, replacement: false };
        let three = Shape { neighbours: 3, ..few };
        assert!(seconds(once, &three) > 2.0 * seconds(ATT, &three));
    }

    #[test]
    fn tasks_in_turn_add_seconds_and_share_memory() {
        let [first, second] = [Task::Weighting, Task::AipwLinear].map(|task| expected(task, &shape(50_000, 10)));
        let both = first.then(second);
        assert!((both.seconds - first.seconds - second.seconds).abs() < 1e-12);
        assert!((both.bytes - first.bytes.max(second.bytes)).abs() < 1e-6);
    }
}
