/* A draw from the list to the lots, as a shop makes it and a customer checks it; and those who cheat. */
#include "check.h"

static allocator_error err;
static const char LABELS[] = "order-1003\norder-1001\norder-1004\norder-1002\n";
static const char RANDOMNESS[] = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd";
static const char CODE[] = "2f70f884997ce80771adbefbbbc6c71a1b921da71896c25ca0f64966bfd0c8ce";
static unsigned char code[32], randomness[32];
static char text[4096], announced[4096];
static int64_t n;

static void bytes_of(const char *hex, unsigned char *out) {
    int i;
    unsigned int byte;
    for (i = 0; i < 32; i++) {
        CHECK(sscanf(hex + 2 * i, "%2x", &byte) == 1);
        out[i] = (unsigned char)byte;
    }
}

static allocator_draw_required *required(const char *policy, const char *labels, const int64_t *units, int64_t rows) {
    allocator_draw_required *it = NULL;
    WORKS(allocator_draw_required_new(policy, labels, (int64_t)strlen(labels), units, rows, &it, &err));
    return it;
}

/* The draw that DRAW.md shows, with the order that its programs print. */
static void a_draw(void) {
    allocator_draw_required *list = required("draw_the_queue", LABELS, NULL, 0);
    allocator_draw *draw = NULL, *again = NULL;
    allocator_line lines[4];
    allocator_supply supply = received(7, 1);
    allocator_outcome out[4];
    char commitment[65], record[4096];
    int64_t rows, entries, lots[4], lot;
    int i;

    WORKS(allocator_draw_required_counts(list, &rows, &entries, &err));
    CHECK(rows == 4 && entries == 4);
    WORKS(allocator_draw_required_drawn(list, text, sizeof text, &n, &err));
    CHECK(strcmp(text, "lines") == 0);
    WORKS(allocator_draw_required_list(list, text, sizeof text, &n, &err));
    CHECK(strcmp(text, "order-1001\norder-1002\norder-1003\norder-1004\n") == 0);
    WORKS(allocator_draw_required_list_hash(list, text, sizeof text, &n, &err));
    CHECK(n == 64 && strcmp(text, "0cc748db2cc6b0342c9878c1cddb7283fd0d3a95341a7c1b38e68f2ee0c035f7") == 0);

    WORKS(allocator_commitment(code, 32, commitment, sizeof commitment, &n, &err));
    WORKS(allocator_draw_required_announce(list, commitment, 1, 1000, announced, sizeof announced, &n, &err));
    CHECK(strstr(announced, "policy: draw_the_queue\n") && strstr(announced, "round: 1000\n"));
    WORKS(allocator_draw_new(announced, code, 32, randomness, 32, &draw, &err));
    WORKS(allocator_draw_text(draw, record, sizeof record, &n, &err));
    CHECK(strncmp(record, announced, strlen(announced)) == 0);
    CHECK(strstr(record, CODE) && strstr(record, RANDOMNESS));
    WORKS(allocator_draw_read(record, &again, &err));
    WORKS(allocator_draw_order(again, list, text, sizeof text, &n, &err));
    CHECK(strcmp(text, "order-1003\norder-1002\norder-1004\norder-1001\n") == 0);
    WORKS(allocator_draw_position(again, "order-1003", 10, text, sizeof text, &n, &err));
    CHECK(strcmp(text, "409871d91842e69568834c07ceafbec4c7768b0b3edb94d3fff4710b5ec26f23") == 0);
    WORKS(allocator_draw_lots(again, list, lots, 4, &n, &err));
    CHECK(n == 4);
    WORKS(allocator_draw_lot(draw, "order-1003", 10, &lot, &err));
    CHECK(lot == lots[0] && lot == INT64_C(0x409871d91842e695) + INT64_MIN);
    WORKS(allocator_draw_unit_lots(draw, list, NULL, 0, &n, &err));
    CHECK(n == 0);

    for (i = 0; i < 4; i++) {
        lines[i] = line(i + 1, 7, 1);
        lines[i].lot = lots[i];
    }
    WORKS(allocator_allocate("draw_the_queue", lines, 4, &supply, 1, out, 4, &err));
    CHECK(out[0].allocated == 1 && out[1].allocated == 0 && out[2].allocated == 0 && out[3].allocated == 0);
    allocator_draw_free(again);
    allocator_draw_free(draw);
    allocator_draw_required_free(list);
}

