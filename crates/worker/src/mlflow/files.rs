//! The files of a run: the result as it is, and its lists as tables that anything can plot.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// A file below the run's artifacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    /// Plain ASCII letters and slashes.
    pub(super) path: String,
    pub(super) content: Vec<u8>,
}

/// Most tables of one run.
const MOST_TABLES: usize = 100;

/// Every list of the result that is a table, as CSV: entries with fields, or lists of numbers of one length side by side.
pub(super) fn tables(result: &Value) -> Vec<File> {
    let mut found = Vec::new();
    if let Value::Object(fields) = result {
        for (name, value) in fields.iter().filter(|(name, _)| *name != "parameters") {
            collect(&plain(name), value, &mut found);
        }
    }
    found.truncate(MOST_TABLES);
    found
}

fn collect(path: &str, value: &Value, found: &mut Vec<File>) {
    match value {
        Value::Array(entries) => {
            let rows: Vec<&Map<String, Value>> = entries.iter().filter_map(Value::as_object).collect();
            if !rows.is_empty() {
                found.extend(table(path, &rows));
            }
            for (place, row) in rows.iter().enumerate() {
                for (name, value) in *row {
                    collect(&format!("{path}_{place}_{}", plain(name)), value, found);
                }
            }
        }
        Value::Object(fields) => {
            found.extend(columns(path, fields));
            for (name, value) in fields {
                collect(&format!("{path}_{}", plain(name)), value, found);
            }
        }
        _ => {}
    }
}

/// One row an entry, one column a plain field of any of them; fields one level down too.
fn table(path: &str, rows: &[&Map<String, Value>]) -> Option<File> {
    let flat: Vec<Vec<(String, String)>> = rows.iter().map(|row| cells(row)).collect();
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in flat.iter().flatten() {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let mut text = line(names.iter().map(|name| quoted(name)));
    for row in &flat {
        let cell = |name: &&str| {
            row.iter().find(|(given, _)| given == name).map_or_else(String::new, |(_, cell)| quoted(cell))
        };
        text.push_str(&line(names.iter().map(cell)));
    }
    (!names.is_empty()).then(|| csv(path, text))
}

fn cells(row: &Map<String, Value>) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    for (name, value) in row {
        match value {
            Value::Object(inner) => cells
                .extend(inner.iter().filter_map(|(inner, value)| Some((format!("{name}.{inner}"), scalar(value)?)))),
            value => cells.extend(scalar(value).map(|cell| (name.clone(), cell))),
        }
    }
    cells
}

/// At least two lists of plain values of one length: the columns of a plot.
fn columns(path: &str, fields: &Map<String, Value>) -> Option<File> {
    let lists: Vec<(&String, Vec<String>)> = fields
        .iter()
        .filter_map(|(name, value)| Some((name, value.as_array()?.iter().map(scalar).collect::<Option<Vec<_>>>()?)))
        .filter(|(_, list)| list.len() > 1)
        .collect();
    let length = lists.first()?.1.len();
    if lists.len() < 2 || lists.iter().any(|(_, list)| list.len() != length) {
        return None;
    }
    let mut text = line(lists.iter().map(|(name, _)| quoted(name)));
    for row in 0..length {
        text.push_str(&line(lists.iter().map(|(_, list)| quoted(&list[row]))));
    }
    Some(csv(path, text))
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

fn csv(path: &str, text: String) -> File {
    File { path: format!("tables/{path}.csv"), content: text.into_bytes() }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let mut text = cells.collect::<Vec<_>>().join(",");
    text.push('\n');
    text
}

/// RFC 4180.
fn quoted(cell: &str) -> String {
    if !cell.contains(['"', ',', '\n', '\r']) {
        return cell.to_owned();
    }
    let mut text = String::with_capacity(cell.len() + 2);
    let _ = write!(text, "\"{}\"", cell.replace('"', "\"\""));
    text
}

fn plain(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).take(60).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_of_entries_and_lists_side_by_side_become_tables() {
        let result = json!({
            "estimates": [
                { "estimator": "aipw", "estimate": 1.5, "interval": { "lower": 1.0 }, "meaning": "a, \"b\"" },
                { "estimator": "matching", "estimate": 2, "folds": null },
            ],
            "contour": { "x": [1, 2], "y": [3, 4], "note": "n" },
            "odd": { "x": [1, 2], "y": [3] },
            "parameters": { "covariates": [{ "a": 1 }] },
        });
        let found = tables(&result);
        let text = |path: &str| {
            found.iter().find(|file| file.path == path).map(|file| String::from_utf8(file.content.clone()).unwrap())
        };
        let estimates = text("tables/estimates.csv").unwrap();
        let mut lines = estimates.lines();
        let head: Vec<&str> = lines.next().unwrap().split(',').collect();
        assert!(head.contains(&"interval.lower") && head.contains(&"folds"), "{estimates}");
        assert!(estimates.contains(r#""a, ""b""""#), "{estimates}");
        assert_eq!(lines.count(), 2);
        assert_eq!(text("tables/contour.csv").unwrap(), "x,y\n1,3\n2,4\n");
        assert_eq!(found.len(), 2, "{found:?}");
    }
}
