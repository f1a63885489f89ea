/* Every function, as it is meant to be called. */
#include "check.h"

static allocator_error err;

/* 400 orders, 480 units: the last 16 wait for 20 units. */
static void drop(void) {
    allocator_line lines[400];
    allocator_supply supply = received(7, 480);
    allocator_outcome out[400];
    allocator_outcome again[400];
    allocator_place places[400];
    allocator_peg pegs[400];
    allocator_allocation *allocation = NULL;
    allocator_summary sums;
    allocator_verdict verdict;
    allocator_explanation why;
    allocator_more_units more[4];
    char text[512];
    int64_t i, needed;

    for (i = 0; i < 400; i++) {
        lines[i] = line(i + 1, 7, (i + 1) % 4 == 0 ? 2 : 1);
        lines[i].sequence = i + 1;
    }
    WORKS(allocator_allocate("first_come", lines, 400, &supply, 1, out, 400, &err));
    for (i = 0; i < 400; i++) {
        CHECK(out[i].quantity == lines[i].quantity);
        CHECK(out[i].allocated == (i < 384 ? lines[i].quantity : 0));
        CHECK(out[i].waiting == lines[i].quantity - out[i].allocated);
        CHECK(out[i].covered == out[i].allocated && out[i].set_aside == 0 && out[i].never == 0);
        CHECK(out[i].reason == (i < 384 ? ALLOCATOR_REASON_SERVED : ALLOCATOR_REASON_SHORT));
    }

    WORKS(allocator_allocation_new("first_come", lines, 400, &supply, 1, &allocation, &err));
    memset(lines, 0xff, sizeof lines); /* the handle needs the rows no longer */
    WORKS(allocator_allocation_outcomes(allocation, again, 400, &needed, &err));
    CHECK(needed == 400 && memcmp(out, again, sizeof out) == 0);
    WORKS(allocator_allocation_text(allocation, text, sizeof text, &needed, &err));
    CHECK(needed == (int64_t)strlen(text));
    CHECK(strcmp(text, "500 ordered, 480 received: 384 lines full, 16 waiting (20 units), 0 idle") == 0);
    WORKS(allocator_allocation_summary(allocation, &sums, &err));
    CHECK(sums.ordered == 500 && sums.received == 480 && sums.allocated == 480);
    CHECK(sums.waiting == 20 && sums.set_aside == 0 && sums.never == 0 && sums.idle == 0);
    CHECK(sums.lines_full == 384 && sums.lines_partial == 0 && sums.lines_none == 16);
    WORKS(allocator_allocation_places(allocation, places, 400, &needed, &err));
    CHECK(places[0].position == 1 && places[0].units_ahead == 0);
    CHECK(places[384].position == 385 && places[384].units_ahead == 480);
    WORKS(allocator_allocation_pegs(allocation, pegs, 400, &needed, &err));
    CHECK(needed == 384 && pegs[3].row == 3 && pegs[3].supply == 0 && pegs[3].units == 2);
    WORKS(allocator_allocation_pegs_of(allocation, 383, pegs, 400, &needed, &err));
    CHECK(needed == 1 && pegs[0].row == 383 && pegs[0].units == 2);
    WORKS(allocator_allocation_pegs_of(allocation, 384, NULL, 0, &needed, &err));
    CHECK(needed == 0);
    WORKS(allocator_allocation_idle(allocation, NULL, 0, &needed, &err));
    CHECK(needed == 0);
    WORKS(allocator_allocation_verify(allocation, &verdict, &err));
    CHECK(verdict.grade == ALLOCATOR_GRADE_ORDERED && verdict.law == ALLOCATOR_LAW_NONE);
    CHECK(verdict.row == -1 && verdict.sku == -1 && !verdict.has_figures && !verdict.message[0]);

    WORKS(allocator_allocation_explain(allocation, 384, &why, more, 4, &needed, &err));
    CHECK(why.line == 385 && why.row == 384 && why.sku == 7 && why.received == 480);
    CHECK(why.outcome.waiting == 1 && why.outcome.reason == ALLOCATOR_REASON_SHORT);
    CHECK(why.place.position == 385 && why.place.units_ahead == 480);
    CHECK(needed == 1 && more[0].sku == 7 && more[0].units == 1);
    CHECK(why.if_before_line == 384 && why.if_before_row == 383 && why.if_partial == -1);
    WORKS(allocator_allocation_explain_text(allocation, 384, NULL, NULL, text, sizeof text, NULL,
                                            &err));
    CHECK(strcmp(text, "line 385 gets 0 of 1 unit: 480 units are ahead of it in line and 480 were "
                       "received. 1 more unit serves it. In front of line 384 it would be served.") == 0);
    allocator_allocation_free(allocation);
}

