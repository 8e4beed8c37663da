//! Causal estimators, refuters and diagnostics: pure, seeded, deterministic numerics.
//!
//! A [`Study`] (named columns) is checked and coded into a [`Sample`]; [`estimate`] fits an estimator
//! and gives a [`Fit`]; the refuters, the sensitivity analysis and the diagnostics start from the two.
//! No I/O, no clock, no global state: the same study, options and seed give the same result bit for
//! bit on any number of threads (sums run over chunks fixed by the data's shape, every simulation has
//! its own random stream).
//!
//! ```
//! use causal::{Estimator, Inference, MissingValues, NumericColumn, Sample, Study, estimate};
//! # fn main() -> Result<(), causal::CausalError> {
//! let study = Study {
//!     outcome: NumericColumn::new("sales", vec![10.0, 12.0, 11.0, 15.0, 16.0, 14.5]),
//!     treatment: NumericColumn::new("visited", vec![0.0, 0.0, 0.0, 1.0, 1.0, 1.0]),
//!     arm_labels: None,
//!     covariates: Vec::new(),
//!     clusters: None,
//!     missing: MissingValues::Refuse,
//! };
//! let sample = Sample::prepare(study)?;
//! let fit = estimate(&sample, Estimator::DifferenceInMeans, &Inference::default())?;
//! assert!((fit.estimate.value - 4.166_666_666_666_667).abs() < 1e-12);
//! # Ok(())
//! # }
//! ```
//!
//! To add an estimator that is linear in the outcome, give it its [`Controls`](controls) and reuse
//! [`estimate`]; to add a refuter, add a file to [`refute`] that fills a [`refute::Refutation`];
//! to refute any other estimator, say how to make it again ([`refute::Refit`]).

pub mod agreement;
pub mod ancova;
pub mod boosting;
mod controls;
pub mod diagnostics;
mod distribution;
pub mod doubly_robust;
mod error;
mod estimate;
mod factor;
mod groups;
pub mod matching;
mod matrix;
pub mod overlap;
pub mod panel;
pub mod propensity;
mod random;
pub mod refute;
mod requirements;
mod sample;
pub mod sensitivity;
mod standard_error;
mod study;
pub mod synthetic;
pub mod weighting;

pub use distribution::ReferenceDistribution;
pub use error::{CausalError, ColumnCount, Warning, WarningCode};
pub use estimate::{Estimate, Estimator, Fit, Inference, Interval, estimate};
pub use sample::{ABSORBED_ABOVE_LEVELS, MOST_COLUMNS, Sample, TreatmentKind};
pub use standard_error::{StandardErrorConvention, StandardErrorKind};
pub use study::{CategoricalColumn, Covariate, MISSING_LEVEL, MissingValues, NumericColumn, Study};

/// Version of this crate: part of every result, because another version may give other numbers.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
