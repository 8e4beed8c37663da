//! A look at all of a workbook before the library unpacks any of it: a zip of a few kilobytes may hold petabytes.
//!
//! The sizes that the archive's directory declares are checked first, then each part is unpacked once, counted, and its
//! XML looked at ([`super::tokens`]). Nothing of it is kept.

use std::io::{ErrorKind, Read};

use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::WorkbookProblem;
use super::tokens::Tokens;
use crate::objects::PartReader;
use crate::text::{Limits, RecordError};

/// Any part that is not a sheet is held in memory by the library, one at a time.
const MOST_PART_BYTES: u64 = 64 << 20;
const MOST_PARTS: usize = 10_000;
const PIECE_BYTES: usize = 64 * 1024;

/// Makes sure that a workbook can be opened.
pub(super) fn guard(reader: PartReader, limits: &Limits) -> Result<(), RecordError> {
    let limit_bytes = limits.max_text_bytes;
    let mut archive = ZipArchive::new(reader).map_err(of_zip)?;
    if archive.len() > MOST_PARTS {
        return Err(WorkbookProblem::damaged(format!("it has {} parts", archive.len())).into());
    }
    is_workbook(&archive)?;
    let mut declared = 0_u64;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(of_zip)?;
        if !matches!(part.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(WorkbookProblem::damaged("a part is packed in a way that workbooks are not").into());
        }
        declared = declared.saturating_add(part.size());
    }
    if declared > limit_bytes {
        return Err(WorkbookProblem::TooLargeUnpacked { limit_bytes }.into());
    }
    let mut left = limit_bytes;
    for index in 0..archive.len() {
        left -= look_at_part(&mut archive, index, left, limit_bytes)?;
    }
    Ok(())
}

/// Which kind of archive it is, by the names of its parts.
fn is_workbook(archive: &ZipArchive<PartReader>) -> Result<(), WorkbookProblem> {
    let names: Vec<String> = archive.file_names().flatten().map(|name| name.to_ascii_lowercase()).collect();
    let has = |part: &str| names.iter().any(|name| name == part);
    let is_book = |name: &String| name.contains("workbook") && ending(name) == "xml";
    if has("[content_types].xml") && names.iter().any(is_book) {
        return Ok(());
    }
    let sheet = "save the sheet as .xlsx or \"CSV UTF-8\" and upload that";
    let (found, advice) = if has("xl/workbook.bin") {
        ("a binary Excel workbook (.xlsb)", sheet)
    } else if has("content.xml") {
        ("an OpenDocument file", sheet)
    } else if has("[content_types].xml") {
        ("an Office document without sheets", "upload the table itself as .xlsx or CSV")
    } else {
        ("a zip archive", "unpack it and upload the table in it")
    };
    Err(WorkbookProblem::NotAWorkbook { found, advice })
}

/// Unpacks a part and looks at it; gives how large it is.
fn look_at_part(
    archive: &mut ZipArchive<PartReader>,
    index: usize,
    left: u64,
    limit_bytes: u64,
) -> Result<u64, RecordError> {
    let mut part = archive.by_index(index).map_err(of_zip)?;
    let name = part.name().map_err(of_zip)?.into_owned();
    let lower = name.to_ascii_lowercase();
    let is_sheet = lower.starts_with("xl/worksheets/sheet") && ending(&lower) == "xml";
    let is_xml = matches!(ending(&lower), "xml" | "rels");
    let mut tokens = Tokens::new();
    let mut size = 0;
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let count = match part.read(&mut piece) {
            Ok(0) => return Ok(size),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(of_part(error, &name)),
        };
        size += count as u64;
        if size > left {
            return Err(WorkbookProblem::TooLargeUnpacked { limit_bytes }.into());
        }
        if !is_sheet && size > MOST_PART_BYTES {
            return Err(WorkbookProblem::PartTooLarge { part: name, limit_bytes: MOST_PART_BYTES }.into());
        }
        if is_xml {
            tokens.look(&piece[..count]).map_err(|flaw| WorkbookProblem::damaged(format!("`{name}` has {flaw}")))?;
        }
    }
}

/// What stands behind the last point.
fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// What unpacking says of the data is the file's fault, all else the store's.
fn of_part(error: std::io::Error, name: &str) -> RecordError {
    let damaged = matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof)
        || error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<ZipError>);
    if damaged { WorkbookProblem::damaged(format!("`{name}`: {error}")).into() } else { RecordError::Io(error) }
}

pub(super) fn of_zip(error: ZipError) -> RecordError {
    match error {
        ZipError::Io(error) if error.kind() != ErrorKind::UnexpectedEof => RecordError::Io(error),
        error => WorkbookProblem::damaged(error).into(),
    }
}

impl From<WorkbookProblem> for RecordError {
    fn from(problem: WorkbookProblem) -> Self {
        Self::Problem(problem.into())
    }
}
