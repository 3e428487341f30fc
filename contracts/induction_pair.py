"""The search for what is equal in two copies of a core as long as the attacker sees no difference.

It begins with all latches that no sample shows to differ, of those that the retirement's time
depends on. What is not inductive is looked at in a window that looks further and further ahead;
if it still is not, the state before is excluded by a clause of one copy
(`contracts.induction_single`) or by an equality under a guard, or else the claim is given up.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from contracts.induction_data import Data
from contracts.induction_single import SOLVER, Clauses, TimeIsUpError, lifted
from contracts.invariant import Clause, Equality, Signal
from contracts.window import Window
from extract.cnf import ABSENT, Encoder, Frame, Merge
from extract.netlist import FALSE, Literals
from modelcheck.solver import Incremental, read

_LONGEST: Final = 6
_CONFLICTS: Final = 5_000


class Unrolled:
    """Cycles of a window in which claims hold, ``history`` of them, and ``ahead`` more.

    With ``differing`` the attacker sees a difference in the last cycle of the claims, else in none
    of them.
    """

    def __init__(
        self, win: Window, plain: Sequence[int], history: int, ahead: int, *, differing: bool
    ) -> None:
        net = win.netlist
        self.window, self.history, self._first = win, history, net.first_latch
        roots = [2 * np.arange(net.first_latch, net.first_gate, dtype=np.int32), net.constraints]
        bits = [win.differs, win.diverged, *win.retires, win.told]
        bits += [x for side in win.shown for s in side for x in (s.when, s.value)]
        cores = [
            copy(np.arange(win.question.core.netlist.node_count, dtype=np.int32) * 2)
            for copy in win.copies
        ]
        roots += cores
        self.encoder = Encoder(net, np.concatenate([*roots, np.array(bits, np.int32)]))
        self.sat = Incremental(self.encoder, SOLVER)
        self.left, self.right = (win.twins >> 1).T - net.first_latch
        merge = np.full(net.node_count, ABSENT, np.int32)
        some = np.array(plain, np.int64)
        merge[win.twins[some, 1] >> 1] = win.twins[some, 0]
        state = self.encoder.any_state()
        state[win.own - net.first_latch] = FALSE
        state[self.right[some]] = state[self.left[some]]
        self.state = state
        self.frames: list[Frame] = []
        self._states: list[Literals] = []
        for at in range(history):
            last = differing and at == history - 1
            frame = self._frame(state, Merge(merge))
            self.encoder.units(np.append(frame.differ ^ 1, frame.of([win.differs]) ^ (not last)))
            state = self.encoder.next(frame)
        self._following = state
        for _ in range(ahead):
            frame = self._frame(self._following, None)
            self._following = self.encoder.next(frame)

    def _frame(self, state: Literals, merge: Merge | None) -> Frame:
        frame = self.encoder.frame(state, merge)
        self.encoder.units(frame.of(self.window.netlist.constraints))
        self.frames.append(frame)
        net = self.window.netlist
        self._states.append(frame.values[net.first_latch : net.first_gate])
        return frame

    def latches(self, at: int) -> Literals:
        """Literals of all latches in a cycle."""
        return self._states[at] if at < len(self._states) else self._following

    def assume_clause(self, clause: Clause) -> None:
        """It holds in both copies in all cycles."""
        for at in range(len(self.frames)):
            state = self.latches(at)
            for rows in (self.left, self.right):
                lits = [int(state[rows[x >> 1]]) ^ (x & 1) for x in clause.literals]
                self.encoder.clause(lits)

    def assume_signal(self, signal: Signal) -> None:
        """It holds in both copies in all cycles."""
        given = np.array([signal.literal], np.int32)
        for copy, shown in zip(self.window.copies, self.window.shown, strict=True):
            bit = shown[signal.shown]
            wanted = [bit.when, bit.value, int(copy(given)[0])]
            for frame in self.frames:
                when, value, core = frame.of(wanted).tolist()
                self.encoder.clause([when ^ 1, value, core ^ 1])
                self.encoder.clause([when ^ 1, value ^ 1, core])

    def assume_equality(self, claim: Equality, switch: int) -> None:
        """It holds, if ``switch``, in the cycles of the claims."""
        for at in range(self.history):
            off, one, two = self._parts(claim, at)
            for a, b in ((one, two ^ 1), (one ^ 1, two)):
                self.encoder.clause([switch ^ 1, *off, a, b])

    def mismatch(self, claim: Equality) -> int:
        """A literal that implies that it does not hold in the cycle after those of the claims."""
        off, one, two = self._parts(claim, self.history)
        (differ,) = self.encoder.differ(np.array([one], np.int32), np.array([two], np.int32))
        if not claim.guard or differ == FALSE:
            return int(differ)
        (switch,) = self.encoder.fresh(1).tolist()
        for x in (int(differ), *(o ^ 1 for o in off)):
            self.encoder.clause([switch ^ 1, x])
        return int(switch)

    def explained(self, claim: Equality | None, assumed: Sequence[int]) -> dict[int, int]:
        """Of the last model the part of the first state that leads to a mismatch.

        By node of the latch. Without a claim: all of it that the constraints depend on.
        """
        model = self.sat.model()
        net = self.window.netlist
        inputs = np.concatenate([f.values[1 : net.first_latch] for f in self.frames])
        inside = np.flatnonzero(self.state > 1).astype(np.int32)
        given = np.unique(np.concatenate([inputs[inputs > 1], self.state[inside]]))
        fixed = given ^ 1 ^ read(model, given)
        if claim is None:
            return {
                int(k): int(v) for k, v in zip(inside, read(model, self.state[inside]), strict=True)
            }
        off, one, two = self._parts(claim, self.history)
        goal = [
            int(self.encoder.differ(np.array([one]), np.array([two]))[0]),
            *(x ^ 1 for x in off),
        ]
        holds = self.encoder.any_of([x ^ 1 for x in goal])
        return lifted(self.sat, [*assumed, *fixed.tolist()], holds ^ 1, self.state, inside)

    def values(self) -> dict[int, int]:
        """The first state of the last model, by latch."""
        model = self.sat.model()
        inside = np.flatnonzero(self.state != ABSENT)
        found = read(model, self.state[inside])
        return dict(zip(inside.tolist(), found.tolist(), strict=True))

    def _parts(self, claim: Equality, at: int) -> tuple[list[int], int, int]:
        state = self.latches(at)
        off = [int(state[self.left[x >> 1]]) ^ (x & 1) ^ 1 for x in claim.guard]
        return off, int(state[self.left[claim.twin]]), int(state[self.right[claim.twin]])


class Pairs:
    """The equalities of a window, until they are inductive."""

    def __init__(
        self, win: Window, data: Data, clauses: Clauses, plain: Sequence[int],
        *, lockstep: Sequence[int], ahead: int, end: float, signals: Sequence[Signal] = (),
    ) -> None:  # fmt: skip
        """``plain``: twins that are claimed to be equal always.

        ``lockstep``: how many cycles of lockstep to assume, the next if one is not enough.
        """
        self._window, self._data, self._clauses, self._end = win, data, clauses, end
        self._signals = signals
        self.lockstep, *self._longer = lockstep
        self.plain = list(plain)
        self.guarded: dict[Equality, None] = {}
        self._refused: set[Equality] = set()
        self._depths = sorted({0, 1, 2, 4, 8, 16, ahead} & set(range(ahead + 1)))
        self._open: dict[tuple[int, bool], Unrolled] = {}
        self._switch: dict[tuple[int, bool], dict[Equality, int]] = {}
        self._known: dict[tuple[int, bool], int] = {}
        first = win.netlist.first_latch
        self._of_node = {}
        for side in (0, 1):
            for k, x in enumerate((win.twins[:, side] >> 1).tolist()):
                self._of_node[x - first] = (side, k)
        self.log: dict[str, int] = {}

    def claims(self) -> list[Equality]:
        """All of them."""
        return [*(Equality((), k) for k in self.plain), *self.guarded]

    def close(self) -> str:
        """Make them inductive, and enough; or why that fails."""
        while True:
            self._inductive()
            problem = self._enough()
            if problem is None:
                return ""
            if problem:
                return problem

    # What is inductive --------------------------------------------------------------------------

    def _inductive(self) -> None:
        todo = self.claims()
        while todo:
            for ahead in self._depths:
                todo = self._left(todo, ahead)
                if not todo:
                    return
            self._repair(todo)
            todo = self.claims()

    def _left(self, todo: list[Equality], ahead: int) -> list[Equality]:
        """Which of them are not inductive with so much of the window, one may not follow."""
        unrolled, switches = self._at(ahead, differing=False)
        which = {c: unrolled.mismatch(c) for c in todo}
        which = {c: x for c, x in which.items() if x != FALSE}
        left: list[Equality] = []
        self._last: list[Equality] = []
        while which:
            self._check_time()
            claim, bad = next(iter(which.items()))
            answer = unrolled.sat.solve([*switches, bad], conflicts=_CONFLICTS)
            if answer is False:
                del which[claim]
                continue
            if answer is None:
                left.append(claim)
                del which[claim]
                self._count("hard")
                continue
            model = unrolled.sat.model()
            wrong = [c for c, x in which.items() if read(model, np.array([x], np.int32))[0]]
            if ahead < self._depths[-1] and self._exclude(unrolled, wrong[0], switches):
                unrolled, switches = self._at(ahead, differing=False)
                continue
            left += wrong
            for c in wrong:
                del which[c]
            if ahead == self._depths[-1]:
                self._last = wrong
                return left
        return left

    def _exclude(self, unrolled: Unrolled, claim: Equality, switches: Sequence[int]) -> bool:
        """Prove a clause that excludes the state before, if that is easily done."""
        values = unrolled.values()
        cube = unrolled.explained(claim, switches)
        return any(self._clauses.exclude(some) for some in self._sides(values, cube)[0])

    def _repair(self, todo: list[Equality]) -> None:
        """Answer the last model of the deepest window, or give up what has none."""
        if not self._last:
            if not self._extend():
                self._drop(todo)
            return
        unrolled, switches = self._at(self._depths[-1], differing=False)
        values = unrolled.values()
        cube = unrolled.explained(self._last[0], switches)
        if not self._block(values, cube) and not self._extend():
            self._drop(self._last)

    def _extend(self) -> bool:
        """Assume more cycles of lockstep, if there are more to assume."""
        if not self._longer:
            return False
        self.lockstep, *self._longer = self._longer
        self._open.clear()
        self._count("longer")
        return True

    def _drop(self, wrong: Iterable[Equality]) -> None:
        for c in wrong:
            self._count("dropped")
            self._refused.add(c)
            if c.guard:
                self.guarded.pop(c, None)
            else:
                self.plain.remove(c.twin)
                self._open.clear()

    # What is enough -----------------------------------------------------------------------------

    def _enough(self) -> str | None:
        """None if no run breaks the contract; "" if claims were added; else the problem."""
        for ahead in self._depths:
            unrolled, switches = self._at(ahead, differing=True)
            assumed = list(switches)
            if ahead == self._depths[-1]:
                assumed.append(int(unrolled.frames[-1].of([self._window.told])[0]))
            self._check_time()
            if not unrolled.sat.solve(assumed):
                return None
        unrolled, switches = self._at(self._depths[-1], differing=True)
        if self._block(unrolled.values(), unrolled.explained(None, switches)):
            return ""
        if self._extend():
            return ""
        return "a state in which the copies part is not excluded"

    # Blocking -----------------------------------------------------------------------------------

    def _block(self, values: dict[int, int], cube: dict[int, int]) -> bool:
        sides, apart = self._sides(values, cube)
        for some in sides:
            if self._clauses.exclude(some):
                self._count("clause")
                return True
        return self._guard(values, sides[0], apart)

    def _sides(
        self, values: dict[int, int], cube: dict[int, int]
    ) -> tuple[list[dict[int, int]], list[int]]:
        """A state by copy, and which twins are not equal in it."""
        sides: list[dict[int, int]] = [{}, {}]
        apart = []
        for node, value in cube.items():
            if node not in self._of_node:
                continue
            side, k = self._of_node[node]
            sides[side][k] = value
            one, two = (
                values[int(x >> 1) - self._window.netlist.first_latch]
                for x in self._window.twins[k].tolist()
            )
            if one != two:
                apart.append(k)
            else:
                sides[1 - side][k] = value
        return sides, apart

    def _guard(self, values: dict[int, int], cube: dict[int, int], apart: list[int]) -> bool:
        first = self._window.netlist.first_latch
        every = {
            k: values[int(self._window.twins[k, 0] >> 1) - first]
            for k in self._data.control.tolist()
        }
        for word in dict.fromkeys(int(self._data.word_of[k]) for k in apart):
            for some in (cube, every):
                for guard in self._data.guard(some, word):
                    if len(guard) > _LONGEST:
                        continue
                    new = [Equality(_true(guard), int(k)) for k in self._data.words[word]]
                    new = [e for e in new if e not in self._refused and e not in self.guarded]
                    if any(e.twin in apart for e in new):
                        self.guarded.update(dict.fromkeys(new))
                        self._count("guard")
                        return True
        return False

    # Solvers ------------------------------------------------------------------------------------

    def _at(self, ahead: int, *, differing: bool) -> tuple[Unrolled, list[int]]:
        key = (ahead, differing)
        if key not in self._open:
            self._open[key] = Unrolled(
                self._window, self.plain, self.lockstep, ahead, differing=differing
            )
            for s in self._signals:
                self._open[key].assume_signal(s)
            self._switch[key] = {}
            self._known[key] = 0
        unrolled, switch = self._open[key], self._switch[key]
        proved = list(self._clauses.proved)
        for c in proved[self._known[key] :]:
            unrolled.assume_clause(c)
        self._known[key] = len(proved)
        for e in self.guarded:
            if e not in switch:
                (switch[e],) = unrolled.encoder.fresh(1).tolist()
                unrolled.assume_equality(e, switch[e])
        return unrolled, [switch[e] for e in self.guarded]

    def _count(self, what: str) -> None:
        self.log[what] = self.log.get(what, 0) + 1

    def _check_time(self) -> None:
        if time.monotonic() > self._end:
            raise TimeIsUpError


def _true(guard: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(guard))
