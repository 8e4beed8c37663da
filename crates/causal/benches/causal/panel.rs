//! Two-way fixed effects with clustered errors and group-time effects on a staggered panel of ten periods.

use std::path::Path;
use std::time::Instant;

use causal::panel::{
    AbsorbedParameters, Adoption, Bootstrap, ComparisonUnits, GroupTimeOptions, Multiplier, Panel, PanelInference,
    PanelOptions, PanelStudy, PanelTime, callaway_santanna, two_way_fixed_effects,
};
use causal::{CategoricalColumn, MissingValues};
use serde_json::{Value, json};

use crate::data::read_columns;
use crate::jobs::figures;
use crate::support::Outcome;

pub(crate) const JOBS: [&str; 3] = ["twfe", "callaway_santanna", "callaway_santanna_bands"];
/// Columns of the file, in its order.
pub(crate) const COLUMNS: [&str; 4] = ["unit", "time", "g", "y"];

/// Checks and coding are part of each job.
pub(crate) fn run(job: &str, file: &Path, repeats: usize) -> Outcome<Value> {
    let mut seconds = Vec::new();
    let mut found = ((0.0, 0.0), None);
    let mut data_bytes = 0;
    for _ in 0..repeats.max(1) {
        let study = study(file)?;
        data_bytes = 8 * study.outcome.values.len() * COLUMNS.len();
        let started = Instant::now();
        let panel = Panel::prepare(study, &PanelOptions::default())?;
        found = one(job, &panel)?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    let mut result = figures(&mut seconds, data_bytes, found.0);
    if let Some(nested) = found.1 {
        result["se_nested_not_counted"] = json!(nested);
    }
    Ok(result)
}

fn one(job: &str, panel: &Panel) -> Outcome<((f64, f64), Option<f64>)> {
    if job == "twfe" {
        let inference = PanelInference { absorbed: AbsorbedParameters::AllCounted, ..PanelInference::default() };
        let fit = two_way_fixed_effects(panel, &inference)?;
        // The other convention is a factor on the same error.
        let (rows, units, periods) =
            (fit.rows as f64, panel.summary().units as f64, panel.summary().periods.len() as f64);
        let counted = fit.convention.small_sample_factor;
        let nested = units / (units - 1.0) * (rows - 1.0) / (rows - 1.0 - periods);
        let error = fit.effect.standard_error;
        return Ok(((fit.effect.value, error), Some(error * (nested / counted).sqrt())));
    }
    let bootstrap = (job == "callaway_santanna_bands").then_some(Bootstrap {
        draws: 999,
        seed: 1,
        multiplier: Multiplier::Rademacher,
    });
    let comparison = ComparisonUnits::NotYetTreated;
    let effects = callaway_santanna(panel, &GroupTimeOptions { comparison, bootstrap, ..GroupTimeOptions::default() })?;
    let simple = effects.aggregates.first().ok_or("no aggregate")?.overall;
    Ok(((simple.value, simple.standard_error), None))
}

fn study(file: &Path) -> Outcome<PanelStudy> {
    let [units, time, start, outcome] =
        <[_; 4]>::try_from(read_columns(file)?).map_err(|_| "the panel file has four columns")?;
    // Codes as a table reader hands them over.
    let mut codes = Vec::with_capacity(units.values.len());
    let mut code = 0_u32;
    for (row, unit) in units.values.iter().enumerate() {
        code += u32::from(row > 0 && (unit - units.values[row - 1]).abs() > 0.0);
        codes.push(code);
    }
    let levels = (0..=code).map(|unit| unit.to_string()).collect::<Vec<_>>();
    Ok(PanelStudy {
        unit: CategoricalColumn { name: "unit".into(), levels, codes },
        time: PanelTime::Numbers(time),
        adoption: Adoption::Start { column: PanelTime::Numbers(start), never: Some(0.0) },
        outcome,
        covariates: Vec::new(),
        clusters: None,
        missing: MissingValues::Refuse,
    })
}
