//! How seconds grow from 10,000 to 1,000,000 rows, and how much memory 1,000,000 rows take.

use serde_json::{Map, Value, json};

use crate::files::Files;
use crate::support::{Outcome, child, rounded};

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
/// Jobs and their largest size: pairs of rows in twenty dimensions are too many at a million.
const JOBS: [(&str, usize); 6] = [
    ("ols", 1_000_000),
    ("aipw_linear", 1_000_000),
    ("ipw", 1_000_000),
    ("matching_log_odds", 1_000_000),
    ("twfe", 1_000_000),
    ("matching_mahalanobis", 100_000),
];

/// Slopes of the logarithm of the least seconds on that of the rows.
pub(crate) fn run(files: &Files) -> Outcome<Map<String, Value>> {
    let mut figures = Map::new();
    let mut points = vec![Vec::new(); JOBS.len()];
    for rows in SIZES {
        for ((job, most), points) in JOBS.iter().zip(&mut points) {
            if rows > *most {
                continue;
            }
            let repeats = if rows == 10_000 { 9 } else { 3 };
            let found = child(job, &files.of(job, rows)?, repeats)?;
            points.push(((rows as f64).ln(), found["least_s"].as_f64().unwrap_or(f64::NAN).max(1e-5).ln()));
            if rows == 1_000_000 {
                // One repeat: between repeats the allocator keeps what the last one freed.
                let once = child(job, &files.of(job, rows)?, 1)?;
                figures.insert(format!("{job}_1m_s"), found["s"].clone());
                figures.insert(format!("{job}_1m_peak_mib"), once["peak_mib"].clone());
                figures.insert(format!("{job}_1m_peak_times_data"), once["peak_times_data"].clone());
            }
        }
        files.forget(rows);
    }
    for ((job, _), points) in JOBS.iter().zip(points) {
        figures.insert(format!("{job}_growth_exponent"), json!(rounded(slope(&points))));
    }
    Ok(figures)
}

fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let centre = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (centre(|point| point.0), centre(|point| point.1));
    let products: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    products / points.iter().map(|point| (point.0 - x) * (point.0 - x)).sum::<f64>()
}
