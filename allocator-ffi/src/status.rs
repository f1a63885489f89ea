//! The status that every function returns. A number is never reused for another meaning.
#![allow(non_camel_case_types)]

use core::ffi::CStr;

/// What a call returns, and `code` of allocator_error. Anything but ALLOCATOR_OK: nothing was
/// written but counts, verdicts and the error.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum allocator_status {
    /// Done.
    ALLOCATOR_OK = 0,
    /// A table has more rows than one call takes.
    ALLOCATOR_TOO_MANY_ROWS = 1,
    /// A column is not as long as its table.
    ALLOCATOR_LENGTH_MISMATCH = 2,
    /// A number is outside its range, on the way in or on the way out.
    ALLOCATOR_OUT_OF_RANGE = 3,
    /// A completeness that does not exist.
    ALLOCATOR_UNKNOWN_COMPLETENESS = 4,
    /// A misfit that does not exist.
    ALLOCATOR_UNKNOWN_MISFIT = 5,
    /// Two rows of one table bear the same id.
    ALLOCATOR_DUPLICATE_ID = 6,
    /// Two lines of an order that ships whole contradict each other.
    ALLOCATOR_ORDER_DISAGREES = 7,
    /// Two lines stand at one place in line.
    ALLOCATOR_DUPLICATE_PLACE = 8,
    /// A rule that does not exist.
    ALLOCATOR_UNKNOWN_RULE = 9,
    /// An id is longer than ALLOCATOR_MAX_NAME_BYTES.
    ALLOCATOR_NAME_TOO_LONG = 10,
    /// More different ids than there are numbers.
    ALLOCATOR_TOO_MANY_NAMES = 11,
    /// The row asked about does not exist.
    ALLOCATOR_NO_SUCH_ROW = 12,
    /// The library contradicts itself. No input leads here; please report it.
    ALLOCATOR_CORRUPT = 13,
    /// A rule whose parts do not make a rule.
    ALLOCATOR_UNSOUND_RULE = 14,
    /// A line or order that ships whole, under a rule that shares unit by unit.
    ALLOCATOR_RULE_NEEDS_SINGLE_UNITS = 15,
    /// A part of an order of places that does not exist.
    ALLOCATOR_UNKNOWN_ORDER_KEY = 16,
    /// An order of places without a part, or with one twice.
    ALLOCATOR_UNSOUND_ORDER = 17,
    /// A rule that draws each unit, without a lot for each.
    ALLOCATOR_UNIT_LOTS = 18,
    /// A line was given more units than it is allocated.
    ALLOCATOR_GIVEN_ABOVE_AWARD = 19,
    /// An aim of a selection that does not exist.
    ALLOCATOR_UNKNOWN_AIM = 20,
    /// Whole orders that free exactly the need: finding out exceeds a limit.
    ALLOCATOR_SELECTION_TOO_LARGE = 21,
    /// A column that the method needs is not there.
    ALLOCATOR_MISSING_COLUMN = 22,
    /// Terms speak of single units of what is kept or cut whole.
    ALLOCATOR_NEEDS_SINGLE_UNITS = 23,
    /// Refunds or compensations are together more than 128 bits hold.
    ALLOCATOR_MONEY_TOO_LARGE = 24,
    /// The rule decides by lots, and none was drawn.
    ALLOCATOR_DRAW_REQUIRED = 25,
    /// A label of a draw that is empty, too long, or not one line of text.
    ALLOCATOR_BAD_LABEL = 40,
    /// A code of a draw that was not committed to.
    ALLOCATOR_CODE_NOT_COMMITTED = 41,
    /// Public randomness where none was announced, or none where a round was.
    ALLOCATOR_OTHER_PULSE = 42,
    /// A draw that was made for another list or policy.
    ALLOCATOR_OTHER_DRAW = 43,
    /// A published record of a draw, or a hash, that is not of its form.
    ALLOCATOR_BAD_RECORD = 44,
    /// Chances that are not told before a draw.
    ALLOCATOR_NO_CHANCES = 45,
    /// Exact chances that would take too long.
    ALLOCATOR_TOO_MANY_STEPS = 46,
    /// An error this header does not know; the message says more.
    ALLOCATOR_OTHER = 63,
    /// A pointer is NULL where there must be memory.
    ALLOCATOR_NULL_POINTER = 64,
    /// A pointer is not aligned for its type.
    ALLOCATOR_MISALIGNED_POINTER = 65,
    /// The caller's memory is too small; nothing was written but the count that is needed.
    ALLOCATOR_BUFFER_TOO_SMALL = 66,
    /// Text is not UTF-8.
    ALLOCATOR_INVALID_UTF8 = 67,
    /// A policy is not of its form.
    ALLOCATOR_INVALID_POLICY = 68,
    /// A policy has a field that does not exist.
    ALLOCATOR_UNKNOWN_FIELD = 69,
    /// A reserved byte is not 0.
    ALLOCATOR_RESERVED_NOT_ZERO = 70,
    /// A reason that does not exist.
    ALLOCATOR_UNKNOWN_REASON = 71,
    /// The interner never gave out this number.
    ALLOCATOR_NO_SUCH_ID = 72,
    /// The pointer is no handle of this kind.
    ALLOCATOR_BAD_HANDLE = 73,
    /// An earlier call on this handle panicked; only freeing it is left.
    ALLOCATOR_POISONED = 74,
    /// This call panicked. Please report it.
    ALLOCATOR_PANIC = 75,
    /// The result breaks a law; the verdict says which.
    ALLOCATOR_LAW_BROKEN = 76,
    /// An idle cause that does not exist.
    ALLOCATOR_UNKNOWN_IDLE_CAUSE = 77,
}

