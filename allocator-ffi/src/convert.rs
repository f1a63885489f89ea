//! Numbers and rows of the core in the form that crosses the border.

use allocator_core::{
    Completeness, Grade, Law, Misfit, MoreUnits, Outcome, Overtake, Peg, PlaceInLine, Summary,
};

use crate::abi::*;
use crate::abi_cancel::allocator_amount;
use crate::failure::Failure;
use crate::ids::Ids;
use allocator_grade::*;
use allocator_law::*;

/// A count of things in memory. No memory holds `i64::MAX` of them.
pub(crate) fn count(len: usize) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX)
}

/// A total, which must fit.
pub(crate) fn total(field: &'static str, value: i128) -> Result<i64, Failure> {
    i64::try_from(value).map_err(|_| Failure::too_large(field, value))
}

/// An amount of money, which always fits.
pub(crate) fn amount(value: i128) -> allocator_amount {
    let low = value & i128::from(u64::MAX);
    allocator_amount {
        low: u64::try_from(low).unwrap_or(0).cast_signed(),
        high: i64::try_from(value >> 64).unwrap_or(i64::MAX),
    }
}

/// A digest in 32 hexadecimal digits.
pub(crate) fn digest(value: u128) -> String {
    format!("{value:032x}")
}

pub(crate) fn outcome(outcome: Outcome) -> allocator_outcome {
    allocator_outcome {
        quantity: outcome.quantity,
        allocated: outcome.allocated,
        set_aside: outcome.set_aside,
        waiting: outcome.waiting,
        never: outcome.never,
        covered: outcome.covered,
        reason: outcome.reason.number(),
        reserved: [0; 7],
    }
}

pub(crate) fn peg(peg: &Peg) -> allocator_peg {
    let Peg { row, supply, units } = *peg;
    allocator_peg {
        row: row.into(),
        supply: supply.into(),
        units,
    }
}

pub(crate) fn idle(idle: &allocator_core::Idle, skus: &Ids) -> allocator_idle {
    let allocator_core::Idle {
        sku,
        cause,
        row,
        units,
    } = *idle;
    allocator_idle {
        sku: skus.outside(sku.0),
        row: row.map_or(-1, i64::from),
        units,
        cause: cause.number(),
        reserved: [0; 7],
    }
}

pub(crate) fn overtake(overtake: Overtake) -> allocator_overtake {
    let Overtake {
        later,
        earlier,
        because,
    } = overtake;
    allocator_overtake {
        later: later.into(),
        earlier: earlier.into(),
        because: because.number(),
        reserved: [0; 7],
    }
}

pub(crate) fn place(place: PlaceInLine) -> Result<allocator_place, Failure> {
    let PlaceInLine {
        position,
        units_ahead,
    } = place;
    Ok(allocator_place {
        position: position.into(),
        units_ahead: total("units_ahead", units_ahead)?,
    })
}

pub(crate) fn more_units(more: &MoreUnits, skus: &Ids) -> allocator_more_units {
    let MoreUnits { sku, units } = *more;
    allocator_more_units {
        sku: skus.outside(sku.0),
        units,
    }
}

pub(crate) fn summary(sums: &Summary) -> Result<allocator_summary, Failure> {
    Ok(allocator_summary {
        ordered: total("ordered", sums.ordered)?,
        received: total("received", sums.received)?,
        allocated: total("allocated", sums.allocated)?,
        set_aside: total("set_aside", sums.set_aside)?,
        waiting: total("waiting", sums.waiting)?,
        never: total("never", sums.never)?,
        idle: total("idle", sums.idle)?,
        lines_full: total("lines_full", sums.lines_full.into())?,
        lines_partial: total("lines_partial", sums.lines_partial.into())?,
        lines_none: total("lines_none", sums.lines_none.into())?,
    })
}

/// The completeness behind a code; `Err` for a code that does not exist.
pub(crate) fn completeness(code: u8) -> Result<Option<Completeness>, u8> {
    let known = [
        None,
        Some(Completeness::Partial),
        Some(Completeness::Line),
        Some(Completeness::Order),
    ];
    let of = |&this: &Option<Completeness>| Completeness::code(this) == code;
    known.into_iter().find(of).ok_or(code)
}

/// The misfit behind a code; `Err` for a code that does not exist.
pub(crate) fn misfit(code: u8) -> Result<Option<Misfit>, u8> {
    let known = [None, Some(Misfit::SetAside), Some(Misfit::Pass)];
    let of = |&this: &Option<Misfit>| Misfit::code(this) == code;
    known.into_iter().find(of).ok_or(code)
}

pub(crate) fn grade(grade: Option<Grade>) -> allocator_grade {
    match grade {
        None => ALLOCATOR_GRADE_NONE,
        Some(Grade::Safe) => ALLOCATOR_GRADE_SAFE,
        Some(Grade::Legal) => ALLOCATOR_GRADE_LEGAL,
        Some(Grade::Ordered) => ALLOCATOR_GRADE_ORDERED,
    }
}

/// The number of a law; `None` for one that this face does not know yet.
pub(crate) fn law(law: Law) -> Option<allocator_law> {
    match law {
        Law::NeverBeyondReceived => Some(ALLOCATOR_LAW_NEVER_BEYOND_RECEIVED),
        Law::EveryUnitAccounted => Some(ALLOCATOR_LAW_EVERY_UNIT_ACCOUNTED),
        Law::ShipsWhole => Some(ALLOCATOR_LAW_SHIPS_WHOLE),
        Law::NoQueueJumping => Some(ALLOCATOR_LAW_NO_QUEUE_JUMPING),
        Law::NothingIdle => Some(ALLOCATOR_LAW_NOTHING_IDLE),
        Law::TrueReason => Some(ALLOCATOR_LAW_TRUE_REASON),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_leads_back_to_itself() {
        for code in 0..=3 {
            assert_eq!(completeness(code).map(Completeness::code), Ok(code));
        }
        assert_eq!(completeness(4), Err(4));
        for code in 0..=2 {
            assert_eq!(misfit(code).map(Misfit::code), Ok(code));
        }
        assert_eq!(misfit(3), Err(3));
    }

    #[test]
    fn every_law_has_its_own_number() {
        let numbers: Vec<i32> = Law::ALL.iter().map(|&of| law(of).unwrap() as i32).collect();
        assert_eq!(numbers, (1..).take(Law::ALL.len()).collect::<Vec<_>>());
    }

    #[test]
    fn an_amount_is_its_two_halves() {
        for (value, low, high) in [
            (0, 0, 0),
            (i128::from(i64::MAX), i64::MAX, 0),
            (1 << 63, i64::MIN, 0),
            ((1 << 64) + 7, 7, 1),
            (i128::MAX, -1, i64::MAX),
        ] {
            assert_eq!(amount(value), allocator_amount { low, high });
        }
    }

    #[test]
    fn a_total_that_does_not_fit_is_an_error() {
        assert_eq!(total("idle", i64::MAX.into()), Ok(i64::MAX));
        let failure = total("idle", i128::from(i64::MAX) + 1).unwrap_err();
        assert_eq!(failure.field, "idle");
        assert!(failure.message.contains("9223372036854775808"));
    }
}
