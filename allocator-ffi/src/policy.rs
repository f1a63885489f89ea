//! Policies from text: a name, or the JSON form of the Rust policy.

use core::ffi::c_char;

use allocator_core::{Error, Policy};
use serde_json::{Map, Value};

use crate::abi::{allocator_error, allocator_limit};
use crate::failure::Failure;
use crate::guard::guard;
use crate::memory::{Slot, TextBuffer, terminated};
use crate::status::allocator_status;
use allocator_status::*;

const MAX_BYTES: usize = allocator_limit::ALLOCATOR_MAX_POLICY_BYTES as usize;

/// Writes the short name of a policy, e.g. "first_come:line:pass" for
/// {"rule":"first_come","completeness":"line","on_misfit":"pass"}: a way to check one.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_policy_name(
    policy: *const c_char,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    // SAFETY: the caller's word, as the header asks for it.
    unsafe { say(policy, text, text_len, needed, err, Policy::to_string) }
}

/// Writes what a policy says to a customer: one sentence.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_policy_sentence(
    policy: *const c_char,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    // SAFETY: the caller's word, as the header asks for it.
    unsafe { say(policy, text, text_len, needed, err, Policy::sentence) }
}

/// Writes the order in which lines stand under a policy: what two of them are compared by, part by
/// part, e.g. "priority+lot+placed_at+sequence" for "classes_first(draw_the_queue)".
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_policy_standing(
    policy: *const c_char,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let standing = |policy: &Policy| policy.standing().to_string();
    // SAFETY: the caller's word, as the header asks for it.
    unsafe { say(policy, text, text_len, needed, err, standing) }
}

/// Writes something that is said of a policy.
///
/// # Safety
/// As for the functions above.
unsafe fn say(
    policy: *const c_char,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
    said: impl Fn(&Policy) -> String,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        // SAFETY: as above.
        let policy = unsafe { read(policy) }?;
        text.write(&said(&policy))
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// What the rule of a policy is sure to keep with its order of places: bit n of out is the allocator_axiom of number n.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_rule_keeps(
    policy: *const c_char,
    out: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let out = unsafe { Slot::new(out, "out") }?;
        // SAFETY: as above.
        let policy = unsafe { read(policy) }?;
        out.put(policy.keeps().bits().into());
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The policy behind the argument `policy`.
///
/// # Safety
/// `policy` is NULL or leads to a NUL.
pub(crate) unsafe fn read(policy: *const c_char) -> Result<Policy, Failure> {
    // SAFETY: as above.
    match unsafe { terminated(policy, MAX_BYTES, "policy") }? {
        Some(text) => parse(text),
        None => Err(invalid(format!("it is longer than {MAX_BYTES} bytes"))),
    }
}

/// The policy in a text of either form.
pub(crate) fn parse(text: &str) -> Result<Policy, Failure> {
    if !text.trim_start().starts_with('{') {
        return Ok(text.parse::<Policy>()?);
    }
    serde_json::from_str(text).map_err(|fault| named_fault(text).unwrap_or(invalid(fault)))
}

/// The fault of a JSON policy in the core's words, where it is one that the core has words for.
fn named_fault(text: &str) -> Option<Failure> {
    let given: Map<String, Value> = serde_json::from_str(text).ok()?;
    let known = match serde_json::to_value(Policy::default()) {
        Ok(Value::Object(fields)) => fields,
        _ => return None,
    };
    if let Some(field) = given.keys().find(|&field| !known.contains_key(field)) {
        let message = format!("policy: there is no field {field:?}");
        return Some(Failure::new(
            ALLOCATOR_UNKNOWN_FIELD,
            field.clone(),
            message,
        ));
    }
    known.keys().find_map(|field| {
        let word = given.get(field)?.as_str()?;
        let fault = match field.as_str() {
            "rule" => word.parse::<allocator_core::ShortageRule>().err(),
            "completeness" => word.parse::<allocator_core::Completeness>().err(),
            "on_misfit" => word.parse::<allocator_core::Misfit>().err(),
            "order" => word.parse::<allocator_core::PlaceOrder>().err(),
            _ => None,
        };
        fault.map(|fault: Error| fault.into())
    })
}

fn invalid(why: impl core::fmt::Display) -> Failure {
    let message = format!("policy: {why}");
    Failure::new(ALLOCATOR_INVALID_POLICY, "policy", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use allocator_core::{Completeness, Misfit};

    #[test]
    fn both_forms_say_the_same() {
        let policy = Policy::first_come()
            .completeness(Completeness::Line)
            .on_misfit(Misfit::Pass);
        let json = r#" {"rule":"first_come","completeness":"line","on_misfit":"pass"}"#;
        assert_eq!(parse("first_come:line:pass"), Ok(policy));
        assert_eq!(parse(json), Ok(policy));
        assert_eq!(parse("{}"), Ok(Policy::first_come()));
        let lots = policy.order("lot+sequence".parse().unwrap());
        let json = r#"{"completeness":"line","on_misfit":"pass","order":"lot+sequence"}"#;
        assert_eq!(parse("first_come:line:pass:lot+sequence"), Ok(lots));
        assert_eq!(parse(json), Ok(lots));
    }

    #[test]
    fn every_fault_has_its_code_and_field() {
        let deep = format!(r#"{{"rule":{}"#, "[".repeat(3000));
        for (text, status, field) in [
            ("", ALLOCATOR_UNKNOWN_RULE, "rule"),
            ("fifo", ALLOCATOR_UNKNOWN_RULE, "rule"),
            (
                "first_come:all",
                ALLOCATOR_UNKNOWN_COMPLETENESS,
                "completeness",
            ),
            (
                "first_come:line:skip",
                ALLOCATOR_UNKNOWN_MISFIT,
                "on_misfit",
            ),
            (
                "first_come:line:pass:age",
                ALLOCATOR_UNKNOWN_ORDER_KEY,
                "order",
            ),
            (
                "first_come:line:pass:lot+lot",
                ALLOCATOR_UNSOUND_ORDER,
                "order",
            ),
            (r#"{"order":"age"}"#, ALLOCATOR_UNKNOWN_ORDER_KEY, "order"),
            (r#"{"order":""}"#, ALLOCATOR_UNSOUND_ORDER, "order"),
            (r#"{"rule":"fifo"}"#, ALLOCATOR_UNKNOWN_RULE, "rule"),
            (
                r#"{"completeness":"all"}"#,
                ALLOCATOR_UNKNOWN_COMPLETENESS,
                "completeness",
            ),
            (
                r#"{"on_misfit":"skip"}"#,
                ALLOCATOR_UNKNOWN_MISFIT,
                "on_misfit",
            ),
            (
                r#"{"rule":"fifo","caps":1}"#,
                ALLOCATOR_UNKNOWN_FIELD,
                "caps",
            ),
            (r#"{"rule":7}"#, ALLOCATOR_INVALID_POLICY, "policy"),
            (
                r#"{"rule":"first_come","rule":"first_come"}"#,
                ALLOCATOR_INVALID_POLICY,
                "policy",
            ),
            ("{", ALLOCATOR_INVALID_POLICY, "policy"),
            (&deep, ALLOCATOR_INVALID_POLICY, "policy"),
        ] {
            let failure = parse(text).unwrap_err();
            assert_eq!(
                (failure.status, failure.field.as_ref()),
                (status, field),
                "{text:.60}"
            );
        }
    }
}
