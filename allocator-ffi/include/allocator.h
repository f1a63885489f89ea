/*
 * allocator: preorder and backorder inventory allocation. 500 units are sold, 480 arrive: who gets
 * one, and why. Exact, explained, never beyond received stock.
 *
 * Generated from the Rust source; do not edit. C99 to C23, C++17. PHP loads allocator.ffi.h.
 *
 * CONVENTIONS
 *
 * Order     policy, tables in, what is asked, memory out, err. An array is a pointer and its length.
 * Status    Every function that can fail returns an allocator_status; test it against ALLOCATOR_OK.
 *           Numbers are never reused. Any other status: nothing was written but the error, a count
 *           that is needed, and the verdict of a broken law.
 * Errors    err may be NULL. Else the call clears it, or says in it what went wrong: code, table,
 *           row (from 0), field and a sentence. It is memory of the caller; there is nothing to free.
 *           Arguments are checked first, then the policy, then supply rows, then line rows, then
 *           what only shows between rows; the first row wins.
 * Numbers   int64_t for every quantity, time, id and count. Quantities and ids are 0..=INT64_MAX,
 *           times are microseconds since 1970 UTC, rows count from 0, -1 is "none". A result above
 *           INT64_MAX is ALLOCATOR_OUT_OF_RANGE, never cut.
 * Ids       Any number. In order, customer and supply 0 means "none", so number those from 1, as an
 *           allocator_interner does.
 * Place     Lines stand by priority, placed_at, sequence, or by what the policy's order says, of these
 *           and score, quantity, lot; two at one place are ALLOCATOR_DUPLICATE_PLACE. C has no word for "no sequence", so where sequence is 0 in
 *           every line of the call, the row counts instead; where any line has another, 0 is 0.
 * Rows in   Memory of the caller, read during the call only. NULL only with length 0. Reserved bytes
 *           are 0, so clear a row before you fill it: a row of zeros holds the defaults.
 * Arrays    Memory of the caller. needed says how many elements there are. Too small an array is
 *           ALLOCATOR_BUFFER_TOO_SMALL; ask with NULL and 0 to learn the number.
 * Text out  The same, in bytes; text_len has room for a NUL, which needed does not count, and needed
 *           may be NULL here.
 * Policy    NUL-terminated: a name ("first_come", "first_come:line", "first_come:order:pass",
 *           "first_come:order:set_aside:quantity+placed_at+sequence"), or JSON
 *           ({"rule":"first_come","completeness":"line","on_misfit":"pass","order":"lot+sequence"}).
 * Method    How it is decided who is cut: a policy, "largest_remainder", or "whole_orders(aim)".
 * Money     allocator_amount: two halves, since a price times units may need 128 bits. Up to INT64_MAX
 *           low is the amount and high is 0.
 * Handles   Made by _new, freed by _free (once; NULL is fine). NULL, a handle of another kind and
 *           foreign memory of 16 bytes or more are refused where they are recognised; using a freed
 *           handle is forbidden.
 * Threads   A const handle may be used by many threads at once; a handle that is not const only by
 *           one, and not together with const calls. Calls without a handle are independent.
 * Panics    A fault inside the library never crosses the border: ALLOCATOR_PANIC. A handle that was
 *           in use is poisoned: every later call but _free says so.
 */

#ifndef ALLOCATOR_H
#define ALLOCATOR_H

#include <stdint.h>

// What a call returns, and `code` of allocator_error. Anything but ALLOCATOR_OK: nothing was
// written but counts, verdicts and the error.
typedef enum {
    // Done.
    ALLOCATOR_OK = 0,
    // A table has more rows than one call takes.
    ALLOCATOR_TOO_MANY_ROWS = 1,
    // A column is not as long as its table.
    ALLOCATOR_LENGTH_MISMATCH = 2,
    // A number is outside its range, on the way in or on the way out.
    ALLOCATOR_OUT_OF_RANGE = 3,
    // A completeness that does not exist.
    ALLOCATOR_UNKNOWN_COMPLETENESS = 4,
    // A misfit that does not exist.
    ALLOCATOR_UNKNOWN_MISFIT = 5,
    // Two rows of one table bear the same id.
    ALLOCATOR_DUPLICATE_ID = 6,
    // Two lines of an order that ships whole contradict each other.
    ALLOCATOR_ORDER_DISAGREES = 7,
    // Two lines stand at one place in line.
    ALLOCATOR_DUPLICATE_PLACE = 8,
    // A rule that does not exist.
    ALLOCATOR_UNKNOWN_RULE = 9,
    // An id is longer than ALLOCATOR_MAX_NAME_BYTES.
    ALLOCATOR_NAME_TOO_LONG = 10,
    // More different ids than there are numbers.
    ALLOCATOR_TOO_MANY_NAMES = 11,
    // The row asked about does not exist.
    ALLOCATOR_NO_SUCH_ROW = 12,
    // The library contradicts itself. No input leads here; please report it.
    ALLOCATOR_CORRUPT = 13,
    // A rule whose parts do not make a rule.
    ALLOCATOR_UNSOUND_RULE = 14,
    // A line or order that ships whole, under a rule that shares unit by unit.
    ALLOCATOR_RULE_NEEDS_SINGLE_UNITS = 15,
    // A part of an order of places that does not exist.
    ALLOCATOR_UNKNOWN_ORDER_KEY = 16,
    // An order of places without a part, or with one twice.
    ALLOCATOR_UNSOUND_ORDER = 17,
    // A rule that draws each unit, without a lot for each.
    ALLOCATOR_UNIT_LOTS = 18,
    // A line was given more units than it is allocated.
    ALLOCATOR_GIVEN_ABOVE_AWARD = 19,
    // An aim of a selection that does not exist.
    ALLOCATOR_UNKNOWN_AIM = 20,
    // Whole orders that free exactly the need: finding out exceeds a limit.
    ALLOCATOR_SELECTION_TOO_LARGE = 21,
    // A column that the method needs is not there.
    ALLOCATOR_MISSING_COLUMN = 22,
    // Terms speak of single units of what is kept or cut whole.
    ALLOCATOR_NEEDS_SINGLE_UNITS = 23,
    // Refunds or compensations are together more than 128 bits hold.
    ALLOCATOR_MONEY_TOO_LARGE = 24,
    // The rule decides by lots, and none was drawn.
    ALLOCATOR_DRAW_REQUIRED = 25,
    // A label of a draw that is empty, too long, or not one line of text.
    ALLOCATOR_BAD_LABEL = 40,
    // A code of a draw that was not committed to.
    ALLOCATOR_CODE_NOT_COMMITTED = 41,
    // Public randomness where none was announced, or none where a round was.
    ALLOCATOR_OTHER_PULSE = 42,
    // A draw that was made for another list or policy.
    ALLOCATOR_OTHER_DRAW = 43,
    // A published record of a draw, or a hash, that is not of its form.
    ALLOCATOR_BAD_RECORD = 44,
    // Chances that are not told before a draw.
    ALLOCATOR_NO_CHANCES = 45,
    // Exact chances that would take too long.
    ALLOCATOR_TOO_MANY_STEPS = 46,
    // An error this header does not know; the message says more.
    ALLOCATOR_OTHER = 63,
    // A pointer is NULL where there must be memory.
    ALLOCATOR_NULL_POINTER = 64,
    // A pointer is not aligned for its type.
    ALLOCATOR_MISALIGNED_POINTER = 65,
    // The caller's memory is too small; nothing was written but the count that is needed.
    ALLOCATOR_BUFFER_TOO_SMALL = 66,
    // Text is not UTF-8.
    ALLOCATOR_INVALID_UTF8 = 67,
    // A policy is not of its form.
    ALLOCATOR_INVALID_POLICY = 68,
    // A policy has a field that does not exist.
    ALLOCATOR_UNKNOWN_FIELD = 69,
    // A reserved byte is not 0.
    ALLOCATOR_RESERVED_NOT_ZERO = 70,
    // A reason that does not exist.
    ALLOCATOR_UNKNOWN_REASON = 71,
    // The interner never gave out this number.
    ALLOCATOR_NO_SUCH_ID = 72,
    // The pointer is no handle of this kind.
    ALLOCATOR_BAD_HANDLE = 73,
    // An earlier call on this handle panicked; only freeing it is left.
    ALLOCATOR_POISONED = 74,
    // This call panicked. Please report it.
    ALLOCATOR_PANIC = 75,
    // The result breaks a law; the verdict says which.
    ALLOCATOR_LAW_BROKEN = 76,
    // An idle cause that does not exist.
    ALLOCATOR_UNKNOWN_IDLE_CAUSE = 77,
} allocator_status;

