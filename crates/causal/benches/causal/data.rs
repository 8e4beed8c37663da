//! Files of the bench: numbers column after column for our jobs (read without a copy), CSV for the peers.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use causal::synthetic::{COVARIATES, Synthetic};
use causal::{Covariate, MissingValues, NumericColumn, Study};

use crate::support::Outcome;

/// A line of names and the number of rows, then each column as little-endian doubles.
pub(crate) fn write_columns(data: &Synthetic, wanted: &[&str], file: &Path) -> Outcome<()> {
    let columns: Vec<_> = data.columns.iter().filter(|(name, _)| wanted.contains(&name.as_str())).collect();
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let mut out = BufWriter::new(File::create(file)?);
    writeln!(out, "{} {}", columns.first().map_or(0, |(_, values)| values.len()), names.join(","))?;
    for (_, values) in columns {
        for value in values {
            out.write_all(&value.to_le_bytes())?;
        }
    }
    Ok(out.flush()?)
}

/// The columns in the order of the file.
pub(crate) fn read_columns(file: &Path) -> Outcome<Vec<NumericColumn>> {
    let mut reader = BufReader::new(File::open(file)?);
    let mut head = String::new();
    reader.read_line(&mut head)?;
    let (rows, names) = head.trim_end().split_once(' ').ok_or("no head line")?;
    let rows: usize = rows.parse()?;
    let mut columns = Vec::new();
    for name in names.split(',') {
        let mut values = Vec::with_capacity(rows);
        let mut bytes = [0; 8];
        for _ in 0..rows {
            reader.read_exact(&mut bytes)?;
            values.push(f64::from_le_bytes(bytes));
        }
        columns.push(NumericColumn::new(name, values));
    }
    Ok(columns)
}

pub(crate) fn write_csv(data: &Synthetic, wanted: &[&str], file: &Path) -> Outcome<()> {
    let columns: Vec<_> = data.columns.iter().filter(|(name, _)| wanted.contains(&name.as_str())).collect();
    let mut writer = csv::Writer::from_path(file)?;
    writer.write_record(columns.iter().map(|(name, _)| name))?;
    for row in 0..columns.first().map_or(0, |(_, values)| values.len()) {
        writer.write_record(columns.iter().map(|(_, values)| values[row].to_string()))?;
    }
    Ok(writer.flush()?)
}

/// Names of the observational columns that are used: `x1..x20, t, y, fold`.
pub(crate) fn observational_names() -> Vec<String> {
    let last = ["t", "y", "fold"].map(String::from);
    (1..=COVARIATES).map(|number| format!("x{number}")).chain(last).collect()
}

/// The study of an observational file, and its folds.
pub(crate) fn study(file: &Path) -> Outcome<(Study, Vec<u32>)> {
    let mut columns = read_columns(file)?.into_iter();
    let covariates = columns.by_ref().take(COVARIATES).map(Covariate::Numeric).collect();
    let mut next = || columns.next().ok_or("a column is lacking");
    let (treatment, outcome, folds) = (next()?, next()?, next()?);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "folds are small whole numbers")]
    let folds = folds.values.iter().map(|&fold| fold as u32).collect();
    let missing = MissingValues::Refuse;
    Ok((Study { outcome, treatment, arm_labels: None, covariates, clusters: None, missing }, folds))
}
