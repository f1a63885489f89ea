"""`make bench`: the allocator and what a shop could use instead, on the same data in one run."""