/* Whole lines: 3, 1, 2, 1, 4, 2, 1 with 10 units. */
static void whole_lines(void) {
    static const int64_t asks[7] = {3, 1, 2, 1, 4, 2, 1};
    static const int64_t aside[7] = {3, 1, 2, 1, 0, 0, 0};
    static const int64_t pass[7] = {3, 1, 2, 1, 0, 2, 1};
    allocator_line lines[7];
    allocator_supply supply = received(7, 10);
    allocator_allocation *allocation = NULL;
    allocator_outcome out[7];
    allocator_idle idle[4];
    allocator_overtake overtakes[4];
    allocator_explanation why;
    allocator_more_units more[4];
    int64_t i, needed;

    for (i = 0; i < 7; i++) lines[i] = line(i, 7, asks[i]);
    WORKS(allocator_allocation_new("{\"completeness\":\"line\"}", lines, 7, &supply, 1, &allocation,
                                   &err));
    WORKS(allocator_allocation_outcomes(allocation, out, 7, &needed, &err));
    for (i = 0; i < 7; i++) CHECK(out[i].allocated == aside[i]);
    CHECK(out[4].set_aside == 3 && out[4].reason == ALLOCATOR_REASON_LINE_INCOMPLETE);
    WORKS(allocator_allocation_idle(allocation, idle, 4, &needed, &err));
    CHECK(needed == 1 && idle[0].sku == 7 && idle[0].row == 4 && idle[0].units == 3);
    CHECK(idle[0].cause == ALLOCATOR_IDLE_SET_ASIDE);
    WORKS(allocator_allocation_explain(allocation, 4, &why, more, 4, &needed, &err));
    CHECK(why.if_partial == 3 && more[0].units == 1);
    WORKS(allocator_allocation_is_one_off(allocation, &needed, &err));
    CHECK(needed == 0);
    allocator_allocation_free(allocation);

    WORKS(allocator_allocation_new("first_come:line:pass", lines, 7, &supply, 1, &allocation, &err));
    WORKS(allocator_allocation_outcomes(allocation, out, 7, &needed, &err));
    for (i = 0; i < 7; i++) CHECK(out[i].allocated == pass[i]);
    WORKS(allocator_allocation_is_one_off(allocation, &needed, &err));
    CHECK(needed == 1);
    WORKS(allocator_allocation_overtake_count(allocation, &needed, &err));
    CHECK(needed == 2);
    WORKS(allocator_allocation_overtakes(allocation, 0, overtakes, 4, &needed, &err));
    CHECK(needed == 2 && overtakes[0].later == 5 && overtakes[0].earlier == 4);
    CHECK(overtakes[1].later == 6 && overtakes[1].because == ALLOCATOR_OVERTAKE_MISFIT);
    WORKS(allocator_allocation_overtakes(allocation, 1, overtakes, 1, &needed, &err));
    CHECK(needed == 1 && overtakes[0].later == 6);
    WORKS(allocator_allocation_overtakes(allocation, 2, overtakes, 4, &needed, &err));
    CHECK(needed == 0);
    allocator_allocation_free(allocation);
}

/* Few lines and many pairs: 1000 whole lines that do not fit are passed by 1000 lines of one unit. A
 * million pairs in pages of 64: if a page cost the pages before it, this would walk 8 * 10^9. */
static void overtakes_in_pages(void) {
    enum { HALF = 1000, PAGE = 64 };
    static allocator_line lines[2 * HALF];
    allocator_overtake page[PAGE];
    allocator_allocation *allocation = NULL;
    allocator_supply supply = received(7, HALF);
    allocator_error err;
    int64_t i, count, written, offset = 0;

    for (i = 0; i < 2 * HALF; i++) lines[i] = line(i, 7, i < HALF ? 2 * HALF : 1);
    WORKS(allocator_allocation_new("first_come:line:pass", lines, 2 * HALF, &supply, 1, &allocation,
                                   &err));
    WORKS(allocator_allocation_overtake_count(allocation, &count, &err));
    CHECK(count == HALF * HALF);
    for (;;) {
        WORKS(allocator_allocation_overtakes(allocation, offset, page, PAGE, &written, &err));
        if (written == 0) break;
        for (i = 0; i < written; i++) {
            CHECK(page[i].earlier == (offset + i) / HALF);
            CHECK(page[i].later == HALF + (offset + i) % HALF);
        }
        offset += written;
    }
    CHECK(offset == count);
    WORKS(allocator_allocation_overtakes(allocation, INT64_MAX, page, PAGE, &written, &err));
    CHECK(written == 0);
    allocator_allocation_free(allocation);
}

/* A line's own words go before the policy's, and its order ships whole over SKUs. */
static void own_terms(void) {
    allocator_line lines[3];
    allocator_supply supply[2];
    allocator_outcome out[3];

    lines[0] = line(1, 7, 2);
    lines[1] = line(2, 8, 2);
    lines[2] = line(3, 9, 1);
    lines[0].order = lines[1].order = lines[2].order = 5;
    supply[0] = received(7, 5);
    supply[1] = received(8, 1);
    lines[0].completeness = lines[1].completeness = lines[2].completeness =
        ALLOCATOR_COMPLETENESS_ORDER;
    WORKS(allocator_allocate("first_come", lines, 3, supply, 2, out, 3, &err));
    CHECK(out[2].reason == ALLOCATOR_REASON_UNKNOWN_SKU && out[2].never == 1);
    CHECK(out[0].reason == ALLOCATOR_REASON_ORDER_HAS_IMPOSSIBLE_LINE && out[0].never == 2);
    WORKS(allocator_allocate("first_come", lines, 2, supply, 2, out, 2, &err));
    CHECK(out[0].reason == ALLOCATOR_REASON_ORDER_INCOMPLETE && out[0].set_aside == 2);
    lines[0].on_misfit = lines[1].on_misfit = ALLOCATOR_MISFIT_PASS;
    WORKS(allocator_allocate("first_come", lines, 2, supply, 2, out, 2, &err));
    CHECK(out[0].set_aside == 0 && out[0].waiting == 2);
    CHECK(allocator_reason_is_never(ALLOCATOR_REASON_UNKNOWN_SKU) == 1);
    CHECK(allocator_reason_is_never(ALLOCATOR_REASON_SHORT) == 0);
}

