//! The files of one run, made when first asked for.

use std::path::PathBuf;

use causal::synthetic::{observational, staggered};

use crate::data::{observational_names, write_columns, write_csv};
use crate::panel::{COLUMNS, JOBS};
use crate::support::Outcome;

const SEED: u64 = 20_240_601;

/// A folder of files.
pub(crate) struct Files {
    pub(crate) folder: PathBuf,
}

impl Files {
    /// The columns that a job reads.
    pub(crate) fn of(&self, job: &str, rows: usize) -> Outcome<PathBuf> {
        let panel = JOBS.contains(&job);
        let file = self.path(panel, rows, "columns");
        if !file.exists() {
            if panel {
                write_columns(&staggered(rows, SEED), &COLUMNS, &file)?;
            } else {
                let names = observational_names();
                write_columns(
                    &observational(rows, SEED),
                    &names.iter().map(String::as_str).collect::<Vec<_>>(),
                    &file,
                )?;
            }
        }
        Ok(file)
    }

    /// The same rows for the peers.
    pub(crate) fn csv(&self, panel: bool, rows: usize) -> Outcome<PathBuf> {
        let file = self.path(panel, rows, "csv");
        if panel {
            write_csv(&staggered(rows, SEED), &["unit", "time", "g", "d", "y"], &file)?;
        } else {
            let names = observational_names();
            write_csv(&observational(rows, SEED), &names.iter().map(String::as_str).collect::<Vec<_>>(), &file)?;
        }
        Ok(file)
    }

    /// Removes the files of a size that only the growth is measured at.
    pub(crate) fn forget(&self, rows: usize) {
        if rows > 100_000 {
            for panel in [false, true] {
                // What is left is removed with the folder.
                drop(std::fs::remove_file(self.path(panel, rows, "columns")));
            }
        }
    }

    fn path(&self, panel: bool, rows: usize, kind: &str) -> PathBuf {
        self.folder.join(format!("{}_{rows}.{kind}", if panel { "did" } else { "obs" }))
    }
}
