"""The search for what holds of one copy of a core in every cycle: clauses over its control.

Bulk first: guesses from samples that are inductive together (Houdini: Flanagan, Leino, FME 2001).
Then a clause more for each state that stands in the way of a proof; a clause that is not inductive
asks for others that exclude the states before it (Bradley, VMCAI 2011).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np

from contracts.induction_data import Data
from contracts.invariant import Clause
from contracts.window import Single
from extract.cnf import Encoder, Frame
from extract.netlist import Literals
from modelcheck.solver import Incremental, read

SOLVER: Final = "glucose4"
_PENDING: Final = 60
"""The most clauses that one clause may need."""
_LONGEST: Final = 8


class TimeIsUpError(Exception):
    """The search came to no end."""


class Frames:
    """Cycles of one copy, from any state or from reset, in a solver."""

    def __init__(self, single: Single, count: int, *, reset: bool = False) -> None:
        net = single.netlist
        every = np.arange(net.first_latch, net.first_gate, dtype=np.int32) * 2
        roots = np.concatenate([every, net.constraints, np.array([single.retires], np.int32)])
        self.single, self._first = single, net.first_latch
        self.encoder = Encoder(net, roots.astype(np.int32))
        self.sat = Incremental(self.encoder, SOLVER)
        self.state = self.encoder.initial() if reset else self.encoder.any_state()
        self.frames: list[Frame] = []
        self._next = self.state
        while len(self.frames) < count:
            self.more()

    def more(self) -> Frame:
        """One cycle more."""
        frame = self.encoder.frame(self._next)
        self.encoder.units(frame.of(self.single.netlist.constraints))
        self.frames.append(frame)
        self._next = self.encoder.next(frame)
        return frame

    def latches(self, at: int) -> Literals:
        """Literals of all latches in a cycle: that after the last is known as well."""
        if at == len(self.frames):
            return self._next
        net = self.single.netlist
        return self.frames[at].values[net.first_latch : net.first_gate]

    def literals(self, clause: Clause, at: int) -> list[int]:
        """A clause in a cycle."""
        state = self.latches(at)
        return [int(state[x >> 1]) ^ (x & 1) for x in clause.literals]

    def true(self, clauses: Sequence[Clause], at: int) -> list[Clause]:
        """Those that hold, in a cycle, in the last model."""
        values = read(self.sat.model(), np.maximum(self.latches(at), 0))
        flat = np.array([x for c in clauses for x in c.literals], np.int64)
        start = np.cumsum([0, *(len(c.literals) for c in clauses)])[:-1]
        holds = np.logical_or.reduceat(values[flat >> 1] != (flat & 1), start)
        return [c for c, h in zip(clauses, holds.tolist(), strict=True) if h]

    def violated(self, clauses: Sequence[Clause], at: int) -> tuple[int, dict[Clause, int]]:
        """A literal that implies that one of them is false, and one for each of them."""
        which = {}
        for clause in clauses:
            (switch,) = self.encoder.fresh(1).tolist()
            for x in self.literals(clause, at):
                self.encoder.clause([switch ^ 1, x ^ 1])
            which[clause] = switch
        return self.encoder.any_of(list(which.values())), which

    def cube_of_false(self, clause: Sequence[int], assumed: Iterable[int] = ()) -> dict[int, int]:
        """As `cube`, for these literals being false, all of them."""
        fixed = self._fixed()
        holds = self.encoder.any_of(clause)
        return lifted(self.sat, [*assumed, *fixed], holds ^ 1, self.state, self._inside())

    def cube(self, goal: int, assumed: Iterable[int] = ()) -> dict[int, int]:
        """Of the last model the part of the first state that leads to ``goal`` (true in it)."""
        return lifted(self.sat, [*assumed, *self._fixed()], goal, self.state, self._inside())

    def _inside(self) -> Literals:
        return np.flatnonzero(self.state > 1).astype(np.int32)

    def _fixed(self) -> list[int]:
        """The first state and all inputs as they are in the last model."""
        model = self.sat.model()
        net = self.single.netlist
        inputs = np.concatenate([f.values[1 : net.first_latch] for f in self.frames])
        given = np.concatenate([inputs[inputs > 1], self.state[self._inside()]])
        fixed: list[int] = (given ^ 1 ^ read(model, given)).tolist()
        return fixed


def lifted(
    sat: Incremental, fixed: Sequence[int], goal: int, state: Literals, inside: Literals
) -> dict[int, int]:
    """The latches, with values, of an UNSAT core of a model without its goal."""
    if sat.solve([goal ^ 1, *fixed]):
        raise AssertionError("a model that does not determine its own goal")
    core = sat.core()
    by_literal = {int(state[k]) & ~1: int(k) for k in inside.tolist()}
    found = {}
    for x in core:
        k = by_literal.get(x & ~1)
        if k is not None:
            found[k] = 1 ^ (x & 1) ^ (int(state[k]) & 1)
    return found


class Clauses:
    """Clauses that are proved of one copy, more and more of them."""

    def __init__(
        self, single: Single, data: Data, history: int, end: float,
        told: Callable[[Sequence[Clause]], None] = lambda _some: None,
    ) -> None:  # fmt: skip
        """``told`` hears of each clause that is proved."""
        self._single, self._data, self._history, self._end = single, data, history, end
        self._told = told
        self.proved: dict[Clause, None] = {}
        self._refused: set[Clause] = set()
        self._base = Frames(single, history, reset=True)
        self._step = Frames(single, history)

    def guess(self, guesses: Iterable[Clause]) -> int:
        """Prove of these what is inductive together; how many are."""
        some = [c for c in dict.fromkeys(guesses) if c not in self.proved]
        some = self._from_reset(some)
        kept = self._inductive(some)
        self._add(kept)
        return len(kept)

    def exclude(self, values: dict[int, int]) -> bool:
        """Prove a clause that excludes the states with these values, if one is found."""
        for literals in self._data.clause(values):
            clause = Clause(literals)
            if len(literals) <= _LONGEST and clause not in self._refused and self.prove(clause):
                return True
        return False

    def prove(self, clause: Clause) -> bool:
        """Prove a clause, with others that it needs."""
        if not self._from_reset([clause]):
            self._refused.add(clause)
            return False
        pending: dict[Clause, None] = {clause: None}
        (switch,) = self._step.encoder.fresh(1).tolist()
        self._assume([clause], switch)
        while True:
            found = self._counterexample(list(pending), switch)
            if found is None:
                self._add(list(pending))
                return True
            new = next(
                (
                    c
                    for c in map(Clause, self._data.clause(found))
                    if len(c.literals) <= _LONGEST
                    and c not in self._refused
                    and c not in pending
                    and self._from_reset([c])
                ),
                None,
            )
            if new is None or len(pending) >= _PENDING:
                self._refused.add(clause)
                self._step.encoder.units([switch ^ 1])
                return False
            pending[new] = None
            self._assume([new], switch)

    def _counterexample(self, clauses: list[Clause], switch: int) -> dict[int, int] | None:
        bad, which = self._step.violated(clauses, self._history)
        self._check_time()
        if not self._step.sat.solve([switch, bad]):
            return None
        model = self._step.sat.model()
        goal = next(x for x in which.values() if read(model, np.array([x], np.int32))[0])
        # The switch of a clause only implies that it is false: say the same of its literals.
        clause = next(c for c, x in which.items() if x == goal)
        lits = self._step.literals(clause, self._history)
        return self._step.cube_of_false(lits, [switch])

    def _inductive(self, some: list[Clause]) -> list[Clause]:
        step = self._step
        _bad, which = step.violated(some, self._history)
        step.sat.prefer(list(which.values()))  # a model that many of them lose
        while some:
            (switch,) = step.encoder.fresh(1).tolist()
            self._assume(some, switch)
            left = some
            while left:
                self._check_time()
                if not step.sat.solve([switch, step.encoder.any_of([which[c] for c in left])]):
                    break
                left = step.true(left, self._history)
            step.encoder.units([switch ^ 1])
            if len(left) == len(some):
                break
            some = left
        step.encoder.units(np.array(list(which.values()), np.int32) ^ 1)
        return some

    def _from_reset(self, some: list[Clause]) -> list[Clause]:
        for at in range(self._history):
            while some:
                bad, _which = self._base.violated(some, at)
                if not self._base.sat.solve([bad]):
                    break
                some = self._base.true(some, at)
        return some

    def _assume(self, clauses: Iterable[Clause], switch: int | None = None) -> None:
        for c in clauses:
            for at in range(self._history):
                extra = [] if switch is None else [switch ^ 1]
                self._step.encoder.clause([*extra, *self._step.literals(c, at)])

    def _add(self, clauses: Sequence[Clause]) -> None:
        self.proved.update(dict.fromkeys(clauses))
        self._assume(clauses)
        self._told(clauses)

    def _check_time(self) -> None:
        if time.monotonic() > self._end:
            raise TimeIsUpError


def no_progress(single: Single, clauses: Iterable[Clause], cycles: int) -> Frames:
    """Frames in which nothing retires for so many cycles, one more in which something may."""
    frames = Frames(single, cycles + 1)
    for at in range(cycles + 1):
        for c in clauses:
            frames.encoder.clause(frames.literals(c, at))
    for frame in frames.frames[:-1]:
        frames.encoder.units(frame.of([single.retires]) ^ 1)
    return frames