/* Ids of 64 bits come back unchanged, and decide as smaller ones in the same order do. */
static void large_ids(void) {
    const int64_t big = INT64_MAX - 10;
    allocator_line lines[3];
    allocator_supply supply[3];
    allocator_allocation *allocation = NULL;
    allocator_idle idle[2];
    allocator_peg pegs[4];
    allocator_explanation why;
    allocator_more_units more[2];
    char text[512];
    int64_t needed;

    lines[0] = line(big + 1, big, 1);
    lines[1] = line(big + 2, big, 2);
    lines[2] = line(big + 3, 5000000000, 2);
    lines[0].order = 7000000000;
    lines[0].customer = 8000000000;
    supply[0] = received(big, 1);
    supply[1] = received(big, 1);
    supply[2] = received(6000000000, 4);
    supply[0].supply = big;
    supply[1].supply = 9;
    WORKS(allocator_allocation_new("first_come", lines, 3, supply, 3, &allocation, &err));
    WORKS(allocator_allocation_pegs(allocation, pegs, 4, &needed, &err));
    CHECK(needed == 2 && pegs[0].row == 0 && pegs[0].supply == 1);
    CHECK(pegs[1].row == 1 && pegs[1].supply == 0);
    WORKS(allocator_allocation_idle(allocation, idle, 2, &needed, &err));
    CHECK(needed == 1 && idle[0].sku == 6000000000 && idle[0].units == 4 && idle[0].row == -1);
    CHECK(idle[0].cause == ALLOCATOR_IDLE_NO_DEMAND);
    WORKS(allocator_allocation_explain(allocation, 1, &why, more, 2, &needed, &err));
    CHECK(why.line == big + 2 && why.sku == big && why.if_before_line == big + 1);
    CHECK(needed == 1 && more[0].sku == big && more[0].units == 1);
    WORKS(allocator_allocation_explain_text(allocation, 1, NULL, NULL, text, sizeof text, NULL, &err));
    CHECK(strstr(text, "line 9223372036854775799 gets 1 of 2 units") == text);
    CHECK(strstr(text, "In front of line 9223372036854775798") != NULL);
    allocator_allocation_free(allocation);
}

/* Supply without ids goes by its row, among ids that fit and among ids that do not. */
static void supply_by_row(void) {
    static const int64_t large[2] = {4, 40000000000};
    allocator_line lines[1];
    allocator_supply supply[4];
    allocator_allocation *allocation = NULL;
    allocator_peg pegs[4];
    int64_t i, needed;

    for (i = 0; i < 2; i++) {
        lines[0] = line(1, 7, 4);
        supply[0] = received(7, 1);
        supply[0].supply = large[i]; /* last, by its id */
        supply[1] = received(7, 1);  /* second, by its row */
        supply[2] = received(7, 1);
        supply[2].supply = 1; /* third: the same number, a later row */
        supply[3] = received(7, 1);
        supply[3].sequence = -1; /* first, by its sequence */
        lines[0].quantity = 1;
        WORKS(allocator_allocation_new("first_come", lines, 1, supply, 4, &allocation, &err));
        WORKS(allocator_allocation_pegs(allocation, pegs, 4, &needed, &err));
        CHECK(needed == 1 && pegs[0].supply == 3);
        allocator_allocation_free(allocation);
        supply[3].quantity = 0;
        WORKS(allocator_allocation_new("first_come", lines, 1, supply, 4, &allocation, &err));
        WORKS(allocator_allocation_pegs(allocation, pegs, 4, &needed, &err));
        CHECK(needed == 1 && pegs[0].supply == 1);
        allocator_allocation_free(allocation);
        supply[1].quantity = 0;
        WORKS(allocator_allocation_new("first_come", lines, 1, supply, 4, &allocation, &err));
        WORKS(allocator_allocation_pegs(allocation, pegs, 4, &needed, &err));
        CHECK(needed == 1 && pegs[0].supply == 2);
        allocator_allocation_free(allocation);
    }
}

/* Other systems' results, judged. */
static void judge(void) {
    const int64_t big = 5000000000;
    allocator_line lines[2];
    allocator_supply supply[2];
    allocator_outcome reported[2];
    allocator_peg pegs[2];
    allocator_verdict verdict;
    int64_t sku;

    for (sku = 7; sku <= big; sku += big - 7) {
        lines[0] = line(1, sku, 2);
        lines[1] = line(2, sku, 2);
        supply[0] = received(sku, 3);
        supply[1] = received(sku + 1, 3);
        WORKS(allocator_outcome_reported(2, 2, &reported[0], &err));
        WORKS(allocator_outcome_reported(2, 1, &reported[1], &err));
        CHECK(reported[1].waiting == 1 && reported[1].reason == ALLOCATOR_REASON_SHORT);
        WORKS(allocator_verify("first_come", lines, 2, supply, 2, reported, 2, NULL, 0, NULL, 0, &verdict, &err));
        CHECK(verdict.grade == ALLOCATOR_GRADE_ORDERED);

        /* The later line first. */
        WORKS(allocator_outcome_reported(2, 1, &reported[0], &err));
        WORKS(allocator_outcome_reported(2, 2, &reported[1], &err));
        FAILS(ALLOCATOR_LAW_BROKEN, allocator_verify("first_come", lines, 2, supply, 2, reported, 2,
                                                     NULL, 0, NULL, 0, &verdict, &err));
        CHECK(verdict.law == ALLOCATOR_LAW_NO_QUEUE_JUMPING && verdict.row == 0);
        CHECK(verdict.grade == ALLOCATOR_GRADE_LEGAL && verdict.sku == sku);
        CHECK(verdict.has_figures && verdict.expected == 2 && verdict.found == 1);
        CHECK(strcmp(verdict.what, "covered") == 0);
        CHECK(strcmp(verdict.message, err.message) == 0 && err.row == 0);
        CHECK(strstr(verdict.message, sku == 7 ? "SKU 7:" : "SKU 5000000000:") != NULL);

        /* Pegged to another SKU. */
        WORKS(allocator_outcome_reported(2, 2, &reported[0], &err));
        WORKS(allocator_outcome_reported(2, 1, &reported[1], &err));
        pegs[0].row = 0, pegs[0].supply = 0, pegs[0].units = 2;
        pegs[1].row = 1, pegs[1].supply = 1, pegs[1].units = 1;
        FAILS(ALLOCATOR_LAW_BROKEN, allocator_verify("first_come", lines, 2, supply, 2, reported, 2,
                                                     pegs, 2, NULL, 0, &verdict, &err));
        CHECK(verdict.law == ALLOCATOR_LAW_EVERY_UNIT_ACCOUNTED);
        CHECK(verdict.grade == ALLOCATOR_GRADE_NONE);
        CHECK(verdict.expected == sku && verdict.found == sku + 1);
        pegs[1].supply = 0;
        WORKS(allocator_verify("first_come", lines, 2, supply, 2, reported, 2, pegs, 2, NULL, 0, &verdict, &err));
    }

    /* More given than 64 bits hold: the message has the figures. */
    lines[0].quantity = lines[1].quantity = INT64_MAX;
    WORKS(allocator_outcome_reported(INT64_MAX, INT64_MAX, &reported[0], &err));
    reported[1] = reported[0];
    FAILS(ALLOCATOR_LAW_BROKEN, allocator_verify("first_come", lines, 2, supply, 2, reported, 2, NULL,
                                                 0, NULL, 0, &verdict, &err));
    CHECK(verdict.law == ALLOCATOR_LAW_NEVER_BEYOND_RECEIVED && !verdict.has_figures);
    CHECK(verdict.expected == 0 && verdict.found == 0);
    CHECK(strstr(verdict.message, "18446744073709551614") != NULL);
}

