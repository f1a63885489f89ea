/* Fair cancel: plans, comparisons and figures, as they are meant to be called. */
#include "check.h"

static allocator_error err;

/* 400 orders, 480 of 500 units: prices, an offer, a credit. */
static void drop(void) {
    static allocator_line lines[400];
    static allocator_planned_line out[400];
    static int64_t price[400], offered[400], asked[400], given[400], credit[400];
    allocator_supply supply = received(7, 480);
    allocator_cancel_terms terms;
    allocator_plan *plan = NULL, *again = NULL;
    allocator_plan_sums sums;
    allocator_more_units more[2];
    allocator_optimality best;
    char text[512], digest[33], other[33];
    int64_t i, needed;

    for (i = 0; i < 400; i++) {
        lines[i] = line(i + 1, 7, (i + 1) % 4 == 0 ? 2 : 1);
        lines[i].sequence = i + 1;
        price[i] = 4900;
    }
    offered[3] = 1, asked[3] = 500;
    given[399] = 1;
    credit[398] = 1;
    memset(&terms, 0, sizeof terms);
    terms.rows = 400;
    terms.unit_price = price;
    terms.given = given;
    terms.credit = credit;
    terms.offered = offered;
    terms.asked = asked;
    WORKS(allocator_plan_new("first_come", lines, 400, &supply, 1, &terms, &plan, &err));
    memset(price, 0xff, sizeof price); /* the handle needs the columns no longer */
    memset(offered, 0xff, sizeof offered);
    WORKS(allocator_plan_lines(plan, out, 400, &needed, &err));
    CHECK(needed == 400);
    CHECK(out[3].line == 4 && out[3].sku == 7 && out[3].quantity == 2 && out[3].kept == 1 && out[3].cut == 1);
    CHECK(out[3].volunteered == 1 && out[3].reason == ALLOCATOR_CUT_VOLUNTEERED);
    CHECK(out[3].has_refund == 1 && out[3].refund.low == 4900 && out[3].refund.high == 0);
    CHECK(out[3].compensation.low == 500 && out[3].compensation.high == 0);
    CHECK(out[398].kept == 1 && out[398].credit_spent == 1 && out[398].reason == ALLOCATOR_CUT_KEPT);
    CHECK(out[399].kept == 1 && out[399].given == 1 && out[399].cut == 1);
    CHECK(out[399].reason == ALLOCATOR_CUT_SHORTAGE);
    WORKS(allocator_plan_totals(plan, &sums, &err));
    CHECK(sums.ordered == 500 && sums.received == 480 && sums.kept == 480 && sums.cut == 20 && sums.idle == 0);
    CHECK(sums.volunteered == 1 && sums.credit_spent == 1 && sums.lines_cut == 17 && sums.lines_cancelled == 14);
    CHECK(sums.has_refund == 1 && sums.refund.low == 20 * 4900 && sums.compensation.low == 500);
    WORKS(allocator_plan_text(plan, text, sizeof text, &needed, &err));
    CHECK(needed == (int64_t)strlen(text));
    CHECK(strcmp(text, "500 ordered, 480 received: 20 cut, 17 lines lose units (14 all of them), 0 idle, "
                       "98000 to pay back, 500 to those who gave up units") == 0);
    WORKS(allocator_plan_sentence(plan, 399, NULL, text, sizeof text, NULL, &err));
    CHECK(strstr(text, "480 of 500 arrived. The oldest orders are served first. You ordered 2 and keep 1; 1 is "
                       "cancelled.") == text);
    WORKS(allocator_plan_more_units(plan, 399, more, 2, &needed, &err));
    CHECK(needed == 1 && more[0].sku == 7 && more[0].units == 19);
    WORKS(allocator_plan_more_units(plan, 0, NULL, 0, &needed, &err));
    CHECK(needed == 0);
    WORKS(allocator_plan_idle(plan, NULL, 0, &needed, &err));
    CHECK(needed == 0);
    WORKS(allocator_plan_one_off(plan, &needed, &err));
    CHECK(needed == -1);
    WORKS(allocator_plan_optimality(plan, &best, &err));
    CHECK(best.is_choice == 0 && best.is_exact == 0 && best.p.low == 0);
    WORKS(allocator_plan_method(plan, text, sizeof text, NULL, &err));
    CHECK(strcmp(text, "first_come") == 0);

    /* The plan that was shown is the plan that is carried out. */
    WORKS(allocator_plan_digest(plan, NULL, digest, sizeof digest, &needed, &err));
    CHECK(needed == 32 && strspn(digest, "0123456789abcdef") == 32);
    for (i = 0; i < 400; i++) price[i] = 4900, offered[i] = i == 3;
    WORKS(allocator_plan_new("first_come", lines, 400, &supply, 1, &terms, &again, &err));
    WORKS(allocator_plan_digest(again, NULL, other, sizeof other, NULL, &err));
    CHECK(strcmp(digest, other) == 0);
    allocator_plan_free(again);
    price[0] = 4901; /* of a line that is not cut: the same plan */
    terms.asked = NULL;
    WORKS(allocator_plan_new("first_come", lines, 400, &supply, 1, &terms, &again, &err));
    WORKS(allocator_plan_digest(again, NULL, other, sizeof other, NULL, &err));
    CHECK(strcmp(digest, other) != 0);
    allocator_plan_free(again);
    allocator_plan_free(plan);
    allocator_plan_free(NULL);
}

