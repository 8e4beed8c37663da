//! Which byte separates the fields, when nobody said.

use super::Limits;
use super::records::Records;

/// In the order in which a tie is decided.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Rows that are looked at.
const SAMPLE_ROWS: usize = 1000;

/// The candidate that cuts the header into most fields among those under which the most rows are as wide as the
/// header; comma when none cuts the header at all (a table of one column).
pub(super) fn find(sample: &[u8], is_whole_file: bool) -> u8 {
    let sample = if is_whole_file { sample } else { whole_lines(sample) };
    let mut best = (0.0, 1, CANDIDATES[0]);
    for delimiter in CANDIDATES {
        let (fit, width) = fit(sample, delimiter);
        if width > 1 && (fit > best.0 || (fit >= best.0 && width > best.1)) {
            best = (fit, width, delimiter);
        }
    }
    best.2
}

/// The sample without what may be a cut-off row; all of it when it is one.
fn whole_lines(sample: &[u8]) -> &[u8] {
    let last_end = sample.iter().rposition(|&byte| byte == b'\n' || byte == b'\r');
    last_end.map_or(sample, |end| &sample[..=end])
}

/// The share of rows as wide as the header, and the header's width.
fn fit(sample: &[u8], delimiter: u8) -> (f64, usize) {
    let Ok(mut records) = Records::open(sample, Some(delimiter), Limits::CHECKED) else { return (0.0, 0) };
    let (mut width, mut rows, mut fitting) = (0, 0, 0);
    // A sample may end within quotes: what comes before counts.
    while let Ok(Some(record)) = records.next_record() {
        if rows == 0 {
            width = record.len();
        }
        rows += 1;
        fitting += usize::from(record.len() == width);
        if rows == SAMPLE_ROWS {
            break;
        }
    }
    (if rows == 0 { 0.0 } else { fitting as f64 / rows as f64 }, width)
}
