//! What counts as a red flag, and what is only a warning.
//!
//! The flags are those of the estimate at the head. Without one the finding is "no red flags found", which is all that
//! can be said: no check proves an effect.

use causal::Warning;
use causal::refute::Refuter;
use domain::agents::causal_impact::{CausalImpactParameters, Design, Notice, RedFlag};

use super::Findings;

pub(super) fn red_flags(parameters: &CausalImpactParameters, findings: &Findings) -> Vec<RedFlag> {
    let mut flags = Vec::new();
    let mut raise = |check: &str, message: &str| {
        flags.push(RedFlag { check: check.to_owned(), message: message.to_owned() });
    };
    let head = findings.fits[0].estimate.estimator;
    if let Some(test) = findings.split.as_ref().and_then(|split| split.test.as_ref()).filter(|test| test.flagged) {
        raise("sample_ratio", &test.finding);
    }
    match parameters.design {
        // One covariate in many differs by chance in any experiment: the joint test decides.
        Design::Randomised => {
            if let Some(joint) = findings.joint_balance.as_ref().filter(|joint| joint.flagged) {
                raise("joint_balance", &joint.finding);
            }
        }
        Design::Observational => {
            findings.balance.warnings.iter().for_each(|warning| raise("balance", &warning.message));
        }
    }
    for refutation in findings.refutations.iter().filter(|found| found.flagged && found.estimator == head) {
        raise(name(refutation.refuter), &refutation.finding);
    }
    for found in findings.sensitivity.iter().filter(|found| found.flagged && found.estimator == head) {
        raise("unobserved_confounder", &found.finding);
    }
    flags
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

/// All warnings, each once, in the order in which they arose.
pub(super) fn warnings(findings: &Findings) -> Vec<Notice> {
    let sources = findings.sample.warnings().iter().chain(&findings.balance.warnings);
    let sources = sources.chain(findings.fits.iter().flat_map(|fit| &fit.estimate.warnings));
    let sources = sources.chain(findings.refutations.iter().flat_map(|found| &found.warnings));
    let sources = sources.chain(findings.sensitivity.iter().flat_map(|found| &found.warnings));
    let mut notices: Vec<Notice> = findings.notices.clone();
    for warning in sources {
        if notices.iter().all(|known| known.message != warning.message) {
            notices.push(notice(warning));
        }
    }
    notices
}

fn notice(warning: &Warning) -> Notice {
    let code = serde_json::to_value(warning.code).ok();
    let code = code.as_ref().and_then(|code| code.as_str()).unwrap_or("other").to_owned();
    Notice { code, message: warning.message.clone() }
}
