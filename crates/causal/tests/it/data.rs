//! The published files as columns, and studies made from them.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use causal::{CategoricalColumn, Covariate, MissingValues, NumericColumn, Study};

/// A file of `testdata/` as texts by column.
pub(crate) struct Table {
    columns: HashMap<String, Vec<String>>,
}

impl Table {
    pub(crate) fn read(file: &str) -> Self {
        let path = Path::new("../../testdata").join(file);
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut text = String::new();
        if Path::new(file).extension().is_some_and(|extension| extension == "gz") {
            flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
        } else {
            text = String::from_utf8(bytes).unwrap();
        }
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let names: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
        let mut columns: HashMap<String, Vec<String>> = names.iter().map(|name| (name.clone(), Vec::new())).collect();
        for record in reader.records() {
            for (name, value) in names.iter().zip(record.unwrap().iter()) {
                columns.get_mut(name).unwrap().push(value.to_owned());
            }
        }
        Self { columns }
    }

    pub(crate) fn numbers(&self, name: &str) -> Vec<f64> {
        let parse = |text: &String| if text.is_empty() { f64::NAN } else { text.parse().unwrap() };
        self.columns[name].iter().map(parse).collect()
    }

    pub(crate) fn categories(&self, name: &str) -> CategoricalColumn {
        let texts = self.columns[name].iter().map(|text| (!text.is_empty()).then_some(text.as_str()));
        CategoricalColumn::from_texts(name, texts)
    }

    /// A study of numeric columns; `name^2` adds a square.
    pub(crate) fn study(&self, outcome: &str, treatment: &str, covariates: &[&str]) -> Study {
        let column = |name: &str| match name.strip_suffix("^2") {
            Some(base) => NumericColumn::new(name, self.numbers(base).iter().map(|value| value * value).collect()),
            None => NumericColumn::new(name, self.numbers(name)),
        };
        Study {
            outcome: column(outcome),
            treatment: column(treatment),
            arm_labels: None,
            covariates: covariates.iter().map(|name| Covariate::Numeric(column(name))).collect(),
            clusters: None,
            missing: MissingValues::Refuse,
        }
    }
}

pub(crate) const LALONDE: [&str; 9] = ["age", "age^2", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"];

/// The NSW experiment, 445 rows.
pub(crate) fn nsw() -> Study {
    Table::read("nsw.csv").study("re78", "treat", &LALONDE)
}

/// The treated of the NSW beside the CPS comparison group, 16,177 rows.
pub(crate) fn nsw_with_cps() -> Study {
    let mut study = nsw();
    let treated: Vec<bool> = study.treatment.values.iter().map(|&value| value > 0.5).collect();
    let other = Table::read("cps_controls.csv.gz").study("re78", "treat", &LALONDE);
    let join = |mine: &mut Vec<f64>, theirs: &Vec<f64>| {
        let mut flags = treated.iter();
        mine.retain(|_| *flags.next().unwrap());
        mine.extend(theirs);
    };
    join(&mut study.outcome.values, &other.outcome.values);
    join(&mut study.treatment.values, &other.treatment.values);
    for (mine, theirs) in study.covariates.iter_mut().zip(&other.covariates) {
        if let (Covariate::Numeric(mine), Covariate::Numeric(theirs)) = (mine, theirs) {
            join(&mut mine.values, &theirs.values);
        }
    }
    study
}

/// The Darfur survey with a fixed effect for each of 486 villages.
pub(crate) fn darfur() -> Study {
    let table = Table::read("darfur.csv.gz");
    let covariates = ["age", "farmer_dar", "herder_dar", "pastvoted", "hhsize_darfur", "female"];
    let mut study = table.study("peacefactor", "directlyharmed", &covariates);
    study.covariates.push(Covariate::Categorical(table.categories("village")));
    study
}

/// NHEFS rows with a known change of weight.
pub(crate) fn nhefs() -> Study {
    let mut study = Table::read("nhefs.csv.gz").study("wt82_71", "qsmk", &[]);
    study.missing = MissingValues::DropRows;
    study
}
