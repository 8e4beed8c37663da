//! Who is matched with whom, how often each row counts, and the effect and variance that follow.

use std::borrow::Cow;

use rayon::prelude::*;

use super::MatchingOptions;
use super::nearest::{Arm, Search};
use super::places::Points;
use crate::matrix::centred_sum_of_squares;
use crate::sample::Sample;
use crate::weighting::Estimand;

/// Position of an arm in pairs of this module.
pub(super) const CONTROL: usize = 0;
pub(super) const TREATED: usize = 1;

/// Matches of the rows of one arm.
struct Sought {
    arm: usize,
    /// Places with replacement, rows without: all rows of a place have the same matches.
    seekers: Vec<u32>,
    /// Places or rows of the other arm, as the seekers.
    found: Vec<Vec<u32>>,
}

/// Rows that share their matches.
struct Group<'a> {
    arm: usize,
    seekers: &'a [u32],
    /// Rows by place.
    found: Vec<&'a [u32]>,
}

impl Group<'_> {
    fn found_rows(&self) -> usize {
        self.found.iter().map(|rows| rows.len()).sum()
    }
}

/// How often each row is a match.
pub(super) struct Shares {
    /// `k`.
    pub(super) sums: Vec<f64>,
    /// `q`.
    squares: Vec<f64>,
}

/// The matches of a sample.
pub(super) struct Matches<'a> {
    arms: [Arm<'a>; 2],
    replacement: bool,
    sought: Vec<Sought>,
}

impl<'a> Matches<'a> {
    /// `served` is the order of the treated rows when each match is taken once.
    pub(super) fn find(
        sample: &Sample,
        points: &'a Points,
        furthest: f64,
        options: &MatchingOptions,
        served: impl FnOnce(&mut [u32]),
    ) -> Self {
        let treatment = sample.treatment_values();
        let rows = |arm: usize| {
            (0_u32..).zip(treatment).filter(|(_, t)| usize::from(**t > 0.5) == arm).map(|(row, _)| row).collect()
        };
        let arms = [CONTROL, TREATED].map(|arm| Arm::of(points, rows(arm)));
        let sought = if options.replacement {
            let seeking = match options.estimand {
                Estimand::AverageEffect => vec![TREATED, CONTROL],
                Estimand::EffectOnTreated => vec![TREATED],
            };
            let search = Search { wanted: options.neighbours, furthest };
            let seek = |arm: usize| {
                let seekers: Vec<u32> = arms[arm].places.all().collect();
                let found = arms[1 - arm].nearest(&arms[arm].firsts(&seekers), search);
                Sought { arm, seekers, found }
            };
            seeking.into_iter().map(seek).collect()
        } else {
            let mut seekers: Vec<u32> = rows(TREATED);
            served(&mut seekers);
            let found = arms[CONTROL].take(&seekers, options.neighbours, furthest);
            vec![Sought { arm: TREATED, seekers, found }]
        };
        Self { arms, replacement: options.replacement, sought }
    }

    fn rows<'b>(&'b self, arm: usize, entry: &'b u32) -> &'b [u32] {
        if self.replacement { self.arms[arm].places.rows(*entry) } else { std::slice::from_ref(entry) }
    }