/* Idle units and reasons of other systems, judged where they have them. */
static void judge_idle(void) {
    const int64_t big = 5000000000;
    allocator_line lines[2];
    allocator_supply supply[2];
    allocator_outcome out[2];
    allocator_idle idle[3];
    allocator_verdict verdict;
    int64_t sku;

#define VERIFY(idle, idle_len)                                                                     \
    allocator_verify("first_come:line", lines, 2, supply, 2, out, 2, NULL, 0, idle, idle_len, &verdict, &err)

    for (sku = 7; sku <= big; sku += big - 7) {
        lines[0] = line(1, sku, 2);
        lines[1] = line(2, sku, 2);
        supply[0] = received(sku, 3);
        supply[1] = received(sku + 1, 4);
        memset(idle, 0, sizeof idle);
        WORKS(allocator_allocate("first_come:line", lines, 2, supply, 2, out, 2, &err));
        idle[0].sku = sku, idle[0].row = 1, idle[0].units = 1, idle[0].cause = ALLOCATOR_IDLE_SET_ASIDE;
        idle[1].sku = sku + 1, idle[1].row = -1, idle[1].units = 4, idle[1].cause = ALLOCATOR_IDLE_NO_DEMAND;
        WORKS(VERIFY(NULL, 0));
        WORKS(VERIFY(idle, 2));
        CHECK(verdict.grade == ALLOCATOR_GRADE_ORDERED);

        /* That nothing is idle is a word, too; NULL is none. */
        FAILS(ALLOCATOR_LAW_BROKEN, VERIFY(idle, 0));
        CHECK(verdict.law == ALLOCATOR_LAW_EVERY_UNIT_ACCOUNTED && verdict.sku == sku);
        CHECK(verdict.expected == 1 && verdict.found == 0 && strcmp(verdict.what, "idle units") == 0);

        /* A SKU that no row names is another SKU, of which nothing can be idle. */
        idle[2] = idle[1];
        idle[2].sku = INT64_MAX;
        FAILS(ALLOCATOR_LAW_BROKEN, VERIFY(idle, 3));
        CHECK(verdict.law == ALLOCATOR_LAW_EVERY_UNIT_ACCOUNTED && verdict.sku == INT64_MAX);
        CHECK(verdict.expected == 0 && verdict.found == 4);

        /* The wrong cause, and the line of another SKU. */
        idle[1].cause = ALLOCATOR_IDLE_DOES_NOT_FIT;
        FAILS(ALLOCATOR_LAW_BROKEN, VERIFY(idle, 2));
        CHECK(verdict.law == ALLOCATOR_LAW_TRUE_REASON && verdict.sku == sku + 1);
        CHECK(verdict.expected == ALLOCATOR_IDLE_NO_DEMAND && verdict.found == ALLOCATOR_IDLE_DOES_NOT_FIT);
        idle[1].cause = ALLOCATOR_IDLE_SET_ASIDE, idle[1].row = 0;
        FAILS(ALLOCATOR_LAW_BROKEN, VERIFY(idle, 2));
        CHECK(verdict.law == ALLOCATOR_LAW_TRUE_REASON && verdict.row == 0);
        CHECK(verdict.expected == sku && verdict.found == sku + 1);
        CHECK(strstr(verdict.message, sku == 7 ? "should be 7 and is 8" : "should be 5000000000 and is 5000000001"));

        /* A false reason counts; no reasons do not. Units still do. */
        out[1].reason = ALLOCATOR_REASON_SHORT;
        FAILS(ALLOCATOR_LAW_BROKEN, VERIFY(NULL, 0));
        CHECK(verdict.law == ALLOCATOR_LAW_TRUE_REASON && verdict.row == 1);
        out[0].reason = out[1].reason = ALLOCATOR_REASON_NONE;
        WORKS(VERIFY(NULL, 0));
        idle[1].row = -1, idle[1].cause = ALLOCATOR_IDLE_NO_DEMAND;
        WORKS(VERIFY(idle, 2));
        out[0].allocated = 1;
        FAILS(ALLOCATOR_LAW_BROKEN, VERIFY(NULL, 0));
        CHECK(verdict.law == ALLOCATOR_LAW_SHIPS_WHOLE && verdict.row == 0);
    }
#undef VERIFY
}

