//! Which rows a nuisance model must not have seen: the folds of cross-fitting.
//!
//! Folds are dealt arm by arm after a seeded shuffle, so that every fold has its share of each arm, or by
//! whole clusters when the rows are clustered (Chiang et al. 2022): a cluster's rows are then never on
//! both sides. Folds that are given stay as they are, so that another program's can be used.

use serde::{Deserialize, Serialize};

use crate::error::CausalError;
use crate::groups::Groups;
use crate::random::{Purpose, shuffle, stream};

/// Most folds.
const MOST_FOLDS: usize = 100;

/// How rows are divided for cross-fitting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoldPlan {
    /// This many folds, dealt by the options' seed.
    Dealt(usize),
    /// The fold of each row used; the values are names, any will do.
    Given(Vec<u32>),
}

impl Default for FoldPlan {
    fn default() -> Self {
        Self::Dealt(5)
    }
}

/// A partition of the rows.
#[derive(Debug, Clone)]
pub(crate) struct Folds {
    of_row: Vec<u32>,
    count: usize,
}

impl Folds {
    /// Follows a plan; `arms` has the arm of each row.
    pub(crate) fn of(
        plan: &FoldPlan,
        seed: u64,
        arms: &[u32],
        arm_count: usize,
        clusters: Option<&Groups>,
    ) -> Result<Self, CausalError> {
        let folds = match plan {
            FoldPlan::Given(given) => Self::given(given, arms.len())?,
            FoldPlan::Dealt(count) => {
                let smallest = smallest_unit_count(arms, arm_count, clusters);
                if !(2..=MOST_FOLDS).contains(count) || *count > smallest {
                    return Err(CausalError::InvalidOption {
                        option: "number of folds",
                        value: count.to_string(),
                        expected: "from 2 to 100, and at most the rows of the smallest arm or the number of clusters",
                    });
                }
                match clusters {
                    Some(clusters) => Self::dealt_by_cluster(*count, seed, clusters),
                    None => Self::dealt_by_arm(*count, seed, arms, arm_count),
                }
            }
        };
        folds.check_arms(arms, arm_count)?;
        Ok(folds)
    }

    fn given(given: &[u32], rows: usize) -> Result<Self, CausalError> {
        if given.len() != rows {
            let column = "fold (rows that were dropped have no fold)".to_owned();
            return Err(CausalError::LengthMismatch { column, found: given.len(), expected: rows });
        }
        let mut names = given.to_vec();
        names.sort_unstable();
        names.dedup();
        if !(2..=MOST_FOLDS).contains(&names.len()) {
            let value = format!("{} (distinct values of the fold column)", names.len());
            return Err(CausalError::InvalidOption { option: "number of folds", value, expected: "from 2 to 100" });
        }
        let of_row = given.iter().map(|name| position(names.partition_point(|known| known < name))).collect();
        Ok(Self { of_row, count: names.len() })
    }

    fn dealt_by_arm(count: usize, seed: u64, arms: &[u32], arm_count: usize) -> Self {
        let mut of_row = vec![0; arms.len()];
        let mut next = 0;
        for arm in 0..arm_count {
            let rows: Vec<usize> = (0..arms.len()).filter(|&row| arms[row] as usize == arm).collect();
            for place in shuffled(rows.len(), seed, arm) {
                of_row[rows[place]] = position(next % count);
                next += 1;
            }
        }
        Self { of_row, count }
    }

    fn dealt_by_cluster(count: usize, seed: u64, clusters: &Groups) -> Self {
        let mut of_cluster = vec![0; clusters.count()];
        for (next, cluster) in shuffled(clusters.count(), seed, 0).into_iter().enumerate() {
            of_cluster[cluster] = position(next % count);
        }
        let rows: usize = clusters.sizes.iter().sum();
        Self { of_row: (0..rows).map(|row| of_cluster[clusters.of_row(row)]).collect(), count }
    }

