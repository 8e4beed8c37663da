//! Files that are not delimited text, known by their first bytes. Workbooks and Parquet files are met here only within
//! gzip: as they are they are tables.

/// A kind of file that people upload by mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Binary {
    /// Office Open XML.
    #[error("an Excel workbook (.xlsx)")]
    Xlsx,
    /// OLE compound file.
    #[error("an old Excel workbook (.xls) or one with a password")]
    Xls,
    /// `OpenDocument`.
    #[error("an OpenDocument spreadsheet (.ods)")]
    Ods,
    /// Any other zip archive.
    #[error("a zip archive")]
    Zip,
    /// Tape archive.
    #[error("a tar archive")]
    Tar,
    /// Apache Parquet.
    #[error("a Parquet file")]
    Parquet,
    /// Apache Arrow IPC or Feather.
    #[error("an Arrow or Feather file")]
    Arrow,
    /// `SQLite`.
    #[error("an SQLite database")]
    Sqlite,
    /// Stata.
    #[error("a Stata file (.dta)")]
    Stata,
    /// SPSS.
    #[error("an SPSS file (.sav)")]
    Spss,
    /// Compressed by something other than gzip, or more than once.
    #[error("compressed with {0}")]
    Compressed(&'static str),
    /// PDF.
    #[error("a PDF document")]
    Pdf,
    /// A web page.
    #[error("a web page (HTML)")]
    Html,
    /// PNG or JPEG.
    #[error("an image")]
    Image,
}

impl Binary {
    /// What to do.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Xlsx | Self::Parquet => "upload it as it is, not packed with gzip",
            Self::Xls => "save it as .xlsx without a password and upload that",
            Self::Ods => "save the sheet as .xlsx or \"CSV UTF-8\" and upload that",
            Self::Zip | Self::Tar => "unpack it and upload the table in it",
            Self::Arrow => "write it as Parquet (pandas: df.to_parquet(\"table.parquet\"))",
            Self::Sqlite => "export the table as CSV and upload that",
            Self::Stata => "write it as CSV (Stata: export delimited) and upload that",
            Self::Spss => "save it as CSV (SPSS: SAVE TRANSLATE) and upload that",
            Self::Compressed(_) => "upload the CSV file plain or compressed once with gzip (.csv.gz)",
            Self::Pdf | Self::Image => "upload the table itself as CSV",
            Self::Html => "the download may have been a sign-in page; fetch the CSV file itself",
        }
    }

    /// The kind of a file that starts like this, if it is one of these. `start` need not be more than 512 bytes.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        const SIGNATURES: [(&[u8], Binary); 15] = [
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Binary::Xls),
            (b"PAR1", Binary::Parquet),
            (b"ARROW1\0", Binary::Arrow),
            (b"FEA1\0", Binary::Arrow),
            (b"SQLite format 3\0", Binary::Sqlite),
            (b"<stata_dta>", Binary::Stata),
            (b"$FL2@(#)", Binary::Spss),
            (b"%PDF-", Binary::Pdf),
            (b"\x28\xB5\x2F\xFD", Binary::Compressed("zstd")),
            (b"BZh91AY&SY", Binary::Compressed("bzip2")),
            (b"\xFD7zXZ\0", Binary::Compressed("xz")),
            (b"7z\xBC\xAF\x27\x1C", Binary::Compressed("7-Zip")),
            (b"\x1F\x8B\x08", Binary::Compressed("gzip twice")),
            (b"\x89PNG\r\n\x1A\n", Binary::Image),
            (b"\xFF\xD8\xFF", Binary::Image),
        ];
        if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
            return Some(Self::of_zip(start));
        }
        if start.get(257..262) == Some(b"ustar") {
            return Some(Self::Tar);
        }
        if is_html(start) {
            return Some(Self::Html);
        }
        SIGNATURES.iter().find(|(signature, _)| start.starts_with(signature)).map(|(_, format)| *format)
    }

    fn of_zip(start: &[u8]) -> Self {
        let holds = |name: &[u8]| start.windows(name.len()).any(|part| part == name);
        if holds(b"[Content_Types].xml") || holds(b"_rels/") || holds(b"xl/") {
            Self::Xlsx
        } else if holds(b"opendocument.spreadsheet") {
            Self::Ods
        } else {
            Self::Zip
        }
    }
}

fn is_html(start: &[u8]) -> bool {
    let text = start.trim_ascii_start();
    let begins = |tag: &[u8]| text.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag));
    begins(b"<!doctype html") || begins(b"<html")
}
