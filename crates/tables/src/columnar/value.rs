//! One value, as the field that it would be in a CSV file.

use std::io::Write;

use chrono::{Datelike, NaiveDate};
use domain::dataset::ColumnType;
use parquet::data_type::Int96;

use super::leaf::{Leaf, Unit};
use super::problem::ValueFlaw;
use crate::values::write_number;

/// A value as it lies in a page.
#[derive(Debug, Clone, Copy)]
pub(super) enum Raw<'a> {
    Null,
    Boolean(bool),
    Whole(i64),
    Real(f64),
    Julian(&'a Int96),
    Bytes(&'a [u8]),
}

const SECONDS_A_DAY: i64 = 86_400;
/// Days from 0001-01-01 (day 1, as chrono counts) to 1970-01-01.
const EPOCH_FROM_CE: i64 = 719_163;
/// The Julian day of 1970-01-01.
const JULIAN_EPOCH: i64 = 2_440_588;

/// Writes values of one column, one at a time, as text that `values` reads.
pub(super) struct Writer {
    leaf: Leaf,
    /// Points in time are written as dates where the column is of dates.
    as_dates: bool,
    max_field_bytes: usize,
    text: Vec<u8>,
}

impl Writer {
    pub(super) const fn new(leaf: Leaf, column_type: ColumnType, max_field_bytes: usize) -> Self {
        let as_dates = matches!(column_type, ColumnType::Date);
        Self { leaf, as_dates, max_field_bytes, text: Vec::new() }
    }

    /// The field; empty where there is no value.
    pub(super) fn write<'a>(&'a mut self, raw: Raw<'a>) -> Result<&'a [u8], ValueFlaw> {
        self.text.clear();
        match (self.leaf, raw) {
            (Leaf::Nothing, _) | (_, Raw::Null) => {}
            (Leaf::Text, Raw::Bytes(bytes)) => return checked_text(bytes, self.max_field_bytes),
            (_, Raw::Boolean(truth)) => self.text.extend_from_slice(if truth { b"true" } else { b"false" }),
            (_, Raw::Real(number)) => real(number, &mut self.text)?,
            (Leaf::Unsigned, Raw::Whole(bits)) => put(&mut self.text, format_args!("{}", bits.cast_unsigned())),
            (Leaf::Date, Raw::Whole(days)) => date(days, &mut self.text)?,
            (Leaf::Timestamp(unit), Raw::Whole(ticks)) => {
                self.instant(ticks.div_euclid(unit.a_second()), ticks, unit)?;
            }
            (Leaf::TimeOfDay(unit), Raw::Whole(ticks)) => time_of_day(ticks, unit, &mut self.text)?,
            (Leaf::Decimal { scale }, Raw::Whole(number)) => decimal(number.into(), scale, &mut self.text),
            (Leaf::Decimal { scale }, Raw::Bytes(bytes)) => decimal(big_endian(bytes)?, scale, &mut self.text),
            (_, Raw::Whole(number)) => put(&mut self.text, format_args!("{number}")),
            (_, Raw::Julian(time)) => self.julian(time)?,
            (Leaf::Uuid, Raw::Bytes(bytes)) => {
                let uuid = uuid::Uuid::from_slice(bytes).map_err(|_| ValueFlaw::Encoding)?;
                put(&mut self.text, format_args!("{uuid}"));
            }
            (_, Raw::Bytes(_)) => return Err(ValueFlaw::Encoding),
        }
        Ok(&self.text)
    }

    fn julian(&mut self, time: &Int96) -> Result<(), ValueFlaw> {
        let [low, high, day] = *time.data() else { return Err(ValueFlaw::Year) };
        let nanoseconds = (i64::from(high.cast_signed()) << 32) | i64::from(low);
        let seconds = (i64::from(day) - JULIAN_EPOCH) * SECONDS_A_DAY;
        let seconds = seconds.checked_add(nanoseconds.div_euclid(1_000_000_000)).ok_or(ValueFlaw::Year)?;
        self.instant(seconds, nanoseconds, Unit::Nanoseconds)
    }

    /// The fraction is what `ticks` have beyond whole seconds.
    fn instant(&mut self, seconds: i64, ticks: i64, unit: Unit) -> Result<(), ValueFlaw> {
        date(seconds.div_euclid(SECONDS_A_DAY), &mut self.text)?;
        if !self.as_dates {
            self.text.push(b'T');
            clock(seconds.rem_euclid(SECONDS_A_DAY), ticks.rem_euclid(unit.a_second()), unit, &mut self.text);
            self.text.push(b'Z');
        }
        Ok(())
    }
}

/// Text that may stand in a field.
pub(super) fn checked_text(bytes: &[u8], max_bytes: usize) -> Result<&[u8], ValueFlaw> {
    if bytes.len() > max_bytes {
        return Err(ValueFlaw::TooLong { limit: max_bytes });
    }
    std::str::from_utf8(bytes).map_err(|_| ValueFlaw::Encoding)?;
    if bytes.contains(&0) { Err(ValueFlaw::Nul) } else { Ok(bytes) }
}

/// Whether a number is there; NaN stands for none.
pub(super) fn is_present(number: f64) -> Result<bool, ValueFlaw> {
    if number.is_infinite() { Err(ValueFlaw::Infinite) } else { Ok(!number.is_nan()) }
}

fn real(number: f64, text: &mut Vec<u8>) -> Result<(), ValueFlaw> {
    if is_present(number)? {
        write_number(number, true, text);
    }
    Ok(())
}

fn put(text: &mut Vec<u8>, words: std::fmt::Arguments<'_>) {
    // Writing to memory cannot fail.
    let _ = text.write_fmt(words);
}

fn date(days: i64, text: &mut Vec<u8>) -> Result<(), ValueFlaw> {
    let days = i32::try_from(days + EPOCH_FROM_CE).map_err(|_| ValueFlaw::Year)?;
    let date = NaiveDate::from_num_days_from_ce_opt(days).filter(|date| (0..=9999).contains(&date.year()));
    let date = date.ok_or(ValueFlaw::Year)?;
    put(text, format_args!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()));
    Ok(())
}