// A table of the input.
typedef enum {
    // None: an argument, the policy, a handle.
    ALLOCATOR_TABLE_NONE = 0,
    // The supply rows.
    ALLOCATOR_TABLE_SUPPLY = 1,
    // The demand lines.
    ALLOCATOR_TABLE_LINES = 2,
    // The outcomes.
    ALLOCATOR_TABLE_OUTCOMES = 3,
    // The pegs.
    ALLOCATOR_TABLE_PEGS = 4,
    // The idle units.
    ALLOCATOR_TABLE_IDLE = 5,
    // The orders that may be cancelled as a whole.
    ALLOCATOR_TABLE_ORDERS = 6,
    // The units to free.
    ALLOCATOR_TABLE_NEED = 7,
    // A command to the engine.
    ALLOCATOR_TABLE_COMMAND = 8,
} allocator_table;

// What may ship in part.
typedef enum {
    // As the policy says.
    ALLOCATOR_COMPLETENESS_POLICY = 0,
    // Any number of units.
    ALLOCATOR_COMPLETENESS_PARTIAL = 1,
    // The line ships whole or not at all.
    ALLOCATOR_COMPLETENESS_LINE = 2,
    // All lines of the order ship together, over all SKUs, or none does.
    ALLOCATOR_COMPLETENESS_ORDER = 3,
} allocator_completeness;

// What becomes of units covered for a line or order that may not ship yet.
typedef enum {
    // As the policy says.
    ALLOCATOR_MISFIT_POLICY = 0,
    // They stay aside for it, and are reported as idle with that cause.
    ALLOCATOR_MISFIT_SET_ASIDE = 1,
    // They are offered to those behind; each overtake is reported.
    ALLOCATOR_MISFIT_PASS = 2,
} allocator_misfit;

// Why a line has what it has: the first that applies.
typedef enum {
    // The line asks for 0 units.
    ALLOCATOR_REASON_NOTHING_ASKED = 0,
    // Every unit is allocated.
    ALLOCATOR_REASON_SERVED = 1,
    // No supply row names the SKU: it can never be served and blocks nobody.
    ALLOCATOR_REASON_UNKNOWN_SKU = 2,
    // The order ships whole and another line of it can never be served.
    ALLOCATOR_REASON_ORDER_HAS_IMPOSSIBLE_LINE = 3,
    // There is enough for this line, but the order ships whole and another line of it waits.
    ALLOCATOR_REASON_ORDER_INCOMPLETE = 4,
    // There is only a part, and the line ships whole.
    ALLOCATOR_REASON_LINE_INCOMPLETE = 5,
    // Those before it in line took what there was.
    ALLOCATOR_REASON_SHORT = 6,
    // For allocator_verify only: a system that gives no reasons has it in every outcome.
    ALLOCATOR_REASON_NONE = 255,
} allocator_reason;

// Why a received unit is allocated to nobody.
typedef enum {
    // Kept for a line that ships whole and is not complete yet.
    ALLOCATOR_IDLE_SET_ASIDE = 0,
    // Nobody waits for it.
    ALLOCATOR_IDLE_NO_DEMAND = 1,
    // Lines and orders wait that ship whole, and it completes none of them.
    ALLOCATOR_IDLE_DOES_NOT_FIT = 2,
} allocator_idle_cause;

// Why a later line was served before an earlier one.
typedef enum {
    // The earlier one ships whole and waits: its units were released, or its order stands in line
    // at its latest line.
    ALLOCATOR_OVERTAKE_MISFIT = 0,
    // The rule shares unit by unit between customers, and the place only parts equals.
    ALLOCATOR_OVERTAKE_RULE = 1,
} allocator_overtake_cause;

// How much of a result holds. Each grade includes the ones before it.
typedef enum {
    // None.
    ALLOCATOR_GRADE_NONE = 0,
    // Nothing is promised twice: units, pegs and idle units add up to what was received.
    ALLOCATOR_GRADE_SAFE = 1,
    // What ships whole does.
    ALLOCATOR_GRADE_LEGAL = 2,
    // Nobody jumps the queue, nothing is idle without its cause, every reason is true.
    ALLOCATOR_GRADE_ORDERED = 3,
} allocator_grade;

// What every result must keep, in the order in which the auditor looks.
typedef enum {
    // None is broken.
    ALLOCATOR_LAW_NONE = 0,
    // Of no SKU and no supply row is more given than was received.
    ALLOCATOR_LAW_NEVER_BEYOND_RECEIVED = 1,
    // Every unit lies in exactly one box.
    ALLOCATOR_LAW_EVERY_UNIT_ACCOUNTED = 2,
    // Lines and orders that ship whole get all or nothing.
    ALLOCATOR_LAW_SHIPS_WHOLE = 3,
    // Nobody is covered while one before him waits, unless the policy lets him pass.
    ALLOCATOR_LAW_NO_QUEUE_JUMPING = 4,
    // No unit stays free that the queue owes to somebody.
    ALLOCATOR_LAW_NOTHING_IDLE = 5,
    // Every reason and every cause is the true one.
    ALLOCATOR_LAW_TRUE_REASON = 6,
} allocator_law;

// What a sharing rule may promise. It speaks of customers who claim one SKU, each under a name of his
// own, and of stock between none and all of what is claimed.
typedef enum {
    // One more unit lowers nobody.
    ALLOCATOR_AXIOM_RESOURCE_MONOTONE = 0,
    // Who cancels lowers nobody else.
    ALLOCATOR_AXIOM_CANCEL_MONOTONE = 1,
    // Who leaves with his award changes nobody else.
    ALLOCATOR_AXIOM_CONSISTENCY = 2,
    // Who has no unit and leaves changes nobody.
    ALLOCATOR_AXIOM_NULL_AWARD_LEAVES = 3,
    // Who is served in full and leaves with his units changes nobody.
    ALLOCATOR_AXIOM_SERVED_LEAVES = 4,
    // Two shipments, the second shared by what is still open, give what one gives.
    ALLOCATOR_AXIOM_COMPOSITION_UP = 5,
    // A shipment revised down may be shared by the awards instead of the claims.
    ALLOCATOR_AXIOM_COMPOSITION_DOWN = 6,
    // Equal claims differ by at most one unit.
    ALLOCATOR_AXIOM_BALANCED_EQUALS = 7,
    // Of two equal claims the earlier never gets less.
    ALLOCATOR_AXIOM_SENIORITY_EQUALS = 8,
    // Nobody gets a unit while somebody earlier is short.
    ALLOCATOR_AXIOM_NO_OVERTAKE = 9,
    // A smaller claim never gets more.
    ALLOCATOR_AXIOM_ORDER_GAINS_STRICT = 10,
    // A smaller claim never gets more by two units.
    ALLOCATOR_AXIOM_ORDER_GAINS_PM1 = 11,
    // A smaller claim never loses more.
    ALLOCATOR_AXIOM_ORDER_LOSSES_STRICT = 12,
    // A smaller claim never loses more by two units.
    ALLOCATOR_AXIOM_ORDER_LOSSES_PM1 = 13,
    // Nobody gets less than his exact share rounded down.
    ALLOCATOR_AXIOM_LOWER_QUOTA = 14,
    // Nobody gets more than his exact share rounded up.
    ALLOCATOR_AXIOM_UPPER_QUOTA = 15,
    // With at least as many units as customers nobody is left without one.
    ALLOCATOR_AXIOM_NOBODY_EMPTY = 16,
    // Who asks for more never gets less.
    ALLOCATOR_AXIOM_CLAIM_MONOTONE = 17,
    // Who asks for more gives nobody else a unit, so who asks for less takes none.
    ALLOCATOR_AXIOM_OTHERS_NEVER_GAIN_FROM_MY_INCREASE = 18,
    // Who asks for more than he wants gets no more of what he wants.
    ALLOCATOR_AXIOM_INFLATION_PROOF = 19,
    // What a claim asks for beyond the stock changes nothing.
    ALLOCATOR_AXIOM_TRUNCATION_INVARIANT = 20,
    // Two accounts side by side get no more than one.
    ALLOCATOR_AXIOM_SPLIT_PROOF = 21,
    // Two accounts side by side get no less than one.
    ALLOCATOR_AXIOM_MERGE_PROOF = 22,
    // Units are awarded as the missing ones are cut, the line turned round.
    ALLOCATOR_AXIOM_SELF_DUAL_REVERSED_TIES = 23,
} allocator_axiom;

// Why a line keeps what it keeps in a plan of cancellations: the first that applies.
typedef enum {
    // The line asks for 0 units.
    ALLOCATOR_CUT_NOTHING_ASKED = 0,
    // Every unit is kept.
    ALLOCATOR_CUT_KEPT = 1,
    // It can never be served.
    ALLOCATOR_CUT_NEVER_SERVED = 2,
    // All that is cut was offered by the customer.
    ALLOCATOR_CUT_VOLUNTEERED = 3,
    // The order was chosen to be cancelled whole.
    ALLOCATOR_CUT_ORDER_CHOSEN = 4,
    // The line or its order ships whole, and it cannot be completed.
    ALLOCATOR_CUT_SHIPS_WHOLE = 5,
    // The rule gave what there is to others.
    ALLOCATOR_CUT_SHORTAGE = 6,
} allocator_cut_reason;

