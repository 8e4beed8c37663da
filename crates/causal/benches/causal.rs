//! `make bench-causal`: regression and five refuters of 100 simulations on 100,000 rows by 20 covariates,
//! and the doubly robust estimators with five folds, each in a process of its own for its peak memory.
//!
//! Prints a line per step and, last, one line of JSON. With `PEERS=1` `DoWhy`, statsmodels and `DoubleML` (with `LightGBM`) run in the
//! same run on the same file, from a throw-away virtual environment, and their ratios are added:
//! machines differ twofold from day to day, so the ratio counts. `ROWS`, `SIMULATIONS` and `REPEATS`
//! change the size.

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use causal::boosting::BoostingOptions;
use causal::doubly_robust::{
    DoublyRobustEstimator, DoublyRobustOptions, FoldPlan, Learner, PartiallyLinearScore, Population, doubly_robust,
};
use causal::refute::{
    Original, Plan, Refuter, placebo_treatment, random_common_cause, refute_by_influence, resampling,
};
use causal::sensitivity::{SensitivityOptions, unobserved_confounder};
use causal::synthetic::{COVARIATES, observational};
use causal::{
    Covariate, Estimator, Inference, MissingValues, NumericColumn, Sample, StandardErrorKind, Study, estimate,
};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The doubly robust jobs: name of the job, name of the peers' figure.
const JOBS: [&str; 3] = ["aipw_linear", "aipw_boosted", "plr_linear"];

