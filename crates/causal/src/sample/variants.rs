//! A sample changed in one respect, for refuters that estimate again: another treatment, one more
//! covariate, fewer rows.
//!
//! A part is coded anew: levels and clusters that vanish are not counted, the first level that is left
//! becomes the reference, and a category is absorbed or not by the levels that are left. Warnings and
//! counts of dropped rows are those of the whole.

use super::{Sample, TreatmentKind, absorb_largest, terms};
use crate::error::CausalError;
use crate::groups::Groups;
use crate::matrix::{centred_sum_of_squares, mean};
use crate::requirements::is_constant;
use crate::study::{CategoricalColumn, Covariate, NumericColumn};

impl Sample {
    /// The same rows with other values of the treatment, in the same coding.
    pub(crate) fn with_treatment(&self, values: Vec<f64>) -> Self {
        let mut sample = self.clone();
        sample.kind = kind_of(&self.kind, &values);
        sample.treatment.values = values;
        sample
    }

    /// The same rows with one more numeric covariate.
    pub(crate) fn with_covariate(&self, name: &str, values: Vec<f64>) -> Result<Self, CausalError> {
        let mut sample = self.clone();
        let taken = |name: &str| {
            let columns = [&self.outcome.name, &self.treatment.name];
            columns.iter().any(|known| *known == name) || self.covariates.iter().any(|known| known.name() == name)
        };
        let mut own = name.to_owned();
        while taken(&own) {
            own.push('_');
        }
        sample.covariates.push(Covariate::Numeric(NumericColumn::new(own, values)));
        let absorbed = sample.absorbed.as_ref().map(|(index, _)| *index);
        sample.terms = terms(&sample.covariates, absorbed)?;
        Ok(sample)
    }

    /// These rows alone, coded anew.
    ///
    /// # Errors
    /// No row, or a treatment or outcome of one value only.
    pub(crate) fn part(&self, rows: &[usize]) -> Result<Self, CausalError> {
        let numbers = |column: &NumericColumn| {
            NumericColumn::new(column.name.clone(), rows.iter().map(|&row| column.values[row]).collect())
        };
        let (outcome, treatment) = (numbers(&self.outcome), numbers(&self.treatment));
        check(&outcome, &treatment)?;
        let covariates: Vec<Covariate> = self
            .covariates
            .iter()
            .map(|covariate| match covariate {
                Covariate::Numeric(column) => Covariate::Numeric(numbers(column)),
                Covariate::Categorical(column) => Covariate::Categorical(CategoricalColumn {
                    name: column.name.clone(),
                    levels: column.levels.clone(),
                    codes: rows.iter().map(|&row| column.codes[row]).collect(),
                }),
            })
            .collect();
        let absorbed = absorb_largest(&covariates);
        let terms = terms(&covariates, absorbed.as_ref().map(|(index, _)| *index))?;
        Ok(Self {
            kind: kind_of(&self.kind, &treatment.values),
            outcome,
            treatment,
            covariates,
            terms,
            absorbed,
            clusters: self.clusters.as_ref().map(|clusters| part_of(clusters, rows)),
            rows_given: self.rows_given - self.rows() + rows.len(),
            incomplete: self.incomplete.clone(),
            warnings: self.warnings.clone(),
        })
    }
}

fn check(outcome: &NumericColumn, treatment: &NumericColumn) -> Result<(), CausalError> {
    let rows = outcome.values.len();
    if rows == 0 {
        return Err(CausalError::Empty);
    }
    if is_constant(&treatment.values) {
        let (column, value) = (treatment.name.clone(), treatment.values[0].to_string());
        return Err(CausalError::ConstantTreatment { column, value, rows });
    }
    if is_constant(&outcome.values) {
        return Err(CausalError::ConstantOutcome { column: outcome.name.clone(), value: outcome.values[0], rows });
    }
    Ok(())
}

