//! Standard errors of the treatment's coefficient, and the convention behind each.
//!
//! With `r` the treatment and `e` the outcome residuals after the controls are taken out, `S = r'r`,
//! `n` rows, `k` parameters and `h` the leverages of the whole regression:
//!
//! | kind | variance | source |
//! | --- | --- | --- |
//! | classical | `e'e / (n-k) / S` | any textbook |
//! | HC1 | `n/(n-k) * sum(r² e²) / S²` | MacKinnon-White 1985 |
//! | HC2 | `sum(r² e² / (1-h)) / S²` | MacKinnon-White 1985; Neyman's for a difference in means |
//! | HC3 | `sum(r² e² / (1-h)²) / S²` | Davidson-MacKinnon 1993 |
//! | cluster (CR1) | `G/(G-1) * (n-1)/(n-k) * sum_g (sum_{i in g} r e)² / S²` | Liang-Zeger 1986, Stata's factor |

use serde::{Deserialize, Serialize};

use crate::controls::Controls;
use crate::distribution::ReferenceDistribution;
use crate::error::{CausalError, Warning, WarningCode};
use crate::groups::Groups;
use crate::matrix::dot;

/// Leverages above one minus this count as one.
const LEVERAGE_TOLERANCE: f64 = 1e-9;

/// Fewer clusters than this bring a warning (Cameron-Gelbach-Miller 2008).
const FEW_CLUSTERS: usize = 30;

/// Which standard error to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandardErrorKind {
    /// Equal error variance in all rows.
    Classical,
    /// Heteroskedasticity-robust, scaled by n/(n-k).
    Hc1,
    /// Heteroskedasticity-robust, residuals scaled by their leverage.
    Hc2,
    /// Heteroskedasticity-robust, close to the jackknife; the most cautious in small samples.
    Hc3,
    /// Robust to any correlation within clusters.
    Cluster,
}

impl StandardErrorKind {
    /// Its usual short name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Classical => "classical",
            Self::Hc1 => "HC1",
            Self::Hc2 => "HC2",
            Self::Hc3 => "HC3",
            Self::Cluster => "cluster-robust CR1",
        }
    }

    fn formula(self) -> &'static str {
        match self {
            Self::Classical => "sqrt(e'e / (n-k) / r'r)",
            Self::Hc1 => "sqrt(n/(n-k) * sum(r^2 e^2)) / r'r",
            Self::Hc2 => "sqrt(sum(r^2 e^2 / (1-h))) / r'r",
            Self::Hc3 => "sqrt(sum(r^2 e^2 / (1-h)^2)) / r'r",
            Self::Cluster => "sqrt(G/(G-1) * (n-1)/(n-k) * sum_g(sum_{i in g} r e)^2) / r'r",
        }
    }

    fn same_as(self, unadjusted: bool, absorbed: bool) -> Vec<String> {
        let packages: &[&str] = match self {
            Self::Classical => &["R summary(lm)", "statsmodels OLS nonrobust", "Stata regress"],
            Self::Hc1 => &["Stata regress, vce(robust)", "R sandwich vcovHC type HC1", "statsmodels OLS HC1"],
            Self::Hc2 => &["R estimatr lm_robust (default)", "Stata regress, vce(hc2)", "statsmodels OLS HC2"],
            Self::Hc3 => &["R sandwich vcovHC (default)", "Stata regress, vce(hc3)", "statsmodels OLS HC3"],
            Self::Cluster => &["Stata regress, vce(cluster)", "R sandwich vcovCL type HC1", "statsmodels OLS cluster"],
        };
        let mut names: Vec<String> = packages.iter().map(ToString::to_string).collect();
        match self {
            Self::Classical if unadjusted => names.push("two-sample t test with pooled variance".into()),
            Self::Hc2 if unadjusted => {
                names.push("Welch's t test (the same standard error; its degrees of freedom differ)".into());
            }
            _ => {}
        }
        if absorbed {
            names.push("each with one indicator column per absorbed level, all of them counted as parameters".into());
        }
        names
    }
}

/// The exact meaning of a standard error, so that it can be reproduced elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StandardErrorConvention {
    /// Which standard error.
    pub kind: StandardErrorKind,
    /// The formula; `r` and `e` are the residuals of treatment and outcome, `h` the leverages.
    pub formula: String,
    /// The factor on the variance for small samples.
    pub small_sample_factor: f64,
    /// Degrees of freedom of intervals and p-values.
    pub degrees_of_freedom: f64,
    /// What the statistic is compared with.
    pub distribution: ReferenceDistribution,
    /// Rows `n`.
    pub rows: usize,
    /// Parameters `k`, absorbed levels included.
    pub parameters: usize,
    /// Clusters `G`.
    pub clusters: Option<usize>,
    /// Other packages' names for the same number.
    pub same_as: Vec<String>,
}

