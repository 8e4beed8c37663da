//! Panels: published and peers' values to 1e-6, identities, and every refusal of the input.
//!
//! `panel_staggered.csv` is synthetic (90 units by 8 periods, starts 4, 5, 7 or never; `kept` marks the rows
//! of an unbalanced version). Peers' values: linearmodels 7.1, pyfixest 0.60.0.

use causal::panel::{
    AbsorbedParameters, Adoption, Ends, EventStudyOptions, Gaps, Panel, PanelError, PanelInference, PanelOptions,
    PanelStudy, PanelTime, PanelWarningCode, TreatedFromStart, TwoByTwo, event_study, two_by_two,
    two_way_fixed_effects,
};
use causal::{CategoricalColumn, CausalError, Covariate, Inference, MissingValues, NumericColumn, StandardErrorKind};

use crate::data::Table;
use crate::published::close;

/// The staggered panel; `kept_only` makes it unbalanced.
pub(crate) fn staggered(kept_only: bool, covariates: &[&str], cluster: Option<&str>) -> PanelStudy {
    let table = Table::read("panel_staggered.csv");
    let kept: Vec<bool> = table.numbers("kept").iter().map(|&kept| !kept_only || kept > 0.5).collect();
    let numbers = |name: &str| NumericColumn::new(name, select(&table.numbers(name), &kept));
    let categories = |name: &str| {
        let column = table.categories(name);
        CategoricalColumn { codes: select(&column.codes, &kept), ..column }
    };
    PanelStudy {
        unit: categories("unit"),
        time: PanelTime::Numbers(numbers("time")),
        adoption: Adoption::Start { column: PanelTime::Numbers(numbers("start")), never: Some(0.0) },
        outcome: numbers("y"),
        covariates: covariates.iter().map(|name| Covariate::Numeric(numbers(name))).collect(),
        clusters: cluster.map(categories),
        missing: MissingValues::Refuse,
    }
}

fn select<T: Copy>(values: &[T], kept: &[bool]) -> Vec<T> {
    values.iter().zip(kept).filter(|(_, kept)| **kept).map(|(value, _)| *value).collect()
}

pub(crate) fn prepared(study: PanelStudy) -> Panel {
    Panel::prepare(study, &PanelOptions { gaps: Gaps::Keep, treated_from_start: TreatedFromStart::Refuse }).unwrap()
}

fn two_by_two_data(file: &str, outcome: &str, group: &str, post: &str) -> TwoByTwo {
    let table = Table::read(file);
    let column = |name: &str| NumericColumn::new(name, table.numbers(name));
    TwoByTwo {
        outcome: column(outcome),
        group: column(group),
        post: column(post),
        covariates: Vec::new(),
        clusters: None,
        missing: MissingValues::Refuse,
    }
}

fn classical() -> Inference {
    Inference { standard_error: StandardErrorKind::Classical, ..Inference::default() }
}

#[test]
fn incinerator_agrees() {
    let found = two_by_two(two_by_two_data("kielmc.csv", "rprice", "nearinc", "y81"), &classical()).unwrap();
    close(found.estimate.value, -11_863.903_252_5);
    close(found.estimate.standard_error, 7_456.646_172_9);
    let [[a, b], [c, d]] = found.means;
    close((d - c) - (b - a), found.estimate.value);
    assert_eq!(found.rows, [[123, 102], [56, 40]]);
}

#[test]
fn injury_in_kentucky_agrees() {
    let mut data = two_by_two_data("injury.csv.gz", "ldurat", "highearn", "afchnge");
    let kentucky: Vec<bool> = Table::read("injury.csv.gz").numbers("ky").iter().map(|&ky| ky > 0.5).collect();
    for column in [&mut data.outcome, &mut data.group, &mut data.post] {
        column.values = select(&column.values, &kentucky);
    }
    let found = two_by_two(data, &classical()).unwrap();
    assert!((found.estimate.value - 0.190_601).abs() < 5e-7);
    assert!((found.estimate.standard_error - 0.068_509).abs() < 5e-7);
}

