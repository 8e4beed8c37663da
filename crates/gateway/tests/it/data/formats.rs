//! Parquet files and workbooks, taken in and given back.

use std::sync::Arc;

use http::Method;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::lab::{Lab, id};
use crate::house::{body, problem};

/// Two columns, `site` and `y`, with these values.
fn parquet(kind_of_y: &str, values: &[f64]) -> Vec<u8> {
    let schema = format!("message m {{ required binary site (STRING); required double {kind_of_y}; }}");
    let schema = Arc::new(parse_message_type(&schema).unwrap());
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(WriterProperties::default())).unwrap();
    let mut group = file.next_row_group().unwrap();
    let mut sites = group.next_column().unwrap().unwrap();
    let names: Vec<ByteArray> = values.iter().map(|_| ByteArray::from("a")).collect();
    sites.typed::<ByteArrayType>().write_batch(&names, None, None).unwrap();
    sites.close().unwrap();
    let mut numbers = group.next_column().unwrap().unwrap();
    numbers.typed::<DoubleType>().write_batch(values, None, None).unwrap();
    numbers.close().unwrap();
    group.close().unwrap();
    file.into_inner().unwrap()
}

fn workbook(sheets: &[&str]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for name in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (column, cell) in [(0, "site"), (1, "y")] {
            sheet.write_string(0, column, cell).unwrap();
        }
        sheet.write_string(1, 0, *name).unwrap();
        sheet.write_number(1, 1, 2.5).unwrap();
    }
    book.save_to_buffer().unwrap()
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[tokio::test]
async fn what_was_sent_is_known_by_its_bytes_and_given_back() {
    let lab = Lab::build().await;
    let cases = [
        (parquet("y", &[2.5]), json!({"kind": "parquet"}), "application/vnd.apache.parquet", "x-v1.parquet", "a"),
        (workbook(&["S"]), json!({"kind": "xlsx", "sheet": "S"}), XLSX, "x-v2.xlsx", "S"),
    ];
    for (file, format, media_type, file_name, site) in cases {
        // Called CSV all the same.
        let dataset = body(lab.upload(&lab.ann, "x", file.clone()).await, 201).await;
        assert_eq!(dataset["schema"]["format"], format);
        assert_eq!(dataset["schema"]["columns"][1], json!({"name": "y", "type": "float", "missing": 0}));
        let path = format!("/api/v1/datasets/{}", id(&dataset));
        let preview = lab.get(&format!("{path}/preview"), &lab.ann).await;
        assert_eq!(preview, json!({"columns": ["site", "y"], "rows": [[site, "2.5"]]}));
        let download = lab.house.get(&format!("{path}/download"), &lab.ann).await;
        assert_eq!(download.headers()["content-type"], media_type);
        let disposition = download.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert!(disposition.contains(&format!("filename=\"{file_name}\"")), "{disposition}");
        assert_eq!(download.bytes().await.unwrap(), file, "the bytes that were sent");
    }
}

#[tokio::test]
async fn a_sheet_is_chosen_by_query_or_form() {
    let lab = Lab::build().await;
    let file = workbook(&["Q1", "Q2"]);
    let refused = problem(lab.upload(&lab.ann, "x", file.clone()).await, 422, "not-a-table").await;
    assert_eq!((&refused["reason"], &refused["sheets"]), (&json!("several_sheets"), &json!(["Q1", "Q2"])));
    lab.assert_nothing_is_left().await;
    let request = lab.request(Method::POST, "/api/v1/datasets?name=x&sheet=Q2", &lab.ann);
    let request = request.header("content-type", XLSX).body(file.clone());
    let by_query = body(request.send().await.unwrap(), 201).await;
    assert_eq!(by_query["schema"]["format"]["sheet"], "Q2");
    let form = Form::new().text("sheet", "Q1").part("file", Part::bytes(file).file_name("Sales.xlsx"));
    let request = lab.request(Method::POST, "/api/v1/datasets", &lab.ann).multipart(form);
    let by_form = body(request.send().await.unwrap(), 201).await;
    assert_eq!((&by_form["name"], &by_form["schema"]["format"]["sheet"]), (&json!("Sales"), &json!("Q1")));
}

#[tokio::test]
async fn what_is_no_table_is_refused_with_its_place_and_leaves_nothing() {
    let lab = Lab::build().await;
    let good = parquet("y", &[1.0, 2.0]);
    let mut untidy = rust_xlsxwriter::Workbook::new();
    let sheet = untidy.add_worksheet();
    sheet.write_string(0, 0, "x").unwrap();
    sheet.write_number(1, 0, 1).unwrap();
    sheet.write_string(2, 2, "a note").unwrap();
    let cases: [(Vec<u8>, &str, Value); 5] = [
        (good[..good.len() - 20].to_vec(), "damaged", json!([null, null, null, null])),
        (parquet("site", &[1.0]), "duplicate_header", json!([null, null, 2, null])),
        (parquet("y", &[1.0, f64::INFINITY]), "value", json!([null, 2, 2, null])),
        (untidy.save_to_buffer().unwrap(), "outside_header", json!([3, null, 3, "C3"])),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 an old workbook".to_vec(), "binary", json!([null, null, null, null])),
    ];
    for (file, reason, place) in cases {
        let refused = problem(lab.upload(&lab.ann, "bad", file).await, 422, "not-a-table").await;
        assert_eq!(refused["reason"], reason, "{refused}");
        let told: Vec<&Value> = ["line", "row", "column", "cell"].iter().map(|member| &refused[*member]).collect();
        assert_eq!(json!(told), place, "{refused}");
        lab.assert_nothing_is_left().await;
    }
}
