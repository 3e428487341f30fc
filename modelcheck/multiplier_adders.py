"""Find the adders in a circuit: which node is the sum, and which the carry, of which others.

Sums are found by structure (an exclusive or of two or three), carries by function: a node that
simulation cannot tell from the majority. So the carry may be computed in any way, such as by a
prefix adder. What is found here is a guess, to be proved.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

from modelcheck.sweep import Sweeper

_PATTERNS: Final = 1 << 14
_FULL: Final = (1 << _PATTERNS) - 1
_ALIKE: Final = 3
"""How many nodes of the same values are tried as a carry."""


@dataclass(frozen=True, slots=True)
class Adder:
    """``node + 2 * carry = x + y + z`` over the values of literals (0 for no third one)."""

    node: int
    carry: int
    operands: tuple[int, int, int]


class Circuit:
    """The gates that some roots depend on, with equal nodes merged.

    ``gates`` maps a node to the two literals that it reads, in topological order; ``value`` a node
    to its values in 16,384 random patterns, one a bit.
    """

    def __init__(self, sweeper: Sweeper, roots: list[int], seed: int = 1) -> None:
        """Take the cone of the roots (literals) and simulate it."""
        self.inputs = sweeper.aig.inputs
        self.gates: dict[int, tuple[int, int]] = {}
        self._parities: dict[int, set[tuple[int, int]]] = {}
        self._collect(sweeper, roots)
        self.value: dict[int, int] = {0: 0}
        source = random.Random(seed)  # noqa: S311 - test patterns
        for node in range(1, 1 + self.inputs):
            self.value[node] = source.getrandbits(_PATTERNS)
        for node, (x, y) in self.gates.items():
            self.value[node] = self.of(x) & self.of(y)
        self._known: dict[int, list[int]] = {}
        for node in sorted(self.value):
            value = self.value[node]
            self._known.setdefault(value ^ _FULL if value & 1 else value, []).append(node)
        self._adders: dict[int, list[Adder]] = {}

    def _collect(self, sweeper: Sweeper, roots: list[int]) -> None:
        """Follow what gates read as they were and as they are after merging.

        Exclusive ors are looked for among the former: merging may take their form away.
        """
        graph = sweeper.graph
        found: set[int] = set()
        stack = [root >> 1 for root in roots]
        while stack:
            node = stack.pop()
            if node <= self.inputs or node in found:
                continue
            found.add(node)
            stack += [int(graph.a[node]) >> 1, int(graph.b[node]) >> 1]
            stack.append(sweeper.representative(2 * node) >> 1)
        for node in sorted(found):
            own = sweeper.representative(2 * node)
            if own == 2 * node:
                pair = int(graph.have[node])
                x, y = pair >> 32, pair & 0xFFFFFFFF
                self.gates[node] = sweeper.representative(x), sweeper.representative(y)
            form = _exclusive_or(sweeper, node)
            # Only what comes before, so that rewriting ends.
            if form is not None and max(form) >> 1 < own >> 1:
                self._parities.setdefault(own >> 1, set()).add((form[0] ^ (own & 1), form[1]))

    def of(self, lit: int) -> int:
        """The values of a literal."""
        return self.value[lit >> 1] ^ (_FULL if lit & 1 else 0)

    def find(self, value: int, near: int) -> list[int]:
        """Literals with these values, those of nodes nearest to ``near`` first."""
        inverted = value & 1
        nodes = self._known.get(value ^ _FULL if inverted else value, [])
        nodes = sorted(nodes, key=lambda node: abs(node - near))[:_ALIKE]
        return [2 * node + ((self.value[node] & 1) ^ inverted) for node in nodes]

    def first_alike(self, node: int) -> int:
        """The literal of the first node that has the values of this one."""
        value = self.value[node]
        first = self._known[value ^ _FULL if value & 1 else value][0]
        return 2 * first + ((self.value[first] ^ value) & 1)

    def exclusive_or(self, node: int) -> list[tuple[int, int]]:
        """Pairs of literals of which a node is the exclusive or, by the form of the circuit."""
        return sorted(self._parities.get(node, ()))

    def adders(self, node: int) -> list[Adder]:
        """All ways to see a node as a sum of which there is a carry; those of three first."""
        if node not in self._adders:
            self._adders[node] = self._find_adders(node)
        return self._adders[node]

    def _find_adders(self, node: int) -> list[Adder]:
        three: list[Adder] = []
        two: list[Adder] = []
        for pair in self.exclusive_or(node):
            for u, v in (pair, pair[::-1]):
                for inner in self.exclusive_or(v >> 1):
                    three += self._carries(node, (u, inner[0] ^ (v & 1), inner[1]))
            two += self._carries(node, (pair[0], pair[1], 0))
        return three + two or self._disjoint(node)

    def _disjoint(self, node: int) -> list[Adder]:
        """An or of two that are never true together is their sum: ``node = x + y - 1``."""
        x, y = self.gates.get(node, (0, 0))
        if min(x, y) < 2 or self.of(x) | self.of(y) != _FULL:
            return []
        return [Adder(node, 1, (x, y, 1))]

    def _carries(self, node: int, operands: tuple[int, int, int]) -> list[Adder]:
        """Inverting two operands keeps the sum and changes the carry."""
        x, y, z = operands
        found = []
        for a, b, c in ((x, y, z), (x ^ 1, y ^ 1, z), (x ^ 1, y, z ^ 1), (x, y ^ 1, z ^ 1)):
            p, q, r = self.of(a), self.of(b), self.of(c)
            carries = self.find(p & q | p & r | q & r, node)
            found += [Adder(node, carry, (a, b, c)) for carry in carries]
        return found


def _exclusive_or(sweeper: Sweeper, node: int) -> tuple[int, int] | None:
    """The two literals of which a gate is the exclusive or, as it was built."""
    a, b = sweeper.graph.a, sweeper.graph.b
    x, y = int(a[node]), int(b[node])
    p, q = x >> 1, y >> 1
    if not (x & 1 and y & 1) or min(p, q) <= sweeper.aig.inputs:
        return None
    u, v = int(a[p]), int(b[p])
    if {u ^ 1, v ^ 1} != {int(a[q]), int(b[q])}:
        return None
    u, v = sweeper.representative(u), sweeper.representative(v)
    return None if min(u, v) < 2 or u >> 1 == v >> 1 else (u, v)
