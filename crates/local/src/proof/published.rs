//! Published values, each asked of the platform as an analyst would.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context, bail};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::Row;
use crate::client::{Client, text};
use crate::platform::Platform;

const COMMAND: &str = "make proof";
/// How near ours has to be to the reference, which is computed with full precision (testdata/reference.json).
const TOLERANCE: f64 = 1e-6;
const LALONDE: [&str; 8] = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"];

/// A table of the literature.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Table {
    /// `LaLonde` 1986, Dehejia and Wahba 1999.
    Nsw,
    /// The treated of NSW with the comparison group CPS-1.
    NswAndCps,
    /// Hernan and Robins, What If.
    Nhefs,
    /// Hazlett 2019; Cinelli and Hazlett 2020.
    Darfur,
}

impl Table {
    const ALL: [Self; 4] = [Self::Nsw, Self::NswAndCps, Self::Nhefs, Self::Darfur];

    fn name(self) -> &'static str {
        match self {
            Self::Nsw => "nsw",
            Self::NswAndCps => "nsw-and-cps",
            Self::Nhefs => "nhefs",
            Self::Darfur => "darfur",
        }
    }

    fn read(self, testdata: &Path) -> anyhow::Result<String> {
        match self {
            Self::Nsw => plain(&testdata.join("nsw.csv")),
            Self::NswAndCps => treated_and_controls(testdata),
            Self::Nhefs => gzip(&testdata.join("nhefs.csv.gz")),
            Self::Darfur => gzip(&testdata.join("darfur.csv.gz")),
        }
    }
}

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

fn lalonde(standard_error: &str) -> Value {
    json!({ "outcome": "re78", "treatment": "treat", "covariates": LALONDE, "squared": ["age"], "standard_error": standard_error, "estimator": "regression_adjustment" })
}

fn unadjusted(outcome: &str, treatment: &str, standard_error: &str) -> Value {
    json!({ "outcome": outcome, "treatment": treatment, "missing": "drop_rows", "standard_error": standard_error })
}

fn claims() -> Vec<Claim> {
    let mut claims = of_the_experiment();
    claims.extend(of_observational_data());
    claims
}

fn of_the_experiment() -> Vec<Claim> {
    vec![
        Claim {
            table: Table::Nsw,
            what: "NSW, difference in means",
            source: "Dehejia-Wahba 1999: 1794, robust SE 671",
            question: unadjusted("re78", "treat", "hc1"),
            values: &[("effect", "/estimate", 1_794.342_404), ("HC1", "/standard_error", 670.824_493)],
        },
        Claim {
            table: Table::Nsw,
            what: "NSW, difference in means",
            source: "statsmodels 0.15",
            question: unadjusted("re78", "treat", "hc2"),
            values: &[("HC2", "/standard_error", 670.996_546)],
        },
        Claim {
            table: Table::Nsw,
            what: "NSW, regression adjustment",
            source: "Dehejia-Wahba 1999: about 1672, SE 638",
            question: lalonde("classical"),
            values: &[("effect", "/estimate", 1_675.862_377), ("classical SE", "/standard_error", 639.344_087)],
        },
        Claim {
            table: Table::Nsw,
            what: "NSW, regression adjustment",
            source: "statsmodels 0.15",
            question: lalonde("hc1"),
            values: &[("HC1", "/standard_error", 676.890_754)],
        },
    ]
}

fn of_observational_data() -> Vec<Claim> {
    vec![
        Claim {
            table: Table::NswAndCps,
            what: "NSW treated with CPS-1, unadjusted",
            source: "Dehejia-Wahba 1999: -8498, SE 712",
            question: unadjusted("re78", "treat", "classical"),
            values: &[("effect", "/estimate", -8_497.516_143), ("classical SE", "/standard_error", 712.020_722)],
        },
        Claim {
            table: Table::NswAndCps,
            what: "NSW treated with CPS-1, regression adjustment",
            source: "Dehejia-Wahba 1999: 699 to 1066 by specification",
            question: lalonde("hc1"),
            values: &[("effect", "/estimate", 793.587_144), ("HC1", "/standard_error", 618.609_184)],
        },
        Claim {
            table: Table::Nhefs,
            what: "NHEFS, quitting smoking and weight, unadjusted",
            source: "Hernan-Robins, What If, ch. 12: 2.5",
            question: unadjusted("wt82_71", "qsmk", "classical"),
            values: &[("effect", "/estimate", 2.540_581_454), ("classical SE", "/standard_error", 0.451_079_904_97)],
        },
        Claim {
            table: Table::Darfur,
            what: "Darfur, harm and attitudes to peace, village fixed effects",
            source: "Cinelli-Hazlett 2020: 0.097, SE 0.023, partial R2 2.2 %, RV 13.9 %",
            question: json!({
                "outcome": "peacefactor", "treatment": "directlyharmed", "standard_error": "classical",
                "covariates": ["age", "farmer_dar", "herder_dar", "pastvoted", "hhsize_darfur", "female", "village"],
                "estimator": "regression_adjustment", "simulations": 20,
            }),
            values: &[
                ("effect", "/estimate", 0.097_315_819_285),
                ("classical SE", "/standard_error", 0.023_256_537_81),
                ("partial R2", "/sensitivity_of_estimate/partial_r2", 0.021_873_093_341),
                ("robustness value", "/sensitivity_of_estimate/robustness_value", 0.138_776_353_894),
            ],
        },
    ]
}

fn plain(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("read {}", file.display()))
}

fn gzip(file: &Path) -> anyhow::Result<String> {
    let packed = std::fs::File::open(file).with_context(|| format!("open {}", file.display()))?;
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text).with_context(|| format!("unpack {}", file.display()))?;
    Ok(text)
}

/// Both files have the same columns in the same order; the second is the treatment.
fn treated_and_controls(testdata: &Path) -> anyhow::Result<String> {
    let (nsw, cps) = (plain(&testdata.join("nsw.csv"))?, gzip(&testdata.join("cps_controls.csv.gz"))?);
    let (mut nsw, mut cps) = (nsw.lines(), cps.lines());
    let header = nsw.next().context("nsw.csv is empty")?;
    if cps.next() != Some(header) {
        bail!("the columns of nsw.csv and cps_controls.csv.gz differ");
    }
    let mut table = format!("{header}\n");
    for row in nsw.filter(|row| row.split(',').nth(1) == Some("1")).chain(cps) {
        // Writing to a string does not fail.
        let _ = writeln!(table, "{row}");
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_observational_comparison_has_its_16177_rows() {
        let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
        let table = treated_and_controls(&testdata).unwrap();
        assert_eq!(table.lines().count(), 1 + 16_177);
    }

    #[test]
    fn a_value_that_is_near_but_not_near_enough_does_not_hold() {
        let claim = &claims()[0];
        assert!(compare(claim, "effect", Some(1_794.342_405), 1_794.342_404).holds);
        assert!(!compare(claim, "effect", Some(1_794.35), 1_794.342_404).holds);
        assert!(!compare(claim, "effect", None, 1_794.342_404).holds);
    }
}
