//! The estimators by name: what may be chosen, and what a result says of each.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How an effect is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Estimator {
    /// Difference of the arms' means, or the slope on the treatment alone.
    DifferenceInMeans,
    /// Least squares on treatment and covariates.
    RegressionAdjustment,
    /// Analysis of covariance: least squares with the outcome's baseline among the covariates.
    Ancova,
    /// Least squares of the change since the baseline.
    ChangeScore,
    /// Arms reweighted by inverse propensities (Hajek).
    InversePropensityWeighting,
    /// Nearest neighbours by the propensity's log odds.
    PropensityMatching,
    /// Nearest neighbours by the Mahalanobis distance of the covariates.
    MahalanobisMatching,
    /// Augmented inverse propensity weighting, cross-fitted, linear and logistic nuisances.
    AipwLinear,
    /// Augmented inverse propensity weighting, cross-fitted, gradient-boosted nuisances.
    AipwBoosted,
    /// Partially linear double machine learning, linear nuisances.
    PartiallyLinear,
    /// Partially linear double machine learning, gradient-boosted nuisances.
    PartiallyLinearBoosted,
    /// Difference in differences of two groups and two times.
    TwoByTwo,
    /// Two-way fixed effects: unit and period effects, one coefficient.
    TwoWayFixedEffects,
    /// Group-time effects of Callaway and Sant'Anna, averaged over cohorts.
    CallawaySantanna,
}

/// What an estimator needs of the roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One row a unit (no unit, no time).
    CrossSection,
    /// Two groups at two times: a time, no unit.
    TwoTimes,
    /// Long data: unit and time.
    Panel,
}

impl Estimator {
    /// All, in the order of a result.
    pub const ALL: [Self; 14] = [
        Self::DifferenceInMeans,
        Self::RegressionAdjustment,
        Self::Ancova,
        Self::ChangeScore,
        Self::InversePropensityWeighting,
        Self::PropensityMatching,
        Self::MahalanobisMatching,
        Self::AipwLinear,
        Self::AipwBoosted,
        Self::PartiallyLinear,
        Self::PartiallyLinearBoosted,
        Self::TwoByTwo,
        Self::TwoWayFixedEffects,
        Self::CallawaySantanna,
    ];

    /// The name in parameters and results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DifferenceInMeans => "difference_in_means",
            Self::RegressionAdjustment => "regression_adjustment",
            Self::Ancova => "ancova",
            Self::ChangeScore => "change_score",
            Self::InversePropensityWeighting => "inverse_propensity_weighting",
            Self::PropensityMatching => "propensity_matching",
            Self::MahalanobisMatching => "mahalanobis_matching",
            Self::AipwLinear => "aipw_linear",
            Self::AipwBoosted => "aipw_boosted",
            Self::PartiallyLinear => "partially_linear",
            Self::PartiallyLinearBoosted => "partially_linear_boosted",
            Self::TwoByTwo => "two_by_two",
            Self::TwoWayFixedEffects => "two_way_fixed_effects",
            Self::CallawaySantanna => "callaway_santanna",
        }
    }

    /// For a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::DifferenceInMeans => "difference in means",
            Self::RegressionAdjustment => "regression adjustment",
            Self::Ancova => "ANCOVA",
            Self::ChangeScore => "change score",
            Self::InversePropensityWeighting => "inverse propensity weighting",
            Self::PropensityMatching => "propensity matching",
            Self::MahalanobisMatching => "Mahalanobis matching",
            Self::AipwLinear => "AIPW, linear",
            Self::AipwBoosted => "AIPW, boosted",
            Self::PartiallyLinear => "partially linear",
            Self::PartiallyLinearBoosted => "partially linear, boosted",
            Self::TwoByTwo => "difference in differences",
            Self::TwoWayFixedEffects => "two-way fixed effects",
            Self::CallawaySantanna => "Callaway-Sant'Anna",
        }
    }

    /// The shape of data it is for.
    #[must_use]
    pub const fn shape(self) -> Shape {
        match self {
            Self::TwoByTwo => Shape::TwoTimes,
            Self::TwoWayFixedEffects | Self::CallawaySantanna => Shape::Panel,
            _ => Shape::CrossSection,
        }
    }

    /// Whether it needs a treatment of two values.
    #[must_use]
    pub const fn needs_two_arms(self) -> bool {
        matches!(
            self,
            Self::InversePropensityWeighting
                | Self::PropensityMatching
                | Self::MahalanobisMatching
                | Self::AipwLinear
                | Self::AipwBoosted
        )
    }

    /// Whether it is of no use without covariates.
    #[must_use]
    pub const fn needs_covariates(self) -> bool {
        matches!(self, Self::RegressionAdjustment | Self::PartiallyLinear | Self::PartiallyLinearBoosted)
            || self.needs_two_arms()
    }

    /// Whether it needs the outcome's baseline.
    #[must_use]
    pub const fn needs_baseline(self) -> bool {
        matches!(self, Self::Ancova | Self::ChangeScore)
    }

    /// Whether it compares several arms with a control.
    #[must_use]
    pub const fn takes_arms(self) -> bool {
        matches!(self, Self::DifferenceInMeans | Self::RegressionAdjustment | Self::AipwLinear | Self::AipwBoosted)
    }
}

impl fmt::Display for Estimator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_json() {
        for estimator in Estimator::ALL {
            assert_eq!(serde_json::to_value(estimator).unwrap(), estimator.name());
        }
    }
}