#[test]
fn two_by_two_refuses_what_has_no_cell() {
    let mut data = two_by_two_data("kielmc.csv", "rprice", "nearinc", "y81");
    data.group.values[3] = 2.0;
    let error = two_by_two(data.clone(), &classical()).unwrap_err().to_string();
    assert!(error.contains("2 in column 'nearinc'"), "{error}");
    data.group.values = data.post.values.clone();
    let error = two_by_two(data, &classical()).unwrap_err().to_string();
    assert!(error.contains("0 treated rows before"), "{error}");
}

struct Peer {
    gaps: bool,
    covariates: &'static [&'static str],
    cluster: Option<&'static str>,
    value: f64,
    pyfixest: (f64, f64),
    linearmodels: (f64, f64),
}

/// Estimate; standard error and p-value by pyfixest; the same by linearmodels.
const PEERS: [Peer; 6] = [
    Peer {
        gaps: false,
        covariates: &[],
        cluster: None,
        value: 1.581_179_185_727_355_8,
        pyfixest: (0.175_012_330_821_351_45, 3.175_237_850_427_948e-14),
        linearmodels: (0.186_201_771_480_224_5, 1.497_668_846_458_128_8e-16),
    },
    Peer {
        gaps: false,
        covariates: &["price"],
        cluster: None,
        value: 1.501_006_117_660_084_8,
        pyfixest: (0.171_122_192_815_728_55, 1.116_884_362_772_907_5e-13),
        linearmodels: (0.182_081_265_304_108_15, 9.961_596_869_780_698e-16),
    },
    Peer {
        gaps: false,
        covariates: &[],
        cluster: Some("region"),
        value: 1.581_179_185_727_355_8,
        pyfixest: (0.226_460_759_522_251_06, 6.427_274_990_006_282e-6),
        linearmodels: (0.234_073_774_826_525_1, 3.284_897_289_598_661_7e-11),
    },
    Peer {
        gaps: true,
        covariates: &[],
        cluster: None,
        value: 1.598_862_574_634_746_5,
        pyfixest: (0.173_067_354_754_708_8, 1.199_040_866_595_169e-14),
        linearmodels: (0.184_994_504_699_312_78, 5.367_066_087_950_5e-17),
    },
    Peer {
        gaps: true,
        covariates: &["price"],
        cluster: None,
        value: 1.524_923_184_815_306,
        pyfixest: (0.169_074_950_850_893_33, 3.419_486_915_845_482e-14),
        linearmodels: (0.180_747_792_895_733_73, 2.623_225_737_398_286_3e-16),
    },
    Peer {
        gaps: true,
        covariates: &[],
        cluster: Some("region"),
        value: 1.598_862_574_634_746_5,
        pyfixest: (0.218_047_461_892_635_8, 3.717_828_064_520_034_6e-6),
        linearmodels: (0.226_432_811_851_522_36, 4.751_186_363_553_496e-12),
    },
];

#[test]
fn two_way_fixed_effects_agree_with_both_peers() {
    for Peer { gaps, covariates, cluster, value, pyfixest, linearmodels } in PEERS {
        let panel = prepared(staggered(gaps, covariates, cluster));
        for (absorbed, (error, p_value)) in
            [(AbsorbedParameters::NestedNotCounted, pyfixest), (AbsorbedParameters::AllCounted, linearmodels)]
        {
            let found =
                two_way_fixed_effects(&panel, &PanelInference { absorbed, ..PanelInference::default() }).unwrap();
            close(found.effect.value, value);
            close(found.effect.standard_error, error);
            // Peers lose digits of tiny p-values by 1 - cdf.
            assert!(
                (found.effect.p_value - p_value).abs() <= 1e-6 * p_value + 3e-16,
                "{} {p_value}",
                found.effect.p_value
            );
        }
    }
}

#[test]
fn comparisons_add_up_to_the_coefficient() {
    let found = two_way_fixed_effects(&prepared(staggered(false, &[], None)), &PanelInference::default()).unwrap();
    let comparisons = found.comparisons.unwrap();
    let sum: f64 = comparisons.comparisons.iter().map(|one| one.weight * one.estimate).sum();
    close(sum, found.effect.value);
    let weights = comparisons.never_treated_weight + comparisons.not_yet_treated_weight + comparisons.forbidden_weight;
    close(weights, 1.0);
    assert!(comparisons.forbidden_weight > 0.02);
    assert!(found.warnings.iter().any(|warning| warning.code == PanelWarningCode::StaggeredTwoWay));
    assert_eq!(comparisons.comparisons.len(), 9);
}

