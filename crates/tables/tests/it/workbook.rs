//! What is understood of good workbooks, written by `rust_xlsxwriter`.

use domain::dataset::ColumnType::{Boolean, Date, Empty, Float, Integer, Text, Timestamp};
use domain::dataset::{SheetFormat, TableFormat};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use tables::profile::profile;
use tables::read::{Table, preview};
use tables::upload::{Given, Limits, Received, UploadError, receive};

use crate::support::{Store, pieces};

pub(crate) fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

fn text(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, cell) in (0..).zip(cells) {
        if !cell.is_empty() {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
}

fn formula(result: &str) -> Formula {
    Formula::new("=OTHER()").set_result(result)
}

#[test]
fn cells_say_what_they_show() {
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let time = Format::new().set_num_format("dd.mm.yyyy hh:mm");
    let clock = Format::new().set_num_format("hh:mm:ss");
    let span = Format::new().set_num_format("[h]:mm:ss");
    let file = book(|sheet| {
        let header =
            ["id", "y", "when", "at", "clock", "span", "ok", "code", "mixed", "formula", " padded ", "nothing", "huge"];
        text(sheet, 0, &header);
        for row in 1..=3_u32 {
            let number = f64::from(row);
            sheet.write_number(row, 0, number).unwrap();
            sheet.write_number(row, 1, [0.0, 0.1, 9930.046][row as usize - 1]).unwrap();
            let day = ExcelDateTime::from_ymd(2024, 2, u8::try_from(row).unwrap() + 26).unwrap();
            sheet.write_datetime_with_format(row, 2, &day, &date).unwrap();
            let noon = ExcelDateTime::from_ymd(1999, 12, 31).unwrap().and_hms(12, 30, 0).unwrap();
            sheet.write_datetime_with_format(row, 3, &noon, &time).unwrap();
            sheet.write_number_with_format(row, 4, 0.5, &clock).unwrap();
            sheet.write_number_with_format(row, 5, 1.5, &span).unwrap();
            sheet.write_boolean(row, 6, row == 2).unwrap();
            sheet.write_string(row, 7, "01234").unwrap();
            sheet.write_formula(row, 9, formula(["7", "#N/A", "2.5"][row as usize - 1])).unwrap();
            sheet.write_string(row, 10, " x ").unwrap();
            sheet.write_number(row, 12, 9_007_199_254_740_994.0).unwrap();
        }
        sheet.write_number(1, 8, 5).unwrap();
        sheet.write_string(2, 8, "five").unwrap();
    });
    let store = Store::new();
    let table = store.stored(&file);
    assert_eq!(table.schema.format, TableFormat::Xlsx(SheetFormat { sheet: "Sheet1".to_owned() }));
    let columns: Vec<_> = table.schema.columns.iter().map(|column| (column.column_type, column.missing)).collect();
    let expected = [
        (Integer, 0),
        (Float, 0),
        (Date, 0),
        (Timestamp, 0),
        (Text, 0),
        (Text, 0),
        (Boolean, 0),
        (Text, 0),
        (Text, 1),
        (Float, 1),
        (Text, 0),
        (Empty, 3),
        (Text, 0),
    ];
    assert_eq!(columns, expected);
    assert_eq!(table.schema.columns[10].name, "padded");
    let seen = preview(&store.objects, &table, 2).unwrap().rows;
    let shown = |row: &[Option<String>]| row.iter().map(|cell| cell.clone().unwrap_or_default()).collect::<Vec<_>>();
    let first =
        ["1", "0.0", "2024-02-27", "1999-12-31T12:30:00Z", "12:00:00", "36:00:00", "false", "01234", "5", "7.0"];
    assert_eq!(shown(&seen[0])[..10], first);
    assert_eq!(shown(&seen[1])[7..], ["01234", "five", "", " x ", "", "9007199254740994"]);
    let names: Vec<String> = table.schema.columns.iter().map(|column| column.name.clone()).collect();
    let loaded = Table::load(&store.objects, &table, &names, &mut |_| {}).unwrap();
    let numbers: Vec<Option<f64>> = loaded.numeric("formula").unwrap().iter().collect();
    assert_eq!(numbers, [Some(7.0), None, Some(2.5)]);
    let profile = profile(&store.objects, &table, &mut |_| {}).unwrap();
    assert_eq!(profile.columns[2].time_range, Some(["2024-02-27", "2024-02-29"].map(str::to_owned)));
}

/// Tables do not always start at A1, and sheets have more cells than values.
#[test]
fn a_table_is_found_where_it_stands() {
    let bold = Format::new().set_bold();
    let file = book(|sheet| {
        sheet.write_string(3, 2, "region").unwrap();
        sheet.write_string(3, 3, "sales").unwrap();
        sheet.merge_range(4, 2, 5, 2, "north", &bold).unwrap();
        sheet.write_number(4, 3, 1.5).unwrap();
        sheet.write_number(5, 3, 2.5).unwrap();
        // Row 7 is blank; of row 8 only the number is there; below and beside stand formats and blank results.
        sheet.write_number(7, 3, 3.5).unwrap();
        for row in 8..50 {
            sheet.write_blank(row, 2, &bold).unwrap();
            sheet.write_formula(row, 3, formula(" ")).unwrap();
            sheet.write_blank(row, 9, &bold).unwrap();
        }
    });
    let store = Store::new();
    let table = store.stored(&file);
    assert_eq!(table.schema.rows, 3);
    let names: Vec<&str> = table.schema.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["region", "sales"]);
    assert_eq!((table.schema.columns[0].missing, table.schema.columns[1].missing), (2, 0));
    let rows = preview(&store.objects, &table, 5).unwrap().rows;
    assert_eq!(rows[0], [Some("north".to_owned()), Some("1.5".to_owned())]);
    assert_eq!(rows[2], [None, Some("3.5".to_owned())]);
}

