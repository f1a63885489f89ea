//! The two published records of a draw: what is announced before it, and what is revealed by it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use super::beacon::Pulse;
use super::commit::{check_code, check_draw, hashed};
use super::digest::{HexBytes, Sha256Digest, from_hex};
use super::key::{DrawKey, lot};
use super::required::{DrawRequired, Drawn, Entry};
use crate::error::Error;
use crate::limits::MAX_CHAINED_DRAWS;
use crate::policy::Policy;

/// What is published before a draw. Its text states every field on a line of its own and can be read
/// back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Announced", into = "Announced")
)]
pub struct Announcement {
    pub(super) policy: String,
    pub(super) drawn: Drawn,
    pub(super) entries: u64,
    pub(super) list: Sha256Digest,
    pub(super) commitment: Sha256Digest,
    pub(super) draw: u32,
    pub(super) round: Option<u64>,
}

impl Announcement {
    /// The hash of the canonical list.
    #[must_use]
    pub const fn list_hash(&self) -> Sha256Digest {
        self.list
    }

    /// What the code, hashed as often as the number of the draw says, must come to.
    #[must_use]
    pub const fn commitment(&self) -> Sha256Digest {
        self.commitment
    }

    /// The round of the beacon that is mixed in.
    #[must_use]
    pub const fn round(&self) -> Option<u64> {
        self.round
    }

    /// Makes the draw of the code that was committed to and what the announced round said.
    ///
    /// # Errors
    /// [`Error::ArgumentOutOfRange`] for a code of fewer than [`crate::limits::MIN_CODE_BYTES`] or more
    /// than [`crate::limits::MAX_CODE_BYTES`] bytes; [`Error::CodeNotCommitted`]; [`Error::OtherPulse`]
    /// where the pulse is not of the round that was announced.
    pub fn reveal(&self, code: &[u8], pulse: Option<Pulse>) -> Result<Draw, Error> {
        check_code("code", code)?;
        let before = hashed(code, self.draw.saturating_sub(1));
        if Sha256Digest::of(&before) != self.commitment {
            return Err(Error::CodeNotCommitted { draw: self.draw });
        }
        let given = pulse.as_ref().map(Pulse::round);
        if given != self.round {
            return Err(Error::OtherPulse {
                announced: self.round,
                given,
            });
        }
        let randomness = pulse.as_ref().map(Pulse::randomness).unwrap_or_default();
        Ok(Draw {
            key: DrawKey::new(code, randomness)?,
            announcement: self.clone(),
            code: HexBytes(Vec::from(code)),
            pulse,
        })
    }

    /// That what a text or a file says can have been announced.
    fn checked(self) -> Result<Self, Error> {
        check_draw(self.draw, MAX_CHAINED_DRAWS)?;
        // A policy reads the same when it is written again, so that one draw has one text.
        let policy: Policy = self.policy.parse()?;
        if Drawn::of(&policy) == Some(self.drawn) && policy.to_string() == self.policy {
            Ok(self)
        } else {
            Err(Error::BadRecord { field: "drawn" })
        }
    }
}

/// A draw: a published record from which everybody computes the lot of every label.
///
/// Its text is the announcement and the two values revealed; read back, the code is checked against the
/// commitment again. Two draws are equal where all that they say is.
#[derive(Clone, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Revealed", into = "Revealed")
)]
pub struct Draw {
    announcement: Announcement,
    code: HexBytes,
    pulse: Option<Pulse>,
    key: DrawKey,
}

impl PartialEq for Draw {
    fn eq(&self, other: &Self) -> bool {
        let said = |draw: &Self| (draw.code.clone(), draw.pulse.clone());
        self.announcement == other.announcement && said(self) == said(other)
    }
}

impl Eq for Draw {}

impl Draw {
    /// What was announced.
    #[must_use]
    pub const fn announcement(&self) -> &Announcement {
        &self.announcement
    }

    /// The code that was revealed.
    #[must_use]
    pub fn code(&self) -> &[u8] {
        &self.code.0
    }

    /// The public randomness mixed in.
    #[must_use]
    pub const fn pulse(&self) -> Option<&Pulse> {
        self.pulse.as_ref()
    }

