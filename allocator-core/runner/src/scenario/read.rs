//! The fields of one object, read strictly. A field that is `null` is absent.

use allocator_core::{Quantity, Timestamp};
use serde_json::{Map, Value};

use super::figure::{Scale, Units};
use super::instant;
use crate::checked::Trouble;

/// Why a step is not carried out.
pub(super) enum Halt {
    /// The case is not as its form says.
    Case(Trouble),
    /// No command can be sent: what the engine would have answered.
    Refused(&'static str),
}

impl From<Trouble> for Halt {
    fn from(trouble: Trouble) -> Self {
        Self::Case(trouble)
    }
}

pub(super) type Read<T> = Result<T, Halt>;

/// What the engine answers to a number its commands cannot hold.
pub(super) const MALFORMED: Halt = Halt::Refused("malformed");

/// A step that is not as its form says.
pub(super) fn broken(why: impl Into<String>) -> Halt {
    Halt::Case(Trouble::Fail(why.into()))
}

/// An object whose fields are read.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) body: &'a Map<String, Value>,
    pub(super) scale: Scale,
}

impl<'a> Fields<'a> {
    pub(super) fn new(body: &'a Map<String, Value>, scale: Scale) -> Self {
        Self { body, scale }
    }

    pub(super) fn get(self, name: &str) -> Option<&'a Value> {
        self.body.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn must<T>(self, name: &str, value: Option<T>) -> Read<T> {
        value.ok_or_else(|| broken(format!("{name}: is missing")))
    }

    pub(super) fn maybe_text(self, name: &str) -> Read<Option<&'a str>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(broken(format!("{name}: is no text"))),
        }
    }

    pub(super) fn text(self, name: &str) -> Read<&'a str> {
        self.must(name, self.maybe_text(name)?)
    }

    pub(super) fn flag(self, name: &str) -> Read<Option<bool>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(truth)) => Ok(Some(*truth)),
            Some(_) => Err(broken(format!("{name}: is neither true nor false"))),
        }
    }

    pub(super) fn is(self, name: &str) -> Read<bool> {
        Ok(self.flag(name)?.unwrap_or(false))
    }

    pub(super) fn maybe_units(self, name: &str) -> Read<Option<Quantity>> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        match self.scale.units(value) {
            Units::Some(units) => Ok(Some(units)),
            Units::OutOfRange => Err(MALFORMED),
            Units::None => Err(broken(format!("{name}: is no number of units"))),
        }
    }

    pub(super) fn units(self, name: &str) -> Read<Quantity> {
        self.must(name, self.maybe_units(name)?)
    }

    /// A whole number that is no quantity: a priority, a number of times.
    pub(super) fn maybe_number(self, name: &str) -> Read<Option<i64>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Number(number)) => match number.as_i64() {
                Some(number) => Ok(Some(number)),
                None if number.is_f64() => Err(broken(format!("{name}: is no whole number"))),
                None => Err(MALFORMED),
            },
            Some(_) => Err(broken(format!("{name}: is no number"))),
        }
    }

    pub(super) fn maybe_small<N: TryFrom<i64>>(self, name: &str) -> Read<Option<N>> {
        let number = self.maybe_number(name)?;
        let small = number.map(|number| N::try_from(number).map_err(|_| MALFORMED));
        small.transpose()
    }

    pub(super) fn maybe_instant(self, name: &str) -> Read<Option<Timestamp>> {
        let Some(text) = self.maybe_text(name)? else {
            return Ok(None);
        };
        match instant::parse(text) {
            Some(at) => Ok(Some(at)),
            None => Err(broken(format!("{name}: {text} is no date"))),
        }
    }

    pub(super) fn instant(self, name: &str) -> Read<Timestamp> {
        self.must(name, self.maybe_instant(name)?)
    }

    pub(super) fn maybe_object(self, name: &str) -> Read<Option<Self>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Object(body)) => Ok(Some(Self::new(body, self.scale))),
            Some(_) => Err(broken(format!("{name}: is no object"))),
        }
    }

    pub(super) fn maybe_objects(self, name: &str) -> Read<Option<Vec<Self>>> {
        let list = match self.get(name) {
            None => return Ok(None),
            Some(Value::Array(list)) => list,
            Some(_) => return Err(broken(format!("{name}: is no list"))),
        };
        let object = |value: &'a Value| match value {
            Value::Object(body) => Ok(Self::new(body, self.scale)),
            _ => Err(broken(format!("{name}: holds what is no object"))),
        };
        list.iter().map(object).collect::<Read<Vec<_>>>().map(Some)
    }
}

/// A halt while the case is set up: there nothing can be refused.
pub(super) fn set_up<T>(read: Read<T>) -> Result<T, Trouble> {
    read.map_err(|halt| match halt {
        Halt::Case(trouble) => trouble,
        Halt::Refused(why) => Trouble::Fail(format!("given: {why}")),
    })
}