/* Ten whole orders of two units make room for the twenty missing ones. */
static void whole_orders(void) {
    static allocator_line lines[400];
    static allocator_planned_line out[400];
    static int64_t price[400];
    allocator_supply supply = received(7, 480);
    allocator_cancel_terms terms;
    allocator_plan *plan = NULL;
    allocator_optimality best;
    char text[512];
    int64_t i, n, cut = 0;

    for (i = 0; i < 400; i++) lines[i] = line(i + 1, 7, (i + 1) % 4 == 0 ? 2 : 1), price[i] = 100;
    WORKS(allocator_plan_new("whole_orders(fewest_customers)", lines, 400, &supply, 1, NULL, &plan, &err));
    WORKS(allocator_plan_lines(plan, out, 400, &n, &err));
    for (i = 0; i < 400; i++) cut += out[i].cut > 0;
    CHECK(cut == 10 && out[399].kept == 0 && out[399].reason == ALLOCATOR_CUT_ORDER_CHOSEN);
    CHECK(out[399].has_refund == 0 && out[399].refund.low == 0);
    WORKS(allocator_plan_optimality(plan, &best, &err));
    CHECK(best.is_choice == 1 && best.is_exact == 1 && best.p.low == 0 && best.q.low == 0);
    WORKS(allocator_plan_one_off(plan, &n, &err));
    CHECK(n == ALLOCATOR_ONE_OFF_WHOLE_ORDERS);
    CHECK(strcmp(allocator_one_off_name((int32_t)n), "whole_orders") == 0);
    CHECK(strstr(allocator_one_off_sentence((int32_t)n), "orders of 1 and 2 units") != NULL);
    WORKS(allocator_plan_more_units(plan, 399, NULL, 0, &n, &err));
    CHECK(n == 0);
    WORKS(allocator_plan_text(plan, text, sizeof text, NULL, &err));
    CHECK(strstr(text, "; a one-off") != NULL);
    allocator_plan_free(plan);

    FAILS(ALLOCATOR_MISSING_COLUMN,
          allocator_plan_new("whole_orders(least_refund)", lines, 400, &supply, 1, NULL, &plan, &err));
    CHECK(plan == NULL && err.table == ALLOCATOR_TABLE_LINES && strcmp(err.field, "unit_price") == 0);
    memset(&terms, 0, sizeof terms);
    terms.rows = 400;
    terms.unit_price = price;
    WORKS(allocator_plan_new("whole_orders(least_refund)", lines, 400, &supply, 1, &terms, &plan, &err));
    allocator_plan_free(plan);
}

