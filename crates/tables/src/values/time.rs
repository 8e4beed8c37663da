//! Dates (`YYYY-MM-DD`) and points in time (RFC 3339; also a space for the `T`, no seconds, no offset: then UTC).

use chrono::NaiveDate;

const MS_PER_DAY: i64 = 86_400_000;
/// Days from 0001-01-01 (day 1, as chrono counts) to 1970-01-01.
const EPOCH_FROM_CE: i32 = 719_163;

/// Days since 1970-01-01 of a trimmed `YYYY-MM-DD`.
#[must_use]
pub fn parse_date(trimmed: &[u8]) -> Option<i32> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *trimmed else { return None };
    let year = number([y1, y2])? * 100 + number([y3, y4])?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number([m1, m2])?, number([d1, d2])?)?;
    Some(chrono::Datelike::num_days_from_ce(&date) - EPOCH_FROM_CE)
}

/// Milliseconds since 1970-01-01T00:00Z of a trimmed point in time; finer parts are cut off. A leap second (`:60`)
/// counts as the second after it.
#[must_use]
pub fn parse_timestamp(trimmed: &[u8]) -> Option<i64> {
    let (date, rest) = trimmed.split_at_checked(10)?;
    let days = i64::from(parse_date(date)?);
    let [b'T' | b't' | b' ', h1, h2, b':', m1, m2, rest @ ..] = rest else { return None };
    let (hour, minute) = (number([*h1, *h2])?, number([*m1, *m2])?);
    let (second, fraction_ms, rest) = seconds(rest)?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let of_day_ms = i64::from((hour * 60 + minute) * 60 + second) * 1000 + fraction_ms;
    Some(days * MS_PER_DAY + of_day_ms - offset_ms(rest)?)
}

/// `[:ss[.fraction]]`, and what follows.
fn seconds(rest: &[u8]) -> Option<(u32, i64, &[u8])> {
    let [b':', s1, s2, rest @ ..] = rest else { return Some((0, 0, rest)) };
    let second = number([*s1, *s2])?;
    let [b'.', rest @ ..] = rest else { return Some((second, 0, rest)) };
    let length = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
    if length == 0 {
        return None;
    }
    let digit = |index: usize| if index < length { i64::from(rest[index] - b'0') } else { 0 };
    Some((second, digit(0) * 100 + digit(1) * 10 + digit(2), &rest[length..]))
}

/// `Z`, `+hh:mm`, `-hh:mm` or nothing.
fn offset_ms(rest: &[u8]) -> Option<i64> {
    let (sign, digits) = match rest {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let [h1, h2, b':', m1, m2] = *digits else { return None };
    let (hours, minutes) = (number([h1, h2])?, number([m1, m2])?);
    (hours <= 23 && minutes <= 59).then(|| sign * i64::from(hours * 60 + minutes) * 60_000)
}

fn number(digits: [u8; 2]) -> Option<u32> {
    let [tens, units] = digits.map(|byte| u32::from(byte.wrapping_sub(b'0')));
    (tens <= 9 && units <= 9).then_some(tens * 10 + units)
}