/// Two cohorts, one early: its last effect gets a negative weight that can be worked out by hand.
/// Units A (treated from 2 of 3) and B (from 3): the residuals of A are -1/6, 1/3, -1/6.
#[test]
fn negative_weights_are_those_of_the_textbook() {
    let outcome = vec![0.0, 1.0, 5.0, 0.2, 0.3, 2.0, 0.1, 1.2, 5.1, 0.1, 0.5, 2.2];
    let unit = ["A", "A", "A", "B", "B", "B", "C", "C", "C", "D", "D", "D"];
    let study = PanelStudy {
        unit: CategoricalColumn::from_texts("unit", unit.map(Some)),
        time: PanelTime::Numbers(NumericColumn::new("time", [1.0, 2.0, 3.0].repeat(4))),
        adoption: Adoption::Path(NumericColumn::new("treated", [0.0, 1.0, 1.0, 0.0, 0.0, 1.0].repeat(2))),
        outcome: NumericColumn::new("y", outcome),
        covariates: Vec::new(),
        clusters: None,
        missing: MissingValues::Refuse,
    };
    let found = two_way_fixed_effects(&prepared(study), &PanelInference::default()).unwrap();
    let weights = found.negative_weights;
    assert_eq!((weights.treated_rows, weights.rows), (6, 2));
    // Residuals of treated rows: A 1/3 and -1/6, B 1/6, each twice: they sum to 2/3, the negative ones to -1/3.
    close(weights.sum, -0.5);
}

#[test]
fn event_studies_agree_with_pyfixest() {
    let balanced = [
        (-6, -0.030_950_474_730_068_303, 0.378_933_258_037_357),
        (-2, 0.089_765_832_343_586_77, 0.159_575_901_614_970_87),
        (0, 1.439_774_018_920_893_8, 0.147_017_409_936_242_57),
        (4, 2.285_086_615_093_699_7, 0.498_295_944_739_229_2),
    ];
    let gaps = [
        (-6, -0.040_460_255_597_162_07, 0.370_127_073_875_155_25),
        (-2, 0.070_727_789_575_668_86, 0.160_923_868_229_339_52),
        (0, 1.442_553_229_817_865_8, 0.149_698_025_711_043_01),
        (4, 2.330_022_793_717_237, 0.523_453_898_622_033_8),
    ];
    for (kept_only, expected, wald) in [(false, balanced, 1.196_890_385_913_32), (true, gaps, 1.607_052_330_811_58)] {
        let found = event_study(&prepared(staggered(kept_only, &[], None)), &EventStudyOptions::default()).unwrap();
        for (event_time, value, error) in expected {
            let own = found.coefficients.iter().find(|one| one.event_time == event_time).unwrap();
            close(own.coefficient.value, value);
            close(own.coefficient.standard_error, error);
        }
        let test = found.pre_trend.unwrap();
        assert_eq!(test.degrees_of_freedom, 5);
        close(test.wald, wald);
        assert!(!test.flagged);
    }
}

#[test]
fn ends_are_binned_and_the_reference_is_there() {
    let panel = prepared(staggered(false, &[], None));
    let options = EventStudyOptions { ends: Ends::Binned { leads: 3, lags: 2 }, ..EventStudyOptions::default() };
    let found = event_study(&panel, &options).unwrap();
    let times: Vec<i64> = found.coefficients.iter().map(|one| one.event_time).collect();
    assert_eq!(times, [-3, -2, -1, 0, 1, 2]);
    assert!(found.coefficients[2].reference && found.coefficients[0].binned && found.coefficients[5].binned);
    let summary = panel.summary();
    let treated: usize = summary.cohorts.iter().map(|cohort| cohort.rows).sum();
    assert_eq!(found.coefficients.iter().map(|one| one.rows).sum::<usize>(), treated);
    let few = EventStudyOptions { ends: Ends::Binned { leads: 1, lags: 2 }, ..options };
    assert!(event_study(&panel, &few).unwrap_err().to_string().contains("at least 2"));
}

