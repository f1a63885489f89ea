//! Outside ids, integers or text, to the core's dense numbers and back, unchanged.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use allocator_core::limits::NO_ID;
use allocator_core::{Error, Interner};
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;

/// An outside id. Integers go before text, by value; text by its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Id<'a> {
    Int(i128),
    Text(&'a str),
}

/// The integers that may be ids: all of 64 bits, signed or not.
pub(crate) const LEAST: i128 = i64::MIN as i128;
pub(crate) const MOST: i128 = u64::MAX as i128;

impl Id<'_> {
    pub(crate) fn owned(self) -> OwnedId {
        match self {
            Self::Int(value) => OwnedId::Int(value),
            Self::Text(text) => OwnedId::Text(text.into()),
        }
    }

    pub(crate) fn to_object<'py>(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Int(value) => match i64::try_from(value) {
                Ok(value) => value.into_bound_py_any(py),
                Err(_) => value.into_bound_py_any(py),
            },
            Self::Text(text) => text.into_bound_py_any(py),
        }
    }
}

impl std::fmt::Display for Id<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Int(value) => value.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// An outside id that stands for itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum OwnedId {
    Int(i128),
    Text(Box<str>),
}

impl OwnedId {
    pub(crate) fn view(&self) -> Id<'_> {
        match self {
            Self::Int(value) => Id::Int(*value),
            Self::Text(text) => Id::Text(text),
        }
    }
}

/// The ids of one kind. Integers below `plain` are their own numbers; everything else is numbered
/// from `plain` on, in the order of first sight.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    plain: u32,
    /// Ids that are not their own numbers. Most inputs have none, and pay for none.
    seen: Option<Box<Seen>>,
}

#[derive(Clone, Debug)]
struct Seen {
    others: Vec<Other>,
    ints: HashMap<i128, u32>,
    texts: Interner,
    /// The number of each text of `texts`.
    text_numbers: Vec<u32>,
}

impl Seen {
    fn none() -> Box<Self> {
        // Strangers choose ids: a random seed keeps them from preparing ids that collide. It decides
        // no number and no result.
        let seed = RandomState::new().build_hasher().finish();
        Box::new(Self {
            others: Vec::new(),
            ints: HashMap::new(),
            texts: Interner::with_seed(seed),
            text_numbers: Vec::new(),
        })
    }

    fn push(&mut self, plain: u32, other: Other) -> Result<u32, Error> {
        let number = u32::try_from(self.others.len())
            .ok()
            .and_then(|index| plain.checked_add(index))
            .filter(|&number| number != NO_ID);
        let number = number.ok_or(Error::TooManyNames { max: NO_ID })?;
        self.others.push(other);
        Ok(number)
    }
}

#[derive(Clone, Copy, Debug)]
enum Other {
    Int(i64),
    Unsigned(u64),
    Text(u32),
    /// Stands where an input has something that is no id.
    Nobody,
}

impl Ids {
    /// Every small integer is its own number: rows, or a column of nothing else.
    pub(crate) fn plain() -> Self {
        Self::above(NO_ID)
    }

    /// Any ids.
    pub(crate) fn any() -> Self {
        Self::above(0)
    }

    /// Integers below `plain` are their own numbers.
    pub(crate) fn above(plain: u32) -> Self {
        Self { plain, seen: None }
    }

    pub(crate) fn is_plain(&self) -> bool {
        self.plain == NO_ID
    }

    /// The number of an id, a new one at first sight.
    pub(crate) fn intern(&mut self, id: Id<'_>) -> Result<u32, Error> {
        match id {
            Id::Int(value) => {
                if let Some(number) = self.own_number(value) {
                    return Ok(number);
                }
                let plain = self.plain;
                let seen = self.seen_mut();
                if let Some(&number) = seen.ints.get(&value) {
                    return Ok(number);
                }
                let other = match (i64::try_from(value), u64::try_from(value)) {
                    (Ok(value), _) => Other::Int(value),
                    (_, Ok(value)) => Other::Unsigned(value),
                    // Whoever reads integers refuses these; see `LEAST` and `MOST`.
                    _ => Other::Nobody,
                };
                let number = seen.push(plain, other)?;
                seen.ints.insert(value, number);
                Ok(number)
            }
            Id::Text(text) => {
                let plain = self.plain;
                let seen = self.seen_mut();
                let index = seen.texts.intern(text)?;
                match seen.text_numbers.get(index as usize) {
                    Some(&number) => Ok(number),
                    None => {
                        let number = seen.push(plain, Other::Text(index))?;
                        seen.text_numbers.push(number);
                        Ok(number)
                    }
                }
            }
        }
    }

    /// A number that no id has.
    pub(crate) fn nobody(&mut self) -> Result<u32, Error> {
        let plain = self.plain;
        self.seen_mut().push(plain, Other::Nobody)
    }

    fn seen_mut(&mut self) -> &mut Seen {
        self.seen.get_or_insert_with(Seen::none)
    }

    /// The number of an id that was seen; small integers count as seen.
    pub(crate) fn number(&self, id: Id<'_>) -> Option<u32> {
        match id {
            Id::Int(value) => self
                .own_number(value)
                .or_else(|| self.seen.as_ref()?.ints.get(&value).copied()),
            Id::Text(text) => {
                let seen = self.seen.as_ref()?;
                let index = seen.texts.id(text)?;
                seen.text_numbers.get(index as usize).copied()
            }
        }
    }

    /// The id behind a number.
    pub(crate) fn id(&self, number: u32) -> Option<Id<'_>> {
        if number < self.plain {
            return Some(Id::Int(number.into()));
        }
        let seen = self.seen.as_ref()?;
        match *seen.others.get((number - self.plain) as usize)? {
            Other::Int(value) => Some(Id::Int(value.into())),
            Other::Unsigned(value) => Some(Id::Int(value.into())),
            Other::Text(index) => seen.texts.name(index).map(Id::Text),
            Other::Nobody => None,
        }
    }

    fn own_number(&self, value: i128) -> Option<u32> {
        u32::try_from(value)
            .ok()
            .filter(|&number| number < self.plain)
    }
}
