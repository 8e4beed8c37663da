//! How often refuters flag a sound study: rarely, because the flags of several estimators add up.

use causal::doubly_robust::Learner;
use causal::panel::{
    ComparisonUnits, GroupTimeOptions, PanelEstimator, PanelInference, callaway_santanna, panel_refuters,
    two_way_fixed_effects,
};
use causal::refute::{
    AgainPlan, Original, Plan, Refutation, Refuter, placebo_treatment, random_common_cause, refute_again,
    refute_by_influence, resampling,
};
use causal::weighting::{Budget, Estimand, refute_weighting};
use causal::{Estimator, Inference, Sample, estimate};

use crate::refits::{AIPW, AIPW_TREATED, Method, PARTIALLY_LINEAR, SEED, boosted, fit_robust, fit_weighting};
use crate::weighting::benign;

pub(crate) const REFUTERS: [Refuter; 4] =
    [Refuter::PlaceboTreatment, Refuter::RandomCommonCause, Refuter::DataSubset, Refuter::Bootstrap];

/// Flags by refuter, and studies with any flag.
#[derive(Default)]
struct Alarms {
    by_refuter: [usize; 4],
    any: usize,
    studies: usize,
    /// Mean of the bootstrap's standard error by the reported one.
    ratio: f64,
}

impl Alarms {
    fn count(&mut self, found: &[Refutation], standard_error: f64) {
        for refutation in found.iter().filter(|refutation| refutation.flagged) {
            let position = REFUTERS.iter().position(|refuter| *refuter == refutation.refuter).unwrap();
            self.by_refuter[position] += 1;
        }
        self.any += usize::from(found.iter().any(|refutation| refutation.flagged));
        self.studies += 1;
        let bootstrap = found.iter().find(|refutation| refutation.refuter == Refuter::Bootstrap).unwrap();
        self.ratio += bootstrap.standard_deviation / standard_error;
    }

    fn say(&self, name: &str) {
        println!(
            "| {name} | {} | {:?} | {} | {:.2} |",
            self.studies,
            self.by_refuter,
            self.any,
            self.ratio / self.studies as f64
        );
    }
}

fn sound(rows: usize, seed: u64) -> Sample {
    Sample::prepare(benign(rows, 1_000 + seed)).unwrap()
}

fn again(method: Method, rows: usize, studies: u64, plan: AgainPlan) -> Alarms {
    let mut alarms = Alarms::default();
    for seed in 0..studies {
        let sample = sound(rows, seed);
        let original = method.original(&sample);
        let found = refute_again(&sample, &original, &method, &REFUTERS, &AgainPlan { seed: SEED, ..plan }).unwrap();
        alarms.count(&found, original.standard_error);
    }
    alarms
}

fn linear(rows: usize, studies: u64, simulations: usize) -> Alarms {
    let mut alarms = Alarms::default();
    for seed in 0..studies {
        let sample = sound(rows, seed);
        let fit = estimate(&sample, Estimator::RegressionAdjustment, &Inference::default()).unwrap();
        let plan = Plan { simulations, seed };
        let mut found = placebo_treatment(&sample, &[&fit], plan).unwrap();
        found.extend(random_common_cause(&[&fit], plan).unwrap());
        let resampled = resampling(&sample, &[&fit], plan).unwrap();
        found.extend(resampled.subset);
        found.extend(resampled.bootstrap);
        alarms.count(&found, fit.estimate.standard_error);
    }
    alarms
}

fn weighted(rows: usize, studies: u64, simulations: usize) -> Alarms {
    let mut alarms = Alarms::default();
    for seed in 0..studies {
        let sample = sound(rows, seed);
        let fit = fit_weighting(&sample, Estimand::AverageEffect).unwrap();
        let budget = Budget { simulations, most_row_fits: usize::MAX, seed };
        let run = |refuter| refute_weighting(&sample, &fit, refuter, budget, &mut || false).unwrap();
        let found: Vec<Refutation> = REFUTERS.into_iter().map(run).collect();
        alarms.count(&found, fit.estimate.standard_error);
    }
    alarms
}

fn by_influence(rows: usize, studies: u64, simulations: usize) -> Alarms {
    let mut alarms = Alarms::default();
    for seed in 0..studies {
        let sample = sound(rows, seed);
        let fit = fit_robust(&sample, AIPW, Learner::Linear, SEED).unwrap();
        let original = Original::new("aipw", fit.estimate.value, fit.estimate.standard_error);
        let plan = Plan { simulations, seed };
        let found = refute_by_influence(&sample, &original, &fit.influence, &REFUTERS, plan).unwrap();
        alarms.count(&found, original.standard_error);
    }
    alarms
}

