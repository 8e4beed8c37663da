//! What an analyst should know of a column before using it, in words.

use domain::dataset::{ColumnProfile, ColumnType};

use super::finding::{Finding, shown};
use crate::values::number_kind;

const MOST_WARNINGS: usize = 100;
const MOST_EXAMPLES: usize = 3;
/// From this share of estimated distinct values on, nearly all differ: the estimate's error is a quarter of the rest.
const NEARLY_ALL: f64 = 0.97;

/// How the values of a text column are written.
#[derive(Default)]
pub(super) struct TextHabits {
    numbers: u64,
    /// As in `1,5` and `1,000`.
    comma_numbers: u64,
    /// As in `01234`: the digits are a name, not a quantity.
    codes: u64,
    spaced: u64,
    not_numbers: Vec<Vec<u8>>,
}

impl TextHabits {
    pub(super) fn observe(&mut self, field: &[u8], trimmed: &[u8]) {
        self.spaced += u64::from(field.len() > trimmed.len());
        if number_kind(trimmed).is_some() {
            self.numbers += 1;
        } else if trimmed.iter().all(u8::is_ascii_digit) {
            self.codes += 1;
        } else {
            self.comma_numbers += u64::from(is_comma_number(trimmed));
            if self.not_numbers.len() < MOST_EXAMPLES && !self.not_numbers.iter().any(|known| known == trimmed) {
                self.not_numbers.push(trimmed.to_vec());
            }
        }
    }
}

/// `1,5`, `-1,000`, `1.000,5`: digits, points and commas, with a comma between digits.
fn is_comma_number(trimmed: &[u8]) -> bool {
    let ([b'+' | b'-', unsigned @ ..] | unsigned) = trimmed;
    unsigned.first().is_some_and(u8::is_ascii_digit)
        && unsigned.last().is_some_and(u8::is_ascii_digit)
        && unsigned.contains(&b',')
        && unsigned.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.'))
}

/// The warnings of a table with so many rows, column by column.
pub(super) fn of(findings: &[Finding], rows: u64) -> Vec<String> {
    let mut warnings: Vec<String> = findings.iter().flat_map(|finding| of_column(finding, rows)).collect();
    if warnings.len() > MOST_WARNINGS {
        let more = warnings.len() - MOST_WARNINGS;
        warnings.truncate(MOST_WARNINGS);
        warnings.push(format!("and {more} more warnings about other columns"));
    }
    warnings
}

fn of_column(finding: &Finding, rows: u64) -> Vec<String> {
    let profile = &finding.profile;
    let name = &profile.name;
    if profile.column_type == ColumnType::Empty {
        return vec![format!("`{name}` is empty: no row has a value")];
    }
    let mut warnings = Vec::new();
    let missing_share = profile.missing as f64 / rows.max(1) as f64;
    if missing_share > 0.5 {
        warnings.push(format!("`{name}` has no value in {} of the rows", percent(missing_share)));
    }
    warnings.extend(variety(profile, rows));
    if let Some(habits) = &finding.habits {
        warnings.extend(habits_of(name, habits, rows - profile.missing));
    }
    if !finding.is_sound {
        warnings
            .push(format!("`{name}` holds numbers so large that its mean and standard deviation are not meaningful"));
    }
    warnings
}

/// Too little variety, or nothing but variety.
fn variety(profile: &ColumnProfile, rows: u64) -> Option<String> {
    let name = &profile.name;
    let present = rows - profile.missing;
    if profile.distinct == 1 && present > 1 {
        let value = profile.top_values.first().map(|top| top.value.as_str()).unwrap_or_default();
        return Some(format!("`{name}` is constant: each of its values is `{value}`"));
    }
    let may_be_name = matches!(profile.column_type, ColumnType::Text | ColumnType::Integer);
    if !may_be_name || profile.missing > 0 || rows < 2 {
        return None;
    }
    if profile.distinct_exact {
        let all = profile.distinct == rows;
        return all.then(|| format!("`{name}` identifies the rows: each of its {rows} values is different"));
    }
    let nearly = profile.distinct as f64 >= rows as f64 * NEARLY_ALL;
    nearly.then(|| format!("`{name}` seems to identify the rows: nearly all of its {rows} values are different"))
}

fn habits_of(name: &str, habits: &TextHabits, present: u64) -> Vec<String> {
    let mut warnings = Vec::new();
    let share = |count: u64| count as f64 / present.max(1) as f64;
    let examples: Vec<String> = habits.not_numbers.iter().map(|value| format!("`{}`", shown(value))).collect();
    let examples = examples.join(", ");
    if share(habits.comma_numbers) >= 0.5 {
        warnings.push(format!(
            "`{name}` is taken as text: its numbers are written with commas ({examples}); write 1000.5, \
             with a decimal point and without groups"
        ));
    } else if habits.codes == 0 && !examples.is_empty() && share(habits.numbers) >= 0.5 {
        warnings.push(format!(
            "`{name}` is taken as text, though {} of its values are numbers; no numbers are, for instance, {examples}; \
             correct them, or write NA where there is no value",
            percent(share(habits.numbers))
        ));
    }
    if habits.spaced > 0 {
        warnings.push(format!(
            "`{name}` has {} values with spaces before or after them; `x` and `x ` count as two values",
            habits.spaced
        ));
    }
    warnings
}

/// With as many digits as it takes not to say 100 % of what is not all.
fn percent(share: f64) -> String {
    if share > 0.99 && share < 1.0 {
        format!("{:.2} %", (share * 10_000.0).floor() / 100.0)
    } else {
        format!("{:.0} %", share * 100.0)
    }
}
