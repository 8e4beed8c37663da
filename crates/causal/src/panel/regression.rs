//! Least squares on columns from which unit and period effects are taken out, with cluster-robust errors.
//!
//! With `X` and `e` the columns and errors after the effects, `A = X'X` and `s_g = sum_{i in g} x_i e_i`:
//! `V = c A^-1 (sum_g s_g s_g') A^-1` (Liang-Zeger 1986; Arellano 1987). The factor `c` and the degrees
//! of freedom are a convention, and packages differ (by 5 % of the standard error with ten periods):
//! see [`AbsorbedParameters`].

use std::borrow::Cow;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::prepare::Panel;
use super::problem::{PanelError, PanelWarning, PanelWarningCode};
use super::within::TwoWay;
use crate::distribution::ReferenceDistribution;
use crate::error::{CausalError, quoted};
use crate::estimate::Interval;
use crate::factor::{Factor, PIVOT_TOLERANCE};
use crate::matrix::{Columns, centred_sum_of_squares, cross_products, dot};
use crate::standard_error::{StandardErrorConvention, StandardErrorKind};

/// Fewer clusters than this bring a warning (Cameron-Gelbach-Miller 2008).
const FEW_CLUSTERS: usize = 30;

/// Which parameters the small-sample factor counts; `k` slopes, `N` units, `T` period effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbsorbedParameters {
    /// Unit effects are nested in the clusters and not counted: `c = G/(G-1) * (n-1)/(n-k-T)`, Student's t
    /// with `G-1` degrees of freedom. As fixest, pyfixest and Stata's reghdfe.
    #[default]
    NestedNotCounted,
    /// All effects counted: `c = n/(n-k-N-T+1)`, Student's t with `n-k-N-T+1` degrees of freedom. As
    /// linearmodels' `PanelOLS` with clustered errors; more cautious about the variance, less about the tails.
    AllCounted,
}

/// How uncertainty is expressed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PanelInference {
    /// Confidence level of intervals, between 0 and 1.
    pub confidence: f64,
    /// The small-sample convention.
    pub absorbed: AbsorbedParameters,
}

impl Default for PanelInference {
    fn default() -> Self {
        Self { confidence: 0.95, absorbed: AbsorbedParameters::default() }
    }
}

impl PanelInference {
    pub(crate) fn check(&self) -> Result<(), CausalError> {
        check_confidence(self.confidence)
    }
}

pub(crate) fn check_confidence(confidence: f64) -> Result<(), CausalError> {
    if confidence > 0.0 && confidence < 1.0 {
        return Ok(());
    }
    let expected = "between 0 and 1, both excluded";
    Err(CausalError::InvalidOption { option: "confidence level", value: confidence.to_string(), expected })
}

/// One coefficient with its uncertainty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coefficient {
    /// Name of the column.
    pub name: String,
    /// The coefficient.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// `value / standard_error`.
    pub statistic: f64,
    /// Probability of a statistic at least as far from zero if the coefficient were zero.
    pub p_value: f64,
    /// Confidence interval.
    pub interval: Interval,
}

/// A fitted regression.
pub(crate) struct WithinFit {
    /// Positions of the given columns that were kept.
    pub(crate) kept: Vec<usize>,
    pub(crate) coefficients: Vec<Coefficient>,
    pub(crate) covariance: Columns,
    pub(crate) convention: StandardErrorConvention,
    pub(crate) r_squared: f64,
    pub(crate) warnings: Vec<PanelWarning>,
}

/// A column and what unit and period effects leave of it.
pub(crate) struct Within<'a> {
    pub(crate) name: String,
    pub(crate) values: &'a [f64],
    pub(crate) residual: Vec<f64>,
}

impl<'a> Within<'a> {
    /// Takes the effects out of named columns, each on a thread of its own.
    pub(crate) fn of(effects: &TwoWay<'_>, given: Vec<(String, &'a [f64])>) -> Vec<Self> {
        let taken = |(name, values)| Self { name, values, residual: effects.residual(values) };
        given.into_par_iter().with_max_len(1).map(taken).collect()
    }
}

