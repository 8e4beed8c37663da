//! Published values, each asked of the platform as an analyst would. The questions are in [`claims`], the tables in
//! [`files`].

mod claims;
mod files;

use std::path::Path;

use anyhow::{Context, bail};
use serde_json::Value;

use self::claims::claims;
use self::files::Table;
use super::Row;
use crate::client::{Client, text};
use crate::platform::Platform;

const COMMAND: &str = "make proof";
/// How near ours has to be to the reference, which is computed with full precision (testdata/reference.json).
const TOLERANCE: f64 = 1e-6;

/// One question and the values it should give, by their JSON pointers.
struct Claim {
    table: Table,
    what: &'static str,
    source: &'static str,
    question: Value,
    values: &'static [(&'static str, &'static str, f64)],
}

/// All rows.
pub(super) async fn rows(platform: &Platform, testdata: &Path) -> anyhow::Result<Vec<Row>> {
    let file = &platform.admin().password_file;
    let password = std::fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
    let client = Client::new(platform.public_url())?.sign_in(&platform.admin().email, password.trim()).await?;
    let mut rows = Vec::new();
    for table in Table::ALL {
        let bytes = table.read(testdata)?.into_bytes();
        let dataset = client.upload_bytes(table.name(), "text/csv", bytes).await.context(table.name())?;
        let dataset = text(&dataset, "id")?;
        for claim in claims().into_iter().filter(|claim| claim.table == table) {
            let result = answer(&client, dataset, &claim).await.context(claim.what)?;
            rows.extend(claim.values.iter().map(|(name, pointer, expected)| {
                compare(&claim, name, result.pointer(pointer).and_then(Value::as_f64), *expected)
            }));
        }
    }
    Ok(rows)
}

async fn answer(client: &Client, dataset: &str, claim: &Claim) -> anyhow::Result<Value> {
    let accepted = client.submit("causal_impact", Some(dataset), &claim.question).await?;
    let id = text(&accepted, "id")?;
    let analysis = client.wait(id).await?;
    if analysis["state"] != "succeeded" {
        bail!("the analysis {}: {}", analysis["state"], analysis["failure"]["detail"]);
    }
    let mut result = client.result(id).await?;
    // The result has one sensitivity report an estimator; the claims mean that of the estimate at the head.
    let head = result["estimator"].clone();
    let mut reports = result["sensitivity"].as_array().into_iter().flatten();
    let report = reports.find(|report| report["estimator"] == head).cloned();
    result["sensitivity_of_estimate"] = report.unwrap_or_default();
    Ok(result)
}

fn compare(claim: &Claim, name: &str, ours: Option<f64>, expected: f64) -> Row {
    Row {
        claim: format!("{}: {name} ({})", claim.what, claim.source),
        expected: format!("{expected}"),
        figure: ours.map(|ours| format!("{ours:.9}")),
        holds: ours.is_some_and(|ours| (ours / expected - 1.0).abs() < TOLERANCE),
        command: COMMAND,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_is_near_but_not_near_enough_does_not_hold() {
        let claim = &claims()[0];
        assert!(compare(claim, "effect", Some(1_794.342_405), 1_794.342_404).holds);
        assert!(!compare(claim, "effect", Some(1_794.35), 1_794.342_404).holds);
        assert!(!compare(claim, "effect", None, 1_794.342_404).holds);
    }
}
