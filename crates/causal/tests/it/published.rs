//! Every published value that a linear regression can compute, to 1e-6 relative.

use Estimator::{DifferenceInMeans as Means, RegressionAdjustment as Regression};
use StandardErrorKind::{Classical, Cluster, Hc1, Hc2, Hc3};
use causal::{
    Covariate, Estimator, Inference, MissingValues, NumericColumn, Sample, StandardErrorKind, Study, estimate,
};

use crate::data::{Table, darfur, nhefs, nsw, nsw_with_cps};

fn reference(dataset: &str, spec_start: &str, spec_end: &str) -> serde_json::Value {
    let path = "../../testdata/reference.json";
    let all: Vec<serde_json::Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let found = all.into_iter().find(|entry| {
        let spec = entry["spec"].as_str().unwrap();
        entry["dataset"] == dataset && spec.starts_with(spec_start) && spec.ends_with(spec_end)
    });
    found.unwrap_or_else(|| panic!("no reference for {dataset} {spec_start} {spec_end}"))
}

#[track_caller]
pub(crate) fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-6 * expected.abs(), "{found} differs from the published {expected}");
}

fn fit(study: Study, estimator: Estimator, standard_error: StandardErrorKind) -> causal::Estimate {
    let sample = Sample::prepare(study).unwrap();
    estimate(&sample, estimator, &Inference { standard_error, ..Inference::default() }).unwrap().estimate
}

#[track_caller]
fn agrees(study: Study, estimator: Estimator, kind: StandardErrorKind, reference: &serde_json::Value) {
    let found = fit(study, estimator, kind);
    close(found.value, reference["est"].as_f64().unwrap());
    close(found.standard_error, reference["se"].as_f64().unwrap());
    assert_eq!(found.rows as u64, reference["n"].as_u64().unwrap());
}

#[test]
fn nsw_agrees() {
    let unadjusted = "OLS re78~treat [";
    agrees(nsw(), Means, Classical, &reference("nsw", unadjusted, "[nonrobust]"));
    agrees(nsw(), Means, Hc1, &reference("nsw", unadjusted, "[HC1]"));
    agrees(nsw(), Means, Hc2, &reference("nsw", unadjusted, "[HC2]"));
    agrees(nsw(), Regression, Classical, &reference("nsw", "OLS re78~treat+age", "[nonrobust]"));
    agrees(nsw(), Regression, Hc1, &reference("nsw", "OLS re78~treat+age", "[HC1]"));
    close(fit(nsw(), Means, Hc1).value, 1_794.342_404_270_27);
}

#[test]
fn nsw_with_cps_agrees() {
    let dataset = "nsw_treated+cps_controls";
    agrees(nsw_with_cps(), Means, Classical, &reference(dataset, "OLS re78~treat [", "[nonrobust]"));
    agrees(nsw_with_cps(), Regression, Hc1, &reference(dataset, "OLS re78~treat+age", "[HC1]"));
}

#[test]
fn nhefs_agrees() {
    agrees(nhefs(), Means, Classical, &reference("nhefs", "OLS wt82_71~qsmk", "[nonrobust]"));
}

#[test]
fn darfur_agrees_with_absorbed_villages() {
    let reference = reference("darfur", "OLS peacefactor", "[nonrobust]");
    agrees(darfur(), Regression, Classical, &reference);
    let found = fit(darfur(), Regression, Classical);
    close(found.convention.degrees_of_freedom, reference["df_resid"].as_f64().unwrap());
}

/// statsmodels 0.15.0 on the same files, with the t distribution where it says so.
#[test]
fn other_standard_errors_agree_with_statsmodels() {
    close(fit(nsw(), Regression, Hc2).standard_error, 677.116_354_551_604_4);
    close(fit(nsw(), Regression, Hc3).standard_error, 686.086_397_215_819_8);
    close(fit(nsw(), Means, Hc3).standard_error, 672.682_149_001_415);
    let classical = fit(nsw(), Regression, Classical);
    close(classical.p_value, 0.009_069_228_893_482_223);
    close(classical.interval.lower, 419.266_697_244_019_27);
    close(classical.interval.upper, 2_932.458_056_896_994_5);
    close(fit(darfur(), Regression, Hc1).standard_error, 0.029_165_802_800_066_2);
}