/// What is left of the columns, those dropped that the effects or earlier ones determine.
pub(crate) struct Design {
    pub(crate) kept: Vec<usize>,
    /// Residuals, scaled to length one.
    columns: Columns,
    lengths: Vec<f64>,
    factor: Factor,
}

impl Design {
    pub(crate) fn of(given: &[Within<'_>], warnings: &mut Vec<PanelWarning>) -> Self {
        let rows = given.first().map_or(0, |column| column.values.len());
        let mut columns = Columns::with_capacity(rows, given.len());
        let (mut kept, mut lengths, mut out) = (Vec::new(), Vec::new(), Vec::new());
        for (index, Within { name, values, residual }) in given.iter().enumerate() {
            let square = dot(residual, residual);
            if square <= PIVOT_TOLERANCE * centred_sum_of_squares(values) {
                out.push(name.clone());
                continue;
            }
            let length = square.sqrt();
            columns.push(residual);
            for value in columns.column_mut(kept.len()) {
                *value /= length;
            }
            kept.push(index);
            lengths.push(length);
        }
        let factor = Factor::of(&cross_products(&columns, &columns));
        out.extend(factor.dropped.iter().map(|&index| given[kept[index]].name.clone()));
        columns.keep(&factor.kept);
        kept = factor.kept.iter().map(|&index| kept[index]).collect();
        lengths = factor.kept.iter().map(|&index| lengths[index]).collect();
        if !out.is_empty() {
            warnings.push(PanelWarning::new(
                PanelWarningCode::ColumnLeftOut,
                format!("{} left out: unit effects, period effects and the other columns determine it", quoted(&out)),
            ));
        }
        Self { kept, columns, lengths, factor: factor.compact() }
    }

    /// Coefficients of a residualised column on the scaled residuals, and what is left of it.
    fn project(&self, values: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let products: Vec<f64> = (0..self.kept.len()).map(|index| dot(self.columns.column(index), values)).collect();
        let coefficients = self.factor.solve(&products);
        let mut rest = values.to_vec();
        for (index, coefficient) in coefficients.iter().enumerate() {
            let column = self.columns.column(index);
            rest.iter_mut().zip(column).for_each(|(value, entry)| *value -= coefficient * entry);
        }
        (coefficients, rest)
    }

    /// What is left of a residualised column.
    pub(crate) fn rest<'a>(&self, values: &'a [f64]) -> Cow<'a, [f64]> {
        if self.kept.is_empty() { values.into() } else { self.project(values).1.into() }
    }
}