/// What the variance is computed from.
pub(crate) struct Residuals<'a> {
    pub(crate) treatment: &'a [f64],
    pub(crate) errors: &'a [f64],
    pub(crate) treatment_variation: f64,
    pub(crate) controls: &'a Controls,
    pub(crate) clusters: Option<&'a Groups>,
    pub(crate) treatment_name: &'a str,
}

impl Residuals<'_> {
    /// The standard error with its convention.
    pub(crate) fn standard_error(
        &self,
        kind: StandardErrorKind,
        distribution: ReferenceDistribution,
        warnings: &mut Vec<Warning>,
    ) -> Result<(f64, StandardErrorConvention), CausalError> {
        let rows = self.errors.len();
        let parameters = self.controls.parameters() + 1;
        let free = rows as f64 - parameters as f64;
        let squares = self.treatment_variation * self.treatment_variation;
        let (factor, sum, degrees_of_freedom, clusters) = match kind {
            StandardErrorKind::Classical => {
                (1.0 / free, dot(self.errors, self.errors) * self.treatment_variation, free, None)
            }
            StandardErrorKind::Hc1 => (rows as f64 / free, self.sum_of_scores(0, warnings)?, free, None),
            StandardErrorKind::Hc2 => (1.0, self.sum_of_scores(1, warnings)?, free, None),
            StandardErrorKind::Hc3 => (1.0, self.sum_of_scores(2, warnings)?, free, None),
            StandardErrorKind::Cluster => {
                let clusters = self.clusters.ok_or(CausalError::NoClusters)?;
                let count = clusters.count();
                if count < 2 {
                    return Err(CausalError::TooFewClusters { column: clusters.name.clone(), clusters: count });
                }
                warn_about_clusters(clusters, warnings);
                let groups = count as f64;
                let factor = groups / (groups - 1.0) * (rows as f64 - 1.0) / free;
                (factor, self.sum_of_cluster_scores(clusters), groups - 1.0, Some(count))
            }
        };
        let standard_error = (factor * sum / squares).sqrt();
        let scale = (dot(self.errors, self.errors) / self.treatment_variation / rows as f64).sqrt();
        if !standard_error.is_finite() || standard_error <= 1e-9 * scale {
            return Err(CausalError::ZeroStandardError {
                kind: kind.name(),
                treatment: self.treatment_name.to_owned(),
            });
        }
        let unadjusted = self.controls.terms.is_empty() && self.controls.groups.is_single();
        let convention = StandardErrorConvention {
            kind,
            formula: kind.formula().to_owned(),
            small_sample_factor: if kind == StandardErrorKind::Classical { rows as f64 / free } else { factor },
            degrees_of_freedom,
            distribution,
            rows,
            parameters,
            clusters,
            same_as: kind.same_as(unadjusted, !self.controls.groups.is_single()),
        };
        Ok((standard_error, convention))
    }

    /// `sum(r² e² / (1-h)^power)`.
    fn sum_of_scores(&self, power: i32, warnings: &mut Vec<Warning>) -> Result<f64, CausalError> {
        let scores = self.treatment.iter().zip(self.errors).map(|(r, e)| (r * e) * (r * e));
        if power == 0 {
            return Ok(scores.sum());
        }
        let kind = if power == 1 { "HC2" } else { "HC3" };
        let (mut sum, mut silent, mut undefined) = (0.0, 0, 0);
        for ((score, leverage), r) in scores.zip(self.controls.leverages()).zip(self.treatment) {
            let own = r * r / self.treatment_variation;
            let room = 1.0 - leverage - own;
            if room > LEVERAGE_TOLERANCE {
                sum += score / room.powi(power);
            } else if own > LEVERAGE_TOLERANCE {
                undefined += 1;
            } else {
                // The controls fit this row exactly whatever the treatment: it says nothing of the effect.
                silent += 1;
            }
        }
        if undefined > 0 {
            return Err(CausalError::UndefinedStandardError { kind, rows: undefined });
        }
        if silent > 0 {
            warnings.push(Warning::new(
                WarningCode::LeverageOne,
                format!("{silent} rows are alone in their group or level: they fit exactly and add nothing to estimate or {kind} error"),
            ));
        }
        Ok(sum)
    }

    fn sum_of_cluster_scores(&self, clusters: &Groups) -> f64 {
        let mut sums = vec![0.0; clusters.count()];
        for (row, (r, e)) in self.treatment.iter().zip(self.errors).enumerate() {
            sums[clusters.of_row(row)] += r * e;
        }
        sums.iter().map(|sum| sum * sum).sum()
    }
}

fn warn_about_clusters(clusters: &Groups, warnings: &mut Vec<Warning>) {
    let count = clusters.count();
    if count < FEW_CLUSTERS {
        warnings.push(Warning::new(
            WarningCode::FewClusters,
            format!(
                "only {count} clusters in '{}': cluster-robust errors are usually too small below {FEW_CLUSTERS}",
                clusters.name
            ),
        ));
    }
}
