//! What is written is what is read.

use domain::dataset::{Column, ColumnType};
use proptest::prelude::*;
use tables::read::{Table, Values, preview};

use crate::support::{Store, gzip};

/// A table of text as a CSV file, every value quoted or not as the writer sees fit.
fn written(names: &[String], rows: &[Vec<String>], delimiter: u8, line_end: csv::Terminator) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).terminator(line_end).from_writer(Vec::new());
    writer.write_record(names).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z]{1,6}",
        2 => "[ -~]{0,12}",
        1 => "[,;|\t\"\r\n'x]{0,8}",
        1 => "\\PC{0,6}",
        1 => Just(String::new()),
        1 => any::<i32>().prop_map(|value| value.to_string()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tables_of_text(
        rows in (1_usize..6).prop_flat_map(|width| {
            prop::collection::vec(prop::collection::vec(cell(), width), 1..30)
        }),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        carriage_return in any::<bool>(),
        compressed in any::<bool>(),
    ) {
        let names: Vec<String> = (0..rows[0].len()).map(|index| format!("column {index}")).collect();
        let line_end = if carriage_return { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let file = written(&names, &rows, delimiter, line_end);
        let file = if compressed { gzip(&file) } else { file };
        let store = Store::new();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let stream = crate::support::pieces(&file, 7);
        let limits = tables::upload::Limits::default();
        let received = runtime
            .block_on(tables::upload::receive(&store.objects, "t", stream, Some(delimiter), &limits))
            .unwrap();
        prop_assert_eq!(received.schema.rows, rows.len() as u64);
        let table = domain::dataset::StoredTable { object_key: "t".to_owned(), schema: received.schema };
        let seen = preview(&store.objects, &table, usize::MAX).unwrap();
        prop_assert_eq!(&seen.columns, &names);
        for (seen, row) in seen.rows.iter().zip(&rows) {
            for (seen, value) in seen.iter().zip(row) {
                let missing = tables::values::is_missing(value.as_bytes().trim_ascii());
                prop_assert_eq!(seen.as_ref(), (!missing).then_some(value));
            }
        }
        let loaded = Table::load(&store.objects, &table, &names, &mut |_| {}).unwrap();
        for (position, (column, values)) in loaded.columns().enumerate() {
            compare_text(column, values, position, &rows)?;
        }
    }

    #[test]
    fn numbers(values in prop::collection::vec(prop::option::of(prop_oneof![
        any::<f64>().prop_filter("finite", |value| value.is_finite()),
        any::<i64>().prop_map(|value| value as f64),
        (-1000_i32..1000).prop_map(|value| f64::from(value) / 8.0),
    ]), 1..60)) {
        let text: Vec<String> = values.iter().map(|value| value.map_or("NA".to_owned(), |value| format!("{value:?}"))).collect();
        let store = Store::new();
        let table = store.stored(format!("x\n{}\n", text.join("\n")).as_bytes());
        let loaded = Table::load(&store.objects, &table, &["x".to_owned()], &mut |_| {}).unwrap();
        if values.iter().any(Option::is_some) {
            let read: Vec<Option<f64>> = loaded.numeric("x").unwrap().iter().collect();
            prop_assert_eq!(read, values);
        } else {
            prop_assert_eq!(loaded.column("x").unwrap().column_type, ColumnType::Empty);
        }
    }
}

fn compare_text(column: &Column, values: &Values, position: usize, rows: &[Vec<String>]) -> Result<(), TestCaseError> {
    prop_assert_eq!(values.rows(), rows.len());
    prop_assert_eq!(values.as_array().logical_null_count() as u64, column.missing);
    if let Values::Text(array) = values {
        let read = array.downcast_dict::<arrow_array::StringArray>().unwrap();
        for (value, row) in read.into_iter().zip(rows) {
            let missing = tables::values::is_missing(row[position].as_bytes().trim_ascii());
            prop_assert_eq!(value, (!missing).then_some(row[position].as_str()));
        }
    }
    Ok(())
}
