"""Prove obligations with several engines at once.

First pass: every goal's first encoding and every assumption go, in batches with a short limit, to
the engines that are best at them. Second pass: what is still open races over every engine and
encoding, losers being stopped, until the budget is spent. `verify.engines.decide` draws the
verdict.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest
from typing import Final, Protocol

from verify.core.budget import Budget
from verify.core.obligation import Obligation, Query
from verify.core.outcome import Answer, Kind, Outcome
from verify.core.process import CancelFlag, ToolMissing
from verify.engines.base import Solver
from verify.engines.batch import ask
from verify.engines.case import Case, Item, Stop, Task
from verify.engines.logic import is_bit_level
from verify.engines.table import BIT_LEVEL

FIRST_LIMIT: Final = 2.0  # seconds a query in the first pass
_AVERAGE: Final = 0.5  # seconds a query that a batch of the first pass may take on average
_GROWTH: Final = 4  # from one round of the race to the next: repetition costs a third at most
_CHUNK: Final = 8  # obligations whose first passes share one batch
_POLL: Final = 0.05  # seconds between looks at the flags while waiting for a slot


@dataclass
class _Means:
    """What a run works with; ``slots`` bounds the child processes at work at once."""

    solvers: Sequence[Solver]
    budget: Budget
    slots: threading.Semaphore
    width: int


def prove(
    obligation: Obligation,
    engines: Sequence[Solver],
    budget: Budget,
    *,
    cancel: CancelFlag | None = None,
) -> Outcome:
    """Put one obligation to ``engines`` until it is decided or the budget is spent.

    A goal that an engine says can fail makes the verdict ``UNKNOWN`` and `Outcome.candidate` set:
    replay it, and only then call it refuted. ``cancel`` ends it early (``UNKNOWN``). Never raises
    for what an engine does.
    """
    started = time.monotonic()
    width = max(2, os.cpu_count() or 1)
    means = _Means(engines, budget, threading.Semaphore(width), width)
    case = Case(obligation, cancel)
    _first_pass([case], means, cancel)
    _second_pass(case, means)
    return replace(case.outcome(), seconds=time.monotonic() - started)


def prove_many(
    obligations: Sequence[Obligation],
    engines: Sequence[Solver],
    budget: Budget,
    *,
    jobs: int,
    on_done: Callable[[Obligation, Outcome], None] | None = None,
    cancel: CancelFlag | None = None,
) -> Iterator[tuple[Obligation, Outcome]]:
    """Prove many obligations with about ``jobs`` child processes at once; yield as they finish.

    Fair: all get their first pass before any gets its second, so that hard ones do not hold up
    easy ones. ``on_done`` is called, in the caller's thread, before the pair is yielded. Leaving
    the iteration early, by an exception such as `KeyboardInterrupt` as well, stops every child.
    """
    stop = Stop(cancel)
    width = max(2, jobs)
    means = _Means(engines, budget, threading.Semaphore(width), width)
    cases = [Case(o, stop) for o in obligations]
    size = max(1, min(_CHUNK, -(-len(cases) // jobs)))
    with ThreadPoolExecutor(jobs, "prove") as pool:
        try:
            running: dict[Future[None], list[Case]] = {}
            for start in range(0, len(cases), size):
                chunk = cases[start : start + size]
                running[pool.submit(_first_pass, chunk, means, stop)] = chunk
            first = set(running)
            while running:
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    future.result()
                    for case in running.pop(future):
                        if future in first and case.open():
                            running[pool.submit(_second_pass, case, means)] = [case]
                            continue
                        outcome = case.outcome()
                        if on_done is not None:
                            on_done(case.obligation, outcome)
                        yield case.obligation, outcome
        finally:
            stop.stop()
            pool.shutdown(cancel_futures=True)


def _first_pass(cases: Sequence[Case], means: _Means, cancel: CancelFlag | None) -> None:
    """Ask the best two engines about each item's first encoding (one engine on an assumption)."""
    batches: dict[str, list[tuple[Case, Task]]] = {}
    for case in cases:
        for item in case.items:
            first = [t for t in _ranked(case, item, means.solvers) if t.query == 0]
            for task in first[: 2 if item.part == "goal" else 1]:
                batches.setdefault(task.solver.name, []).append((case, task))
    stop = Stop(cancel)
    _in_parallel([partial(_batch, batch, means, stop) for batch in batches.values()], stop)
    for case in cases:
        case.spent += case.first_seconds()


