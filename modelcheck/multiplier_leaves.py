"""Small functions of inputs as polynomials, such as the bits of partial products."""

from __future__ import annotations

from typing import Final

from modelcheck.multiplier_adders import Circuit

MOST: Final = 8
"""Inputs of a function that is small."""


class Leaves:
    """Polynomials of the nodes of a circuit that depend on few inputs."""

    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit
        self._known: dict[int, dict[frozenset[int], int] | None] = {}
        self._support: dict[int, frozenset[int] | None] = {0: frozenset()}
        for node in range(1, 1 + circuit.inputs):
            self._support[node] = frozenset([node])
        for node, (x, y) in circuit.gates.items():
            left, right = self._support[x >> 1], self._support[y >> 1]
            both = None if left is None or right is None else left | right
            self._support[node] = both if both is not None and len(both) <= MOST else None

    def polynomial(self, node: int) -> dict[frozenset[int], int] | None:
        """The node as a sum of products of inputs; ``None`` if it depends on too many."""
        if node not in self._known:
            self._known[node] = self._polynomial(node)
        return self._known[node]

    def _polynomial(self, node: int) -> dict[frozenset[int], int] | None:
        support = self._support.get(node)
        if support is None:
            return None
        order = sorted(support)
        table = self._table(node, order)
        size = 1 << len(order)
        values = [table >> i & 1 for i in range(size)]
        for k in range(len(order)):  # Möbius transform: from values to coefficients
            for i in range(size):
                if i >> k & 1:
                    values[i] -= values[i ^ (1 << k)]
        return {
            frozenset(v for k, v in enumerate(order) if i >> k & 1): c
            for i, c in enumerate(values)
            if c
        }

    def _table(self, node: int, order: list[int]) -> int:
        """Its value for each assignment of the inputs in ``order``, one a bit."""
        size = 1 << len(order)
        full = (1 << size) - 1
        table = {0: 0}
        for k, v in enumerate(order):
            table[v] = sum(1 << i for i in range(size) if i >> k & 1)
        stack = [node]
        while stack:
            n = stack[-1]
            if n in table:
                stack.pop()
                continue
            x, y = self._circuit.gates[n]
            missing = [m >> 1 for m in (x, y) if m >> 1 not in table]
            if missing:
                stack += missing
                continue
            left = table[x >> 1] ^ (full if x & 1 else 0)
            table[n] = left & (table[y >> 1] ^ (full if y & 1 else 0))
        return table[node]
