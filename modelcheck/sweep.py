"""SAT sweeping: make one circuit of two that compute the same, and prove each step of it.

`Sweeper` holds the state: which nodes are known equal, the solver, and the proof so far, whose
clauses follow from the formula of the obligation (see `modelcheck.cnf_text`) one after the other.
"""

from __future__ import annotations

import heapq
import time
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from modelcheck import cdcl
from modelcheck import sweep_kernel as kernel
from modelcheck.aig import Aig
from modelcheck.proof_bytes import to_drat

_ROUNDS: Final = 32
"""Words of 64 random patterns before the first query."""
_HARD: Final = 40
"""Queries given up in a pass after which the limit of the others is lowered."""
_CHUNK: Final = 2000
"""Conflicts between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class SweepCounts:
    """What has happened so far, in numbers of gates and of queries."""

    merged: int
    proved: int
    split: int
    gave_up: int
    conflicts: int


class Sweeper:
    """Sweeping of one circuit.

    Uses memory for about 100 bytes a node and 64 MiB for clauses and proof in the making.
    """

    def __init__(self, aig: Aig, *, seed: int = 1) -> None:
        """Simulate 2,048 random patterns; nothing is merged yet."""
        self.aig = aig
        self.graph = kernel.new_graph(aig.inputs, aig.a, aig.b, seed)
        room = 40 * aig.nodes + (1 << 20)
        self.solver = cdcl.new_solver(
            aig.nodes, clauses=10 * aig.nodes + (1 << 18), literals=room + (1 << 21), proof=room
        )
        kernel.simulate_random(self.graph, _ROUNDS)
        kernel.fill_table(self.graph, 1 + aig.inputs)
        self._parts: list[bytes] = []

    @property
    def counts(self) -> SweepCounts:
        """Progress so far."""
        c = self.graph.tally
        return SweepCounts(
            int(c[kernel.MERGED]), int(c[kernel.PROVED]), int(c[kernel.SPLIT]),
            int(c[kernel.GAVE_UP]), int(self.solver.num[cdcl.CONFLICTS]),
        )  # fmt: skip

    @property
    def broken(self) -> bool:
        """Do the clauses contradict each other (the constraints, that is)?"""
        return bool(self.solver.num[cdcl.BROKEN])

    def sweep(self, conflicts: int, deadline: float) -> bool:
        """One pass over all gates; False if the deadline (`time.monotonic`) came first.

        ``conflicts`` is the limit for one query; if many meet it, it falls to a tenth.
        """
        kernel.rewind(self.graph)
        given_up = self.counts.gave_up
        while kernel.sweep(self.graph, self.solver, conflicts, _CHUNK, 500):
            self._make_room()
            if time.monotonic() > deadline:
                return False
            if self.counts.gave_up - given_up > _HARD:
                conflicts = max(10, conflicts // 10)
                given_up = self.counts.gave_up
        return True

    def representative(self, lit: int) -> int:
        """The literal that is known to equal this one, of the earliest node; 0 false, 1 true."""
        return int(kernel.representative(self.graph, lit))

    def never(self, lits: list[int], conflicts: int, deadline: float) -> int:
        """`cdcl.UNSAT` if the literals (and the constraints added) are never true together.

        The clause that says so is then in the proof. After `cdcl.SAT`, `inputs` has the values.
        """
        lits = [self.representative(x) for x in lits]
        roots = [*lits, *(self.representative(int(c)) for c in self.aig.constraints)]
        kernel.open_query(self.graph)
        for root in roots:
            kernel.add_cone(self.graph, self.solver, root >> 1)
        assumed = np.array(lits, np.int32)
        answer = cdcl.LIMIT
        used = 0
        while used < conflicts and answer == cdcl.LIMIT and time.monotonic() < deadline:
            answer = cdcl.solve(self.solver, assumed, min(_CHUNK, conflicts - used))
            used += _CHUNK
            if answer == cdcl.LIMIT:
                cdcl.backtrack(self.solver, 0)
                self._make_room()
        if answer == cdcl.SAT:
            self.inputs = self._input_values()
        kernel.close_query(self.graph, self.solver)
        if answer == cdcl.UNSAT:
            self._log([x ^ 1 for x in lits])
        return answer

    def never_near(self, lits: list[int], size: int, conflicts: int) -> bool:
        """As `never`, but deciding only the ``size`` last nodes that the literals depend on.

        Quick where what matters is near; False says nothing.
        """
        lits = [self.representative(x) for x in lits]
        near = self._near(lits, size)
        kernel.open_query(self.graph)
        kernel.add_nodes(self.graph, self.solver, np.array(near, np.int32))
        answer = cdcl.solve(self.solver, np.array(lits, np.int32), conflicts)
        kernel.close_query(self.graph, self.solver)
        self._make_room()
        if answer == cdcl.UNSAT:
            self._log([x ^ 1 for x in lits])
        return answer == cdcl.UNSAT

    def _near(self, lits: list[int], size: int) -> list[int]:
        heap = [-(x >> 1) for x in lits]
        heapq.heapify(heap)
        found: list[int] = []
        while heap and len(found) < size:
            node = -heapq.heappop(heap)
            if found and found[-1] == node:
                continue
            found.append(node)
            if node > self.aig.inputs:
                pair = int(self.graph.have[node])
                heapq.heappush(heap, -(pair >> 33))
                heapq.heappush(heap, -((pair & 0xFFFFFFFF) >> 1))
        return found

    def add_constraints(self) -> None:
        """From now on everything is only claimed where the constraints hold."""
        for c in self.aig.constraints:
            # The formula has the literal itself; that its representative holds follows.
            self._log([self.representative(int(c))])

    def grant(self, lits: list[int]) -> None:
        """Give the solver a clause of up to two literals that other rules than its own proved."""
        cdcl.add(self.solver, lits[0], lits[1] if len(lits) > 1 else -1, -1)

    def merge_equal(self, pairs: list[tuple[int, int]]) -> None:
        """Let literals that have been proved equal stand for each other from the next pass on."""
        for x, y in pairs:
            p, q = sorted((self.representative(x), self.representative(y)))
            if p >> 1 != q >> 1:
                kernel.merge(self.graph, self.solver, q >> 1, p ^ (q & 1), True)

    def take_proof(self) -> bytes:
        """The proof since this was last called, as binary DRAT."""
        self._flush()
        proof = b"".join(self._parts)
        self._parts = []
        return proof

    def _log(self, clause: list[int]) -> None:
        """Put a clause into the proof, and give it to the solver if it is short."""
        s = self.solver
        if kernel.tight(s):
            self._make_room()
        s.buffer[: len(clause)] = clause
        cdcl.log(s, len(clause), cdcl.ADDED)
        if len(clause) <= 2:
            self.grant(clause)

    def _make_room(self) -> None:
        self._flush()
        if kernel.tight(self.solver):
            cdcl.forget(self.solver)
            self._flush()

    def _flush(self) -> None:
        end = int(self.solver.num[cdcl.PROOF])
        if end:
            self._parts.append(to_drat(self.solver.proof[:end], self.aig.nodes))
            self.solver.num[cdcl.PROOF] = 0

    def _input_values(self) -> npt.NDArray[np.uint8]:
        literals = 2 * np.arange(1, 1 + self.aig.inputs)
        return (self.solver.value[literals] > 0).astype(np.uint8)
