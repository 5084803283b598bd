//! A file as batches.

use std::io::{self, Read};

use wealth_core::IdGen;
use wealth_core::import::{self, Format, HeaderError, Products, Rates, Row, RowFailure, Rows};

use super::batch::Batch;
use super::row_json;

/// Bytes of a file that one batch holds at most, so that a few long rows weigh no more than many
/// short ones.
const BATCH_BYTES: u64 = 2 * 1024 * 1024;

/// What a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Products with their first rate and window.
    Products,
    /// Rates of products that exist.
    Rates,
}

impl Kind {
    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Products => "products",
            Self::Rates => "rates",
        }
    }
}

/// Reads a file batch by batch in constant memory.
pub struct Reader<R> {
    rows: Source<R>,
    batch: usize,
    next_line: u64,
    /// The end of the file was seen.
    ended: bool,
}

enum Source<R> {
    Products(Box<Rows<R, Products>>),
    Rates(Box<Rows<R, Rates>>),
}

impl<R: Read> Reader<R> {
    /// Opens a file; rows before `next_line` were loaded by an earlier run and are passed over.
    ///
    /// # Errors
    /// A CSV header that is missing or wrong.
    pub fn open(
        kind: Kind,
        input: R,
        format: Format,
        batch: usize,
        next_line: u64,
    ) -> Result<Self, HeaderError> {
        let rows = match kind {
            Kind::Products => Source::Products(Box::new(import::products(input, format)?)),
            Kind::Rates => Source::Rates(Box::new(import::rates(input, format)?)),
        };
        Ok(Self { rows, batch, next_line, ended: false })
    }

    /// Bytes of the file read so far.
    pub fn bytes_read(&self) -> u64 {
        match &self.rows {
            Source::Products(rows) => rows.bytes_read(),
            Source::Rates(rows) => rows.bytes_read(),
        }
    }

    /// The next batch; none at the end of the file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn next_batch(&mut self, ids: &dyn IdGen) -> io::Result<Option<Batch>> {
        let start = self.bytes_read();
        let mut batch = Batch { first_line: self.next_line, ..Batch::default() };
        let (mut size, mut rows) = (0, Vec::new());
        while !self.ended && size < self.batch && self.bytes_read() - start < BATCH_BYTES {
            let next = match &mut self.rows {
                Source::Products(rows) => rows.next().map(|row| read(row, ids, row_json::product)),
                Source::Rates(rows) => rows.next().map(|row| read(row, ids, row_json::rate)),
            };
            match next {
                None => self.ended = true,
                Some(Ok((line, _))) if line < self.next_line => {}
                Some(Ok((line, value))) => {
                    rows.push(value);
                    batch.next_line = line + 1;
                    size += 1;
                }
                Some(Err(RowFailure::Bad(errors))) => {
                    // A bad row has at least one error, and all of them name its line.
                    let line = errors.first().map_or(0, |error| error.line);
                    if line >= self.next_line {
                        batch.next_line = line + 1;
                        batch.errors.extend(errors);
                        batch.failed += 1;
                        size += 1;
                    }
                }
                Some(Err(RowFailure::Io(error))) => return Err(error),
            }
        }
        if size == 0 && self.ended {
            return Ok(None);
        }
        batch.rows = serde_json::Value::Array(rows);
        batch.next_line = batch.next_line.max(batch.first_line);
        self.next_line = batch.next_line;
        Ok(Some(batch))
    }
}

fn read<T>(
    row: Result<Row<T>, RowFailure>,
    ids: &dyn IdGen,
    json: impl Fn(Row<T>, &dyn IdGen) -> serde_json::Value,
) -> Result<(u64, serde_json::Value), RowFailure> {
    let row = row?;
    Ok((row.line, json(row, ids)))
}
