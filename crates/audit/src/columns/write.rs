//! A table on its way into a file: rows are gathered until a row group is full, so that memory is
//! bounded by one group and what is compressed already.

use std::sync::Arc;

use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::{ColumnPath, Type};
use wealth_core::audit::Record;

use super::{COLUMNS, Cell, Kind, SCHEMA_VERSION, TableError, cells};

/// A row group ends with this many rows, or with so many bytes.
const GROUP_ROWS: usize = 65_536;
const GROUP_BYTES: usize = 16 << 20;

/// A file of Parquet that is being written.
pub struct Table {
    writer: SerializedFileWriter<Vec<u8>>,
    columns: Vec<Column>,
    rows: usize,
    bytes: usize,
}

/// The cells of a column that wait for their row group.
struct Column {
    levels: Vec<i16>,
    values: Values,
}

enum Values {
    Numbers(Vec<i64>),
    Fixed(Vec<FixedLenByteArray>),
    Texts(Vec<ByteArray>),
}

impl Table {
    /// An empty one.
    ///
    /// # Errors
    /// [`TableError`].
    pub fn new() -> Result<Self, TableError> {
        let schema = Arc::new(schema()?);
        let writer = SerializedFileWriter::new(Vec::new(), schema, properties()?)?;
        Ok(Self { writer, columns: COLUMNS.map(Column::new).into(), rows: 0, bytes: 0 })
    }

    /// Appends a row.
    ///
    /// # Errors
    /// The record fits no row.
    pub fn push(&mut self, record: &Record) -> Result<(), TableError> {
        for (place, cell) in cells(record)?.into_iter().enumerate() {
            if let (Some(column), Some((name, _))) =
                (self.columns.get_mut(place), COLUMNS.get(place))
            {
                self.bytes += column.push(cell).ok_or(TableError::Cell(name))?;
            }
        }
        self.rows += 1;
        if self.rows >= GROUP_ROWS || self.bytes >= GROUP_BYTES {
            self.end_group()?;
        }
        Ok(())
    }

    /// How many bytes there are: those that are written, and those that wait to be compressed.
    pub fn size(&self) -> usize {
        self.writer.bytes_written() + self.bytes
    }

    /// The file.
    ///
    /// # Errors
    /// [`TableError`].
    pub fn finish(mut self) -> Result<Vec<u8>, TableError> {
        if self.rows > 0 {
            self.end_group()?;
        }
        Ok(self.writer.into_inner()?)
    }

    fn end_group(&mut self) -> Result<(), TableError> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            column.write(&mut group)?;
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Column {
    fn new((_, kind): (&str, Kind)) -> Self {
        let values = match kind {
            Kind::Number | Kind::Instant => Values::Numbers(Vec::new()),
            Kind::Hash | Kind::Id => Values::Fixed(Vec::new()),
            Kind::Text | Kind::Json => Values::Texts(Vec::new()),
        };
        Self { levels: Vec::new(), values }
    }

    /// Takes a cell, and says how many bytes it has; nothing for one of another kind.
    fn push(&mut self, cell: Cell) -> Option<usize> {
        self.levels.push(i16::from(cell != Cell::Null));
        match (&mut self.values, cell) {
            (_, Cell::Null) => Some(0),
            (Values::Numbers(values), Cell::Number(number)) => {
                values.push(number);
                Some(8)
            }
            (Values::Fixed(values), Cell::Bytes(bytes)) => {
                let length = bytes.len();
                values.push(ByteArray::from(bytes).into());
                Some(length)
            }
            (Values::Texts(values), Cell::Bytes(bytes)) => {
                let length = bytes.len();
                values.push(bytes.into());
                Some(length + 4)
            }
            _ => None,
        }
    }

    fn write(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    ) -> Result<(), TableError> {
        let mut column = group.next_column()?.ok_or(TableError::Columns)?;
        let levels = Some(self.levels.as_slice());
        match (column.untyped(), &mut self.values) {
            (ColumnWriter::Int64ColumnWriter(writer), Values::Numbers(values)) => {
                writer.write_batch(values, levels, None)?;
                values.clear();
            }
            (ColumnWriter::FixedLenByteArrayColumnWriter(writer), Values::Fixed(values)) => {
                writer.write_batch(values, levels, None)?;
                values.clear();
            }
            (ColumnWriter::ByteArrayColumnWriter(writer), Values::Texts(values)) => {
                writer.write_batch(values, levels, None)?;
                values.clear();
            }
            _ => return Err(TableError::Columns),
        }
        column.close()?;
        self.levels.clear();
        Ok(())
    }
}

/// The columns as Parquet names them. What a leaf without its event has is required, the rest is not.
pub(super) fn schema() -> Result<Type, ParquetError> {
    let column = |(place, (name, kind)): (usize, &(&str, Kind))| {
        let presence = if place < 3 { "required" } else { "optional" };
        let kind = match kind {
            Kind::Number => format!("int64 {name}"),
            Kind::Instant => format!("int64 {name} (TIMESTAMP(MICROS,true))"),
            Kind::Hash => format!("fixed_len_byte_array(32) {name}"),
            Kind::Id => format!("fixed_len_byte_array(16) {name} (UUID)"),
            Kind::Text => format!("byte_array {name} (STRING)"),
            Kind::Json => format!("byte_array {name} (JSON)"),
        };
        format!("{presence} {kind};")
    };
    let columns: String = COLUMNS.iter().enumerate().map(column).collect();
    parse_message_type(&format!("message audit_events {{ {columns} }}"))
}

/// Nothing in it tells of when or where a file was written, so that a second one of the same rows is
/// the same, byte by byte.
fn properties() -> Result<WriterPropertiesPtr, ParquetError> {
    let version = KeyValue::new("wealth.schema".to_owned(), SCHEMA_VERSION.to_string());
    let mut properties = WriterProperties::builder()
        .set_created_by("wealth".to_owned())
        .set_key_value_metadata(Some(vec![version]))
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for (name, kind) in COLUMNS {
        let path = || ColumnPath::from(name);
        // What is random or in order anyway fills a dictionary for nothing.
        let unique = matches!(name, "leaf_index" | "leaf_hash" | "event_id" | "salt")
            || kind == Kind::Instant;
        if unique {
            properties = properties.set_column_dictionary_enabled(path(), false);
        }
        if matches!(kind, Kind::Number | Kind::Instant) {
            properties = properties.set_column_encoding(path(), Encoding::DELTA_BINARY_PACKED);
        }
        if matches!(kind, Kind::Json | Kind::Hash) || name == "salt" {
            properties = properties.set_column_statistics_enabled(path(), EnabledStatistics::None);
        }
    }
    Ok(Arc::new(properties.build()))
}