def _batch(batch: Sequence[tuple[Case, Task]], means: _Means, cancel: CancelFlag) -> None:
    """Ask one solver the first pass's questions."""
    if not _take_slot(means.slots, None, cancel):
        return
    try:
        average = min(_AVERAGE, means.budget.seconds)
        deadline = time.monotonic() + FIRST_LIMIT + average * len(batch)
        limit = min(FIRST_LIMIT, means.budget.seconds)
        queries = [case.items[task.item][task.query] for case, task in batch]
        answers = _ask(batch[0][1].solver, queries, limit, means, deadline, cancel)
    finally:
        means.slots.release()
    for (case, task), answer in zip(batch, answers, strict=True):
        case.note(task, answer)


def _second_pass(case: Case, means: _Means) -> None:
    """Race every engine and encoding over what is open, with all that is left of the budget.

    In rounds of growing limits, so that a hopeless engine does not keep a good one waiting.
    """
    started = time.monotonic()
    deadline = started + means.budget.seconds - case.spent
    ranked = [_ranked(case, item, means.solvers) for item in case.open()]
    tasks = [t for rank in zip_longest(*ranked) for t in rank if t is not None]
    limit, left = FIRST_LIMIT, deadline - started
    while tasks := [t for t in tasks if case.useful(t)]:
        few = len(tasks) <= means.width
        limit = left if few else min(limit, left)
        _in_parallel(
            [partial(_one, case, t, limit, deadline, means) for t in tasks if case.fresh(t, limit)],
            case,
            means.width,
        )
        left = deadline - time.monotonic()
        if left <= limit or few:
            break
        limit *= _GROWTH
    case.spent += time.monotonic() - started


def _one(case: Case, task: Task, limit: float, deadline: float, means: _Means) -> None:
    """Run one task of the race, unless it has become pointless."""
    cancel = case.stop_of(task.item)
    if not case.useful(task):
        return
    answer = Answer(Kind.CANCELLED, reason="no time left")
    if _take_slot(means.slots, deadline, cancel):
        try:
            query = case.items[task.item][task.query]
            limit = min(limit, deadline - time.monotonic())
            (answer,) = _ask(task.solver, [query], limit, means, deadline, cancel)
        finally:
            means.slots.release()
    case.note(task, answer)


def _ask(
    solver: Solver,
    queries: Sequence[Query],
    seconds: float,
    means: _Means,
    deadline: float,
    cancel: CancelFlag,
) -> list[Answer]:
    """As `ask`, with a solver that has gone missing as an error on each query."""
    try:
        return ask(
            solver, queries, seconds=seconds, budget=means.budget, deadline=deadline, cancel=cancel
        )
    except ToolMissing as problem:
        return [Answer(Kind.ERROR, reason=str(problem))] * len(queries)


def _take_slot(slots: threading.Semaphore, deadline: float | None, cancel: CancelFlag) -> bool:
    """Wait for leave to start a child; False if time ran out or we were stopped first."""
    while not cancel.is_set() and (deadline is None or time.monotonic() < deadline):
        if slots.acquire(timeout=_POLL):
            return True
    return False


class _Stoppable(Protocol):
    def stop(self) -> None: ...


def _in_parallel(
    jobs: Sequence[Callable[[], None]], whole: _Stoppable, width: int | None = None
) -> None:
    """Run ``jobs`` in threads; if one raises, or we are interrupted, stop ``whole``; re-raise."""
    if not jobs:
        return
    with ThreadPoolExecutor(width or len(jobs), "engine") as pool:
        try:
            for future in [pool.submit(job) for job in jobs]:
                future.result()
        except BaseException:
            whole.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _ranked(case: Case, item: Item, solvers: Sequence[Solver]) -> list[Task]:
    """Every task on ``item``, most promising first."""
    ranked: list[tuple[int, int, Task]] = []
    for q, query in enumerate(case.items[item]):
        able = [s for s in solvers if s.engine.supports(query.logic)]
        if is_bit_level(query.logic):
            able.sort(key=lambda s: BIT_LEVEL.index(s.name) if s.name in BIT_LEVEL else len(able))
        ranked += [(q + rank, q, Task(item, q, s)) for rank, s in enumerate(able)]
    return [task for *_, task in sorted(ranked, key=lambda t: t[:2])]