static void names(void) {
    allocator_interner *interner = NULL;
    allocator_interner *skus = NULL;
    allocator_line lines[1];
    allocator_supply supply = received(1, 0);
    allocator_allocation *allocation = NULL;
    char text[512];
    int64_t id, needed;

    WORKS(allocator_interner_new(0x5eed, &interner, &err));
    WORKS(allocator_interner_intern(interner, "order #1001", 11, &id, &err));
    CHECK(id == 1);
    WORKS(allocator_interner_intern(interner, "a\0b", 3, &id, &err));
    CHECK(id == 2);
    WORKS(allocator_interner_intern(interner, NULL, 0, &id, &err));
    CHECK(id == 3);
    WORKS(allocator_interner_intern(interner, "order #1001", 11, &id, &err));
    CHECK(id == 1);
    WORKS(allocator_interner_id(interner, "a\0b", 3, &id, &err));
    CHECK(id == 2);
    WORKS(allocator_interner_id(interner, "a", 1, &id, &err));
    CHECK(id == 0);
    WORKS(allocator_interner_len(interner, &needed, &err));
    CHECK(needed == 3);
    WORKS(allocator_interner_name(interner, 2, text, sizeof text, &needed, &err));
    CHECK(needed == 3 && memcmp(text, "a\0b", 4) == 0);

    WORKS(allocator_interner_new(0, &skus, &err));
    WORKS(allocator_interner_intern(skus, "HOODIE-M", 8, &id, &err));
    lines[0] = line(1, id, 1);
    WORKS(allocator_allocation_new("first_come", lines, 1, &supply, 1, &allocation, &err));
    WORKS(allocator_allocation_explain_text(allocation, 0, interner, skus, text, sizeof text, NULL, &err));
    CHECK(strstr(text, "order #1001 gets 0 of 1 unit:") == text);
    allocator_interner_free(interner);
    allocator_interner_free(skus);
    allocator_allocation_free(allocation);
    allocator_interner_free(NULL);
    allocator_allocation_free(NULL);

    WORKS(allocator_policy_name(" {\"completeness\":\"order\",\"on_misfit\":\"pass\"}", text, sizeof text,
                                NULL, &err));
    CHECK(strcmp(text, "first_come:order:pass") == 0);
    CHECK(strcmp(allocator_reason_name(ALLOCATOR_REASON_SHORT), "short") == 0);
    CHECK(strstr(allocator_reason_sentence(ALLOCATOR_REASON_SHORT), "before it in line") != NULL);
    CHECK(strcmp(allocator_idle_cause_name(ALLOCATOR_IDLE_DOES_NOT_FIT), "does_not_fit") == 0);
    CHECK(strcmp(allocator_idle_cause_sentence(ALLOCATOR_IDLE_NO_DEMAND), "nobody waits for it") == 0);
    CHECK(strcmp(allocator_overtake_cause_name(ALLOCATOR_OVERTAKE_MISFIT), "misfit") == 0);
    CHECK(allocator_overtake_cause_sentence(ALLOCATOR_OVERTAKE_MISFIT)[0] == 't');
    CHECK(strcmp(allocator_completeness_name(ALLOCATOR_COMPLETENESS_LINE), "line") == 0);
    CHECK(allocator_completeness_name(ALLOCATOR_COMPLETENESS_POLICY) == NULL);
    CHECK(strcmp(allocator_misfit_name(ALLOCATOR_MISFIT_SET_ASIDE), "set_aside") == 0);
    CHECK(strcmp(allocator_grade_name(ALLOCATOR_GRADE_ORDERED), "ordered") == 0);
    CHECK(allocator_grade_name(ALLOCATOR_GRADE_NONE) == NULL);
    CHECK(strcmp(allocator_axiom_name(ALLOCATOR_AXIOM_SPLIT_PROOF), "split_proof") == 0);
    CHECK(allocator_axiom_sentence(ALLOCATOR_AXIOM_SPLIT_PROOF)[0] == 't');
    CHECK(strcmp(allocator_law_name(ALLOCATOR_LAW_SHIPS_WHOLE), "ships_whole") == 0);
    CHECK(strcmp(allocator_status_name(ALLOCATOR_DUPLICATE_PLACE), "duplicate_place") == 0);
    CHECK(allocator_version()[0] >= '0' && allocator_version()[0] <= '9');
}

/* What a rule is sure to keep. */
static void promises(void) {
    int64_t queue = -1, rounds = -1;

    WORKS(allocator_rule_keeps("first_come:line", &queue, &err));
    WORKS(allocator_rule_keeps("one_each_per_round", &rounds, &err));
    CHECK(queue >> ALLOCATOR_AXIOM_SPLIT_PROOF & 1 && !(rounds >> ALLOCATOR_AXIOM_SPLIT_PROOF & 1));
    CHECK(rounds >> ALLOCATOR_AXIOM_BALANCED_EQUALS & 1 && !(queue >> ALLOCATOR_AXIOM_BALANCED_EQUALS & 1));
    CHECK(queue > 0 && queue >> 24 == 0 && allocator_axiom_name(23) != NULL && allocator_axiom_name(24) == NULL);
}