// Why a plan is good for the moment it is made in only: more supply or a cancellation may hurt
// somebody who stays.
typedef enum {
    // What ships whole and does not fit lets others pass.
    ALLOCATOR_ONE_OFF_PASSES = 0,
    // Percentages are rounded by the largest remainder.
    ALLOCATOR_ONE_OFF_LARGEST_REMAINDER = 1,
    // Whole orders are chosen for an aim.
    ALLOCATOR_ONE_OFF_WHOLE_ORDERS = 2,
} allocator_one_off;

// Something that happens between two plans.
typedef enum {
    // More units arrive.
    ALLOCATOR_EVENT_SECOND_SHIPMENT = 0,
    // Fewer units than announced will come.
    ALLOCATOR_EVENT_SUPPLY_REVISED_DOWN = 1,
    // A customer cancels his order.
    ALLOCATOR_EVENT_CANCELLATION = 2,
    // A customer without a unit leaves the list.
    ALLOCATOR_EVENT_EMPTY_HANDED_LEAVES = 3,
    // A customer wants fewer units.
    ALLOCATOR_EVENT_REDUCTION = 4,
    // A customer wants more units.
    ALLOCATOR_EVENT_INCREASE = 5,
    // An order that is served in full has shipped.
    ALLOCATOR_EVENT_SHIPPED_LEAVES = 6,
} allocator_shortage_event;

// Limits of one call.
typedef enum {
    // Most bytes of an id in an interner.
    ALLOCATOR_MAX_NAME_BYTES = 1024,
    // Most bytes of a policy in text form.
    ALLOCATOR_MAX_POLICY_BYTES = 4096,
    // Fewest bytes of a one-time code of a draw.
    ALLOCATOR_MIN_CODE_BYTES = 16,
    // Most bytes of a published record of a draw, and of a hash, in text form.
    ALLOCATOR_MAX_RECORD_BYTES = 16384,
} allocator_limit;

// One allocation with its input. Made by allocator_allocation_new, never changed afterwards.
typedef struct allocator_allocation allocator_allocation;

// A comparison. Made by allocator_comparison_new, never changed afterwards.
typedef struct allocator_comparison allocator_comparison;

// A draw. Made by allocator_draw_new or allocator_draw_read, never changed afterwards.
typedef struct allocator_draw allocator_draw;

// What has to be drawn of a frozen list. Made by allocator_draw_required_new, never changed afterwards.
typedef struct allocator_draw_required allocator_draw_required;

// Gives every text its own number, from 1, in the order of first sight, and the text back
// unchanged. Keep one for lines, one for SKUs and so on.
typedef struct allocator_interner allocator_interner;

// A plan of cancellations. Made by allocator_plan_new, never changed afterwards.
typedef struct allocator_plan allocator_plan;

// A demand line: one SKU of one order that wants units. A line of zeros with a `line` of its own is
// valid: the policy's defaults, an order and a customer of its own, the place of its row.
typedef struct {
    // Unique among the lines of one call, 0..=INT64_MAX like every id.
    int64_t line;
    // The order; 0: the line is an order of its own.
    int64_t order;
    // The customer; 0: the order is a customer of its own.
    int64_t customer;
    // What is wanted.
    int64_t sku;
    // Units wanted, 0..=INT64_MAX.
    int64_t quantity;
    // First part of the place in line, where the policy's order says nothing else: small first, any
    // number.
    int64_t priority;
    // Second part: microseconds since 1970-01-01T00:00:00Z, any number.
    int64_t placed_at;
    // Last part: any number. Where every line of the call has 0, the row counts instead.
    int64_t sequence;
    // A lot that the caller drew, read by rules and orders that name it: small first, any number.
    int64_t lot;
    // Read by orders that name it: large first, any number.
    int64_t score;
    // An allocator_completeness.
    uint8_t completeness;
    // An allocator_misfit.
    uint8_t on_misfit;
    // 0.
    uint8_t reserved[2];
    // How often the claimant counts under a rule with weights, up to INT32_MAX; 0: once.
    int32_t weight;
} allocator_line;

// Units of one SKU that are physically here.
typedef struct {
    // Unique among the supply rows of one call; 0: the row stands for it.
    int64_t supply;
    // What it is.
    int64_t sku;
    // Units received, 0..=INT64_MAX; so is their sum over one SKU.
    int64_t quantity;
    // Which row of a SKU is used up first: small first, then by `supply`. Decides pegs, never
    // amounts.
    int64_t sequence;
    // 0.
    uint8_t reserved[8];
} allocator_supply;

// What one line has, and why: quantity = allocated + set_aside + waiting + never.
typedef struct {
    // Units asked for.
    int64_t quantity;
    // Units it gets now.
    int64_t allocated;
    // Units kept for it until what ships whole is complete.
    int64_t set_aside;
    // Units that nothing serves yet.
    int64_t waiting;
    // Units that can never be served.
    int64_t never;
    // Units the queue covered before anything was rounded down: what an auditor checks the order
    // by.
    int64_t covered;
    // An allocator_reason.
    uint8_t reason;
    // 0.
    uint8_t reserved[7];
} allocator_outcome;

// What went wrong. Memory of the caller, nothing to free; cleared by every call that gets it.
typedef struct {
    // An allocator_status, the one that the call returned.
    int32_t code;
    // An allocator_table: where the fault is.
    int32_t table;
    // The row at fault, from 0, or -1.
    int64_t row;
    // The earlier row of two that contradict each other, or -1.
    int64_t first_row;
    // The field or the argument at fault, NUL-terminated; empty where there is none.
    char field[32];
    // One sentence, NUL-terminated UTF-8, cut at 255 bytes; empty where nothing went wrong.
    char message[256];
} allocator_error;

// `units` of line row `row` come from supply row `supply`. Rows count from 0.
typedef struct {
    // The row of the line.
    int64_t row;
    // The row of the supply.
    int64_t supply;
    // Units, at least 1.
    int64_t units;
} allocator_peg;

// Received units of a SKU that are allocated to nobody, and why.
typedef struct {
    // The SKU.
    int64_t sku;
    // The row of the line they are kept for, where they are set aside; else -1.
    int64_t row;
    // Units, at least 1.
    int64_t units;
    // An allocator_idle_cause.
    uint8_t cause;
    // 0.
    uint8_t reserved[7];
} allocator_idle;

// The judgement of the auditor.
typedef struct {
    // An allocator_grade: the highest one reached.
    int32_t grade;
    // An allocator_law: the first one broken.
    int32_t law;
    // The row of the line it is about, or -1.
    int64_t row;
    // The SKU it is about, or -1.
    int64_t sku;
    // What the law asks for, or the limit it sets; for reasons and causes their number.
    int64_t expected;
    // What the result says.
    int64_t found;
    // 1: expected and found are set. 0: no law is broken, or a figure does not fit into 64 bits,
    // and only the message has it.
    uint8_t has_figures;
    // 0.
    uint8_t reserved[7];
    // Which figure is wrong, NUL-terminated.
    char what[64];
    // One sentence, NUL-terminated UTF-8; empty where no law is broken.
    char message[256];
} allocator_verdict;

// A line that was served although one before it in the queue of its SKU waits: its units were
// released, or its order stands in line at its latest line.
typedef struct {
    // The row of the line that was served.
    int64_t later;
    // The row of the line before it that waits.
    int64_t earlier;
    // An allocator_overtake_cause.
    uint8_t because;
    // 0.
    uint8_t reserved[7];
} allocator_overtake;

// Where a line stands in the queue of its SKU.
typedef struct {
    // 1 is first.
    int64_t position;
    // Units that the lines before it ask for: what a position really means.
    int64_t units_ahead;
} allocator_place;

// The call in figures.
typedef struct {
    // Units asked for.
    int64_t ordered;
    // Units received.
    int64_t received;
    // Units allocated.
    int64_t allocated;
    // Units set aside.
    int64_t set_aside;
    // Units waiting.
    int64_t waiting;
    // Units that can never be served.
    int64_t never;
    // Units received and allocated to nobody; what is set aside is among them.
    int64_t idle;
    // Lines with every unit, those that ask for 0 among them.
    int64_t lines_full;
    // Lines with some units.
    int64_t lines_partial;
    // Lines with none.
    int64_t lines_none;
} allocator_summary;

// The answer to "why?" for one line. Its numbers are computed directly; the library's tests verify
// them by running the changed input.
typedef struct {
    // The line.
    int64_t line;
    // Its row.
    int64_t row;
    // What it asks for.
    int64_t sku;
    // What it has, and the reason.
    allocator_outcome outcome;
    // Where it stands.
    allocator_place place;
    // Units received of its SKU.
    int64_t received;
    // The last line that it (its order, where that ships whole) must stand in front of to be
    // served; -1: none, or it is served in full.
    int64_t if_before_line;
    // The row of that line, or -1.
    int64_t if_before_row;
    // Units it would get if it could ship in part; -1: no more than now.
    int64_t if_partial;
} allocator_explanation;

