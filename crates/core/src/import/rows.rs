//! The row iterator.

use std::io::Read;

use super::columns::{Kind, column_of};
use super::line::{Line, Lines};
use super::record::{BYTE_ORDER_MARK, MAX_RECORD, Record, Splitter, next_record};
use super::{Format, HeaderError, People, Products, Rates, Row, RowError, RowFailure};
use crate::violations::Violations;

/// Rows of a file, good and bad, in order. Ends after the last row or an I/O error.
pub struct Rows<R, K> {
    lines: Lines<R>,
    format: Format,
    splitter: Splitter,
    record: Vec<u8>,
    /// Index into the kind's columns, by position in the file.
    header: Vec<usize>,
    kind: K,
    done: bool,
}

/// Opens a file of products.
///
/// # Errors
/// [`HeaderError`] if a CSV header is missing or wrong.
pub fn products<R: Read>(input: R, format: Format) -> Result<Rows<R, Products>, HeaderError> {
    Rows::open(input, format)
}

/// Opens a file of rates.
///
/// # Errors
/// [`HeaderError`] if a CSV header is missing or wrong.
pub fn rates<R: Read>(input: R, format: Format) -> Result<Rows<R, Rates>, HeaderError> {
    Rows::open(input, format)
}

/// Opens a file of people.
///
/// # Errors
/// [`HeaderError`] if a CSV header is missing or wrong.
pub fn people<R: Read>(input: R, format: Format) -> Result<Rows<R, People>, HeaderError> {
    Rows::open(input, format)
}

impl<R: Read, K: Kind> Rows<R, K> {
    fn open(input: R, format: Format) -> Result<Self, HeaderError> {
        let mut rows = Self {
            lines: Lines::new(input, MAX_RECORD),
            format,
            splitter: Splitter::new(),
            record: Vec::new(),
            header: Vec::new(),
            kind: K::default(),
            done: false,
        };
        if format == Format::Csv {
            rows.read_header()?;
        }
        Ok(rows)
    }

