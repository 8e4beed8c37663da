//! What is drawn when rows are left out: rows or whole clusters, evenly from strata.
//!
//! Units are shuffled within their stratum (the arm, or the start of the treatment) and taken at equal
//! steps through all strata from a random start (systematic sampling): every stratum keeps its share, up
//! to one unit, and a stratum of one unit is in the draw with the probability of all others.

use rand_chacha::ChaCha8Rng;

use crate::groups::Groups;
use crate::random::{shuffle, unit_interval};
use crate::sample::Sample;

/// Units by stratum.
pub(crate) struct Units {
    strata: Vec<Vec<usize>>,
    count: usize,
    /// `row`, `unit` or `cluster`, for words.
    pub(crate) word: &'static str,
    /// What strata are, for words.
    pub(crate) by: &'static str,
}

impl Units {
    /// Units numbered from 0; `stratum` has a number for each.
    pub(crate) fn of(stratum: &[f64], word: &'static str, by: &'static str) -> Self {
        let mut names: Vec<f64> = stratum.to_vec();
        names.sort_by(f64::total_cmp);
        names.dedup();
        let mut strata = vec![Vec::new(); names.len()];
        for (unit, name) in stratum.iter().enumerate() {
            strata[names.partition_point(|known| known < name)].push(unit);
        }
        Self { strata, count: stratum.len(), word, by }
    }

    /// Rows by arm, or clusters, by arm where the treatment is constant within them.
    pub(crate) fn of_sample(sample: &Sample) -> Self {
        let treatment = &sample.treatment.values;
        let by_arm = |values: Vec<f64>| if sample.is_binary() { values } else { vec![0.0; values.len()] };
        match &sample.clusters {
            Some(clusters) => Self::of(&by_arm(shared(clusters, treatment)), "cluster", "arm"),
            None => Self::of(&by_arm(treatment.clone()), "row", "arm"),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// About `share` of the units of every stratum.
    pub(crate) fn draw(&self, share: f64, generator: &mut ChaCha8Rng) -> Vec<bool> {
        let mut drawn = vec![false; self.count];
        let start = unit_interval(generator);
        let step = |position: usize| (position as f64).mul_add(share, start).floor();
        let mut position = 0;
        for stratum in &self.strata {
            let mut places: Vec<f64> = (0..stratum.len()).map(|place| place as f64).collect();
            shuffle(generator, &mut places);
            for place in places {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a whole number below the count"
                )]
                let unit = stratum[place as usize];
                drawn[unit] = step(position + 1) > step(position);
                position += 1;
            }
        }
        drawn
    }
}

/// The value that each cluster shares, or the same for all where rows of a cluster differ.
pub(crate) fn shared(clusters: &Groups, values: &[f64]) -> Vec<f64> {
    clusters.constant_within(values).unwrap_or_else(|| vec![0.0; clusters.count()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, stream};

    #[test]
    fn strata_keep_their_share_and_lone_units_their_chance() {
        let stratum: Vec<f64> =
            (0..101).map(|unit| f64::from(u8::from(unit < 40)) + f64::from(u8::from(unit == 0))).collect();
        let units = Units::of(&stratum, "row", "arm");
        let mut alone = 0;
        for simulation in 0..400 {
            let drawn = units.draw(0.5, &mut stream(3, Purpose::HalfSample, simulation));
            let among = |range: std::ops::Range<usize>| drawn[range].iter().filter(|&&own| own).count();
            assert!((50..=51).contains(&among(0..101)) && (19..=20).contains(&among(1..40)), "{}", among(1..40));
            alone += usize::from(drawn[0]);
        }
        assert!((150..250).contains(&alone), "{alone}");
    }
}
