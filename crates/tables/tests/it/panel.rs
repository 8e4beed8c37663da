//! Long data: recognised, refused with unit and period, laid out.

use tables::panel::{Panel, PanelError};
use tables::read::Table;

use crate::support::Store;

fn load(file: &str) -> Table {
    let store = Store::new();
    let table = store.stored(file.as_bytes());
    let names: Vec<String> = table.schema.columns.iter().map(|column| column.name.clone()).collect();
    Table::load(&store.objects, &table, &names, &mut |_| {}).unwrap()
}

fn panel(rows: &[&str]) -> Result<Panel, PanelError> {
    Panel::of(&load(&format!("who,when,y\n{}\n", rows.join("\n"))), "who", "when")
}

fn periods(times: &[&str]) -> Vec<String> {
    let rows: Vec<String> = times.iter().map(|time| format!("a,{time},1")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    panel(&rows).unwrap_or_else(|error| panic!("{error}")).periods().to_vec()
}

#[test]
fn rows_in_any_order_are_laid_out_by_unit_and_time() {
    let table = load("who,when,y\nb,10,4\na,2,1\nb,2,\na,10,2.5\n");
    let panel = Panel::of(&table, "who", "when").unwrap();
    assert_eq!(panel.units(), ["b", "a"]);
    assert_eq!(panel.periods(), ["2", "10"]);
    panel.complete().unwrap();
    let wide: Vec<Option<f64>> = panel.wide(&table, "y").unwrap().iter().collect();
    assert_eq!(wide, [None, Some(4.0), Some(1.0), Some(2.5)]);
    assert_eq!((panel.row(0, 0), panel.row(1, 1), panel.row(1, 2), panel.row(2, 0)), (Some(2), Some(3), None, None));
    let error = panel.wide(&table, "who").unwrap_err().to_string();
    assert!(error.contains("`who` is text"), "{error}");
}

#[test]
fn periods_follow_time() {
    assert_eq!(periods(&["10", "9", "-1", "1.5"]), ["-1", "1.5", "9", "10"]);
    assert_eq!(periods(&["2024-10-01", "2023-12-31", "2024-02-01"]), ["2023-12-31", "2024-02-01", "2024-10-01"]);
    let times = ["2024-01-01T12:00:00.5Z", "2024-01-01T12:00:00Z", "2024-01-01T13:30:00+02:00"];
    assert_eq!(periods(&times), ["2024-01-01T11:30:00Z", "2024-01-01T12:00:00Z", "2024-01-01T12:00:00.500Z"]);
    assert_eq!(periods(&["2024-10", "2023-12", "2024-02"]), ["2023-12", "2024-02", "2024-10"]);
    assert_eq!(periods(&["2024Q2", "2023Q4"]), ["2023Q4", "2024Q2"]);
}

#[test]
fn what_has_no_order_of_time_is_refused() {
    for times in
        [["Jan 2024", "Feb 2024"], ["2024-9", "2024-10"], ["2024Q1", "2024-1"], ["true", "false"], ["2024a", "2024b"]]
    {
        let error = panel(&[&format!("a,{},1", times[0]), &format!("a,{},1", times[1])]).unwrap_err();
        assert!(matches!(error, PanelError::NoOrder { .. }), "{times:?}: {error}");
        assert!(error.to_string().contains(times[0]), "{error}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    let told = |rows: &[&str]| panel(rows).and_then(|panel| panel.complete()).unwrap_err().to_string();
    for (rows, words) in [
        (&["a,1,1", "b,1,1", "a,2,1", "b,1,9"][..], "rows 2 and 4: unit `b` stands twice in period `1`"),
        (&["a,1,1", ",2,1"], "row 2: the unit column `who` has no value"),
        (&["a,1,1", "b,NA,1", "a,2,1"], "row 2: unit `b` has no period in column `when`"),
        (&["a,1,1", "a,2,1", "b,1,1"], "unit `b` has no row for period `2` (1 rows are missing among 2 units and 2"),
        (&["a,1,1", "b,1,1"], "2 units and 1 periods"),
    ] {
        let told = told(rows);
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn gaps_are_counted_and_null_when_laid_out() {
    let table = load("who,when,y\na,1,1\na,3,2\nb,1,3\nb,2,4\n");
    let panel = Panel::of(&table, "who", "when").unwrap();
    assert_eq!(panel.gaps(), 2);
    let wide: Vec<Option<f64>> = panel.wide(&table, "y").unwrap().iter().collect();
    assert_eq!(wide, [Some(1.0), None, Some(2.0), Some(3.0), Some(4.0), None]);
}

#[test]
fn a_table_that_is_no_panel_costs_no_memory() {
    let rows: Vec<String> = (0..20_000).map(|row| format!("{row},{row},1")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let error = panel(&rows).unwrap_err();
    assert!(matches!(error, PanelError::TooSparse { cells: 400_000_000, .. }), "{error}");
}
