//! Recipes, from a stored table to a stored table.

#![expect(clippy::needless_pass_by_value, reason = "a recipe is made where it is passed; a borrow says nothing more")]

use std::io::Read;

use domain::dataset::{ColumnType, StoredTable, TableFormat, TextFormat};
use domain::recipe::{Recipe, check};
use proptest::prelude::*;
use serde_json::{Value, json};
use tables::read::preview;
use tables::recipe::{RecipeError, make};

use crate::support::{Store, gzip};

const GZIP: TableFormat = TableFormat::Text(TextFormat { delimiter: b',', gzip: true });

const LONG: &str = "\
shop,region,month,sales
007,north,2024-02,30
007,north,2024-01,10
8,south,2024-01,5
8,south,2024-02,
8,south,2024-03,7.5
007,north,2024-03,20
";

/// What came out of a recipe: its text, and the table it is.
struct Outcome {
    text: String,
    table: StoredTable,
}

fn recipe(steps: &Value) -> Recipe {
    serde_json::from_value(json!({"steps": steps})).unwrap()
}

fn try_make(store: &Store, file: &[u8], steps: &Value) -> Result<Outcome, RecipeError> {
    let (table, recipe) = (store.stored(file), recipe(steps));
    check(&recipe, &table.schema).unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut told = vec![0.0];
    let made = make(&store.objects, &table, &recipe, "tables/2", &mut |fraction| told.push(fraction))?;
    assert!(told.is_sorted() && told.last() == Some(&1.0), "{told:?}");
    let mut bytes = Vec::new();
    store.objects.reader("tables/2").unwrap().read_to_end(&mut bytes).unwrap();
    assert_eq!(made.size_bytes, bytes.len() as u64);
    let mut text = String::new();
    if made.schema.format == GZIP {
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    } else {
        text = String::from_utf8(bytes).unwrap();
    }
    Ok(Outcome { text, table: StoredTable { object_key: "tables/2".into(), schema: made.schema } })
}

#[track_caller]
fn makes(file: &str, steps: Value, expected: &str) -> Vec<(String, ColumnType)> {
    let outcome = try_make(&Store::new(), file.as_bytes(), &steps).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(outcome.text, expected);
    outcome.table.schema.columns.into_iter().map(|column| (column.name, column.column_type)).collect()
}

#[track_caller]
fn refuses(file: &str, steps: Value, words: &[&str]) {
    let store = Store::new();
    let error = try_make(&store, file.as_bytes(), &steps).map(|outcome| outcome.text).unwrap_err();
    assert!(matches!(error, RecipeError::Refused(_)), "{error:?}");
    for word in words {
        assert!(error.to_string().contains(word), "{word}: {error}");
    }
    assert_eq!(store.files().len(), 1, "the source alone is there: nothing is left of what was refused");
}

fn filter(column: &str, is: Value) -> Value {
    json!([{"step": "filter", "column": column, "is": is}])
}

fn derive(name: &str, from: Value) -> Value {
    json!({"step": "derive", "name": name, "from": from})
}

#[test]
fn what_no_step_touches_stays_as_it_was_written() {
    let file =
        "code;note;x;when\n007; \"a\" ;1.50;2024-01-01\n\"8\";\"two;\n\"\"lines\"\"\";1e3;NA\n010;é;+7;2024-03-01 \n";
    let columns = makes(
        file,
        filter("x", json!({"range": {"above": 1.5}})),
        "code;note;x;when\n8;\"two;\n\"\"lines\"\"\";1e3;NA\n010;é;+7;2024-03-01 \n",
    );
    assert_eq!(columns[0], ("code".to_owned(), ColumnType::Text));
    let kept =
        makes(file, filter("code", json!({"equals": "8"})), "code;note;x;when\n8;\"two;\n\"\"lines\"\"\";1e3;NA\n");
    let types: Vec<ColumnType> = kept.into_iter().map(|(_, column_type)| column_type).collect();
    // A code stays text and a float a float, though one row alone would look otherwise; nothing is left of `when`.
    assert_eq!(types, [ColumnType::Text, ColumnType::Text, ColumnType::Float, ColumnType::Empty]);
}

