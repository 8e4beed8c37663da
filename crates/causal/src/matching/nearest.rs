//! The nearest places of an arm: on a line by a sweep outward, in more dimensions by blocks.

use rayon::prelude::*;

use super::blocks::Blocks;
use super::places::{Places, Points};

/// Distances that differ by less than this are tied (as `distance.tolerance` of R's Matching).
pub(super) const TIE: f64 = 1e-9;

/// What is sought around a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search {
    /// Rows wanted; all that tie with the last one count too.
    pub(super) wanted: usize,
    /// Furthest distance.
    pub(super) furthest: f64,
}

/// One arm, ready to be searched.
pub(super) struct Arm<'a> {
    pub(super) points: &'a Points,
    pub(super) places: Places,
    blocks: Option<Blocks>,
}

impl<'a> Arm<'a> {
    pub(super) fn of(points: &'a Points, rows: Vec<u32>) -> Self {
        let places = Places::of(points, rows);
        let blocks = (points.dimensions != 1).then(|| Blocks::of(points, &places));
        Self { points, places, blocks }
    }

    /// Places nearest to each of `rows`, nearest first, those that tie with the last included.
    pub(super) fn nearest(&self, rows: &[u32], search: Search) -> Vec<Vec<u32>> {
        match &self.blocks {
            Some(blocks) => blocks.nearest(self.points, rows, search, blocks.full()),
            None => rows.par_iter().map(|&row| self.on_line(row, search)).collect(),
        }
    }

    /// Sorted scores, swept outward from where the row would stand.
    fn on_line(&self, row: u32, search: Search) -> Vec<u32> {
        let score_of = |place: usize| self.points.of_row(self.places.first(place_number(place)))[0];
        let (score, count) = (self.points.of_row(row)[0], self.places.count());
        let start = partition_point(count, |place| score_of(place) < score);
        let (mut below, mut above) = (start, start);
        let (mut found, mut rows, mut limit) = (Vec::with_capacity(search.wanted.min(count)), 0, search.furthest);
        loop {
            let down = below.checked_sub(1).map(|place| (score - score_of(place), place));
            let up = (above < count).then(|| (score_of(above) - score, above));
            let Some((distance, place)) = down.filter(|own| up.is_none_or(|other| own.0 <= other.0)).or(up) else {
                return found;
            };
            if distance > limit {
                return found;
            }
            if place < start {
                below -= 1;
            } else {
                above += 1;
            }
            let own = self.places.size(place_number(place));
            found.push(place_number(place));
            if rows < search.wanted && rows + own >= search.wanted {
                limit = search.furthest.min(distance + TIE);
            }
            rows += own;
        }
    }

    /// Greedy matching without replacement: in `rounds` rounds each of `seekers`, in the order given,
    /// takes the nearest row that is left.
    pub(super) fn take(&self, seekers: &[u32], rounds: usize, furthest: f64) -> Vec<Vec<u32>> {
        match &self.blocks {
            Some(blocks) => super::greedy::take(self, blocks, seekers, rounds, furthest),
            None => self.take_on_line(seekers, rounds, furthest),
        }
    }

    /// The lower score, then the lower row, at equal distance.
    fn take_on_line(&self, seekers: &[u32], rounds: usize, furthest: f64) -> Vec<Vec<u32>> {
        let score_of = |place: usize| self.points.of_row(self.places.first(place_number(place)))[0];
        let count = self.places.count();
        let mut free: Vec<usize> = self.places.all().map(|place| self.places.size(place)).collect();
        // Jumps over places without a free row, with path halving: `down[i + 1]` leads to the next one that has any
        // at or below `i` (as its number plus one, 0 for none), `up[i]` to the next at or above.
        let (mut down, mut up): (Vec<usize>, Vec<usize>) = ((0..=count).collect(), (0..=count).collect());
        let mut taken = vec![Vec::new(); seekers.len()];
        for _ in 0..rounds {
            for (seeker, own) in seekers.iter().zip(&mut taken) {
                let score = self.points.of_row(*seeker)[0];
                let start = partition_point(count, |place| score_of(place) < score);
                let (low, high) = (follow(&mut down, start), follow(&mut up, start));
                let below = (low > 0).then(|| (score - score_of(low - 1), low - 1));
                let above = (high < count).then(|| (score_of(high) - score, high));
                let best = below.filter(|own| above.is_none_or(|other| own.0 <= other.0)).or(above);
                if let Some((_, place)) = best.filter(|(distance, _)| *distance <= furthest) {
                    let rows = self.places.rows(place_number(place));
                    own.push(rows[rows.len() - free[place]]);
                    free[place] -= 1;
                    if free[place] == 0 {
                        down[place + 1] = place;
                        up[place] = place + 1;
                    }
                }
            }
        }
        taken
    }
}

fn follow(links: &mut [usize], mut at: usize) -> usize {
    while links[at] != at {
        links[at] = links[links[at]];
        at = links[at];
    }
    at
}

/// First of `0..count` for which `below` does not hold.
fn partition_point(count: usize, below: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if below(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Places are at most as many as rows, which are numbered in 32 bits.
fn place_number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_rows_the_lower_is_taken_first_from_either_side() {
        let points = Points::on_line(&[1.0, 1.0, 3.0, 3.0, 1.5, 2.5]);
        let arm = Arm::of(&points, vec![0, 1, 2, 3]);
        let taken = arm.take(&[4, 4, 5, 5, 5], 1, 10.0);
        assert_eq!(taken, [vec![0], vec![1], vec![2], vec![3], vec![]]);
    }
}
