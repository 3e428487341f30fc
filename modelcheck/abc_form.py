"""A circuit as the model checkers of ABC take it, and the way back for their answers.

ABC's `pdr` and `bmc3` know one output that must stay 0, latches that start as 0, and no
constraints that we would rely on. So, in our own words:

- a latch that starts as 1 is stored inverted;
- a latch that starts as anything reads a new input in the first cycle, which one more latch
  (``started``: 0, then 1 for ever) tells from the others;
- one more latch (``violated``) remembers that some constraint did not hold; the output is bad
  only while none was broken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from extract.netlist import FALSE, TRUE, Init, Literals, Netlist
from extract.trace import Trace
from modelcheck.and_form import and_bytes
from modelcheck.invariant import Invariant

Ints = npt.NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class AbcForm:
    """``net`` is the circuit of ANDs that was translated into ``aiger`` (binary, old format)."""

    net: Netlist
    aiger: bytes
    input_count: int
    started: int | None
    violated: int | None

    def trace(self, inputs: Sequence[str]) -> Trace:
        """A counterexample, one string of 0 and 1 for each cycle, as a run of ``net``.

        Raises `ValueError` if it does not have its shape.
        """
        width = {len(row) for row in inputs}
        if width != {self.input_count} or not set("".join(inputs)) <= {"0", "1"}:
            raise ValueError("a counterexample that does not give each input 0 or 1")
        bits = np.array([[int(x) for x in row] for row in inputs], np.uint8)
        init = np.where(self.net.init == Init.ONE, 1, 0).astype(np.uint8)
        unset = np.flatnonzero(self.net.init == Init.ANY)
        own = self.net.input_count
        init[unset] = bits[0, own : own + len(unset)]
        return Trace(bits[:, :own].copy(), init)

    def invariant(self, cubes: Sequence[Sequence[tuple[int, int]]]) -> Invariant:
        """An invariant given as cubes of (latch, value) that no state is in, for ``net``.

        From the second cycle on ``started`` is 1, and in every run that counts ``violated`` is 0.
        Raises `ValueError` for a latch that is not there.
        """
        fixed = {self.started: 1, self.violated: 0}
        clauses = []
        for cube in cubes:
            if any(fixed.get(latch, value) != value for latch, value in cube):
                continue  # no state of a run that counts
            rest = [(latch, value) for latch, value in cube if latch not in fixed]
            clauses.append(tuple(self._literal(latch, value) for latch, value in rest))
        start = 0 if self.started is None else 1
        return Invariant(max(1, self.net.node_count - 1), tuple(clauses), start=start)

    def _literal(self, latch: int, value: int) -> int:
        """The literal that says that a stored latch does not have ``value``."""
        if not 0 <= latch < self.net.latch_count or value not in {0, 1}:
            raise ValueError(f"an invariant over latch {latch}, which is not there")
        stored = value ^ int(self.net.init[latch] == Init.ONE)
        variable = self.net.first_latch + latch
        return -variable if stored else variable


class _Gates:
    """AND gates as they are made; ``first`` is the node of the first."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.a: list[Literals] = []
        self.b: list[Literals] = []
        self.count = 0

    def add(self, a: Ints, b: Ints) -> Literals:
        own = 2 * np.arange(self.first + self.count, self.first + self.count + len(a))
        self.a.append(a.astype(np.int32))
        self.b.append(b.astype(np.int32))
        self.count += len(a)
        return own.astype(np.int32)

    def all_of(self, literals: Literals) -> int:
        """A literal that is the conjunction, by halves."""
        some = np.asarray(literals, dtype=np.int32)
        while len(some) > 1:
            half = len(some) // 2
            paired = self.add(some[:half], some[half : 2 * half])
            some = np.concatenate([paired, some[2 * half :]])
        return int(some[0]) if len(some) else TRUE


def abc_form(net: Netlist) -> AbcForm:
    """Translate a circuit of ANDs (`modelcheck.and_form`). Raises `ValueError` if it is not one."""
    if net.op.any():
        raise ValueError("only circuits of ANDs")
    unset = np.flatnonzero(net.init == Init.ANY)
    constrained = len(net.constraints) > 0
    inputs = max(1, net.input_count + len(unset))  # a counterexample shows no cycle without inputs
    first_latch = 1 + inputs
    started = net.latch_count if len(unset) else None
    violated = net.latch_count + (started is not None) if constrained else None
    latches = net.latch_count + (started is not None) + constrained
    gates = _Gates(first_latch + latches)
    of = _node_literals(net, first_latch, unset, gates)
    following = of[net.next >> 1] ^ (net.next & 1) ^ (net.init == Init.ONE)
    failing = gates.all_of((of[net.bad >> 1] ^ (net.bad & 1)) ^ 1) ^ 1
    if started is not None:
        following = np.append(following, TRUE)
    if violated is not None:
        was = 2 * (first_latch + violated)
        fine = gates.all_of(np.append(of[net.constraints >> 1] ^ (net.constraints & 1), was ^ 1))
        failing = gates.all_of(np.array([failing, fine]))
        following = np.append(following, fine ^ 1)
    plain = Netlist(
        net.top, inputs, np.zeros(gates.count, np.uint8), np.concatenate(gates.a or [of[:0]]),
        np.concatenate(gates.b or [of[:0]]), np.zeros(gates.count, np.int32),
        following.astype(np.int32), np.zeros(latches, np.uint8),
    )  # fmt: skip
    return AbcForm(net, _old_aiger(plain, failing), inputs, started, violated)


def _node_literals(net: Netlist, first_latch: int, unset: Ints, gates: _Gates) -> Literals:
    """The new literal of each old node; adds the gates of the circuit."""
    of = np.empty(net.node_count, np.int32)
    of[0] = FALSE
    of[1 : net.first_latch] = 2 * np.arange(1, net.first_latch)
    stored = 2 * np.arange(first_latch, first_latch + net.latch_count)
    of[net.first_latch : net.first_gate] = stored ^ (net.init == Init.ONE)
    if len(unset):
        started = np.full(len(unset), 2 * (first_latch + net.latch_count), np.int32)
        chosen = 2 * np.arange(1 + net.input_count, 1 + net.input_count + len(unset))
        late = gates.add(started, stored[unset])
        early = gates.add(started ^ 1, chosen)
        of[net.first_latch + unset] = gates.add(late ^ 1, early ^ 1) ^ 1
    first = gates.first + gates.count
    of[net.first_gate :] = 2 * np.arange(first, first + net.gate_count)
    gates.add(of[net.a >> 1] ^ (net.a & 1), of[net.b >> 1] ^ (net.b & 1))
    return of


def _old_aiger(net: Netlist, output: int) -> bytes:
    """Binary AIGER of the first format: one output, latches start as 0."""
    counts = (net.input_count, net.latch_count, 1, net.gate_count)
    total = net.node_count - 1
    lines = [f"aig {total} {' '.join(map(str, counts))}", *map(str, net.next.tolist()), str(output)]
    return "\n".join(lines).encode() + b"\n" + and_bytes(net)
