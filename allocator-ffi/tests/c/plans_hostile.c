/* Callers of plans, comparisons and figures who do everything wrong. */
#include "check.h"

static allocator_error err;
static allocator_line lines[3];
static allocator_supply supply;
static allocator_cancel_terms terms;
static int64_t column[3];
static allocator_plan *plan;

static void start(void) {
    int i;
    for (i = 0; i < 3; i++) lines[i] = line(i + 1, 7, 2), column[i] = 0;
    supply = received(7, 4);
    memset(&terms, 0, sizeof terms);
    terms.rows = 3;
}

static allocator_status run(const char *method) {
    plan = (allocator_plan *)&err; /* an error has to set it to NULL */
    return allocator_plan_new(method, lines, 3, &supply, 1, &terms, &plan, &err);
}

static void refuse(const char *method, allocator_status status, int64_t row, const char *field) {
    FAILS(status, run(method));
    if (plan != NULL || err.row != row || strcmp(err.field, field) != 0) {
        fprintf(stderr, "row %d, field %s: %s\n", (int)err.row, err.field, err.message);
        exit(1);
    }
    start();
}

static void bad_terms(void) {
    union {
        char bytes[sizeof(allocator_cancel_terms) + sizeof(int64_t)];
        int64_t align;
    } memory;

    terms.unit_price = column, column[1] = -1;
    refuse("first_come", ALLOCATOR_OUT_OF_RANGE, 1, "unit_price");
    terms.given = column, column[2] = 3;
    refuse("first_come", ALLOCATOR_OUT_OF_RANGE, 2, "given");
    column[0] = column[1] = column[2] = 2, terms.given = column; /* more than arrived */
    refuse("first_come", ALLOCATOR_OUT_OF_RANGE, 2, "given");
    terms.credit = column, column[0] = INT64_MIN;
    refuse("first_come", ALLOCATOR_OUT_OF_RANGE, 0, "credit");
    terms.offered = column, column[0] = 3;
    refuse("first_come", ALLOCATOR_OUT_OF_RANGE, 0, "offered");
    terms.asked = column, column[0] = -1;
    refuse("first_come", ALLOCATOR_OUT_OF_RANGE, 0, "asked");
    terms.credit = column, column[1] = 1;
    refuse("first_come:line", ALLOCATOR_NEEDS_SINGLE_UNITS, 1, "credit");
    terms.offered = column, column[1] = 1;
    refuse("whole_orders(exact)", ALLOCATOR_NEEDS_SINGLE_UNITS, 1, "offered");
    refuse("whole_orders(least_refund)", ALLOCATOR_MISSING_COLUMN, -1, "unit_price");
    lines[1].quantity = lines[2].quantity = INT64_MAX, lines[0].quantity = INT64_MAX;
    column[0] = column[1] = column[2] = INT64_MAX, terms.unit_price = column;
    refuse("first_come", ALLOCATOR_MONEY_TOO_LARGE, 2, "unit_price");
    terms.rows = 2, terms.asked = column;
    refuse("first_come", ALLOCATOR_LENGTH_MISMATCH, -1, "asked");
    terms.rows = 0, terms.asked = column;
    refuse("first_come", ALLOCATOR_LENGTH_MISMATCH, -1, "asked");
    terms.rows = -1, terms.asked = column;
    refuse("first_come", ALLOCATOR_OUT_OF_RANGE, -1, "rows");
    terms.rows = INT64_MAX, terms.asked = column;
    refuse("first_come", ALLOCATOR_TOO_MANY_ROWS, -1, "rows");
    terms.reserved[1] = 1;
    refuse("first_come", ALLOCATOR_RESERVED_NOT_ZERO, -1, "reserved");
    memset(&memory, 0, sizeof memory);
    terms.given = (const int64_t *)(const void *)(memory.bytes + 1);
    refuse("first_come", ALLOCATOR_MISALIGNED_POINTER, -1, "given");
    FAILS(ALLOCATOR_MISALIGNED_POINTER,
          allocator_plan_new("first_come", lines, 3, &supply, 1,
                             (const allocator_cancel_terms *)(const void *)(memory.bytes + 1), &plan, &err));
    CHECK(strcmp(err.field, "terms") == 0 && plan == NULL);
    /* Bad lines go before bad terms, supply before lines. */
    terms.rows = 2, terms.asked = column, lines[1].line = -4;
    refuse("first_come", ALLOCATOR_OUT_OF_RANGE, 1, "line");
    lines[1].line = -4, supply.quantity = -1;
    refuse("largest_remainder", ALLOCATOR_OUT_OF_RANGE, 0, "quantity");
    lines[2].completeness = ALLOCATOR_COMPLETENESS_LINE;
    refuse("largest_remainder", ALLOCATOR_RULE_NEEDS_SINGLE_UNITS, 2, "completeness");
    lines[2].reserved[0] = 1;
    refuse("whole_orders(exact)", ALLOCATOR_RESERVED_NOT_ZERO, 2, "reserved");
}

