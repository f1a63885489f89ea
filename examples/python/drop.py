"""500 units are sold, 480 arrive: who gets one, and why does line 385 wait?"""

import allocator_py as al

numbers = range(1, 401)
lines = {
    "line": numbers,
    "sku": ["HOODIE-M"] * 400,
    "quantity": [2 if i % 4 == 0 else 1 for i in numbers],
    "sequence": numbers,
}
supply = {"sku": ["HOODIE-M"], "quantity": [480]}

result = al.allocate(lines, supply, policy="first_come")
print(result)
print(result.explain(line=385))
print("verified:", al.verify(lines, supply, result))