/* The units of each line, each with its lot. */
static void units(void) {
    const int64_t quantity[2] = {2, 1};
    allocator_draw_required *list = required("draw_each_unit", "a\nb", quantity, 2);
    allocator_draw *draw = NULL;
    int64_t lots[3], lot;

    WORKS(allocator_draw_required_list(list, text, sizeof text, &n, &err));
    CHECK(strcmp(text, "a#1\na#2\nb#1\n") == 0);
    WORKS(allocator_commitment(code, 32, text, sizeof text, &n, &err));
    WORKS(allocator_draw_required_announce(list, text, 1, -1, announced, sizeof announced, &n, &err));
    WORKS(allocator_draw_new(announced, code, 32, NULL, 0, &draw, &err));
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_draw_unit_lots(draw, list, lots, 2, &n, &err));
    CHECK(n == 3);
    WORKS(allocator_draw_unit_lots(draw, list, lots, 3, &n, &err));
    WORKS(allocator_draw_lot(draw, "b#1", 3, &lot, &err));
    CHECK(lots[2] == lot);
    allocator_draw_free(draw);
    allocator_draw_required_free(list);
}

static void none_needed(void) {
    allocator_draw_required *list = (allocator_draw_required *)(void *)&err;
    WORKS(allocator_draw_required_new("first_come", LABELS, 10, NULL, 0, &list, &err));
    CHECK(list == NULL);
    list = required("draw_the_queue", "", NULL, 0); /* no rows */
    WORKS(allocator_draw_required_list(list, text, sizeof text, &n, &err));
    CHECK(n == 0);
    allocator_draw_required_free(list);
}

static void chains_and_beacons(void) {
    unsigned char one[32], two[32];
    char commitment[65];
    WORKS(allocator_chain_commitment(code, 32, 2, commitment, sizeof commitment, &n, &err));
    WORKS(allocator_chain_code(code, 32, 2, 1, one, sizeof one, &n, &err));
    CHECK(n == 32);
    WORKS(allocator_chain_code(code, 32, 2, 2, two, sizeof two, &n, &err));
    CHECK(memcmp(two, code, 32) == 0);
    WORKS(allocator_commitment(one, 32, text, sizeof text, &n, &err));
    CHECK(strcmp(text, commitment) == 0);
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_chain_code(code, 32, 2, 3, one, sizeof one, &n, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_chain_code(code, 15, 2, 1, one, sizeof one, &n, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_chain_code(code, 32, -1, 1, one, sizeof one, &n, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_chain_commitment(code, 32, INT64_MAX, text, sizeof text, &n, &err));
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_chain_code(code, 32, 2, 1, one, 31, &n, &err));
    CHECK(n == 32);

    WORKS(allocator_beacon_round_at(1692803367, 3, 1776643200, &n, &err));
    CHECK(n == 27946612);
    WORKS(allocator_beacon_time_of(1692803367, 3, 27946612, &n, &err));
    CHECK(n == 1776643200);
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_beacon_round_at(1692803367, 3, 1692803366, &n, &err));
    CHECK(strcmp(err.field, "unix_seconds") == 0);
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_beacon_round_at(0, 0, 7, &n, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_beacon_round_at(-1, 3, 7, &n, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_beacon_round_at(0, 1, INT64_MAX, &n, &err)); /* 2^63 */
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_beacon_time_of(0, 3, 0, &n, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_beacon_time_of(0, 3, INT64_MIN, &n, &err));
    WORKS(allocator_beacon_randomness(code, 32, one, sizeof one, &n, &err));
    WORKS(allocator_commitment(code, 32, text, sizeof text, &n, &err));
    bytes_of(text, two);
    CHECK(memcmp(one, two, 32) == 0); /* both are the hash */
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_beacon_randomness(code, 0, one, sizeof one, &n, &err));
}

