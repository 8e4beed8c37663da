//! Profiles, exact and estimated.

use std::fmt::Write as _;

use domain::dataset::{ColumnProfile, Profile, ValueCount};
use proptest::prelude::*;
use tables::profile::{Budget, profile, profile_within};

use crate::support::Store;

const NOTHING: Budget = Budget { numbers_bytes: 0, values_bytes: 0 };

fn profiled(file: &str, budget: &Budget) -> Profile {
    let store = Store::new();
    let table = store.stored(file.as_bytes());
    let mut told = Vec::new();
    let found = profile_within(budget, &store.objects, &table, &mut |done| told.push(done)).unwrap();
    assert!(told.is_sorted() && told.last() == Some(&1.0), "{told:?}");
    found
}

fn top(column: &ColumnProfile) -> Vec<(&str, u64)> {
    column.top_values.iter().map(|ValueCount { value, count }| (value.as_str(), *count)).collect()
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found} is not {expected}");
}

/// Reference: `numpy.mean`, `numpy.std(ddof=1)`, `numpy.quantile` of these numbers.
#[test]
fn a_small_table_is_described_exactly() {
    let found = profiled(
        "x,g,b,d,t\n2,a,true,2024-01-05,2024-01-05 10:00\n4,bb,false,2023-01-05,NA\n4,a,true,,2024-01-05T09:00:00.5+02:00\nNA,ü,true,2024-01-06,\n5,a,,2024-01-05,\n5,,true,2024-01-05,\n7,a,true,2024-01-05,\n9,a,true,2024-01-05,\n",
        &Budget::default(),
    );
    let [number, group, truth, date, time] = found.columns.as_slice() else { panic!() };
    assert_eq!((found.rows, number.missing, number.distinct, number.distinct_exact), (8, 1, 5, true));
    let numbers = number.numeric.as_ref().unwrap();
    assert_eq!((numbers.min, numbers.max), (2.0, 9.0));
    near(numbers.mean, 36.0 / 7.0);
    near(numbers.standard_deviation, 2.267_786_838_055_363);
    assert!(numbers.quantiles_exact);
    let quantiles: Vec<f64> = numbers.quantiles.iter().map(|quantile| quantile.value).collect();
    for (found, expected) in quantiles.iter().zip([2.12, 2.6, 4.0, 5.0, 6.0, 8.4, 8.88]) {
        near(*found, expected);
    }
    assert_eq!(numbers.histogram.len(), 20);
    assert_eq!(numbers.histogram.iter().sum::<u64>(), 7);
    assert_eq!((numbers.histogram[0], numbers.histogram[5], numbers.histogram[19]), (1, 2, 1));
    assert_eq!(top(number), [("4", 2), ("5", 2), ("2", 1), ("7", 1), ("9", 1)]);
    assert_eq!((group.text_length, group.missing), (Some([1, 2]), 1));
    assert_eq!(top(group), [("a", 5), ("bb", 1), ("ü", 1)]);
    near(truth.numeric.as_ref().unwrap().mean, 6.0 / 7.0);
    assert_eq!(date.time_range, Some(["2023-01-05".to_owned(), "2024-01-06".to_owned()]));
    assert_eq!(time.time_range, Some(["2024-01-05T07:00:00.500Z".to_owned(), "2024-01-05T10:00:00Z".to_owned()]));
    assert_eq!(time.numeric, None);
}

#[test]
fn large_and_close_numbers_keep_their_spread() {
    let mut file = "x\n".to_owned();
    for index in 0..1000 {
        writeln!(file, "{}", 1_000_000_000_000_i64 + index % 2).unwrap();
    }
    let found = profiled(&file, &Budget::default());
    let numbers = found.columns[0].numeric.as_ref().unwrap();
    near(numbers.mean, 1_000_000_000_000.5);
    near(numbers.standard_deviation, (1000.0_f64 * 0.25 / 999.0).sqrt());
}

#[test]
fn numbers_at_the_end_of_the_doubles_give_a_profile() {
    let found = profiled("x,y\n-1.7e308,5\n1.7e308,5\n1.6e308,5\n", &Budget::default());
    let numbers = found.columns[0].numeric.as_ref().unwrap();
    assert!(numbers.mean.is_finite() && numbers.standard_deviation.is_finite());
    assert!(numbers.quantiles.iter().all(|quantile| quantile.value.is_finite()));
    assert_eq!((numbers.histogram[0], numbers.histogram[19]), (1, 2));
    assert!(found.warnings[1].starts_with("`x` holds numbers so large") || found.warnings[0].starts_with("`x` holds"));
    let text = serde_json::to_string(&found).unwrap();
    assert!(serde_json::from_str::<Profile>(&text).is_ok(), "{text}");
}