/* Ids of 64 bits and texts as names: what is said names what the caller gave. */
static void large_ids(void) {
    const int64_t far = INT64_MAX - 9;
    allocator_line lines[2];
    allocator_supply supply[2];
    allocator_planned_line out[2];
    allocator_more_units more[2];
    allocator_idle idle[2];
    allocator_interner *skus = NULL, *names = NULL;
    allocator_plan *plan = NULL;
    char text[512], digest[33], named[33];
    int64_t i, n;

    for (i = 0; i < 2; i++) {
        lines[i] = line(far + i, far + 5 + i, 1);
        lines[i].order = far;
        supply[i] = received(far + 5 + i, 0);
    }
    WORKS(allocator_plan_new("first_come:order", lines, 2, supply, 2, NULL, &plan, &err));
    WORKS(allocator_plan_lines(plan, out, 2, &n, &err));
    CHECK(n == 2 && out[1].line == far + 1 && out[1].sku == far + 6 && out[1].reason == ALLOCATOR_CUT_SHORTAGE);
    WORKS(allocator_plan_more_units(plan, 1, more, 2, &n, &err));
    CHECK(n == 2 && more[0].sku == far + 5 && more[1].sku == far + 6 && more[1].units == 1);
    WORKS(allocator_plan_sentence(plan, 1, NULL, text, sizeof text, &n, &err));
    CHECK(strstr(text, "with 1 more of item 9223372036854775803 and 1 more of item 9223372036854775804.") != NULL);
    allocator_plan_free(plan);

    WORKS(allocator_interner_new(1, &skus, &err));
    WORKS(allocator_interner_new(2, &names, &err));
    WORKS(allocator_interner_intern(skus, "Cap", 3, &n, &err));
    WORKS(allocator_interner_intern(names, "#1001", 5, &n, &err));
    lines[0].line = 1, lines[1].line = 2, lines[0].sku = 1, lines[1].sku = 2;
    supply[0] = received(1, 0), supply[1] = received(2, 1);
    WORKS(allocator_plan_new("first_come:order", lines, 2, supply, 2, NULL, &plan, &err));
    WORKS(allocator_plan_sentence(plan, 0, skus, text, sizeof text, NULL, &err));
    CHECK(strstr(text, "1 more would have been enough") != NULL);
    WORKS(allocator_plan_idle(plan, idle, 2, &n, &err));
    CHECK(n == 1 && idle[0].sku == 2 && idle[0].units == 1 && idle[0].cause == ALLOCATOR_IDLE_SET_ASIDE);
    FAILS(ALLOCATOR_NO_SUCH_ID, allocator_plan_digest(plan, names, named, sizeof named, NULL, &err));
    CHECK(err.row == 1 && strcmp(err.field, "line") == 0);
    WORKS(allocator_interner_intern(names, "#1002", 5, &n, &err));
    WORKS(allocator_plan_digest(plan, names, named, sizeof named, NULL, &err));
    WORKS(allocator_plan_digest(plan, NULL, digest, sizeof digest, NULL, &err));
    CHECK(strlen(named) == 32 && strcmp(named, digest) != 0);
    allocator_plan_free(plan);
    allocator_interner_free(skus);
    allocator_interner_free(names);
}

/* An amount that 64 bits do not hold, and lots. */
static void amounts_and_lots(void) {
    allocator_line lines[2];
    allocator_supply supply = received(7, 1);
    allocator_cancel_terms terms;
    allocator_planned_line out[2];
    allocator_plan_sums sums;
    allocator_plan *plan = NULL;
    const int64_t price[2] = {4, 4}, lots[2] = {5, 4};
    int64_t n;

    memset(&terms, 0, sizeof terms);
    terms.rows = 2;
    terms.unit_price = price;
    lines[0] = line(1, 7, 1), lines[1] = line(2, 7, INT64_MAX);
    WORKS(allocator_plan_new("first_come", lines, 2, &supply, 1, &terms, &plan, &err));
    WORKS(allocator_plan_lines(plan, out, 2, &n, &err));
    CHECK(out[1].cut == INT64_MAX && out[1].refund.high == 1 && out[1].refund.low == -4); /* 2^65 - 4 */
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_plan_totals(plan, &sums, &err));
    CHECK(strcmp(err.field, "ordered") == 0);
    allocator_plan_free(plan);

    lines[1].quantity = 1;
    FAILS(ALLOCATOR_DRAW_REQUIRED, allocator_plan_new("draw_the_queue", lines, 2, &supply, 1, NULL, &plan, &err));
    CHECK(plan == NULL && err.table == ALLOCATOR_TABLE_LINES && strcmp(err.field, "lot") == 0);
    lines[0].lot = 2, lines[1].lot = 1;
    WORKS(allocator_plan_new("draw_the_queue", lines, 2, &supply, 1, NULL, &plan, &err));
    WORKS(allocator_plan_lines(plan, out, 2, &n, &err));
    CHECK(out[0].kept == 0 && out[1].kept == 1);
    allocator_plan_free(plan);
    FAILS(ALLOCATOR_UNIT_LOTS, allocator_plan_new("draw_each_unit", lines, 2, &supply, 1, NULL, &plan, &err));
    WORKS(allocator_plan_new_drawn("draw_each_unit", lines, 2, &supply, 1, lots, 2, &terms, &plan, &err));
    WORKS(allocator_plan_lines(plan, out, 2, &n, &err));
    CHECK(out[0].kept == 0 && out[1].kept == 1 && out[0].refund.low == 4);
    allocator_plan_free(plan);
}