// Units of a SKU that would have to arrive for a line to be served.
typedef struct {
    // The SKU.
    int64_t sku;
    // The smallest number that serves the line; any larger number does too.
    int64_t units;
} allocator_more_units;

// The last unit of a SKU that was served.
typedef struct {
    // The SKU.
    int64_t sku;
    // The row of the line it went to.
    int64_t row;
    // Which unit of that line it is; 1 is its first.
    int64_t unit;
} allocator_threshold;

// Units of one SKU in an order that may be cancelled as a whole.
typedef struct {
    // The order: its row in refund, oldest first.
    int64_t order;
    // The SKU: its row in need.
    int64_t sku;
    // Units; rows of the same order and SKU add up.
    int64_t quantity;
} allocator_order_units;

// A plan that cancels whole orders.
typedef struct {
    // How many orders it cancels.
    int64_t orders;
    // Their refund.
    int64_t refund;
    // Where is_exact is 0: the plan's own figure of the aim (orders, refund or all units freed), and
    // what no plan can be below.
    int64_t p;
    // See p.
    int64_t q;
    // 0: there is no such plan, and the rest is 0.
    uint8_t exists;
    // 1: no plan is better. 0: it is at most p/q times the best.
    uint8_t is_exact;
    // 0.
    uint8_t reserved[6];
} allocator_cut;

// What allocator_select_orders finds.
typedef struct {
    // The plan that does what was asked.
    allocator_cut plan;
    // Only without a plan, for "exact" and one SKU: the plan that frees the most below the need.
    allocator_cut below;
    // Only without a plan: the plan that frees the least above the need.
    allocator_cut above;
} allocator_selection;

// What is known of the lines beside their claims. Each column has one number per line; NULL: 0 in
// every row, and for unit_price no prices at all. The columns are read during the call only.
typedef struct {
    // How many rows each column has that is there: the number of lines.
    int64_t rows;
    // What a unit was paid with, in minor units of one currency, 0..=INT64_MAX.
    const int64_t *unit_price;
    // Units that the line has already and keeps, 0..=quantity.
    const int64_t *given;
    // A credit from an earlier drop: so many of the line's first units go before everybody else's.
    const int64_t *credit;
    // So many of its units the customer offers to give up, beyond those given: they are cut first.
    const int64_t *offered;
    // What he asks for each of them, in minor units: the cheapest are cut first.
    const int64_t *asked;
    // 0.
    int64_t reserved[2];
} allocator_cancel_terms;

// An amount of money in minor units, never below 0: high * 2^64 + (uint64_t)low. Up to INT64_MAX high
// is 0 and low is the amount.
typedef struct {
    // The low 64 bits.
    int64_t low;
    // The high 64 bits.
    int64_t high;
} allocator_amount;

// What one line keeps and loses: quantity = kept + cut.
typedef struct {
    // The line.
    int64_t line;
    // What was ordered.
    int64_t sku;
    // Units ordered.
    int64_t quantity;
    // Units kept.
    int64_t kept;
    // Units cancelled.
    int64_t cut;
    // Units of those kept that the line had already.
    int64_t given;
    // Units of those cut that the customer offered to give up.
    int64_t volunteered;
    // Units of the credit that are used up.
    int64_t credit_spent;
    // What is paid back, where has_refund is 1.
    allocator_amount refund;
    // What the customer asked for the units he gave up.
    allocator_amount compensation;
    // An allocator_cut_reason.
    uint8_t reason;
    // 1: prices were given.
    uint8_t has_refund;
    // 0.
    uint8_t reserved[6];
} allocator_planned_line;

// A plan in figures.
typedef struct {
    // Units ordered.
    int64_t ordered;
    // Units received.
    int64_t received;
    // Units kept.
    int64_t kept;
    // Units cancelled.
    int64_t cut;
    // Units of those cut that were offered.
    int64_t volunteered;
    // Units of credits that are used up.
    int64_t credit_spent;
    // Units received that nobody keeps.
    int64_t idle;
    // Lines that lose a unit.
    int64_t lines_cut;
    // Lines that lose every unit.
    int64_t lines_cancelled;
    // What is paid back, where has_refund is 1.
    allocator_amount refund;
    // What is paid to those who gave up units.
    allocator_amount compensation;
    // 1: prices were given.
    uint8_t has_refund;
    // 0.
    uint8_t reserved[7];
} allocator_plan_sums;

// How near the best choice of whole orders a plan is.
typedef struct {
    // Where whole orders were chosen and is_exact is 0: the plan's own figure of the aim (orders,
    // refund or all units freed).
    allocator_amount p;
    // What no plan can be below.
    allocator_amount q;
    // 1: whole orders were chosen. 0: no choice was made, and the rest is 0.
    uint8_t is_choice;
    // 1: no plan is better. 0: it is at most p/q times the best.
    uint8_t is_exact;
    // 0.
    uint8_t reserved[6];
} allocator_optimality;

// A figure from 0 to 1.
typedef struct {
    // In millionths it is at least this.
    int64_t low_ppm;
    // In millionths it is at most this.
    int64_t high_ppm;
    // The figure itself, "19200/31417", or "951682..951683 ppm" where 128 bits do not hold the fraction;
    // NUL-terminated.
    char exact[80];
    // Three digits for the eye, "~0.611", as the table of a comparison has them; NUL-terminated.
    char rounded[16];
} allocator_figure;

// What a plan does to customers and orders. Who asks for nothing is not counted.
typedef struct {
    // Units asked for.
    int64_t units_ordered;
    // Units that lines keep.
    int64_t units_kept;
    // Units that they do not.
    int64_t units_cut;
    // Customers who ask for something.
    int64_t customers;
    // Customers who lose a unit or more.
    int64_t customers_touched;
    // Customers who keep nothing.
    int64_t customers_cancelled;
    // Orders that ask for something.
    int64_t orders;
    // Orders that lose a unit or more.
    int64_t orders_touched;
    // Orders that keep nothing.
    int64_t orders_cancelled;
    // The most units that one customer loses.
    int64_t largest_cut;
    // The most units that one customer keeps.
    int64_t largest_award;
    // Pairs of two lines of one SKU: the later one keeps a unit, the one before it loses one.
    int64_t overtakes;
    // Units received that nobody keeps.
    int64_t idle;
    // Units of those whose cause is known, by allocator_idle_cause; the rest of the array is 0.
    int64_t idle_by_cause[4];
    // Lines that keep less than in the plan before, where has_moved is 1.
    int64_t lines_losing;
    // Units that they lose.
    int64_t units_lost;
    // Lines that keep more than before.
    int64_t lines_gaining;
    // Units that they gain.
    int64_t units_gained;
    // What is given back, where has_refund is 1.
    allocator_amount refund;
    // 1: refunds are known.
    uint8_t has_refund;
    // 1: there was a plan before.
    uint8_t has_moved;
    // 1: somebody asks for something.
    uint8_t has_lowest_fill;
    // 0.
    uint8_t reserved[5];
    // The smallest part of what he asks for that a customer keeps, where has_lowest_fill is 1.
    allocator_figure lowest_fill;
    // Jain's index of the units that customers keep: 1 where all keep the same.
    allocator_figure jain_units;
    // The same of the parts of their claims that customers keep.
    allocator_figure jain_fill;
    // Gini's coefficient of the units that customers keep: 0 where all keep the same.
    allocator_figure gini_units;
    // The same of the parts of their claims that customers keep.
    allocator_figure gini_fill;
} allocator_metrics;

// What one method comes to.
typedef struct {
    // Its figures.
    allocator_metrics metrics;
    // What is paid to those who gave up units they had offered.
    allocator_amount compensation;
    // How near the best choice its plan is.
    allocator_optimality optimality;
    // An allocator_one_off, or -1.
    int64_t one_off;
    // The digest of its plan, as allocator_plan_digest writes it without names; NUL-terminated.
    char digest[40];
} allocator_comparison_row;

// A chance, or a mean of units.
typedef struct {
    // In millionths it is at least this; -1: more than INT64_MAX, so see the fraction.
    int64_t low_ppm;
    // In millionths it is at most this, at most one more than low_ppm where it is a fraction; -1 as above.
    int64_t high_ppm;
    // Of the exact fraction, reduced, the number above the line: its high and its low 64 bits. 0 where
    // 128 bits do not hold it.
    uint64_t numerator[2];
    // The number below the line in the same way; 0 where there is no fraction.
    uint64_t denominator[2];
} allocator_chance;