fn main() -> Outcome<()> {
    if let (Some(job), Some(file)) = (std::env::var_os("JOB"), std::env::var_os("JOB_FILE")) {
        println!("{}", doubly_robust_job(&job.to_string_lossy(), Path::new(&file))?);
        return Ok(());
    }
    let rows = setting("ROWS", 100_000)?;
    let simulations = setting("SIMULATIONS", 100)?;
    let repeats = setting("REPEATS", 7)?;
    let folder = std::env::temp_dir().join(format!("e2i-bench-causal-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let result = run(rows, simulations, repeats, &folder.join(format!("obs_{rows}.csv")));
    std::fs::remove_dir_all(&folder)?;
    println!("{}", flat(result?));
    Ok(())
}

/// One level: the numbers of what is nested as `outer_inner`; its lists and words were printed on the way.
fn flat(result: Value) -> Value {
    let Value::Object(fields) = result else { return result };
    let mut figures = serde_json::Map::new();
    for (name, value) in fields {
        match value {
            Value::Object(inner) => figures.extend(
                inner
                    .into_iter()
                    .filter(|(_, value)| value.is_number())
                    .map(|(own, value)| (format!("{name}_{own}"), value)),
            ),
            Value::Array(_) => {}
            value => drop(figures.insert(name, value)),
        }
    }
    Value::Object(figures)
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

fn run(rows: usize, simulations: usize, repeats: usize, file: &Path) -> Outcome<Value> {
    write_csv(rows, file)?;
    let started = Instant::now();
    let study = read_csv(file)?;
    println!("read {rows} rows in {:.3} s", started.elapsed().as_secs_f64());
    let sample = Sample::prepare(study)?;
    let plan = Plan { simulations, seed: 20_240_601 };
    let mut seconds = Vec::new();
    let mut regression_seconds = Vec::new();
    let mut found = None;
    for _ in 0..repeats.max(1) {
        let started = Instant::now();
        let inference = Inference { standard_error: StandardErrorKind::Hc1, ..Inference::default() };
        let fit = estimate(&sample, Estimator::RegressionAdjustment, &inference)?;
        let regression = started.elapsed().as_secs_f64();
        let fits = [&fit];
        let placebo = placebo_treatment(&sample, &fits, plan)?;
        let placebo_done = started.elapsed().as_secs_f64();
        let random = random_common_cause(&fits, plan)?;
        let random_done = started.elapsed().as_secs_f64();
        let resampled = resampling(&sample, &fits, plan)?;
        let resampled_done = started.elapsed().as_secs_f64();
        let sensitivity = unobserved_confounder(&sample, &fit, &SensitivityOptions::default())?;
        let total = started.elapsed().as_secs_f64();
        println!(
            "total {total:.3} s: regression {regression:.3}, placebo {:.3}, random cause {:.3}, subset and bootstrap {:.3}, sensitivity {:.3}",
            placebo_done - regression,
            random_done - placebo_done,
            resampled_done - random_done,
            total - resampled_done
        );
        seconds.push(total);
        regression_seconds.push(regression);
        let deviations = [&placebo, &random, &resampled.subset, &resampled.bootstrap]
            .map(|refutations| refutations[0].standard_deviation);
        found = Some((fit.estimate.value, fit.estimate.standard_error, sensitivity.robustness_value, deviations));
    }
    let (value, standard_error, robustness_value, deviations) = found.ok_or("no repeat was run")?;
    let total = median(&mut seconds);
    let mut result = json!({
        "bench": "causal", "rows": rows, "covariates": COVARIATES, "simulations": simulations, "repeats": repeats,
        "threads": std::thread::available_parallelism()?.get(),
        "ols_refuters_s": rounded(total), "ols_s": rounded(median(&mut regression_seconds)),
        "peak_mib": peak_mib()?,
        "estimate": value, "standard_error_hc1": standard_error, "robustness_value": robustness_value,
        "placebo_sd": deviations[0], "random_cause_sd": deviations[1], "subset_sd": deviations[2], "bootstrap_sd": deviations[3],
    });
    for job in JOBS {
        let ran = Command::new(std::env::current_exe()?).env("JOB", job).env("JOB_FILE", file).output()?;
        let text = String::from_utf8(ran.stdout)?;
        let found: Value = serde_json::from_str(text.lines().last().ok_or_else(|| format!("{job} printed nothing"))?)?;
        println!("{job}: {found}");
        result[job] = found;
    }
    if std::env::var_os("PEERS").is_some_and(|value| value == "1") {
        add_peers(&mut result, total, file, simulations)?;
    }
    Ok(result)
}

/// One doubly robust estimate on the folds of the file, alone in its process.
fn doubly_robust_job(job: &str, file: &Path) -> Outcome<Value> {
    let (study, folds) = (read_csv(file)?, read_folds(file)?);
    let before_mib = peak_mib()?;
    let started = Instant::now();
    let sample = Sample::prepare(study)?;
    let learner = match job {
        "aipw_boosted" => Learner::Boosted(BoostingOptions::default()),
        _ => Learner::Linear,
    };
    let estimator = match job {
        "plr_linear" => DoublyRobustEstimator::PartiallyLinear(PartiallyLinearScore::PartiallingOut),
        _ => DoublyRobustEstimator::Aipw(Population::All),
    };
    let options = DoublyRobustOptions { folds: FoldPlan::Given(folds), learner, ..DoublyRobustOptions::default() };
    let fit = doubly_robust(&sample, estimator, &options)?;
    let seconds = rounded(started.elapsed().as_secs_f64());
    let estimate = fit.estimate;
    let started = Instant::now();
    let original = Original::new(job, estimate.value, estimate.standard_error);
    let plan = Plan { simulations: 100, seed: 20_240_601 };
    let refuters = [Refuter::DataSubset, Refuter::Bootstrap];
    let refuted = refute_by_influence(&sample, &original, &fit.influence, &refuters, plan)?;
    let influence_seconds = rounded(started.elapsed().as_secs_f64());
    Ok(json!({
        "influence_refuters_s": influence_seconds, "influence_bootstrap_sd": refuted[1].standard_deviation,
        "s": seconds, "peak_mib": peak_mib()?, "data_mib": before_mib, "estimate": estimate.value, "se": estimate.standard_error,
        "nuisances": estimate.nuisances.iter().map(|own| json!([own.name, rounded(own.r_squared), own.rounds])).collect::<Vec<_>>(),
    }))
}

fn read_folds(file: &Path) -> Outcome<Vec<u32>> {
    let mut reader = csv::Reader::from_path(file)?;
    let column = reader.headers()?.iter().position(|name| name == "fold").ok_or("no fold column")?;
    let mut record = csv::StringRecord::new();
    let mut folds = Vec::new();
    while reader.read_record(&mut record)? {
        folds.push(record[column].parse()?);
    }
    Ok(folds)
}

fn write_csv(rows: usize, file: &Path) -> Outcome<()> {
    let data = observational(rows, 20_240_601);
    let mut writer = csv::Writer::from_path(file)?;
    writer.write_record(data.columns.iter().map(|(name, _)| name))?;
    for row in 0..rows {
        writer.write_record(data.columns.iter().map(|(_, values)| values[row].to_string()))?;
    }
    writer.flush()?;
    Ok(())
}

fn read_csv(file: &Path) -> Outcome<Study> {
    let mut reader = csv::Reader::from_path(file)?;
    let names: Vec<String> = reader.headers()?.iter().map(String::from).collect();
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); COVARIATES + 2];
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        for (column, text) in columns.iter_mut().zip(&record) {
            column.push(text.parse()?);
        }
    }
    let mut given = names.into_iter().zip(columns).map(|(name, values)| NumericColumn::new(name, values));
    let covariates = given.by_ref().take(COVARIATES).map(Covariate::Numeric).collect();
    let treatment = given.next().ok_or("no treatment column")?;
    let outcome = given.next().ok_or("no outcome column")?;
    let missing = MissingValues::Refuse;
    Ok(Study { outcome, treatment, arm_labels: None, covariates, clusters: None, missing })
}

