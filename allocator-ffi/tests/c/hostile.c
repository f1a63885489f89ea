/* Callers who do everything wrong get a status, and memory they did not offer stays untouched. */
#include "check.h"

static allocator_error err;
static allocator_line lines[4];
static allocator_supply supply[2];
static allocator_outcome out[4];

static void start(void) {
    int i;
    for (i = 0; i < 4; i++) lines[i] = line(i + 1, 7, 1);
    supply[0] = received(7, 2);
    supply[1] = received(8, 2);
}

static allocator_status run(void) {
    return allocator_allocate("first_come", lines, 4, supply, 2, out, 4, &err);
}

static void expect(allocator_status status, int table, int64_t row, const char *field) {
    FAILS(status, run());
    if (err.table != table || err.row != row || strcmp(err.field, field) != 0) {
        fprintf(stderr, "table %d, row %d, field %s: %s\n", (int)err.table, (int)err.row, err.field,
                err.message);
        exit(1);
    }
    start();
}

static void null_pointers(void) {
    allocator_allocation *none = NULL;
    allocator_allocation **nowhere = NULL;
    int64_t n;

    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocate(NULL, lines, 4, supply, 2, out, 4, &err));
    CHECK(strcmp(err.field, "policy") == 0);
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocate("first_come", NULL, 4, supply, 2, out, 4, &err));
    CHECK(strcmp(err.field, "lines") == 0);
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocate("first_come", lines, 4, NULL, 2, out, 4, &err));
    CHECK(strcmp(err.field, "supply") == 0);
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocate("first_come", lines, 4, supply, 2, NULL, 4, &err));
    CHECK(strcmp(err.field, "out") == 0);
    CHECK(allocator_allocate(NULL, NULL, 1, NULL, 1, NULL, 1, NULL) == ALLOCATOR_NULL_POINTER);
    FAILS(ALLOCATOR_NULL_POINTER,
          allocator_allocation_new("first_come", lines, 4, supply, 2, nowhere, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_validate("first_come", lines, 4, supply, 2, NULL, 0, NULL, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_verify("first_come", lines, 4, supply, 2, out, 4, NULL, 0, NULL, 0, NULL, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_verify("first_come", lines, 4, supply, 2, NULL, 4, NULL, 0, NULL, 0, NULL, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_outcome_reported(1, 1, NULL, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_outcomes(none, out, 4, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_pegs(none, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_pegs_of(none, 0, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_idle(none, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_overtakes(none, 0, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_overtake_count(none, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_is_one_off(none, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_places(none, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_summary(none, NULL, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_text(none, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_explain(none, 0, NULL, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_explain_text(none, 0, NULL, NULL, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocation_verify(none, NULL, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_interner_new(0, NULL, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_interner_intern(NULL, "a", 1, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_interner_id(NULL, "a", 1, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_interner_name(NULL, 1, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_interner_len(NULL, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_policy_name(NULL, NULL, 0, &n, &err));
}

static void lengths(void) {
    union {
        char bytes[3 * sizeof(allocator_line)];
        int64_t align;
    } memory;

    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_allocate("first_come", lines, -1, supply, 2, out, 4, &err));
    CHECK(strcmp(err.field, "lines_len") == 0);
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_allocate("first_come", lines, 4, supply, INT64_MIN, out, 4, &err));
    CHECK(strcmp(err.field, "supply_len") == 0);
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_allocate("first_come", lines, 4, supply, 2, out, -4, &err));
    CHECK(strcmp(err.field, "out_len") == 0);
    FAILS(ALLOCATOR_TOO_MANY_ROWS, allocator_allocate("first_come", NULL, INT64_MAX, supply, 2, out, 4, &err));
    FAILS(ALLOCATOR_TOO_MANY_ROWS, allocator_allocate("first_come", lines, 4294967295, supply, 2, out, 4, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_allocate("first_come", NULL, 4294967294, supply, 2, out, 4, &err));
    memset(&memory, 0, sizeof memory);
    FAILS(ALLOCATOR_MISALIGNED_POINTER,
          allocator_allocate("first_come", (const allocator_line *)(const void *)(memory.bytes + 1), 1, supply,
                             2, out, 4, &err));
    CHECK(strcmp(err.field, "lines") == 0);
}

static void rows(void) {
    supply[1].quantity = -1;
    lines[0].quantity = -1;
    expect(ALLOCATOR_OUT_OF_RANGE, ALLOCATOR_TABLE_SUPPLY, 1, "quantity"); /* supply goes first */
    lines[2].quantity = -1;
    lines[1].completeness = 4;
    expect(ALLOCATOR_UNKNOWN_COMPLETENESS, ALLOCATOR_TABLE_LINES, 1, "completeness");
    lines[2].quantity = INT64_MIN;
    lines[2].completeness = 255;
    expect(ALLOCATOR_OUT_OF_RANGE, ALLOCATOR_TABLE_LINES, 2, "quantity");
    lines[3].on_misfit = 3;
    lines[3].line = 1;
    expect(ALLOCATOR_UNKNOWN_MISFIT, ALLOCATOR_TABLE_LINES, 3, "on_misfit");
    lines[3].line = 1;
    lines[3].reserved[1] = 1;
    expect(ALLOCATOR_DUPLICATE_ID, ALLOCATOR_TABLE_LINES, 3, "line");
    lines[3].reserved[1] = 1;
    expect(ALLOCATOR_RESERVED_NOT_ZERO, ALLOCATOR_TABLE_LINES, 3, "reserved");
    supply[1].reserved[7] = 1;
    expect(ALLOCATOR_RESERVED_NOT_ZERO, ALLOCATOR_TABLE_SUPPLY, 1, "reserved");
    lines[0].line = -1;
    lines[1].line = -1;
    expect(ALLOCATOR_OUT_OF_RANGE, ALLOCATOR_TABLE_LINES, 0, "line");
    lines[1].order = -1;
    expect(ALLOCATOR_OUT_OF_RANGE, ALLOCATOR_TABLE_LINES, 1, "order");
    lines[1].customer = INT64_MIN;
    expect(ALLOCATOR_OUT_OF_RANGE, ALLOCATOR_TABLE_LINES, 1, "customer");
    lines[1].sku = -7;
    expect(ALLOCATOR_OUT_OF_RANGE, ALLOCATOR_TABLE_LINES, 1, "sku");
    supply[0].supply = -1;
    expect(ALLOCATOR_OUT_OF_RANGE, ALLOCATOR_TABLE_SUPPLY, 0, "supply");
    supply[0].sku = -1;
    expect(ALLOCATOR_OUT_OF_RANGE, ALLOCATOR_TABLE_SUPPLY, 0, "sku");
    supply[0].supply = supply[1].supply = 5000000000;
    lines[0].line = -1;
    expect(ALLOCATOR_DUPLICATE_ID, ALLOCATOR_TABLE_SUPPLY, 1, "supply");
    supply[0].supply = supply[1].supply = INT64_MAX;
    FAILS(ALLOCATOR_DUPLICATE_ID, run());
    CHECK(err.first_row == 0);
    start();
    supply[0].quantity = supply[1].quantity = INT64_MAX;
    supply[1].sku = 7;
    expect(ALLOCATOR_OUT_OF_RANGE, ALLOCATOR_TABLE_SUPPLY, 1, "quantity");
    lines[1].sequence = lines[3].sequence = 9;
    lines[2].sequence = 1;
    FAILS(ALLOCATOR_DUPLICATE_PLACE, run());
    CHECK(err.row == 3 && err.first_row == 1);
    start();
    lines[2].order = lines[3].order = 1;
    lines[2].completeness = ALLOCATOR_COMPLETENESS_ORDER;
    expect(ALLOCATOR_ORDER_DISAGREES, ALLOCATOR_TABLE_LINES, 3, "completeness");
    lines[0].sku = -5;
    FAILS(ALLOCATOR_OUT_OF_RANGE, run());
    CHECK(strcmp(err.message, "lines row 0, sku: -5 is outside 0..=9223372036854775807") == 0);
    start();
    WORKS(run());
}

static void all_faults(void) {
    allocator_error faults[8];
    int64_t needed = 0;

    supply[0].sku = -1, supply[0].quantity = INT64_MAX;
    supply[1].sku = -2, supply[1].quantity = INT64_MAX; /* two bad SKUs are not one full SKU */
    lines[0].line = -1;
    lines[1].line = -2; /* two bad ids are not one id twice */
    lines[1].on_misfit = 9;
    lines[2].quantity = -4;
    lines[2].reserved[0] = 1;
    memset(faults, 0x55, sizeof faults);
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL,
          allocator_validate("first_come", lines, 4, supply, 2, faults, 6, &needed, &err));
    CHECK(needed == 7 && faults[0].code == 0x55555555);
    FAILS(ALLOCATOR_OUT_OF_RANGE,
          allocator_validate("first_come", lines, 4, supply, 2, faults, 8, &needed, &err));
    CHECK(needed == 7 && memcmp(&err, &faults[0], sizeof err) == 0);
    CHECK(faults[0].table == ALLOCATOR_TABLE_SUPPLY && faults[0].row == 0);
    CHECK(faults[1].table == ALLOCATOR_TABLE_SUPPLY && faults[1].row == 1);
    CHECK(strcmp(faults[1].field, "sku") == 0);
    CHECK(faults[2].table == ALLOCATOR_TABLE_LINES && faults[2].row == 0);
    CHECK(faults[3].row == 1 && faults[3].code == ALLOCATOR_OUT_OF_RANGE);
    CHECK(faults[4].row == 1 && faults[4].code == ALLOCATOR_UNKNOWN_MISFIT);
    CHECK(faults[5].row == 2 && faults[5].code == ALLOCATOR_OUT_OF_RANGE);
    CHECK(faults[6].row == 2 && faults[6].code == ALLOCATOR_RESERVED_NOT_ZERO);
    CHECK(faults[7].code == 0x55555555);
    FAILS(ALLOCATOR_OUT_OF_RANGE, run());
    CHECK(memcmp(&err, &faults[0], sizeof err) == 0);
    start();
}

static void policies(void) {
    char endless[6000];
    int64_t needed;

    FAILS(ALLOCATOR_UNKNOWN_RULE, allocator_allocate("lottery", lines, 4, supply, 2, out, 4, &err));
    CHECK(strcmp(err.field, "rule") == 0 && strstr(err.message, "first_come") != NULL);
    FAILS(ALLOCATOR_UNKNOWN_RULE, allocator_allocate("", lines, 4, supply, 2, out, 4, &err));
    FAILS(ALLOCATOR_UNKNOWN_COMPLETENESS,
          allocator_allocate("first_come:all", lines, 4, supply, 2, out, 4, &err));
    FAILS(ALLOCATOR_UNKNOWN_FIELD,
          allocator_allocate("{\"limit\":1}", lines, 4, supply, 2, out, 4, &err));
    CHECK(strcmp(err.field, "limit") == 0);
    FAILS(ALLOCATOR_INVALID_POLICY, allocator_allocate("{", lines, 4, supply, 2, out, 4, &err));
    FAILS(ALLOCATOR_INVALID_UTF8, allocator_allocate("first\xff", lines, 4, supply, 2, out, 4, &err));
    memset(endless, 'x', sizeof endless); /* and no NUL at all */
    FAILS(ALLOCATOR_INVALID_POLICY, allocator_allocate(endless, lines, 4, supply, 2, out, 4, &err));
    memset(endless, '[', sizeof endless);
    endless[0] = '{', endless[4000] = 0;
    FAILS(ALLOCATOR_INVALID_POLICY, allocator_policy_name(endless, NULL, 0, &needed, &err));
    /* The message is cut at a character, and ends. */
    memset(endless, 0, sizeof endless);
    while (strlen(endless) < 600) strcat(endless, "\xc3\xb6");
    FAILS(ALLOCATOR_UNKNOWN_RULE, allocator_allocate(endless, lines, 4, supply, 2, out, 4, &err));
    needed = (int64_t)strlen(err.message);
    CHECK((needed == 254 || needed == 255) && err.message[needed - 1] == '\xb6');
}

static void small_buffers(void) {
    allocator_allocation *allocation = NULL;
    allocator_peg pegs[3];
    allocator_place places[4];
    allocator_explanation why;
    char text[64];
    int64_t needed;

    memset(out, 0x55, sizeof out);
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_allocate("first_come", lines, 4, supply, 2, out, 3, &err));
    CHECK(strcmp(err.field, "out") == 0 && out[0].quantity == 0x5555555555555555);
    WORKS(allocator_allocation_new("first_come", lines, 4, supply, 2, &allocation, &err));
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_allocation_outcomes(allocation, out, 3, &needed, &err));
    CHECK(needed == 4 && out[0].quantity == 0x5555555555555555);
    memset(pegs, 0x55, sizeof pegs);
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_allocation_pegs(allocation, pegs, 1, &needed, &err));
    CHECK(needed == 2 && pegs[0].row == 0x5555555555555555);
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_allocation_pegs(allocation, NULL, 0, &needed, &err));
    CHECK(needed == 2);
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_allocation_places(allocation, places, 3, &needed, &err));
    CHECK(needed == 4);
    memset(&why, 0x55, sizeof why);
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL,
          allocator_allocation_explain(allocation, 3, &why, NULL, 0, &needed, &err));
    CHECK(needed == 1 && why.line == 0x5555555555555555);
    memset(text, 'x', sizeof text);
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_allocation_text(allocation, text, sizeof text, &needed, &err));
    CHECK(needed >= 64 && text[0] == 'x');
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_policy_name("first_come", text, 10, &needed, &err));
    CHECK(needed == 10 && text[0] == 'x'); /* there is no room for the NUL */
    WORKS(allocator_policy_name("first_come", text, 11, &needed, &err));
    CHECK(strcmp(text, "first_come") == 0 && text[11] == 'x');
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_policy_name("first_come", text, -1, &needed, &err));
    FAILS(ALLOCATOR_NO_SUCH_ROW,
          allocator_allocation_explain(allocation, 4, &why, NULL, 0, &needed, &err));
    CHECK(err.row == 4);
    FAILS(ALLOCATOR_NO_SUCH_ROW,
          allocator_allocation_explain(allocation, -1, &why, NULL, 0, &needed, &err));
    FAILS(ALLOCATOR_NO_SUCH_ROW,
          allocator_allocation_pegs_of(allocation, INT64_MAX, NULL, 0, &needed, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE,
          allocator_allocation_overtakes(allocation, -1, NULL, 0, &needed, &err));
    allocator_allocation_free(allocation);
}

static void large_totals(void) {
    allocator_allocation *allocation = NULL;
    allocator_place places[4];
    allocator_summary sums;
    allocator_explanation why;
    char text[512];
    int64_t needed;

    lines[0].quantity = lines[1].quantity = INT64_MAX;
    WORKS(allocator_allocation_new("first_come", lines, 4, supply, 2, &allocation, &err));
    memset(places, 0x55, sizeof places);
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_allocation_places(allocation, places, 4, &needed, &err));
    CHECK(err.row == 2 && strcmp(err.field, "units_ahead") == 0 && places[0].position == 0x5555555555555555);
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_allocation_summary(allocation, &sums, &err));
    CHECK(strcmp(err.field, "ordered") == 0);
    FAILS(ALLOCATOR_OUT_OF_RANGE,
          allocator_allocation_explain(allocation, 3, &why, NULL, 0, &needed, &err));
    WORKS(allocator_allocation_text(allocation, text, sizeof text, NULL, &err));
    CHECK(strstr(text, "18446744073709551616 ordered") == text);
    WORKS(allocator_allocation_explain_text(allocation, 3, NULL, NULL, text, sizeof text, NULL, &err));
    CHECK(strstr(text, "18446744073709551615 units are ahead") != NULL);
    allocator_allocation_free(allocation);
    start();
}

static void handles(void) {
    allocator_interner *interner = NULL;
    allocator_allocation *allocation = (allocator_allocation *)&err;
    int64_t memory[8] = {0};
    char name[1025];
    int64_t n;

    WORKS(allocator_interner_new(0, &interner, &err));
    FAILS(ALLOCATOR_BAD_HANDLE,
          allocator_allocation_outcomes((allocator_allocation *)(void *)interner, out, 4, &n, &err));
    FAILS(ALLOCATOR_BAD_HANDLE, allocator_interner_len((allocator_interner *)(void *)memory, &n, &err));
    FAILS(ALLOCATOR_BAD_HANDLE,
          allocator_interner_len((allocator_interner *)(void *)((char *)memory + 1), &n, &err));
    allocator_allocation_free((allocator_allocation *)(void *)interner); /* not its kind: untouched */
    allocator_interner_free((allocator_interner *)(void *)memory);
    WORKS(allocator_interner_len(interner, &n, &err));
    CHECK(n == 0);

    lines[0].quantity = -1;
    FAILS(ALLOCATOR_OUT_OF_RANGE,
          allocator_allocation_new("first_come", lines, 4, supply, 2, &allocation, &err));
    CHECK(allocation == NULL);
    start();

    memset(name, 'x', sizeof name);
    n = 77;
    FAILS(ALLOCATOR_NAME_TOO_LONG, allocator_interner_intern(interner, name, 1025, &n, &err));
    FAILS(ALLOCATOR_INVALID_UTF8, allocator_interner_intern(interner, "ab\xff", 3, &n, &err));
    CHECK(strcmp(err.message, "name: byte 2 is not UTF-8") == 0);
    FAILS(ALLOCATOR_INVALID_UTF8, allocator_interner_id(interner, "\xed\xa0\x80", 3, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_interner_intern(interner, NULL, 1, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_interner_intern(interner, "a", 1, NULL, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_interner_intern(interner, "a", -1, &n, &err));
    CHECK(n == 77);
    WORKS(allocator_interner_len(interner, &n, &err));
    CHECK(n == 0);
    WORKS(allocator_interner_intern(interner, name, ALLOCATOR_MAX_NAME_BYTES, &n, &err));
    CHECK(n == 1);
    FAILS(ALLOCATOR_NO_SUCH_ID, allocator_interner_name(interner, 0, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NO_SUCH_ID, allocator_interner_name(interner, 2, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_NO_SUCH_ID, allocator_interner_name(interner, INT64_MIN, NULL, 0, &n, &err));
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_interner_name(interner, 1, name, 1024, &n, &err));
    CHECK(n == 1024);
    allocator_interner_free(interner);
}

static void reported(void) {
    allocator_peg peg = {0, 0, 1};
    allocator_verdict verdict;

    WORKS(run());
    out[1].reason = 99;
    FAILS(ALLOCATOR_UNKNOWN_REASON,
          allocator_verify("first_come", lines, 4, supply, 2, out, 4, NULL, 0, NULL, 0, &verdict, &err));
    CHECK(err.table == ALLOCATOR_TABLE_OUTCOMES && err.row == 1);
    WORKS(run());
    out[2].reserved[3] = 1;
    FAILS(ALLOCATOR_RESERVED_NOT_ZERO,
          allocator_verify("first_come", lines, 4, supply, 2, out, 4, NULL, 0, NULL, 0, &verdict, &err));
    WORKS(run());
    peg.supply = -1;
    FAILS(ALLOCATOR_OUT_OF_RANGE,
          allocator_verify("first_come", lines, 4, supply, 2, out, 4, &peg, 1, NULL, 0, &verdict, &err));
    CHECK(err.table == ALLOCATOR_TABLE_PEGS && err.row == 0 && strcmp(err.field, "supply") == 0);
    FAILS(ALLOCATOR_LAW_BROKEN,
          allocator_verify("first_come", lines, 4, supply, 2, out, 3, NULL, 0, NULL, 0, &verdict, &err));
    CHECK(verdict.law == ALLOCATOR_LAW_EVERY_UNIT_ACCOUNTED && verdict.expected == 4 && verdict.found == 3);
    CHECK(verdict.sku == -1 && err.row == -1);
    out[0].allocated = INT64_MIN;
    FAILS(ALLOCATOR_LAW_BROKEN,
          allocator_verify("first_come", lines, 4, supply, 2, out, 4, NULL, 0, NULL, 0, &verdict, &err));
    WORKS(run());
    lines[2].line = lines[1].line;
    FAILS(ALLOCATOR_DUPLICATE_ID,
          allocator_verify("first_come", lines, 4, supply, 2, out, 4, NULL, 0, NULL, 0, &verdict, &err));
    start();
}

static allocator_status tell(const allocator_idle *idle, int64_t idle_len) {
    allocator_verdict verdict;
    return allocator_verify("first_come", lines, 4, supply, 2, out, 4, NULL, 0, idle, idle_len, &verdict, &err);
}

static void reported_idle(void) {
    allocator_idle good[2], idle[2];
    union {
        char bytes[3 * sizeof(allocator_idle)];
        int64_t align;
    } memory;

    WORKS(run());
    memset(good, 0, sizeof good);
    good[0].sku = good[1].sku = 8;
    good[0].row = good[1].row = -1;
    good[0].units = good[1].units = 1;
    good[0].cause = good[1].cause = ALLOCATOR_IDLE_NO_DEMAND;
    WORKS(tell(good, 2));

#define BAD(field_, value, status, name)                                                           \
    do {                                                                                           \
        memcpy(idle, good, sizeof idle);                                                           \
        idle[1].field_ = (value);                                                                  \
        FAILS(status, tell(idle, 2));                                                              \
        CHECK(err.table == ALLOCATOR_TABLE_IDLE && err.row == 1 && strcmp(err.field, name) == 0);  \
    } while (0)
    BAD(sku, -1, ALLOCATOR_OUT_OF_RANGE, "sku");
    BAD(sku, INT64_MIN, ALLOCATOR_OUT_OF_RANGE, "sku");
    BAD(row, 4, ALLOCATOR_OUT_OF_RANGE, "row");
    BAD(row, -2, ALLOCATOR_OUT_OF_RANGE, "row");
    BAD(row, INT64_MAX, ALLOCATOR_OUT_OF_RANGE, "row");
    BAD(row, INT64_C(4294967295), ALLOCATOR_OUT_OF_RANGE, "row");
    BAD(row, INT64_C(4294967296), ALLOCATOR_OUT_OF_RANGE, "row"); /* not row 0 */
    BAD(cause, 3, ALLOCATOR_UNKNOWN_IDLE_CAUSE, "cause");
    BAD(cause, 255, ALLOCATOR_UNKNOWN_IDLE_CAUSE, "cause");
    BAD(reserved[6], 1, ALLOCATOR_RESERVED_NOT_ZERO, "reserved");
#undef BAD

    /* Units that are none, or that would make up for others. */
    memcpy(idle, good, sizeof idle);
    idle[0].units = 3, idle[1].units = -1;
    FAILS(ALLOCATOR_LAW_BROKEN, tell(idle, 2));
    idle[0].units = 2, idle[1].units = 0;
    FAILS(ALLOCATOR_LAW_BROKEN, tell(idle, 2));
    idle[0].units = idle[1].units = INT64_MAX;
    FAILS(ALLOCATOR_LAW_BROKEN, tell(idle, 2));
    idle[0].units = idle[1].units = INT64_MIN;
    FAILS(ALLOCATOR_LAW_BROKEN, tell(idle, 2));

    FAILS(ALLOCATOR_NULL_POINTER, tell(NULL, 2));
    CHECK(strcmp(err.field, "idle") == 0);
    FAILS(ALLOCATOR_OUT_OF_RANGE, tell(good, -1));
    CHECK(strcmp(err.field, "idle_len") == 0);
    FAILS(ALLOCATOR_TOO_MANY_ROWS, tell(good, INT64_MAX));
    memset(&memory, 0, sizeof memory);
    FAILS(ALLOCATOR_MISALIGNED_POINTER, tell((const allocator_idle *)(const void *)(memory.bytes + 1), 1));
    lines[2].line = lines[1].line; /* bad input goes first */
    idle[0].cause = 9;
    FAILS(ALLOCATOR_DUPLICATE_ID, tell(idle, 2));
    start();
}

/* A system gives reasons or it does not. */
static void half_reasons(void) {
    int64_t i;

    for (i = 1; i < 4; i++) {
        WORKS(run());
        out[i].reason = ALLOCATOR_REASON_NONE;
        FAILS(ALLOCATOR_UNKNOWN_REASON, tell(NULL, 0));
        CHECK(err.table == ALLOCATOR_TABLE_OUTCOMES && err.row == i && strcmp(err.field, "reason") == 0);
    }
    for (i = 0; i < 4; i++) out[i].reason = ALLOCATOR_REASON_NONE;
    WORKS(tell(NULL, 0));
    out[2].reason = ALLOCATOR_REASON_NOTHING_ASKED;
    FAILS(ALLOCATOR_UNKNOWN_REASON, tell(NULL, 0));
    CHECK(err.row == 2);
    out[1].reason = 254;
    FAILS(ALLOCATOR_UNKNOWN_REASON, tell(NULL, 0));
    CHECK(err.row == 1 && strstr(err.message, "254") != NULL);
    CHECK(allocator_reason_name(ALLOCATOR_REASON_NONE) == NULL);
    CHECK(allocator_reason_sentence(ALLOCATOR_REASON_NONE) == NULL);
    WORKS(run());
}

static void codes(void) {
    static const int32_t none[4] = {-1, 99, INT32_MAX, INT32_MIN};
    int i;

    for (i = 0; i < 4; i++) {
        CHECK(allocator_reason_name(none[i]) == NULL && allocator_reason_sentence(none[i]) == NULL);
        CHECK(allocator_idle_cause_name(none[i]) == NULL && allocator_idle_cause_sentence(none[i]) == NULL);
        CHECK(allocator_overtake_cause_name(none[i]) == NULL);
        CHECK(allocator_overtake_cause_sentence(none[i]) == NULL);
        CHECK(allocator_axiom_name(none[i]) == NULL && allocator_axiom_sentence(none[i]) == NULL);
        CHECK(allocator_completeness_name(none[i]) == NULL && allocator_misfit_name(none[i]) == NULL);
        CHECK(allocator_grade_name(none[i]) == NULL && allocator_law_name(none[i]) == NULL);
        CHECK(allocator_status_name(none[i]) == NULL && allocator_reason_is_never(none[i]) == 0);
    }
}

int main(void) {
    start();
    null_pointers();
    lengths();
    rows();
    all_faults();
    policies();
    small_buffers();
    large_totals();
    handles();
    reported();
    reported_idle();
    half_reasons();
    codes();
    puts("ok");
    return 0;
}
