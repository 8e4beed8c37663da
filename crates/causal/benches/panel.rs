//! `cargo bench -p causal --bench panel`: two-way fixed effects with clustered errors and group-time
//! effects on a staggered panel of 10,000 units by 10 periods, from columns in memory to the result.
//!
//! Prints a line per step and, last, one line of JSON. With `PEERS=1` linearmodels, pyfixest and csdid
//! run in the same run on the same file, from a throw-away virtual environment, and their ratios are
//! added: machines differ from day to day, so the ratio counts. `ROWS` and `REPEATS` change the size.

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use causal::panel::{
    AbsorbedParameters, Adoption, Bootstrap, ComparisonUnits, GroupTimeOptions, Multiplier, Panel, PanelInference,
    PanelOptions, PanelStudy, PanelTime, callaway_santanna, two_way_fixed_effects,
};
use causal::synthetic::{Synthetic, staggered};
use causal::{CategoricalColumn, MissingValues, NumericColumn};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let rows = setting("ROWS", 100_000)?;
    let repeats = setting("REPEATS", 7)?;
    let data = staggered(rows, 20_240_601);
    let mut result = run(&data, repeats)?;
    if std::env::var_os("PEERS").is_some_and(|value| value == "1") {
        let folder = std::env::temp_dir().join(format!("e2i-bench-panel-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let file = folder.join(format!("did_{rows}.csv"));
        let peers = write_csv(&data, &file).and_then(|()| run_peers(&file));
        std::fs::remove_dir_all(&folder)?;
        add_peers(&mut result, peers?);
    }
    println!("{result}");
    Ok(())
}

fn setting(name: &str, default: usize) -> Outcome<usize> {
    match std::env::var_os(name) {
        None => Ok(default),
        Some(text) => {
            let text = text.to_string_lossy();
            text.parse().map_err(|_| format!("{name} is '{text}'; it must be a whole number").into())
        }
    }
}

fn run(data: &Synthetic, repeats: usize) -> Outcome<Value> {
    let options = GroupTimeOptions { comparison: ComparisonUnits::NotYetTreated, ..GroupTimeOptions::default() };
    let bands = GroupTimeOptions {
        bootstrap: Some(Bootstrap { draws: 999, seed: 1, multiplier: Multiplier::Rademacher }),
        ..options
    };
    let inference = PanelInference { absorbed: AbsorbedParameters::AllCounted, ..PanelInference::default() };
    let mut seconds = [const { Vec::new() }; 4];
    let mut found = None;
    for _ in 0..repeats.max(1) {
        let study = study(data)?;
        let started = Instant::now();
        let panel = Panel::prepare(study, &PanelOptions::default())?;
        seconds[0].push(started.elapsed().as_secs_f64());
        let started = Instant::now();
        let two_way = two_way_fixed_effects(&panel, &inference)?;
        seconds[1].push(started.elapsed().as_secs_f64());
        let started = Instant::now();
        let effects = callaway_santanna(&panel, &options)?;
        seconds[2].push(started.elapsed().as_secs_f64());
        let started = Instant::now();
        callaway_santanna(&panel, &bands)?;
        seconds[3].push(started.elapsed().as_secs_f64());
        found = Some((two_way, effects));
    }
    let (two_way, effects) = found.ok_or("no repeat was run")?;
    let [prepare, fixed, group_time, bands] = seconds.each_mut().map(|values| median(values));
    println!(
        "check and code {prepare:.4} s, two-way fixed effects {fixed:.4} s, group-time effects {group_time:.4} s, with 999 bootstrap draws {bands:.4} s"
    );
    let simple = effects.aggregates.first().ok_or("no aggregate")?.overall;
    let nested =
        two_way_fixed_effects(&Panel::prepare(study(data)?, &PanelOptions::default())?, &PanelInference::default())?;
    Ok(json!({
        "bench": "panel", "rows": two_way.rows, "repeats": repeats,
        "threads": std::thread::available_parallelism()?.get(),
        "panel_prepare_s": rounded(prepare), "twfe_s": rounded(prepare + fixed),
        "callaway_santanna_s": rounded(prepare + group_time), "callaway_santanna_bands_s": rounded(prepare + bands),
        "peak_mib": peak_mib()?,
        "twfe_estimate": two_way.effect.value, "twfe_se_all_counted": two_way.effect.standard_error,
        "twfe_se_nested_not_counted": nested.effect.standard_error,
        "callaway_santanna_simple": simple.value, "callaway_santanna_simple_se": simple.standard_error,
    }))
}

fn study(data: &Synthetic) -> Outcome<PanelStudy> {
    let column = |name: &str| -> Outcome<NumericColumn> {
        Ok(NumericColumn::new(name, data.column(name).ok_or("a column is lacking")?.to_vec()))
    };
    // Codes as a table reader hands them over.
    let units = column("unit")?;
    let count = units.values.last().map_or(0.0, |last| last + 1.0);
    let mut codes = Vec::with_capacity(units.values.len());
    let mut code = 0_u32;
    for (row, unit) in units.values.iter().enumerate() {
        code += u32::from(row > 0 && (unit - units.values[row - 1]).abs() > 0.0);
        codes.push(code);
    }
    let levels = (0..=code).map(|unit| unit.to_string()).collect::<Vec<_>>();
    assert!((levels.len() as f64 - count).abs() < 0.5, "units are in order");
    Ok(PanelStudy {
        unit: CategoricalColumn { name: "unit".into(), levels, codes },
        time: PanelTime::Numbers(column("time")?),
        adoption: Adoption::Start { column: PanelTime::Numbers(column("g")?), never: Some(0.0) },
        outcome: column("y")?,
        covariates: Vec::new(),
        clusters: None,
        missing: MissingValues::Refuse,
    })
}

fn write_csv(data: &Synthetic, file: &Path) -> Outcome<()> {
    let columns: Vec<&(String, Vec<f64>)> =
        data.columns.iter().filter(|(name, _)| ["unit", "time", "g", "d", "y"].contains(&name.as_str())).collect();
    let mut writer = csv::Writer::from_path(file)?;
    writer.write_record(columns.iter().map(|(name, _)| name))?;
    for row in 0..columns[0].1.len() {
        writer.write_record(columns.iter().map(|(_, values)| values[row].to_string()))?;
    }
    writer.flush()?;
    Ok(())
}

fn run_peers(file: &Path) -> Outcome<Value> {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/bench");
    let made = Command::new(scripts.join("peers_panel_venv.sh")).stderr(std::process::Stdio::inherit()).output()?;
    if !made.status.success() {
        return Err("peers_panel_venv.sh failed; is the Python package registry reachable?".into());
    }
    let python = String::from_utf8(made.stdout)?;
    let ran = Command::new(python.trim())
        .arg(scripts.join("peers_panel.py"))
        .arg(file)
        .stderr(std::process::Stdio::inherit())
        .output()?;
    let text = String::from_utf8(ran.stdout)?;
    Ok(serde_json::from_str(text.lines().last().ok_or("peers_panel.py printed nothing")?)?)
}

fn add_peers(result: &mut Value, peers: Value) {
    let number = |value: &Value, name: &str| value[name].as_f64().unwrap_or(f64::NAN);
    for (ours, theirs, ratio) in [
        ("twfe_s", "linearmodels_s", "twfe_ratio_linearmodels"),
        ("twfe_s", "pyfixest_s", "twfe_ratio_pyfixest"),
        ("callaway_santanna_s", "csdid_s", "callaway_santanna_ratio_csdid"),
    ] {
        result[ratio] = json!(rounded(number(&peers, theirs) / number(result, ours)));
    }
    for (ours, theirs, agrees) in [
        ("twfe_se_all_counted", "linearmodels_se", "twfe_se_agrees_with_linearmodels"),
        ("twfe_se_nested_not_counted", "pyfixest_se", "twfe_se_agrees_with_pyfixest"),
        ("callaway_santanna_simple_se", "csdid_simple_se", "callaway_santanna_se_agrees_with_csdid"),
    ] {
        result[agrees] = json!((number(&peers, theirs) / number(result, ours) - 1.0).abs() < 1e-6);
    }
    if let (Value::Object(fields), Value::Object(peers)) = (result, peers) {
        fields.extend(peers);
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// Largest resident set of this process so far; `None` where the kernel does not tell.
fn peak_mib() -> Outcome<Option<u64>> {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return Ok(None) };
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map(|line| Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? / 1024)).transpose()
}
