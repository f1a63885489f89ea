//! The handle of one allocation: everything that follows from it.

use core::ffi::c_char;
use std::sync::OnceLock;

use allocator_core::{
    Allocation, Certificate, Error, Explainer, Explanation, Overtakes, Policy, allocate,
};

use crate::abi::*;
use crate::batch::{judge, raw};
use crate::convert::{self, count};
use crate::failure::{Failure, known_row};
use crate::guard::guard;
use crate::handle::{self, Opaque, Shared, shared};
use crate::input::Input;
use crate::interner::{allocator_interner, name_of, optional};
use crate::memory::{Buffer, Slot, TextBuffer, rows};
use crate::policy;
use crate::status::allocator_status;

/// One allocation with its input. Made by allocator_allocation_new, never changed afterwards.
#[allow(non_camel_case_types)]
pub struct allocator_allocation {
    _opaque: (),
}

impl Opaque for allocator_allocation {
    type Held = Decided;
    const MAGIC: u64 = 0x616c_6c6f_6361_7401;
}

/// What the handle holds.
pub(crate) struct Decided {
    pub(crate) input: Input,
    policy: Policy,
    allocation: Allocation,
    /// Built by the first call that asks "why?".
    explainer: OnceLock<Result<Explainer, Error>>,
    /// Built by the first call that asks for a threshold, a key or a unit.
    certificate: OnceLock<Result<Certificate, Error>>,
    /// Built by the first call that asks for overtakes.
    overtakes: OnceLock<Overtakes>,
}

impl Decided {
    fn explain(&self, row: i64) -> Result<Explanation, Failure> {
        let Self { input, policy, .. } = self;
        let explainer = self
            .explainer
            .get_or_init(|| Explainer::new(&input.demand(), &input.supply, policy));
        let explainer = explainer.as_ref().map_err(Error::clone)?;
        Ok(explainer.explain(self.row(row)?)?)
    }

    /// What units are checked against.
    pub(crate) fn certificate(&self) -> Result<&Certificate, Failure> {
        let Self {
            input,
            policy,
            allocation,
            ..
        } = self;
        let certificate = self
            .certificate
            .get_or_init(|| Certificate::new(&input.demand(), policy, allocation));
        Ok(certificate.as_ref().map_err(Error::clone)?)
    }

    /// A row that was asked about.
    pub(crate) fn row(&self, row: i64) -> Result<usize, Failure> {
        known_row(row, self.allocation.len())
    }
}

/// Decides who gets what, and keeps the answer and what it needs of the input in *out, which the
/// caller frees with allocator_allocation_free. On an error *out is NULL. The rows may go away
/// afterwards.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_new(
    policy: *const c_char,
    lines: *const allocator_line,
    lines_len: i64,
    supply: *const allocator_supply,
    supply_len: i64,
    out: *mut *mut allocator_allocation,
    err: *mut allocator_error,
) -> allocator_status {
    // SAFETY: the caller's word, as the header asks for it.
    unsafe {
        allocator_allocation_new_drawn(
            policy,
            lines,
            lines_len,
            supply,
            supply_len,
            core::ptr::null(),
            0,
            out,
            err,
        )
    }
}

/// As allocator_allocation_new, with a lot for each unit, for rules that draw them (draw_each_unit): unit 1 to
/// quantity of line 0, then of line 1, and so on. NULL: there are none.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_new_drawn(
    policy: *const c_char,
    lines: *const allocator_line,
    lines_len: i64,
    supply: *const allocator_supply,
    supply_len: i64,
    unit_lots: *const i64,
    unit_lots_len: i64,
    out: *mut *mut allocator_allocation,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let out = unsafe { Slot::new(out, "out") }?;
        out.put(core::ptr::null_mut());
        // SAFETY: as above.
        let raw = unsafe {
            raw(
                lines,
                lines_len,
                supply,
                supply_len,
                unit_lots,
                unit_lots_len,
            )
        }?;
        // SAFETY: as above.
        let policy = unsafe { policy::read(policy) }?;
        let input = Input::new(raw, &policy)?;
        let allocation = allocate(&input.demand(), &input.supply, &policy)?;
        out.put(handle::make(Decided {
            input,
            policy,
            allocation,
            explainer: OnceLock::new(),
            certificate: OnceLock::new(),
            overtakes: OnceLock::new(),
        }));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Frees an allocation; NULL is fine. Freeing one twice, or using it afterwards, is forbidden.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_free(allocation: *mut allocator_allocation) {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        unsafe { handle::free(allocation) };
        Ok(())
    };
    // SAFETY: NULL is allowed.
    unsafe { guard(core::ptr::null_mut(), body) };
}