static void chances(void) {
    allocator_draw_required *list = required("draw_the_queue", "a\nb\nc", NULL, 0);
    allocator_line lines[3];
    allocator_supply supply = received(INT64_MAX, 2);
    allocator_chances told[3];
    int64_t many[300];
    int i;

    for (i = 0; i < 3; i++) lines[i] = line(INT64_MAX - i, INT64_MAX, i == 0 ? 2 : 1);
    WORKS(allocator_draw_chances(list, lines, 3, &supply, 1, told, 3, &err));
    CHECK(told[0].full.numerator[0] == 0 && told[0].full.numerator[1] == 1);
    CHECK(told[0].full.denominator[0] == 0 && told[0].full.denominator[1] == 3);
    CHECK(told[0].full.low_ppm == 333333 && told[0].full.high_ppm == 333334);
    CHECK(told[0].expected.low_ppm == 1000000 && told[0].expected.high_ppm == 1000000);
    CHECK(told[1].nothing.numerator[1] == 1 && told[1].nothing.denominator[1] == 2);

    memset(told, 0x5a, sizeof told);
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_draw_chances(list, lines, 3, &supply, 1, told, 2, &err));
    FAILS(ALLOCATOR_LENGTH_MISMATCH, allocator_draw_chances(list, lines, 2, &supply, 1, told, 3, &err));
    lines[1].completeness = ALLOCATOR_COMPLETENESS_LINE;
    FAILS(ALLOCATOR_NO_CHANCES, allocator_draw_chances(list, lines, 3, &supply, 1, told, 3, &err));
    lines[1].completeness = 9;
    FAILS(ALLOCATOR_UNKNOWN_COMPLETENESS, allocator_draw_chances(list, lines, 3, &supply, 1, told, 3, &err));
    CHECK(err.row == 1);
    lines[1].completeness = 0;
    lines[2].quantity = -1;
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_draw_chances(list, lines, 3, &supply, 1, told, 3, &err));
    CHECK(err.row == 2 && strcmp(err.field, "quantity") == 0);
    lines[2].quantity = 1;
    FAILS(ALLOCATOR_NULL_POINTER, allocator_draw_chances(list, lines, 3, &supply, 1, NULL, 3, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_draw_chances(NULL, lines, 3, &supply, 1, told, 3, &err));
    CHECK(((unsigned char *)told)[0] == 0x5a && ((unsigned char *)told)[sizeof told - 1] == 0x5a);
    allocator_draw_required_free(list);

    /* Where each unit is drawn: without lots, which are what is asked about. */
    for (i = 0; i < 300; i++) many[i] = 1;
    many[0] = 2;
    list = required("draw_each_unit", "a\nb\nc", many, 3);
    WORKS(allocator_draw_chances(list, lines, 3, &supply, 1, told, 3, &err));
    CHECK(told[0].expected.numerator[1] == 1 && told[0].expected.denominator[1] == 1);
    lines[0].reserved[0] = 1;
    FAILS(ALLOCATOR_RESERVED_NOT_ZERO, allocator_draw_chances(list, lines, 3, &supply, 1, told, 3, &err));
    lines[0].reserved[0] = 0;
    lines[0].quantity = 3;
    FAILS(ALLOCATOR_OTHER_DRAW, allocator_draw_chances(list, lines, 3, &supply, 1, told, 3, &err));
    allocator_draw_required_free(list);
}

