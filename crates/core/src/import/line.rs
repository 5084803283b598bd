//! Physical lines of bounded length.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Result};

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// The end of the file.
    End,
    /// A line with its line break, if it has one.
    Whole,
    /// A line beyond the limit; its text was thrown away.
    TooLong,
}

/// Reads lines, and takes lines back.
pub(super) struct Lines<R> {
    input: BufReader<R>,
    returned: VecDeque<Vec<u8>>,
    limit: usize,
    /// Lines handed out, less those taken back.
    pub(super) number: u64,
    /// Bytes read from the file.
    pub(super) bytes: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(input: R, limit: usize) -> Self {
        let input = BufReader::with_capacity(64 * 1024, input);
        Self { input, returned: VecDeque::new(), limit, number: 0, bytes: 0 }
    }

    /// Appends the next line to `into`.
    pub(super) fn next(&mut self, into: &mut Vec<u8>) -> Result<Line> {
        if let Some(line) = self.returned.pop_front() {
            self.number += 1;
            into.extend_from_slice(&line);
            return Ok(Line::Whole);
        }
        let start = into.len();
        let mut too_long = false;
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                break;
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(chunk.len(), |at| at + 1);
            if into.len() - start + used > self.limit {
                too_long = true;
                into.truncate(start);
            }
            if !too_long {
                into.extend_from_slice(&chunk[..used]);
            }
            self.input.consume(used);
            self.bytes += used as u64;
            if end.is_some() {
                break;
            }
        }
        if !too_long && into.len() == start {
            return Ok(Line::End);
        }
        self.number += 1;
        Ok(if too_long { Line::TooLong } else { Line::Whole })
    }

    /// Takes back all lines of `text`, to be read again.
    pub(super) fn take_back(&mut self, text: &[u8]) {
        for line in text.split_inclusive(|byte| *byte == b'\n').rev() {
            self.returned.push_front(line.to_vec());
            self.number -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_thrown_away_and_counted() {
        let text = format!("one\n{}\nthree", "x".repeat(100));
        let mut lines = Lines::new(text.as_bytes(), 10);
        let mut line = Vec::new();
        assert_eq!(lines.next(&mut line).unwrap(), Line::Whole);
        assert_eq!(line, b"one\n");
        line.clear();
        assert_eq!(lines.next(&mut line).unwrap(), Line::TooLong);
        assert!(line.is_empty());
        assert_eq!(lines.next(&mut line).unwrap(), Line::Whole);
        assert_eq!((line.as_slice(), lines.number), (b"three".as_slice(), 3));
        assert_eq!(lines.next(&mut line).unwrap(), Line::End);
        assert_eq!(lines.bytes, text.len() as u64);
    }

    #[test]
    fn lines_taken_back_come_again() {
        let mut lines = Lines::new(b"a\nb\nc".as_slice(), 10);
        let mut text = Vec::new();
        for _ in 0..3 {
            lines.next(&mut text).unwrap();
        }
        lines.take_back(b"b\nc");
        let mut again = Vec::new();
        lines.next(&mut again).unwrap();
        assert_eq!((again.as_slice(), lines.number), (b"b\n".as_slice(), 2));
    }
}
