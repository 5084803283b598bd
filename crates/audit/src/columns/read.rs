//! A file read row by row, one row group in memory at a time.

use bytes::Bytes;
use parquet::column::reader::ColumnReader;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use wealth_core::audit::Record;

use super::{COLUMNS, Cell, TableError, record};

/// The rows of a file, in its order.
pub struct Rows {
    file: SerializedFileReader<Bytes>,
    next_group: usize,
    /// The present group, a column each.
    columns: Vec<std::vec::IntoIter<Cell>>,
    rows: usize,
    failed: bool,
}

impl Rows {
    /// Opens a file.
    ///
    /// # Errors
    /// It is no Parquet, or has other columns.
    pub fn open(file: Bytes) -> Result<Self, TableError> {
        let file = SerializedFileReader::new(file)?;
        let schema = file.metadata().file_metadata().schema_descr();
        let names = schema.columns().iter().map(|column| column.name());
        if !names.eq(COLUMNS.map(|(name, _)| name)) {
            return Err(TableError::Columns);
        }
        Ok(Self { file, next_group: 0, columns: Vec::new(), rows: 0, failed: false })
    }

    /// How many rows it says it has.
    pub fn len(&self) -> u64 {
        u64::try_from(self.file.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// Whether it says that it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn read(&mut self) -> Result<Option<Record>, TableError> {
        while self.rows == 0 {
            if self.next_group >= self.file.num_row_groups() {
                return Ok(None);
            }
            self.read_group()?;
        }
        self.rows -= 1;
        let cell = |column: &mut std::vec::IntoIter<Cell>| column.next().unwrap_or(Cell::Null);
        record(self.columns.iter_mut().map(cell).collect()).map(Some)
    }

    fn read_group(&mut self) -> Result<(), TableError> {
        let group = self.file.get_row_group(self.next_group)?;
        self.next_group += 1;
        let rows = usize::try_from(group.metadata().num_rows()).map_err(|_| TableError::Columns)?;
        self.columns.clear();
        for (place, (name, _)) in COLUMNS.iter().enumerate() {
            // Two columns may have the length that a damaged file claims; what they hold decides.
            let cells = column(group.get_column_reader(place)?, rows)?;
            if cells.len() != rows {
                return Err(TableError::Cell(name));
            }
            self.columns.push(cells.into_iter());
        }
        self.rows = rows;
        Ok(())
    }
}

impl Iterator for Rows {
    type Item = Result<Record, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let read = self.read();
        self.failed = read.is_err();
        read.transpose()
    }
}

/// The cells of a column of a row group.
fn column(reader: ColumnReader, rows: usize) -> Result<Vec<Cell>, TableError> {
    /// Reads to the end; the levels say which rows have a value.
    macro_rules! all {
        ($reader:ident, $kind:ty, $cell:expr) => {{
            let (mut levels, mut values) = (Vec::new(), Vec::<$kind>::new());
            let mut read = 0;
            while read < rows {
                let (records, _, _) =
                    $reader.read_records(rows - read, Some(&mut levels), None, &mut values)?;
                if records == 0 {
                    break;
                }
                read += records;
            }
            let mut values = values.into_iter().map($cell);
            if levels.is_empty() {
                values.collect()
            } else {
                let present = |level: i16| if level > 0 { values.next() } else { Some(Cell::Null) };
                levels.into_iter().map_while(present).collect()
            }
        }};
    }
    Ok(match reader {
        ColumnReader::Int64ColumnReader(mut reader) => all!(reader, i64, Cell::Number),
        ColumnReader::ByteArrayColumnReader(mut reader) => {
            all!(reader, ByteArray, |value: ByteArray| Cell::Bytes(value.data().to_vec()))
        }
        ColumnReader::FixedLenByteArrayColumnReader(mut reader) => {
            all!(reader, FixedLenByteArray, |value: FixedLenByteArray| Cell::Bytes(
                value.data().to_vec()
            ))
        }
        _ => return Err(TableError::Columns),
    })
}