/// Without never-treated units a line through all event times cannot be told from unit and period
/// effects: the farthest lead is left out and named, and the rest is what a regression without it gives.
#[test]
fn without_never_treated_units_the_farthest_lead_is_left_out() {
    let mut study = staggered(false, &[], None);
    for start in starts(&mut study).iter_mut().filter(|start| **start <= 0.0) {
        *start = 6.0;
    }
    let found = event_study(&prepared(study), &EventStudyOptions::default()).unwrap();
    let times: Vec<i64> = found.coefficients.iter().map(|one| one.event_time).collect();
    assert_eq!(times, [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4]);
    let warning = found.warnings.iter().find(|warning| warning.code == PanelWarningCode::ColumnLeftOut).unwrap();
    assert!(warning.message.contains("'event time -6' left out"), "{}", warning.message);
    assert_eq!(found.pre_trend.unwrap().degrees_of_freedom, 4);
}

/// The order of rows must not matter, nor whether the treatment is told by path, number or label.
#[test]
fn rows_in_any_order_and_any_role_give_the_same() {
    let study = staggered(true, &["price"], None);
    let expected = two_way_fixed_effects(&prepared(study.clone()), &PanelInference::default()).unwrap();
    let rows = study.outcome.values.len();
    let order: Vec<usize> = (0..rows).map(|row| row * 331 % rows).collect();
    let mixed = |column: &NumericColumn| {
        NumericColumn::new(&*column.name, order.iter().map(|&row| column.values[row]).collect())
    };
    let (PanelTime::Numbers(time), Adoption::Start { column: PanelTime::Numbers(start), .. }) =
        (&study.time, &study.adoption)
    else {
        panic!("the panel has numbers")
    };
    let label = |value: f64| format!("2024-{value:02}");
    let labels = |column: &NumericColumn| {
        let texts: Vec<String> = order.iter().map(|&row| label(column.values[row])).collect();
        CategoricalColumn::from_texts(
            &*column.name,
            texts.iter().map(|text| (text != "2024-00").then_some(text.as_str())),
        )
    };
    let path =
        time.values.iter().zip(&start.values).map(|(time, start)| f64::from(u8::from(*start > 0.0 && time >= start)));
    let path = mixed(&NumericColumn::new("treated", path.collect()));
    let Covariate::Numeric(price) = &study.covariates[0] else { panic!("price is a number") };
    for by_path in [true, false] {
        let adoption = if by_path {
            Adoption::Path(path.clone())
        } else {
            Adoption::Start { column: PanelTime::Labels(labels(start)), never: None }
        };
        let other = PanelStudy {
            unit: CategoricalColumn {
                codes: order.iter().map(|&row| study.unit.codes[row]).collect(),
                ..study.unit.clone()
            },
            time: PanelTime::Labels(labels(time)),
            adoption,
            outcome: mixed(&study.outcome),
            covariates: vec![Covariate::Numeric(mixed(price))],
            clusters: None,
            missing: MissingValues::Refuse,
        };
        let found = two_way_fixed_effects(&prepared(other), &PanelInference::default()).unwrap();
        assert_eq!(found.effect.value.to_bits(), expected.effect.value.to_bits());
        assert_eq!(found.effect.standard_error.to_bits(), expected.effect.standard_error.to_bits());
    }
}

#[test]
fn the_summary_counts() {
    let summary = prepared(staggered(true, &[], Some("region"))).summary();
    assert_eq!((summary.rows, summary.units, summary.periods.len(), summary.clusters), (677, 90, 8, 15));
    assert_eq!((summary.balanced, summary.rows_lacking, summary.staggered), (false, 43, true));
    let starts: Vec<&str> = summary.cohorts.iter().map(|cohort| cohort.start.as_str()).collect();
    assert_eq!(starts, ["4", "5", "7"]);
    let treated: usize = summary.cohorts.iter().map(|cohort| cohort.units).sum();
    assert_eq!(treated + summary.never_treated, 90);
}

fn refusal(change: impl FnOnce(&mut PanelStudy)) -> String {
    let mut study = staggered(false, &["size"], None);
    change(&mut study);
    Panel::prepare(study, &PanelOptions::default()).unwrap_err().to_string()
}