/* The same shortage under four methods, side by side. */
static void side_by_side(void) {
    static allocator_line lines[3];
    const char *methods[4] = {"first_come", "one_each_per_round", "largest_remainder", "whole_orders(exact)"};
    const int64_t previous[3] = {3, 1, 1}, price[3] = {100, 100, 100};
    allocator_supply supply = received(7, 5);
    allocator_cancel_terms terms;
    allocator_comparison *told = NULL;
    allocator_comparison_row rows[4];
    allocator_plan *plan = NULL;
    char text[2048], digest[33];
    int64_t i, n;

    lines[0] = line(1, 7, 5), lines[1] = line(2, 7, 1), lines[2] = line(3, 7, 1);
    memset(&terms, 0, sizeof terms);
    terms.rows = 3;
    terms.unit_price = price;
    WORKS(allocator_comparison_new(methods, 4, lines, 3, &supply, 1, NULL, 0, &terms, previous, 3, &told, &err));
    WORKS(allocator_comparison_rows(told, rows, 4, &n, &err));
    CHECK(n == 4);
    CHECK(rows[0].metrics.customers_touched == 2 && rows[1].metrics.customers_touched == 1);
    CHECK(rows[0].metrics.customers_cancelled == 2 && rows[0].metrics.has_moved == 1);
    CHECK(rows[0].metrics.lines_losing == 2 && rows[0].metrics.units_lost == 2);
    CHECK(rows[0].metrics.lines_gaining == 1 && rows[0].metrics.units_gained == 2);
    CHECK(rows[1].metrics.units_lost == 0 && rows[1].metrics.overtakes == 2);
    CHECK(rows[0].metrics.has_refund == 1 && rows[0].metrics.refund.low == 200);
    CHECK(strcmp(rows[1].metrics.lowest_fill.exact, "3/5") == 0);
    CHECK(strcmp(rows[1].metrics.lowest_fill.rounded, "0.600") == 0);
    CHECK(rows[1].metrics.lowest_fill.low_ppm == 600000 && rows[1].metrics.lowest_fill.high_ppm == 600000);
    CHECK(rows[0].one_off == -1 && rows[2].one_off == ALLOCATOR_ONE_OFF_LARGEST_REMAINDER);
    CHECK(rows[0].optimality.is_choice == 0 && rows[3].optimality.is_choice == 1 && rows[3].optimality.is_exact);
    for (i = 0; i < 4; i++) {
        WORKS(allocator_comparison_method(told, i, text, sizeof text, &n, &err));
        CHECK(strcmp(text, methods[i]) == 0);
        WORKS(allocator_plan_new(methods[i], lines, 3, &supply, 1, &terms, &plan, &err));
        WORKS(allocator_plan_digest(plan, NULL, digest, sizeof digest, NULL, &err));
        CHECK(strcmp(rows[i].digest, digest) == 0);
        allocator_plan_free(plan);
    }
    WORKS(allocator_comparison_text(told, text, sizeof text, &n, &err));
    CHECK(n == (int64_t)strlen(text) && strstr(text, "one_each_per_round") != NULL && strstr(text, "0.600") != NULL);
    allocator_comparison_free(told);

    WORKS(allocator_comparison_new(NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, 0, &told, &err));
    WORKS(allocator_comparison_rows(told, NULL, 0, &n, &err));
    CHECK(n == 0);
    allocator_comparison_free(told);
    allocator_comparison_free(NULL);
}