#[test]
fn conditions_keep_the_rows_that_meet_them() {
    let file = "n,t,b,d,at\n1,a,true,2024-01-01,2024-01-01T00:00Z\n2,b,FALSE,2024-01-02,2024-01-01T01:00+01:00\n\
                -0,NA,True,,\n4.50, b,,2024-02-01,2024-01-01T00:00:01Z\n";
    let kept = |column: &str, is: Value| -> Vec<String> {
        let store = Store::new();
        let outcome = try_make(&store, file.as_bytes(), &filter(column, is)).unwrap();
        let rows = outcome.text.lines().skip(1);
        rows.map(|row| row.split(',').next().unwrap().to_owned()).collect()
    };
    for (column, is, rows) in [
        ("n", json!({"equals": 4.5}), &["4.50"][..]),
        ("n", json!({"equals": 0}), &["-0"]),
        ("n", json!({"not_equals": 2}), &["1", "-0", "4.50"]),
        ("n", json!({"one_of": [4.5, 1]}), &["1", "4.50"]),
        ("n", json!({"none_of": [4.5, 1]}), &["2", "-0"]),
        ("n", json!({"range": {"at_least": 1, "below": 4.5}}), &["1", "2"]),
        ("n", json!({"range": {"above": 1, "at_most": 4.5}}), &["2", "4.50"]),
        ("t", json!({"equals": "b"}), &["2"]),
        ("t", json!({"one_of": [" b", "a"]}), &["1", "4.50"]),
        ("t", json!({"none_of": ["a"]}), &["2", "4.50"]),
        ("t", json!("missing"), &["-0"]),
        ("t", json!("not_missing"), &["1", "2", "4.50"]),
        ("b", json!({"equals": true}), &["1", "-0"]),
        ("b", json!({"not_equals": true}), &["2"]),
        ("d", json!({"range": {"at_least": "2024-01-02"}}), &["2", "4.50"]),
        ("d", json!({"equals": "2024-01-01"}), &["1"]),
        ("at", json!({"equals": "2024-01-01"}), &["1", "2"]),
        ("at", json!({"range": {"above": "2024-01-01 00:00"}}), &["4.50"]),
    ] {
        assert_eq!(kept(column, is.clone()), rows, "{column} {is}");
    }
}

#[test]
fn a_filter_that_leaves_nothing_is_refused_and_the_first_one_is_named() {
    let steps = json!([
        {"step": "filter", "column": "a", "is": {"range": {"above": 1}}},
        {"step": "filter", "column": "a", "is": {"equals": 1}},
        {"step": "filter", "column": "a", "is": {"equals": 2}},
    ]);
    let store = Store::new();
    let error = try_make(&store, b"a\n1\n2\n3\n", &steps).map(|outcome| outcome.text).unwrap_err().to_string();
    assert_eq!(error, "/steps/1: none of the 2 rows that reach it meets the condition on `a`; widen it");
}

#[test]
fn columns_are_derived_and_missing_stays_missing() {
    let steps = json!([
        derive("log_a", json!({"log": {"column": "a"}})),
        derive("log1p_b", json!({"log1p": {"column": "b"}})),
        derive("more", json!({"difference": {"column": "a", "minus": "b"}})),
        derive("over", json!({"ratio": {"column": "b", "over": "a"}})),
        derive("again", json!({"difference": {"column": "more", "minus": "over"}})),
        {"step": "drop", "columns": ["a"]},
    ]);
    let columns = makes(
        "id,a,b\nx,1,0\ny,4,1\nz,NA,1\nw,2,\n",
        steps,
        "id,b,log_a,log1p_b,more,over,again\nx,0,0,0,1,0,1\ny,1,1.3862943611198906,0.6931471805599453,3,0.25,2.75\n\
         z,1,,0.6931471805599453,,,\nw,,0.6931471805599453,,,,\n",
    );
    let types: Vec<ColumnType> = columns.into_iter().map(|(_, column_type)| column_type).collect();
    let told: Vec<String> = types.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["text", "integer", "float", "float", "integer", "float", "float"]);
}

#[test]
fn what_has_no_value_is_refused_with_count_and_first_row() {
    let file = "a,b\n1,1\n0,2\n-3,0\n5,1e308\n";
    let log = json!([
        derive("x", json!({"log": {"column": "a"}})),
        derive("y", json!({"ratio": {"column": "a", "over": "b"}}))
    ]);
    refuses(
        file,
        log,
        &[
            "/steps/0: `a` is zero or negative",
            "in 2 rows, first in row 2 (0)",
            "`log1p`",
            "/steps/1: `b` is zero in 1 rows, first in row 3",
        ],
    );
    let log1p = json!([derive("x", json!({"log1p": {"column": "a"}}))]);
    refuses(file, log1p, &["`a` is -1 or less", "1 rows, first in row 3 (-3)"]);
    let overflow = json!([
        {"step": "filter", "column": "b", "is": {"range": {"above": 0}}},
        derive("x", json!({"difference": {"column": "a", "minus": "b"}})),
        derive("y", json!({"difference": {"column": "x", "minus": "b"}})),
    ]);
    refuses(file, overflow, &["/steps/2", "larger than a double can hold in 1 rows, first in row 4"]);
    // Filtered out before, they do no harm.
    let after_filter = json!([
        {"step": "filter", "column": "a", "is": {"range": {"above": 0}}},
        derive("x", json!({"log": {"column": "a"}})),
        {"step": "keep", "columns": ["x", "a"]},
    ]);
    makes(file, after_filter, "a,x\n1,0\n5,1.6094379124341003\n");
}