// What one line may expect of a draw.
typedef struct {
    // The chance that every unit it asks for is allocated.
    allocator_chance full;
    // The chance that no unit is.
    allocator_chance nothing;
    // The mean of the units allocated.
    allocator_chance expected;
} allocator_chances;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Decides who gets what: `out[i]` answers `lines[i]`. Nothing to free.
//
// out_len must be lines_len or more. Pegs, idle units, overtakes, places and explanations come from
// a handle: allocator_allocation_new.
allocator_status allocator_allocate(const char *policy,
                                    const allocator_line *lines,
                                    int64_t lines_len,
                                    const allocator_supply *supply,
                                    int64_t supply_len,
                                    allocator_outcome *out,
                                    int64_t out_len,
                                    allocator_error *err);

// As allocator_allocate, with a lot for each unit, for rules that draw them (draw_each_unit): unit 1 to
// quantity of line 0, then of line 1, and so on. NULL: there are none.
allocator_status allocator_allocate_drawn(const char *policy,
                                          const allocator_line *lines,
                                          int64_t lines_len,
                                          const allocator_supply *supply,
                                          int64_t supply_len,
                                          const int64_t *unit_lots,
                                          int64_t unit_lots_len,
                                          allocator_outcome *out,
                                          int64_t out_len,
                                          allocator_error *err);

// Lists every fault of the input, in order of precedence; the first is the one that
// allocator_allocate returns.
//
// Returns ALLOCATOR_OK where there is none (and 0 in needed), else the first fault's status. Where
// they do not all fit into faults, that is ALLOCATOR_BUFFER_TOO_SMALL.
allocator_status allocator_validate(const char *policy,
                                    const allocator_line *lines,
                                    int64_t lines_len,
                                    const allocator_supply *supply,
                                    int64_t supply_len,
                                    allocator_error *faults,
                                    int64_t faults_len,
                                    int64_t *needed,
                                    allocator_error *err);

// As allocator_validate, with a lot for each unit, for rules that draw them (draw_each_unit): unit 1 to
// quantity of line 0, then of line 1, and so on. NULL: there are none.
allocator_status allocator_validate_drawn(const char *policy,
                                          const allocator_line *lines,
                                          int64_t lines_len,
                                          const allocator_supply *supply,
                                          int64_t supply_len,
                                          const int64_t *unit_lots,
                                          int64_t unit_lots_len,
                                          allocator_error *faults,
                                          int64_t faults_len,
                                          int64_t *needed,
                                          allocator_error *err);

// What another system reports of a line, for allocator_verify: it asked for quantity and gets
// allocated; the rest waits. Set the other fields where the system knows them.
allocator_status allocator_outcome_reported(int64_t quantity,
                                            int64_t allocated,
                                            allocator_outcome *out,
                                            allocator_error *err);

// Judges any result, ours or another system's, with code that shares nothing with what made it.
//
// `outcomes[i]` answers `lines[i]`. pegs NULL (with pegs_len 0): the system has none, and they are not
// looked at. idle NULL (with idle_len 0): the system does not say what is idle; any other pointer
// with idle_len 0: it says that nothing is. ALLOCATOR_REASON_NONE in every outcome: the system gives
// no reasons, and none is judged; in some outcomes only, it is ALLOCATOR_UNKNOWN_REASON.
// Of an outcome, waiting and never are not read: they follow from the rest.
// Returns ALLOCATOR_OK where every law holds (grade ordered) and ALLOCATOR_LAW_BROKEN where one
// does not; both fill the verdict.
allocator_status allocator_verify(const char *policy,
                                  const allocator_line *lines,
                                  int64_t lines_len,
                                  const allocator_supply *supply,
                                  int64_t supply_len,
                                  const allocator_outcome *outcomes,
                                  int64_t outcomes_len,
                                  const allocator_peg *pegs,
                                  int64_t pegs_len,
                                  const allocator_idle *idle,
                                  int64_t idle_len,
                                  allocator_verdict *verdict,
                                  allocator_error *err);

// As allocator_verify, with a lot for each unit, for rules that draw them (draw_each_unit): unit 1 to
// quantity of line 0, then of line 1, and so on. NULL: there are none.
allocator_status allocator_verify_drawn(const char *policy,
                                        const allocator_line *lines,
                                        int64_t lines_len,
                                        const allocator_supply *supply,
                                        int64_t supply_len,
                                        const int64_t *unit_lots,
                                        int64_t unit_lots_len,
                                        const allocator_outcome *outcomes,
                                        int64_t outcomes_len,
                                        const allocator_peg *pegs,
                                        int64_t pegs_len,
                                        const allocator_idle *idle,
                                        int64_t idle_len,
                                        allocator_verdict *verdict,
                                        allocator_error *err);

// Decides who gets what, and keeps the answer and what it needs of the input in *out, which the
// caller frees with allocator_allocation_free. On an error *out is NULL. The rows may go away
// afterwards.
allocator_status allocator_allocation_new(const char *policy,
                                          const allocator_line *lines,
                                          int64_t lines_len,
                                          const allocator_supply *supply,
                                          int64_t supply_len,
                                          allocator_allocation **out,
                                          allocator_error *err);

// As allocator_allocation_new, with a lot for each unit, for rules that draw them (draw_each_unit): unit 1 to
// quantity of line 0, then of line 1, and so on. NULL: there are none.
allocator_status allocator_allocation_new_drawn(const char *policy,
                                                const allocator_line *lines,
                                                int64_t lines_len,
                                                const allocator_supply *supply,
                                                int64_t supply_len,
                                                const int64_t *unit_lots,
                                                int64_t unit_lots_len,
                                                allocator_allocation **out,
                                                allocator_error *err);

// Frees an allocation; NULL is fine. Freeing one twice, or using it afterwards, is forbidden.
void allocator_allocation_free(allocator_allocation *allocation);

// All outcomes: `out[i]` answers `lines[i]`.
allocator_status allocator_allocation_outcomes(const allocator_allocation *allocation,
                                               allocator_outcome *out,
                                               int64_t out_len,
                                               int64_t *needed,
                                               allocator_error *err);

// Units to hand out now: `out[i]` is what line i is allocated beyond the `given[i]` units that it was
// given before. Allocate with the original claims and all units received so far, not with what is
// still open of them: that is right for the queue and equal_cuts only.
//
// given_len must be the number of lines, else ALLOCATOR_LENGTH_MISMATCH. A line that was given more
// than it is allocated is ALLOCATOR_GIVEN_ABOVE_AWARD: the lines or the rule changed, or the result
// is a one-off.
allocator_status allocator_allocation_increment(const allocator_allocation *allocation,
                                                const int64_t *given,
                                                int64_t given_len,
                                                int64_t *out,
                                                int64_t out_len,
                                                int64_t *needed,
                                                allocator_error *err);

// Which supply row serves which line, by line row, then supply row.
allocator_status allocator_allocation_pegs(const allocator_allocation *allocation,
                                           allocator_peg *out,
                                           int64_t out_len,
                                           int64_t *needed,
                                           allocator_error *err);

// The pegs of one line.
allocator_status allocator_allocation_pegs_of(const allocator_allocation *allocation,
                                              int64_t row,
                                              allocator_peg *out,
                                              int64_t out_len,
                                              int64_t *needed,
                                              allocator_error *err);

// Received units that nobody gets, by SKU: first what is set aside, by place, then what is free.
allocator_status allocator_allocation_idle(const allocator_allocation *allocation,
                                           allocator_idle *out,
                                           int64_t out_len,
                                           int64_t *needed,
                                           allocator_error *err);

// Pairs of a served line and one before it in the queue of its SKU that waits, from the pair
// numbered offset on, as many as fit into out; written says how many. The one before ships whole: its
// units were released, or its order stands in line at its latest line. By SKU, then by place of the
// earlier, then of the later. There may be many more pairs than lines, so none is stored: the first
// call on a handle walks the lines once, and every call then costs what it writes, whatever offset is.
allocator_status allocator_allocation_overtakes(const allocator_allocation *allocation,
                                                int64_t offset,
                                                allocator_overtake *out,
                                                int64_t out_len,
                                                int64_t *written,
                                                allocator_error *err);

// How many pairs allocator_allocation_overtakes gives in all, without walking them.
allocator_status allocator_allocation_overtake_count(const allocator_allocation *allocation,
                                                     int64_t *out,
                                                     allocator_error *err);

// Sets out to 1 where some line ships whole and lets others pass, else to 0. Such a result is a
// one-off: one unit more, or a cancellation, may take units from somebody when it is computed again.
allocator_status allocator_allocation_is_one_off(const allocator_allocation *allocation,
                                                 int64_t *out,
                                                 allocator_error *err);

// Where every line stands in the queue of its SKU: `out[i]` answers `lines[i]`.
allocator_status allocator_allocation_places(const allocator_allocation *allocation,
                                             allocator_place *out,
                                             int64_t out_len,
                                             int64_t *needed,
                                             allocator_error *err);

// The call in figures. A total above INT64_MAX is ALLOCATOR_OUT_OF_RANGE;
// allocator_allocation_text has it.
allocator_status allocator_allocation_summary(const allocator_allocation *allocation,
                                              allocator_summary *out,
                                              allocator_error *err);