/* Units that somebody keeps by hand. */
static void measured(void) {
    allocator_line lines[2];
    const int64_t kept[2] = {1, 1}, previous[2] = {2, 0}, refund[2] = {4900, 0};
    allocator_idle idle;
    allocator_metrics out;

    lines[0] = line(1, 7, 2), lines[1] = line(2, 7, 1);
    lines[0].customer = 5, lines[1].customer = 6;
    WORKS(allocator_metrics_of(NULL, lines, 2, kept, 2, NULL, 0, NULL, 0, NULL, 0, 2, &out, &err));
    CHECK(out.units_ordered == 3 && out.units_kept == 2 && out.units_cut == 1 && out.customers == 2);
    CHECK(out.customers_touched == 1 && out.customers_cancelled == 0 && out.orders == 2);
    CHECK(out.largest_cut == 1 && out.largest_award == 1 && out.overtakes == 1 && out.idle == 0);
    CHECK(out.has_refund == 0 && out.has_moved == 0 && out.has_lowest_fill == 1);
    CHECK(strcmp(out.lowest_fill.exact, "1/2") == 0 && strcmp(out.jain_fill.exact, "9/10") == 0);
    CHECK(strcmp(out.jain_units.exact, "1") == 0 && strcmp(out.gini_units.exact, "0") == 0);
    CHECK(strcmp(out.gini_fill.exact, "1/6") == 0 && strcmp(out.gini_fill.rounded, "~0.167") == 0);
    CHECK(out.gini_fill.low_ppm == 166666 && out.gini_fill.high_ppm == 166667);
    memset(&idle, 0, sizeof idle);
    idle.sku = 7, idle.row = -1, idle.units = 1, idle.cause = ALLOCATOR_IDLE_NO_DEMAND;
    lines[0].lot = 2, lines[1].lot = 1;
    WORKS(allocator_metrics_of("lot+sequence", lines, 2, kept, 2, previous, 2, refund, 2, &idle, 1, 4, &out, &err));
    CHECK(out.overtakes == 0 && out.idle == 2 && out.idle_by_cause[ALLOCATOR_IDLE_NO_DEMAND] == 1);
    CHECK(out.has_moved == 1 && out.units_lost == 1 && out.units_gained == 1);
    CHECK(out.has_refund == 1 && out.refund.low == 4900);
    WORKS(allocator_metrics_of(NULL, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, 0, 0, &out, &err));
    CHECK(out.has_lowest_fill == 0 && out.lowest_fill.exact[0] == 0 && strcmp(out.jain_fill.exact, "1") == 0);
}

static void words(void) {
    char text[256];
    int64_t n;

    CHECK(strcmp(allocator_cut_reason_name(ALLOCATOR_CUT_VOLUNTEERED), "volunteered") == 0);
    CHECK(strstr(allocator_cut_reason_sentence(ALLOCATOR_CUT_SHORTAGE), "not enough for all") != NULL);
    CHECK(strcmp(allocator_one_off_name(ALLOCATOR_ONE_OFF_PASSES), "passes") == 0);
    CHECK(strcmp(allocator_shortage_event_name(ALLOCATOR_EVENT_INCREASE), "increase") == 0);
    CHECK(strstr(allocator_shortage_event_sentence(ALLOCATOR_EVENT_CANCELLATION), "same supply") != NULL);
    CHECK(allocator_shortage_event_axiom(ALLOCATOR_EVENT_CANCELLATION) == ALLOCATOR_AXIOM_CANCEL_MONOTONE);
    WORKS(allocator_shortage_event_is_harmless("one_each_per_round", ALLOCATOR_EVENT_SUPPLY_REVISED_DOWN, &n, &err));
    CHECK(n == 1);
    WORKS(allocator_shortage_event_is_harmless("equal_cuts", ALLOCATOR_EVENT_SUPPLY_REVISED_DOWN, &n, &err));
    CHECK(n == 0);
    WORKS(allocator_method_name("{\"completeness\":\"line\"}", text, sizeof text, &n, &err));
    CHECK(strcmp(text, "first_come:line") == 0);
    WORKS(allocator_method_name("whole_orders(exact)", text, sizeof text, &n, &err));
    CHECK(strcmp(text, "whole_orders(exact)") == 0 && n == (int64_t)strlen(text));
    WORKS(allocator_method_sentence("largest_remainder", text, sizeof text, NULL, &err));
    CHECK(strstr(text, "the same percentage, rounded down") != NULL);
}

int main(void) {
    memset(&err, 0xff, sizeof err);
    drop();
    whole_orders();
    large_ids();
    amounts_and_lots();
    side_by_side();
    measured();
    words();
    puts("ok");
    return 0;
}
