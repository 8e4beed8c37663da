//! One cell, as the field that it would be in a CSV file.

use std::io::Write;

use calamine::{DataRef, ExcelDateTime};

use crate::values::write_number;

/// Writes what a cell holds; nothing where it is empty or an error. `with_point`: it stands in a column of numbers.
pub(super) fn write(value: &DataRef<'_>, with_point: bool, text: &mut Vec<u8>) {
    match value {
        DataRef::Int(number) => put(text, format_args!("{number}")),
        DataRef::Float(number) if number.is_nan() => {}
        DataRef::Float(number) => write_number(*number, with_point, text),
        DataRef::String(string) | DataRef::DateTimeIso(string) | DataRef::DurationIso(string) => {
            text.extend_from_slice(string.as_bytes());
        }
        DataRef::SharedString(string) => text.extend_from_slice(string.as_bytes()),
        DataRef::Bool(truth) => text.extend_from_slice(if *truth { b"true" } else { b"false" }),
        DataRef::DateTime(time) => write_time(time, text),
        DataRef::Error(_) | DataRef::Empty => {}
    }
}

/// Whether a cell holds nothing that could be seen.
pub(super) fn is_blank(value: &DataRef<'_>) -> bool {
    match value {
        DataRef::Empty => true,
        DataRef::String(string) => string.trim_ascii().is_empty(),
        DataRef::SharedString(string) => string.trim_ascii().is_empty(),
        _ => false,
    }
}

/// Whole days are dates, less than a day a time of the day, all else both. Spans are hours, minutes and seconds.
fn write_time(time: &ExcelDateTime, text: &mut Vec<u8>) {
    let serial = time.as_f64();
    if !serial.is_finite() {
        return;
    }
    if time.is_duration() {
        return write_span(serial, text);
    }
    let (year, month, day, hour, minute, second, ms) = time.to_ymd_hms_milli();
    let fraction = format!(".{ms:03}");
    let fraction = if ms == 0 { "" } else { &fraction };
    if serial.fract() == 0.0 {
        put(text, format_args!("{year:04}-{month:02}-{day:02}"));
    } else if (0.0..1.0).contains(&serial) {
        put(text, format_args!("{hour:02}:{minute:02}:{second:02}{fraction}"));
    } else {
        put(text, format_args!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z"));
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a span of years in seconds, and what is longer is cut")]
fn write_span(days: f64, text: &mut Vec<u8>) {
    let ms = (days * 86_400_000.0).round().abs() as i64;
    let (seconds, ms) = (ms / 1000, ms % 1000);
    let sign = if days < 0.0 { "-" } else { "" };
    put(text, format_args!("{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
    if ms > 0 {
        put(text, format_args!(".{ms:03}"));
    }
}

fn put(text: &mut Vec<u8>, words: std::fmt::Arguments<'_>) {
    // Writing to memory cannot fail.
    let _ = text.write_fmt(words);
}