static void methods(void) {
    char endless[6000];
    int64_t n = 77;

    refuse("fifo", ALLOCATOR_UNKNOWN_RULE, -1, "rule");
    refuse("", ALLOCATOR_UNKNOWN_RULE, -1, "rule");
    refuse("whole_orders(cheapest)", ALLOCATOR_UNKNOWN_AIM, -1, "aim");
    refuse("whole_orders(exact", ALLOCATOR_UNKNOWN_RULE, -1, "rule");
    refuse("{\"limit\":1}", ALLOCATOR_UNKNOWN_FIELD, -1, "limit");
    refuse("{", ALLOCATOR_INVALID_POLICY, -1, "policy");
    refuse("first\xff", ALLOCATOR_INVALID_UTF8, -1, "method");
    refuse(NULL, ALLOCATOR_NULL_POINTER, -1, "method");
    memset(endless, 'x', sizeof endless); /* and no NUL at all */
    refuse(endless, ALLOCATOR_INVALID_POLICY, -1, "method");
    FAILS(ALLOCATOR_NULL_POINTER, allocator_method_name(NULL, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_UNKNOWN_AIM, allocator_method_sentence("whole_orders()", NULL, 0, &n, &err));
    CHECK(n == 77);
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_method_name("first_come", NULL, 0, &n, &err));
    CHECK(n == 10);
}

