//! What the values of a column are, from the schema of the file.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::schema::types::ColumnDescriptor;

use super::ParquetProblem;

/// The meaning of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaf {
    Boolean,
    /// Whole numbers that use all bits of their type.
    Signed,
    /// Whole numbers without a sign.
    Unsigned,
    /// Single precision, widened.
    Single,
    Double,
    /// Whole numbers with the point so many digits from the right.
    Decimal {
        scale: u32,
    },
    /// Days since 1970-01-01.
    Date,
    /// Since 1970-01-01T00:00Z, or on whichever clock.
    Timestamp(Unit),
    /// Since midnight.
    TimeOfDay(Unit),
    /// Nanoseconds of a Julian day, as Spark and Impala once wrote.
    JulianNanoseconds,
    /// UTF-8.
    Text,
    Uuid,
    /// Nothing but nulls.
    Nothing,
}

/// What time is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

impl Unit {
    pub(super) const fn a_second(self) -> i64 {
        match self {
            Self::Milliseconds => 1_000,
            Self::Microseconds => 1_000_000,
            Self::Nanoseconds => 1_000_000_000,
        }
    }

    fn of(unit: TimeUnit) -> Self {
        match unit {
            TimeUnit::MILLIS => Self::Milliseconds,
            TimeUnit::MICROS => Self::Microseconds,
            TimeUnit::NANOS => Self::Nanoseconds,
        }
    }
}

const CAST: &str = "cast it to a number, a date or text";
/// Bytes of a decimal number of 38 digits.
const MOST_DECIMAL_BYTES: i32 = 16;

impl Leaf {
    /// The meaning of a column, or why it has none here. `position` counts from 1.
    pub(super) fn of(column: &ColumnDescriptor, position: usize) -> Result<Self, ParquetProblem> {
        let refused = |kind, advice| {
            let column = column.name().to_owned();
            ParquetProblem::Type { position, column, kind, advice }
        };
        if let Some(logical) = column.logical_type_ref() {
            return Self::of_logical(logical, column).map_err(|kind| refused(kind, CAST));
        }
        match (column.converted_type(), column.physical_type()) {
            (ConvertedType::NONE, Type::BOOLEAN) => Ok(Self::Boolean),
            (ConvertedType::NONE, Type::INT32 | Type::INT64) => Ok(Self::Signed),
            (ConvertedType::NONE, Type::INT96) => Ok(Self::JulianNanoseconds),
            (ConvertedType::NONE, Type::FLOAT) => Ok(Self::Single),
            (ConvertedType::NONE, Type::DOUBLE) => Ok(Self::Double),
            (ConvertedType::NONE, Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY) => {
                Err(refused("bytes without a meaning (binary)", "write text as strings"))
            }
            (converted, physical) => {
                Self::of_converted(converted, physical, column).map_err(|kind| refused(kind, CAST))
            }
        }
    }

    fn of_logical(logical: &LogicalType, column: &ColumnDescriptor) -> Result<Self, &'static str> {
        const OTHER: &str = "values of a type that is not known here";
        match (logical, column.physical_type()) {
            (LogicalType::String | LogicalType::Enum | LogicalType::Json, Type::BYTE_ARRAY) => Ok(Self::Text),
            (LogicalType::Integer(kind), Type::INT32 | Type::INT64) => {
                Ok(if kind.is_signed { Self::Signed } else { Self::Unsigned })
            }
            (LogicalType::Decimal(decimal), _) => Self::decimal(decimal.scale, column),
            (LogicalType::Date, Type::INT32) => Ok(Self::Date),
            (LogicalType::Timestamp(stamp), Type::INT64) => Ok(Self::Timestamp(Unit::of(stamp.unit))),
            (LogicalType::Time(time), Type::INT32 | Type::INT64) => Ok(Self::TimeOfDay(Unit::of(time.unit))),
            (LogicalType::Uuid, Type::FIXED_LEN_BYTE_ARRAY) if column.type_length() == 16 => Ok(Self::Uuid),
            (LogicalType::Unknown, _) => Ok(Self::Nothing),
            (LogicalType::Bson, _) => Err("BSON documents"),
            (LogicalType::Float16, _) => Err("numbers of half precision (float16)"),
            (LogicalType::Variant(_), _) => Err("values of changing types (variant)"),
            (LogicalType::Geometry(_) | LogicalType::Geography(_), _) => Err("shapes (geometry)"),
            _ => Err(OTHER),
        }
    }

    fn of_converted(converted: ConvertedType, physical: Type, column: &ColumnDescriptor) -> Result<Self, &'static str> {
        use ConvertedType as Kind;
        match (converted, physical) {
            (Kind::UTF8 | Kind::ENUM | Kind::JSON, Type::BYTE_ARRAY) => Ok(Self::Text),
            (Kind::INT_8 | Kind::INT_16 | Kind::INT_32, Type::INT32) | (Kind::INT_64, Type::INT64) => Ok(Self::Signed),
            (Kind::UINT_8 | Kind::UINT_16 | Kind::UINT_32, Type::INT32) | (Kind::UINT_64, Type::INT64) => {
                Ok(Self::Unsigned)
            }
            (Kind::DECIMAL, _) => Self::decimal(column.type_scale(), column),
            (Kind::DATE, Type::INT32) => Ok(Self::Date),
            (Kind::TIME_MILLIS, Type::INT32) => Ok(Self::TimeOfDay(Unit::Milliseconds)),
            (Kind::TIME_MICROS, Type::INT64) => Ok(Self::TimeOfDay(Unit::Microseconds)),
            (Kind::TIMESTAMP_MILLIS, Type::INT64) => Ok(Self::Timestamp(Unit::Milliseconds)),
            (Kind::TIMESTAMP_MICROS, Type::INT64) => Ok(Self::Timestamp(Unit::Microseconds)),
            (Kind::INTERVAL, _) => Err("spans of time (interval)"),
            (Kind::BSON, _) => Err("BSON documents"),
            _ => Err("values of a type that is not known here"),
        }
    }

    fn decimal(scale: i32, column: &ColumnDescriptor) -> Result<Self, &'static str> {
        let is_number =
            matches!(column.physical_type(), Type::INT32 | Type::INT64 | Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY);
        let is_wide = column.physical_type() == Type::FIXED_LEN_BYTE_ARRAY && column.type_length() > MOST_DECIMAL_BYTES;
        match u32::try_from(scale) {
            _ if is_wide => Err("decimal numbers of more than 38 digits"),
            Ok(scale @ 0..=38) if is_number => Ok(Self::Decimal { scale }),
            _ => Err("decimal numbers of a scale that cannot be read"),
        }
    }
}
