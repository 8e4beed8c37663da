//! Columns as Arrow.

use arrow_array::types::Int32Type;
use arrow_array::{Array, DictionaryArray, StringArray};
use tables::read::{ReadError, Table, Values, preview};

use crate::support::Store;

const FILE: &[u8] = "id,group,treated,when,at,nothing,score\n\
    1,north,true,2024-01-01,2024-01-01T00:00:00Z,,0.5\n\
    2, south,FALSE,1969-12-31,2024-01-01,NA,NA\n\
    3,north,,,1970-01-01 01:00+01:00,,-2e3\n\
    4,NA,True,2024-02-29,,null,7\n"
    .as_bytes();

fn text(array: &DictionaryArray<Int32Type>) -> Vec<Option<&str>> {
    array.downcast_dict::<StringArray>().unwrap().into_iter().collect()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn only_the_wanted_columns_are_loaded() {
    let store = Store::new();
    let table = store.stored(FILE);
    let loaded = Table::load(&store.objects, &table, &names(&["score", "id", "score"]), &mut |_| {}).unwrap();
    assert_eq!(loaded.rows(), 4);
    let loaded_names: Vec<&str> = loaded.columns().map(|(column, _)| column.name.as_str()).collect();
    assert_eq!(loaded_names, ["id", "score"]);
    let scores: Vec<Option<f64>> = loaded.numeric("score").unwrap().iter().collect();
    assert_eq!(scores, [Some(0.5), None, Some(-2000.0), Some(7.0)]);
    let error = loaded.numeric("group").unwrap_err();
    assert_eq!(error.to_string(), "column `group` was not loaded; name it in Table::load");
}

#[test]
fn each_type_has_its_array() {
    let store = Store::new();
    let table = store.stored(FILE);
    let all: Vec<String> = table.schema.columns.iter().map(|column| column.name.clone()).collect();
    let mut told = Vec::new();
    let loaded = Table::load(&store.objects, &table, &all, &mut |fraction| told.push(fraction)).unwrap();
    assert_eq!(told.last(), Some(&1.0));
    let treated: Vec<Option<f64>> = loaded.numeric("treated").unwrap().iter().collect();
    assert_eq!(treated, [Some(1.0), Some(0.0), None, Some(1.0)]);
    let group = loaded.categorical("group").unwrap();
    assert_eq!(text(group), [Some("north"), Some(" south"), Some("north"), None]);
    assert_eq!(group.values().len(), 2);
    let Values::Date(when) = loaded.values("when").unwrap() else { panic!() };
    assert_eq!(when.iter().collect::<Vec<_>>(), [Some(19_723), Some(-1), None, Some(19_782)]);
    let Values::Timestamp(at) = loaded.values("at").unwrap() else { panic!() };
    let midnight = 1_704_067_200_000;
    assert_eq!(at.iter().collect::<Vec<_>>(), [Some(midnight), Some(midnight), Some(0), None]);
    assert!(matches!(loaded.values("nothing").unwrap(), Values::Empty(array) if array.len() == 4));
}

#[test]
fn any_column_can_be_taken_as_categories() {
    let store = Store::new();
    let table = store.stored(FILE);
    let all: Vec<String> = table.schema.columns.iter().map(|column| column.name.clone()).collect();
    let loaded = Table::load(&store.objects, &table, &all, &mut |_| {}).unwrap();
    let cases: [(&str, [Option<&str>; 4]); 7] = [
        ("id", [Some("1"), Some("2"), Some("3"), Some("4")]),
        ("group", [Some("north"), Some(" south"), Some("north"), None]),
        ("treated", [Some("true"), Some("false"), None, Some("true")]),
        ("when", [Some("2024-01-01"), Some("1969-12-31"), None, Some("2024-02-29")]),
        ("at", [Some("2024-01-01T00:00:00Z"), Some("2024-01-01T00:00:00Z"), Some("1970-01-01T00:00:00Z"), None]),
        ("nothing", [None; 4]),
        ("score", [Some("0.5"), None, Some("-2000"), Some("7")]),
    ];
    for (name, expected) in cases {
        assert_eq!(text(&loaded.categories(name).unwrap()), expected, "{name}");
    }
}

#[test]
fn wrong_wishes_are_explained() {
    let store = Store::new();
    let table = store.stored(b"a,b\n1,x\n");
    let load = |wanted: &[&str]| Table::load(&store.objects, &table, &names(wanted), &mut |_| {});
    let error = load(&["a", "income"]).unwrap_err();
    assert!(matches!(error, ReadError::NoSuchColumn { .. }));
    assert_eq!(error.to_string(), "there is no column `income` in the table; it has `a`, `b`");
    let loaded = load(&["a", "b"]).unwrap();
    assert_eq!(loaded.numeric("b").unwrap_err().to_string(), "column `b` is text, but a numeric column is needed");
    assert_eq!(loaded.categorical("a").unwrap_err().to_string(), "column `a` is integer, but a text column is needed");
}

#[test]
fn another_file_under_the_key_is_noticed() {
    let store = Store::new();
    let table = store.stored(b"a,b\n1,x\n2,y\n");
    let told = |file: &[u8]| {
        std::fs::write(store.folder.path().join("tables/1"), file).unwrap();
        Table::load(&store.objects, &table, &names(&["a"]), &mut |_| {}).unwrap_err().to_string()
    };
    let changed = |what: &str| format!("the stored file is not the one that was uploaded ({what}); upload it again");
    assert_eq!(told(b"a,c\n1,x\n2,y\n"), changed("its header has other columns"));
    assert_eq!(told(b"a,b\n1,x\n"), changed("1 rows instead of 2"));
    assert_eq!(told(b"a,b\nz,x\n2,y\n"), changed("line 2: `z` in the integer column `a`"));
    std::fs::remove_file(store.folder.path().join("tables/1")).unwrap();
    let gone = Table::load(&store.objects, &table, &names(&["a"]), &mut |_| {}).unwrap_err();
    assert_eq!(gone.to_string(), "there is no object `tables/1` in the store");
    assert!(!gone.is_transient());
}

#[test]
fn a_preview_is_the_first_rows_as_written() {
    let store = Store::new();
    let table = store.stored(FILE);
    let seen = preview(&store.objects, &table, 2).unwrap();
    assert_eq!(seen.columns[1], "group");
    assert_eq!(seen.rows.len(), 2);
    assert_eq!(seen.rows[1][1].as_deref(), Some(" south"));
    assert_eq!(seen.rows[1][6], None);
    assert_eq!(preview(&store.objects, &table, 100).unwrap().rows.len(), 4);
    assert!(preview(&store.objects, &table, 0).unwrap().rows.is_empty());
}
