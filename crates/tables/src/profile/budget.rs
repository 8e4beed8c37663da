//! How much of a table a profile may keep in memory.

use domain::dataset::TableSchema;

/// Bounds on what is kept, over all columns together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// For the numbers that quantiles are taken from.
    pub numbers_bytes: usize,
    /// For the distinct values and their counts.
    pub values_bytes: usize,
}

impl Default for Budget {
    /// 128 MiB each: a million numbers of each of 16 columns, and some 100,000 distinct values of each.
    fn default() -> Self {
        Self { numbers_bytes: 128 << 20, values_bytes: 128 << 20 }
    }
}

/// What one column may keep.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    /// Numbers kept before a sketch takes over.
    pub(super) numbers: usize,
    /// The sketch's `k`.
    pub(super) sketch_size: usize,
    /// Bytes of distinct values kept before estimates take over.
    pub(super) values_bytes: usize,
    /// Frequent values looked for once the distinct ones are too many.
    pub(super) candidates: usize,
    /// `HyperLogLog`'s registers, as a power of two.
    pub(super) register_bits: u32,
}

const MOST_NUMBERS: usize = 1_000_000;
const MOST_VALUES_BYTES: usize = 8 << 20;
/// Below this a column with a few dozen categories would not be counted exactly.
const LEAST_VALUES_BYTES: usize = 8 << 10;
const MANY_COLUMNS: usize = 2000;

impl Budget {
    pub(super) fn share_of_each(&self, schema: &TableSchema) -> Share {
        let columns = schema.columns.len().max(1);
        let numeric = schema.columns.iter().filter(|column| column.column_type.is_numeric()).count().max(1);
        let numbers = (self.numbers_bytes / size_of::<f64>() / numeric).min(MOST_NUMBERS);
        let values_bytes = (self.values_bytes / columns).clamp(LEAST_VALUES_BYTES, MOST_VALUES_BYTES);
        Share {
            numbers,
            sketch_size: (numbers / 4).clamp(256, 4096),
            values_bytes,
            candidates: (values_bytes / 64).clamp(100, 1000),
            register_bits: if columns > MANY_COLUMNS { 12 } else { 14 },
        }
    }
}
