"""Is a certificate of unbounded soundness right? The only place that says so.

Nothing is taken from the search but the claims. Everything is asked of two SAT solvers of
different families, which must agree:

1. *Clauses* hold in the first ``history`` cycles after reset, and in each cycle before which they
   held ``history`` times; so in every cycle of each copy.
2. *Signals* are what the contract shows, in each state in which the clauses hold.
3. *Progress*: what retires nothing for ``progress`` cycles retires nothing in the next one either,
   so never again. In a run that breaks the contract both copies retire after the first difference:
   so they do within ``progress`` cycles.
4. *Equalities* hold in the first ``lockstep`` cycles of the window (`contracts.window`), and in
   each cycle up to the first difference before which they held ``lockstep`` times.
5. *Enough*: from no state in which they hold the attacker sees a difference so that both copies
   retire within ``progress`` cycles what is observed alike. The same from reset for the cycles
   that have no ``lockstep`` cycles before.
6. *Not vacuous*: in what is assumed for 4 and 5, and from reset, instructions retire in both
   copies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
from pysat.solvers import Solver

from contracts.invariant import Clause, Equality, Invariant
from contracts.product import Question
from contracts.window import Single, Window, single, window
from extract.cnf import ABSENT, Encoder, Frame, dimacs
from extract.netlist import FALSE, TRUE, Literals, Netlist
from modelcheck.solver import add_all

SOLVERS: Final = ("cadical195", "glucose4")
_REACH: Final = 3
"""So many times ``progress`` cycles after reset something has retired."""


class RejectedError(Exception):
    """A certificate that proves nothing; the message says which claim fails."""


def check(question: Question, invariant: Invariant) -> None:
    """Return if the contract is sound in runs of any length. Raises `RejectedError`."""
    one, two = single(question), window(question)
    _well_formed(invariant, two)
    _clauses(one, invariant)
    _signals(two, invariant)
    _progress(one, invariant)
    _after_reset(two, invariant)
    _equalities(two, invariant)
    _enough(two, invariant)
    _not_vacuous(two, invariant)


class _Cycles:
    """Cycles of a circuit, one after the other, in two solvers."""

    def __init__(self, net: Netlist, state: Callable[[Encoder], Literals] | None = None) -> None:
        """From reset, or from the state that is given."""
        every = 2 * np.arange(net.node_count, dtype=np.int32)
        self.net, self.encoder = net, Encoder(net, every)
        self._solvers: list[Any] = [Solver(name=name) for name in SOLVERS]
        self._state = self.encoder.initial() if state is None else state(self.encoder)
        self.frames: list[Frame] = []

    def more(self) -> Frame:
        """The next cycle, with all constraints."""
        frame = self.encoder.frame(self._state)
        self.encoder.units(frame.of(self.net.constraints))
        self.frames.append(frame)
        self._state = self.encoder.next(frame)
        return frame

    def latches(self, at: int) -> Literals:
        """All latches in a cycle, or in that after the last one."""
        if at == len(self.frames):
            return self._state
        return self.frames[at].values[self.net.first_latch : self.net.first_gate]

    def possible(self, literals: Iterable[int]) -> bool:
        """Can these be true together? Raises `RejectedError` if the solvers do not agree."""
        some = np.fromiter(literals, np.int32)
        if (some == FALSE).any():
            return False
        taken = self.encoder.take()
        for solver in self._solvers:
            add_all(solver, taken)
        assumptions = dimacs(some[some != TRUE]).tolist()
        answers = []
        for solver in self._solvers:
            answers.append(bool(solver.solve(assumptions=assumptions)))
            if answers[0]:
                return True
        if any(answers):
            raise RejectedError("two solvers do not agree")
        return False


def _well_formed(invariant: Invariant, win: Window) -> None:
    core = win.question.core.netlist
    latches, twins = core.latch_count, len(win.twins)
    if (
        min(invariant.history, invariant.lockstep, invariant.progress) < 1
        or invariant.ahead < invariant.progress
    ):
        raise RejectedError("the window is too short")
    used = [x >> 1 for c in invariant.clauses for x in c.literals]
    if any(not c.literals for c in invariant.clauses) or max(used, default=0) >= latches:
        raise RejectedError("a clause of no latches")
    named = [k for e in invariant.equalities for k in (e.twin, *(x >> 1 for x in e.guard))]
    if max(named, default=0) >= twins:
        raise RejectedError("an equality of no latch")
    for s in invariant.signals:
        if s.shown >= len(win.shown[0]) or s.literal >= 2 * core.node_count:
            raise RejectedError("a signal that is none")


# One copy ---------------------------------------------------------------------------------------


def _any(encoder: Encoder) -> Literals:
    return encoder.any_state()


def _clause(cycles: _Cycles, clause: Clause, at: int, rows: Literals | None = None) -> list[int]:
    state = cycles.latches(at)
    return [int(state[x >> 1 if rows is None else rows[x >> 1]]) ^ (x & 1) for x in clause.literals]


def _clauses(one: Single, invariant: Invariant) -> None:
    reset, step = _Cycles(one.netlist), _Cycles(one.netlist, _any)
    for at in range(invariant.history):
        reset.more()
        step.more()
        for c in invariant.clauses:
            step.encoder.clause(_clause(step, c, at))
    for c in invariant.clauses:
        for at in range(invariant.history):
            if reset.possible([x ^ 1 for x in _clause(reset, c, at)]):
                raise RejectedError("a clause does not hold after reset")
        if step.possible([x ^ 1 for x in _clause(step, c, invariant.history)]):
            raise RejectedError("a clause is not inductive")


def _progress(one: Single, invariant: Invariant) -> None:
    cycles = _Cycles(one.netlist, _any)
    for at in range(invariant.progress + 1):
        frame = cycles.more()
        for c in invariant.clauses:
            cycles.encoder.clause(_clause(cycles, c, at))
        if at < invariant.progress:
            cycles.encoder.units(frame.of([one.retires]) ^ 1)
    if cycles.possible(cycles.frames[-1].of([one.retires]).tolist()):
        raise RejectedError("a copy that retires nothing for long may retire again")


def _signals(win: Window, invariant: Invariant) -> None:
    """Of the left copy: the right one is the same circuit."""
    place, rows = win.copies[0], _rows(win)[0]
    for s in invariant.signals:
        bit = win.shown[0][s.shown]
        (core,) = place(np.array([s.literal], np.int32)).tolist()
        # What memory answers does not matter here, so neither do the constraints of the window.
        net = win.netlist
        encoder = Encoder(net, np.array([core, bit.when, bit.value], np.int32))
        state = encoder.any_state()
        frame = encoder.frame(state)
        for c in invariant.clauses:
            some = [int(state[rows[x >> 1]]) for x in c.literals]
            if min(some) != ABSENT:
                encoder.clause([v ^ (x & 1) for v, x in zip(some, c.literals, strict=True)])
        when, shown, own = frame.of([bit.when, bit.value, core]).tolist()
        differ = encoder.differ(np.array([shown], np.int32), np.array([own], np.int32))
        encoder.units([when, int(differ[0])])
        taken = encoder.take()
        for name in SOLVERS:
            solver: Any = Solver(name=name)
            add_all(solver, taken)
            if solver.solve():
                raise RejectedError("a signal is not what the contract shows")


# Two copies -------------------------------------------------------------------------------------


def _rows(win: Window) -> tuple[Literals, Literals]:
    left, right = ((win.twins[:, k] >> 1) - win.netlist.first_latch for k in (0, 1))
    return left, right


def _start(win: Window, invariant: Invariant, encoder: Encoder) -> Literals:
    """Any state in which equalities without a guard hold; the window has just begun."""
    state = encoder.any_state()
    state[win.own - win.netlist.first_latch] = FALSE
    _alike(win, invariant, state)
    return state


def _alike(win: Window, invariant: Invariant, state: Literals) -> None:
    """The right copy's latches are the left one's where they are equal without a guard."""
    left, right = _rows(win)
    plain = [e.twin for e in invariant.equalities if not e.guard]
    state[right[plain]] = state[left[plain]]


def _pair(win: Window, invariant: Invariant, *, reset: bool = False) -> _Cycles:
    start = None if reset else lambda encoder: _start(win, invariant, encoder)
    return _Cycles(win.netlist, start)


def _more(cycles: _Cycles, win: Window, invariant: Invariant, *, claims: bool = False) -> Frame:
    """A cycle more, in which clauses and signals hold, and the equalities if ``claims``."""
    at = len(cycles.frames)
    if claims:
        for e in invariant.equalities:
            _hold(cycles, win, e, at)
        # They are said of the latches above: the circuit may read one for the other.
        _alike(win, invariant, cycles.latches(at))
    frame = cycles.more()
    for rows in _rows(win):
        for c in invariant.clauses:
            cycles.encoder.clause(_clause(cycles, c, at, rows))
    for s in invariant.signals:
        for side in (0, 1):
            bit = win.shown[side][s.shown]
            (core,) = win.copies[side](np.array([s.literal], np.int32)).tolist()
            when, shown, own = frame.of([bit.when, bit.value, core]).tolist()
            cycles.encoder.clause([when ^ 1, shown, own ^ 1])
            cycles.encoder.clause([when ^ 1, shown ^ 1, own])
    return frame


def _hold(
    cycles: _Cycles, win: Window, claim: Equality, at: int, unless: Sequence[int] = ()
) -> None:
    """An equality holds in a cycle, unless one of these literals is true."""
    off, one, two = _parts(cycles, win, claim, at)
    cycles.encoder.clause([*unless, *off, one, two ^ 1])
    cycles.encoder.clause([*unless, *off, one ^ 1, two])


def _parts(cycles: _Cycles, win: Window, claim: Equality, at: int) -> tuple[list[int], int, int]:
    left, right = _rows(win)
    state = cycles.latches(at)
    off = [int(state[left[x >> 1]]) ^ (x & 1) ^ 1 for x in claim.guard]
    return off, int(state[left[claim.twin]]), int(state[right[claim.twin]])


def _fails(
    cycles: _Cycles, win: Window, claim: Equality, at: int, given: Sequence[int] = ()
) -> bool:
    """Can an equality be wrong in a cycle, if these literals are true?"""
    off, one, two = _parts(cycles, win, claim, at)
    (differ,) = cycles.encoder.differ(np.array([one], np.int32), np.array([two], np.int32)).tolist()
    return cycles.possible([*given, *(x ^ 1 for x in off), int(differ)])


def _lockstep(cycles: _Cycles, win: Window, frame: Frame, *, until: bool = False) -> None:
    """The attacker sees no difference in this cycle; with ``until`` one."""
    cycles.encoder.units(frame.of([win.differs]) ^ (0 if until else 1))


def _equalities(win: Window, invariant: Invariant) -> None:
    step = _pair(win, invariant)
    for _ in range(invariant.lockstep):
        _lockstep(step, win, _more(step, win, invariant, claims=True))
    left = [e for e in invariant.equalities if _fails(step, win, e, invariant.lockstep)]
    if not left:
        return
    for _ in range(invariant.ahead):
        _more(step, win, invariant)
    if any(_fails(step, win, e, invariant.lockstep) for e in left):
        raise RejectedError("an equality is not inductive")


def _after_reset(win: Window, invariant: Invariant) -> None:
    """Equalities in the first cycles, and that no run breaks the contract in these.

    What is said of a cycle is said of runs in which the attacker saw no difference before.
    """
    cycles = _pair(win, invariant, reset=True)
    differ: list[int] = []
    left = []
    for at in range(invariant.lockstep):
        differ += _more(cycles, win, invariant).of([win.differs]).tolist()
        left += [(at, e) for e in _after(cycles, win, invariant.equalities, at, differ)]
    for _ in range(invariant.ahead):
        _more(cycles, win, invariant)
    for at, e in left:
        if _after(cycles, win, [e], at, differ):
            raise RejectedError("an equality does not hold after reset")
    for at in range(invariant.lockstep - 1):
        (told,) = cycles.frames[at + invariant.progress].of([win.told]).tolist()
        if cycles.possible([*(x ^ 1 for x in differ[:at]), differ[at], told]):
            raise RejectedError("a run breaks the contract right after reset")


def _after(
    cycles: _Cycles, win: Window, claims: Sequence[Equality], at: int, differ: Sequence[int]
) -> list[Equality]:
    """Which may be wrong in a cycle after reset; the others are known from now on."""
    before = differ[:at]
    left = [e for e in claims if _fails(cycles, win, e, at, [x ^ 1 for x in before])]
    for e in claims:
        if e not in left:
            _hold(cycles, win, e, at, before)
    return left


def _enough(win: Window, invariant: Invariant) -> None:
    cycles = _pair(win, invariant)
    for at in range(invariant.lockstep):
        frame = _more(cycles, win, invariant, claims=True)
        _lockstep(cycles, win, frame, until=at == invariant.lockstep - 1)
    if not cycles.possible([]):
        return
    for _ in range(invariant.progress):
        _more(cycles, win, invariant)
    if cycles.possible(cycles.frames[-1].of([win.told]).tolist()):
        raise RejectedError("the claims do not exclude a run that breaks the contract")


def _not_vacuous(win: Window, invariant: Invariant) -> None:
    step = _pair(win, invariant)
    for _ in range(invariant.lockstep):
        frame = _more(step, win, invariant, claims=True)
        _lockstep(step, win, frame)
    for _ in range(invariant.ahead):
        _more(step, win, invariant)
    if not step.possible(step.frames[invariant.lockstep - 1].of(list(win.retires)).tolist()):
        raise RejectedError("what is assumed lets nothing retire")
    reset = _pair(win, invariant, reset=True)
    for at in range(_REACH * invariant.progress):
        frame = _more(reset, win, invariant, claims=at < invariant.lockstep)
        _lockstep(reset, win, frame)
        if reset.possible(frame.of(list(win.retires)).tolist()):
            return
    raise RejectedError("nothing retires after reset")


__all__: Sequence[str] = ("RejectedError", "check")