fn time_of_day(ticks: i64, unit: Unit, text: &mut Vec<u8>) -> Result<(), ValueFlaw> {
    let (seconds, fraction) = (ticks.div_euclid(unit.a_second()), ticks.rem_euclid(unit.a_second()));
    if !(0..SECONDS_A_DAY).contains(&seconds) {
        return Err(ValueFlaw::TimeOfDay);
    }
    clock(seconds, fraction, unit, text);
    Ok(())
}

/// `hh:mm:ss`, with three, six or nine digits behind the point if any of them is needed.
fn clock(of_day: i64, fraction: i64, unit: Unit, text: &mut Vec<u8>) {
    put(text, format_args!("{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60));
    let nanoseconds = fraction * (1_000_000_000 / unit.a_second());
    if nanoseconds == 0 {
    } else if nanoseconds % 1_000_000 == 0 {
        put(text, format_args!(".{:03}", nanoseconds / 1_000_000));
    } else if nanoseconds % 1_000 == 0 {
        put(text, format_args!(".{:06}", nanoseconds / 1_000));
    } else {
        put(text, format_args!(".{nanoseconds:09}"));
    }
}

fn big_endian(bytes: &[u8]) -> Result<i128, ValueFlaw> {
    let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
    let mut wide = [if negative { 0xFF } else { 0 }; 16];
    let start = wide.len().checked_sub(bytes.len()).ok_or(ValueFlaw::Digits)?;
    wide[start..].copy_from_slice(bytes);
    Ok(i128::from_be_bytes(wide))
}

fn decimal(unscaled: i128, scale: u32, text: &mut Vec<u8>) {
    if unscaled < 0 {
        text.push(b'-');
    }
    let scale = scale as usize;
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    text.extend_from_slice(whole.as_bytes());
    if scale > 0 {
        text.push(b'.');
        text.extend_from_slice(fraction.as_bytes());
    }
}
