//! Numbers and names as a person reads them.

use domain::agents::causal_impact::{Interval, Refuter};

pub(in crate::demo) fn p_value(value: f64) -> String {
    if value < 0.0001 { "below 0.0001".to_owned() } else { format!("{value:.4}") }
}

/// Rounded to whole, thousands set apart.
pub(in crate::demo) fn whole(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let sign = if value < 0.0 && digits != "0" { "-" } else { "" };
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{sign}{text}")
}

/// As in `95 % interval 1.20 to 3.40`.
pub(in crate::demo) fn interval(interval: &Interval) -> String {
    let Interval { confidence_level, lower, upper } = interval;
    format!("{:.0} % interval {lower:.2} to {upper:.2}", confidence_level * 100.0)
}

/// The same of large numbers.
pub(in crate::demo) fn whole_interval(interval: &Interval) -> String {
    let Interval { confidence_level, lower, upper } = interval;
    format!("{:.0} % interval {} to {}", confidence_level * 100.0, whole(*lower), whole(*upper))
}

pub(super) const fn refuter(refuter: Refuter) -> &'static str {
    match refuter {
        Refuter::PlaceboTreatment => "placebo treatment",
        Refuter::RandomCommonCause => "random common cause",
        Refuter::DataSubset => "data subset",
        Refuter::Bootstrap => "bootstrap",
    }
}

/// What stands before a line.
pub(in crate::demo) const fn mark(flagged: bool) -> char {
    if flagged { '!' } else { ' ' }
}

/// With a capital letter.
pub(in crate::demo) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tiny_p_value_is_not_written_as_zero() {
        assert_eq!(p_value(1e-9), "below 0.0001");
        assert_eq!(p_value(0.007_42), "0.0074");
    }

    #[test]
    fn findings_begin_with_a_capital() {
        assert_eq!(sentence("no red flags found"), "No red flags found");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn thousands_are_set_apart() {
        for (value, expected) in
            [(0.0, "0"), (-0.4, "0"), (999.6, "1,000"), (-1_234.0, "-1,234"), (1_234_567.0, "1,234,567")]
        {
            assert_eq!(whole(value), expected);
        }
    }
}