// The figures in one sentence.
allocator_status allocator_allocation_text(const allocator_allocation *allocation,
                                           char *text,
                                           int64_t text_len,
                                           int64_t *needed,
                                           allocator_error *err);

// Why line row has what it has, and what would have to change.
//
// more takes what would have to arrive, all of it, for the line to be served, by SKU: none where it
// is served already or where no number helps. Where it does not fit, out is not written either. The
// first call on a handle prepares the answers for all rows, so it costs about as much as the
// allocation.
allocator_status allocator_allocation_explain(const allocator_allocation *allocation,
                                              int64_t row,
                                              allocator_explanation *out,
                                              allocator_more_units *more,
                                              int64_t more_len,
                                              int64_t *more_needed,
                                              allocator_error *err);

// The same answer in plain words that a support agent can read out.
//
// Lines and SKUs are named by their texts in line_names and sku_names, where those interners are
// given and know the id; else as "line 385" and "SKU 7".
allocator_status allocator_allocation_explain_text(const allocator_allocation *allocation,
                                                   int64_t row,
                                                   const allocator_interner *line_names,
                                                   const allocator_interner *sku_names,
                                                   char *text,
                                                   int64_t text_len,
                                                   int64_t *needed,
                                                   allocator_error *err);

// Judges the allocation, its pegs and idle units with it, against its own input: the code of
// allocator_verify, which shares nothing with what made it. Returns as allocator_verify.
allocator_status allocator_allocation_verify(const allocator_allocation *allocation,
                                             allocator_verdict *verdict,
                                             allocator_error *err);

// The last unit served of every SKU that ran short, by SKU. Not here: SKUs of which every unit that
// can be served is served, and those of which none is. Served is what is covered, before anything is
// rounded down.
//
// A unit is covered exactly where its key is no larger than that of the last unit served. The first
// call that asks for a threshold, a key or a unit numbers the units of every claimant, once per
// handle.
allocator_status allocator_allocation_thresholds(const allocator_allocation *allocation,
                                                 allocator_threshold *out,
                                                 int64_t out_len,
                                                 int64_t *needed,
                                                 allocator_error *err);

// The key of a unit of line row in words that a support agent can read out, e.g. "unit 4, placed at
// 2026-09-21T14:13:20Z, sequence 385"; 1 is the line's first unit. With row and unit of a threshold it
// is the key of the last unit served. A unit that the line does not ask for is
// ALLOCATOR_OUT_OF_RANGE.
allocator_status allocator_allocation_key_text(const allocator_allocation *allocation,
                                               int64_t row,
                                               int64_t unit,
                                               char *text,
                                               int64_t text_len,
                                               int64_t *needed,
                                               allocator_error *err);

// Sets out to 1 where the key of a unit of line row is no larger than that of the last unit served of
// its SKU, so that the unit is covered, else to 0; 1 is the line's first unit. A unit that the line
// does not ask for is ALLOCATOR_OUT_OF_RANGE.
allocator_status allocator_allocation_unit_is_within(const allocator_allocation *allocation,
                                                     int64_t row,
                                                     int64_t unit,
                                                     int64_t *out,
                                                     allocator_error *err);

// Chooses whole orders to cancel so that the need comes free in every SKU.
//
// aim is "fewest_customers", "least_refund", "least_overshoot" or "exact" (exactly the need, from the
// fewest orders). Among equal plans the oldest orders are kept. refund has a row for every order,
// oldest first; need has one for every SKU. cut gets a row for every order: 1 where the plan cancels
// it; where there is no plan, 2 for the one below the need plus 4 for the one above.
allocator_status allocator_select_orders(const char *aim,
                                         const allocator_order_units *units,
                                         int64_t units_len,
                                         const int64_t *refund,
                                         int64_t refund_len,
                                         const int64_t *need,
                                         int64_t need_len,
                                         uint8_t *cut,
                                         int64_t cut_len,
                                         allocator_selection *out,
                                         allocator_error *err);

// An empty interner in *out, which the caller frees with allocator_interner_free.
//
// Whoever feeds in what strangers choose gives a secret seed, so that nobody can prepare texts that
// collide. The seed changes no number.
allocator_status allocator_interner_new(int64_t seed,
                                        allocator_interner **out,
                                        allocator_error *err);

// Frees an interner; NULL is fine. Freeing one twice, or using it afterwards, is forbidden.
void allocator_interner_free(allocator_interner *interner);

// The number of a text, a new one at first sight. Any UTF-8 up to ALLOCATOR_MAX_NAME_BYTES, the
// empty text and inner NULs too; nothing is trimmed or folded.
allocator_status allocator_interner_intern(allocator_interner *interner,
                                           const char *name,
                                           int64_t name_len,
                                           int64_t *id,
                                           allocator_error *err);

// The number of a text, 0 where it was never seen.
allocator_status allocator_interner_id(const allocator_interner *interner,
                                       const char *name,
                                       int64_t name_len,
                                       int64_t *id,
                                       allocator_error *err);

// The text behind a number; ALLOCATOR_NO_SUCH_ID where the interner never gave it out. The text may
// hold NULs, so go by needed where that matters.
allocator_status allocator_interner_name(const allocator_interner *interner,
                                         int64_t id,
                                         char *text,
                                         int64_t text_len,
                                         int64_t *needed,
                                         allocator_error *err);

// How many texts.
allocator_status allocator_interner_len(const allocator_interner *interner,
                                        int64_t *out,
                                        allocator_error *err);

// Writes the short form of a method: a policy's name, "largest_remainder", or "whole_orders(aim)" with
// an aim of allocator_select_orders. A way to check one.
allocator_status allocator_method_name(const char *method,
                                       char *text,
                                       int64_t text_len,
                                       int64_t *needed,
                                       allocator_error *err);

// Writes what a method says to a customer: one sentence without its full stop.
allocator_status allocator_method_sentence(const char *method,
                                           char *text,
                                           int64_t text_len,
                                           int64_t *needed,
                                           allocator_error *err);

// Decides who is cut when there is not enough for good, and keeps the plan in *out, which the caller
// frees with allocator_plan_free. On an error *out is NULL.
//
// method is a policy ("one_each_per_round"), "largest_remainder", or "whole_orders(aim)" with an aim of
// allocator_select_orders. Supply is all that was received, claims are the original ones. terms may be
// NULL. Its columns are checked after the lines: ALLOCATOR_LENGTH_MISMATCH, ALLOCATOR_MISSING_COLUMN
// (least_refund without prices), ALLOCATOR_OUT_OF_RANGE, ALLOCATOR_NEEDS_SINGLE_UNITS,
// ALLOCATOR_UNSOUND_RULE, ALLOCATOR_MONEY_TOO_LARGE. ALLOCATOR_DRAW_REQUIRED: somebody is cut, the rule
// reads lots, and all of them are 0.
allocator_status allocator_plan_new(const char *method,
                                    const allocator_line *lines,
                                    int64_t lines_len,
                                    const allocator_supply *supply,
                                    int64_t supply_len,
                                    const allocator_cancel_terms *terms,
                                    allocator_plan **out,
                                    allocator_error *err);

// As allocator_plan_new, with a lot for each unit, for rules that draw them (draw_each_unit): unit 1 to
// quantity of line 0, then of line 1, and so on. NULL: there are none.
allocator_status allocator_plan_new_drawn(const char *method,
                                          const allocator_line *lines,
                                          int64_t lines_len,
                                          const allocator_supply *supply,
                                          int64_t supply_len,
                                          const int64_t *unit_lots,
                                          int64_t unit_lots_len,
                                          const allocator_cancel_terms *terms,
                                          allocator_plan **out,
                                          allocator_error *err);

// Frees a plan; NULL is fine. Freeing one twice, or using it afterwards, is forbidden.
void allocator_plan_free(allocator_plan *plan);

// What becomes of each line: `out[i]` answers `lines[i]`.
allocator_status allocator_plan_lines(const allocator_plan *plan,
                                      allocator_planned_line *out,
                                      int64_t out_len,
                                      int64_t *needed,
                                      allocator_error *err);

// Received units that nobody keeps, by SKU, and why.
allocator_status allocator_plan_idle(const allocator_plan *plan,
                                     allocator_idle *out,
                                     int64_t out_len,
                                     int64_t *needed,
                                     allocator_error *err);

// What would have to be received beside what was for line row `row` to keep every unit: the smallest
// number of each SKU, and any larger number does too. None where it keeps everything, where no number
// helps, and in plans by the largest remainder or of chosen whole orders, which promise nothing.
allocator_status allocator_plan_more_units(const allocator_plan *plan,
                                           int64_t row,
                                           allocator_more_units *out,
                                           int64_t out_len,
                                           int64_t *needed,
                                           allocator_error *err);

// The plan in figures. A number of units above INT64_MAX is ALLOCATOR_OUT_OF_RANGE;
// allocator_plan_text has it.
allocator_status allocator_plan_totals(const allocator_plan *plan,
                                       allocator_plan_sums *out,
                                       allocator_error *err);

