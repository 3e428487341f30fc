"""Several engines on one circuit; the first conclusive answer settles it."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Final

from extract.netlist import Netlist
from modelcheck.and_form import and_form
from modelcheck.answer import Answer
from modelcheck.engines import ALL, Engine, Job
from verify.core.budget import Budget
from verify.core.process import CancelFlag

_BUDGET: Final = Budget()


@dataclass(frozen=True, slots=True)
class Result:
    """``answer`` is what the engines together say, ``answers`` what each said, as they came in."""

    answer: Answer
    answers: tuple[Answer, ...]


class _Either:
    """Set once one of several flags is."""

    def __init__(self, *flags: CancelFlag | None) -> None:
        self._flags = [flag for flag in flags if flag is not None]

    def is_set(self) -> bool:
        return any(flag.is_set() for flag in self._flags)


def check(
    net: Netlist,
    *,
    budget: Budget = _BUDGET,
    jobs: int = 1,
    cycles: int | None = None,
    engines: Sequence[tuple[str, Engine]] = ALL,
    cancel: CancelFlag | None = None,
    seed: int = 0,
) -> Result:
    """Can a run of ``net`` that satisfies its constraints reach a bad cycle?

    At most ``jobs`` engines run at once. ``budget.seconds`` is for all of them; where they must
    queue, each gets its share of what is left. The check of an invariant may take as long again.
    With ``cycles``, bounded engines stop there, and ``bounded`` is the answer if no engine has a
    better one. Raises `NetlistError` for arrays that are no circuit.
    """
    net.validate()
    net = and_form(net)
    if not len(net.bad):
        answer = Answer("error", "", reason="the circuit has nothing that is said to be bad")
        return Result(answer, (answer,))
    done = threading.Event()
    stop = _Either(done, cancel)
    end = time.monotonic() + budget.seconds
    queue = list(engines)
    answers: list[Answer] = []
    running: set[Future[Answer]] = set()
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        while queue or running:
            while queue and len(running) < max(1, jobs) and not stop.is_set():
                rounds = math.ceil(len(queue) / max(1, jobs))
                seconds = max(0.5, (end - time.monotonic()) / rounds)
                job = Job(net, seconds, budget.memory_mb, cycles, cancel=stop, seed=seed)
                running.add(pool.submit(_guarded, *queue.pop(0), job))
            if stop.is_set():
                queue.clear()
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                answers.append(future.result())
                if answers[-1].conclusive:
                    done.set()
    return Result(settle(answers), tuple(answers))


def _guarded(name: str, engine: Engine, job: Job) -> Answer:
    """An engine's answer, whatever it does."""
    started = time.monotonic()
    try:
        return engine(job)
    except Exception as error:  # noqa: BLE001 - a defect of one engine must not cost the others
        reason = f"{type(error).__name__}: {error}"
        return Answer("error", name, time.monotonic() - started, reason=reason)


def settle(answers: Sequence[Answer]) -> Answer:
    """What answers amount to: a conclusive one, else the one that got furthest.

    Two conclusive answers that contradict each other are an ``error``.
    """
    conclusive = [answer for answer in answers if answer.conclusive]
    if len({answer.status for answer in conclusive}) > 1:
        said = "; ".join(f"{answer.engine}: {answer.status}" for answer in conclusive)
        return Answer("error", "", reason=f"engines contradict each other: {said}")
    if conclusive:
        return conclusive[0]
    order = ("bounded", "timeout", "memout", "unknown", "error")
    best = min(answers, key=lambda answer: (order.index(answer.status), -answer.bound))
    bound = max(answer.bound for answer in answers)
    reasons = "; ".join(f"{a.engine}: {a.reason}" for a in answers if a.reason)
    return Answer(best.status, best.engine, best.seconds, bound, reason=reasons)