#[test]
fn a_baseline_is_the_first_period_or_a_stated_one() {
    let step = |more: Value| {
        let mut from = json!({"column": "sales", "unit": "shop", "time": "month"});
        from.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([derive("gain", json!({"difference_from_baseline": from})), {"step": "drop", "columns": ["region"]}])
    };
    makes(
        LONG,
        step(json!({})),
        "shop,month,sales,gain\n007,2024-02,30,20\n007,2024-01,10,0\n8,2024-01,5,0\n8,2024-02,,\n8,2024-03,7.5,2.5\n\
         007,2024-03,20,10\n",
    );
    // Where the unit's baseline is missing, so is every difference from it.
    makes(
        LONG,
        step(json!({"period": "2024-02"})),
        "shop,month,sales,gain\n007,2024-02,30,0\n007,2024-01,10,-20\n8,2024-01,5,\n8,2024-02,,\n8,2024-03,7.5,\n\
         007,2024-03,20,-10\n",
    );
    refuses(
        LONG,
        step(json!({"period": "2024-05"})),
        &["/period: no row is of period \"2024-05\"; the 3 periods are `2024-01` to `2024-03`"],
    );
    refuses(LONG, step(json!({"period": "May"})), &["\"May\" is not written as the periods are"]);
}

#[test]
fn duplicates_and_gaps_are_named_by_the_rows_of_the_source() {
    let gain = derive("gain", json!({"difference_from_baseline": {"column": "y", "unit": "u", "time": "t"}}));
    let only = json!({"step": "filter", "column": "y", "is": {"range": {"above": 0}}});
    let duplicate = "u,t,y\na,1,0\na,1,5\nb,1,1\na,2,2\na,1,3\nb,2,4\n";
    refuses(
        duplicate,
        json!([only.clone(), gain.clone()]),
        &["/steps/1/from/difference_from_baseline: rows 2 and 5: unit `a` stands twice in period `1`"],
    );
    let gap = "u,t,y\na,1,1\na,2,2\nb,2,4\n";
    refuses(gap, json!([gain.clone()]), &["unit `b` has no row for period `1`", "set `gaps` to `allow`"]);
    refuses("u,t,y\na,1,1\n,2,2\n", json!([gain]), &["row 2: the unit column `u` has no value"]);
    let allowed =
        derive("gain", json!({"difference_from_baseline": {"column": "y", "unit": "u", "time": "t", "gaps": "allow"}}));
    makes(gap, json!([allowed]), "u,t,y,gain\na,1,1,0\na,2,2,1\nb,2,4,\n");
}

#[test]
fn long_data_becomes_one_row_a_unit() {
    let reshape = |more: Value| {
        let mut step = json!({"step": "reshape", "unit": "shop", "time": "month", "split": "2024-03", "values": ["sales"],
            "carry": ["region"]});
        step.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([step])
    };
    let columns =
        makes(LONG, reshape(json!({})), "shop,region,sales_before,sales_after\n007,north,20,20\n8,south,5,7.5\n");
    assert_eq!(columns[0], ("shop".to_owned(), ColumnType::Text));
    assert_eq!(columns[2], ("sales_before".to_owned(), ColumnType::Integer));
    makes(
        LONG,
        reshape(json!({"before": "last"})),
        "shop,region,sales_before,sales_after\n007,north,30,20\n8,south,5,7.5\n",
    );
    refuses(LONG, reshape(json!({"split": "2024-01"})), &["/steps/0/split: no period is before \"2024-01\""]);
    refuses(LONG, reshape(json!({"split": "2024-04"})), &["no period is at or after \"2024-04\""]);
    let moved = LONG.replace("8,south,2024-03", "8,west,2024-03");
    refuses(
        &moved,
        reshape(json!({})),
        &["/steps/0/carry/0: unit `8` has more than one `region`: `south` in row 3 and `west` in row 5"],
    );
    let gap = LONG.replace("8,south,2024-03,7.5\n", "");
    refuses(&gap, reshape(json!({})), &["unit `8` has no row for period `2024-03`"]);
    makes(
        &gap,
        reshape(json!({"gaps": "allow"})),
        "shop,region,sales_before,sales_after\n007,north,20,20\n8,south,5,\n",
    );
}

