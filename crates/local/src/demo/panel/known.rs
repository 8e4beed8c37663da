//! What is known of the invented panel besides the table: the planted truth, and what simpler looks at it say.

use super::Invented;

/// A running mean.
#[derive(Clone, Copy, Default)]
struct Mean {
    sum: f64,
    count: f64,
}

impl Mean {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        values.fold(Self::default(), |mean, value| Self { sum: mean.sum + value, count: mean.count + 1.0 })
    }

    fn value(self) -> f64 {
        self.sum / self.count.max(1.0)
    }
}

/// Two means and their difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compared {
    /// The mean with the programme.
    pub with: f64,
    /// The mean without it.
    pub without: f64,
}

impl Compared {
    /// What a look at the two alone calls the effect.
    #[must_use]
    pub fn difference(self) -> f64 {
        self.with - self.without
    }
}

impl Invented {
    /// First month of the programme for those who join in each of its starts, in order.
    #[must_use]
    pub fn starts(&self) -> Vec<&str> {
        let mut starts: Vec<&str> = self.rows.programme_start.iter().flatten().map(String::as_str).collect();
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// The planted effect on those who start in each month of [`Self::starts`], averaged over their months since.
    #[must_use]
    pub fn planted_by_start(&self) -> Vec<f64> {
        self.starts().into_iter().map(|start| self.planted_in(start).value()).collect()
    }

    /// The planted effect as the estimate at the head averages it: over months within a start, then over starts by how
    /// many prescribers each has.
    #[must_use]
    pub fn planted(&self) -> f64 {
        let size = |start: &str| self.rows.programme_start.iter().flatten().filter(|own| own.as_str() == start).count();
        let parts = self.starts().into_iter().map(|start| (self.planted_in(start).value(), size(start) as f64));
        let (sum, weight) = parts.fold((0.0, 0.0), |(sum, total), (effect, size)| (sum + effect * size, total + size));
        sum / weight.max(1.0)
    }

    /// The same by months since the start, from the month of the start on.
    #[must_use]
    pub fn planted_by_months_since(&self) -> &[f64] {
        &self.rows.true_effect_by_event_time
    }

    /// Programme prescribers beside the others, in the months when all who ever join have joined.
    #[must_use]
    pub fn naive(&self) -> Compared {
        let last = self.starts().last().copied().unwrap_or_default();
        Compared {
            with: self.mean(|month, start| start.is_some() && month >= last),
            without: self.mean(|month, start| start.is_none() && month >= last),
        }
    }

    /// Programme prescribers after their start beside themselves before it.
    #[must_use]
    pub fn before_and_after(&self) -> Compared {
        Compared {
            with: self.mean(|month, start| start.is_some_and(|start| month >= start)),
            without: self.mean(|month, start| start.is_some_and(|start| month < start)),
        }
    }

    /// The two groups before anybody joined.
    #[must_use]
    pub fn before_any_start(&self) -> Compared {
        let first = self.starts().first().copied().unwrap_or_default();
        Compared {
            with: self.mean(|month, start| start.is_some() && month < first),
            without: self.mean(|month, start| start.is_none() && month < first),
        }
    }

    fn planted_in(&self, start: &str) -> Mean {
        let rows = self.rows.programme_start.iter().zip(&self.rows.month).zip(&self.rows.effect);
        let treated = rows.filter(|((own, month), _)| own.as_deref() == Some(start) && month.as_str() >= start);
        Mean::of(treated.map(|(_, effect)| *effect))
    }

    /// Mean new prescriptions of the rows that `keep` keeps by month and start.
    fn mean(&self, keep: impl Fn(&str, Option<&str>) -> bool) -> f64 {
        let rows = self.rows.month.iter().zip(&self.rows.programme_start).zip(&self.rows.new_prescriptions);
        let kept = rows.filter(|((month, start), _)| keep(month, start.as_deref()));
        Mean::of(kept.map(|(_, outcome)| *outcome)).value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_planted_truth_agrees_with_the_law() {
        let invented = Invented::draw();
        assert_eq!(invented.starts(), ["2023-09", "2024-01", "2024-05"]);
        // Full size from the third month on: the later the start, the more the small first months weigh.
        let ramp = |months: f64| (months - 1.0) / months;
        for (effect, months) in invented.planted_by_start().into_iter().zip([16.0, 12.0, 8.0]) {
            let full = effect / ramp(months);
            assert!((2.0..=3.5).contains(&full), "{full}: between general practice and cardiology");
        }
        let [least, most] =
            [f64::min, f64::max].map(|pick| invented.planted_by_start().into_iter().reduce(pick).unwrap());
        assert!((least..=most).contains(&invented.planted()));
    }

    #[test]
    fn simple_looks_are_far_from_the_truth() {
        let invented = Invented::draw();
        assert!(invented.naive().difference() > 1.5 * invented.planted(), "who joins prescribes more anyway");
        assert!(invented.before_any_start().difference() > 1.0);
        assert!((invented.before_and_after().difference() - invented.planted()).abs() > 0.5, "the market moves");
    }
}
