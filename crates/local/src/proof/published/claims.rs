//! The questions, and what the literature or another program answers.

use serde_json::{Value, json};

use super::{Claim, Table};

const LALONDE: [&str; 8] = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"];

fn lalonde(standard_error: &str) -> Value {
    json!({ "outcome": "re78", "treatment": "treat", "covariates": LALONDE, "squared": ["age"], "standard_error": standard_error, "estimator": "regression_adjustment" })
}

fn unadjusted(outcome: &str, treatment: &str, standard_error: &str) -> Value {
    json!({ "outcome": outcome, "treatment": treatment, "missing": "drop_rows", "standard_error": standard_error })
}

/// All of them.
pub(super) fn claims() -> Vec<Claim> {
    let mut claims = of_the_experiment();
    claims.extend(of_observational_data());
    claims.extend(before_and_after());
    claims.extend(beside_other_programs());
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

fn before_and_after() -> Vec<Claim> {
    vec![
        Claim {
            table: Table::Kielmc,
            what: "Kiel-McClain, incinerator and house prices, 2x2 difference in differences",
            source: "Wooldridge, example 13.3: -11863.9, SE 7456.6",
            question: json!({"outcome": "rprice", "treatment": "nearinc", "time": "y81", "standard_error": "classical"}),
            values: &[
                ("effect", "/estimate", -11_863.903_252_11),
                ("classical SE", "/standard_error", 7_456.646_173_26),
            ],
        },
        Claim {
            table: Table::InjuryKentucky,
            what: "Meyer-Viscusi-Durbin, injury benefits, Kentucky, 2x2 difference in differences",
            source: "Wooldridge, example 13.4: 0.191, SE 0.069",
            question: json!({"outcome": "ldurat", "treatment": "highearn", "time": "afchnge", "standard_error": "classical"}),
            values: &[("effect", "/estimate", 0.190_601_200_66), ("classical SE", "/standard_error", 0.068_508_905_32)],
        },
        Claim {
            table: Table::Staggered,
            what: "staggered panel, Callaway-Sant'Anna, never treated compared, averaged by cohort",
            source: "csdid 0.4.3",
            question: json!({
                "outcome": "y", "unit": "unit", "time": "time", "treatment_start": "start", "never_treated_value": "0",
                "simulations": 20,
            }),
            values: &[("effect", "/estimate", 1.643_604_483_33), ("SE", "/standard_error", 0.196_355_490_63)],
        },
    ]
}

fn beside_other_programs() -> Vec<Claim> {
    let folded = |estimator: &str, target: &str| {
        json!({
            "outcome": "y", "treatment": "t", "covariates": ["x1", "x2", "x3", "x4", "x5", "x6"], "fold_column": "fold",
            "estimators": [estimator], "estimator": estimator, "target": target, "simulations": 20, "refuter_budget_s": 1,
        })
    };
    vec![
        Claim {
            table: Table::Nhefs,
            what: "NHEFS, inverse propensity weighting, the model of What If 12.2",
            source: "Hernan-Robins, What If, ch. 12: 3.4",
            question: json!({
                "outcome": "wt82_71", "treatment": "qsmk", "missing": "drop_rows",
                "covariates": ["sex", "race", "age", "education", "smokeintensity", "smokeyrs", "exercise", "active", "wt71"],
                "categorical": ["sex", "race", "education", "exercise", "active"],
                "squared": ["age", "smokeintensity", "smokeyrs", "wt71"],
                "estimators": ["inverse_propensity_weighting"], "simulations": 20, "refuter_budget_s": 1,
            }),
            values: &[("effect", "/estimate", 3.440_535_429_65)],
        },
        Claim {
            table: Table::Folded,
            what: "AIPW, linear nuisances, given folds, everybody",
            source: "DoubleML 0.11.4",
            question: folded("aipw_linear", "everybody"),
            values: &[("effect", "/estimate", 2.287_995_336_40), ("SE", "/standard_error", 0.136_534_509_67)],
        },
        Claim {
            table: Table::Folded,
            what: "AIPW, linear nuisances, given folds, treated",
            source: "DoubleML 0.11.4",
            question: folded("aipw_linear", "treated"),
            values: &[("effect", "/estimate", 2.457_932_599_55), ("SE", "/standard_error", 0.146_251_928_79)],
        },
        Claim {
            table: Table::Folded,
            what: "partially linear, linear nuisances, given folds",
            source: "DoubleML 0.11.4",
            question: folded("partially_linear", "everybody"),
            values: &[("effect", "/estimate", 2.201_084_487_28), ("SE", "/standard_error", 0.124_984_819_68)],
        },
    ]
}
