//! A look at a footer before the library reads it: flat, not encrypted, and no larger than it may be.
//!
//! The library follows a schema as deep as it goes and believes the number of children; here both are seen first.

use super::ParquetProblem;
use super::thrift::{Bytes, Flaw, Kind};
use crate::text::Limits;

/// Row groups of a file.
pub(super) const MOST_GROUPS: usize = 20_000;
/// Pieces of a file: columns times row groups.
pub(super) const MOST_CHUNKS: usize = 1_000_000;

const REPEATED: i64 = 2;
/// Converted types.
const MAP: [i64; 2] = [1, 2];
const LIST: i64 = 3;
/// Logical types.
const LOGICAL_MAP: i16 = 2;
const LOGICAL_LIST: i16 = 3;

/// One element of a schema, as far as it matters here.
#[derive(Default)]
struct Element {
    name: String,
    children: i64,
    repetition: i64,
    converted: Option<i64>,
    logical: Option<i16>,
}

/// Why a footer is not read.
enum Stop {
    Flaw(Flaw),
    Problem(ParquetProblem),
}

impl From<Flaw> for Stop {
    fn from(flaw: Flaw) -> Self {
        Self::Flaw(flaw)
    }
}

/// Looks at a whole footer.
pub(super) fn scan(footer: &[u8], limits: &Limits) -> Result<(), ParquetProblem> {
    let mut bytes = Bytes::new(footer);
    let (mut columns, mut groups) = (None, 0);
    let mut stopped = None;
    let scanned = bytes.structure(|bytes, id, kind| {
        match id {
            2 => match schema(bytes, kind, limits) {
                Ok(count) => columns = Some(count),
                Err(Stop::Flaw(flaw)) => return Err(flaw),
                Err(Stop::Problem(problem)) => {
                    stopped = Some(problem);
                    return Err(Flaw::Senseless);
                }
            },
            4 => {
                groups = bytes.structures_of(kind)?;
                for _ in 0..groups {
                    bytes.structure(|_, _, _| Ok(false))?;
                }
            }
            8 => {
                stopped = Some(ParquetProblem::Encrypted);
                return Err(Flaw::Senseless);
            }
            _ => return Ok(false),
        }
        Ok(true)
    });
    if let Some(problem) = stopped {
        return Err(problem);
    }
    scanned.map_err(ParquetProblem::damaged)?;
    let columns = columns.ok_or_else(|| ParquetProblem::damaged("it has no schema"))?;
    let most_groups = MOST_GROUPS.min(MOST_CHUNKS / columns.max(1));
    if groups > most_groups {
        return Err(ParquetProblem::TooManyGroups { found: groups, limit: most_groups });
    }
    Ok(())
}

/// The number of columns of a flat schema.
fn schema(bytes: &mut Bytes<'_>, kind: Kind, limits: &Limits) -> Result<usize, Stop> {
    let elements = bytes.structures_of(kind)?;
    let root = if elements == 0 { Element::default() } else { element(bytes)? };
    for position in 1..elements {
        let element = element(bytes)?;
        if let Some(kind) = nested(&element) {
            return Err(Stop::Problem(ParquetProblem::Nested { position, column: element.name, kind }));
        }
    }
    let columns = elements.saturating_sub(1);
    if usize::try_from(root.children) != Ok(columns) {
        return Err(Stop::Problem(ParquetProblem::damaged("its schema has other columns than it says")));
    }
    if columns > limits.max_columns {
        let (found, limit) = (columns, limits.max_columns);
        return Err(Stop::Problem(ParquetProblem::TooManyColumns { found, limit }));
    }
    Ok(columns)
}

fn element(bytes: &mut Bytes<'_>) -> Result<Element, Flaw> {
    let mut element = Element::default();
    bytes.structure(|bytes, id, kind| {
        match id {
            3 => element.repetition = bytes.integer_of(kind)?,
            4 => element.name = String::from_utf8_lossy(bytes.binary_of(kind)?).chars().take(200).collect(),
            5 => element.children = bytes.integer_of(kind)?,
            6 => element.converted = Some(bytes.integer_of(kind)?),
            10 if kind == Kind::STRUCTURE => bytes.structure(|_, id, _| {
                element.logical = Some(id);
                Ok(false)
            })?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(element)
}

fn nested(element: &Element) -> Option<&'static str> {
    let is_map = element.converted.is_some_and(|kind| MAP.contains(&kind)) || element.logical == Some(LOGICAL_MAP);
    let is_list = element.converted == Some(LIST) || element.logical == Some(LOGICAL_LIST);
    if element.children == 0 {
        return (element.repetition == REPEATED).then_some("a list of values");
    }
    Some(if is_map {
        "a map"
    } else if is_list || element.repetition == REPEATED {
        "a list of values"
    } else {
        "a structure of several values"
    })
}