static void plans(void) {
    allocator_planned_line out[3];
    allocator_plan_sums sums;
    allocator_optimality best;
    allocator_more_units more;
    allocator_interner *names = NULL;
    allocator_plan **nowhere = NULL;
    int64_t memory[8] = {0}, n = 77;
    char text[40];

    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_new("first_come", lines, 3, &supply, 1, NULL, nowhere, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_new("first_come", NULL, 3, &supply, 1, NULL, &plan, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_plan_new("first_come", lines, -3, &supply, 1, NULL, &plan, &err));
    CHECK(strcmp(err.field, "lines_len") == 0);
    FAILS(ALLOCATOR_OUT_OF_RANGE,
          allocator_plan_new_drawn("first_come", lines, 3, &supply, 1, column, -1, NULL, &plan, &err));
    CHECK(allocator_plan_new(NULL, NULL, 1, NULL, 1, NULL, NULL, NULL) == ALLOCATOR_NULL_POINTER);
    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_lines(NULL, out, 3, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_totals(NULL, &sums, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_idle(NULL, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_text(NULL, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_method(NULL, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_sentence(NULL, 0, NULL, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_more_units(NULL, 0, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_digest(NULL, NULL, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_one_off(NULL, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_optimality(NULL, &best, &err));
    CHECK(n == 77);

    WORKS(run("first_come"));
    memset(out, 0x55, sizeof out);
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_plan_lines(plan, out, 2, &n, &err));
    CHECK(n == 3 && out[0].line == 0x5555555555555555);
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_plan_lines(plan, out, -1, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_lines(plan, NULL, 3, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_lines(plan, out, 3, NULL, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_totals(plan, NULL, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_one_off(plan, NULL, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_plan_optimality(plan, NULL, &err));
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_plan_more_units(plan, 2, &more, 0, &n, &err));
    CHECK(n == 1);
    FAILS(ALLOCATOR_NO_SUCH_ROW, allocator_plan_more_units(plan, 3, &more, 1, &n, &err));
    CHECK(err.row == 3);
    FAILS(ALLOCATOR_NO_SUCH_ROW, allocator_plan_more_units(plan, INT64_MIN, &more, 1, &n, &err));
    FAILS(ALLOCATOR_NO_SUCH_ROW, allocator_plan_sentence(plan, -1, NULL, text, sizeof text, &n, &err));
    CHECK(err.row == -1);
    memset(text, 'x', sizeof text);
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_plan_sentence(plan, 2, NULL, text, sizeof text, &n, &err));
    CHECK(n > 40 && text[0] == 'x');
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_plan_digest(plan, NULL, text, 32, &n, &err));
    CHECK(n == 32 && text[0] == 'x'); /* there is no room for the NUL */

    WORKS(allocator_interner_new(0, &names, &err));
    FAILS(ALLOCATOR_BAD_HANDLE, allocator_plan_text((allocator_plan *)(void *)names, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_BAD_HANDLE,
          allocator_plan_sentence(plan, 0, (allocator_interner *)(void *)plan, text, sizeof text, &n, &err));
    CHECK(strcmp(err.field, "sku_names") == 0);
    FAILS(ALLOCATOR_BAD_HANDLE,
          allocator_plan_digest(plan, (allocator_interner *)(void *)memory, text, sizeof text, &n, &err));
    FAILS(ALLOCATOR_NO_SUCH_ID, allocator_plan_digest(plan, names, text, sizeof text, &n, &err));
    CHECK(err.table == ALLOCATOR_TABLE_LINES && err.row == 0);
    FAILS(ALLOCATOR_BAD_HANDLE, allocator_plan_one_off((allocator_plan *)(void *)memory, &n, &err));
    allocator_plan_free((allocator_plan *)(void *)names); /* not its kind: untouched */
    allocator_plan_free((allocator_plan *)(void *)memory);
    allocator_interner_free(names);
    allocator_plan_free(plan);
}

static void comparisons(void) {
    const char *texts[2] = {"first_come", "equal_cuts"}, *bad[2] = {"first_come", NULL};
    allocator_comparison *told = (allocator_comparison *)&err;
    allocator_comparison_row rows[2];
    int64_t n = 77, memory[8] = {0}, previous[3] = {0, 0, -1};

#define TELL(texts_, count, previous_len)                                                          \
    allocator_comparison_new(texts_, count, lines, 3, &supply, 1, NULL, 0, &terms, previous, previous_len, &told, &err)
    FAILS(ALLOCATOR_NULL_POINTER, TELL(NULL, 2, 3));
    CHECK(strcmp(err.field, "methods") == 0 && told == NULL);
    FAILS(ALLOCATOR_OUT_OF_RANGE, TELL(texts, -1, 3));
    FAILS(ALLOCATOR_NULL_POINTER, TELL(bad, 2, 3));
    CHECK(err.row == 1 && err.table == ALLOCATOR_TABLE_NONE && strcmp(err.field, "method") == 0);
    bad[1] = "fifo";
    FAILS(ALLOCATOR_UNKNOWN_RULE, TELL(bad, 2, 3));
    CHECK(err.row == 1);
    bad[1] = "whole_orders(least_refund)";
    previous[2] = 0; /* the methods are taken one after the other */
    FAILS(ALLOCATOR_MISSING_COLUMN, TELL(bad, 2, 3));
    previous[2] = -1;
    FAILS(ALLOCATOR_LENGTH_MISMATCH, TELL(texts, 2, 2));
    CHECK(strcmp(err.field, "previous") == 0);
    FAILS(ALLOCATOR_OUT_OF_RANGE, TELL(texts, 2, 3));
    CHECK(err.row == 2 && strcmp(err.field, "previous") == 0 && told == NULL);
    lines[1].sku = -1, supply.sku = -1;
    FAILS(ALLOCATOR_OUT_OF_RANGE, TELL(texts, 2, 3));
    CHECK(err.table == ALLOCATOR_TABLE_SUPPLY && strcmp(err.field, "sku") == 0);
    start();
    FAILS(ALLOCATOR_NULL_POINTER,
          allocator_comparison_new(texts, 2, lines, 3, &supply, 1, NULL, 0, NULL, NULL, 0, NULL, &err));
    FAILS(ALLOCATOR_NULL_POINTER,
          allocator_comparison_new(texts, 2, lines, 3, &supply, 1, NULL, 0, NULL, NULL, 3, &told, &err));

    previous[2] = 0;
    WORKS(TELL(texts, 2, 3));
#undef TELL
    memset(rows, 0x55, sizeof rows);
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_comparison_rows(told, rows, 1, &n, &err));
    CHECK(n == 2 && rows[0].one_off == 0x5555555555555555);
    FAILS(ALLOCATOR_NULL_POINTER, allocator_comparison_rows(told, rows, 2, NULL, &err));
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_comparison_text(told, NULL, 0, &n, &err));
    CHECK(n > 100);
    FAILS(ALLOCATOR_NO_SUCH_ROW, allocator_comparison_method(told, 2, NULL, 0, &n, &err));
    CHECK(err.row == 2);
    FAILS(ALLOCATOR_NO_SUCH_ROW, allocator_comparison_method(told, -1, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_BAD_HANDLE, allocator_plan_one_off((allocator_plan *)(void *)told, &n, &err));
    FAILS(ALLOCATOR_BAD_HANDLE, allocator_comparison_rows((allocator_comparison *)(void *)memory, rows, 2, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_comparison_rows(NULL, rows, 2, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_comparison_text(NULL, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_comparison_method(NULL, 0, NULL, 0, &n, &err));
    allocator_plan_free((allocator_plan *)(void *)told);
    allocator_comparison_free(told);

    /* More units than 64 bits count are told in words only. */
    lines[0].quantity = lines[1].quantity = INT64_MAX;
    WORKS(allocator_comparison_new(texts, 2, lines, 3, &supply, 1, NULL, 0, NULL, NULL, 0, &told, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_comparison_rows(told, rows, 2, &n, &err));
    CHECK(strcmp(err.field, "units_ordered") == 0 && rows[0].one_off == 0x5555555555555555);
    allocator_comparison_free(told);
    start();
}

static void figures(void) {
    int64_t kept[3] = {2, 1, 1}, refund[3] = {0, 0, 0};
    allocator_metrics out;
    allocator_idle idle;

    memset(&idle, 0, sizeof idle);
    idle.sku = 7, idle.row = -1, idle.units = 1;
    memset(&out, 0x55, sizeof out);
#define MEASURE(order, kept_len, refund_len, idle_len, received)                                    \
    allocator_metrics_of(order, lines, 3, kept, kept_len, NULL, 0, refund, refund_len, &idle, idle_len, received, &out, &err)
    FAILS(ALLOCATOR_UNKNOWN_ORDER_KEY, MEASURE("age", 3, 3, 0, 4));
    FAILS(ALLOCATOR_UNSOUND_ORDER, MEASURE("lot+lot", 3, 3, 0, 4));
    FAILS(ALLOCATOR_INVALID_UTF8, MEASURE("lot\xff", 3, 3, 0, 4));
    FAILS(ALLOCATOR_DUPLICATE_PLACE, MEASURE("lot", 3, 3, 0, 4));
    FAILS(ALLOCATOR_LENGTH_MISMATCH, MEASURE(NULL, 2, 3, 0, 4));
    CHECK(err.table == ALLOCATOR_TABLE_OUTCOMES && strcmp(err.field, "kept") == 0);
    FAILS(ALLOCATOR_LENGTH_MISMATCH, MEASURE(NULL, 3, 2, 0, 4));
    FAILS(ALLOCATOR_OUT_OF_RANGE, MEASURE(NULL, -3, 3, 0, 4));
    CHECK(strcmp(err.field, "kept_len") == 0);
    FAILS(ALLOCATOR_OUT_OF_RANGE, MEASURE(NULL, 3, 3, 0, 3)); /* more is kept than arrived */
    CHECK(err.row == 2 && strcmp(err.field, "kept") == 0);
    FAILS(ALLOCATOR_OUT_OF_RANGE, MEASURE(NULL, 3, 3, 0, -1));
    CHECK(strcmp(err.field, "received") == 0);
    FAILS(ALLOCATOR_OUT_OF_RANGE, MEASURE(NULL, 3, 3, 1, 4)); /* more is idle than is left */
    CHECK(strcmp(err.field, "idle") == 0);
    idle.cause = 9;
    FAILS(ALLOCATOR_UNKNOWN_IDLE_CAUSE, MEASURE(NULL, 3, 3, 1, 5));
    CHECK(err.table == ALLOCATOR_TABLE_IDLE && err.row == 0);
    idle.cause = 0, idle.reserved[0] = 1;
    FAILS(ALLOCATOR_RESERVED_NOT_ZERO, MEASURE(NULL, 3, 3, 1, 5));
    refund[1] = -1;
    FAILS(ALLOCATOR_OUT_OF_RANGE, MEASURE(NULL, 3, 3, 0, 4));
    CHECK(err.row == 1 && strcmp(err.field, "refund") == 0);
    kept[0] = 3;
    FAILS(ALLOCATOR_OUT_OF_RANGE, MEASURE(NULL, 3, 3, 0, 4));
    kept[0] = INT64_MIN;
    FAILS(ALLOCATOR_OUT_OF_RANGE, MEASURE(NULL, 3, 3, 0, 4));
    lines[2].line = 1;
    FAILS(ALLOCATOR_DUPLICATE_ID, MEASURE(NULL, 3, 3, 0, 4));
    lines[2].completeness = 9;
    FAILS(ALLOCATOR_UNKNOWN_COMPLETENESS, MEASURE(NULL, 3, 3, 0, 4));
    start();
#undef MEASURE
    FAILS(ALLOCATOR_NULL_POINTER,
          allocator_metrics_of(NULL, lines, 3, NULL, 3, NULL, 0, NULL, 0, NULL, 0, 4, &out, &err));
    FAILS(ALLOCATOR_NULL_POINTER,
          allocator_metrics_of(NULL, lines, 3, kept, 3, NULL, 3, NULL, 0, NULL, 0, 4, &out, &err));
    FAILS(ALLOCATOR_NULL_POINTER,
          allocator_metrics_of(NULL, lines, 3, kept, 3, NULL, 0, NULL, 0, NULL, 0, 4, NULL, &err));
    CHECK(out.units_ordered == 0x5555555555555555);
}

static void codes(void) {
    static const int32_t none[5] = {-1, 7, 256, INT32_MAX, INT32_MIN};
    int64_t n = 77;
    int i;

    for (i = 0; i < 5; i++) {
        CHECK(allocator_cut_reason_name(none[i]) == NULL && allocator_cut_reason_sentence(none[i]) == NULL);
        CHECK(allocator_one_off_name(none[i]) == NULL && allocator_one_off_sentence(none[i]) == NULL);
        CHECK(allocator_shortage_event_name(none[i]) == NULL && allocator_shortage_event_sentence(none[i]) == NULL);
        CHECK(allocator_shortage_event_axiom(none[i]) == -1);
        FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_shortage_event_is_harmless("first_come", none[i], &n, &err));
        CHECK(strcmp(err.field, "event") == 0);
    }
    FAILS(ALLOCATOR_NULL_POINTER, allocator_shortage_event_is_harmless(NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_shortage_event_is_harmless("first_come", 0, NULL, &err));
    FAILS(ALLOCATOR_UNKNOWN_RULE, allocator_shortage_event_is_harmless("largest_remainder", 0, &n, &err));
    CHECK(n == 77);
}

int main(void) {
    start();
    bad_terms();
    methods();
    plans();
    comparisons();
    figures();
    codes();
    puts("ok");
    return 0;
}
