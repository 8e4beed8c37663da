//! Matching against a slow and obvious implementation: every pair of rows is looked at.

use causal::matching::{BiasCorrection, Distance, MatchingEstimate, MatchingOptions, matching, matching_by};
use causal::propensity::propensity;
use causal::synthetic::observational;
use causal::weighting::Estimand;
use causal::{CausalError, Covariate, NumericColumn, Sample, Study};

use crate::data::{Table, nsw, nsw_with_cps};
use crate::published::close;
use crate::weighting::benign;

/// How far rows are from each other, and in which order they are served.
struct Slow<'a> {
    gap: Box<dyn Fn(usize, usize) -> f64 + 'a>,
    furthest: f64,
    served: Vec<usize>,
}

impl<'a> Slow<'a> {
    fn by_log_odds(scores: &'a [f64], caliper: Option<f64>) -> Self {
        let count = scores.len() as f64;
        let centre = scores.iter().sum::<f64>() / count;
        let deviation = (scores.iter().map(|s| (s - centre).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
        let mut served: Vec<usize> = (0..scores.len()).collect();
        served.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
        let furthest = caliper.map_or(f64::INFINITY, |caliper| caliper * deviation);
        Self { gap: Box::new(|row, other| (scores[row] - scores[other]).abs()), furthest, served }
    }

    /// `sqrt((x-z)' S^-1 (x-z))`, with the covariance inverted by Gauss and Jordan.
    fn by_covariance(columns: &'a [Vec<f64>], caliper: Option<f64>) -> Self {
        let (width, count) = (columns.len(), columns[0].len());
        let centres: Vec<f64> = columns.iter().map(|own| own.iter().sum::<f64>() / count as f64).collect();
        let covariance = |a: usize, b: usize| {
            let products = (0..count).map(|row| (columns[a][row] - centres[a]) * (columns[b][row] - centres[b]));
            products.sum::<f64>() / (count as f64 - 1.0)
        };
        let mut rows: Vec<Vec<f64>> = (0..width)
            .map(|a| {
                let unit = |b: usize| if a == b { 1.0 } else { 0.0 };
                (0..width).map(|b| covariance(a, b)).chain((0..width).map(unit)).collect()
            })
            .collect();
        for pivot in 0..width {
            let scale = rows[pivot][pivot];
            rows[pivot].iter_mut().for_each(|value| *value /= scale);
            let own = rows[pivot].clone();
            for (_, row) in rows.iter_mut().enumerate().filter(|(index, _)| *index != pivot) {
                let factor = row[pivot];
                row.iter_mut().zip(&own).for_each(|(value, entry)| *value -= factor * entry);
            }
        }
        let gap = move |row: usize, other: usize| {
            let difference: Vec<f64> = columns.iter().map(|own| own[row] - own[other]).collect();
            let form = |a: usize| (0..width).map(|b| difference[a] * rows[a][width + b] * difference[b]).sum::<f64>();
            (0..width).map(form).sum::<f64>().max(0.0).sqrt()
        };
        Self { gap: Box::new(gap), furthest: caliper.unwrap_or(f64::INFINITY), served: (0..count).collect() }
    }

    /// Rows of an arm nearest to `row` by full sort, with ties of the last.
    fn nearest(&self, pool: &[usize], row: usize, wanted: usize, furthest: f64) -> Vec<usize> {
        let mut distances: Vec<(f64, usize)> =
            pool.iter().filter(|&&other| other != row).map(|&other| ((self.gap)(row, other), other)).collect();
        distances.sort_by(|left, right| left.0.total_cmp(&right.0));
        let last = distances[wanted.min(distances.len()) - 1].0 + 1e-9;
        distances
            .iter()
            .filter(|(distance, _)| *distance <= last && *distance <= furthest)
            .map(|(_, other)| *other)
            .collect()
    }

    /// Round after round, each row takes the nearest that is free.
    fn greedy(&self, seekers: &[usize], mut free: Vec<usize>, rounds: usize, matches: &mut [Vec<usize>]) {
        for _ in 0..rounds {
            for &row in seekers {
                let gap = |other: usize| (self.gap)(row, other);
                let best = free.iter().copied().min_by(|left, right| gap(*left).total_cmp(&gap(*right)));
                if let Some(best) = best.filter(|&best| gap(best) <= self.furthest) {
                    free.retain(|&other| other != best);
                    matches[row].push(best);
                }
            }
        }
    }

    /// Effect, standard error and unmatched rows, as the formulas are written.
    fn effect(&self, sample: &Sample, options: &MatchingOptions) -> (f64, f64, usize) {
        let (treatment, outcome) = (sample.treatment_values(), sample.outcome_values());
        let arm =
            |wanted: bool| (0..treatment.len()).filter(|&row| (treatment[row] > 0.5) == wanted).collect::<Vec<usize>>();
        let arms = [arm(false), arm(true)];
        let all = options.estimand == Estimand::AverageEffect;
        let mut shares = vec![vec![]; treatment.len()];
        let mut differences = vec![];
        let mut unmatched = 0;
        let seekers: Vec<usize> = self.served.iter().copied().filter(|&row| all || treatment[row] > 0.5).collect();
        let mut matches = vec![vec![]; treatment.len()];
        if options.replacement {
            for &row in &seekers {
                let pool = &arms[usize::from(treatment[row] < 0.5)];
                matches[row] = self.nearest(pool, row, options.neighbours, self.furthest);
            }
        } else {
            self.greedy(&seekers, arms[0].clone(), options.neighbours, &mut matches);
        }
        for row in seekers {
            let found = &matches[row];
            if found.is_empty() {
                unmatched += 1;
                continue;
            }
            let share = 1.0 / found.len() as f64;
            for &other in found {
                shares[other].push(share);
            }
            let other = found.iter().map(|&other| outcome[other]).sum::<f64>() * share;
            differences.push(if treatment[row] > 0.5 { outcome[row] - other } else { other - outcome[row] });
        }
        let count = differences.len() as f64;
        let value = differences.iter().sum::<f64>() / count;
        let mut variance: f64 = differences.iter().map(|difference| (difference - value).powi(2)).sum();
        for row in 0..treatment.len() {
            let (k, q): (f64, f64) = (shares[row].iter().sum(), shares[row].iter().map(|share| share * share).sum());
            let pool = &arms[usize::from(treatment[row] > 0.5)];
            let near = self.nearest(pool, row, options.variance_neighbours, f64::INFINITY);
            let own: Vec<f64> = near.iter().chain([&row]).map(|&other| outcome[other]).collect();
            let centre = own.iter().sum::<f64>() / own.len() as f64;
            let spread = own.iter().map(|y| (y - centre).powi(2)).sum::<f64>() / (own.len() as f64 - 1.0);
            variance += (k * k + if all { 2.0 * k } else { 0.0 } - q) * spread;
        }
        (value, variance.sqrt() / count, unmatched)
    }
}

/// Estimand, neighbours, caliper, replacement.
fn cases(calipers: [f64; 2]) -> impl Iterator<Item = MatchingOptions> {
    let ways = [
        (1, None, true),
        (3, None, true),
        (2, Some(calipers[0]), true),
        (1, None, false),
        (2, Some(calipers[1]), false),
    ];
    let options = move |estimand| {
        ways.into_iter().map(move |(neighbours, caliper, replacement)| MatchingOptions {
            estimand,
            neighbours,
            caliper,
            replacement,
            variance_neighbours: 2,
            ..MatchingOptions::default()
        })
    };
    [Estimand::EffectOnTreated, Estimand::AverageEffect]
        .into_iter()
        .flat_map(options)
        .filter(|options| options.replacement || options.estimand == Estimand::EffectOnTreated)
}

fn agrees(found: &MatchingEstimate, expected: (f64, f64, usize)) {
    close(found.value, expected.0);
    close(found.standard_error, expected.1);
    assert_eq!(found.unmatched.iter().sum::<usize>(), expected.2);
}

#[test]
fn agrees_with_looking_at_every_pair() {
    for study in [nsw(), benign(700, 4)] {
        let sample = Sample::prepare(study).unwrap();
        let (_, model) = propensity(&sample).unwrap();
        for options in cases([0.02, 0.1]) {
            // Greedy choice depends on the order of exactly tied scores, which the slow form leaves open.
            if !options.replacement && sample.rows() == 445 {
                continue;
            }
            let slow = Slow::by_log_odds(&model.log_odds, options.caliper);
            agrees(&matching(&sample, &model, &options).unwrap(), slow.effect(&sample, &options));
        }
    }
}

/// The first covariates of the law with twenty, as a study and as columns.
fn wide(rows: usize, width: usize) -> (Study, Vec<Vec<f64>>) {
    let data = observational(rows, 11);
    let names: Vec<String> = (1..=width).map(|index| format!("x{index}")).collect();
    let columns: Vec<Vec<f64>> = names.iter().map(|name| data.column(name).unwrap().to_vec()).collect();
    let mut study = benign(rows, 1);
    study.treatment.values = data.column("t").unwrap().to_vec();
    study.outcome.values = data.column("y").unwrap().to_vec();
    let pairs = names.iter().zip(&columns);
    study.covariates = pairs.map(|(name, own)| Covariate::Numeric(NumericColumn::new(name, own.clone()))).collect();
    (study, columns)
}

#[test]
fn mahalanobis_agrees_with_looking_at_every_pair() {
    // Few and many dimensions, and rows enough for several blocks.
    for (rows, width, calipers) in
        [(900, 1, [0.001, 0.1]), (1200, 2, [0.05, 0.3]), (900, 4, [0.4, 0.8]), (700, 20, [3.5, 4.0])]
    {
        let (study, columns) = wide(rows, width);
        let sample = Sample::prepare(study).unwrap();
        for options in cases(calipers) {
            let slow = Slow::by_covariance(&columns, options.caliper);
            let found = matching_by(&sample, Distance::Mahalanobis, BiasCorrection::None, &options).unwrap();
            agrees(&found, slow.effect(&sample, &options));
        }
    }
}

#[test]
fn thousands_of_rows_at_few_points_are_ties_and_not_lists() {
    // Five indicators: 32 points; every row ties with all rows of its point in the other arm.
    const ROWS: usize = 20_000;
    let data = observational(ROWS, 3);
    let mut study = benign(ROWS, 1);
    study.treatment.values = data.column("t").unwrap().to_vec();
    study.outcome.values = data.column("y").unwrap().to_vec();
    let names = ["x16", "x17", "x18", "x19", "x20"];
    let column = |name: &&str| NumericColumn::new(*name, data.column(name).unwrap().to_vec());
    study.covariates = names.iter().map(|name| Covariate::Numeric(column(name))).collect();
    let sample = Sample::prepare(study).unwrap();
    let cell =
        |row: usize| names.iter().fold(0, |code, name| 2 * code + usize::from(data.column(name).unwrap()[row] > 0.5));
    let (mut sums, mut counts) = ([[0.0; 32]; 2], [[0.0; 32]; 2]);
    for row in 0..ROWS {
        let arm = usize::from(sample.treatment_values()[row] > 0.5);
        sums[arm][cell(row)] += sample.outcome_values()[row];
        counts[arm][cell(row)] += 1.0;
    }
    let difference = |own: usize| sums[1][own] / counts[1][own] - sums[0][own] / counts[0][own];
    let by_cell = (0..32).map(|own| counts[1][own] * difference(own)).sum::<f64>() / counts[1].iter().sum::<f64>();
    let (_, model) = propensity(&sample).unwrap();
    for distance in [Distance::Mahalanobis, Distance::LogOdds(&model)] {
        let found = matching_by(&sample, distance, BiasCorrection::None, &MatchingOptions::default()).unwrap();
        close(found.value, by_cell);
        assert!(found.balance_after.iter().all(|row| row.value.abs() < 1e-9));
    }
}

/// `Match(Y, Tr, X, M, Weight = 2, Var.calc = 2, distance.tolerance = 1e-9, BiasAdjust)` of R's Matching 4.10-8:
/// estimand, M, bias correction, estimate, Abadie-Imbens error.
#[test]
fn mahalanobis_agrees_with_matching_of_r() {
    use Estimand::{AverageEffect as Ate, EffectOnTreated as Att};
    let covariates = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"];
    let nsw = Table::read("nsw.csv").study("re78", "treat", &covariates);
    let other = Table::read("doubly_robust.csv").study("y", "t", &["x1", "x2", "x3", "x4", "x5"]);
    let values = [
        (&nsw, Att, 1, false, 2_453.076_335_207_21, 771.471_325_461_165),
        (&nsw, Att, 1, true, 2_243.120_051_430_33, 770.750_835_173_346),
        (&nsw, Att, 4, false, 2_060.485_917_077_74, 694.068_683_428_958),
        (&nsw, Att, 4, true, 1_877.779_176_826_88, 694.089_541_218_319),
        (&nsw, Ate, 3, false, 1_510.057_640_930_67, 626.832_564_086_85),
        (&nsw, Ate, 3, true, 1_493.810_995_665_72, 626.447_024_287_113),
        (&other, Att, 1, false, 2.795_570_163_142, 0.161_191_228_207_855),
        (&other, Att, 1, true, 2.620_491_851_719_65, 0.151_743_768_116_619),
        (&other, Att, 3, true, 2.551_530_760_018_95, 0.136_684_740_824_741),
        (&other, Ate, 1, false, 2.581_562_005, 0.149_033_912_226_273),
        (&other, Ate, 1, true, 2.380_676_933_091_92, 0.145_800_472_221_042),
        (&other, Ate, 3, true, 2.251_574_022_926_67, 0.134_407_713_393_656),
    ];
    for (study, estimand, neighbours, corrected, value, standard_error) in values {
        let sample = Sample::prepare(study.clone()).unwrap();
        let options = MatchingOptions { estimand, neighbours, variance_neighbours: 2, ..MatchingOptions::default() };
        let correction = if corrected { BiasCorrection::Regression } else { BiasCorrection::None };
        let found = matching_by(&sample, Distance::Mahalanobis, correction, &options).unwrap();
        agrees(&found, (value, standard_error, 0));
        assert_eq!(found.bias_correction.is_some(), corrected);
    }
}

/// `Match(Y, Tr, X = log odds, M, Var.calc = M)` of the same, on the log odds of `glm`.
#[test]
fn log_odds_agree_with_matching_of_r() {
    use Estimand::{AverageEffect as Ate, EffectOnTreated as Att};
    let sample = Sample::prepare(nsw()).unwrap();
    let (_, model) = propensity(&sample).unwrap();
    for (estimand, neighbours, value, standard_error) in [
        (Att, 1, 2_486.875_453_918_92, 744.953_519_602_133),
        (Att, 3, 2_497.028_209_072_07, 682.143_242_815_756),
        (Ate, 1, 2_189.612_626_176_03, 673.159_182_332_991),
        (Ate, 3, 2_094.768_590_445_69, 767.317_126_483_397),
    ] {
        let variance_neighbours = neighbours;
        let options = MatchingOptions { estimand, neighbours, variance_neighbours, ..MatchingOptions::default() };
        agrees(&matching(&sample, &model, &options).unwrap(), (value, standard_error, 0));
    }
}

/// `matchit(distance = Mahalanobis' matrix, method = "nearest", replace = FALSE)` of R's `MatchIt` 4.5.1.
#[test]
fn greedy_mahalanobis_agrees_with_matchit() {
    let study = Table::read("doubly_robust.csv").study("y", "t", &["x1", "x2", "x3", "x4", "x5"]);
    let options = MatchingOptions { replacement: false, ..MatchingOptions::default() };
    let found = |study: Study| {
        let sample = Sample::prepare(study).unwrap();
        matching_by(&sample, Distance::Mahalanobis, BiasCorrection::None, &options).unwrap()
    };
    agrees(&found(study.clone()), (3.456_025_750_929_37, 0.164_761_119_185_704, 62));
    let mut flipped = study;
    flipped.treatment.values.iter_mut().for_each(|value| *value = 1.0 - *value);
    agrees(&found(flipped), (-2.741_742_434_944_24, 0.144_499_484_138_788, 0));
}

/// With four continuous covariates matches are not alike, and the correction takes most of the bias away.
#[test]
fn the_correction_takes_the_bias_of_unlike_matches_away() {
    let (mut study, columns) = wide(4_000, 4);
    let slope = |row: usize| columns.iter().map(|own| own[row]).sum::<f64>();
    study.outcome.values = (0..4_000).map(|row| 2.0 * slope(row) + study.treatment.values[row]).collect();
    let sample = Sample::prepare(study).unwrap();
    let options = MatchingOptions { estimand: Estimand::AverageEffect, ..MatchingOptions::default() };
    let by = |correction| matching_by(&sample, Distance::Mahalanobis, correction, &options).unwrap();
    let (raw, corrected) = (by(BiasCorrection::None), by(BiasCorrection::Regression));
    assert!((raw.value - 1.0).abs() > 0.05, "{}", raw.value);
    assert!((corrected.value - 1.0).abs() < 1e-9, "{}", corrected.value);
    close(corrected.value - raw.value, corrected.bias_correction.unwrap());
}

#[test]
fn matches_balance_and_come_near_the_experiment() {
    let sample = Sample::prepare(nsw_with_cps()).unwrap();
    let (_, model) = propensity(&sample).unwrap();
    let options = MatchingOptions { neighbours: 3, ..MatchingOptions::default() };
    let found = matching(&sample, &model, &options).unwrap();
    let largest = |rows: &[causal::diagnostics::BalanceRow]| rows.iter().map(|row| row.value.abs()).fold(0.0, f64::max);
    assert!(largest(&found.balance_before) > 2.0 && largest(&found.balance_after) < 0.35);
    // The experiment says 1,794; without adjustment these data say -8,498.
    assert!((found.value - 1_794.0).abs() < 2.5 * found.standard_error, "{} {}", found.value, found.standard_error);
    assert_eq!((found.matched, found.unmatched), (185, [0, 0]));
}

#[test]
fn options_out_of_range_are_refused() {
    let sample = Sample::prepare(benign(200, 1)).unwrap();
    let (_, model) = propensity(&sample).unwrap();
    let base = MatchingOptions::default();
    for options in [
        MatchingOptions { neighbours: 0, ..base },
        MatchingOptions { caliper: Some(-1.0), ..base },
        MatchingOptions { replacement: false, estimand: Estimand::AverageEffect, ..base },
    ] {
        assert!(matches!(matching(&sample, &model, &options), Err(CausalError::InvalidOption { .. })));
    }
}