fn several() -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, value) in [("Notes", None), ("Q1", Some(1.0)), ("Q2", Some(2.0)), ("Hidden", Some(3.0))] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        if let Some(value) = value {
            sheet.write_string(0, 0, "x").unwrap();
            sheet.write_number(1, 0, value).unwrap();
        }
        if name == "Hidden" {
            sheet.set_hidden(true);
        }
    }
    book.save_to_buffer().unwrap()
}

async fn upload(store: &Store, file: &[u8], sheet: Option<&str>) -> Result<Received, UploadError> {
    let given = Given { delimiter: None, sheet: sheet.map(str::to_owned) };
    receive(&store.objects, "t", pieces(file, 1000), given, &Limits::default()).await
}

#[tokio::test]
async fn a_sheet_can_be_chosen_and_must_be_where_several_have_values() {
    let store = Store::new();
    let told = upload(&store, &several(), None).await.unwrap_err().to_string();
    let expected =
        "sheets `Q1`, `Q2` have something in them; say which one is the table (`sheet=...`), or remove the others";
    assert_eq!(told, expected);
    assert!(store.files().is_empty());
    let told = upload(&store, &several(), Some("Q3")).await.unwrap_err().to_string();
    assert_eq!(told, "there is no sheet `Q3`; there are `Notes`, `Q1`, `Q2`, `Hidden`");
    for (sheet, value) in [("Q2", "2"), ("Hidden", "3")] {
        let schema = upload(&store, &several(), Some(sheet)).await.unwrap().schema;
        assert_eq!(schema.format, TableFormat::Xlsx(SheetFormat { sheet: sheet.to_owned() }));
        let table = domain::dataset::StoredTable { object_key: "t".to_owned(), schema };
        assert_eq!(preview(&store.objects, &table, 1).unwrap().rows, [[Some(value.to_owned())]]);
    }
    // Of a file of text there is nothing to choose.
    assert!(upload(&store, b"a,b\n1,2\n", Some("Q1")).await.is_ok());
}

#[test]
fn another_workbook_under_the_key_is_noticed() {
    let sheet = |name: &'static str, rows: u32| {
        book(move |sheet| {
            sheet.write_string(0, 0, name).unwrap();
            (1..=rows).for_each(|row| {
                sheet.write_number(row, 0, row).unwrap();
            });
        })
    };
    let store = Store::new();
    let table = store.stored(&sheet("x", 2));
    for (other, what) in [(sheet("y", 2), "its header has other columns"), (sheet("x", 3), "3 rows instead of 2")] {
        std::fs::write(store.folder.path().join("tables/1"), other).unwrap();
        let error = Table::load(&store.objects, &table, &["x".to_owned()], &mut |_| {}).unwrap_err().to_string();
        assert_eq!(error, format!("the stored file is not the one that was uploaded ({what}); upload it again"));
    }
}