#[test]
fn cluster_robust_errors_agree_with_statsmodels() {
    let mut study = darfur();
    let Some(Covariate::Categorical(villages)) = study.covariates.pop() else { panic!("villages come last") };
    study.clusters = Some(villages.clone());
    let found = fit(study.clone(), Regression, Cluster);
    close(found.value, 0.048_885_495_979_343_205);
    close(found.standard_error, 0.018_537_397_495_281_008);
    close(found.p_value, 0.008_629_460_969_115_649);
    close(found.interval.lower, 0.012_461_970_054_693_045);
    assert_eq!(found.convention.clusters, Some(486));
    // The same column absorbed and clustered on.
    study.covariates.push(Covariate::Categorical(villages));
    close(fit(study, Regression, Cluster).standard_error, 0.030_315_985_241_024_683);
}

#[test]
fn continuous_treatment_and_categories_agree_with_statsmodels() {
    let table = Table::read("nhefs.csv.gz");
    let mut study = table.study("wt82_71", "smokeintensity", &["age", "age^2", "wt71"]);
    study.missing = MissingValues::DropRows;
    for name in ["sex", "race", "education", "exercise", "active"] {
        study.covariates.push(Covariate::Categorical(table.categories(name)));
    }
    let found = fit(study.clone(), Regression, Hc1);
    close(found.value, -0.002_521_260_177_923_868_3);
    close(found.standard_error, 0.017_320_509_370_865_173);
    close(fit(study, Regression, Hc3).standard_error, 0.017_443_979_878_461_052);
}

#[test]
fn minimum_drinking_age_agrees() {
    let table = Table::read("mlda_rd.csv");
    let age: Vec<f64> = table.numbers("agecell").iter().map(|age| age - 21.0).collect();
    let over: Vec<f64> = age.iter().map(|&age| f64::from(u8::from(age >= 0.0))).collect();
    let term = |name: &str, value: fn(f64, f64) -> f64| {
        let values = age.iter().zip(&over).map(|(&age, &over)| value(age, over)).collect();
        Covariate::Numeric(NumericColumn::new(name, values))
    };
    let mut study = table.study("all", "agecell", &[]);
    study.treatment = NumericColumn::new("over21", over.clone());
    study.covariates = vec![term("age", |age, _| age)];
    agrees(study.clone(), Regression, Hc1, &reference("mlda_rd", "RD linear", "[HC1]"));
    study.covariates = vec![
        term("age", |age, _| age),
        term("age^2", |age, _| age * age),
        term("age over", |age, over| age * over),
        term("age^2 over", |age, over| age * age * over),
    ];
    agrees(study, Regression, Hc1, &reference("mlda_rd", "RD quadratic", "[HC1]"));
}

fn interaction(table: &Table, outcome: &str, first: &str, second: &str) -> Study {
    let (a, b) = (table.numbers(first), table.numbers(second));
    let mut study = table.study(outcome, first, &[second]);
    study.covariates.push(Covariate::Numeric(NumericColumn::new("first period", a.clone())));
    study.treatment = NumericColumn::new("interaction", a.iter().zip(&b).map(|(a, b)| a * b).collect());
    study
}

#[test]
fn incinerator_agrees() {
    let study = interaction(&Table::read("kielmc.csv"), "rprice", "y81", "nearinc");
    agrees(study, Regression, Classical, &reference("kielmc", "OLS rprice", "[nonrobust]"));
}

