/* 500 sold, 480 arrive. The same program stands beside this one in Rust, Python and PHP. */
#include <allocator.h>
#include <stdio.h>

int main(void) {
    allocator_line lines[400] = {0};
    for (int i = 1; i <= 400; i++)
        lines[i - 1] = (allocator_line){.line = i, .sku = 7, .quantity = i % 4 ? 1 : 2, .sequence = i};
    allocator_supply supply = {.sku = 7, .quantity = 480};
    allocator_allocation *result;
    allocator_verdict verdict;
    allocator_error err;
    char text[512], why[512];
    if (allocator_allocation_new("first_come", lines, 400, &supply, 1, &result, &err) ||
        allocator_allocation_text(result, text, 512, NULL, &err) ||
        allocator_allocation_explain_text(result, 384, NULL, NULL, why, 512, NULL, &err) ||
        allocator_allocation_verify(result, &verdict, &err)) /* 384: rows count from 0 */
        return fprintf(stderr, "%s\n", err.message), 1;
    printf("%s\n%s\nverified: %s\n", text, why, allocator_grade_name(verdict.grade));
    allocator_allocation_free(result);
}
