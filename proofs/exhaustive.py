"""Two circuits of few inputs, evaluated for all values of the inputs at once, as Lean does it.

A node's table is a number whose bit ``i`` is the node's value where input ``n`` is bit ``n - 1`` of
``i``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from extract.netlist import Literals

_MOST_INPUTS: Final = 18
_MOST_BYTES: Final = 1 << 28
"""The kernel keeps the tables of all nodes."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """AND gates (literals ``a`` and ``b``) from node ``first`` on, and a literal an output bit."""

    first: int
    a: Literals
    b: Literals
    outputs: Literals

    @property
    def end(self) -> int:
        """The number after those of its nodes."""
        return self.first + len(self.a)


def is_small(inputs: int, gold: Side, gate: Side) -> bool:
    """Is it reasonable to have the kernel try all values of the inputs?"""
    nodes = inputs + len(gold.a) + len(gate.a)
    return inputs <= _MOST_INPUTS and nodes << inputs <= 8 * _MOST_BYTES


def difference(inputs: int, gold: Side, gate: Side) -> tuple[int, ...] | None:
    """Values of the inputs, in the order of their nodes, for which an output differs, if any."""
    tables = _inputs(inputs)
    left, right = _outputs(tables, gold), _outputs(tables, gate)
    for x, y in zip(left, right, strict=True):
        differ = x ^ y
        if differ:
            at = (differ & -differ).bit_length() - 1
            return tuple(at >> n & 1 for n in range(inputs))
    return None


def _inputs(count: int) -> list[int]:
    """Tables of false and of the inputs."""
    full, tables = 1, [0]
    for k in range(count):
        more = 1 << k
        tables = [t | t << more for t in tables]
        tables.append(full << more)
        full |= full << more
    return tables


def _outputs(inputs: list[int], side: Side) -> list[int]:
    full = (1 << (1 << (len(inputs) - 1))) - 1
    # The other side's nodes, which this one does not read, may be between.
    tables = inputs + [0] * (side.first - len(inputs))

    def table(literal: int) -> int:
        return tables[literal >> 1] ^ (full if literal & 1 else 0)

    for a, b in zip(side.a.tolist(), side.b.tolist(), strict=True):
        tables.append(table(a) & table(b))
    return [table(x) for x in side.outputs.tolist()]
