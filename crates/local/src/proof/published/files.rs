//! The tables behind the published values.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context, bail};
use flate2::read::GzDecoder;

/// A table of the literature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    /// `LaLonde` 1986, Dehejia and Wahba 1999.
    Nsw,
    /// The treated of NSW with the comparison group CPS-1.
    NswAndCps,
    /// Hernan and Robins, What If.
    Nhefs,
    /// Hazlett 2019; Cinelli and Hazlett 2020.
    Darfur,
    /// Kiel and `McClain` 1995.
    Kielmc,
    /// Meyer, Viscusi and Durbin 1995: the rows of Kentucky.
    InjuryKentucky,
    /// Invented, with folds, for comparisons with `DoubleML` (`testdata/doubly_robust_reference.py`).
    Folded,
    /// Invented, staggered starts, for comparisons with `csdid`.
    Staggered,
}

impl Table {
    pub(super) const ALL: [Self; 8] = [
        Self::Nsw,
        Self::NswAndCps,
        Self::Nhefs,
        Self::Darfur,
        Self::Kielmc,
        Self::InjuryKentucky,
        Self::Folded,
        Self::Staggered,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Nsw => "nsw",
            Self::NswAndCps => "nsw-and-cps",
            Self::Nhefs => "nhefs",
            Self::Darfur => "darfur",
            Self::Kielmc => "kielmc",
            Self::InjuryKentucky => "injury-kentucky",
            Self::Folded => "doubly-robust",
            Self::Staggered => "staggered",
        }
    }

    pub(super) fn read(self, testdata: &Path) -> anyhow::Result<String> {
        match self {
            Self::Nsw => plain(&testdata.join("nsw.csv")),
            Self::NswAndCps => treated_and_controls(testdata),
            Self::Nhefs => gzip(&testdata.join("nhefs.csv.gz")),
            Self::Darfur => gzip(&testdata.join("darfur.csv.gz")),
            Self::Kielmc => plain(&testdata.join("kielmc.csv")),
            Self::InjuryKentucky => kentucky(&gzip(&testdata.join("injury.csv.gz"))?),
            Self::Folded => plain(&testdata.join("doubly_robust.csv")),
            Self::Staggered => plain(&testdata.join("panel_staggered.csv")),
        }
    }
}

fn plain(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("read {}", file.display()))
}

fn gzip(file: &Path) -> anyhow::Result<String> {
    let packed = std::fs::File::open(file).with_context(|| format!("open {}", file.display()))?;
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text).with_context(|| format!("unpack {}", file.display()))?;
    Ok(text)
}

/// Both files have the same columns in the same order; the second is the treatment.
fn treated_and_controls(testdata: &Path) -> anyhow::Result<String> {
    let (nsw, cps) = (plain(&testdata.join("nsw.csv"))?, gzip(&testdata.join("cps_controls.csv.gz"))?);
    let (mut nsw, mut cps) = (nsw.lines(), cps.lines());
    let header = nsw.next().context("nsw.csv is empty")?;
    if cps.next() != Some(header) {
        bail!("the columns of nsw.csv and cps_controls.csv.gz differ");
    }
    let mut table = format!("{header}\n");
    for row in nsw.filter(|row| row.split(',').nth(1) == Some("1")).chain(cps) {
        // Writing to a string does not fail.
        let _ = writeln!(table, "{row}");
    }
    Ok(table)
}

fn kentucky(table: &str) -> anyhow::Result<String> {
    let header = table.lines().next().context("injury.csv is empty")?;
    let place = header.split(',').position(|name| name == "ky").context("injury.csv has no column ky")?;
    let rows = table.lines().skip(1).filter(|row| row.split(',').nth(place) == Some("1"));
    Ok(std::iter::once(header).chain(rows).flat_map(|line| [line, "\n"]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_observational_comparison_has_its_16177_rows() {
        let testdata = Path::new("../../testdata");
        let table = treated_and_controls(testdata).unwrap();
        assert_eq!(table.lines().count(), 1 + 16_177);
    }
}
