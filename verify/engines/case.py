"""One obligation while it is being proved: its open questions and the answers so far."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from verify.core.obligation import Obligation, Query
from verify.core.outcome import Answer, Kind, Outcome, Part, Record
from verify.core.process import CancelFlag
from verify.core.smtlib import script
from verify.core.verdict import Status, Verdict
from verify.engines import decide
from verify.engines.base import Solver

# Asking again with more time can't change these.
_FINAL: Final = (Kind.UNSAT, Kind.SAT, Kind.UNKNOWN, Kind.MEMOUT, Kind.ERROR)


class Stop:
    """A flag that is also set when its parent is."""

    def __init__(self, parent: CancelFlag | None = None) -> None:
        self._event = threading.Event()
        self._parent = parent

    def stop(self) -> None:
        """Ask everybody below to stop."""
        self._event.set()

    def is_set(self) -> bool:
        """Has somebody asked us to stop?"""
        return self._event.is_set() or (self._parent is not None and self._parent.is_set())


@dataclass(frozen=True, slots=True)
class Item:
    """A goal or an assumption."""

    part: Part
    index: int


@dataclass(frozen=True, slots=True)
class Task:
    """One query of an item, for one solver."""

    item: Item
    query: int
    solver: Solver


class Case:
    """One obligation on its way to a verdict."""

    def __init__(self, obligation: Obligation, cancel: CancelFlag | None) -> None:
        self.obligation = obligation
        self.spent = 0.0
        goals = {Item("goal", i): g.queries for i, g in enumerate(obligation.goals)}
        wanted = {Item("assumption", i): (q,) for i, q in enumerate(obligation.assumptions)}
        self.items = {} if obligation.unsupported else wanted | goals
        self._stop = Stop(cancel)
        self._stops = {item: Stop(self._stop) for item in self.items}
        self._records: dict[Item, dict[tuple[int, str], Record]] = {i: {} for i in self.items}
        self._lock = threading.Lock()
        self._cancel = cancel

    def note(self, task: Task, answer: Answer) -> None:
        """Take down an answer; stop the rivals if it decides something."""
        record = _record(task, self.items[task.item][task.query], answer)
        with self._lock:
            known = self._records[task.item]
            if answer.kind is not Kind.CANCELLED or (task.query, task.solver.name) not in known:
                known[task.query, task.solver.name] = record
        if self.decided(task.item):
            self._stops[task.item].stop()
            if answer.kind is (Kind.UNSAT if task.item.part == "assumption" else Kind.SAT):
                self._stop.stop()  # it can't be PROVED any more

    def stop(self) -> None:
        """End every child that works on it."""
        self._stop.stop()

    def stop_of(self, item: Item) -> Stop:
        """The flag that is set once ``item`` is decided."""
        return self._stops[item]

    def _on(self, item: Item) -> list[Record]:
        with self._lock:
            return list(self._records[item].values())

    def decided(self, item: Item) -> bool:
        """Is there nothing more to ask about ``item``?"""
        found = self._on(item)
        if item.part == "assumption":
            return decide.proved(found) or decide.satisfiable(self.items[item][0], found)
        goal = self.obligation.goals[item.index]
        return decide.proved(found) or decide.refuted(goal, found) is not None

    def useful(self, task: Task) -> bool:
        """Could an answer still change anything? A family that said unsat can't confirm itself."""
        if self.stop_of(task.item).is_set():
            return False
        found = self._on(task.item)
        same = (r for r in found if (r.query, r.engine) == (task.query, task.solver.name))
        return not any(r.answer.kind in _FINAL for r in same) and not any(
            r.answer.kind is Kind.UNSAT and r.family == task.solver.family for r in found
        )

    def fresh(self, task: Task, limit: float) -> bool:
        """Has it not been tried in vain with about ``limit`` seconds already?"""
        key = (task.query, task.solver.name)
        with self._lock:
            known = self._records[task.item].get(key)
        if known is None or known.answer.kind is Kind.CANCELLED:
            return True
        return known.answer.seconds < 0.8 * limit

    def first_seconds(self) -> float:
        """Its part of the time of the first pass: that of the slower engine on its queries."""
        total: dict[str, float] = {}
        for item in self.items:
            for r in self._on(item):
                total[r.engine] = total.get(r.engine, 0.0) + r.answer.seconds
        return max(total.values(), default=0.0)

    def open(self) -> list[Item]:
        """Items not decided, if that still matters."""
        return [item for item in self.items if not self.stop_of(item).is_set()]

    def outcome(self) -> Outcome:
        """What became of it."""
        found = (r for item in self.items for r in self._on(item))
        records = tuple(sorted(found, key=lambda r: (r.part, r.index, r.query, r.engine)))
        verdict = decide.decide(self.obligation, records)
        if verdict.tier is None and self._cancel is not None and self._cancel.is_set():
            verdict = Verdict(Status.UNKNOWN, "cancelled")
        failing = verdict.reason == decide.NOT_REPLAYED
        clash = decide.contradiction(self.obligation, records) or ()
        return Outcome(
            verdict,
            records,
            decide.candidate(self.obligation, records) if failing else None,
            dict(map(self._reproducer, clash)),
            self.spent,
            sum(r.answer.seconds for r in records),
        )

    def _reproducer(self, record: Record) -> tuple[str, str]:
        query = decide.query_of(self.obligation, record)
        return f"{record.engine}-{record.answer.kind.value}.smt2", script(query.text, query.inputs)


def _record(task: Task, query: Query, answer: Answer) -> Record:
    s = task.solver
    return Record(
        task.item.part, task.item.index, task.query, query.encoding,
        s.name, s.family, s.version, s.command, answer,
    )  # fmt: skip
