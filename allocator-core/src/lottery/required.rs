//! What has to be drawn: the labels of a frozen list, and the hash that the list is published under.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use sha2::{Digest, Sha256};

use super::commit::check_draw;
use super::digest::Sha256Digest;
use super::record::Announcement;
use crate::error::{Error, LabelFault, Table};
use crate::limits::{MAX_CHAINED_DRAWS, MAX_DRAWN_UNITS, MAX_LIST_BYTES, MAX_NAME_BYTES, MAX_ROWS};
use crate::place::PlacePart;
use crate::policy::{Policy, words};
use crate::quantity::{Quantity, Total, at, tally};

/// What gets a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Drawn {
    /// Each label: rows of one label share a lot.
    Lines,
    /// Each unit: the k-th unit of a row is drawn as `label#k`.
    Units,
    /// Each label and each unit, for a policy that reads both.
    LinesAndUnits,
}

words!(
    Drawn,
    "drawn",
    "lines, units, lines_and_units",
    Lines = "lines",
    Units = "units",
    LinesAndUnits = "lines_and_units"
);

impl Drawn {
    /// What a policy needs drawn; `None` where it reads no lots.
    ///
    /// ```
    /// use allocator_core::{Drawn, Policy};
    /// let of = |policy: &str| policy.parse().map(|policy: Policy| Drawn::of(&policy));
    /// assert_eq!(of("first_come"), Ok(None));
    /// assert_eq!(of("draw_the_queue"), Ok(Some(Drawn::Lines)));
    /// assert_eq!(of("first_come:order:set_aside:quantity+lot"), Ok(Some(Drawn::Lines)));
    /// assert_eq!(of("classes_first(draw_each_unit)"), Ok(Some(Drawn::Units)));
    /// ```
    #[must_use]
    pub fn of(policy: &Policy) -> Option<Self> {
        let lines = policy.standing().parts().contains(&PlacePart::Lot);
        match (lines, policy.rule.draws_units()) {
            (false, false) => None,
            (true, false) => Some(Self::Lines),
            (false, true) => Some(Self::Units),
            (true, true) => Some(Self::LinesAndUnits),
        }
    }

    pub(super) const fn lines(self) -> bool {
        matches!(self, Self::Lines | Self::LinesAndUnits)
    }

    pub(super) const fn units(self) -> bool {
        matches!(self, Self::Units | Self::LinesAndUnits)
    }
}

/// An entry of the list: a row's label, or with a number that unit of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) row: u32,
    /// 0: the label itself.
    pub(super) unit: u32,
}

/// The labels of a frozen list, one for each row, and what is drawn of them.
///
/// The canonical list has every entry once, in the order of bytes, each followed by a line feed; so
/// `LC_ALL=C sort -u labels.txt | sha256sum` prints its hash.
///
/// ```
/// use allocator_core::{DrawRequired, Policy};
/// let policy: Policy = "draw_the_queue".parse()?;
/// let required = DrawRequired::new(&policy, &["b", "a", "b"], &[])?.expect("it reads lots");
/// assert_eq!(required.list(), "a\nb\n");
/// assert!(required.list_hash().to_string().starts_with("911169dd"));
/// assert_eq!(DrawRequired::new(&Policy::first_come(), &["a"], &[])?, None);
/// let policy: Policy = "draw_each_unit".parse()?;
/// let required = DrawRequired::new(&policy, &["b", "a"], &[2, 1])?.expect("it reads lots");
/// assert_eq!(required.list(), "a#1\nb#1\nb#2\n");
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawRequired {
    policy: Policy,
    drawn: Drawn,
    labels: Labels,
    /// Of each row, where units are drawn.
    units: Vec<u32>,
    /// Every entry once, in the order of bytes.
    entries: Vec<Entry>,
    hash: Sha256Digest,
}

impl DrawRequired {
    /// What a policy needs drawn of these rows, aligned with the lines; `None` where it reads no lots.
    /// `units` are the units of each row and only looked at where units are drawn.
    ///
    /// # Errors
    /// [`Error::TooManyRows`]; [`Error::BadLabel`] with its row; [`Error::LengthMismatch`] and
    /// [`Error::OutOfRange`] for units, of which at most [`MAX_DRAWN_UNITS`] are drawn;
    /// [`Error::DuplicateId`] where two units, or a unit and a line, would be drawn under one label;
    /// [`Error::ArgumentOutOfRange`] for a list of more than [`MAX_LIST_BYTES`].
    pub fn new<S: AsRef<str>>(
        policy: &Policy,
        labels: &[S],
        units: &[Quantity],
    ) -> Result<Option<Self>, Error> {
        let Some(drawn) = Drawn::of(policy) else {
            return Ok(None);
        };
        let labels = Labels::new(labels)?;
        let units = match drawn.units() {
            true => checked_units(units, labels.len())?,
            false => Vec::new(),
        };
        check_list_bytes(&labels, drawn, &units)?;
        let mut this = Self {
            policy: *policy,
            drawn,
            labels,
            units,
            entries: Vec::new(),
            hash: Sha256Digest([0; 32]),
        };
        this.entries = this.sorted_entries()?;
        let mut hash = HashWriter(Sha256::new());
        this.write_list(&mut hash)
            .map_err(|_| Error::Corrupt { at: "list" })?;
        this.hash = Sha256Digest::finish(hash.0);
        Ok(Some(this))
    }

