//! The crate as its users see it: files in, tables or reasons out.
#![expect(clippy::unwrap_used, reason = "a test that finds nothing where something must be is to panic")]

mod bad_files;
mod bad_parquet;
mod bad_workbook;
mod bucket;
mod chunks;
mod good_files;
mod memory;
mod objects;
mod panel;
mod parquet;
mod parquet_files;
mod profile;
mod raw_parquet;
mod read;
mod recipe;
mod recipe_memory;
mod round_trip;
mod s3_server;
mod support;
mod upload;
mod workbook;