static void bad_lists(void) {
    const int64_t one[1] = {1}, negative[1] = {-1}, twins[2] = {1, 1};
    allocator_draw_required *list = NULL;
    struct { const char *labels; int64_t len; int64_t row; } bad[] = {
        {"a\n\nb", 4, 1}, {"\n", 1, 0}, {"a\r\n", 3, 0}, {"a\nb\0c", 5, 1}, {"a\n\xff", 3, 1}, {"a\n\xc3\n", 4, 1},
    };
    size_t i;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        list = (allocator_draw_required *)(void *)&err;
        FAILS(ALLOCATOR_BAD_LABEL,
              allocator_draw_required_new("draw_the_queue", bad[i].labels, bad[i].len, NULL, 0, &list, &err));
        CHECK(list == NULL && err.row == bad[i].row && strcmp(err.field, "label") == 0);
        CHECK(err.table == ALLOCATOR_TABLE_LINES);
    }
    memset(text, 'x', 1025);
    FAILS(ALLOCATOR_BAD_LABEL, allocator_draw_required_new("draw_the_queue", text, 1025, NULL, 0, &list, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_draw_required_new("draw_the_queue", NULL, 1, NULL, 0, &list, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_draw_required_new("draw_the_queue", "a", 1, NULL, 0, NULL, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_draw_required_new(NULL, "a", 1, NULL, 0, &list, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_draw_required_new("draw_the_queue", "a", -1, NULL, 0, &list, &err));
    FAILS(ALLOCATOR_UNKNOWN_RULE, allocator_draw_required_new("lottery", "a", 1, NULL, 0, &list, &err));
    FAILS(ALLOCATOR_LENGTH_MISMATCH, allocator_draw_required_new("draw_each_unit", "a", 1, NULL, 0, &list, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_draw_required_new("draw_each_unit", "a", 1, NULL, 1, &list, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_draw_required_new("draw_each_unit", "a", 1, negative, 1, &list, &err));
    FAILS(ALLOCATOR_DUPLICATE_ID, allocator_draw_required_new("draw_each_unit", "a\na", 3, twins, 2, &list, &err));
    CHECK(err.row == 1 && err.first_row == 0);
    WORKS(allocator_draw_required_new("draw_each_unit", "a", 1, one, 1, &list, &err));
    allocator_draw_required_free(list);
    allocator_draw_required_free(NULL);
}

static void cheats(void) {
    allocator_draw_required *list = required("draw_the_queue", LABELS, NULL, 0);
    allocator_draw_required *other = required("draw_the_queue", "order-1\n", NULL, 0);
    allocator_draw *draw = (allocator_draw *)(void *)&err;
    unsigned char wrong[32];
    int64_t lots[4];
    char commitment[65];

    WORKS(allocator_commitment(code, 32, commitment, sizeof commitment, &n, &err));
    FAILS(ALLOCATOR_BAD_RECORD, allocator_draw_required_announce(list, "00", 1, 1, text, sizeof text, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_draw_required_announce(list, NULL, 1, 1, text, sizeof text, &n, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_draw_required_announce(list, commitment, 0, 1, text, sizeof text, &n, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_draw_required_announce(list, commitment, INT64_MAX, 1, text, sizeof text, &n, &err));
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_draw_required_announce(list, commitment, 1, -2, text, sizeof text, &n, &err));
    WORKS(allocator_draw_required_announce(list, commitment, 1, 1000, announced, sizeof announced, &n, &err));
    memcpy(wrong, code, 32);
    wrong[31] ^= 1;
    FAILS(ALLOCATOR_CODE_NOT_COMMITTED, allocator_draw_new(announced, wrong, 32, randomness, 32, &draw, &err));
    CHECK(draw == NULL && strcmp(err.field, "code") == 0);
    FAILS(ALLOCATOR_OUT_OF_RANGE, allocator_draw_new(announced, code, 15, randomness, 32, &draw, &err));
    FAILS(ALLOCATOR_OTHER_PULSE, allocator_draw_new(announced, code, 32, NULL, 0, &draw, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_draw_new(announced, NULL, 32, randomness, 32, &draw, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_draw_new(NULL, code, 32, randomness, 32, &draw, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_draw_new(announced, code, 32, randomness, 32, NULL, &err));
    FAILS(ALLOCATOR_BAD_RECORD, allocator_draw_new("policy: x\n", code, 32, randomness, 32, &draw, &err));
    FAILS(ALLOCATOR_BAD_RECORD, allocator_draw_read("", &draw, &err));
    FAILS(ALLOCATOR_BAD_RECORD, allocator_draw_read(announced, &draw, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_draw_read(NULL, &draw, &err));

    WORKS(allocator_draw_new(announced, code, 32, randomness, 32, &draw, &err));
    WORKS(allocator_draw_text(draw, text, sizeof text, &n, &err));
    *strstr(text, CODE) = '0'; /* another code */
    {
        allocator_draw *forged = draw;
        FAILS(ALLOCATOR_CODE_NOT_COMMITTED, allocator_draw_read(text, &forged, &err));
        CHECK(forged == NULL);
    }
    FAILS(ALLOCATOR_OTHER_DRAW, allocator_draw_lots(draw, other, lots, 4, &n, &err));
    FAILS(ALLOCATOR_OTHER_DRAW, allocator_draw_order(draw, other, text, sizeof text, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_draw_lots(draw, NULL, lots, 4, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_draw_lots(NULL, list, lots, 4, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_draw_lots(draw, list, lots, 4, NULL, &err));
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_draw_lots(draw, list, lots, 3, &n, &err));
    CHECK(n == 4);
    FAILS(ALLOCATOR_BAD_HANDLE, allocator_draw_text((allocator_draw *)(void *)list, text, sizeof text, &n, &err));
    FAILS(ALLOCATOR_INVALID_UTF8, allocator_draw_lot(draw, "\xff", 1, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_draw_lot(draw, NULL, 1, &n, &err));
    FAILS(ALLOCATOR_NULL_POINTER, allocator_draw_lot(draw, "a", 1, NULL, &err));
    FAILS(ALLOCATOR_BUFFER_TOO_SMALL, allocator_draw_position(draw, "a", 1, text, 64, &n, &err));
    CHECK(n == 64);
    FAILS(ALLOCATOR_NULL_POINTER, allocator_commitment(NULL, 1, text, sizeof text, &n, &err));
    allocator_draw_free((allocator_draw *)(void *)list); /* not its kind: untouched */
    allocator_draw_free(draw);
    allocator_draw_free(NULL);
    allocator_draw_required_free(other);
    allocator_draw_required_free(list);
}

int main(void) {
    bytes_of(CODE, code);
    bytes_of(RANDOMNESS, randomness);
    a_draw();
    units();
    none_needed();
    chains_and_beacons();
    chances();
    bad_lists();
    cheats();
    puts("ok");
    return 0;
}