    /// The policy that reads the lots.
    #[must_use]
    pub const fn policy(&self) -> Policy {
        self.policy
    }

    /// What gets a lot.
    #[must_use]
    pub const fn drawn(&self) -> Drawn {
        self.drawn
    }

    /// How many different labels are drawn.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.entries.len()
    }

    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.labels.len()
    }

    /// The units of each row; `None` where no units are drawn.
    #[must_use]
    pub fn units(&self) -> Option<&[u32]> {
        self.drawn.units().then_some(self.units.as_slice())
    }

    /// The label of a row.
    #[must_use]
    pub fn label(&self, row: usize) -> Option<&str> {
        self.labels.get(row)
    }

    /// The hash of the canonical list.
    #[must_use]
    pub const fn list_hash(&self) -> Sha256Digest {
        self.hash
    }

    /// The canonical list.
    #[must_use]
    pub fn list(&self) -> String {
        let mut list = String::new();
        // Writing to a string never fails.
        let _ = self.write_list(&mut list);
        list
    }

    /// Writes the canonical list.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_list(&self, to: &mut impl fmt::Write) -> fmt::Result {
        for &entry in &self.entries {
            self.write_entry(entry, to)?;
            to.write_str("\n")?;
        }
        Ok(())
    }

    /// What is published before the draw: this list and policy, the commitment, which draw of a hash
    /// chain it is (1 where the code is used once), and the round of a public beacon, if one is mixed in.
    ///
    /// # Errors
    /// [`Error::ArgumentOutOfRange`] for a draw outside `1..=`[`MAX_CHAINED_DRAWS`].
    pub fn announce(
        &self,
        commitment: Sha256Digest,
        draw: u32,
        round: Option<u64>,
    ) -> Result<Announcement, Error> {
        check_draw(draw, MAX_CHAINED_DRAWS)?;
        let entries = u64::try_from(self.entries.len());
        Ok(Announcement {
            policy: self.policy.to_string(),
            drawn: self.drawn,
            entries: entries.unwrap_or(u64::MAX),
            list: self.hash,
            commitment,
            draw,
            round,
        })
    }

    pub(super) fn all(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries of every row's units, row after row.
    pub(super) fn unit_entries(&self) -> impl Iterator<Item = Entry> {
        let rows = (0..).zip(&self.units);
        rows.flat_map(|(row, &units)| (1..=units).map(move |unit| Entry { row, unit }))
    }

    pub(super) fn write_entry(&self, entry: Entry, to: &mut impl fmt::Write) -> fmt::Result {
        to.write_str(self.text(entry))?;
        match entry.unit {
            0 => Ok(()),
            unit => write!(to, "#{unit}"),
        }
    }

    fn text(&self, entry: Entry) -> &str {
        self.labels.get(entry.row as usize).unwrap_or_default()
    }

    fn sorted_entries(&self) -> Result<Vec<Entry>, Error> {
        let mut entries: Vec<Entry> = self.unit_entries().collect();
        if self.drawn.lines() {
            let rows = u32::try_from(self.labels.len()).unwrap_or(u32::MAX);
            entries.extend((0..rows).map(|row| Entry { row, unit: 0 }));
        }
        // Of equal entries the one of the first row stays.
        entries.sort_unstable_by(|&a, &b| self.compare(a, b).then(a.row.cmp(&b.row)));
        let mut twin: Option<(u32, u32)> = None;
        entries.dedup_by(|later, first| {
            let same = self.compare(*later, *first) == Ordering::Equal;
            if same && (later.unit, first.unit) != (0, 0) {
                let pair = (later.row.max(first.row), later.row.min(first.row));
                twin = Some(twin.map_or(pair, |known| known.min(pair)));
            }
            same
        });
        match twin {
            None => Ok(entries),
            Some((row, first)) => Err(Error::DuplicateId {
                table: Table::Lines,
                row: row as usize,
                first: first as usize,
                field: "label",
            }),
        }
    }

    /// Compares two entries as their texts, without writing them out.
    fn compare(&self, a: Entry, b: Entry) -> Ordering {
        if a.row == b.row {
            return Digits::of(a.unit).text().cmp(Digits::of(b.unit).text());
        }
        let (left, right) = (self.text(a).as_bytes(), self.text(b).as_bytes());
        let shared = left.len().min(right.len());
        let (left_head, left_tail) = left.split_at(shared);
        let (right_head, right_tail) = right.split_at(shared);
        let (left_unit, right_unit) = (Digits::of(a.unit), Digits::of(b.unit));
        left_head.cmp(right_head).then_with(|| {
            let left = left_tail.iter().chain(left_unit.text());
            left.cmp(right_tail.iter().chain(right_unit.text()))
        })
    }
}

