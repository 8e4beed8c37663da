//! What counts as a red flag. Every rule is a line here and a row in `docs/agents/causal_impact.md`.
//!
//! The flags are those of the estimate at the head, and of the data behind it. Without one the finding is "no red flags
//! found", which is all that can be said: no check proves an effect.

use domain::agents::causal_impact::{
    CausalImpactParameters, Design, Estimator, PanelReport, RedFlag, Refuter, TreatmentReport,
};

use super::findings::Findings;

/// An arm with fewer rows is too small for intervals that rest on large samples.
const SMALL_ARM: u64 = 20;
/// The same of clusters.
const FEW_CLUSTERS: u64 = 10;
/// ANCOVA and change score this many errors apart are a red flag, not a remark.
const FAR_APART: f64 = 3.3;
/// Share of rows without a match that is a red flag: the effect speaks for others than asked.
const UNMATCHED_SHARE: f64 = 0.1;

pub(super) fn red_flags(parameters: &CausalImpactParameters, findings: &Findings) -> Vec<RedFlag> {
    let mut flags = Flags(Vec::new());
    flags.estimators(findings);
    flags.overlap(parameters, findings);
    flags.before(findings);
    flags.experiment(parameters, findings);
    flags.sample_size(findings);
    flags.refuters(findings);
    flags.0
}

struct Flags(Vec<RedFlag>);

impl Flags {
    fn raise(&mut self, check: &str, message: impl Into<String>) {
        self.0.push(RedFlag { check: check.to_owned(), message: message.into() });
    }

    /// What the estimators say of one another.
    fn estimators(&mut self, findings: &Findings) {
        if let Some(agreement) = findings.agreement.as_ref().filter(|agreement| agreement.flagged) {
            self.raise("agreement", &agreement.finding);
        }
        if let Some(pair) = &findings.before_after
            && pair.apart
            && pair.difference.abs() > FAR_APART * pair.standard_error
        {
            self.raise("before_after", &pair.finding);
        }
    }

    /// Whether there are comparable rows.
    fn overlap(&mut self, parameters: &CausalImpactParameters, findings: &Findings) {
        match &findings.overlap {
            Some(overlap) => overlap.findings.iter().for_each(|finding| self.raise("overlap", finding)),
            // Without propensities the raw balance is all there is. In an experiment the joint test decides.
            None if parameters.design == Design::Observational => {
                if let Some(finding) = unbalanced(findings) {
                    self.raise("balance", finding);
                }
            }
            None => {}
        }
        if let Some(separated) = findings.not_computed.iter().find(|missing| missing.reason.contains("separation")) {
            self.raise("overlap", &separated.reason);
        }
        if let Some(matching) = &findings.head().matching {
            let unmatched = matching.unmatched_treated + matching.unmatched_control;
            let share = unmatched as f64 / (unmatched + matching.matched) as f64;
            if share > UNMATCHED_SHARE {
                let percent = (100.0 * share).round();
                self.raise(
                    "unmatched",
                    format!("{percent} % of the rows that sought a match found none within the caliper"),
                );
            }
        }
    }

    /// What was before the treatment, and what it cannot have moved.
    fn before(&mut self, findings: &Findings) {
        for control in findings.negative_controls.iter().filter(|control| control.flagged) {
            self.raise("negative_control", &control.finding);
        }
        let Some(PanelReport::Panel(panel)) = &findings.panel else { return };
        if let Some(trend) = panel.pre_trend.as_ref().filter(|trend| trend.flagged) {
            self.raise("pre_trend", &trend.finding);
        }
        if let Some(placebo) = panel.placebo_in_time.as_ref().filter(|placebo| placebo.flagged) {
            self.raise("placebo_in_time", &placebo.finding);
        }
        let alone: Vec<&str> =
            panel.without_cohort.iter().filter(|cohort| cohort.flagged).map(|cohort| cohort.start.as_str()).collect();
        if !alone.is_empty() {
            let message = format!(
                "the estimate rests on the units that start in {}: without them it moves by over three standard errors or changes sign",
                alone.join(" or ")
            );
            self.raise("leave_one_cohort_out", message);
        }
        if panel.staggered && findings.head().estimator == Estimator::TwoWayFixedEffects {
            self.raise(
                "staggered",
                "units start in different periods, and one coefficient with unit and period effects misleads when effects \
                 differ over time or between cohorts; take callaway_santanna",
            );
        }
    }

    /// What must hold when chance assigned the treatment.
    fn experiment(&mut self, parameters: &CausalImpactParameters, findings: &Findings) {
        let split = findings.diagnostics.split.as_ref();
        if let Some(test) = split.and_then(|split| split.test.as_ref()).filter(|test| test.flagged) {
            self.raise("sample_ratio", &test.finding);
        }
        let joint = findings.diagnostics.joint_balance.as_ref();
        if let Some(joint) = joint.filter(|joint| joint.flagged && parameters.design == Design::Randomised) {
            self.raise("joint_balance", &joint.finding);
        }
    }

    fn sample_size(&mut self, findings: &Findings) {
        let mut arms: Vec<(String, u64)> = match &findings.treatment {
            TreatmentReport::Binary { control, treated, control_rows, treated_rows } => {
                vec![(control.clone(), *control_rows), (treated.clone(), *treated_rows)]
            }
            TreatmentReport::Arms { arms, .. } => arms.iter().map(|arm| (arm.arm.clone(), arm.rows)).collect(),
            TreatmentReport::Adoption { treated_units, untreated_units } => {
                vec![("treated units".to_owned(), *treated_units), ("untreated units".to_owned(), *untreated_units)]
            }
            TreatmentReport::Continuous { .. } => Vec::new(),
        };
        // All units treated sooner or later is no small arm.
        arms.retain(|(_, rows)| *rows > 0 && *rows < SMALL_ARM);
        for (arm, rows) in arms {
            let message =
                format!("'{arm}' are only {rows}; intervals and p-values rest on large samples and may be off");
            self.raise("sample_size", message);
        }
        if let Some(clusters) = findings.head().convention.clusters.filter(|clusters| *clusters < FEW_CLUSTERS) {
            self.raise("sample_size", format!("only {clusters} clusters; errors that allow for clusters need more"));
        }
    }

    /// The refuters of the estimate at the head.
    fn refuters(&mut self, findings: &Findings) {
        let head = findings.head().estimator;
        for refutation in findings.refutations.iter().filter(|found| found.flagged && found.estimator == head) {
            self.raise(name(refutation.refuter), &refutation.finding);
        }
        for found in findings.sensitivity.iter().filter(|found| found.flagged && found.estimator == head) {
            self.raise("unobserved_confounder", &found.finding);
        }
    }
}

fn unbalanced(findings: &Findings) -> Option<String> {
    let imbalance = findings.notices.iter().find(|notice| notice.code == "imbalance");
    imbalance.map(|notice| notice.message.clone())
}

const fn name(refuter: Refuter) -> &'static str {
    match refuter {
        Refuter::PlaceboTreatment => "placebo_treatment",
        Refuter::RandomCommonCause => "random_common_cause",
        Refuter::DataSubset => "data_subset",
        Refuter::Bootstrap => "bootstrap",
    }
}

pub(super) fn finding(flags: &[RedFlag]) -> String {
    if flags.is_empty() {
        return "no red flags found".to_owned();
    }
    let messages: Vec<&str> = flags.iter().map(|flag| flag.message.as_str()).collect();
    format!("red flags: {}", messages.join("; "))
}
