"""The independent checker of invariants.

It reads the AIGER file of the obligation and the invariant, and nothing that a prover made of
them. It shares no code with the provers' encoding: every gate of every frame gets a variable and
its three clauses, latches are tied to the frame before by two clauses each, nothing is folded.
Each query goes to two solvers of different code bases (`modelcheck.checked`).

What is checked is said at `modelcheck.invariant.Invariant`. In any cycle, the constraints are
assumed up to and including that cycle. Claims about a cycle are shown one after the other; what
has been shown is assumed for the next ones, which is sound, as all have the same premises.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pysat.solvers import Solver

from modelcheck.invariant import Invariant
from modelcheck.obligation_file import File, parse
from modelcheck.worker import Report

_TOGETHER: Final = 256  # clauses that one query asks about

Ints = npt.NDArray[np.int64]


def search(data: bytes, report: Report, *, solver: str) -> None:
    """Check with one solver (engine for `modelcheck.worker`)."""
    size = int.from_bytes(data[:8], "big")
    problem = check(data[8 : 8 + size], Invariant.from_text(data[8 + size :].decode()), solver)
    if problem:
        report(problem=problem)
    else:
        report(accepted=True)


def check(aiger: bytes, invariant: Invariant, solver: str) -> str:
    """What is wrong with the invariant, in this very process; empty if nothing is."""
    file = parse(aiger)
    if invariant.variables > file.variables:
        return f"it speaks of variable {invariant.variables}, the file has {file.variables}"
    if not file.bad:
        return "the obligation says nothing that is bad"
    return _base(file, invariant, solver) or _step(file, invariant, solver)


def _base(file: File, invariant: Invariant, solver: str) -> str:
    """The claim is true in the first cycles."""
    frames = _Frames(file, solver, invariant.start + invariant.k)
    for cycle in range(invariant.start + invariant.k):
        frames.add()
        if cycle == 0:
            frames.start()
        frames.constrain(cycle)
        clauses = invariant.clauses if cycle >= invariant.start else ()
        problem = frames.show(cycle, clauses)
        if problem:
            return f"{problem} in cycle {cycle}"
    return ""


def _step(file: File, invariant: Invariant, solver: str) -> str:
    """The claim is true in a cycle if it is in the ``k`` before."""
    frames = _Frames(file, solver, invariant.k + 1)
    for cycle in range(invariant.k + 1):
        frames.add()
        frames.constrain(cycle)
        if cycle < invariant.k:
            frames.assume(cycle, invariant.clauses)
    if invariant.simple_path:
        frames.all_different()
    problem = frames.show(invariant.k, invariant.clauses)
    return f"{problem} after {invariant.k} cycles in which all do" if problem else ""


class _Frames:
    """Copies of the circuit in one solver. The variable of node v in frame t is t (M+1) + v + 1."""

    def __init__(self, file: File, solver: str, most: int) -> None:
        """At most ``most`` frames will be added."""
        self.file = file
        self._stride = file.variables + 1
        self._solver: Any = Solver(name=solver)
        self._count = 0
        self._more = most * self._stride  # the last variable in use beside those of frames

    def literal(self, literal: int, frame: int) -> int:
        variable = frame * self._stride + (literal >> 1) + 1
        return -variable if literal & 1 else variable

    def _literals(self, literals: Ints, frame: int) -> Ints:
        variables = frame * self._stride + (literals >> 1) + 1
        return np.asarray(np.where(literals & 1, -variables, variables))

    def _signed(self, clause: Sequence[int], frame: int) -> list[int]:
        shift = frame * self._stride + 1
        return [x + shift if x > 0 else x - shift for x in clause]

    def _clauses(self, *columns: Ints) -> None:
        for clause in np.stack(columns, axis=1).tolist():
            self._solver.add_clause(clause)

    def add(self) -> None:
        """One more frame, after those that there are."""
        now, file = self._count, self.file
        self._solver.add_clause([self.literal(1, now)])
        out, x, y = (self._literals(column, now) for column in file.gates.T)
        self._clauses(-out, x)
        self._clauses(-out, y)
        self._clauses(out, -x, -y)
        if now:
            left = self._literals(file.latches, now)
            right = self._literals(file.next, now - 1)
            self._clauses(-left, right)
            self._clauses(left, -right)
        self._count += 1

    def start(self) -> None:
        """The latches of frame 0 have their initial values."""
        fixed = file_fixed = self.file.init != self.file.latches
        latches = self._literals(self.file.latches[file_fixed], 0)
        self._clauses(np.where(self.file.init[fixed] == 1, latches, -latches))

    def constrain(self, frame: int) -> None:
        for literal in self.file.constraints:
            self._solver.add_clause([self.literal(literal, frame)])

    def assume(self, frame: int, clauses: Sequence[Sequence[int]]) -> None:
        for literal in self.file.bad:
            self._solver.add_clause([-self.literal(literal, frame)])
        for clause in clauses:
            self._solver.add_clause(self._signed(clause, frame))

    def all_different(self) -> None:
        """No two frames have the same latches."""
        for one in range(self._count):
            for other in range(one):
                self._different(one, other)

    def _different(self, one: int, other: int) -> None:
        count = len(self.file.latches)
        left = self._literals(self.file.latches, one)
        right = self._literals(self.file.latches, other)
        differs = np.arange(self._more + 1, self._more + 1 + count)
        self._more += count
        self._clauses(-differs, left, right)
        self._clauses(-differs, -left, -right)
        self._solver.add_clause(differs.tolist())

    def _one_is_false(self, clauses: Sequence[Sequence[int]]) -> bool:
        """Can one of these clauses be false? One query for all is cheaper than one each."""
        switch = self._more + 1
        signs = [switch + 1 + i for i in range(len(clauses))]
        self._more += 1 + len(clauses)
        self._solver.add_clause([-switch, *signs])
        for sign, clause in zip(signs, clauses, strict=True):
            for literal in clause:
                self._solver.add_clause([-sign, -literal])
        return bool(self._solver.solve(assumptions=[switch]))

    def show(self, frame: int, clauses: Sequence[Sequence[int]]) -> str:
        """Show each clause, and that nothing bad holds; what could not be shown."""
        for first in range(0, len(clauses), _TOGETHER):
            some = clauses[first : first + _TOGETHER]
            signed = [self._signed(clause, frame) for clause in some]
            if self._one_is_false(signed):
                wrong = next(
                    (i for i, c in enumerate(signed) if self._solver.solve(assumptions=_not(c))), 0
                )
                text = " ".join(map(str, some[wrong]))
                return f"clause {first + wrong} ({text}) does not hold"
            for clause in signed:
                self._solver.add_clause(clause)
        for number, literal in enumerate(self.file.bad):
            if self._solver.solve(assumptions=[self.literal(literal, frame)]):
                return f"bad {number} may hold"
        return ""


def _not(clause: Sequence[int]) -> list[int]:
    return [-x for x in clause]