fn add_peers(result: &mut Value, total: f64, file: &Path, simulations: usize) -> Outcome<()> {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/bench");
    let made = Command::new(scripts.join("peers_venv.sh")).stderr(std::process::Stdio::inherit()).output()?;
    if !made.status.success() {
        return Err("peers_venv.sh failed; is the Python package registry reachable?".into());
    }
    let python = String::from_utf8(made.stdout)?;
    let ran = Command::new(python.trim())
        .arg(scripts.join("peers_causal.py"))
        .args([file.as_os_str(), simulations.to_string().as_ref()])
        .stderr(std::process::Stdio::inherit())
        .output()?;
    let text = String::from_utf8(ran.stdout)?;
    let last = text.lines().last().ok_or("peers_causal.py printed nothing")?;
    let Value::Object(peers) = serde_json::from_str(last)? else {
        return Err("peers_causal.py printed no object".into());
    };
    let ratio = peers.get("dowhy_s").and_then(Value::as_f64).map(|dowhy| rounded(dowhy / total));
    for job in JOBS {
        let theirs = |unit: &str| peers.get(&format!("doubleml_{job}_{unit}")).and_then(Value::as_f64);
        let ours = |unit: &str| result[job][unit].as_f64().unwrap_or(f64::NAN);
        let times_faster = theirs("s").map(|seconds| rounded(seconds / ours("s")));
        let memory_share = theirs("peak_mib").map(|mib| rounded(ours("peak_mib") / mib));
        println!("{job}: DoubleML takes {times_faster:?} times as long; our peak is {memory_share:?} of its peak");
        result[job]["times_faster_than_doubleml"] = json!(times_faster);
        result[job]["share_of_doubleml_memory"] = json!(memory_share);
    }
    let ours = result["standard_error_hc1"].as_f64().unwrap_or(f64::NAN);
    let theirs = peers.get("statsmodels_hc1_se").and_then(Value::as_f64).unwrap_or(f64::NAN);
    result["ols_refuters_ratio_dowhy"] = json!(ratio);
    result["standard_error_agrees_with_statsmodels"] = json!((ours / theirs - 1.0).abs() < 1e-8);
    if let Value::Object(fields) = result {
        fields.extend(peers);
    }
    Ok(())
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