/// The kind stays what it was, even if a part of a continuous treatment holds two values only.
fn kind_of(kind: &TreatmentKind, values: &[f64]) -> TreatmentKind {
    match kind {
        TreatmentKind::Binary { control, treated, .. } => {
            let treated_rows = values.iter().filter(|&&value| value > 0.5).count();
            TreatmentKind::Binary {
                control: control.clone(),
                treated: treated.clone(),
                control_rows: values.len() - treated_rows,
                treated_rows,
            }
        }
        TreatmentKind::Continuous { .. } => TreatmentKind::Continuous {
            mean: mean(values),
            standard_deviation: (centred_sum_of_squares(values) / (values.len() as f64 - 1.0)).sqrt(),
        },
    }
}

fn part_of(groups: &Groups, rows: &[usize]) -> Groups {
    Groups::of(&CategoricalColumn {
        name: groups.name.clone(),
        levels: vec![String::new(); groups.count()],
        codes: rows.iter().map(|&row| groups.codes[row]).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::ABSORBED_ABOVE_LEVELS;
    use crate::study::{MissingValues, Study};

    fn sample() -> Sample {
        let rows = 400;
        let category = |name: &str, levels: usize| {
            let texts: Vec<String> = (0..rows).map(|row| format!("{:03}", row % levels)).collect();
            CategoricalColumn::from_texts(name, texts.iter().map(|text| Some(text.as_str())))
        };
        let number = |name: &str, of: &dyn Fn(f64) -> f64| {
            NumericColumn::new(name, (0..rows).map(|row| of(row as f64)).collect())
        };
        Sample::prepare(Study {
            outcome: number("y", &|row| (row * 1.7).sin()),
            treatment: number("t", &|row| f64::from(u8::from((row * 0.9).cos() > 0.2))),
            arm_labels: Some(["no".into(), "yes".into()]),
            covariates: vec![
                Covariate::Numeric(number("x", &|row| (row * 0.3).cos())),
                Covariate::Categorical(category("small", 3)),
                Covariate::Categorical(category("large", ABSORBED_ABOVE_LEVELS + 5)),
            ],
            clusters: Some(category("cluster", 20)),
            missing: MissingValues::Refuse,
        })
        .unwrap()
    }

    #[test]
    fn a_part_is_what_its_rows_alone_would_be() {
        let whole = sample();
        // Rows of the first ten clusters without the first level of `small`: levels and clusters vanish.
        let rows: Vec<usize> = (0..400).filter(|row| row % 20 < 10 && row % 3 > 0).collect();
        let part = whole.part(&rows).unwrap();
        let alone = Sample::prepare(Study {
            outcome: part.outcome.clone(),
            treatment: part.treatment.clone(),
            arm_labels: Some(["no".into(), "yes".into()]),
            covariates: part.covariates.clone(),
            clusters: None,
            missing: MissingValues::Refuse,
        })
        .unwrap();
        assert_eq!((part.rows(), part.clusters.as_ref().unwrap().count()), (rows.len(), 10));
        assert_eq!((&part.kind, &part.terms), (&alone.kind, &alone.terms));
        assert_eq!(part.absorbed(), alone.absorbed());
        assert_eq!(part.rows_dropped(), 0);
        let levels_of_small = part.terms.iter().filter(|term| term.covariate() == 1).count();
        assert_eq!(levels_of_small, 1);
    }

    #[test]
    fn a_part_of_one_arm_is_refused() {
        let whole = sample();
        let treated: Vec<usize> = (0..400).filter(|&row| whole.treatment.values[row] > 0.5).collect();
        assert!(matches!(whole.part(&treated), Err(CausalError::ConstantTreatment { .. })));
        assert!(matches!(whole.part(&[]), Err(CausalError::Empty)));
    }

    #[test]
    fn a_covariate_is_added_beside_the_absorbed_one() {
        let whole = sample();
        let wider = whole.with_covariate("x", vec![0.5; 400]).unwrap();
        assert_eq!(wider.covariates[3].name(), "x_");
        assert_eq!(wider.terms.len(), whole.terms.len() + 1);
        assert_eq!(wider.absorbed(), whole.absorbed());
    }

    #[test]
    fn a_permuted_treatment_counts_its_arms() {
        let whole = sample();
        let changed = whole.with_treatment((0..400).map(|row| f64::from(u8::from(row < 7))).collect());
        assert!(matches!(changed.kind, TreatmentKind::Binary { treated_rows: 7, control_rows: 393, .. }));
    }
}
