"""Preorder and backorder inventory allocation: exact, explained, never beyond received stock.

>>> import allocator_py as al
>>> lines = {"line": ["o-1", "o-2"], "sku": ["HOODIE-M", "HOODIE-M"], "quantity": [2, 2]}
>>> supply = {"sku": ["HOODIE-M"], "quantity": [3]}
>>> result = al.allocate(lines, supply)
>>> print(result)
4 ordered, 3 received: 1 line full, 1 waiting (1 unit), 0 idle
>>> print(result.explain(line="o-2"))
line o-2 gets 1 of 2 units: 2 units are ahead of it in line and 3 were received. 1 more unit serves it. In front of line o-1 it would be served.
>>> al.verify(lines, supply, result)
'ordered'
"""

from ._native import (
    AXIOMS,
    IDLE_CAUSES,
    LAWS,
    MAX_DRAWN_UNITS,
    MAX_NAME_BYTES,
    MAX_QUANTITY,
    MAX_ROWS,
    MAX_WEIGHT,
    OVERTAKE_CAUSES,
    REASONS,
    Allocation,
    AllocatorError,
    AllocatorWarning,
    Explanation,
    Interner,
    LawBroken,
    Summary,
    Table,
    Threshold,
    __version__,
    allocate,
    axiom_sentence,
    explain,
    idle_cause_sentence,
    overtake_cause_sentence,
    policy_name,
    policy_standing,
    reason_is_never,
    reason_sentence,
    rule_keeps,
    rule_sentence,
    validate,
    verify,
)

__all__ = [
    "AXIOMS",
    "IDLE_CAUSES",
    "LAWS",
    "MAX_DRAWN_UNITS",
    "MAX_NAME_BYTES",
    "MAX_QUANTITY",
    "MAX_ROWS",
    "MAX_WEIGHT",
    "OVERTAKE_CAUSES",
    "REASONS",
    "Allocation",
    "AllocatorError",
    "AllocatorWarning",
    "Explanation",
    "Interner",
    "LawBroken",
    "Summary",
    "Table",
    "Threshold",
    "__version__",
    "allocate",
    "axiom_sentence",
    "explain",
    "idle_cause_sentence",
    "overtake_cause_sentence",
    "policy_name",
    "policy_standing",
    "reason_is_never",
    "reason_sentence",
    "rule_keeps",
    "rule_sentence",
    "validate",
    "verify",
]