/* Two shipments: all claims and all units each time, and the difference is handed out. */
static void shipments(void) {
    allocator_line lines[2];
    allocator_supply supply[2];
    allocator_allocation *allocation = NULL;
    int64_t given[2] = {0, 0}, more[2] = {-1, -1}, needed = -1;

    lines[0] = line(1, 7, 2), lines[1] = line(2, 7, 1);
    supply[0] = received(7, 1), supply[1] = received(7, 1);
    WORKS(allocator_allocation_new("one_each_per_round", lines, 2, supply, 1, &allocation, &err));
    WORKS(allocator_allocation_increment(allocation, given, 2, more, 2, &needed, &err));
    CHECK(needed == 2 && more[0] == 1 && more[1] == 0);
    allocator_allocation_free(allocation);
    given[0] = 1;
    WORKS(allocator_allocation_new("one_each_per_round", lines, 2, supply, 2, &allocation, &err));
    WORKS(allocator_allocation_increment(allocation, given, 2, more, 2, &needed, &err));
    CHECK(more[0] == 0 && more[1] == 1);
    WORKS(allocator_allocation_increment(allocation, given, 2, given, 2, &needed, &err)); /* in place */
    CHECK(given[0] == 0 && given[1] == 1);
    given[1] = 2, more[0] = -7;
    FAILS(ALLOCATOR_GIVEN_ABOVE_AWARD,
          allocator_allocation_increment(allocation, given, 2, more, 2, &needed, &err));
    CHECK(err.row == 1 && err.table == ALLOCATOR_TABLE_LINES && strcmp(err.field, "given") == 0);
    CHECK(more[0] == -7);
    given[1] = -1;
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_allocation_increment(allocation, given, 2, more, 2, &needed, &err));
    FAILS(ALLOCATOR_LENGTH_MISMATCH, allocator_allocation_increment(allocation, given, 1, more, 2, &needed, &err));
    given[1] = 0;
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_allocation_increment(allocation, given, 2, more, 1, &needed, &err));
    CHECK(needed == 2 && more[0] == -7);
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_increment(allocation, NULL, 2, more, 2, &needed, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_increment(NULL, given, 2, more, 2, &needed, &err));
    allocator_allocation_free(allocation);
}

/* The last unit served is what everybody checks his own against. */
static void thresholds(void) {
    static const int64_t asks[4] = {3, 2, 1, 1};
    static const int64_t covers[4] = {2, 1, 1, 1};
    allocator_line lines[4];
    allocator_supply supply[2];
    allocator_allocation *allocation = NULL;
    allocator_threshold last[2];
    char text[128], first[128];
    int64_t needed, within, unit;
    int i;

    for (i = 0; i < 4; i++) {
        lines[i] = line(i + 1, INT64_MAX - (i == 3), asks[i]);
        lines[i].placed_at = 1790000000000000, lines[i].sequence = 380 + i;
    }
    supply[0] = received(INT64_MAX, 4), supply[1] = received(INT64_MAX - 1, 1);
    WORKS(allocator_allocation_new("one_each_per_round", lines, 4, supply, 2, &allocation, &err));
    WORKS(allocator_allocation_thresholds(allocation, NULL, 0, &needed, &err) == ALLOCATOR_BUFFER_TOO_SMALL
              ? allocator_allocation_thresholds(allocation, last, 2, &needed, &err)
              : ALLOCATOR_OTHER);
    CHECK(needed == 1 && last[0].sku == INT64_MAX && last[0].row == 0 && last[0].unit == 2);
    WORKS(allocator_allocation_key_text(allocation, last[0].row, last[0].unit, text, sizeof text, &needed, &err));
    CHECK(strcmp(text, "unit 2, placed at 2026-09-21T14:13:20Z, sequence 380") == 0);
    CHECK(needed == (int64_t)strlen(text));
    WORKS(allocator_allocation_key_text(allocation, 3, 1, first, sizeof first, NULL, &err));
    CHECK(strcmp(first, "unit 1, placed at 2026-09-21T14:13:20Z, sequence 383") == 0);
    for (i = 0; i < 4; i++) {
        for (unit = 1; unit <= asks[i]; unit++) {
            within = -1;
            WORKS(allocator_allocation_unit_is_within(allocation, i, unit, &within, &err));
            CHECK(within == (unit <= covers[i]));
        }
        FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_allocation_unit_is_within(allocation, i, unit, &within, &err));
        CHECK(err.row == i && err.table == ALLOCATOR_TABLE_LINES && strcmp(err.field, "unit") == 0);
    }
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_allocation_unit_is_within(allocation, 0, 0, &within, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_allocation_key_text(allocation, 0, -1, text, sizeof text, NULL, &err));
    FAILS(ALLOCATOR_NO_SUCH_ROW, allocator_allocation_unit_is_within(allocation, 4, 1, &within, &err));
    FAILS(ALLOCATOR_NO_SUCH_ROW, allocator_allocation_key_text(allocation, -1, 1, text, sizeof text, NULL, &err));
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_allocation_key_text(allocation, 0, 1, text, 3, NULL, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_unit_is_within(allocation, 0, 1, NULL, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_thresholds(NULL, last, 2, &needed, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_thresholds(allocation, last, 2, NULL, &err));
    allocator_allocation_free(allocation);
}

static void nothing(void) {
    allocator_allocation *allocation = NULL;
    allocator_verdict verdict;
    int64_t needed;

    WORKS(allocator_allocate("first_come", NULL, 0, NULL, 0, NULL, 0, &err));
    CHECK(allocator_allocate("first_come", NULL, 0, NULL, 0, NULL, 0, NULL) == ALLOCATOR_OK);
    WORKS(allocator_validate("first_come", NULL, 0, NULL, 0, NULL, 0, &needed, &err));
    CHECK(needed == 0);
    WORKS(allocator_verify("first_come", NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, 0, &verdict, &err));
    WORKS(allocator_allocation_new("first_come", NULL, 0, NULL, 0, &allocation, &err));
    WORKS(allocator_allocation_places(allocation, NULL, 0, &needed, &err));
    CHECK(needed == 0);
    allocator_allocation_free(allocation);
}

/* 2, 2 and 1 units asked for, 3 here: shared unit by unit between customers. */
static void shared(void) {
    allocator_line lines[3];
    allocator_supply supply;
    allocator_outcome out[3];
    memset(lines, 0, sizeof lines);
    memset(&supply, 0, sizeof supply);
    for (int i = 0; i < 3; i++) lines[i].line = i, lines[i].sku = 7, lines[i].quantity = i < 2 ? 2 : 1;
    supply.sku = 7, supply.quantity = 3;
    WORKS(allocator_allocate("one_each_per_round", lines, 3, &supply, 1, out, 3, &err));
    CHECK(out[0].allocated == 1 && out[1].allocated == 1 && out[2].allocated == 1);
    lines[1].weight = 3;
    WORKS(allocator_allocate("members_weighted", lines, 3, &supply, 1, out, 3, &err));
    CHECK(out[0].allocated == 1 && out[1].allocated == 2 && out[2].allocated == 0);
    lines[1].weight = -1;
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_allocate("equal_cuts", lines, 3, &supply, 1, out, 3, &err));
    CHECK(err.row == 1 && strcmp(err.field, "weight") == 0);
    lines[1].weight = 0, lines[2].completeness = ALLOCATOR_COMPLETENESS_LINE;
    FAILS(ALLOCATOR_RULE_NEEDS_SINGLE_UNITS,
          allocator_allocate("{\"rule\":\"equal_cuts\"}", lines, 3, &supply, 1, out, 3, &err));
    CHECK(err.row == 2 && strcmp(err.field, "completeness") == 0);
    FAILS(ALLOCATOR_UNSOUND_RULE, allocator_allocate("protect_first(0)", lines, 3, &supply, 1, out, 3, &err));
}

