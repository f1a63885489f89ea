//! Words and sentences for every code, the same in every language. All are static: nothing to free.

use core::ffi::{CStr, c_char};
use std::ffi::CString;
use std::sync::LazyLock;

use allocator_core::{
    Axiom, Completeness, CutReason, Grade, IdleCause, Law, Misfit, OneOff, OvertakeCause, Reason,
    ShortageEvent,
};

use crate::convert;
use crate::guard::shield;
use crate::status::allocator_status;

/// Texts by code.
type Texts = LazyLock<Vec<(i32, CString)>>;

/// The word for an allocator_reason, e.g. "short"; NULL for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_reason_name(reason: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| reasons(Reason::name));
    find(&TEXTS, reason)
}

/// What an allocator_reason means, in words for whoever has to act on it; NULL for no reason.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_reason_sentence(reason: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| reasons(Reason::sentence));
    find(&TEXTS, reason)
}

/// 1 for a reason why a line can never be served, so that it blocks nobody; else 0.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_reason_is_never(reason: i32) -> i32 {
    let reason = u8::try_from(reason).ok().and_then(Reason::from_number);
    reason.is_some_and(Reason::is_never).into()
}

/// The word for an allocator_idle_cause; NULL for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_idle_cause_name(cause: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| idle_causes(IdleCause::name));
    find(&TEXTS, cause)
}

/// What an allocator_idle_cause means; NULL for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_idle_cause_sentence(cause: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| idle_causes(IdleCause::sentence));
    find(&TEXTS, cause)
}

/// The word for an allocator_overtake_cause; NULL for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_overtake_cause_name(cause: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| overtake_causes(OvertakeCause::name));
    find(&TEXTS, cause)
}

/// What an allocator_overtake_cause means; NULL for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_overtake_cause_sentence(cause: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| overtake_causes(OvertakeCause::sentence));
    find(&TEXTS, cause)
}

/// The word for an allocator_cut_reason, e.g. "volunteered"; NULL for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_cut_reason_name(reason: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| cut_reasons(CutReason::name));
    find(&TEXTS, reason)
}

/// What an allocator_cut_reason means; NULL for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_cut_reason_sentence(reason: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| cut_reasons(CutReason::sentence));
    find(&TEXTS, reason)
}

/// The word for an allocator_one_off; NULL for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_one_off_name(one_off: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| one_offs(OneOff::name));
    find(&TEXTS, one_off)
}

/// The smallest case in which such a plan takes a unit from somebody who stays; NULL for a number that
/// is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_one_off_sentence(one_off: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| one_offs(OneOff::sentence));
    find(&TEXTS, one_off)
}

/// The word for an allocator_shortage_event, e.g. "second_shipment"; NULL for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_shortage_event_name(event: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| events(ShortageEvent::name));
    find(&TEXTS, event)
}

/// How an allocator_shortage_event is answered; NULL for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_shortage_event_sentence(event: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| events(ShortageEvent::sentence));
    find(&TEXTS, event)
}

/// The word for an allocator_completeness; NULL for "as the policy says" and for a number that is
/// none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_completeness_name(completeness: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| {
        let known = [
            Completeness::Partial,
            Completeness::Line,
            Completeness::Order,
        ];
        texts(known.map(|this| (Completeness::code(Some(this)).into(), this.name())))
    });
    find(&TEXTS, completeness)
}

/// The word for an allocator_misfit; NULL for "as the policy says" and for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_misfit_name(misfit: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| {
        let known = [Misfit::SetAside, Misfit::Pass];
        texts(known.map(|this| (Misfit::code(Some(this)).into(), this.name())))
    });
    find(&TEXTS, misfit)
}

/// The word for an allocator_grade; NULL for none and for a number that is no grade.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_grade_name(grade: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| {
        let known = [Grade::Safe, Grade::Legal, Grade::Ordered];
        texts(known.map(|this| (convert::grade(Some(this)) as i32, this.name())))
    });
    find(&TEXTS, grade)
}

/// The word for an allocator_law; NULL for none and for a number that is no law.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_law_name(law: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| {
        let known = Law::ALL.into_iter();
        texts(known.filter_map(|this| Some((convert::law(this)? as i32, this.name()))))
    });
    find(&TEXTS, law)
}

/// The word for an allocator_axiom, e.g. "split_proof"; NULL for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_axiom_name(axiom: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| axioms(Axiom::name));
    find(&TEXTS, axiom)
}

/// What an allocator_axiom promises; NULL for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_axiom_sentence(axiom: i32) -> *const c_char {
    static TEXTS: Texts = LazyLock::new(|| axioms(Axiom::sentence));
    find(&TEXTS, axiom)
}

/// The word for an allocator_status, e.g. "duplicate_id"; NULL for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocator_status_name(status: i32) -> *const c_char {
    allocator_status::from_number(status).map_or(core::ptr::null(), |this| this.name().as_ptr())
}

/// The version of the library, e.g. "0.1.0".
#[unsafe(no_mangle)]
pub extern "C" fn allocator_version() -> *const c_char {
    const VERSION: &CStr =
        match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => c"",
        };
    VERSION.as_ptr()
}

fn reasons(text: fn(Reason) -> &'static str) -> Vec<(i32, CString)> {
    texts(
        Reason::ALL
            .iter()
            .map(|&this| (this.number().into(), text(this))),
    )
}

fn idle_causes(text: fn(IdleCause) -> &'static str) -> Vec<(i32, CString)> {
    texts(
        IdleCause::ALL
            .iter()
            .map(|&this| (this.number().into(), text(this))),
    )
}

fn overtake_causes(text: fn(OvertakeCause) -> &'static str) -> Vec<(i32, CString)> {
    texts(
        OvertakeCause::ALL
            .iter()
            .map(|&this| (this.number().into(), text(this))),
    )
}

fn axioms(text: fn(Axiom) -> &'static str) -> Vec<(i32, CString)> {
    texts(
        Axiom::ALL
            .iter()
            .map(|&this| (this.number().into(), text(this))),
    )
}

fn cut_reasons(text: fn(CutReason) -> &'static str) -> Vec<(i32, CString)> {
    texts(
        CutReason::ALL
            .iter()
            .map(|&this| (this.number().into(), text(this))),
    )
}

fn one_offs(text: fn(OneOff) -> &'static str) -> Vec<(i32, CString)> {
    texts(
        OneOff::ALL
            .iter()
            .map(|&this| (this.number().into(), text(this))),
    )
}

fn events(text: fn(ShortageEvent) -> &'static str) -> Vec<(i32, CString)> {
    texts(
        ShortageEvent::ALL
            .iter()
            .map(|&this| (this.number().into(), text(this))),
    )
}

fn texts(given: impl IntoIterator<Item = (i32, &'static str)>) -> Vec<(i32, CString)> {
    let terminated = |(code, text)| Some((code, CString::new(text).ok()?));
    given.into_iter().filter_map(terminated).collect()
}

fn find(texts: &'static Texts, code: i32) -> *const c_char {
    shield(core::ptr::null(), || {
        let text = texts.iter().find(|(number, _)| *number == code);
        text.map_or(core::ptr::null(), |(_, text)| text.as_ptr())
    })
}
