/* What the C programs share: a check that names its line, and rows that start from zero. */
#ifndef CHECK_H
#define CHECK_H

#include <allocator.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

/* The status, which err must agree with. */
#define FAILS(status, call)                                                                        \
    do {                                                                                           \
        allocator_status got = (call);                                                             \
        if (got != (status) || (err.code) != (int32_t)(status) || err.message[0] == 0) {           \
            fprintf(stderr, "%s:%d: %s gives %s (%s)\n", __FILE__, __LINE__, #call,                \
                    allocator_status_name((int32_t)got), err.message);                             \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

#define WORKS(call)                                                                                \
    do {                                                                                           \
        allocator_status got = (call);                                                             \
        if (got != ALLOCATOR_OK || err.code != 0 || err.row != -1 || err.message[0] != 0) {        \
            fprintf(stderr, "%s:%d: %s gives %s (%s)\n", __FILE__, __LINE__, #call,                \
                    allocator_status_name((int32_t)got), err.message);                             \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

static inline allocator_line line(int64_t id, int64_t sku, int64_t quantity) {
    allocator_line row;
    memset(&row, 0, sizeof row);
    row.line = id;
    row.sku = sku;
    row.quantity = quantity;
    return row;
}

static inline allocator_supply received(int64_t sku, int64_t quantity) {
    allocator_supply row;
    memset(&row, 0, sizeof row);
    row.sku = sku;
    row.quantity = quantity;
    return row;
}

#endif
