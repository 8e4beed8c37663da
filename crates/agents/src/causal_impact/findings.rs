//! Everything found, in the contract's terms, before it is judged and put into words; and the result made of it.

use causal::Warning;
use domain::agents::AgentContract;
use domain::agents::causal_impact::{
    Agreement, BeforeAfter, CausalImpact, CausalImpactParameters, CausalImpactResult, Contrast, Diagnostics,
    EstimateReport, NegativeControl, NotComputed, Notice, Overlap, PanelReport, RefutationReport, SensitivityReport,
    TreatmentReport, Versions, Worth,
};
use serde::Serialize;

use super::{flags, words};

/// What an analysis found, whatever the shape of its data.
pub(super) struct Findings {
    pub(super) treatment: TreatmentReport,
    /// The one at the head comes first; there is at least one.
    pub(super) estimates: Vec<EstimateReport>,
    pub(super) not_computed: Vec<NotComputed>,
    pub(super) contrasts: Vec<Contrast>,
    pub(super) agreement: Option<Agreement>,
    pub(super) overlap: Option<Overlap>,
    pub(super) before_after: Option<BeforeAfter>,
    pub(super) negative_controls: Vec<NegativeControl>,
    pub(super) panel: Option<PanelReport>,
    pub(super) refutations: Vec<RefutationReport>,
    pub(super) sensitivity: Vec<SensitivityReport>,
    pub(super) worth: Option<Worth>,
    pub(super) diagnostics: Diagnostics,
    /// In the order in which they arose.
    pub(super) notices: Vec<Notice>,
}

impl Findings {
    /// What has a treatment, estimates and diagnostics, and nothing else yet.
    pub(super) const fn of(
        treatment: TreatmentReport,
        estimates: Vec<EstimateReport>,
        diagnostics: Diagnostics,
    ) -> Self {
        Self {
            treatment,
            estimates,
            not_computed: Vec::new(),
            contrasts: Vec::new(),
            agreement: None,
            overlap: None,
            before_after: None,
            negative_controls: Vec::new(),
            panel: None,
            refutations: Vec::new(),
            sensitivity: Vec::new(),
            worth: None,
            diagnostics,
            notices: Vec::new(),
        }
    }

    pub(super) fn head(&self) -> &EstimateReport {
        &self.estimates[0]
    }

    /// Judged and put into words.
    pub(super) fn into_result(self, parameters: &CausalImpactParameters) -> CausalImpactResult {
        let red_flags = flags::red_flags(parameters, &self);
        let summary = words::summary(parameters, &self, &red_flags);
        let head = self.head();
        CausalImpactResult {
            estimate: head.estimate,
            standard_error: head.standard_error,
            interval: head.interval,
            p_value: head.p_value,
            estimator: head.estimator,
            estimand: head.estimand,
            finding: flags::finding(&red_flags),
            summary,
            red_flags,
            warnings: self.notices,
            design: parameters.design,
            treatment: self.treatment,
            estimates: self.estimates,
            not_computed: self.not_computed,
            contrasts: self.contrasts,
            agreement: self.agreement,
            overlap: self.overlap,
            before_after: self.before_after,
            negative_controls: self.negative_controls,
            panel: self.panel,
            refutations: self.refutations,
            sensitivity: self.sensitivity,
            worth: self.worth,
            diagnostics: self.diagnostics,
            seed: parameters.seed,
            versions: Versions { agent: CausalImpact::VERSION, causal: causal::VERSION.to_owned() },
            parameters: parameters.clone(),
        }
    }
}

/// Notices, each sentence once.
#[derive(Default)]
pub(super) struct Notices(pub(super) Vec<Notice>);

impl Notices {
    pub(super) fn add(&mut self, notice: Notice) {
        if self.0.iter().all(|known| known.message != notice.message) {
            self.0.push(notice);
        }
    }

    pub(super) fn warnings<'a>(&mut self, warnings: impl IntoIterator<Item = &'a Warning>) {
        warnings.into_iter().for_each(|warning| self.add(notice(&warning.code, &warning.message)));
    }
}

/// A notice under the name that a code has in JSON.
pub(super) fn notice(code: &impl Serialize, message: &str) -> Notice {
    let code = serde_json::to_value(code).ok();
    let code = code.as_ref().and_then(|code| code.as_str()).unwrap_or("other").to_owned();
    Notice { code, message: message.to_owned() }
}
