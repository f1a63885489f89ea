//! Units as the files write them: whole numbers, or decimals that the whole case is scaled up for.

use allocator_core::{Quantity, Total};
use serde_json::Value;

use crate::checked::{Checked, fail};

/// Fields that name something: a text there is no quantity, whatever it looks like.
const NAMES: [&str; 23] = [
    "op",
    "sku",
    "line",
    "new_line",
    "order",
    "hold",
    "owner",
    "customer",
    "location",
    "lot",
    "supply",
    "key",
    "id",
    "ref",
    "from",
    "to",
    "as",
    "replaces",
    "title",
    "notes",
    "at",
    "placed_at",
    "test",
];

/// By what all units of a case are multiplied, so that they are whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale(i64);

/// What a field that should hold units holds.
pub(super) enum Units {
    Some(Quantity),
    /// A number that no quantity can hold.
    OutOfRange,
    /// No number.
    None,
}

impl Scale {
    /// The smallest power of ten that makes every decimal of these values whole.
    pub(super) fn of<'a>(values: impl IntoIterator<Item = &'a Value>) -> Checked<Self> {
        let digits = values.into_iter().map(|value| decimals("", value)).max();
        match digits.unwrap_or(0) {
            digits @ 0..=6 => Ok(Self(10_i64.pow(digits))),
            digits => fail(format!("a quantity of {digits} decimals")),
        }
    }

    pub(super) fn units(self, value: &Value) -> Units {
        let scaled = match value {
            Value::Number(number) => self.scaled(&number.to_string()),
            Value::String(text) => self.scaled(text),
            _ => return Units::None,
        };
        match (scaled, value) {
            (Some(scaled), _) => Quantity::try_from(scaled).map_or(Units::OutOfRange, Units::Some),
            // A number beyond 128 bits, or with an exponent: those of the files are beyond 64 bits.
            (None, Value::Number(_)) => Units::OutOfRange,
            (None, _) => Units::None,
        }
    }

    /// A figure that is compared, not handed on.
    pub(super) fn figure(self, value: &Value) -> Option<Total> {
        match value {
            Value::Number(number) => self.scaled(&number.to_string()),
            Value::String(text) => self.scaled(text),
            _ => None,
        }
    }

    /// The decimal times the scale.
    fn scaled(self, text: &str) -> Option<Total> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let unsigned = whole.strip_prefix('-').unwrap_or(whole);
        if unsigned.is_empty() || !is_number(unsigned) || !is_number(fraction) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        let digits = u32::try_from(fraction.len()).ok()?;
        let more = Total::from(self.0) / 10_i128.checked_pow(digits)?;
        let number: Total = format!("{whole}{fraction}").parse().ok()?;
        number.checked_mul(more).filter(|_| more > 0)
    }

    /// As the files write it.
    pub(super) fn text(self, units: Total) -> String {
        if self.0 == 1 {
            return units.to_string();
        }
        let scale = Total::from(self.0).unsigned_abs();
        let (whole, rest) = (units.unsigned_abs() / scale, units.unsigned_abs() % scale);
        let sign = if units < 0 { "-" } else { "" };
        let width = scale.ilog10() as usize;
        let text = format!("{sign}{whole}.{rest:0width$}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

/// The most decimals of a number inside the value.
fn decimals(name: &str, value: &Value) -> u32 {
    match value {
        Value::Number(number) => decimals_of(&number.to_string()),
        Value::String(text) if !NAMES.contains(&name) => decimals_of(text),
        Value::Array(list) => (list.iter().map(|value| decimals(name, value)).max()).unwrap_or(0),
        Value::Object(object) => {
            let each = object.iter().map(|(name, value)| decimals(name, value));
            each.max().unwrap_or(0)
        }
        _ => 0,
    }
}

/// The decimals that say something; 0 of what is no decimal.
fn decimals_of(text: &str) -> u32 {
    let Some((whole, fraction)) = text.split_once('.') else {
        return 0;
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole.strip_prefix('-').unwrap_or(whole)) || !is_number(fraction) {
        return 0;
    }
    u32::try_from(fraction.trim_end_matches('0').len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn decimals_are_scaled_until_they_are_whole() {
        let case = json!({"qty": 5.5, "more": ["1.25", {"sku": "7.125"}, 3]});
        let scale = Scale::of([&case]).unwrap_or(Scale(0));
        assert_eq!(scale.figure(&json!(5.5)), Some(550));
        assert_eq!(scale.figure(&json!("-1.25")), Some(-125));
        assert_eq!(scale.figure(&json!("3")), Some(300));
        assert_eq!(scale.figure(&json!("3.0")), Some(300));
        assert_eq!(scale.figure(&json!("x")), None);
        assert_eq!(scale.figure(&json!(null)), None);
        assert_eq!(scale.text(-125), "-1.25");
        assert_eq!(scale.text(500), "5");
        assert!(Scale::of([&json!(0.1234567)]).is_err());
    }

    #[test]
    fn what_no_quantity_holds_is_out_of_range() {
        let whole = Scale(1);
        for value in [json!(u64::MAX), json!(1e300), json!("9223372036854775808")] {
            assert!(matches!(whole.units(&value), Units::OutOfRange), "{value}");
        }
        assert!(matches!(
            whole.units(&json!(i64::MAX)),
            Units::Some(i64::MAX)
        ));
        assert!(matches!(whole.units(&json!(-1)), Units::Some(-1)));
        assert!(matches!(whole.units(&json!([])), Units::None));
        assert!(matches!(
            Scale(10).units(&json!(i64::MAX)),
            Units::OutOfRange
        ));
    }
}
