"""Frames of which only what is asked for is encoded, with what that needs of the frames before.

What a circuit computes in its last cycles mostly does not reach what is asked of them: that part of
each frame is left to later questions, if there are any.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from extract.cnf import ABSENT, Encoder
from extract.netlist import FALSE, Literals

_MUX = 2


class Unrolling:
    """A circuit in time, from the state ``start`` on (see `extract.cnf.Encoder.initial`)."""

    def __init__(self, encoder: Encoder, start: Literals) -> None:
        self.encoder = encoder
        self.start = start
        self.cycles: list[Cycle] = []

    def add(self) -> Cycle:
        """One more cycle: variables for its inputs, and nothing else yet."""
        net = self.encoder.net
        values = np.full(net.node_count, ABSENT, np.int32)
        values[0] = FALSE
        inputs = self.encoder.inputs
        values[1 + inputs] = self.encoder.fresh(len(inputs))
        if not self.cycles:
            values[net.first_latch : net.first_gate] = self.start
        found = Cycle(self, len(self.cycles), values)
        self.cycles.append(found)
        return found

    def need(self, cycle: int, nodes: Literals) -> None:
        """Encode these nodes of a cycle. Raises `ValueError` outside the encoder's cone."""
        net = self.encoder.net
        plan: list[tuple[int, Literals, Literals]] = []
        while len(nodes) and cycle >= 0:
            missing = _missing(
                net.op, net.a, net.b, net.c, net.first_gate, self.cycles[cycle].values, nodes
            )
            latches = missing[missing < net.first_gate]
            gates = missing[missing >= net.first_gate] - net.first_gate
            if (latches < net.first_latch).any() or (cycle == 0 and len(latches)):
                raise ValueError("a literal outside the cone that was encoded")
            plan.append((cycle, latches, gates))
            nodes = net.next[latches - net.first_latch] >> 1
            cycle -= 1
        for number, latches, gates in reversed(plan):
            values = self.cycles[number].values
            if len(latches):
                following = net.next[latches - net.first_latch]
                before = self.cycles[number - 1].values
                values[latches] = before[following >> 1] ^ (following & 1)
            self.encoder.extend(values, gates.astype(np.int32))


@dataclass(frozen=True, slots=True, eq=False)
class Cycle:
    """A copy of the circuit: see `extract.cnf.Encoded`."""

    unrolling: Unrolling
    number: int
    values: Literals

    def of(self, literals: npt.ArrayLike) -> Literals:
        """What literals of the circuit are in this cycle. Raises `ValueError` as `need`."""
        wanted = np.asarray(literals, dtype=np.int32)
        self.unrolling.need(self.number, wanted >> 1)
        return np.asarray(self.values[wanted >> 1] ^ (wanted & 1), dtype=np.int32)


@njit(cache=True)
def _missing(op, a, b, c, first_gate, values, roots):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """The nodes that ``roots`` need and that have no value yet, in order."""
    seen = np.zeros(len(values), np.bool_)
    stack = np.empty(len(values) + 1, np.int64)
    fill, count = 0, 0
    for root in roots:
        if values[root] == ABSENT and not seen[root]:
            seen[root] = True
            stack[fill] = root
            fill += 1
            count += 1
    while fill:
        fill -= 1
        gate = stack[fill] - first_gate
        if gate < 0:
            continue
        for k in range(3 if op[gate] == _MUX else 2):
            node = (a[gate] if k == 0 else b[gate] if k == 1 else c[gate]) >> 1
            if values[node] == ABSENT and not seen[node]:
                seen[node] = True
                stack[fill] = node
                fill += 1
                count += 1
    out = np.empty(count, np.int32)
    fill = 0
    for node in range(len(values)):
        if seen[node]:
            out[fill] = node
            fill += 1
    return out