// The figures in one sentence.
allocator_status allocator_plan_text(const allocator_plan *plan,
                                     char *text,
                                     int64_t text_len,
                                     int64_t *needed,
                                     allocator_error *err);

// How it was decided, as allocator_method_name says it.
allocator_status allocator_plan_method(const allocator_plan *plan,
                                       char *text,
                                       int64_t text_len,
                                       int64_t *needed,
                                       allocator_error *err);

// What the customer of line row `row` can be told: what arrived, the rule, what he keeps, and what would
// have been enough. Amounts of money are not in it.
//
// SKUs are named by their texts in sku_names, where that interner is given and knows the id; else as
// "item 7".
allocator_status allocator_plan_sentence(const allocator_plan *plan,
                                         int64_t row,
                                         const allocator_interner *sku_names,
                                         char *text,
                                         int64_t text_len,
                                         int64_t *needed,
                                         allocator_error *err);

// The digest of the plan in 32 hexadecimal digits, the same in every language: the plan that was shown
// is the plan that is carried out. It does not depend on the order of the rows.
//
// Lines are named by their texts in line_names, where that interner is given (one that does not know a
// line is ALLOCATOR_NO_SUCH_ID); else by their ids in decimal.
allocator_status allocator_plan_digest(const allocator_plan *plan,
                                       const allocator_interner *line_names,
                                       char *text,
                                       int64_t text_len,
                                       int64_t *needed,
                                       allocator_error *err);

// Sets out to an allocator_one_off where more supply or a cancellation may take a unit from somebody who
// stays, else to -1.
allocator_status allocator_plan_one_off(const allocator_plan *plan,
                                        int64_t *out,
                                        allocator_error *err);

// How near the best choice of whole orders the plan is.
allocator_status allocator_plan_optimality(const allocator_plan *plan,
                                           allocator_optimality *out,
                                           allocator_error *err);

// Judges any plan of cancellations, ours or another system's, with code that shares nothing with what
// made it.
//
// `planned[i]` answers `lines[i]`, as allocator_plan_lines writes it; idle are the units that nobody keeps,
// as allocator_plan_idle writes them. method, terms and unit_lots are those of
// allocator_plan_new_drawn. Returns ALLOCATOR_OK where every law holds that the method can be judged by
// (ordered for a policy under which every line may ship in part and for the largest remainder, legal for
// the rest), and ALLOCATOR_LAW_BROKEN where one does not; both fill the verdict.
allocator_status allocator_verify_plan(const char *method,
                                       const allocator_line *lines,
                                       int64_t lines_len,
                                       const allocator_supply *supply,
                                       int64_t supply_len,
                                       const int64_t *unit_lots,
                                       int64_t unit_lots_len,
                                       const allocator_cancel_terms *terms,
                                       const allocator_planned_line *planned,
                                       int64_t planned_len,
                                       const allocator_idle *idle,
                                       int64_t idle_len,
                                       allocator_verdict *verdict,
                                       allocator_error *err);

// Plans the same cancellations by every method, measures the plans, and keeps the figures in *out,
// which the caller frees with allocator_comparison_free. On an error *out is NULL.
//
// methods are NUL-terminated texts as allocator_plan_new takes them. previous is what each line kept in
// the plan before, or NULL; terms and unit_lots may be NULL as for allocator_plan_new_drawn. Errors are
// those of allocator_plan_new under any of the methods; where a method's text is at fault, row is its
// place in methods.
allocator_status allocator_comparison_new(const char *const *methods,
                                          int64_t methods_len,
                                          const allocator_line *lines,
                                          int64_t lines_len,
                                          const allocator_supply *supply,
                                          int64_t supply_len,
                                          const int64_t *unit_lots,
                                          int64_t unit_lots_len,
                                          const allocator_cancel_terms *terms,
                                          const int64_t *previous,
                                          int64_t previous_len,
                                          allocator_comparison **out,
                                          allocator_error *err);

// Frees a comparison; NULL is fine. Freeing one twice, or using it afterwards, is forbidden.
void allocator_comparison_free(allocator_comparison *comparison);

// What each method comes to: `out[i]` answers `methods[i]`. A number of units above INT64_MAX is
// ALLOCATOR_OUT_OF_RANGE; allocator_comparison_text has it.
allocator_status allocator_comparison_rows(const allocator_comparison *comparison,
                                           allocator_comparison_row *out,
                                           int64_t out_len,
                                           int64_t *needed,
                                           allocator_error *err);

// The table that a manager reads: two lines of headings, then a line for each method.
allocator_status allocator_comparison_text(const allocator_comparison *comparison,
                                           char *text,
                                           int64_t text_len,
                                           int64_t *needed,
                                           allocator_error *err);

// The method of a row, as allocator_method_name says it.
allocator_status allocator_comparison_method(const allocator_comparison *comparison,
                                             int64_t row,
                                             char *text,
                                             int64_t text_len,
                                             int64_t *needed,
                                             allocator_error *err);

// Measures what lines keep, by any rule or by hand.
//
// order is the line in which overtakes are counted, "priority+lot+sequence" for example; NULL:
// priority+placed_at+sequence. `kept[i]` is what `lines[i]` keeps, 0 to its quantity. previous is what each
// line kept in the plan before, or NULL; refund what each is given back in minor units, or NULL.
// received are the units received of all SKUs together, at least those kept. idle says which units are
// idle and why; NULL with 0 where nobody says.
allocator_status allocator_metrics_of(const char *order,
                                      const allocator_line *lines,
                                      int64_t lines_len,
                                      const int64_t *kept,
                                      int64_t kept_len,
                                      const int64_t *previous,
                                      int64_t previous_len,
                                      const int64_t *refund,
                                      int64_t refund_len,
                                      const allocator_idle *idle,
                                      int64_t idle_len,
                                      int64_t received,
                                      allocator_metrics *out,
                                      allocator_error *err);

// The allocator_axiom that makes an allocator_shortage_event harmless; -1 for a number that is none.
int32_t allocator_shortage_event_axiom(int32_t event);

// Sets out to 1 where the policy keeps that axiom: the event takes a unit from nobody who stays. 0: hand
// over what was given in the terms of allocator_plan_new; it is kept first, and only what is left is
// decided anew.
allocator_status allocator_shortage_event_is_harmless(const char *policy,
                                                      int32_t event,
                                                      int64_t *out,
                                                      allocator_error *err);

// What a policy needs drawn of these rows, in *out, which the caller frees with
// allocator_draw_required_free; NULL, with ALLOCATOR_OK, where the policy reads no lots.
//
// labels is UTF-8 with the label of a row on each line; a line feed behind the last is fine. Lines of one
// label share a lot. units are the units of each row, only looked at where each unit is drawn
// (draw_each_unit): the k-th of a row is then drawn as label#k, and no two rows have one label.
allocator_status allocator_draw_required_new(const char *policy,
                                             const char *labels,
                                             int64_t labels_len,
                                             const int64_t *units,
                                             int64_t units_len,
                                             allocator_draw_required **out,
                                             allocator_error *err);

// Frees what allocator_draw_required_new made; NULL is fine. Freeing twice, or using it afterwards, is
// forbidden.
void allocator_draw_required_free(allocator_draw_required *required);

// How many rows, and how many different labels are drawn.
allocator_status allocator_draw_required_counts(const allocator_draw_required *required,
                                                int64_t *rows,
                                                int64_t *entries,
                                                allocator_error *err);

// Writes what gets a lot: "lines", "units" or "lines_and_units".
allocator_status allocator_draw_required_drawn(const allocator_draw_required *required,
                                               char *text,
                                               int64_t text_len,
                                               int64_t *needed,
                                               allocator_error *err);

// Writes the hash of the canonical list, as sha256sum prints it.
allocator_status allocator_draw_required_list_hash(const allocator_draw_required *required,
                                                   char *text,
                                                   int64_t text_len,
                                                   int64_t *needed,
                                                   allocator_error *err);

// Writes the canonical list: every label once, in the order of bytes, each followed by a line feed.
// "LC_ALL=C sort -u" makes the same of a file.
allocator_status allocator_draw_required_list(const allocator_draw_required *required,
                                              char *text,
                                              int64_t text_len,
                                              int64_t *needed,
                                              allocator_error *err);

// Writes what is published before the draw: policy, list hash, commitment, which draw of a hash chain it is
// (1 where the code is used once), and the round of a public beacon, -1 where none is mixed in.
// allocator_draw_new takes this text.
allocator_status allocator_draw_required_announce(const allocator_draw_required *required,
                                                  const char *commitment,
                                                  int64_t draw,
                                                  int64_t round,
                                                  char *text,
                                                  int64_t text_len,
                                                  int64_t *needed,
                                                  allocator_error *err);

