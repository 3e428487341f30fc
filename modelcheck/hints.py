"""Proofs with hints: which clauses each step follows from, and only the steps that are needed.

A step is found to follow by unit propagation (RUP), as `modelcheck.drat` does; here it is recorded
which clauses became units and which became false, so that a checker need not search. Nothing is
trusted in this file: what it makes is checked elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class HintsError(Exception):
    """A step that does not follow by unit propagation."""


@dataclass(frozen=True, slots=True)
class Hinted:
    """A clause and, in order, the clauses that become units and at last false if it is false.

    Clauses are known by number: those given have theirs, steps follow from ``Hints.first`` on.
    ``units`` has for each hint the literal that it leaves, 0 for the last, which leaves none.
    """

    number: int
    clause: tuple[int, ...]
    hints: tuple[int, ...]
    units: tuple[int, ...]


class Hints:
    """Takes steps in order; literals are ``2 * variable``, plus 1 if negative."""

    def __init__(self, given: Sequence[tuple[int, Sequence[int]]], first: int) -> None:
        """``given`` are numbered clauses; the numbers of steps begin with ``first``."""
        self.first = first
        self._next = first
        self._clauses: dict[int, list[int]] = {}
        self._steps: dict[int, Hinted] = {}
        self._watched: defaultdict[int, list[int]] = defaultdict(list)
        self._value: dict[int, bool] = {}
        self._reason: dict[int, int] = {}
        self._trail: list[int] = []
        self._head = 0
        self._named: defaultdict[frozenset[int], list[int]] = defaultdict(list)
        for number, clause in given:
            self._add(number, clause)

    def learn(self, clause: Sequence[int], *, keep: bool = True) -> int:
        """The number of a step that says ``clause``; with ``keep``, later ones may use it.

        Raises `HintsError` if it does not follow.
        """
        unique = tuple(dict.fromkeys(clause))
        hints = self._hints(unique)
        step = Hinted(self._next, unique, hints, self._units(unique, hints))
        self._steps[step.number] = step
        self._next += 1
        if keep:
            self._add(step.number, unique)
        return step.number

    def forget(self, clause: Iterable[int]) -> None:
        """Let later steps use one clause of these literals no more."""
        known = self._named.get(frozenset(clause))
        if known:
            number = known[-1]
            lits = self._clauses[number]
            # The reason of a known literal stays: that literal may be needed.
            if any(self._reason.get(x) == number for x in lits):
                return
            known.pop()
            del self._clauses[number]

    def needed(self, goals: Iterable[int]) -> list[Hinted]:
        """The steps that ``goals`` rest on, in order."""
        wanted = set(goals)
        for number in range(self._next - 1, self.first - 1, -1):
            if number in wanted:
                wanted.update(h for h in self._steps[number].hints if h >= self.first)
        return [self._steps[n] for n in sorted(wanted)]

    def _add(self, number: int, clause: Sequence[int]) -> None:
        lits = sorted(dict.fromkeys(clause), key=lambda x: self._value.get(x) is False)
        self._clauses[number] = lits
        self._named[frozenset(lits)].append(number)
        for lit in lits[:2]:
            self._watched[lit].append(number)
        open_ = [x for x in lits[:2] if self._value.get(x) is not False]
        if len(open_) == 1 and self._value.get(open_[0]) is None:
            self._assign(open_[0], number)
        # A conflict for good would be an empty clause: equivalences have none.
        if self._propagate() is not None or not open_:
            raise HintsError("the clauses contradict each other")

    def _assign(self, lit: int, reason: int) -> None:
        self._value[lit], self._value[lit ^ 1] = True, False
        self._reason[lit] = reason
        self._trail.append(lit)

    def _hints(self, clause: Sequence[int]) -> tuple[int, ...]:
        mark = len(self._trail)
        conflict = None
        for lit in clause:
            value = self._value.get(lit)
            if value is True:
                conflict = self._reason[lit]
                break
            if value is None:
                self._assign(lit ^ 1, -1)
        if conflict is None:
            conflict = self._propagate()
        used = None if conflict is None else self._used(conflict, {x ^ 1 for x in clause})
        for lit in self._trail[mark:]:
            del self._value[lit], self._value[lit ^ 1], self._reason[lit]
        del self._trail[mark:]
        self._head = mark
        if used is None:
            raise HintsError(f"a clause does not follow: {list(clause)[:12]}")
        return used

    def _units(self, clause: Sequence[int], hints: Sequence[int]) -> tuple[int, ...]:
        """What each hint leaves, given those before it."""
        false, found = set(clause), []
        for number in hints:
            left = [x for x in self._clauses[number] if x not in false]
            found.append(left[0] if left else 0)
            false.update(x ^ 1 for x in left)
        return tuple(found)

    def _used(self, conflict: int, assumed: set[int]) -> tuple[int, ...]:
        """The reasons behind a clause that became false, in the order of the trail."""
        if conflict < 0:
            raise HintsError("a clause that holds anyhow")
        lits = self._clauses[conflict]
        wanted = {x ^ 1 for x in lits} - assumed
        found = [conflict]
        for lit in reversed(self._trail):
            if lit in wanted:
                reason = self._reason[lit]
                found.append(reason)
                wanted.update({x ^ 1 for x in self._clauses[reason] if x != lit} - assumed)
        return tuple(reversed(found))

    def _propagate(self) -> int | None:
        """Close under unit propagation; the number of a clause that became false."""
        while self._head < len(self._trail):
            false = self._trail[self._head] ^ 1
            self._head += 1
            conflict = self._visit(false)
            if conflict is not None:
                return conflict
        return None

    def _visit(self, false: int) -> int | None:
        watching, self._watched[false] = self._watched[false], []
        stay = self._watched[false]
        value, clauses = self._value, self._clauses
        for at, number in enumerate(watching):
            lits = clauses.get(number)
            if lits is None:
                continue
            if lits[0] == false and len(lits) > 1:
                lits[0], lits[1] = lits[1], false
            if value.get(lits[0]) is True and lits[0] != false:
                stay.append(number)
                continue
            for k in range(2, len(lits)):
                if value.get(lits[k]) is not False:
                    lits[1], lits[k] = lits[k], false
                    self._watched[lits[1]].append(number)
                    break
            else:
                stay.append(number)
                if value.get(lits[0]) is False:
                    stay += watching[at + 1 :]
                    return number
                self._assign(lits[0], number)
        return None