fn starts(study: &mut PanelStudy) -> &mut Vec<f64> {
    match &mut study.adoption {
        Adoption::Start { column: PanelTime::Numbers(column), .. } => &mut column.values,
        _ => panic!("starts are numbers"),
    }
}

fn times(study: &mut PanelStudy) -> &mut Vec<f64> {
    match &mut study.time {
        PanelTime::Numbers(column) => &mut column.values,
        PanelTime::Labels(_) => panic!("times are numbers"),
    }
}

#[test]
fn refusals_name_units_and_periods() {
    let says = |text: String, parts: &[&str]| {
        assert!(parts.iter().all(|part| text.contains(part)), "{text}");
    };
    says(refusal(|study| times(study)[1] = 1.0), &["1 pairs", "'u00 at 1'"]);
    says(refusal(|study| times(study)[1] = 9.0), &["90 of 90 units", "'u00 at 2'"]);
    says(refusal(|study| starts(study)[1] = 7.0), &["'start' changes within 1 units", "'u00'"]);
    says(refusal(|study| starts(study)[..8].fill(1.0)), &["1 units are treated from the first period 1", "'u00'"]);
    says(refusal(|study| starts(study).fill(0.0)), &["none of the 90 units is treated"]);
    says(refusal(|study| starts(study).fill(99.0)), &["none of the 90 units is treated"]);
    says(refusal(|study| starts(study).fill(5.0)), &["all 90 units start", "period 5"]);
    says(refusal(|study| times(study).fill(3.0)), &["single period 3"]);
    says(refusal(|study| study.outcome.values[4] = f64::NAN), &["'y' (1)"]);
    says(refusal(|study| study.outcome.values[4] = f64::INFINITY), &["infinite", "'y' (1)"]);
    let labels = CategoricalColumn { name: "start".into(), levels: vec!["2024-05".into()], codes: vec![3; 720] };
    says(
        refusal(|study| study.adoption = Adoption::Start { column: PanelTime::Labels(labels.clone()), never: None }),
        &["'start' has level code 3"],
    );
    let known = CategoricalColumn { codes: vec![0; 720], ..labels.clone() };
    says(
        refusal(|study| study.adoption = Adoption::Start { column: PanelTime::Labels(known), never: None }),
        &["column 'start', of another kind than time column 'time'"],
    );
    says(refusal(|study| study.unit.codes.truncate(5)), &["'unit' has 5 rows"]);
    says(refusal(|study| study.outcome.name = "size".into()), &["'size' is used more than once"]);
    let path = |change: fn(&mut Vec<f64>)| {
        refusal(|study| {
            let mut column = NumericColumn::new("treated", Table::read("panel_staggered.csv").numbers("treated"));
            change(&mut column.values);
            study.adoption = Adoption::Path(column);
        })
    };
    says(path(|values| values[7] = 0.0), &["switches off", "'u00 at 8'"]);
    says(path(|values| values[7] = 0.5), &["'treated' is 0.5 for u00 at 8"]);
}

#[test]
fn units_treated_from_the_start_can_be_left_out() {
    let mut study = staggered(false, &[], None);
    starts(&mut study)[..8].fill(1.0);
    let options = PanelOptions { treated_from_start: TreatedFromStart::LeaveOut, ..PanelOptions::default() };
    let panel = Panel::prepare(study, &options).unwrap();
    assert_eq!((panel.summary().units, panel.summary().units_left_out), (89, 1));
    assert!(panel.warnings().iter().any(|warning| warning.code == PanelWarningCode::UnitsDropped));
}

#[test]
fn a_cluster_must_hold_whole_units() {
    let mut study = staggered(false, &[], Some("region"));
    study.clusters.as_mut().unwrap().codes[1] = 7;
    let error = Panel::prepare(study.clone(), &PanelOptions::default()).unwrap_err();
    assert!(matches!(error, PanelError::ChangesWithinUnit { count: 1, .. }), "{error}");
    study.clusters.as_mut().unwrap().codes.fill(0);
    let error = Panel::prepare(study, &PanelOptions::default()).unwrap_err();
    assert!(matches!(error, PanelError::Study(CausalError::TooFewClusters { clusters: 1, .. })), "{error}");
}