    /// The position of any label, on the list or not: others do not change it. Where units are drawn, a
    /// unit's label is `label#k`, k from 1.
    #[must_use]
    pub fn position(&self, label: &str) -> Sha256Digest {
        self.key.position(label)
    }

    /// The lot of any label ([`DrawKey::lot`]).
    #[must_use]
    pub fn lot(&self, label: &str) -> i64 {
        self.key.lot(label)
    }

    /// The lot of every row, for [`crate::DemandLine::lot`] and [`field@crate::DemandColumns::lot`].
    ///
    /// # Errors
    /// [`Error::OtherDraw`] where the draw was made for another list or policy.
    pub fn lots(&self, required: &DrawRequired) -> Result<Vec<i64>, Error> {
        self.check(required)?;
        let rows = (0..required.rows()).filter_map(|row| required.label(row));
        Ok(rows.map(|label| self.lot(label)).collect())
    }

    /// The lot of every unit, row after row, for [`field@crate::DemandColumns::unit_lots`]; empty where no
    /// units are drawn.
    ///
    /// # Errors
    /// As [`Self::lots`].
    pub fn unit_lots(&self, required: &DrawRequired) -> Result<Vec<i64>, Error> {
        self.check(required)?;
        let lot_of = |entry| lot(self.position_of(required, entry));
        Ok(required.unit_entries().map(lot_of).collect())
    }

    /// The entries of the list in the order in which they were drawn, the first served first.
    ///
    /// # Errors
    /// As [`Self::lots`].
    pub fn order(&self, required: &DrawRequired) -> Result<Vec<String>, Error> {
        self.check(required)?;
        let entries = required.all().iter();
        let mut drawn: Vec<(Sha256Digest, Entry)> = entries
            .map(|&entry| (self.position_of(required, entry), entry))
            .collect();
        drawn.sort_unstable_by_key(|&(position, entry)| (position, entry.row, entry.unit));
        let text = |&(_, entry): &(Sha256Digest, Entry)| {
            let mut text = String::new();
            // Writing to a string never fails.
            let _ = required.write_entry(entry, &mut text);
            text
        };
        Ok(drawn.iter().map(text).collect())
    }

    fn position_of(&self, required: &DrawRequired, entry: Entry) -> Sha256Digest {
        let label = required.label(entry.row as usize).unwrap_or_default();
        match entry.unit {
            0 => self.key.position(label),
            unit => {
                let unit = unit.to_string();
                self.key
                    .position_of(&[label.as_bytes(), b"#", unit.as_bytes()])
            }
        }
    }

    fn check(&self, required: &DrawRequired) -> Result<(), Error> {
        let Announcement {
            policy,
            drawn,
            list,
            ..
        } = &self.announcement;
        if *list != required.list_hash() {
            return Err(Error::OtherDraw { what: "list" });
        }
        if *drawn != required.drawn() || *policy != required.policy().to_string() {
            return Err(Error::OtherDraw { what: "policy" });
        }
        Ok(())
    }
}

impl fmt::Display for Announcement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            policy,
            drawn,
            entries,
            list,
            commitment,
            draw,
            round,
        } = self;
        writeln!(f, "policy: {policy}")?;
        writeln!(f, "drawn: {drawn}")?;
        writeln!(f, "entries: {entries}")?;
        writeln!(f, "list: {list}")?;
        writeln!(f, "commitment: {commitment}")?;
        writeln!(f, "draw: {draw}")?;
        match round {
            Some(round) => writeln!(f, "round: {round}"),
            None => f.write_str("round: none\n"),
        }
    }
}

impl fmt::Display for Draw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.announcement)?;
        writeln!(f, "code: {}", self.code)?;
        match &self.pulse {
            Some(pulse) => writeln!(f, "randomness: {}", pulse.randomness),
            None => f.write_str("randomness: none\n"),
        }
    }
}

impl FromStr for Announcement {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut lines = whole_lines(text)?;
        let this = read_announcement(&mut lines)?;
        end(lines)?;
        Ok(this)
    }
}