#[test]
fn what_is_odd_is_said() {
    let mut file = "id,one,gaps,nothing,price,german,zip,spaced,even\n".to_owned();
    for row in 0..100 {
        let gaps = if row < 37 { "1.5" } else { "" };
        let price = if row < 98 { format!("{row}.5") } else { format!("n.a.{}", row % 2) };
        let spaced = if row < 7 { "x " } else { "x" };
        writeln!(file, "{row},same,{gaps},,{price},\"{row},5\",0{row},{spaced},{}", row % 2).unwrap();
    }
    let found = profiled(&file, &Budget::default());
    assert_eq!(
        found.warnings,
        [
            "`id` identifies the rows: each of its 100 values is different",
            "`one` is constant: each of its values is `same`",
            "`gaps` has no value in 63 % of the rows",
            "`gaps` is constant: each of its values is `1.5`",
            "`nothing` is empty: no row has a value",
            "`price` identifies the rows: each of its 100 values is different",
            "`price` is taken as text, though 98 % of its values are numbers; no numbers are, for instance, `n.a.0`, \
             `n.a.1`; correct them, or write NA where there is no value",
            "`german` identifies the rows: each of its 100 values is different",
            "`german` is taken as text: its numbers are written with commas (`0,5`, `1,5`, `2,5`); write 1000.5, with \
             a decimal point and without groups",
            "`zip` identifies the rows: each of its 100 values is different",
            "`spaced` has 7 values with spaces before or after them; `x` and `x ` count as two values",
        ]
    );
}

/// 200,000 rows, nothing kept: distinct values, quantiles and frequent values against what they are.
#[test]
fn estimates_are_as_near_as_promised() {
    const ROWS: u64 = 200_000;
    let mut file = "id,skewed,few\n".to_owned();
    for row in 0..ROWS {
        let scrambled = row * 7919 % ROWS;
        // Value v of 1 to 30 stands in 1 % of the rows each; the rest are all different.
        let skewed = if scrambled % 100 < 30 { scrambled % 100 } else { scrambled + 1000 };
        writeln!(file, "{scrambled},v{skewed},{}", row % 3).unwrap();
    }
    let found = profiled(&file, &NOTHING);
    let [id, skewed, few] = found.columns.as_slice() else { panic!() };
    assert!(!id.distinct_exact && !skewed.distinct_exact && few.distinct_exact);
    let error = |found: u64, expected: u64| (found as f64 / expected as f64 - 1.0).abs();
    assert!(error(id.distinct, ROWS) < 0.03, "{}", id.distinct);
    assert!(error(skewed.distinct, ROWS * 7 / 10 + 30) < 0.03, "{}", skewed.distinct);
    assert_eq!(few.distinct, 3);
    let numbers = id.numeric.as_ref().unwrap();
    assert!(!numbers.quantiles_exact);
    for quantile in &numbers.quantiles {
        assert!((quantile.value / ROWS as f64 - quantile.probability).abs() < 0.025, "{quantile:?}");
    }
    assert!(numbers.histogram.iter().all(|&count| count == ROWS / 20), "{:?}", numbers.histogram);
    near(numbers.mean, (ROWS - 1) as f64 / 2.0);
    assert_eq!(skewed.top_values.len(), 20);
    assert!(skewed.top_values.iter().all(|top| top.count == ROWS / 100), "{:?}", skewed.top_values);
    assert!(id.top_values.is_empty());
    assert_eq!(top(few), [("0", 66_667), ("1", 66_667), ("2", 66_666)]);
    assert_eq!(found.warnings, ["`id` seems to identify the rows: nearly all of its 200000 values are different"]);
    assert_eq!(profiled(&file, &NOTHING), found, "the same table gives the same profile");
}

#[test]
fn long_values_are_cut() {
    let long = "é".repeat(5000);
    let found = profiled(&format!("x\n{long}\n"), &Budget::default());
    assert_eq!(found.columns[0].top_values[0].value.chars().count(), 201);
    assert_eq!(found.columns[0].text_length, Some([5000, 5000]));
}

#[test]
fn progress_is_told() {
    let store = Store::new();
    let table = store.stored(format!("x\n{}", "1\n".repeat(100_000)).as_bytes());
    let mut told = Vec::new();
    profile(&store.objects, &table, &mut |done| told.push(done)).unwrap();
    assert!(told.len() >= 5 && told.is_sorted() && told.last() == Some(&1.0), "{told:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the budget, what is promised to be exact is that of a naive computation.
    #[test]
    fn counts_moments_and_histograms_are_exact(values in prop::collection::vec(-50_i32..50, 2..400), kept in 0_usize..4096) {
        let text: Vec<String> = values.iter().map(|value| format!("{}", f64::from(*value) / 4.0)).collect();
        let found = profiled(&format!("x\n{}\n", text.join("\n")), &Budget { numbers_bytes: kept, values_bytes: 0 });
        let numbers = found.columns[0].numeric.as_ref().unwrap();
        let mut sorted: Vec<f64> = values.iter().map(|value| f64::from(*value) / 4.0).collect();
        sorted.sort_by(f64::total_cmp);
        let count = sorted.len() as f64;
        let mean = sorted.iter().sum::<f64>() / count;
        let variance = sorted.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
        prop_assert_eq!((numbers.min, numbers.max), (sorted[0], sorted[sorted.len() - 1]));
        prop_assert!((numbers.mean - mean).abs() < 1e-10);
        prop_assert!((numbers.standard_deviation - variance.sqrt()).abs() < 1e-10);
        prop_assert_eq!(numbers.histogram.iter().sum::<u64>(), sorted.len() as u64);
        prop_assert_eq!(numbers.quantiles_exact, kept / 8 >= sorted.len());
        sorted.dedup();
        prop_assert_eq!(found.columns[0].distinct, sorted.len() as u64);
        let listed: u64 = found.columns[0].top_values.iter().map(|top| top.count).sum();
        prop_assert!(sorted.len() > 20 || listed == values.len() as u64);
    }
}
