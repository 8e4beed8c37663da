//! The Python peers on the same rows in the same run, each in a process of its own, and the ratios.

use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::support::{Outcome, last_json, python, rounded, scripts};

/// Jobs that `DoubleML` has too.
pub(crate) const DOUBLEML: [&str; 3] = ["aipw_linear", "aipw_boosted", "plr_linear"];
const PANEL: [&str; 3] = ["linearmodels", "pyfixest", "csdid"];

/// Runs all peers and adds their figures and the ratios.
pub(crate) fn add(
    result: &mut Map<String, Value>,
    observational: &Path,
    panel: &Path,
    simulations: usize,
) -> Outcome<()> {
    let own = python("causal")?;
    let mut parts = vec!["statsmodels".to_owned()];
    parts.extend(DOUBLEML.map(|job| format!("doubleml_{job}")));
    parts.push("dowhy".into());
    for part in parts {
        let mut command = Command::new(&own);
        command.arg(scripts().join("peers_causal.py")).arg(observational).arg(&part).arg(simulations.to_string());
        extend(result, &part, last_json(&mut command));
    }
    let own = python("panel")?;
    for part in PANEL {
        let mut command = Command::new(&own);
        command.arg(scripts().join("peers_panel.py")).arg(panel).arg(part);
        extend(result, part, last_json(&mut command));
    }
    ratios(result);
    Ok(())
}

/// A peer that fails is said and leaves its figures out.
fn extend(result: &mut Map<String, Value>, part: &str, found: Outcome<Value>) {
    match found {
        Ok(Value::Object(fields)) => {
            println!("{part}: {}", Value::Object(fields.clone()));
            result.extend(fields);
        }
        Ok(other) => println!("{part}: no object but {other}"),
        Err(error) => println!("{part}: failed: {error}"),
    }
}

fn ratios(result: &mut Map<String, Value>) {
    let number = |result: &Map<String, Value>, name: &str| result.get(name).and_then(Value::as_f64);
    let mut ratio = |name: String, above: &str, below: &str| {
        let found = number(result, above).zip(number(result, below)).map(|(above, below)| rounded(above / below));
        println!("{name}: {found:?}");
        result.insert(name, json!(found));
    };
    ratio("ols_refuters_ratio_dowhy".into(), "dowhy_s", "ols_refuters_s");
    for job in DOUBLEML {
        ratio(format!("{job}_times_faster_than_doubleml"), &format!("doubleml_{job}_s"), &format!("{job}_s"));
        ratio(
            format!("{job}_share_of_doubleml_memory"),
            &format!("{job}_peak_mib"),
            &format!("doubleml_{job}_peak_mib"),
        );
    }
    ratio("twfe_ratio_linearmodels".into(), "linearmodels_s", "twfe_s");
    ratio("twfe_ratio_pyfixest".into(), "pyfixest_s", "twfe_s");
    ratio("callaway_santanna_ratio_csdid".into(), "csdid_s", "callaway_santanna_s");
    for (name, ours, theirs) in [
        ("standard_error_agrees_with_statsmodels", "standard_error_hc1", "statsmodels_hc1_se"),
        ("twfe_se_agrees_with_linearmodels", "twfe_se", "linearmodels_se"),
        ("twfe_se_agrees_with_pyfixest", "twfe_se_nested_not_counted", "pyfixest_se"),
        ("callaway_santanna_se_agrees_with_csdid", "callaway_santanna_se", "csdid_simple_se"),
    ] {
        let pair = number(result, ours).zip(number(result, theirs));
        result.insert(name.into(), json!(pair.map(|(ours, theirs)| (ours / theirs - 1.0).abs() < 1e-6)));
    }
}