impl FromStr for Draw {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut lines = whole_lines(text)?;
        let announcement = read_announcement(&mut lines)?;
        let bytes = |text: &str| from_hex(text);
        let code = field(&mut lines, "code", bytes)?;
        let randomness = field(&mut lines, "randomness", |text| match text {
            "none" => Some(None),
            text => from_hex(text).map(Some),
        })?;
        end(lines)?;
        let pulse = match (announcement.round, randomness) {
            (Some(round), Some(randomness)) => Some(Pulse::new(round, &randomness)?),
            (None, None) => None,
            _ => {
                return Err(Error::BadRecord {
                    field: "randomness",
                });
            }
        };
        announcement.reveal(&code, pulse)
    }
}

/// A text that was cut off inside a number would be another draw.
fn whole_lines(text: &str) -> Result<core::str::Lines<'_>, Error> {
    match text.ends_with('\n') {
        true => Ok(text.lines()),
        false => Err(Error::BadRecord { field: "end" }),
    }
}

fn read_announcement(lines: &mut core::str::Lines<'_>) -> Result<Announcement, Error> {
    let this = Announcement {
        policy: field(lines, "policy", |text| Some(text.to_string()))?,
        drawn: field(lines, "drawn", |text| text.parse().ok())?,
        entries: field(lines, "entries", number)?,
        list: field(lines, "list", |text| text.parse().ok())?,
        commitment: field(lines, "commitment", |text| text.parse().ok())?,
        draw: field(lines, "draw", number)?,
        round: field(lines, "round", |text| match text {
            "none" => Some(None),
            text => number(text).map(Some),
        })?,
    };
    this.checked()
}

/// A number as it is written: without a sign and leading zeros.
fn number<T: FromStr + ToString>(text: &str) -> Option<T> {
    let number = text.parse::<T>().ok()?;
    (number.to_string() == text).then_some(number)
}

/// The value of the next line, which must be of this field.
fn field<T>(
    lines: &mut core::str::Lines<'_>,
    field: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, Error> {
    let value = lines.next().and_then(|line| line.split_once(": "));
    let value = value.filter(|(name, _)| *name == field);
    value
        .and_then(|(_, value)| read(value))
        .ok_or(Error::BadRecord { field })
}

fn end(mut lines: core::str::Lines<'_>) -> Result<(), Error> {
    match lines.next() {
        None => Ok(()),
        Some(_) => Err(Error::BadRecord { field: "end" }),
    }
}

/// The forms that files have.
#[cfg(feature = "serde")]
mod form {
    use super::{Announcement, Draw, Drawn, Error, HexBytes, Pulse, Sha256Digest, String};

    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Announced {
        policy: String,
        drawn: Drawn,
        entries: u64,
        list: Sha256Digest,
        commitment: Sha256Digest,
        draw: u32,
        round: Option<u64>,
    }

    impl From<Announcement> for Announced {
        fn from(from: Announcement) -> Self {
            let Announcement {
                policy,
                drawn,
                entries,
                list,
                commitment,
                draw,
                round,
            } = from;
            Self {
                policy,
                drawn,
                entries,
                list,
                commitment,
                draw,
                round,
            }
        }
    }

    impl TryFrom<Announced> for Announcement {
        type Error = Error;

        fn try_from(from: Announced) -> Result<Self, Error> {
            let Announced {
                policy,
                drawn,
                entries,
                list,
                commitment,
                draw,
                round,
            } = from;
            let this = Self {
                policy,
                drawn,
                entries,
                list,
                commitment,
                draw,
                round,
            };
            this.checked()
        }
    }

    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Revealed {
        announcement: Announcement,
        code: HexBytes,
        randomness: Option<HexBytes>,
    }

    impl From<Draw> for Revealed {
        fn from(from: Draw) -> Self {
            Self {
                announcement: from.announcement,
                code: from.code,
                randomness: from.pulse.map(|pulse| pulse.randomness),
            }
        }
    }

    impl TryFrom<Revealed> for Draw {
        type Error = Error;

        fn try_from(from: Revealed) -> Result<Self, Error> {
            let round = from.announcement.round;
            let pulse = match (round, from.randomness) {
                (Some(round), Some(HexBytes(bytes))) => Some(Pulse::new(round, &bytes)?),
                (None, None) => None,
                _ => {
                    return Err(Error::BadRecord {
                        field: "randomness",
                    });
                }
            };
            from.announcement.reveal(&from.code.0, pulse)
        }
    }
}
#[cfg(feature = "serde")]
use form::{Announced, Revealed};
