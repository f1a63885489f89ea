//! What is wrong with the files: every faulty row, by file, line, column and reason.

use std::collections::HashSet;
use std::fmt;

/// A file of the input folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum File {
    Demand,
    Receipts,
    Cancellations,
}

impl File {
    /// Its name without what packs it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Demand => "demand.csv",
            Self::Receipts => "receipts.csv",
            Self::Cancellations => "cancellations.csv",
        }
    }
}

/// One fault. Lines count from 1, which is the header.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fault {
    pub(crate) file: File,
    pub(crate) line: u64,
    /// `None`: the row as a whole.
    pub(crate) column: Option<&'static str>,
    pub(crate) reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            column,
            reason,
        } = self;
        write!(f, "{}: line {line}, ", file.name())?;
        if let Some(column) = column {
            write!(f, "column {column}: ")?;
        }
        f.write_str(reason)
    }
}

/// All faults of an input, and what they concern.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    list: Vec<Fault>,
    /// Orders that a faulty row names, by id: incomplete where orders ship whole.
    orders: HashSet<u32>,
    /// Faulty order lines and cancellations that do not say which order they belong to.
    nameless: u64,
    /// Files that cannot be used at all, because a column is missing.
    unusable: bool,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.list.push(fault);
    }

    /// A faulty row belongs to this order, or does not say to which.
    pub(crate) fn concerns(&mut self, order: Option<u32>) {
        match order {
            Some(order) => {
                self.orders.insert(order);
            }
            None => self.nameless += 1,
        }
    }

    /// A file lacks what no row can do without.
    pub(crate) fn unusable(&mut self) {
        self.unusable = true;
    }

    pub(crate) fn is_unusable(&self) -> bool {
        self.unusable
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn concerned(&self, order: u32) -> bool {
        self.orders.contains(&order)
    }

    pub(crate) fn nameless(&self) -> u64 {
        self.nameless
    }

    /// The cells that have a fault already, so that nothing is said of what stands in for them.
    pub(crate) fn cells(&self, file: File) -> HashSet<(u64, Option<&'static str>)> {
        let of_file = self.list.iter().filter(|fault| fault.file == file);
        of_file.map(|fault| (fault.line, fault.column)).collect()
    }

    /// All of them, by file and line.
    pub(crate) fn sorted(&mut self) -> &[Fault] {
        // Stable: the faults of one row stay in the order of its columns.
        self.list.sort_by_key(|fault| (fault.file, fault.line));
        &self.list
    }

    /// How many rows have a fault.
    pub(crate) fn rows(&self) -> usize {
        let rows = self.list.iter().map(|fault| (fault.file, fault.line));
        rows.collect::<HashSet<_>>().len()
    }
}

/// A value as a message shows it: quoted, control characters escaped, never endless.
pub(crate) fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{:?}…", text.get(..end).unwrap_or_default()),
        None => format!("{text:?}"),
    }
}