// Makes the draw of the code that was committed to and of what the announced round said, in *out, which the
// caller frees with allocator_draw_free. On an error *out is NULL.
//
// announcement is the NUL-terminated text of allocator_draw_required_announce; code and randomness are
// bytes. randomness is NULL and 0 where no round was announced; for drand it is what
// allocator_beacon_randomness gives.
allocator_status allocator_draw_new(const char *announcement,
                                    const uint8_t *code,
                                    int64_t code_len,
                                    const uint8_t *randomness,
                                    int64_t randomness_len,
                                    allocator_draw **out,
                                    allocator_error *err);

// Reads the record of a draw, as allocator_draw_text writes it, and checks its code against its commitment. On
// an error *out is NULL.
allocator_status allocator_draw_read(const char *record,
                                     allocator_draw **out,
                                     allocator_error *err);

// Frees a draw; NULL is fine. Freeing one twice, or using it afterwards, is forbidden.
void allocator_draw_free(allocator_draw *draw);

// Writes the record that is published: what was announced, the code and the randomness.
allocator_status allocator_draw_text(const allocator_draw *draw,
                                     char *text,
                                     int64_t text_len,
                                     int64_t *needed,
                                     allocator_error *err);

// The lot of every row, for `lot` of the lines. ALLOCATOR_OTHER_DRAW where the draw was made for another list
// or policy.
allocator_status allocator_draw_lots(const allocator_draw *draw,
                                     const allocator_draw_required *required,
                                     int64_t *lots,
                                     int64_t lots_len,
                                     int64_t *needed,
                                     allocator_error *err);

// The lot of every unit, row after row, as allocator_allocation_new_drawn takes them; none where no units are
// drawn.
allocator_status allocator_draw_unit_lots(const allocator_draw *draw,
                                          const allocator_draw_required *required,
                                          int64_t *lots,
                                          int64_t lots_len,
                                          int64_t *needed,
                                          allocator_error *err);

// Writes the labels in the order in which they were drawn, the first served first, each followed by a line feed.
allocator_status allocator_draw_order(const allocator_draw *draw,
                                      const allocator_draw_required *required,
                                      char *text,
                                      int64_t text_len,
                                      int64_t *needed,
                                      allocator_error *err);

// Writes the position of any label, on the list or not, in 64 hexadecimal digits. Small goes first.
allocator_status allocator_draw_position(const allocator_draw *draw,
                                         const char *label,
                                         int64_t label_len,
                                         char *text,
                                         int64_t text_len,
                                         int64_t *needed,
                                         allocator_error *err);

// The lot of any label: the first 8 bytes of its position, as a number in the same order.
allocator_status allocator_draw_lot(const allocator_draw *draw,
                                    const char *label,
                                    int64_t label_len,
                                    int64_t *out,
                                    allocator_error *err);

// Writes what is published before a draw: the SHA-256 of its one-time code in 64 hexadecimal digits. The code
// is random, at least ALLOCATOR_MIN_CODE_BYTES long, better 32, and never used again.
allocator_status allocator_commitment(const uint8_t *code,
                                      int64_t code_len,
                                      char *text,
                                      int64_t text_len,
                                      int64_t *needed,
                                      allocator_error *err);

// Writes the one commitment of several draws from one secret: the secret hashed as often as there are draws.
allocator_status allocator_chain_commitment(const uint8_t *secret,
                                            int64_t secret_len,
                                            int64_t draws,
                                            char *text,
                                            int64_t text_len,
                                            int64_t *needed,
                                            allocator_error *err);

// The code that a draw of a chain reveals, as bytes; the first is draw 1.
allocator_status allocator_chain_code(const uint8_t *secret,
                                      int64_t secret_len,
                                      int64_t draws,
                                      int64_t draw,
                                      uint8_t *code,
                                      int64_t code_len,
                                      int64_t *needed,
                                      allocator_error *err);

// The round of a public beacon that is the newest at a second since 1970. drand's quicknet has the genesis
// 1692803367 and the period 3.
allocator_status allocator_beacon_round_at(int64_t genesis,
                                           int64_t period,
                                           int64_t unix_seconds,
                                           int64_t *out,
                                           allocator_error *err);

// The second since 1970 in which a round of a beacon comes.
allocator_status allocator_beacon_time_of(int64_t genesis,
                                          int64_t period,
                                          int64_t round,
                                          int64_t *out,
                                          allocator_error *err);

// The randomness of a drand round, 32 bytes: the SHA-256 of its signature. That the signature is the beacon's own
// is the caller's to check.
allocator_status allocator_beacon_randomness(const uint8_t *signature,
                                             int64_t signature_len,
                                             uint8_t *randomness,
                                             int64_t randomness_len,
                                             int64_t *needed,
                                             allocator_error *err);

// What every line may expect of a draw, told before it: the lines in the rows of the labels, lots in them are not
// looked at. Exact, or enclosed where 128 bits do not hold a fraction.
allocator_status allocator_draw_chances(const allocator_draw_required *required,
                                        const allocator_line *lines,
                                        int64_t lines_len,
                                        const allocator_supply *supply,
                                        int64_t supply_len,
                                        allocator_chances *out,
                                        int64_t out_len,
                                        allocator_error *err);

// Writes the short name of a policy, e.g. "first_come:line:pass" for
// {"rule":"first_come","completeness":"line","on_misfit":"pass"}: a way to check one.
allocator_status allocator_policy_name(const char *policy,
                                       char *text,
                                       int64_t text_len,
                                       int64_t *needed,
                                       allocator_error *err);

// Writes what a policy says to a customer: one sentence.
allocator_status allocator_policy_sentence(const char *policy,
                                           char *text,
                                           int64_t text_len,
                                           int64_t *needed,
                                           allocator_error *err);

// Writes the order in which lines stand under a policy: what two of them are compared by, part by
// part, e.g. "priority+lot+placed_at+sequence" for "classes_first(draw_the_queue)".
allocator_status allocator_policy_standing(const char *policy,
                                           char *text,
                                           int64_t text_len,
                                           int64_t *needed,
                                           allocator_error *err);

// What the rule of a policy is sure to keep with its order of places: bit n of out is the allocator_axiom of number n.
allocator_status allocator_rule_keeps(const char *policy,
                                      int64_t *out,
                                      allocator_error *err);

// The word for an allocator_reason, e.g. "short"; NULL for a number that is none.
const char *allocator_reason_name(int32_t reason);

// What an allocator_reason means, in words for whoever has to act on it; NULL for no reason.
const char *allocator_reason_sentence(int32_t reason);

// 1 for a reason why a line can never be served, so that it blocks nobody; else 0.
int32_t allocator_reason_is_never(int32_t reason);

// The word for an allocator_idle_cause; NULL for a number that is none.
const char *allocator_idle_cause_name(int32_t cause);

// What an allocator_idle_cause means; NULL for a number that is none.
const char *allocator_idle_cause_sentence(int32_t cause);

// The word for an allocator_overtake_cause; NULL for a number that is none.
const char *allocator_overtake_cause_name(int32_t cause);

// What an allocator_overtake_cause means; NULL for a number that is none.
const char *allocator_overtake_cause_sentence(int32_t cause);

// The word for an allocator_cut_reason, e.g. "volunteered"; NULL for a number that is none.
const char *allocator_cut_reason_name(int32_t reason);

// What an allocator_cut_reason means; NULL for a number that is none.
const char *allocator_cut_reason_sentence(int32_t reason);

// The word for an allocator_one_off; NULL for a number that is none.
const char *allocator_one_off_name(int32_t one_off);

// The smallest case in which such a plan takes a unit from somebody who stays; NULL for a number that
// is none.
const char *allocator_one_off_sentence(int32_t one_off);

// The word for an allocator_shortage_event, e.g. "second_shipment"; NULL for a number that is none.
const char *allocator_shortage_event_name(int32_t event);

// How an allocator_shortage_event is answered; NULL for a number that is none.
const char *allocator_shortage_event_sentence(int32_t event);

// The word for an allocator_completeness; NULL for "as the policy says" and for a number that is
// none.
const char *allocator_completeness_name(int32_t completeness);

// The word for an allocator_misfit; NULL for "as the policy says" and for a number that is none.
const char *allocator_misfit_name(int32_t misfit);

// The word for an allocator_grade; NULL for none and for a number that is no grade.
const char *allocator_grade_name(int32_t grade);

// The word for an allocator_law; NULL for none and for a number that is no law.
const char *allocator_law_name(int32_t law);

// The word for an allocator_axiom, e.g. "split_proof"; NULL for a number that is none.
const char *allocator_axiom_name(int32_t axiom);

// What an allocator_axiom promises; NULL for a number that is none.
const char *allocator_axiom_sentence(int32_t axiom);

// The word for an allocator_status, e.g. "duplicate_id"; NULL for a number that is none.
const char *allocator_status_name(int32_t status);

// The version of the library, e.g. "0.1.0".
const char *allocator_version(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* ALLOCATOR_H */
