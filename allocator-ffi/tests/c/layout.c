/* Sizes and offsets as C sees them; src/abi.rs says the same of Rust. */
#include "check.h"

#include <stddef.h>

int main(void) {
    CHECK(sizeof(allocator_status) == 4);
    CHECK(sizeof(allocator_line) == 88);
    CHECK(offsetof(allocator_line, line) == 0);
    CHECK(offsetof(allocator_line, order) == 8);
    CHECK(offsetof(allocator_line, customer) == 16);
    CHECK(offsetof(allocator_line, sku) == 24);
    CHECK(offsetof(allocator_line, quantity) == 32);
    CHECK(offsetof(allocator_line, priority) == 40);
    CHECK(offsetof(allocator_line, placed_at) == 48);
    CHECK(offsetof(allocator_line, sequence) == 56);
    CHECK(offsetof(allocator_line, lot) == 64);
    CHECK(offsetof(allocator_line, score) == 72);
    CHECK(offsetof(allocator_line, completeness) == 80);
    CHECK(offsetof(allocator_line, on_misfit) == 81);
    CHECK(offsetof(allocator_line, weight) == 84);
    CHECK(sizeof(allocator_supply) == 40);
    CHECK(offsetof(allocator_supply, sku) == 8);
    CHECK(offsetof(allocator_supply, quantity) == 16);
    CHECK(offsetof(allocator_supply, sequence) == 24);
    CHECK(sizeof(allocator_outcome) == 56);
    CHECK(offsetof(allocator_outcome, allocated) == 8);
    CHECK(offsetof(allocator_outcome, covered) == 40);
    CHECK(offsetof(allocator_outcome, reason) == 48);
    CHECK(sizeof(allocator_peg) == 24);
    CHECK(sizeof(allocator_idle) == 32);
    CHECK(offsetof(allocator_idle, cause) == 24);
    CHECK(sizeof(allocator_overtake) == 24);
    CHECK(offsetof(allocator_overtake, because) == 16);
    CHECK(sizeof(allocator_place) == 16);
    CHECK(sizeof(allocator_summary) == 80);
    CHECK(sizeof(allocator_explanation) == 128);
    CHECK(offsetof(allocator_explanation, outcome) == 24);
    CHECK(offsetof(allocator_explanation, place) == 80);
    CHECK(offsetof(allocator_explanation, if_partial) == 120);
    CHECK(sizeof(allocator_more_units) == 16);
    CHECK(sizeof(allocator_threshold) == 24);
    CHECK(sizeof(allocator_verdict) == 368);
    CHECK(offsetof(allocator_verdict, row) == 8);
    CHECK(offsetof(allocator_verdict, has_figures) == 40);
    CHECK(offsetof(allocator_verdict, what) == 48);
    CHECK(offsetof(allocator_verdict, message) == 112);
    CHECK(sizeof(allocator_order_units) == 24);
    CHECK(sizeof(allocator_cut) == 40);
    CHECK(sizeof(allocator_selection) == 120);
    CHECK(sizeof(allocator_error) == 312);
    CHECK(offsetof(allocator_error, row) == 8);
    CHECK(offsetof(allocator_error, field) == 24);
    CHECK(offsetof(allocator_error, message) == 56);
    puts("ok");
    return 0;
}