    fn groups(&self) -> impl Iterator<Item = Group<'_>> {
        self.sought.iter().flat_map(move |own| {
            own.seekers.iter().zip(&own.found).map(move |(seeker, found)| Group {
                arm: own.arm,
                seekers: self.rows(own.arm, seeker),
                found: found.iter().map(|entry| self.rows(1 - own.arm, entry)).collect(),
            })
        })
    }

    fn matched_groups(&self) -> impl Iterator<Item = Group<'_>> {
        self.groups().filter(|group| !group.found.is_empty())
    }

    /// Rows that found matches.
    pub(super) fn matched(&self) -> usize {
        self.matched_groups().map(|group| group.seekers.len()).sum()
    }

    /// Treated and control seekers without a match.
    pub(super) fn unmatched(&self) -> [usize; 2] {
        let mut counts = [0; 2];
        for group in self.groups().filter(|group| group.found.is_empty()) {
            counts[1 - group.arm] += group.seekers.len();
        }
        counts
    }

    pub(super) fn shares(&self, rows: usize) -> Shares {
        let mut shares = Shares { sums: vec![0.0; rows], squares: vec![0.0; rows] };
        for group in self.matched_groups() {
            let share = 1.0 / group.found_rows() as f64;
            let seekers = group.seekers.len() as f64;
            for &row in group.found.iter().copied().flatten() {
                shares.sums[row as usize] += seekers * share;
                shares.squares[row as usize] += seekers * share * share;
            }
        }
        shares
    }

    /// How often each row counts in the matched arms.
    pub(super) fn weights(&self, shares: &Shares) -> Vec<f64> {
        let mut weights = shares.sums.clone();
        for &row in self.matched_groups().flat_map(|group| group.seekers) {
            weights[row as usize] += 1.0;
        }
        weights
    }

    /// Treated minus control for each matched row. `outcomes` are those by which each arm stands in for the
    /// other: what is left of the outcome after the arm's own regression, or the outcome itself.
    pub(super) fn differences(&self, outcomes: &[Cow<'_, [f64]>; 2]) -> Vec<f64> {
        let mut differences = Vec::new();
        for group in self.matched_groups() {
            let outcome = &outcomes[1 - group.arm];
            let sum: f64 = group.found.iter().copied().flatten().map(|&row| outcome[row as usize]).sum();
            let other = sum / group.found_rows() as f64;
            let sign = if group.arm == TREATED { 1.0 } else { -1.0 };
            differences.extend(group.seekers.iter().map(|&row| sign * (outcome[row as usize] - other)));
        }
        differences
    }

    /// The squared standard error of the mean of `differences`.
    pub(super) fn variance(
        &self,
        sample: &Sample,
        shares: &Shares,
        differences: &[f64],
        options: &MatchingOptions,
    ) -> f64 {
        let all = options.estimand == Estimand::AverageEffect;
        let factor = |row: u32| {
            let (sum, square) = (shares.sums[row as usize], shares.squares[row as usize]);
            let factor = sum * sum + if all { 2.0 * sum } else { 0.0 } - square;
            // Factors of rows that were matched once cancel to rounding; they need no variance.
            if factor.abs() < 1e-12 { 0.0 } else { factor }
        };
        let of_arm = |arm: &Arm<'_>| arm.outcome_variance(sample.outcome_values(), options.variance_neighbours, factor);
        let count = differences.len() as f64;
        let matches: f64 = self.arms.iter().map(of_arm).sum();
        (centred_sum_of_squares(differences) + matches) / (count * count)
    }
}

impl Arm<'_> {
    fn firsts(&self, places: &[u32]) -> Vec<u32> {
        places.iter().map(|&place| self.places.first(place)).collect()
    }

    /// Sum over rows of `factor` times the variance of the outcome among the row and its `neighbours`
    /// nearest in this arm.
    fn outcome_variance(&self, outcome: &[f64], neighbours: usize, factor: impl Fn(u32) -> f64 + Sync) -> f64 {
        let counts = |&place: &u32| self.places.rows(place).iter().any(|&row| factor(row).abs() > 0.0);
        let places: Vec<u32> = self.places.all().filter(counts).collect();
        // The row itself is the first of those found.
        let search = Search { wanted: neighbours + 1, furthest: f64::INFINITY };
        let nearest = self.nearest(&self.firsts(&places), search);
        let of_place = |(&place, near): (&u32, &Vec<u32>)| {
            let rows = near.iter().flat_map(|&other| self.places.rows(other));
            let outcomes: Vec<f64> = rows.map(|&row| outcome[row as usize]).collect();
            if outcomes.len() < 2 {
                return 0.0;
            }
            let variance = centred_sum_of_squares(&outcomes) / (outcomes.len() as f64 - 1.0);
            self.places.rows(place).iter().map(|&row| factor(row) * variance).sum()
        };
        let terms: Vec<f64> = places.par_iter().zip(&nearest).map(of_place).collect();
        terms.iter().sum()
    }
}
