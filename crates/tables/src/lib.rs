//! Files to tables: streaming upload, checks, schema inference, profiles, columns as Arrow, the object store.
//!
//! * [`objects`]: where files lie: a folder or an S3 bucket, behind one type.
//! * [`upload`]: bytes arrive, are checked, understood and stored in one pass, or refused with the place and reason.
//! * [`read`]: the wanted columns of a stored table as Arrow arrays; the first rows as text.
//! * [`panel`]: long data, one row for each unit and period, checked and laid out wide.
//! * [`recipe`]: a new table from a stored one: filtered, with derived columns, reshaped.
//! * [`profile`]: what stands in each column, in one or two passes.
//!
//! Underneath, [`text`] turns any `Read` into records (gzip, UTF-8, line numbers, quotes, bounds), [`columnar`] does
//! Parquet and [`workbook`] Excel, and [`values`] says what a field is: whatever a file was, its values are fields like
//! those of a CSV file. All users go through these, so that what an upload accepted is what a worker reads. Nothing here
//! holds a table in memory, except the columns that [`read::Table::load`] is asked for.
//!
//! To add a format: a variant of [`domain::dataset::TableFormat`], a module with a `check` and an `each_field` like
//! those two, its first bytes in `upload::kind`, a line in `upload::check_object` and one in `read::each_field`.

pub mod columnar;
pub mod objects;
pub mod panel;
pub mod profile;
pub mod read;
pub mod recipe;
pub mod text;
pub mod upload;
pub mod values;
pub mod workbook;
