//! CSV records: where one ends, and its fields.

use std::io::{Read, Result};

use super::line::{Line, Lines};

/// Most bytes of one record: room for 200,000 characters of terms, and a bound on memory.
pub const MAX_RECORD: usize = 1024 * 1024;
/// Most fields of one record; no known file has half as many columns.
const MAX_FIELDS: usize = 256;

/// Spreadsheets put it before a file in UTF-8.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Record {
    /// The end of the file.
    End,
    /// A record, whose first line is this.
    Whole(u64),
    /// A line that cannot be a record, and why.
    Bad(u64, &'static str, &'static str),
}

/// Reads the next record that is not blank into `text`.
///
/// Quotation marks follow RFC 4180 strictly: around a whole field, doubled inside. A mark elsewhere
/// makes the first line bad, and the lines after it are read anew; so the damage of an unclosed
/// mark ends with its line, and no text is scanned more than twice.
pub(super) fn next_record<R: Read>(lines: &mut Lines<R>, text: &mut Vec<u8>) -> Result<Record> {
    text.clear();
    let mut state = State::FieldStart;
    let mut first = None;
    loop {
        let start = text.len();
        match lines.next(text)? {
            Line::End => {
                return Ok(match first {
                    Some((line, end)) => unclosed(lines, text, line, end),
                    None => Record::End,
                });
            }
            Line::TooLong if first.is_none() => {
                return Ok(Record::Bad(lines.number, "record_too_long", "exceeds 1 MiB"));
            }
            Line::TooLong => {
                let (line, end) = first.unwrap_or((lines.number, text.len()));
                // The long line is gone; a blank one keeps its place, the others are read anew.
                text.push(b'\n');
                lines.take_back(&text[end..]);
                let message = "quotes text of more than 1 MiB";
                return Ok(Record::Bad(line, "record_too_long", message));
            }
            Line::Whole => {}
        }
        if lines.number == 1 && text.starts_with(BYTE_ORDER_MARK) {
            text.drain(..BYTE_ORDER_MARK.len());
        }
        let (line, end) = *first.get_or_insert((lines.number, text.len()));
        match scan(&text[start..], state) {
            Some(State::Quoted) if text.len() > MAX_RECORD => {
                return Ok(unclosed(lines, text, line, end));
            }
            Some(State::Quoted) => state = State::Quoted,
            Some(_) if text.trim_ascii().is_empty() => {
                text.clear();
                first = None;
            }
            Some(_) => return Ok(Record::Whole(line)),
            None => {
                lines.take_back(&text[end..]);
                let message = "has a quotation mark inside a field: quote the whole field and double the mark";
                return Ok(Record::Bad(line, "quote_invalid", message));
            }
        }
    }
}

fn unclosed<R: Read>(lines: &mut Lines<R>, text: &[u8], line: u64, end: usize) -> Record {
    lines.take_back(&text[end..]);
    Record::Bad(line, "quote_unclosed", "opens a quotation mark that is never closed")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// After a mark inside a quoted field: its end, or the first of a doubled one.
    Mark,
}

/// The state after a line; none if a quotation mark stands where none may.
fn scan(line: &[u8], mut state: State) -> Option<State> {
    for byte in line {
        state = match (state, byte) {
            (State::FieldStart | State::Mark, b'"') => State::Quoted,
            (State::Quoted, b'"') => State::Mark,
            (State::Quoted, _) => State::Quoted,
            (_, b',') => State::FieldStart,
            (State::Mark, b'\r' | b'\n') => State::Mark,
            (State::Plain, b'"') | (State::Mark, _) => return None,
            _ => State::Plain,
        };
    }
    Some(state)
}

/// Splits records into fields.
pub(super) struct Splitter {
    reader: csv_core::Reader,
    fields: Vec<u8>,
    ends: Vec<usize>,
}

impl Splitter {
    pub(super) fn new() -> Self {
        let ends = vec![0; MAX_FIELDS];
        Self { reader: csv_core::Reader::new(), fields: Vec::new(), ends }
    }

