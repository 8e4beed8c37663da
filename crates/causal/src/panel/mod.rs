//! Panels: long data (one row per unit and period), and what before and after can say about an effect.
//!
//! A [`PanelStudy`] (columns by role) is checked and coded by [`Panel::prepare`]; every estimator and
//! refuter starts from the [`Panel`]. [`two_by_two`] needs no panel, only two groups and two times.
//!
//! | entry | what it estimates | source |
//! | --- | --- | --- |
//! | [`two_by_two`] | difference in differences of four means | Card-Krueger 1994; Angrist-Pischke 2009, 5.2 |
//! | [`two_way_fixed_effects`] | one coefficient with unit and period effects, and how far to trust it | Goodman-Bacon 2021; de Chaisemartin-D'Haultfoeuille 2020 |
//! | [`event_study`] | one coefficient per period before and after the start, with a pre-trend test | Freyaldenhoven-Hansen-Shapiro 2019; Roth 2022 |
//! | [`callaway_santanna`] | group-time effects and their averages, right under staggered starts | Callaway-Sant'Anna 2021 |
//! | [`placebo_in_time`], [`placebo_in_unit`], [`leave_one_cohort_out`] | what must not happen when the design holds | Bertrand-Duflo-Mullainathan 2004 |
//! | [`panel_refuters`] | the four simulated refuters of [`crate::refute`], by units and clusters | see there |
//! | [`trend_breakdown`] | how far trends may part before the effect goes | Rambachan-Roth 2023 |
//!
//! All assume parallel trends: without the treatment, the outcomes of treated and comparison units
//! would have moved alike. No computation can prove that; the pre-trend test and the placebos can
//! only speak against it.
//!
//! To add an estimator, take `within::TwoWay` (unit and period effects taken out) or
//! `group_time` cells (influence functions by unit) and add a file here.

mod aggregation;
mod bands;
mod breakdown;
mod cell;
mod coding;
mod comparisons;
mod complete;
mod effect;
mod event_study;
mod group_time;
mod input;
mod placebo;
mod prepare;
mod problem;
mod refuters;
mod regression;
mod summary;
mod two_by_two;
mod two_way;
mod within;

pub use aggregation::{Aggregate, Aggregation, Part};
pub use bands::{Bootstrap, Multiplier};
pub use breakdown::{TrendBreakdown, trend_breakdown};
pub use comparisons::{Comparison, ComparisonKind, Comparisons, NegativeWeights};
pub use effect::Effect;
pub use event_study::{Ends, EventCoefficient, EventStudy, EventStudyOptions, PreTrendTest, event_study};
pub use group_time::{
    Adjustment, BasePeriod, ComparisonUnits, GroupTimeEffect, GroupTimeEffects, GroupTimeOptions, callaway_santanna,
};
pub use input::{Adoption, Gaps, PanelOptions, PanelStudy, PanelTime, TreatedFromStart};
pub use placebo::{
    CohortLeftOut, LeaveOneCohortOut, PanelEstimator, PlaceboInTime, PlaceboInUnit, leave_one_cohort_out,
    placebo_in_time, placebo_in_unit,
};
pub use prepare::Panel;
pub use problem::{PanelError, PanelWarning, PanelWarningCode};
pub use refuters::{PanelRefutation, panel_refuters};
pub use regression::{AbsorbedParameters, Coefficient, PanelInference};
pub use summary::{Cohort, PanelSummary};
pub use two_by_two::{TwoByTwo, TwoByTwoEstimate, TwoByTwoFit, two_by_two, two_by_two_fit};
pub use two_way::{TwoWayEstimate, two_way_fixed_effects};
