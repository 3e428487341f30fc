"""k-induction: bad is never reached if it is not in k cycles, and not after k cycles without it.

It may build on equalities that were proved before (`modelcheck.correspond`). If that is not enough
for induction, states in a counterexample to it are made different, as far as they repeat.
Sources: Sheeran, Singh, Stålmarck: Checking safety properties using induction and a SAT-solver
(FMCAD 2000); Eén, Sörensson: Temporal induction by incremental SAT solving (2003).
"""

from __future__ import annotations

import numpy as np

from extract.cnf import Encoder, Frame, Merge
from extract.netlist import Netlist
from modelcheck.bmc import run_of
from modelcheck.child import unpack, unpack_merge
from modelcheck.equalities import assumed, clauses
from modelcheck.invariant import Invariant
from modelcheck.solver import Incremental, read, trace_lines
from modelcheck.worker import Report


def search(
    data: bytes,
    report: Report,
    *,
    k: int = 20,
    simple_path: bool = True,
    solver: str = "cadical195",
) -> None:
    """Try induction over 1, 2, … ``k`` cycles (engine for `modelcheck.worker`)."""
    net, merge = unpack(data), unpack_merge(data)
    base, step = _Base(net, solver), _Step(net, merge, solver, simple_path=simple_path)
    for depth in range(1, k + 1):
        if base.bad_next():
            report(trace=trace_lines(run_of(net, base.start, base.frames, base.sat)))
            return
        report(bound=depth)
        if step.holds(depth):
            lemmas = tuple(clauses(merge)) if merge is not None else ()
            variables = max(1, net.node_count - 1)
            found = Invariant(variables, lemmas, depth, simple_path=step.repeated)
            report(invariant=found.to_text())
            return
    report(note=f"not inductive over up to {k} cycles")


class _Base:
    """Runs from the start, one cycle longer at each call."""

    def __init__(self, net: Netlist, solver: str) -> None:
        self.encoder = Encoder(net)
        self.sat = Incremental(self.encoder, solver)
        self.start = self._state = self.encoder.initial()
        self.frames: list[Frame] = []

    def bad_next(self) -> bool:
        """Can the next cycle be bad?"""
        frame = self.encoder.frame(self._state)
        self.frames.append(frame)
        net = self.encoder.net
        self.encoder.units(frame.of(net.constraints))
        bad = self.encoder.any_of(frame.of(net.bad))
        if self.sat.solve([bad]):
            return True
        self.encoder.units([bad ^ 1])
        self._state = self.encoder.next(frame)
        return False


class _Step:
    """Runs from any state, without anything bad except in the last cycle.

    ``repeated``: states had to be made different.
    """

    def __init__(
        self, net: Netlist, merge: Merge | None, solver: str, *, simple_path: bool
    ) -> None:
        self.encoder = Encoder(net)
        self.sat = Incremental(self.encoder, solver)
        self.repeated = False
        self._merge = merge
        self._simple_path = simple_path
        self._frames: list[Frame] = []
        if merge is None:
            self._state = self.encoder.any_state()
        else:
            self._state = assumed(self.encoder, merge)
        self._bad = self._add()

    def holds(self, depth: int) -> bool:
        """Is nothing bad in the cycle after ``depth`` cycles without it? Call with 1, 2, …"""
        self.encoder.units([self._bad ^ 1])
        self._bad = self._add()
        while self.sat.solve([self._bad]):
            if not (self._simple_path and self._part(depth)):
                return False
            self.repeated = True
        return True

    def _add(self) -> int:
        net = self.encoder.net
        frame = self.encoder.frame(self._state, self._merge)
        self._frames.append(frame)
        self.encoder.units(np.concatenate([frame.of(net.constraints), frame.differ ^ 1]))
        self._state = self.encoder.next(frame)
        return self.encoder.any_of(frame.of(net.bad))

    def _part(self, depth: int) -> bool:
        """Make the states different that are equal in the model; False if there are none."""
        net, model = self.encoder.net, self.sat.model()
        columns = net.first_latch + self.encoder.latches
        words = [frame.values[columns] for frame in self._frames]
        states = [read(model, word).tobytes() for word in words]
        found = False
        for later in range(1, depth + 1):
            earlier = states.index(states[later])
            if earlier < later:
                differ = self.encoder.differ(words[earlier], words[later])
                self.encoder.clause(differ)
                found = True
        return found
