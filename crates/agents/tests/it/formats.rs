//! The NSW experiment as CSV, gzip, Parquet and a workbook: one table, one profile, one result, to the last bit.
//!
//! The Parquet file is written by the crate `parquet`, the workbook by `rust_xlsxwriter`.

use std::io::Write;
use std::sync::Arc;

use domain::dataset::{ColumnType, TableFormat};
use flate2::Compression;
use flate2::write::GzEncoder;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::{Value, json};

use crate::stored::{Stored, published};

/// The values of a column that are whole in the file become integers, others doubles, all else text.
fn as_parquet(csv: &str, columns: &[(String, ColumnType)]) -> Vec<u8> {
    let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let fields: Vec<String> = columns
        .iter()
        .map(|(name, column_type)| match column_type {
            ColumnType::Integer => format!("required int64 {name};"),
            ColumnType::Float => format!("required double {name};"),
            _ => format!("required binary {name} (STRING);"),
        })
        .collect();
    let schema = Arc::new(parse_message_type(&format!("message nsw {{ {} }}", fields.concat())).unwrap());
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(WriterProperties::default())).unwrap();
    // More than one row group, the last one shorter.
    for part in rows.chunks(100) {
        let mut group = file.next_row_group().unwrap();
        for (index, (_, column_type)) in columns.iter().enumerate() {
            let mut writer = group.next_column().unwrap().unwrap();
            let texts = part.iter().map(|row| row[index]);
            match column_type {
                ColumnType::Integer => {
                    let values: Vec<i64> = texts.map(|text| text.parse().unwrap()).collect();
                    writer.typed::<Int64Type>().write_batch(&values, None, None).unwrap();
                }
                ColumnType::Float => {
                    let values: Vec<f64> = texts.map(|text| text.parse().unwrap()).collect();
                    writer.typed::<DoubleType>().write_batch(&values, None, None).unwrap();
                }
                _ => {
                    let values: Vec<ByteArray> = texts.map(ByteArray::from).collect();
                    writer.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
                }
            }
            writer.close().unwrap();
        }
        group.close().unwrap();
    }
    file.into_inner().unwrap()
}

fn as_workbook(csv: &str) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0_u32..).zip(csv.lines()) {
        for (column, text) in (0_u16..).zip(line.split(',')) {
            match text.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, text).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn results(table: &Stored) -> [Value; 2] {
    let covariates = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"];
    let parameters = json!({"outcome": "re78", "treatment": "treat", "covariates": covariates, "seed": 7});
    let analysis = table.run("causal_impact", &parameters).unwrap().0;
    let profile = table.run("profile", &json!({})).unwrap().0;
    [analysis, profile]
}

#[test]
fn whatever_the_file_the_table_and_its_results_are_the_same() {
    let csv = published("nsw.csv");
    let plain = Stored::new(&csv);
    let columns: Vec<(String, ColumnType)> =
        plain.schema().columns.iter().map(|column| (column.name.clone(), column.column_type)).collect();
    let expected = results(&plain);
    assert!(expected[0]["estimate"].as_f64().is_some_and(|estimate| estimate > 1000.0));
    let others = [("gzip", gzip(&csv)), ("parquet", as_parquet(&csv, &columns)), ("workbook", as_workbook(&csv))];
    for (name, file) in others {
        let table = Stored::of(&file);
        assert_eq!((&table.schema().columns, table.schema().rows), (&plain.schema().columns, 445), "{name}");
        let is_text = matches!(table.schema().format, TableFormat::Text(_));
        assert_eq!(is_text, name == "gzip");
        // As text: in JSON each double is written so that it reads back to the same bits.
        for (found, expected) in results(&table).iter().zip(&expected) {
            assert_eq!(found.to_string(), expected.to_string(), "{name}");
        }
    }
}
