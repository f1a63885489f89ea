//! A CSV file, packed or not, row by row.

use std::fs;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use csv::ByteRecord;
use flate2::read::MultiGzDecoder;

use crate::cells::{Cells, Column};
use crate::failure::Failure;
use crate::fault::{Fault, Faults, File, quoted};
use crate::line_marks::LineMarks;
use crate::progress::Progress;

/// An open file whose header was read.
pub(crate) struct Table {
    file: File,
    path: PathBuf,
    reader: csv::Reader<LineMarks<Box<dyn Read>>>,
    header: ByteRecord,
    record: ByteRecord,
    usable: bool,
}

impl Table {
    /// Opens `NAME` or `NAME.gz` in the folder; `None` where neither is there.
    pub(crate) fn open(
        folder: &Path,
        file: File,
        progress: &Progress,
    ) -> Result<Option<Self>, Failure> {
        let plain = folder.join(file.name());
        let packed = folder.join(format!("{}.gz", file.name()));
        let (path, is_packed) = match (plain.exists(), packed.exists()) {
            (true, true) => return Err(Failure::Both { path: plain }),
            (false, false) => return Ok(None),
            (is_plain, is_packed) => (if is_plain { plain } else { packed }, is_packed),
        };
        let opened = fs::File::open(&path).map_err(Failure::file(&path))?;
        let length = opened.metadata().map_err(Failure::file(&path))?.len();
        let bytes = BufReader::new(progress.reading(opened, length, file.name()));
        let bytes: Box<dyn Read> = if is_packed {
            Box::new(MultiGzDecoder::new(bytes))
        } else {
            Box::new(bytes)
        };
        let mut table = Self {
            file,
            path,
            reader: csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(LineMarks::new(bytes)),
            header: ByteRecord::new(),
            record: ByteRecord::new(),
            usable: true,
        };
        let mut header = ByteRecord::new();
        table.read(&mut header)?;
        table.header = header;
        Ok(Some(table))
    }

    /// As [`Self::open`], for a file that must be there.
    pub(crate) fn open_required(
        folder: &Path,
        file: File,
        progress: &Progress,
    ) -> Result<Self, Failure> {
        Self::open(folder, file, progress)?.ok_or_else(|| Failure::Missing {
            path: folder.join(file.name()),
        })
    }

    /// A column that every row needs.
    pub(crate) fn require(&mut self, name: &'static str, faults: &mut Faults) -> Column {
        self.find(name, true, faults)
    }

    /// A column that may be missing.
    pub(crate) fn column(&mut self, name: &'static str, faults: &mut Faults) -> Column {
        self.find(name, false, faults)
    }

    fn find(&mut self, name: &'static str, needed: bool, faults: &mut Faults) -> Column {
        let wanted = name.as_bytes();
        let mut found = self.header.iter().enumerate().filter(|&(index, cell)| {
            // The CSV reader strips a byte order mark only where it arrives in one piece.
            let marked = index == 0 && cell.strip_prefix("\u{feff}".as_bytes()) == Some(wanted);
            cell == wanted || marked
        });
        let index = found.next().map(|(index, _)| index);
        let reason = if found.next().is_some() {
            Some("the header has it twice".to_owned())
        } else if index.is_some() {
            None
        } else if let Some(cell) = self
            .header
            .iter()
            .find(|cell| letters(cell) == letters(wanted))
        {
            // An optional column too: without it the result would be another one.
            let cell = quoted(&String::from_utf8_lossy(cell));
            Some(format!("the header has {cell}: did you mean {name}?"))
        } else {
            needed.then(|| self.missing())
        };
        if let Some(reason) = reason {
            self.bad_header(name, reason, faults);
        }
        Column { name, index }
    }

    fn missing(&self) -> String {
        let semicolons = self.header.len() == 1 && self.header.as_slice().contains(&b';');
        let hint = if semicolons {
            " (the columns seem to be parted by semicolons; commas are needed)"
        } else {
            ""
        };
        format!("the header has no such column{hint}")
    }

    /// Whether its header has what is needed, once the columns were asked for.
    pub(crate) fn is_usable(&self) -> bool {
        self.usable
    }

    fn bad_header(&mut self, column: &'static str, reason: String, faults: &mut Faults) {
        self.usable = false;
        faults.unusable();
        faults.add(Fault {
            file: self.file,
            line: 1,
            column: Some(column),
            reason,
        });
    }

    /// The next row that is not empty in all its cells, as spreadsheets write blank ones. One of the
    /// wrong form is reported and comes as one that is not good.
    pub(crate) fn next_row<'a>(
        &'a mut self,
        faults: &'a mut Faults,
    ) -> Result<Option<Cells<'a>>, Failure> {
        let unclosed = loop {
            let mut record = std::mem::take(&mut self.record);
            let read = self.read(&mut record);
            self.record = record;
            if !read? {
                return Ok(None);
            }
            let unclosed = self.reader.get_ref().unclosed();
            if unclosed.is_some() || self.record.iter().any(|cell| !cell.is_empty()) {
                break unclosed;
            }
        };
        let offset = self.record.position().map_or(0, csv::Position::byte);
        let line = self.reader.get_mut().line_at(offset);
        let mut cells = Cells::new(self.file, line, &self.record, faults);
        if let Some(opened) = unclosed {
            cells.fault(
                None,
                format!("the quote opened in line {opened} is never closed"),
            );
        } else if self.record.len() != self.header.len() {
            let (found, wanted) = (self.record.len(), self.header.len());
            cells.fault(None, format!("{found} fields; the header has {wanted}"));
        }
        Ok(Some(cells))
    }

    fn read(&mut self, record: &mut ByteRecord) -> Result<bool, Failure> {
        self.reader
            .read_byte_record(record)
            .map_err(|source| Failure::Csv {
                path: self.path.clone(),
                source,
            })
    }
}

/// What is left of a header without capitals, blanks, strokes and dots.
fn letters(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell);
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
