//! Kinds of value a variable can hold.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

/// A type that can be read from a variable's text.
pub trait Setting: Sized {
    /// What a good value looks like, with an example: it ends the sentence "expected ...".
    const EXPECTED: &'static str;

    /// Reads `text`, which is trimmed and not empty.
    fn read(text: &str) -> Option<Self>;
}

/// A number of bytes, written as `1048576`, `8MiB`, `2GiB`, `500kB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub u64);

impl Setting for ByteSize {
    const EXPECTED: &'static str = "a size such as 1048576, 8MiB or 2GiB";

    fn read(text: &str) -> Option<Self> {
        let (number, unit) = split_unit(text);
        let factor: u64 = match unit {
            "" | "B" => 1,
            "kB" | "KB" => 1_000,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "KiB" | "K" => 1 << 10,
            "MiB" | "M" => 1 << 20,
            "GiB" | "G" => 1 << 30,
            _ => return None,
        };
        number.parse::<u64>().ok()?.checked_mul(factor).map(Self)
    }
}

impl Setting for Duration {
    const EXPECTED: &'static str = "a duration with its unit, such as 250ms, 30s, 10m or 24h";

    fn read(text: &str) -> Option<Self> {
        let (number, unit) = split_unit(text);
        let number: u64 = number.parse().ok()?;
        let seconds_per_unit = match unit {
            "ms" => return Some(Self::from_millis(number)),
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return None,
        };
        number.checked_mul(seconds_per_unit).map(Self::from_secs)
    }
}

impl Setting for bool {
    const EXPECTED: &'static str = "true or false";

    fn read(text: &str) -> Option<Self> {
        match text {
            "true" | "1" | "yes" | "on" => Some(true),
            "false" | "0" | "no" | "off" => Some(false),
            _ => None,
        }
    }
}

impl<T: Setting> Setting for Vec<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    /// A list with commas between; blank members are skipped.
    fn read(text: &str) -> Option<Self> {
        text.split(',').map(str::trim).filter(|member| !member.is_empty()).map(T::read).collect()
    }
}

macro_rules! by_from_str {
    ($($kind:ty: $expected:literal),+ $(,)?) => {
        $(impl Setting for $kind {
            const EXPECTED: &'static str = $expected;

            fn read(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        })+
    };
}

by_from_str! {
    String: "text",
    PathBuf: "a path",
    u16: "a whole number from 0 to 65535",
    u32: "a whole number, 0 or more",
    u64: "a whole number, 0 or more",
    usize: "a whole number, 0 or more",
    f64: "a number",
    SocketAddr: "an address with its port, such as 127.0.0.1:8000 or [::]:8000",
    Url: "an absolute URL, such as https://e2i.example.org",
}

/// `8MiB` -> (`8`, `MiB`).
fn split_unit(text: &str) -> (&str, &str) {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (number, unit.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_want_a_unit() {
        assert_eq!(Duration::read("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(Duration::read("2h"), Some(Duration::from_hours(2)));
        assert_eq!(Duration::read("30"), None);
        assert_eq!(Duration::read("1.5s"), None);
        assert_eq!(Duration::read("99999999999999999d"), None);
    }

    #[test]
    fn sizes_are_binary_or_decimal_as_written() {
        assert_eq!(ByteSize::read("8MiB"), Some(ByteSize(8 << 20)));
        assert_eq!(ByteSize::read("8 MB"), Some(ByteSize(8_000_000)));
        assert_eq!(ByteSize::read("-1"), None);
        assert_eq!(ByteSize::read("99999999999GiB"), None);
    }

    #[test]
    fn lists_skip_blanks_and_refuse_a_bad_member() {
        assert_eq!(Vec::<u16>::read("1, 2,,3"), Some(vec![1, 2, 3]));
        assert_eq!(Vec::<u16>::read("1,x"), None);
    }
}