/* Who comes last has the smallest lot and the highest score, and wants least. */
static void places(void) {
    allocator_line lines[3];
    allocator_supply supply;
    allocator_outcome out[3];
    char name[64];
    memset(lines, 0, sizeof lines);
    memset(&supply, 0, sizeof supply);
    for (int i = 0; i < 3; i++)
        lines[i].line = i, lines[i].sku = 7, lines[i].quantity = 3 - i, lines[i].lot = -i, lines[i].score = i;
    supply.sku = 7, supply.quantity = 2;
    WORKS(allocator_allocate("first_come", lines, 3, &supply, 1, out, 3, &err));
    CHECK(out[0].allocated == 2 && out[1].allocated == 0 && out[2].allocated == 0);
    const char *last_first[] = {"draw_the_queue", "first_come:partial:set_aside:lot+sequence",
                                "first_come:partial:set_aside:score+sequence", "{\"order\":\"quantity+sequence\"}"};
    for (int i = 0; i < 4; i++) {
        WORKS(allocator_allocate(last_first[i], lines, 3, &supply, 1, out, 3, &err));
        CHECK(out[0].allocated == 0 && out[1].allocated == 1 && out[2].allocated == 1);
    }
    WORKS(allocator_policy_name(last_first[3], name, sizeof name, NULL, &err));
    CHECK(strcmp(name, "first_come:partial:set_aside:quantity+sequence") == 0);
    WORKS(allocator_policy_sentence(last_first[3], name, sizeof name, NULL, &err));
    CHECK(strcmp(name, "the smallest orders are served first") == 0);
    WORKS(allocator_policy_standing("classes_first(draw_the_queue)", name, sizeof name, NULL, &err));
    CHECK(strcmp(name, "priority+lot+placed_at+sequence") == 0);
    lines[1].score = 2;
    FAILS(ALLOCATOR_DUPLICATE_PLACE, allocator_allocate("first_come:line:pass:score", lines, 3, &supply, 1, out, 3, &err));
    CHECK(err.row == 2 && err.first_row == 1 && strstr(err.message, "(equal score)") != NULL);
    FAILS(ALLOCATOR_UNKNOWN_ORDER_KEY, allocator_allocate("first_come:line:pass:age", lines, 3, &supply, 1, out, 3, &err));
    CHECK(strcmp(err.field, "order") == 0);
    FAILS(ALLOCATOR_UNSOUND_ORDER, allocator_allocate("{\"order\":\"lot+lot\"}", lines, 3, &supply, 1, out, 3, &err));
}