#[test]
fn steps_go_on_after_a_reshape_and_before_it() {
    let file = "u,t,y\n1,9,100\n1,10,10\n1,11,30\n2,10,20\n2,11,60\n1.0,12,50\n2,12,80\n";
    let steps = json!([
        {"step": "filter", "column": "t", "is": {"range": {"at_least": 10}}},
        derive("l", json!({"ratio": {"column": "y", "over": "u"}})),
        {"step": "reshape", "unit": "u", "time": "t", "split": 10.5, "values": ["y", "l"]},
        derive("gain", json!({"difference": {"column": "y_after", "minus": "y_before"}})),
        {"step": "filter", "column": "gain", "is": {"range": {"above": 40}}},
        {"step": "keep", "columns": ["u", "gain", "l_after"]},
    ]);
    makes(file, steps, "u,l_after,gain\n2,35,50\n");
}

#[test]
fn one_column_with_missing_values_is_still_a_table() {
    let steps = json!([{"step": "keep", "columns": ["b"]}]);
    let columns = makes("a,b\n1,x\n2,\n3,\"\"\n", steps.clone(), "b\nx\n\"\"\n\"\"\n");
    assert_eq!(columns, [("b".to_owned(), ColumnType::Text)]);
    let store = Store::new();
    let outcome = try_make(&store, "a,b\n1,NA\n2,\n".as_bytes(), &steps).unwrap();
    assert_eq!((outcome.table.schema.rows, outcome.table.schema.columns[0].column_type), (2, ColumnType::Empty));
}

#[test]
fn gzip_stays_gzip_and_a_large_table_streams_through() {
    let rows: Vec<String> = (1..=200_000).map(|row| format!("{row},{}", row % 7)).collect();
    let file = gzip(format!("n,k\n{}\n", rows.join("\n")).as_bytes());
    let store = Store::new();
    let steps = json!([
        {"step": "filter", "column": "k", "is": {"one_of": [0, 3]}},
        derive("log_n", json!({"log": {"column": "n"}})),
    ]);
    let outcome = try_make(&store, &file, &steps).unwrap();
    assert_eq!(outcome.table.schema.format, GZIP);
    assert_eq!(outcome.table.schema.rows, 57_143);
    let first = preview(&store.objects, &outcome.table, 1).unwrap();
    assert_eq!(first.rows[0].iter().flatten().collect::<Vec<_>>(), ["3", "3", "1.0986122886681098"]);
    // The same again gives the same bytes.
    let (one, other) = (outcome, try_make(&store, &file, &steps).unwrap());
    assert_eq!(one.text, other.text);
}

#[test]
fn a_store_that_fails_is_told_and_no_half_table_is_left() {
    let store = Store::new();
    let (table, recipe) = (store.stored(b"a\n1\n"), recipe(&filter("a", json!("not_missing"))));
    // A file stands where a folder would have to be.
    let error = make(&store.objects, &table, &recipe, "tables/1/2", &mut |_| {}).unwrap_err();
    assert!(matches!(error, RecipeError::Store(_)) && error.is_transient(), "{error:?}");
    std::fs::remove_file(store.folder.path().join("tables/1")).unwrap();
    let error = make(&store.objects, &table, &recipe, "tables/2", &mut |_| {}).unwrap_err();
    assert!(matches!(error, RecipeError::Read(_)) && !error.is_transient(), "{error:?}");
    assert!(store.files().is_empty());
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z0-9]{0,4}",
        2 => "[ -~]{0,8}",
        1 => "[,;|\t\"\r\n' \u{feff}]{0,6}",
        1 => "\\PC{0,4}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in the other columns goes through unchanged.
    #[test]
    fn any_text_goes_through(
        rows in (1_usize..4).prop_flat_map(|width| prop::collection::vec(prop::collection::vec(cell(), width), 1..20)),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        alone in any::<bool>(),
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        let names = (0..rows[0].len()).map(|index| format!("c{index}"));
        writer.write_record(std::iter::once("n".to_owned()).chain(names.clone())).unwrap();
        for row in &rows {
            writer.write_record(std::iter::once("1").chain(row.iter().map(String::as_str))).unwrap();
        }
        let file = writer.into_inner().unwrap();
        let store = Store::new();
        let steps = if alone {
            json!([{"step": "drop", "columns": ["n"]}])
        } else {
            filter("n", json!({"equals": 1}))
        };
        let outcome = try_make(&store, &file, &steps).unwrap();
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(outcome.text.as_bytes());
        let read: Vec<Vec<String>> = reader.records()
            .map(|record| record.unwrap().iter().skip(usize::from(!alone)).map(str::to_owned).collect()).collect();
        prop_assert_eq!(read, rows);
    }
}
