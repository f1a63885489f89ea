//! Which line of a file a CSV record starts in.
//!
//! The CSV reader counts records and bytes; people open the file in an editor and count lines,
//! blank ones and those inside quotes too. This reader passes the bytes on and notes where each line
//! starts.

use std::collections::VecDeque;
use std::io::{self, Read};

const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// Passes bytes on and remembers, for what is still ahead of the CSV reader, where lines start.
pub(crate) struct LineMarks<R> {
    inner: R,
    /// Bytes passed on.
    offset: u64,
    /// The line of the next byte.
    line: u64,
    at_line_start: bool,
    after_cr: bool,
    /// Offset and number of every line that is not blank.
    starts: VecDeque<(u64, u64)>,
    quote: Quote,
    /// The line of the last opening quote.
    opened: u64,
    ended: bool,
}

/// Where in a field the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    FieldStart,
    Plain,
    Quoted,
    /// Behind a quote inside quotes: the end, or half of a doubled one.
    Closing,
}

impl<R> LineMarks<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self {
            inner,
            offset: 0,
            line: 1,
            at_line_start: true,
            after_cr: false,
            starts: VecDeque::new(),
            quote: Quote::FieldStart,
            opened: 1,
            ended: false,
        }
    }

    /// The line of the record that the CSV reader began to look for at byte `offset`. Offsets rise
    /// from call to call.
    pub(crate) fn line_at(&mut self, offset: u64) -> u64 {
        while let Some(&(start, line)) = self.starts.front() {
            if start >= offset {
                return line;
            }
            self.starts.pop_front();
        }
        self.line
    }

    /// The line of a quote that is still open at the end of the file.
    pub(crate) fn unclosed(&self) -> Option<u64> {
        (self.ended && self.quote == Quote::Quoted).then_some(self.opened)
    }

    fn pass(&mut self, byte: u8) {
        let second_half_of_crlf = self.after_cr && byte == b'\n';
        let ends_line = matches!(byte, b'\r' | b'\n');
        if self.at_line_start && !ends_line {
            self.starts.push_back((self.offset, self.line));
        }
        if !second_half_of_crlf {
            self.line += u64::from(ends_line);
            self.at_line_start = ends_line;
        }
        self.after_cr = byte == b'\r';
        self.quote = match (self.quote, byte) {
            (Quote::FieldStart, b'"') => {
                self.opened = self.line;
                Quote::Quoted
            }
            (Quote::Quoted, b'"') => Quote::Closing,
            (Quote::Quoted, _) | (Quote::Closing, b'"') => Quote::Quoted,
            (_, b',' | b'\r' | b'\n') => Quote::FieldStart,
            (Quote::FieldStart, byte) if self.in_byte_order_mark(byte) => Quote::FieldStart,
            _ => Quote::Plain,
        };
        self.offset += 1;
    }

    fn in_byte_order_mark(&self, byte: u8) -> bool {
        let index = usize::try_from(self.offset).unwrap_or(usize::MAX);
        BYTE_ORDER_MARK.get(index) == Some(&byte)
    }
}

impl<R: Read> Read for LineMarks<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.ended = count == 0 && !buffer.is_empty();
        for &byte in buffer.iter().take(count) {
            self.pass(byte);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::LineMarks;

    /// The line of every record, as an editor shows it.
    fn lines(text: &str) -> Vec<u64> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(7)
            .from_reader(LineMarks::new(text.as_bytes()));
        let mut record = csv::ByteRecord::new();
        let mut lines = Vec::new();
        while reader.read_byte_record(&mut record).unwrap() {
            let offset = record.position().unwrap().byte();
            lines.push(reader.get_mut().line_at(offset));
        }
        lines
    }

    #[test]
    fn lines_are_counted_as_an_editor_does() {
        assert_eq!(lines("a\nb\nc"), [1, 2, 3]);
        assert_eq!(lines("a\r\nb\r\nc\r\n"), [1, 2, 3]);
        assert_eq!(lines("a\rb\rc\r"), [1, 2, 3]);
        assert_eq!(lines("\n\na\n\n\r\n\r\nb\n"), [3, 7]);
        assert_eq!(lines("a,\"x\ny\r\nz\"\nb\n"), [1, 4]);
        assert_eq!(lines("\u{feff}\"a\nb\",c\n\nd\n"), [1, 4]);
        assert_eq!(lines(""), Vec::<u64>::new());
    }
}
