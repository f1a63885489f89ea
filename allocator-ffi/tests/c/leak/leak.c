/* Forgets to free a handle: the memory watch has to say so, or its silence means nothing. */
#include <allocator.h>

#include <stddef.h>

int main(void) {
    allocator_interner *interner = NULL;
    if (allocator_interner_new(0, &interner, NULL) != ALLOCATOR_OK) return 2;
    interner = NULL;
    return 0;
}