    /// Every arm must be seen outside every fold.
    fn check_arms(&self, arms: &[u32], arm_count: usize) -> Result<(), CausalError> {
        let mut rows = vec![vec![0_usize; arm_count]; self.count];
        let mut totals = vec![0_usize; arm_count];
        for (&fold, &arm) in self.of_row.iter().zip(arms) {
            rows[fold as usize][arm as usize] += 1;
            totals[arm as usize] += 1;
        }
        for (fold, counts) in rows.iter().enumerate() {
            if let Some(arm) = (0..arm_count).find(|&arm| counts[arm] == totals[arm]) {
                let value = format!("such that fold {fold} holds all {} rows of arm {arm}", totals[arm]);
                let expected = "so that every arm has rows outside each fold: use fewer folds or none given";
                return Err(CausalError::InvalidOption { option: "division into folds", value, expected });
            }
        }
        Ok(())
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Rows of a fold, in their order.
    pub(crate) fn rows(&self, fold: usize) -> impl Iterator<Item = usize> + '_ {
        self.of_row.iter().enumerate().filter(move |(_, own)| **own as usize == fold).map(|(row, _)| row)
    }

    /// Rows outside a fold, in their order.
    pub(crate) fn rows_outside(&self, fold: usize) -> impl Iterator<Item = usize> + '_ {
        self.of_row.iter().enumerate().filter(move |(_, own)| **own as usize != fold).map(|(row, _)| row)
    }
}

fn smallest_unit_count(arms: &[u32], arm_count: usize, clusters: Option<&Groups>) -> usize {
    if let Some(clusters) = clusters {
        return clusters.count();
    }
    let mut rows = vec![0_usize; arm_count];
    for &arm in arms {
        rows[arm as usize] += 1;
    }
    rows.into_iter().min().unwrap_or(0)
}

/// `0..count` in the order of a seeded shuffle.
fn shuffled(count: usize, seed: u64, part: usize) -> Vec<usize> {
    let mut places: Vec<f64> = (0..count).map(|place| place as f64).collect();
    shuffle(&mut stream(seed, Purpose::Folds, part), &mut places);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole numbers below the row count")]
    places.into_iter().map(|place| place as usize).collect()
}

/// Fold numbers are at most [`MOST_FOLDS`].
fn position(fold: usize) -> u32 {
    u32::try_from(fold).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::CategoricalColumn;

    #[test]
    fn arms_are_spread_evenly_and_the_seed_decides() {
        let arms: Vec<u32> = (0..103).map(|row| u32::from(row % 4 == 0)).collect();
        let folds = Folds::of(&FoldPlan::Dealt(5), 7, &arms, 2, None).unwrap();
        for fold in 0..5 {
            let treated = folds.rows(fold).filter(|&row| arms[row] == 1).count();
            assert!((5..=6).contains(&treated) && (20..=21).contains(&folds.rows(fold).count()));
            assert_eq!(folds.rows(fold).count() + folds.rows_outside(fold).count(), 103);
        }
        let again = Folds::of(&FoldPlan::Dealt(5), 7, &arms, 2, None).unwrap();
        let other = Folds::of(&FoldPlan::Dealt(5), 8, &arms, 2, None).unwrap();
        assert_eq!(folds.of_row, again.of_row);
        assert_ne!(folds.of_row, other.of_row);
    }

    #[test]
    fn clusters_are_never_divided() {
        let names: Vec<String> = (0..90).map(|row| format!("c{:02}", row / 3)).collect();
        let clusters = Groups::of(&CategoricalColumn::from_texts("c", names.iter().map(|name| Some(name.as_str()))));
        let arms: Vec<u32> = (0..90).map(|row| u32::from(row % 2 == 0)).collect();
        let folds = Folds::of(&FoldPlan::Dealt(3), 1, &arms, 2, Some(&clusters)).unwrap();
        assert!(folds.of_row.chunks(3).all(|rows| rows[0] == rows[1] && rows[1] == rows[2]));
    }

    #[test]
    fn impossible_divisions_are_refused() {
        let arms = [0, 0, 0, 1, 1];
        let said = |plan: FoldPlan| Folds::of(&plan, 1, &arms, 2, None).unwrap_err().to_string();
        assert!(said(FoldPlan::Dealt(3)).contains("number of folds is 3"));
        assert!(said(FoldPlan::Dealt(1)).contains("number of folds is 1"));
        assert!(said(FoldPlan::Given(vec![0, 1])).contains("2 rows"));
        assert!(said(FoldPlan::Given(vec![4; 5])).contains("1 (distinct"));
        assert!(said(FoldPlan::Given(vec![0, 0, 0, 1, 1])).contains("fold 0 holds all 3 rows of arm 0"));
        assert!(Folds::of(&FoldPlan::Given(vec![9, 3, 9, 3, 9]), 1, &arms, 2, None).is_ok());
    }
}