    /// The fields of a record; none if there are too many.
    pub(super) fn split(&mut self, record: &mut Vec<u8>) -> Option<Vec<&[u8]>> {
        if !record.ends_with(b"\n") {
            record.push(b'\n');
        }
        self.fields.resize(record.len().max(self.fields.len()), 0);
        let (result, _, _, count) =
            self.reader.read_record(record, &mut self.fields, &mut self.ends);
        self.reader.reset();
        if result != csv_core::ReadRecordResult::Record {
            return None;
        }
        let mut start = 0;
        let field = |end: &usize| {
            let field = &self.fields[start..*end];
            start = *end;
            field
        };
        Some(self.ends[..count].iter().map(field).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Line and fields of a record, or line and reason.
    type Outcome = std::result::Result<(u64, Vec<String>), (u64, &'static str)>;

    fn records(text: &[u8]) -> Vec<Outcome> {
        let mut lines = Lines::new(text, MAX_RECORD);
        let mut splitter = Splitter::new();
        let mut record = Vec::new();
        let mut found = Vec::new();
        loop {
            match next_record(&mut lines, &mut record).unwrap() {
                Record::End => return found,
                Record::Bad(line, code, _) => found.push(Err((line, code))),
                Record::Whole(line) => {
                    let fields = splitter.split(&mut record).unwrap();
                    let fields = fields.iter().map(|f| String::from_utf8_lossy(f).into_owned());
                    found.push(Ok((line, fields.collect())));
                }
            }
        }
    }

    fn ok(line: u64, fields: &[&str]) -> Outcome {
        Ok((line, fields.iter().map(|f| (*f).to_owned()).collect()))
    }

    #[test]
    fn fields_may_hold_commas_marks_and_breaks() {
        let text = b"a,\"b,\"\"c\"\"\r\nd\",e\r\n\r\n,\n\"\"\nlast";
        assert_eq!(
            records(text),
            [ok(1, &["a", "b,\"c\"\r\nd", "e"]), ok(4, &["", ""]), ok(5, &[""]), ok(6, &["last"])]
        );
    }

    #[test]
    fn an_unclosed_mark_spoils_its_own_line_only() {
        let text = b"a,\"b\nc,d\ne,f\n";
        assert_eq!(
            records(text),
            [Err((1, "quote_unclosed")), ok(2, &["c", "d"]), ok(3, &["e", "f"])]
        );
        let text = b"a,\"b\nc,\"d\"\ne,5\" pipe\nf,g";
        assert_eq!(
            records(text),
            [
                Err((1, "quote_invalid")),
                ok(2, &["c", "d"]),
                Err((3, "quote_invalid")),
                ok(4, &["f", "g"])
            ]
        );
    }

    #[test]
    fn an_over_long_record_is_bounded() {
        let long = format!("a,\"{}\nb,c\n", "x\n".repeat(MAX_RECORD));
        let found = records(long.as_bytes());
        assert_eq!(found[0], Err((1, "quote_unclosed")));
        assert!(found.last().unwrap() == &ok(MAX_RECORD as u64 + 2, &["b", "c"]));
        let long = format!("{}\nb,c\n", "x".repeat(MAX_RECORD + 1));
        assert_eq!(records(long.as_bytes()), [Err((1, "record_too_long")), ok(2, &["b", "c"])]);
    }

    #[test]
    fn a_quoted_line_beyond_the_limit_is_never_dropped_silently() {
        let text = format!("a,\"b\nc,d\n{}\n\",e\nf,g\n", "x".repeat(MAX_RECORD + 1));
        let found = records(text.as_bytes());
        assert_eq!(found[0], Err((1, "record_too_long")));
        assert_eq!(found[1], ok(2, &["c", "d"]));
        assert_eq!(found.last().unwrap(), &ok(5, &["f", "g"]));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(rows in prop::collection::vec(prop::collection::vec("[a\",\n\r é]{0,6}", 2..4), 1..6)) {
            let quote = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
            let text: String = rows.iter()
                .map(|row| row.iter().map(quote).collect::<Vec<_>>().join(",") + "\n")
                .collect();
            let found: Vec<_> = records(text.as_bytes()).into_iter().map(|r| r.unwrap().1).collect();
            prop_assert_eq!(found, rows);
        }

        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(prop::sample::select(b"a,\"\n\r\xff".to_vec()), 0..200)) {
            let lines = bytes.split(|b| *b == b'\n').count();
            prop_assert!(records(&bytes).len() <= lines);
        }
    }
}