    /// Bytes read so far, for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.lines.bytes
    }

    fn read_header(&mut self) -> Result<(), HeaderError> {
        match next_record(&mut self.lines, &mut self.record)? {
            Record::End => return Err(HeaderError::Empty),
            Record::Bad(..) => return Err(HeaderError::Unreadable),
            Record::Whole(_) => {}
        }
        let fields = self.splitter.split(&mut self.record).ok_or(HeaderError::Unreadable)?;
        let (mut unknown, mut repeated) = (Vec::new(), Vec::new());
        for field in fields {
            let name = std::str::from_utf8(field).map_err(|_| HeaderError::Unreadable)?;
            let name = name.trim().to_ascii_lowercase();
            match K::COLUMNS.iter().position(|(known, _)| *known == name) {
                None => unknown.push(shown(&name)),
                Some(at) if self.header.contains(&at) => repeated.push(name),
                Some(at) => self.header.push(at),
            }
        }
        let has = |name: &str| self.header.iter().any(|at| K::COLUMNS[*at].0 == name);
        let missing: Vec<String> =
            K::REQUIRED.iter().filter(|name| !has(name)).map(|name| (*name).to_owned()).collect();
        match () {
            () if !unknown.is_empty() => {
                let known = K::COLUMNS.iter().map(|(name, _)| *name).collect();
                Err(HeaderError::Unknown { unknown, known })
            }
            () if !repeated.is_empty() => Err(HeaderError::Repeated(repeated)),
            () if !missing.is_empty() => Err(HeaderError::Missing(missing)),
            () => Ok(()),
        }
    }

    fn next_csv(&mut self) -> Option<Result<Row<K::Value>, RowFailure>> {
        let line = match next_record(&mut self.lines, &mut self.record) {
            Ok(Record::End) => return None,
            Ok(Record::Bad(line, code, message)) => {
                return Some(Err(whole_row(line, code, message)));
            }
            Ok(Record::Whole(line)) => line,
            Err(error) => return Some(Err(self.fatal(error))),
        };
        let Some(fields) = self.splitter.split(&mut self.record) else {
            return Some(Err(whole_row(line, "field_count", "has too many fields")));
        };
        if fields.len() != self.header.len() {
            let message =
                format!("has {} fields, the header has {}", fields.len(), self.header.len());
            return Some(Err(whole_row(line, "field_count", &message)));
        }
        let mut draft = K::Draft::default();
        let mut v = Violations::new();
        for (field, at) in fields.into_iter().zip(&self.header) {
            let (column, pointer) = K::COLUMNS[*at];
            match std::str::from_utf8(field).map(str::trim) {
                Err(_) => v.add(pointer, "utf8_invalid", "is not UTF-8"),
                Ok("") => {}
                Ok(text) => {
                    if let Err(error) = K::set(&mut draft, column, text) {
                        v.add(pointer, error.code, error.message);
                    }
                }
            }
        }
        Some(self.finish(line, draft, v))
    }

    fn next_ndjson(&mut self) -> Option<Result<Row<K::Value>, RowFailure>> {
        loop {
            self.record.clear();
            match self.lines.next(&mut self.record) {
                Ok(Line::End) => return None,
                Ok(Line::Whole) => {}
                Ok(Line::TooLong) => {
                    let line = self.lines.number;
                    return Some(Err(whole_row(line, "record_too_long", "exceeds 1 MiB")));
                }
                Err(error) => return Some(Err(self.fatal(error))),
            }
            let line = self.lines.number;
            let text = if line == 1 {
                self.record.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&self.record)
            } else {
                &self.record
            };
            if text.trim_ascii().is_empty() {
                continue;
            }
            return Some(match K::from_json(text) {
                Ok(draft) => self.finish(line, draft, Violations::new()),
                Err(v) => Err(self.bad(line, v)),
            });
        }
    }

    fn finish(
        &mut self,
        line: u64,
        draft: K::Draft,
        mut v: Violations,
    ) -> Result<Row<K::Value>, RowFailure> {
        match self.kind.finish(draft) {
            Ok(value) if v.is_empty() => Ok(Row { line, value }),
            Ok(_) => Err(self.bad(line, v)),
            Err(found) => {
                // A cell that could not be read is not also missing.
                let known: Vec<String> = v.0.iter().map(|e| e.pointer.clone()).collect();
                v.0.extend(found.0.into_iter().filter(|e| !known.contains(&e.pointer)));
                Err(self.bad(line, v))
            }
        }
    }

    fn bad(&self, line: u64, v: Violations) -> RowFailure {
        let column = |pointer: String| match self.format {
            Format::Csv => column_of::<K>(&pointer),
            Format::Ndjson => Some(pointer).filter(|p| !p.is_empty()),
        };
        let error = |e: crate::violations::FieldError| RowError {
            line,
            column: column(e.pointer),
            code: e.code.into_owned(),
            message: e.message,
        };
        RowFailure::Bad(v.0.into_iter().map(error).collect())
    }

    fn fatal(&mut self, error: std::io::Error) -> RowFailure {
        self.done = true;
        RowFailure::Io(error)
    }
}

impl<R: Read, K: Kind> Iterator for Rows<R, K> {
    type Item = Result<Row<K::Value>, RowFailure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        match self.format {
            Format::Csv => self.next_csv(),
            Format::Ndjson => self.next_ndjson(),
        }
    }
}

fn whole_row(line: u64, code: &str, message: &str) -> RowFailure {
    let error = RowError { line, column: None, code: code.to_owned(), message: message.to_owned() };
    RowFailure::Bad(vec![error])
}

/// A name of the file as it may be shown: short and printable.
fn shown(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
    if name.is_empty() { "(empty)".to_owned() } else { name }
}

#[cfg(test)]
mod tests;