fn panels(estimator: PanelEstimator, units: usize, studies: u64, plan: AgainPlan) -> Alarms {
    let mut alarms = Alarms::default();
    for seed in 0..studies {
        let panel = crate::refute_panel::flat(units, seed);
        let (value, standard_error) = match estimator {
            PanelEstimator::TwoWayFixedEffects => {
                let effect = two_way_fixed_effects(&panel, &PanelInference::default()).unwrap().effect;
                (effect.value, effect.standard_error)
            }
            PanelEstimator::CallawaySantanna { comparison } => {
                let options = GroupTimeOptions { comparison, ..GroupTimeOptions::default() };
                let effect = callaway_santanna(&panel, &options).unwrap().aggregates[1].overall;
                (effect.value, effect.standard_error)
            }
        };
        let original = Original::new("panel", value, standard_error);
        let found = panel_refuters(&panel, estimator, &original, &AgainPlan { seed: SEED, ..plan }).unwrap();
        alarms.count(&found, standard_error);
    }
    alarms
}

const ALL: AgainPlan = AgainPlan { simulations: 20, seed: SEED, most_row_fits: usize::MAX, most_rows: usize::MAX };
const MATCHING: Method = Method::Matching(Estimand::EffectOnTreated);
/// Of the table.
const ROWS: usize = 1_000;
const STUDIES: u64 = 200;
const LINEAR_AIPW: Method = Method::Robust(AIPW, Learner::Linear);
const LATER: PanelEstimator = PanelEstimator::CallawaySantanna { comparison: ComparisonUnits::NeverTreated };

#[test]
fn sound_studies_are_seldom_flagged() {
    for method in [LINEAR_AIPW, Method::Robust(PARTIALLY_LINEAR, Learner::Linear)] {
        let alarms = again(method, 1_000, 12, ALL);
        assert!(alarms.any == 0, "{method:?}: {:?}", alarms.by_refuter);
        assert!((0.8..1.25).contains(&(alarms.ratio / 12.0)), "{}", alarms.ratio / 12.0);
    }
    let alarms = again(MATCHING, 1_000, 12, ALL);
    assert!(alarms.any <= 1, "matching: {:?}", alarms.by_refuter);
    assert!(by_influence(1_000, 20, 100).any == 0);
    assert!(panels(PanelEstimator::TwoWayFixedEffects, 100, 8, ALL).any == 0);
}

/// The table in `refute::again`: `cargo test -p causal --test it -- --ignored soundness --nocapture`.
#[test]
#[ignore = "minutes; makes the table of false alarms"]
fn table_of_false_alarms() {
    println!("| estimator, simulations | studies | placebo, common cause, subset, bootstrap | any | bootstrap ratio |");
    let hundred = AgainPlan { simulations: 100, ..ALL };
    let part = AgainPlan { most_rows: 1_000, ..ALL };
    let robust = |estimator| Method::Robust(estimator, Learner::Linear);
    for (name, method) in [
        ("matching, treated", MATCHING),
        ("matching, all", Method::Matching(Estimand::AverageEffect)),
        ("AIPW, all", robust(AIPW)),
        ("AIPW, treated", robust(AIPW_TREATED)),
        ("partially linear", robust(PARTIALLY_LINEAR)),
        ("weighting, again", Method::Weighting(Estimand::AverageEffect)),
    ] {
        again(method, ROWS, STUDIES, ALL).say(&format!("{name}, 20"));
    }
    again(MATCHING, ROWS, STUDIES / 2, hundred).say("matching, treated, 100");
    again(MATCHING, 4_000, STUDIES, part).say("matching, treated, 1,000 of 4,000 rows, 20");
    panels(PanelEstimator::TwoWayFixedEffects, 150, STUDIES, ALL).say("two-way fixed effects, 150 units, 20");
    panels(LATER, 150, STUDIES, ALL).say("Callaway-Sant'Anna, 150 units, 20");
    linear(ROWS, STUDIES, 20).say("regression, by algebra, 20");
    linear(ROWS, STUDIES, 100).say("regression, by algebra, 100");
    weighted(ROWS, STUDIES, 20).say("weighting, its own, 20");
    weighted(ROWS, STUDIES, 100).say("weighting, its own, 100");
    by_influence(ROWS, STUDIES, 100).say("AIPW by influence, 100");
    again(robust(AIPW), ROWS, STUDIES / 2, hundred).say("AIPW, all, 100");
}

#[test]
#[ignore = "minutes; makes the table of false alarms of boosted learners"]
fn table_of_false_alarms_boosted() {
    again(Method::Robust(AIPW, boosted()), ROWS, STUDIES / 10, ALL).say("AIPW, all, boosted, 20");
    again(Method::Robust(PARTIALLY_LINEAR, boosted()), ROWS, STUDIES / 10, ALL).say("partially linear, boosted, 20");
}