use allocator_status::*;

impl allocator_status {
    /// Every status there is.
    pub const ALL: &'static [Self] = &[
        ALLOCATOR_OK,
        ALLOCATOR_TOO_MANY_ROWS,
        ALLOCATOR_LENGTH_MISMATCH,
        ALLOCATOR_OUT_OF_RANGE,
        ALLOCATOR_UNKNOWN_COMPLETENESS,
        ALLOCATOR_UNKNOWN_MISFIT,
        ALLOCATOR_DUPLICATE_ID,
        ALLOCATOR_ORDER_DISAGREES,
        ALLOCATOR_DUPLICATE_PLACE,
        ALLOCATOR_UNKNOWN_RULE,
        ALLOCATOR_NAME_TOO_LONG,
        ALLOCATOR_TOO_MANY_NAMES,
        ALLOCATOR_NO_SUCH_ROW,
        ALLOCATOR_CORRUPT,
        ALLOCATOR_UNSOUND_RULE,
        ALLOCATOR_RULE_NEEDS_SINGLE_UNITS,
        ALLOCATOR_UNKNOWN_ORDER_KEY,
        ALLOCATOR_UNSOUND_ORDER,
        ALLOCATOR_UNIT_LOTS,
        ALLOCATOR_GIVEN_ABOVE_AWARD,
        ALLOCATOR_UNKNOWN_AIM,
        ALLOCATOR_SELECTION_TOO_LARGE,
        ALLOCATOR_MISSING_COLUMN,
        ALLOCATOR_NEEDS_SINGLE_UNITS,
        ALLOCATOR_MONEY_TOO_LARGE,
        ALLOCATOR_DRAW_REQUIRED,
        ALLOCATOR_BAD_LABEL,
        ALLOCATOR_CODE_NOT_COMMITTED,
        ALLOCATOR_OTHER_PULSE,
        ALLOCATOR_OTHER_DRAW,
        ALLOCATOR_BAD_RECORD,
        ALLOCATOR_NO_CHANCES,
        ALLOCATOR_TOO_MANY_STEPS,
        ALLOCATOR_OTHER,
        ALLOCATOR_NULL_POINTER,
        ALLOCATOR_MISALIGNED_POINTER,
        ALLOCATOR_BUFFER_TOO_SMALL,
        ALLOCATOR_INVALID_UTF8,
        ALLOCATOR_INVALID_POLICY,
        ALLOCATOR_UNKNOWN_FIELD,
        ALLOCATOR_RESERVED_NOT_ZERO,
        ALLOCATOR_UNKNOWN_REASON,
        ALLOCATOR_NO_SUCH_ID,
        ALLOCATOR_BAD_HANDLE,
        ALLOCATOR_POISONED,
        ALLOCATOR_PANIC,
        ALLOCATOR_LAW_BROKEN,
        ALLOCATOR_UNKNOWN_IDLE_CAUSE,
    ];

    /// The word for it: for what the core refuses, the core's own code.
    #[must_use]
    pub const fn name(self) -> &'static CStr {
        match self {
            ALLOCATOR_OK => c"ok",
            ALLOCATOR_TOO_MANY_ROWS => c"too_many_rows",
            ALLOCATOR_LENGTH_MISMATCH => c"length_mismatch",
            ALLOCATOR_OUT_OF_RANGE => c"out_of_range",
            ALLOCATOR_UNKNOWN_COMPLETENESS => c"unknown_completeness",
            ALLOCATOR_UNKNOWN_MISFIT => c"unknown_misfit",
            ALLOCATOR_DUPLICATE_ID => c"duplicate_id",
            ALLOCATOR_ORDER_DISAGREES => c"order_disagrees",
            ALLOCATOR_DUPLICATE_PLACE => c"duplicate_place",
            ALLOCATOR_UNKNOWN_RULE => c"unknown_rule",
            ALLOCATOR_NAME_TOO_LONG => c"name_too_long",
            ALLOCATOR_TOO_MANY_NAMES => c"too_many_names",
            ALLOCATOR_NO_SUCH_ROW => c"no_such_row",
            ALLOCATOR_CORRUPT => c"corrupt",
            ALLOCATOR_UNSOUND_RULE => c"unsound_rule",
            ALLOCATOR_RULE_NEEDS_SINGLE_UNITS => c"rule_needs_single_units",
            ALLOCATOR_UNKNOWN_ORDER_KEY => c"unknown_order_key",
            ALLOCATOR_UNSOUND_ORDER => c"unsound_order",
            ALLOCATOR_UNIT_LOTS => c"unit_lots",
            ALLOCATOR_GIVEN_ABOVE_AWARD => c"given_above_award",
            ALLOCATOR_UNKNOWN_AIM => c"unknown_aim",
            ALLOCATOR_SELECTION_TOO_LARGE => c"selection_too_large",
            ALLOCATOR_MISSING_COLUMN => c"missing_column",
            ALLOCATOR_NEEDS_SINGLE_UNITS => c"needs_single_units",
            ALLOCATOR_MONEY_TOO_LARGE => c"money_too_large",
            ALLOCATOR_DRAW_REQUIRED => c"draw_required",
            ALLOCATOR_BAD_LABEL => c"bad_label",
            ALLOCATOR_CODE_NOT_COMMITTED => c"code_not_committed",
            ALLOCATOR_OTHER_PULSE => c"other_pulse",
            ALLOCATOR_OTHER_DRAW => c"other_draw",
            ALLOCATOR_BAD_RECORD => c"bad_record",
            ALLOCATOR_NO_CHANCES => c"no_chances",
            ALLOCATOR_TOO_MANY_STEPS => c"too_many_steps",
            ALLOCATOR_OTHER => c"other",
            ALLOCATOR_NULL_POINTER => c"null_pointer",
            ALLOCATOR_MISALIGNED_POINTER => c"misaligned_pointer",
            ALLOCATOR_BUFFER_TOO_SMALL => c"buffer_too_small",
            ALLOCATOR_INVALID_UTF8 => c"invalid_utf8",
            ALLOCATOR_INVALID_POLICY => c"invalid_policy",
            ALLOCATOR_UNKNOWN_FIELD => c"unknown_field",
            ALLOCATOR_RESERVED_NOT_ZERO => c"reserved_not_zero",
            ALLOCATOR_UNKNOWN_REASON => c"unknown_reason",
            ALLOCATOR_NO_SUCH_ID => c"no_such_id",
            ALLOCATOR_BAD_HANDLE => c"bad_handle",
            ALLOCATOR_POISONED => c"poisoned",
            ALLOCATOR_PANIC => c"panic",
            ALLOCATOR_LAW_BROKEN => c"law_broken",
            ALLOCATOR_UNKNOWN_IDLE_CAUSE => c"unknown_idle_cause",
        }
    }

    /// The number that crosses the border.
    #[must_use]
    pub const fn number(self) -> i32 {
        self as i32
    }

    /// The status with this number.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|status| status.number() == number)
    }

    /// The status of an error of the core.
    #[must_use]
    pub fn of(error: &allocator_core::Error) -> Self {
        let code = error.code().as_bytes();
        Self::ALL
            .iter()
            .copied()
            .find(|status| status.name().to_bytes() == code)
            .unwrap_or(ALLOCATOR_OTHER)
    }
}
