//! Numbers: `[+-]digits`, with a decimal point and an exponent if need be.
//!
//! No number are: digits behind a leading zero (`01234` is a code, not 1234), hexadecimal, `inf`, digit groups
//! (`1,000`), decimal commas, and what is beyond the range of a double.

use std::io::Write;

/// 2^53: beyond it a double no longer tells every whole number from the next.
const MOST_EXACT: u64 = 1 << 53;

/// Kinds of number, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberKind {
    /// A whole number up to 2^53, which a double keeps exactly.
    Integer,
    /// A larger one without point or exponent: more likely a code than a quantity, and a double would merge it with
    /// its neighbours.
    HugeInteger,
    /// With a decimal point or an exponent.
    Float,
}

/// What kind of number a trimmed field is, if any.
#[must_use]
pub fn number_kind(trimmed: &[u8]) -> Option<NumberKind> {
    let ([b'+' | b'-', unsigned @ ..] | unsigned) = trimmed;
    let whole = digits(unsigned);
    if whole > 1 && unsigned[0] == b'0' {
        return None;
    }
    let rest = &unsigned[whole..];
    if rest.is_empty() {
        return match whole {
            0 => None,
            1..=15 => Some(NumberKind::Integer),
            _ => Some(huge_or_not(unsigned)),
        };
    }
    let fraction = if rest[0] == b'.' { digits(&rest[1..]) + 1 } else { 0 };
    if whole + fraction.saturating_sub(1) == 0 {
        return None;
    }
    let exponent = &rest[fraction..];
    if exponent.is_empty() {
        return (whole <= 300 || is_finite(trimmed)).then_some(NumberKind::Float);
    }
    (is_exponent(exponent) && is_finite(trimmed)).then_some(NumberKind::Float)
}

/// The number that a trimmed field is, to the nearest double.
#[must_use]
pub fn parse_number(trimmed: &[u8]) -> Option<f64> {
    if let Some(whole) = parse_short_integer(trimmed) {
        return Some(whole);
    }
    number_kind(trimmed)?;
    std::str::from_utf8(trimmed).ok()?.parse().ok()
}

/// Up to 15 digits, exact in a double: the way most numbers of most files go.
fn parse_short_integer(trimmed: &[u8]) -> Option<f64> {
    let (negative, unsigned) = match trimmed {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    if unsigned.is_empty() || unsigned.len() > 15 || (unsigned[0] == b'0' && unsigned.len() > 1) {
        return None;
    }
    let mut value = 0_i64;
    for &byte in unsigned {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    let value = value as f64;
    Some(if negative { -value } else { value })
}

/// Writes a finite number in its shortest form that reads back as the same double: whole numbers as such (`5`), or with
/// a point (`5.0`) as columns of numbers are mostly written.
pub fn write_number(number: f64, with_point: bool, text: &mut Vec<u8>) {
    let is_whole = number.fract() == 0.0 && number.abs() < 1e16;
    // Writing to memory cannot fail.
    let _ = if is_whole && !with_point { write!(text, "{:.0}", number + 0.0) } else { write!(text, "{number:?}") };
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len())
}

fn is_exponent(bytes: &[u8]) -> bool {
    let ([b'e' | b'E', b'+' | b'-', unsigned @ ..] | [b'e' | b'E', unsigned @ ..]) = bytes else { return false };
    !unsigned.is_empty() && digits(unsigned) == unsigned.len()
}

fn huge_or_not(unsigned: &[u8]) -> NumberKind {
    let value = std::str::from_utf8(unsigned).ok().and_then(|text| text.parse::<u64>().ok());
    if value.is_some_and(|value| value <= MOST_EXACT) { NumberKind::Integer } else { NumberKind::HugeInteger }
}

fn is_finite(trimmed: &[u8]) -> bool {
    std::str::from_utf8(trimmed).is_ok_and(|text| text.parse::<f64>().is_ok_and(f64::is_finite))
}