/// All outcomes: `out[i]` answers `lines[i]`.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_outcomes(
    allocation: *const allocator_allocation,
    out: *mut allocator_outcome,
    out_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let (this, out, needed) = unsafe { listing(allocation, out, out_len, needed) }?;
        out.fill_all(this.allocation.outcomes().map(convert::outcome), &needed)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Units to hand out now: `out[i]` is what line i is allocated beyond the `given[i]` units that it was
/// given before. Allocate with the original claims and all units received so far, not with what is
/// still open of them: that is right for the queue and equal_cuts only.
///
/// given_len must be the number of lines, else ALLOCATOR_LENGTH_MISMATCH. A line that was given more
/// than it is allocated is ALLOCATOR_GIVEN_ABOVE_AWARD: the lines or the rule changed, or the result
/// is a one-off.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_increment(
    allocation: *const allocator_allocation,
    given: *const i64,
    given_len: i64,
    out: *mut i64,
    out_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let (this, out, needed) = unsafe { listing(allocation, out, out_len, needed) }?;
        // SAFETY: as above.
        let given = unsafe { rows(given, given_len, "given", "given_len") }?;
        out.fill_all(this.allocation.increment(given)?, &needed)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Which supply row serves which line, by line row, then supply row.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_pegs(
    allocation: *const allocator_allocation,
    out: *mut allocator_peg,
    out_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let (this, out, needed) = unsafe { listing(allocation, out, out_len, needed) }?;
        out.fill_all(this.allocation.pegs().iter().map(convert::peg), &needed)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The pegs of one line.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_pegs_of(
    allocation: *const allocator_allocation,
    row: i64,
    out: *mut allocator_peg,
    out_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let (this, out, needed) = unsafe { listing(allocation, out, out_len, needed) }?;
        let pegs = this.allocation.pegs_of(this.row(row)?);
        out.fill_all(pegs.iter().map(convert::peg), &needed)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Received units that nobody gets, by SKU: first what is set aside, by place, then what is free.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_idle(
    allocation: *const allocator_allocation,
    out: *mut allocator_idle,
    out_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let (this, out, needed) = unsafe { listing(allocation, out, out_len, needed) }?;
        let skus = &this.input.skus;
        let idle = this.allocation.idle().iter();
        out.fill_all(idle.map(|idle| convert::idle(idle, skus)), &needed)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Pairs of a served line and one before it in the queue of its SKU that waits, from the pair
/// numbered offset on, as many as fit into out; written says how many. The one before ships whole: its
/// units were released, or its order stands in line at its latest line. By SKU, then by place of the
/// earlier, then of the later. There may be many more pairs than lines, so none is stored: the first
/// call on a handle walks the lines once, and every call then costs what it writes, whatever offset is.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_overtakes(
    allocation: *const allocator_allocation,
    offset: i64,
    out: *mut allocator_overtake,
    out_len: i64,
    written: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(allocation, "allocation") }?;
        // SAFETY: as above.
        let out = unsafe { Buffer::new(out, out_len, "out", "out_len") }?;
        // SAFETY: as above.
        let written = unsafe { Slot::new(written, "written") }?;
        let Ok(offset) = u64::try_from(offset) else {
            let range = (0, i64::MAX.into());
            return Err(Failure::out_of_range("offset", offset.into(), range));
        };
        let overtakes = this
            .overtakes
            .get_or_init(|| Overtakes::new(&this.allocation));
        let page = overtakes.starting_at(offset).take(out.capacity());
        written.put(count(out.fill(page.map(convert::overtake))));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// How many pairs allocator_allocation_overtakes gives in all, without walking them.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_overtake_count(
    allocation: *const allocator_allocation,
    out: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(allocation, "allocation") }?;
        // SAFETY: as above.
        let out = unsafe { Slot::new(out, "out") }?;
        let pairs = this.allocation.overtake_count();
        out.put(convert::total("overtake_count", pairs.into())?);
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Sets out to 1 where some line ships whole and lets others pass, else to 0. Such a result is a
/// one-off: one unit more, or a cancellation, may take units from somebody when it is computed again.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_is_one_off(
    allocation: *const allocator_allocation,
    out: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(allocation, "allocation") }?;
        // SAFETY: as above.
        let out = unsafe { Slot::new(out, "out") }?;
        out.put(this.allocation.is_one_off().into());
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Where every line stands in the queue of its SKU: `out[i]` answers `lines[i]`.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_places(
    allocation: *const allocator_allocation,
    out: *mut allocator_place,
    out_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let (this, out, needed) = unsafe { listing(allocation, out, out_len, needed) }?;
        let places = this.allocation.places().into_iter().enumerate();
        let of_row = |(row, place)| {
            convert::place(place)
                .map_err(|failure| failure.at(allocator_table::ALLOCATOR_TABLE_LINES, row))
        };
        let places: Vec<allocator_place> = places.map(of_row).collect::<Result<_, _>>()?;
        out.fill_all(places, &needed)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The call in figures. A total above INT64_MAX is ALLOCATOR_OUT_OF_RANGE;
/// allocator_allocation_text has it.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_summary(
    allocation: *const allocator_allocation,
    out: *mut allocator_summary,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(allocation, "allocation") }?;
        // SAFETY: as above.
        let out = unsafe { Slot::new(out, "out") }?;
        out.put(convert::summary(&this.allocation.summary())?);
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The figures in one sentence.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_text(
    allocation: *const allocator_allocation,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(allocation, "allocation") }?;
        // SAFETY: as above.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        text.write(&this.allocation.to_string())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Why line row has what it has, and what would have to change.
