//! Nearest neighbours on a line: sorted scores, swept outward from where a row would stand.

/// Distances that differ by less than this are tied (as `distance.tolerance` of R's Matching).
const TIE: f64 = 1e-9;

/// Scores of some rows in ascending order.
pub(super) struct Line {
    sorted: Vec<(f64, usize)>,
}

impl Line {
    pub(super) fn of(scores: &[f64], rows: impl Iterator<Item = usize>) -> Self {
        let mut sorted: Vec<(f64, usize)> = rows.map(|row| (scores[row], row)).collect();
        sorted.sort_unstable_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
        Self { sorted }
    }

    /// The `wanted` rows nearest to `score` with all that tie with the last, none further than
    /// `furthest`, without the row `but`. In ascending order of rows.
    pub(super) fn nearest(&self, score: f64, wanted: usize, furthest: f64, but: Option<usize>) -> Vec<usize> {
        let start = self.sorted.partition_point(|entry| entry.0 < score);
        let (mut below, mut above) = (start, start);
        let mut found = Vec::with_capacity(wanted);
        let mut limit = furthest;
        loop {
            let down = below.checked_sub(1).map(|index| score - self.sorted[index].0);
            let up = self.sorted.get(above).map(|entry| entry.0 - score);
            let (distance, row) = match (down, up) {
                (None, None) => break,
                (Some(down), up) if up.is_none_or(|up| down <= up) => {
                    below -= 1;
                    (down, self.sorted[below].1)
                }
                (_, up) => {
                    above += 1;
                    (up.unwrap_or(f64::INFINITY), self.sorted[above - 1].1)
                }
            };
            if distance > limit {
                break;
            }
            if Some(row) != but {
                found.push(row);
                if found.len() == wanted {
                    limit = furthest.min(distance + TIE);
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// Greedy matching without replacement: in `rounds` rounds each of `seekers`, in the order given,
    /// takes the nearest row that is left (the lower score, then the lower row, at equal distance).
    pub(super) fn take(&self, scores: &[f64], seekers: &[usize], rounds: usize, furthest: f64) -> Vec<Vec<usize>> {
        let count = self.sorted.len();
        // Jumps over taken places, with path halving: `down[i + 1]` leads to the next free place at or
        // below `i` (as its number plus one, 0 for none), `up[i]` to the next free one at or above.
        let (mut down, mut up): (Vec<usize>, Vec<usize>) = ((0..=count).collect(), (0..=count).collect());
        let mut taken = vec![Vec::new(); seekers.len()];
        for _ in 0..rounds {
            for (seeker, own) in seekers.iter().zip(&mut taken) {
                let score = scores[*seeker];
                let start = self.sorted.partition_point(|entry| entry.0 < score);
                let (low, high) = (follow(&mut down, start), follow(&mut up, start));
                let below = (low > 0).then(|| (score - self.sorted[low - 1].0, low - 1));
                let above = (high < count).then(|| (self.sorted[high].0 - score, high));
                let best = match (below, above) {
                    (Some(below), Some(above)) => Some(if below.0 <= above.0 { below } else { above }),
                    (below, above) => below.or(above),
                };
                if let Some((_, place)) = best.filter(|(distance, _)| *distance <= furthest) {
                    down[place + 1] = place;
                    up[place] = place + 1;
                    own.push(self.sorted[place].1);
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
