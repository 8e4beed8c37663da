//! `make demo-panel`: did a speaker programme move new prescriptions? An invented panel, so that the truth is known.
//!
//! Prescribers over months ([`causal::synthetic::prescribers`]): who prescribes more joins more often (confounding by
//! level), joins at one of three times (staggered starts), and the effect grows over three months. Everything says that
//! it is synthetic: the name of the dataset, a column of the table, the head of the report. [`known`] has the truth and
//! what simpler looks at the same table say, [`report`](mod@report) writes it down for a commercial analyst.

pub mod known;
mod report;

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;
use causal::synthetic::{Prescribers, prescribers};
use serde_json::{Value, json};

pub use self::report::report;
use crate::client::{Client, Event};
use crate::main_job::{self, Answer};

/// The dataset's name.
pub const DATASET: &str = "synthetic prescribers";
/// The columns of the table.
const COLUMNS: &str =
    "prescriber,month,region,specialty,practice_size,sales_calls,programme_start,new_prescriptions,data_origin";
const PRESCRIBERS: usize = 600;
const MONTHS: usize = 24;
const SEED: u64 = 2026;
/// What a new prescription is worth over its life, invented like the rest.
const VALUE_PER_PRESCRIPTION: f64 = 90.0;
/// What the programme costs for one prescriber, invented.
const COST_PER_PRESCRIBER: f64 = 1_800.0;

/// The invented panel.
#[derive(Debug)]
pub struct Invented {
    rows: Prescribers,
}

impl Invented {
    /// Draws it; the same each time.
    #[must_use]
    pub fn draw() -> Self {
        Self { rows: prescribers(PRESCRIBERS, MONTHS, SEED) }
    }

    /// The table as it is uploaded. The truth is not in it.
    #[must_use]
    pub fn csv(&self) -> String {
        let rows = &self.rows;
        let mut csv = format!("{COLUMNS}\n");
        for row in 0..rows.month.len() {
            // Writing to a string does not fail; no value holds a comma.
            let _ = writeln!(
                csv,
                "{},{},{},{},{},{},{},{},{}",
                rows.prescriber[row],
                rows.month[row],
                rows.region[row],
                rows.specialty[row],
                rows.practice_size[row],
                rows.sales_calls[row],
                rows.programme_start[row].as_deref().unwrap_or_default(),
                rows.new_prescriptions[row],
                rows.data_origin[row]
            );
        }
        csv
    }

    /// What is asked of it. No covariates: each prescriber is compared with itself before, which takes its level out.
    #[must_use]
    pub fn question(&self) -> Value {
        json!({
            "outcome": "new_prescriptions",
            "unit": "prescriber",
            "time": "month",
            "treatment_start": "programme_start",
            "covariates": [],
            "value_per_unit": VALUE_PER_PRESCRIPTION,
            "cost": COST_PER_PRESCRIBER * self.joined() as f64,
        })
    }

    /// Prescribers who join the programme.
    fn joined(&self) -> usize {
        self.rows.programme_start.iter().step_by(MONTHS).flatten().count()
    }
}

/// Writes the table as `panel.csv` into `folder`.
///
/// # Errors
/// When it cannot be written.
pub fn write_table(folder: &Path) -> anyhow::Result<()> {
    let path = folder.join("panel.csv");
    std::fs::write(&path, Invented::draw().csv()).with_context(|| format!("write {}", path.display()))
}

/// Uploads the panel, asks, tells `hear` every event, gives the result.
///
/// # Errors
/// When a step is refused, or the analysis ends without a result.
pub async fn ask(client: &Client, invented: &Invented, hear: impl FnMut(&Event)) -> anyhow::Result<Answer> {
    let bytes = invented.csv().into_bytes();
    let dataset = client.upload_bytes(DATASET, "text/csv", bytes).await.context("upload the invented panel")?;
    main_job::ask_of(client, &dataset, &invented.question(), hear).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_says_that_it_is_synthetic_and_has_all_columns() {
        let csv = Invented::draw().csv();
        let mut lines = csv.lines();
        assert_eq!(lines.next(), Some(COLUMNS));
        let width = COLUMNS.split(',').count();
        assert!(lines.clone().all(|line| line.ends_with(",synthetic") && line.split(',').count() == width));
        assert_eq!(lines.count(), PRESCRIBERS * MONTHS);
    }

    /// What the web app offers is what `make demo-panel` asks about.
    #[test]
    fn the_committed_table_is_the_drawn_one() {
        let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/panel.csv");
        let committed = std::fs::read_to_string(committed).unwrap();
        assert!(committed == Invented::draw().csv(), "write it anew: e2i demo-data testdata");
    }

    #[test]
    fn the_cost_is_that_of_all_who_joined() {
        let invented = Invented::draw();
        let once: std::collections::BTreeSet<&String> = (invented.rows.prescriber.iter())
            .zip(&invented.rows.programme_start)
            .filter_map(|(prescriber, start)| start.is_some().then_some(prescriber))
            .collect();
        assert_eq!(invented.joined(), once.len());
    }
}