#[test]
fn injury_agrees() {
    let table = Table::read("injury.csv.gz");
    let kentucky: Vec<bool> = table.numbers("ky").iter().map(|&ky| ky > 0.5).collect();
    let mut study = interaction(&table, "ldurat", "afchnge", "highearn");
    let keep = |values: &mut Vec<f64>| {
        let mut flags = kentucky.iter();
        values.retain(|_| *flags.next().unwrap());
    };
    keep(&mut study.outcome.values);
    keep(&mut study.treatment.values);
    for covariate in &mut study.covariates {
        if let Covariate::Numeric(column) = covariate {
            keep(&mut column.values);
        }
    }
    agrees(study, Regression, Classical, &reference("injury_ky", "OLS ldurat", "[nonrobust]"));
}

/// NIST's certified values for Longley (1967): GNP as the treatment, the other five as covariates.
#[test]
fn longley_agrees_with_nist() {
    const ROWS: [[f64; 7]; 16] = [
        [60323.0, 83.0, 234_289.0, 2356.0, 1590.0, 107_608.0, 1947.0],
        [61122.0, 88.5, 259_426.0, 2325.0, 1456.0, 108_632.0, 1948.0],
        [60171.0, 88.2, 258_054.0, 3682.0, 1616.0, 109_773.0, 1949.0],
        [61187.0, 89.5, 284_599.0, 3351.0, 1650.0, 110_929.0, 1950.0],
        [63221.0, 96.2, 328_975.0, 2099.0, 3099.0, 112_075.0, 1951.0],
        [63639.0, 98.1, 346_999.0, 1932.0, 3594.0, 113_270.0, 1952.0],
        [64989.0, 99.0, 365_385.0, 1870.0, 3547.0, 115_094.0, 1953.0],
        [63761.0, 100.0, 363_112.0, 3578.0, 3350.0, 116_219.0, 1954.0],
        [66019.0, 101.2, 397_469.0, 2904.0, 3048.0, 117_388.0, 1955.0],
        [67857.0, 104.6, 419_180.0, 2822.0, 2857.0, 118_734.0, 1956.0],
        [68169.0, 108.4, 442_769.0, 2936.0, 2798.0, 120_445.0, 1957.0],
        [66513.0, 110.8, 444_546.0, 4681.0, 2637.0, 121_950.0, 1958.0],
        [68655.0, 112.6, 482_704.0, 3813.0, 2552.0, 123_366.0, 1959.0],
        [69564.0, 114.2, 502_601.0, 3931.0, 2514.0, 125_368.0, 1960.0],
        [69331.0, 115.7, 518_173.0, 4806.0, 2572.0, 127_852.0, 1961.0],
        [70551.0, 116.9, 554_894.0, 4007.0, 2827.0, 130_081.0, 1962.0],
    ];
    const CERTIFIED: [(&str, f64, f64); 6] = [
        ("deflator", 15.061_872_271_373_3, 84.914_925_774_766_9),
        ("gnp", -0.358_191_792_925_91e-1, 0.334_910_077_722_432e-1),
        ("unemployed", -2.020_229_803_816_83, 0.488_399_681_651_699),
        ("armed forces", -1.033_226_867_173_59, 0.214_274_163_161_675),
        ("population", -0.511_041_056_535_807e-1, 0.226_073_200_069_370),
        ("year", 1_829.151_464_613_55, 455.478_499_142_212),
    ];
    for (treatment, (name, value, error)) in CERTIFIED.iter().enumerate() {
        let column = |index: usize| ROWS.iter().map(|row| row[index]).collect::<Vec<f64>>();
        let others = (0..6).filter(|&other| other != treatment);
        let study = Study {
            outcome: NumericColumn::new("employed", column(0)),
            treatment: NumericColumn::new(*name, column(treatment + 1)),
            arm_labels: None,
            covariates: others
                .map(|other| Covariate::Numeric(NumericColumn::new(CERTIFIED[other].0, column(other + 1))))
                .collect(),
            clusters: None,
            missing: MissingValues::Refuse,
        };
        let found = fit(study, Regression, Classical);
        for (found, certified) in [(found.value, *value), (found.standard_error, *error)] {
            assert!((found - certified).abs() < 1e-11 * certified.abs(), "{name}: {found} is not {certified}");
        }
    }
}