/// Regresses the outcome (what the effects leave of it) on the given columns.
pub(crate) fn fit(
    panel: &Panel,
    effects: &TwoWay<'_>,
    given: &[Within<'_>],
    outcome: &[f64],
    inference: &PanelInference,
) -> Result<WithinFit, PanelError> {
    let mut warnings = Vec::new();
    let design = Design::of(given, &mut warnings);
    let total = dot(outcome, outcome);
    let (scaled, errors) = design.project(outcome);
    let unexplained = dot(&errors, &errors);
    if unexplained <= 1e-20 * centred_sum_of_squares(&panel.outcome.values) {
        return Err(CausalError::PerfectFit { outcome: panel.outcome.name.clone() }.into());
    }
    let convention = convention(panel, effects, design.kept.len(), inference.absorbed)?;
    if panel.clusters.count() < FEW_CLUSTERS {
        let (count, name) = (panel.clusters.count(), &panel.clusters.name);
        warnings.push(PanelWarning::new(
            PanelWarningCode::FewClusters,
            format!(
                "only {count} clusters in '{name}': cluster-robust errors are usually too small below {FEW_CLUSTERS}"
            ),
        ));
    }
    let mut covariance = covariance(panel, &design, &errors);
    for (index, column) in covariance.columns_mut().enumerate() {
        for (value, length) in column.iter_mut().zip(&design.lengths) {
            *value *= convention.small_sample_factor / length / design.lengths[index];
        }
    }
    let mut coefficients = Vec::with_capacity(scaled.len());
    for (index, value) in scaled.iter().enumerate() {
        let name = given[design.kept[index]].name.clone();
        let standard_error = covariance.at(index, index).sqrt();
        if !standard_error.is_finite() || standard_error <= 0.0 {
            return Err(
                CausalError::ZeroStandardError { kind: StandardErrorKind::Cluster.name(), treatment: name }.into()
            );
        }
        coefficients.push(coefficient(
            name,
            value / design.lengths[index],
            standard_error,
            &convention,
            inference.confidence,
        ));
    }
    let r_squared = (1.0 - unexplained / total).clamp(0.0, 1.0);
    Ok(WithinFit { kept: design.kept, coefficients, covariance, convention, r_squared, warnings })
}

fn covariance(panel: &Panel, design: &Design, errors: &[f64]) -> Columns {
    let count = design.kept.len();
    let mut scores = Columns::zeros(panel.clusters.count(), count);
    for (index, sums) in scores.columns_mut().enumerate() {
        let column = design.columns.column(index);
        for unit in 0..panel.units.len() {
            let rows = panel.rows_of(unit);
            let sum: f64 = column[rows.clone()].iter().zip(&errors[rows]).map(|(x, e)| x * e).sum();
            sums[panel.clusters.of_row(unit)] += sum;
        }
    }
    let meat = cross_products(&scores, &scores);
    let bread = design.factor.inverse();
    let half = Columns::product(bread.view(), meat.view());
    Columns::product(half.view(), bread.view())
}

fn convention(
    panel: &Panel,
    effects: &TwoWay<'_>,
    slopes: usize,
    absorbed: AbsorbedParameters,
) -> Result<StandardErrorConvention, CausalError> {
    let (rows, clusters) = (panel.rows(), panel.clusters.count());
    let parameters = slopes + effects.unit_parameters() + effects.period_parameters();
    if rows <= parameters {
        return Err(CausalError::TooFewRows { rows, parameters });
    }
    let (n, groups) = (rows as f64, clusters as f64);
    let free = n - parameters as f64;
    let (formula, factor, degrees_of_freedom, same_as): (_, _, _, &[&str]) = match absorbed {
        AbsorbedParameters::NestedNotCounted => {
            let counted = (slopes + effects.period_parameters() + 1) as f64;
            let factor = groups / (groups - 1.0) * (n - 1.0) / (n - counted);
            let formula = "c = G/(G-1) * (n-1)/(n-k-T); sqrt(diag(c A^-1 (sum_g s_g s_g') A^-1))";
            (
                formula,
                factor,
                groups - 1.0,
                &["R fixest feols, cluster = unit", "pyfixest CRV1", "Stata reghdfe, vce(cluster unit)"],
            )
        }
        AbsorbedParameters::AllCounted => {
            let formula = "c = n/(n-k-N-T+1); sqrt(diag(c A^-1 (sum_g s_g s_g') A^-1))";
            (formula, n / free, free, &["linearmodels PanelOLS, cov_type clustered"])
        }
    };
    Ok(StandardErrorConvention {
        kind: StandardErrorKind::Cluster,
        formula: formula.into(),
        small_sample_factor: factor,
        degrees_of_freedom,
        distribution: ReferenceDistribution::StudentT,
        rows,
        parameters,
        clusters: Some(clusters),
        same_as: same_as.iter().map(ToString::to_string).collect(),
    })
}

fn coefficient(
    name: String,
    value: f64,
    standard_error: f64,
    convention: &StandardErrorConvention,
    confidence: f64,
) -> Coefficient {
    let statistic = value / standard_error;
    let free = convention.degrees_of_freedom;
    let p_value = convention.distribution.two_sided_p_value(statistic, free);
    let margin = convention.distribution.critical_value(1.0 - confidence, free) * standard_error;
    let interval = Interval { confidence, lower: value - margin, upper: value + margin };
    Coefficient { name, value, standard_error, statistic, p_value, interval }
}
