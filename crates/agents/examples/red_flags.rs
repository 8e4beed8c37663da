//! How often red flags are raised where all is well, and whether they are raised where it is not: `make red-flags`.
//!
//! Whole analyses, from a file in the store to the finding, with the default parameters (but fewer simulations, and 1 s for refuters), on data
//! drawn anew for each run. The table goes to `docs/PROOF.md`; `RUNS=n` sets the runs of each sound law, `LAW=name` takes one alone and prints
//! each flag.

#![expect(clippy::print_stdout, reason = "a report on the terminal is what this is for")]
#![expect(clippy::disallowed_methods, reason = "how much to run is no setting of a service")]
#![expect(clippy::unwrap_used, reason = "a report that cannot be made must stop")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::agents::causal_impact::CausalImpactResult;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

#[path = "../tests/it/stored.rs"]
#[expect(dead_code, reason = "shared with the tests, which use all of it")]
mod stored;

use stored::{Stored, nsw_with_cps};

/// A law of data, the question asked of it, and whether all is well with it.
struct Law {
    name: &'static str,
    sound: bool,
    draw: fn(u64) -> String,
    question: Value,
}

fn main() {
    let runs: u64 = std::env::var("RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(200);
    println!(
        "Red flags of {runs} analyses of each sound law and a tenth as many of the others; `sound`: nothing is wrong, every flag is a false alarm.\n"
    );
    println!("| law | sound | runs | flagged | share | by check |\n| --- | --- | --- | --- | --- | --- |");
    let mut figures = json!({"bench": "red_flags", "runs_per_sound_law": runs});
    let wanted = std::env::var("LAW").ok();
    for law in laws().into_iter().filter(|law| wanted.as_deref().is_none_or(|wanted| wanted == law.name)) {
        // What is flagged always needs fewer runs to be seen than what is flagged rarely.
        let runs = match law.name {
            "nsw_cps" => 1,
            _ if law.sound => runs,
            _ => runs.div_ceil(10),
        };
        let (flagged, checks) = count(&law, runs);
        let by_check: Vec<String> = checks.iter().map(|(check, count)| format!("{check} {count}")).collect();
        let share = flagged as f64 / runs as f64;
        let sound = if law.sound { "yes" } else { "no" };
        println!("| {} | {sound} | {runs} | {flagged} | {:.1} % | {} |", law.name, 100.0 * share, by_check.join(", "));
        figures[format!("{}_flagged_share", law.name)] = json!(share);
    }
    println!("\n{figures}");
}

fn count(law: &Law, runs: u64) -> (u64, BTreeMap<String, u64>) {
    let (mut flagged, mut checks) = (0, BTreeMap::new());
    for seed in 1..=runs {
        let mut question = law.question.clone();
        question["seed"] = json!(seed);
        question["refuter_budget_s"] = json!(1);
        let (result, _) = Stored::new(&(law.draw)(seed)).run("causal_impact", &question).unwrap();
        let result: CausalImpactResult = serde_json::from_value(result).unwrap();
        flagged += u64::from(!result.red_flags.is_empty());
        if std::env::var_os("LAW").is_some() {
            result.red_flags.iter().for_each(|flag| println!("{seed} {}: {}", flag.check, flag.message));
        }
        let mut raised: Vec<String> = result.red_flags.into_iter().map(|flag| flag.check).collect();
        raised.sort();
        raised.dedup();
        for check in raised {
            *checks.entry(check).or_insert(0) += 1;
        }
    }
    (flagged, checks)
}

fn laws() -> Vec<Law> {
    let covariates = ["x1", "x2", "x3", "x4", "x5"];
    let all: Vec<String> = (1..=20).map(|number| format!("x{number}")).collect();
    let panel = json!({"outcome": "y", "unit": "unit", "time": "time", "treatment": "d", "simulations": 40});
    let lalonde = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"];
    vec![
        Law {
            name: "sound_observational_2000",
            sound: true,
            draw: |seed| observational(2_000, seed, 0.0),
            question: json!({
                "outcome": "y", "treatment": "t", "covariates": covariates, "negative_controls": ["before"],
                "simulations": 40,
            }),
        },
        Law {
            name: "sound_observational_400",
            sound: true,
            draw: |seed| observational(400, seed, 0.0),
            question: json!({"outcome": "y", "treatment": "t", "covariates": covariates, "simulations": 40}),
        },
        Law {
            name: "sound_experiment_500",
            sound: true,
            draw: experiment,
            question: json!({
                "outcome": "y", "treatment": "t", "covariates": covariates, "baseline": "before", "design": "randomised",
                "expected_treated_share": 0.5, "simulations": 40,
            }),
        },
        Law {
            name: "sound_panel_200_units",
            sound: true,
            draw: |seed| csv(&causal::synthetic::staggered(2_000, seed).columns),
            question: panel.clone(),
        },
        Law {
            name: "hidden_confounder_2000",
            sound: false,
            draw: |seed| observational(2_000, seed, 1.0),
            question: json!({
                "outcome": "y", "treatment": "t", "covariates": covariates, "negative_controls": ["before"],
                "simulations": 40,
            }),
        },
        Law {
            name: "obs_10000",
            sound: false,
            draw: |seed| csv(&causal::synthetic::observational(10_000, seed).columns),
            question: json!({"outcome": "y", "treatment": "t", "covariates": all, "simulations": 20}),
        },
        Law { name: "parting_trends_200_units", sound: false, draw: parting_trends, question: panel },
        Law {
            name: "nsw_cps",
            sound: false,
            draw: |_| nsw_with_cps(),
            question: json!({"outcome": "re78", "treatment": "treat", "covariates": lalonde, "squared": ["age"]}),
        },
    ]
}

/// Standard normals by Box and Muller, and coins.
struct Source(ChaCha8Rng);

impl Source {
    fn uniform(&mut self) -> f64 {
        (f64::from(self.0.next_u32()) + 0.5) / 4_294_967_296.0
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    fn coin(&mut self, chance: f64) -> f64 {
        f64::from(u8::from(self.uniform() < chance))
    }
}

/// Linear outcome, logistic propensities between some 0.15 and 0.85, one effect of 1 for all; `before` is the outcome
/// before. `hidden` is how much something unobserved moves treatment and outcome, now and before.
fn observational(rows: usize, seed: u64, hidden: f64) -> String {
    let mut source = Source(ChaCha8Rng::seed_from_u64(seed));
    let mut text = String::from("x1,x2,x3,x4,x5,t,before,y\n");
    for _ in 0..rows {
        let x = [0; 5].map(|_| source.normal());
        let u = hidden * source.normal();
        let t = source.coin(1.0 / (1.0 + (-(0.5 * x[0] - 0.3 * x[1] + 0.2 * x[2] + u)).exp()));
        let common = x[0] + 0.5 * x[1] - 0.5 * x[3] + u;
        let before = common + source.normal();
        let y = 1.0 + t + common + source.normal();
        writeln!(text, "{},{},{},{},{},{t},{before},{y}", x[0], x[1], x[2], x[3], x[4]).unwrap();
    }
    text
}

/// The same with a coin for the treatment.
fn experiment(seed: u64) -> String {
    let mut source = Source(ChaCha8Rng::seed_from_u64(seed));
    let mut text = String::from("x1,x2,x3,x4,x5,t,before,y\n");
    for _ in 0..500 {
        let x = [0; 5].map(|_| source.normal());
        let t = source.coin(0.5);
        let common = x[0] + 0.5 * x[1] - 0.5 * x[3];
        let before = common + source.normal();
        let y = 1.0 + t + common + source.normal();
        writeln!(text, "{},{},{},{},{},{t},{before},{y}", x[0], x[1], x[2], x[3], x[4]).unwrap();
    }
    text
}

/// The staggered panel with the treated rising faster from the beginning.
fn parting_trends(seed: u64) -> String {
    let mut data = causal::synthetic::staggered(2_000, seed);
    let column = |name: &str| data.column(name).unwrap().to_vec();
    let (time, start) = (column("time"), column("g"));
    let (_, outcome) = data.columns.iter_mut().find(|(name, _)| name == "y").unwrap();
    for (value, (time, start)) in outcome.iter_mut().zip(time.iter().zip(&start)) {
        *value += if *start > 0.0 { 0.4 * time } else { 0.0 };
    }
    csv(&data.columns)
}

fn csv(columns: &[(String, Vec<f64>)]) -> String {
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let mut text = names.join(",") + "\n";
    for row in 0..columns[0].1.len() {
        let values: Vec<String> = columns.iter().map(|(_, values)| values[row].to_string()).collect();
        text += &(values.join(",") + "\n");
    }
    text
}
