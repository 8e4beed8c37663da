//! Stored tables, read: the wanted columns as Arrow arrays ([`Table`]), or the first rows as text ([`preview`]).
//!
//! Both block the calling thread: an agent calls them as they are, a server through `spawn_blocking`. The file is read
//! once, of a Parquet file only the wanted columns; of it only the wanted columns stay in memory: 8 bytes a row for a number or a point in
//! time, 4 for a date, 4 plus each distinct text once for text, and a bit for whether there is a value.

mod error;
mod fields;
mod gather;
mod preview;
mod stored;
mod table;

pub use error::ReadError;
pub(crate) use fields::each_field;
pub(crate) use gather::Gatherer;
pub use gather::Values;
pub use preview::{Preview, preview};
pub(crate) use stored::open;
pub use table::Table;