/// `#k`, or nothing for 0.
struct Digits {
    bytes: [u8; 11],
    from: usize,
}

impl Digits {
    fn of(mut unit: u32) -> Self {
        let mut this = Self {
            bytes: [b'#'; 11],
            from: 11,
        };
        if unit == 0 {
            return this;
        }
        while unit > 0 {
            let digit = u8::try_from(unit % 10).unwrap_or_default();
            this.put(b'0'.saturating_add(digit));
            unit /= 10;
        }
        this.put(b'#');
        this
    }

    fn put(&mut self, byte: u8) {
        self.from = self.from.saturating_sub(1);
        if let Some(slot) = self.bytes.get_mut(self.from) {
            *slot = byte;
        }
    }

    fn text(&self) -> &[u8] {
        self.bytes.get(self.from..).unwrap_or_default()
    }
}

/// The labels of all rows in one text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Labels {
    text: String,
    ends: Vec<usize>,
}

impl Labels {
    fn new<S: AsRef<str>>(labels: &[S]) -> Result<Self, Error> {
        if labels.len() > MAX_ROWS {
            return Err(Error::TooManyRows {
                table: Table::Lines,
                rows: labels.len(),
                max: MAX_ROWS,
            });
        }
        let mut this = Self {
            text: String::new(),
            ends: Vec::with_capacity(labels.len()),
        };
        for (row, label) in labels.iter().map(AsRef::as_ref).enumerate() {
            check_label(label).map_err(|fault| Error::BadLabel { row, fault })?;
            check_bytes(this.text.len().saturating_add(label.len()))?;
            this.text.push_str(label);
            this.ends.push(this.text.len());
        }
        Ok(this)
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn get(&self, row: usize) -> Option<&str> {
        let end = *self.ends.get(row)?;
        let start = match row.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..end)
    }
}

fn check_label(label: &str) -> Result<(), LabelFault> {
    if label.is_empty() {
        return Err(LabelFault::Empty);
    }
    if label.contains(['\n', '\r', '\0']) {
        return Err(LabelFault::NotOneLine);
    }
    if label.len() > MAX_NAME_BYTES {
        return Err(LabelFault::TooLong {
            len: label.len(),
            max: MAX_NAME_BYTES,
        });
    }
    Ok(())
}

fn checked_units(units: &[Quantity], rows: usize) -> Result<Vec<u32>, Error> {
    if units.len() != rows {
        return Err(Error::LengthMismatch {
            table: Table::Lines,
            field: "units",
            len: units.len(),
            rows,
        });
    }
    let mut all: Total = 0;
    let checked = units.iter().enumerate().map(|(row, &units)| {
        tally(&mut all, units.max(0));
        let out_of_range = |value| Error::OutOfRange {
            table: Table::Lines,
            row,
            field: "units",
            value,
            min: 0,
            max: MAX_DRAWN_UNITS.into(),
        };
        if units < 0 {
            return Err(out_of_range(units.into()));
        }
        if all > MAX_DRAWN_UNITS.into() {
            return Err(out_of_range(all));
        }
        u32::try_from(units).map_err(|_| out_of_range(units.into()))
    });
    checked.collect()
}

/// That the list stays within [`MAX_LIST_BYTES`].
fn check_list_bytes(labels: &Labels, drawn: Drawn, units: &[u32]) -> Result<(), Error> {
    let mut bytes = match drawn.lines() {
        true => labels.text.len().saturating_add(labels.len()),
        false => 0,
    };
    for (row, &units) in units.iter().enumerate() {
        let label = labels.get(row).unwrap_or_default().len();
        // '#', the digits, the line feed.
        let widest = label
            .saturating_add(Digits::of(units).text().len())
            .saturating_add(1);
        bytes = bytes.saturating_add(widest.saturating_mul(units as usize));
    }
    check_bytes(bytes)
}

fn check_bytes(bytes: usize) -> Result<(), Error> {
    super::commit::check_len("list", bytes, 0, MAX_LIST_BYTES)
}

/// Text that goes into a hash.
struct HashWriter(Sha256);

impl fmt::Write for HashWriter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

/// The row of each entry that carries a lot of its own: where a row's label stands in the list.
pub(super) fn label_numbers(required: &DrawRequired) -> Result<Vec<u32>, Error> {
    let mut rows: Vec<u32> = (0..).take(required.rows()).collect();
    let text = |row: u32| required.label(row as usize).unwrap_or_default();
    rows.sort_unstable_by(|&a, &b| text(a).cmp(text(b)));
    let mut numbers = alloc::vec![0_u32; rows.len()];
    let mut number = 0_u32;
    for (index, &row) in rows.iter().enumerate() {
        if let Some(before) = index.checked_sub(1)
            && text(at(&rows, before)?) != text(row)
        {
            number = number.saturating_add(1);
        }
        *crate::quantity::slot(&mut numbers, row as usize)? = number;
    }
    Ok(numbers)
}