/* Three units of the first line and one of the second, each with a lot of its own. */
static void each_unit(void) {
    allocator_line lines[2];
    allocator_supply supply;
    allocator_outcome out[2];
    allocator_allocation *allocation = NULL;
    allocator_verdict verdict;
    allocator_threshold last;
    const int64_t lots[4] = {9, 8, 1, 5}, drawn[2] = {0, 0};
    int64_t needed, unit, within, more[2];
    char text[64];
    memset(lines, 0, sizeof lines);
    memset(&supply, 0, sizeof supply);
    lines[0].line = 1, lines[0].sku = 7, lines[0].quantity = 3;
    lines[1].line = 2, lines[1].sku = 7, lines[1].quantity = 1;
    supply.sku = 7, supply.quantity = 2;
    WORKS(allocator_allocate_drawn("draw_each_unit", lines, 2, &supply, 1, lots, 4, out, 2, &err));
    CHECK(out[0].allocated == 1 && out[1].allocated == 1);
    WORKS(allocator_verify_drawn("draw_each_unit", lines, 2, &supply, 1, lots, 4, out, 2, NULL, 0, NULL, 0, &verdict, &err));
    out[0].allocated = out[0].covered = 2, out[1].allocated = out[1].covered = 0;
    FAILS(ALLOCATOR_LAW_BROKEN, allocator_verify_drawn("draw_each_unit", lines, 2, &supply, 1, lots, 4, out, 2, NULL, 0,
                                                       NULL, 0, &verdict, &err));
    WORKS(allocator_validate_drawn("draw_each_unit", lines, 2, &supply, 1, lots, 4, NULL, 0, &needed, &err));
    WORKS(allocator_allocation_new_drawn("draw_each_unit", lines, 2, &supply, 1, lots, 4, &allocation, &err));
    WORKS(allocator_allocation_outcomes(allocation, out, 2, &needed, &err));
    CHECK(out[0].allocated == 1 && out[1].allocated == 1);
    WORKS(allocator_allocation_verify(allocation, &verdict, &err));
    /* Of the first line the third unit is drawn, not the first. */
    for (unit = 1; unit <= 3; unit++) {
        WORKS(allocator_allocation_unit_is_within(allocation, 0, unit, &within, &err));
        CHECK(within == (unit == 3));
    }
    WORKS(allocator_allocation_thresholds(allocation, &last, 1, &needed, &err));
    CHECK(needed == 1 && last.sku == 7 && last.row == 1 && last.unit == 1);
    WORKS(allocator_allocation_key_text(allocation, 0, 3, text, sizeof text, &needed, &err));
    CHECK(strcmp(text, "unit lot 1, sequence 0, unit 3") == 0);
    WORKS(allocator_allocation_increment(allocation, drawn, 2, more, 2, &needed, &err));
    CHECK(more[0] == 1 && more[1] == 1);
    allocator_allocation_free(allocation);
    FAILS(ALLOCATOR_UNIT_LOTS, allocator_allocate_drawn("draw_each_unit", lines, 2, &supply, 1, lots, 3, out, 2, &err));
    CHECK(err.row == -1 && strcmp(err.field, "unit_lots") == 0);
    FAILS(ALLOCATOR_UNIT_LOTS, allocator_allocate("draw_each_unit", lines, 2, &supply, 1, out, 2, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_allocate_drawn("draw_each_unit", lines, 2, &supply, 1, lots, -1, out, 2, &err));
    lines[1].quantity = INT64_C(1) << 24;
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_allocate_drawn("draw_each_unit", lines, 2, &supply, 1, lots, 4, out, 2, &err));
    CHECK(err.row == 1 && strcmp(err.field, "quantity") == 0);
}

/* Whole orders of 4, 4 and 6 units of one SKU, then two SKUs. */
static void whole_orders(void) {
    allocator_order_units units[5] = {{0, 0, 4}, {1, 0, 4}, {2, 0, 6}, {0, 1, 0}, {1, 1, 2}};
    int64_t refund[3] = {40, 40, 60}, need[2] = {5, 0};
    uint8_t cut[3] = {9, 9, 9};
    allocator_selection found;

    WORKS(allocator_select_orders("fewest_customers", units, 3, refund, 3, need, 1, cut, 3, &found, &err));
    CHECK(found.plan.exists == 1 && found.plan.is_exact == 1 && found.plan.orders == 1);
    CHECK(found.plan.refund == 60 && found.above.exists == 0);
    CHECK(cut[0] == 0 && cut[1] == 0 && cut[2] == 1);
    WORKS(allocator_select_orders("exact", units, 3, refund, 3, need, 1, cut, 3, &found, &err));
    CHECK(found.plan.exists == 0 && found.below.refund == 40 && found.above.refund == 60);
    CHECK(cut[0] == 0 && cut[1] == 2 && cut[2] == 4);
    need[0] = 4, need[1] = 1;
    WORKS(allocator_select_orders("least_refund", units, 5, refund, 3, need, 2, cut, 3, &found, &err));
    CHECK(found.plan.refund == 40 && cut[0] == 0 && cut[1] == 1 && cut[2] == 0);

    cut[0] = 9, found.plan.orders = 9;
    FAILS(ALLOCATOR_UNKNOWN_AIM, allocator_select_orders("cheapest", units, 5, refund, 3, need, 2, cut, 3, &found, &err));
    CHECK(strcmp(err.field, "aim") == 0);
    need[0] = 15;
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_select_orders("exact", units, 5, refund, 3, need, 2, cut, 3, &found, &err));
    CHECK(err.table == ALLOCATOR_TABLE_NEED && err.row == 0 && strcmp(err.field, "units") == 0);
    need[0] = 4, units[4].sku = 2;
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_select_orders("exact", units, 5, refund, 3, need, 2, cut, 3, &found, &err));
    CHECK(err.table == ALLOCATOR_TABLE_ORDERS && err.row == 1 && strcmp(err.field, "sku") == 0);
    units[4].sku = 1, units[4].quantity = -1;
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_select_orders("exact", units, 5, refund, 3, need, 2, cut, 3, &found, &err));
    CHECK(err.table == ALLOCATOR_TABLE_ORDERS && err.row == 1 && strcmp(err.field, "units") == 0);
    units[4].order = 3;
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_select_orders("exact", units, 5, refund, 3, need, 2, cut, 3, &found, &err));
    CHECK(strcmp(err.field, "order") == 0);
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_select_orders("exact", units, 3, refund, 3, need, 2, cut, 2, &found, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_select_orders(NULL, units, 3, refund, 3, need, 2, cut, 3, &found, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_select_orders("exact", units, 3, refund, 3, need, 2, cut, 3, NULL, &err));
    CHECK(cut[0] == 9 && found.plan.orders == 9);
}

int main(void) {
    shared();
    places();
    each_unit();
    memset(&err, 0xff, sizeof err);
    drop();
    whole_lines();
    overtakes_in_pages();
    own_terms();
    large_ids();
    supply_by_row();
    judge();
    judge_idle();
    names();
    promises();
    shipments();
    whole_orders();
    thresholds();
    nothing();
    puts("ok");
    return 0;
}
