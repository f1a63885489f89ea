/* Many threads read one handle and allocate beside each other; all get the same answers. */
#include "check.h"

#include <pthread.h>

#define THREADS 8
#define ROUNDS 40
#define LINES 300

static allocator_line lines[LINES];
static allocator_supply supply;
static allocator_allocation *shared_allocation;
static allocator_interner *shared_names;

static void *work(void *argument) {
    allocator_error err;
    allocator_outcome own[LINES];
    allocator_outcome read[LINES];
    allocator_allocation *mine;
    char text[512];
    char expected[512];
    int64_t needed, id;
    int round;

    (void)argument;
    for (round = 0; round < ROUNDS; round++) {
        const int64_t row = LINES - 1 - round;
        WORKS(allocator_allocate("first_come:line", lines, LINES, &supply, 1, own, LINES, &err));
        WORKS(allocator_allocation_outcomes(shared_allocation, read, LINES, &needed, &err));
        CHECK(memcmp(own, read, sizeof own) == 0);
        WORKS(allocator_allocation_explain_text(shared_allocation, row, shared_names, NULL, text,
                                                sizeof text, NULL, &err));
        WORKS(allocator_allocation_new("first_come:line", lines, LINES, &supply, 1, &mine, &err));
        WORKS(allocator_allocation_explain_text(mine, row, shared_names, NULL, expected,
                                                sizeof expected, NULL, &err));
        CHECK(strcmp(text, expected) == 0);
        allocator_allocation_free(mine);
        WORKS(allocator_interner_id(shared_names, "first", 5, &id, &err));
        CHECK(id == 1 && strcmp(allocator_reason_name(ALLOCATOR_REASON_SHORT), "short") == 0);
        FAILS(ALLOCATOR_NO_SUCH_ROW,
              allocator_allocation_explain_text(shared_allocation, LINES, NULL, NULL, text, sizeof text,
                                                NULL, &err));
    }
    return NULL;
}

int main(void) {
    pthread_t threads[THREADS];
    allocator_error err;
    int64_t id;
    int i;

    for (i = 0; i < LINES; i++) lines[i] = line(i, 7, 1 + i % 3);
    supply = received(7, 401);
    WORKS(allocator_allocation_new("first_come:line", lines, LINES, &supply, 1, &shared_allocation, &err));
    WORKS(allocator_interner_new(1, &shared_names, &err));
    WORKS(allocator_interner_intern(shared_names, "first", 5, &id, &err));
    for (i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, work, NULL) == 0);
    for (i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    allocator_allocation_free(shared_allocation);
    allocator_interner_free(shared_names);
    puts("ok");
    return 0;
}
