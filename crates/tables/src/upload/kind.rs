//! What a file is, by its first bytes: neither its name nor what its sender calls it matters.

/// As many bytes of a file tell its kind.
pub(super) const START_BYTES: usize = 512;

/// How a file must be read to be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    /// From front to back: delimited text, plain or gzip, and everything that is refused by its first bytes.
    Text,
    /// Parquet: the end first.
    Parquet,
    /// A zip archive that may be a workbook: the end first.
    Workbook,
}

impl FileKind {
    /// The kind of a file that starts like this.
    pub(super) fn of(start: &[u8]) -> Self {
        if start.starts_with(b"PAR1") || start.starts_with(b"PARE") {
            Self::Parquet
        } else if is_office(start) {
            Self::Workbook
        } else {
            Self::Text
        }
    }
}

/// Office's archives start with one of a few parts; all other archives are refused unread.
fn is_office(start: &[u8]) -> bool {
    const FIRST_PARTS: [&[u8]; 6] =
        [b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"customXml/", b"[trash]/"];
    const NAME_AT: usize = 30;
    start.starts_with(b"PK\x03\x04")
        && FIRST_PARTS.iter().any(|part| start.get(NAME_AT..).is_some_and(|name| name.starts_with(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell() {
        let zip = |name: &str| [b"PK\x03\x04".as_slice(), &[0; 26], name.as_bytes()].concat();
        for (start, kind) in [
            (b"PAR1\x15\x04".to_vec(), FileKind::Parquet),
            (b"PAR".to_vec(), FileKind::Text),
            (zip("[Content_Types].xml"), FileKind::Workbook),
            (zip("xl/workbook.xml"), FileKind::Workbook),
            (zip("table.csv"), FileKind::Text),
            (zip("mimetypeapplication/vnd.oasis.opendocument.spreadsheet"), FileKind::Text),
            (b"a,b\n1,2\n".to_vec(), FileKind::Text),
            (Vec::new(), FileKind::Text),
        ] {
            assert_eq!(FileKind::of(&start), kind, "{}", String::from_utf8_lossy(&start));
        }
    }
}