///
/// more takes what would have to arrive, all of it, for the line to be served, by SKU: none where it
/// is served already or where no number helps. Where it does not fit, out is not written either. The
/// first call on a handle prepares the answers for all rows, so it costs about as much as the
/// allocation.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_explain(
    allocation: *const allocator_allocation,
    row: i64,
    out: *mut allocator_explanation,
    more: *mut allocator_more_units,
    more_len: i64,
    more_needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(allocation, "allocation") }?;
        // SAFETY: as above.
        let out = unsafe { Slot::new(out, "out") }?;
        // SAFETY: as above.
        let more = unsafe { Buffer::new(more, more_len, "more", "more_len") }?;
        // SAFETY: as above.
        let needed = unsafe { Slot::new(more_needed, "more_needed") }?;
        let why = this.explain(row)?;
        let Input { line_ids, skus, .. } = &this.input;
        let explanation = allocator_explanation {
            line: line_ids.outside(why.at.line.0),
            row: count(why.at.row),
            sku: skus.outside(why.sku.0),
            outcome: convert::outcome(why.outcome),
            place: convert::place(why.place)?,
            received: why.received,
            if_before_line: why.if_before.map_or(-1, |at| line_ids.outside(at.line.0)),
            if_before_row: why.if_before.map_or(-1, |at| count(at.row)),
            if_partial: why.if_partial.unwrap_or(-1),
        };
        let units = why.more_units.iter();
        more.fill_all(units.map(|units| convert::more_units(units, skus)), &needed)?;
        out.put(explanation);
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The same answer in plain words that a support agent can read out.
///
/// Lines and SKUs are named by their texts in line_names and sku_names, where those interners are
/// given and know the id; else as "line 385" and "SKU 7".
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_explain_text(
    allocation: *const allocator_allocation,
    row: i64,
    line_names: *const allocator_interner,
    sku_names: *const allocator_interner,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(allocation, "allocation") }?;
        // SAFETY: as above.
        let line_names = unsafe { optional(line_names, "line_names") }?;
        // SAFETY: as above.
        let sku_names = unsafe { optional(sku_names, "sku_names") }?;
        // SAFETY: as above.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        let why = this.explain(row)?;
        let Input { line_ids, skus, .. } = &this.input;
        text.write(&why.sentence(
            |at| name_of(line_names.as_deref(), "line", line_ids.outside(at.line.0)),
            |sku| name_of(sku_names.as_deref(), "SKU", skus.outside(sku.0)),
        ))
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Judges the allocation, its pegs and idle units with it, against its own input: the code of
/// allocator_verify, which shares nothing with what made it. Returns as allocator_verify.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_allocation_verify(
    allocation: *const allocator_allocation,
    verdict: *mut allocator_verdict,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(allocation, "allocation") }?;
        // SAFETY: as above.
        let verdict = unsafe { Slot::new(verdict, "verdict") }?;
        judge(&this.input, &this.policy, &this.allocation, &verdict)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The handle, the array to fill, and where to say how many there are.
pub(crate) type Listing<'a, T> = (Shared<'a, Decided>, Buffer<T>, Slot<i64>);

/// The arguments of a function that lists something.
///
/// # Safety
/// As [`shared`] and [`Buffer::new`].
pub(crate) unsafe fn listing<'a, T>(
    allocation: *const allocator_allocation,
    out: *mut T,
    out_len: i64,
    needed: *mut i64,
) -> Result<Listing<'a, T>, Failure> {
    Ok((
        // SAFETY: as above.
        unsafe { shared(allocation, "allocation") }?,
        // SAFETY: as above.
        unsafe { Buffer::new(out, out_len, "out", "out_len") }?,
        // SAFETY: as above.
        unsafe { Slot::new(needed, "needed") }?,
    ))
}
