"""Several engines on one circuit; the first conclusive answer settles it."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Sequence
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
_ROUNDS: Final = (0.15, 0.35, 1.0)  # of the time, for each round where engines must queue
_LAST: Final = len(_ROUNDS) - 1
_WEIGHTS: Final = {"abc pdr": 4, "correspondence": 2, "abc bmc3": 2}
"""Parts of the time after the first round, 1 for others: more for who settles what is not easy."""
_LEAST: Final = 1.0  # seconds that an engine is worth starting with
_STARTED: Final = {"correspondence": 2.0, "k-induction": 2.0, "bmc": 2.0}
"""The same of those that take half a second to start, or longer on a busy machine."""
_LATER: Final = frozenset({"bmc"})
"""Not in the first round: it confirms the bounds of another engine, and seldom does more."""


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
    tried: Collection[str] = (),
) -> Result:
    """Can a run of ``net`` that satisfies its constraints reach a bad cycle?

    At most ``jobs`` engines run at once. ``budget.seconds`` is for all of them; where they must
    queue, all get a little time first, and more in a second and a third round, in which only those
    run again that ran out of time: what is easy for one of them must not wait for the others. The
    check of an invariant may take as long again. ``tried`` names engines that had a little time
    already.
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
    queue = _Queue(engines, max(1, jobs), end, tried)
    answers: list[Answer] = []
    running: dict[Future[Answer], str] = {}
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        while queue.waiting or running:
            queue.trim()
            while queue.waiting and len(running) < max(1, jobs) and not stop.is_set():
                name, engine, seconds = queue.take()
                job = Job(net, seconds, budget.memory_mb, cycles, cancel=stop, seed=seed)
                running[pool.submit(_guarded, name, engine, job)] = name
            if stop.is_set():
                queue.waiting.clear()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                name = running.pop(future)
                answers.append(future.result())
                if answers[-1].conclusive:
                    done.set()
                if answers[-1].status != "timeout":
                    queue.drop(name)
    return Result(settle(answers), tuple(answers))


class _Queue:
    """Which engine runs next, and how long."""

    def __init__(
        self,
        engines: Sequence[tuple[str, Engine]],
        jobs: int,
        end: float,
        tried: Collection[str] = (),
    ) -> None:
        """``end`` is when all must be over; who was ``tried`` is not in the first round."""
        self._jobs, self._end = jobs, end
        # Where all can run at once, there is no need for rounds.
        self._rounds = (_LAST,) if jobs >= len(engines) else tuple(range(len(_ROUNDS)))
        self.waiting = [
            (n, name, engine)
            for n in self._rounds
            for name, engine in _ordered(engines, n)
            if n or not (name in tried or name in _LATER)
        ]
        self._names = {n: [w[1] for w in self.waiting if w[0] == n] for n in self._rounds}
        self._total = end - time.monotonic()
        self._asked: set[str] = set()

    def take(self) -> tuple[str, Engine, float]:
        """The next one, with its seconds."""
        n, name, engine = self.waiting.pop(0)
        self._asked.add(name)
        left = self._end - time.monotonic()
        if n < _LAST:
            whole, names = _ROUNDS[n] * self._total, self._names[n]
        else:
            whole, names = left, [name, *(other for _, other, _ in self.waiting)]
        part = _weight(name, n) / sum(_weight(other, n) for other in names)
        return name, engine, max(_STARTED.get(name, _LEAST), min(whole * part * self._jobs, left))

    def trim(self) -> None:
        """When time is over, who had some does not run again."""
        if time.monotonic() > self._end:
            self.waiting = [w for w in self.waiting if w[1] not in self._asked]

    def drop(self, name: str) -> None:
        """This one has said what it has to say: it does not run again."""
        self.waiting = [w for w in self.waiting if w[1] != name]


def _weight(name: str, n: int) -> int:
    """How much of round ``n`` is for this engine, as compared with others."""
    return _WEIGHTS.get(name, 1) if n else 1


def _ordered(engines: Sequence[tuple[str, Engine]], n: int) -> list[tuple[str, Engine]]:
    """In round ``n``, who gets most comes first."""
    return sorted(engines, key=lambda e: -_weight(e[0], n))


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
    reasons = "; ".join(dict.fromkeys(f"{a.engine}: {a.reason}" for a in answers if a.reason))
    return Answer(best.status, best.engine, best.seconds, bound, reason=reasons)
