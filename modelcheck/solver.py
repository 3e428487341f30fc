"""An incremental SAT solver that is fed from an `Encoder`. For child processes only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from pysat.solvers import Solver

from extract.cnf import Encoder, dimacs
from extract.netlist import FALSE, TRUE, Literals
from extract.trace import Trace


class Incremental:
    """A solver of python-sat that knows the clauses of one encoder."""

    def __init__(self, encoder: Encoder, name: str) -> None:
        """``name`` as python-sat has it: ``cadical195``, ``glucose4``, …"""
        self.encoder = encoder
        self._solver: Any = Solver(name=name)
        self._fed = True

    def feed(self) -> None:
        """Give it the clauses that were added to the encoder."""
        add_all(self._solver, self.encoder.take())

    def solve(self, literals: Iterable[int] = (), conflicts: int = 0) -> bool | None:
        """Can these literals of the encoding be true together? ``None``: limit on conflicts."""
        some = np.fromiter(literals, np.int32)
        if (some == FALSE).any():
            return False
        self.feed()
        assumptions = dimacs(some[some != TRUE]).tolist()
        if not conflicts:
            return bool(self._solver.solve(assumptions=assumptions))
        self._solver.conf_budget(conflicts)
        found = self._solver.solve_limited(assumptions=assumptions)
        return None if found is None else bool(found)

    def prefer(self, literals: Iterable[int]) -> None:
        """Try these literals as true first. A hint, for solvers that take it."""
        some = np.fromiter(literals, np.int32)
        self.feed()
        self._solver.set_phases(dimacs(some[some > TRUE]).tolist())

    def core(self) -> list[int]:
        """Of the literals of the last call, which had no solution, some that have none."""
        found = self._solver.get_core() or []
        return [2 * x if x > 0 else 1 - 2 * x for x in found]

    def model(self) -> npt.NDArray[np.uint8]:
        """The value of each variable in the last model; variables that it leaves out are 0."""
        values = np.zeros(self.encoder.variables + 1, np.uint8)
        model = np.array(self._solver.get_model() or [], np.int64)
        positive = model[model > 0]
        values[positive[positive < len(values)]] = 1
        return values


def add_all(solver: Any, flat: Literals) -> None:
    """Add clauses in one DIMACS array (0 after each) to a solver of python-sat."""
    whole = flat.tolist()
    start = 0
    for end in np.flatnonzero(flat == 0).tolist():
        solver.add_clause(whole[start:end])
        start = end + 1


def read(model: npt.NDArray[np.uint8], literals: Literals) -> npt.NDArray[np.uint8]:
    """Values of literals of the encoding in a model; those outside the cone (-1) count as 0."""
    inside = np.maximum(literals, 0)
    values = np.where(inside >> 1 == 0, 0, model[inside >> 1]) ^ (inside & 1)
    return np.asarray(values, dtype=np.uint8)


def trace_lines(trace: Trace) -> list[str]:
    """A trace as text, for the parent: the initial state, then the inputs of each cycle."""
    return ["".join(map(str, row)) for row in (trace.init.tolist(), *trace.inputs.tolist())]
