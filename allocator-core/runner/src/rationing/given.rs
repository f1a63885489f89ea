//! What a case gives, read strictly.

use allocator_oracle::{Claimant, Problem, Rational, whole};
use serde_json::{Map, Value};

use crate::checked::{Checked, Trouble, fail};

/// Claims of one object, the rest of another.
pub(super) fn problem(
    claims: &Map<String, Value>,
    case: &Map<String, Value>,
    estate: &str,
) -> Checked<Problem> {
    let claims = numbers(claims, "claims")?;
    let weights = aligned(case, "weights", claims.len())?;
    let classes = aligned(case, "priorities", claims.len())?;
    let Some(value) = case.get(estate) else {
        return fail(format!("{estate}: is missing"));
    };
    let estate = not_negative(number(value, estate)?, estate)?;
    let mut claimants = Vec::new();
    for (index, claim) in claims.into_iter().enumerate() {
        let mut claimant = Claimant::of(not_negative(claim, "claims")?);
        if let Some(weight) = weights.as_ref().and_then(|weights| weights.get(index)) {
            claimant.weight = weight.clone();
        }
        if let Some(class) = classes.as_ref().and_then(|classes| classes.get(index)) {
            claimant.class = class_number(class)?;
        }
        claimants.push(claimant);
    }
    Ok(Problem { claimants, estate })
}

fn not_negative(number: Rational, path: &str) -> Checked<Rational> {
    if number < whole(0) {
        return fail(format!("{path}: {number} is below zero"));
    }
    Ok(number)
}

fn class_number(class: &Rational) -> Checked<i64> {
    let number = i64::try_from(class.numer()).ok();
    match number.filter(|_| class.is_integer()) {
        Some(number) => Ok(number),
        None => fail(format!("priorities: {class} is no class")),
    }
}

/// A list as long as the claims, where the case has it.
fn aligned(case: &Map<String, Value>, field: &str, len: usize) -> Checked<Option<Vec<Rational>>> {
    if !case.contains_key(field) {
        return Ok(None);
    }
    let list = numbers(case, field)?;
    if list.len() != len {
        return fail(format!("{field}: is not as long as the claims"));
    }
    Ok(Some(list))
}

/// A list of numbers, each whole or `"p/q"`.
pub(super) fn numbers(case: &Map<String, Value>, field: &str) -> Checked<Vec<Rational>> {
    match case.get(field) {
        Some(Value::Array(list)) => (list.iter().enumerate())
            .map(|(index, value)| number(value, &format!("{field}[{index}]")))
            .collect(),
        Some(_) => fail(format!("{field}: is no list")),
        None => fail(format!("{field}: is missing")),
    }
}

/// A whole number, or the text of a fraction.
pub(super) fn number(value: &Value, path: &str) -> Checked<Rational> {
    let number = match value {
        Value::Number(number) => {
            (number.as_i64().map(whole)).or_else(|| number.as_u64().map(whole))
        }
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    number.ok_or_else(|| Trouble::Fail(format!("{path}: is no exact number")))
}

/// The text of a field.
pub(super) fn text<'a>(case: &'a Map<String, Value>, field: &str) -> Checked<&'a str> {
    match case.get(field) {
        Some(Value::String(text)) => Ok(text),
        Some(_) => fail(format!("{field}: is no text")),
        None => fail(format!("{field}: is missing")),
    }
}
