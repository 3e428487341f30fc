"""Soundness of a contract for runs of up to so many cycles, by bounded model checking.

ABC's `&bmcs` goes first: it is fast. Its product has no memory, so that "no violation" holds for
every memory, while a violation must be one of a memory: it is run again on a single core
(`contracts.witness`) before it is believed. If memory would not have answered so, our own search
takes over, which learns what memory must answer from each such run (`contracts.memory`). It also
confirms the bound, as an engine of another code base.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from contracts.memory import Facts, accesses, conflicts, memory_words
from contracts.product import Product, Question, latches_alike, product
from contracts.witness import Witness, WitnessError, witness
from extract.cnf import ABSENT, Encoder
from extract.cnf_needed import Unrolling
from extract.netlist import Literals
from extract.trace import Trace
from modelcheck.and_form import and_form
from modelcheck.bmc import run_of
from modelcheck.engines import Job, abc_bmcs
from modelcheck.solver import Incremental
from verify.core.budget import Budget
from verify.core.process import CancelFlag
from verify.core.verdict import Status, Tier, Verdict

BUDGET: Final = Budget(seconds=300.0)
SOLVER: Final = "glucose4"
_SILENCE: Final = 5.0  # seconds after which it says how far it is
_CONFLICTS: Final = 20_000
"""After so many the solver comes back, so that time is looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Bounded:
    """What was found.

    ``verdict``: PROVED_BOUNDED with the number of cycles, and with a tier if two engines looked at
    all of them; REFUTED with ``witness``, which has been run again; else TIMEOUT, or UNKNOWN with
    the reason. ``fast`` is the
    number of cycles without violation by ABC alone, ``confirmed`` by our own search. ``facts``
    counts what had to be said about memory; without any, the bound holds for every memory.
    ``seconds``: wall time of both engines.
    """

    verdict: Verdict
    assumptions: tuple[str, ...]
    fast: int
    confirmed: int
    facts: int
    seconds: tuple[float, float]
    witness: Witness | None = None


def bounded(
    question: Question,
    cycles: int,
    *,
    budget: Budget = BUDGET,
    cancel: CancelFlag | None = None,
    say: Callable[[str], None] = lambda _text: None,
) -> Bounded:
    """Is there a violation within ``cycles`` cycles after reset?

    ``budget.seconds`` is for everything: half of it, if needed, for each engine. ``say`` hears how
    far they are. Raises `ProductError` if the question cannot be asked.
    """
    pair = product(question)
    started = time.monotonic()
    job = Job(and_form(pair.netlist), budget.seconds / 2, budget.memory_mb, cycles, cancel=cancel)
    first = abc_bmcs(job)
    fast = first.bound
    if first.trace is not None:
        fast = first.trace.cycles - 1
        found = _witness(pair, first.trace)
        if found is not None:
            used = (time.monotonic() - started, 0.0)
            verdict = Verdict(Status.REFUTED, _reason(found))
            return Bounded(verdict, question.assumptions(), fast, 0, 0, used, found)
    between = time.monotonic()
    say(f"no violation in {fast} of {cycles} cycles by ABC")
    search = _Search(pair, started + budget.seconds, cancel)
    search.say = lambda: say(f"no violation in {search.done} of {cycles} cycles, confirmed")
    verdict, second = search.run(cycles)
    if verdict.status is Status.PROVED_BOUNDED and fast < cycles:
        reason = f"after {fast} cycles by our own search alone, which knows what memory answers"
        verdict = Verdict(verdict.status, reason, bound=cycles)
    if search.done < cycles and verdict.status is Status.TIMEOUT and fast > search.done:
        verdict = Verdict(
            Status.TIMEOUT, f"{verdict.reason}; without confirmation, ABC reached {fast}"
        )
    used = (between - started, time.monotonic() - between)
    assumptions = question.assumptions()
    return Bounded(verdict, assumptions, fast, search.done, search.facts, used, second)


def _witness(pair: Product, trace: Trace) -> Witness | None:
    """The run as a witness, if memory answers so and it breaks the contract."""
    same = pair.question.programs == "same"
    if conflicts(accesses(pair, trace), same_program=same):
        return None
    try:
        return witness(pair, trace)
    except WitnessError:
        return None


def _reason(found: Witness) -> str:
    return (
        f"in cycle {found.cycle} the attacker sees a difference in instruction "
        f"{found.instruction}, which the contract does not show"
    )


class _Search:
    """Our own search, one cycle more at a time."""

    def __init__(self, pair: Product, end: float, cancel: CancelFlag | None) -> None:
        self._pair, self._end, self._cancel = pair, end, cancel
        net = pair.netlist
        self._encoder = Encoder(net, self._roots())
        self._sat = Incremental(self._encoder, SOLVER)
        self._runs = Unrolling(self._encoder, _alike(pair, self._encoder.initial()))
        self._memory = Facts(pair, self._encoder, self._runs.cycles)
        self.done = 0
        self.facts = 0
        self.say: Callable[[], None] = lambda: None

    def run(self, cycles: int) -> tuple[Verdict, Witness | None]:
        """The verdict for runs of up to so many cycles."""
        net = self._pair.netlist
        said = time.monotonic()
        while self.done < cycles:
            frame = self._runs.add()
            self._encoder.units(frame.of(net.constraints))
            bad = self._encoder.any_of(frame.of(net.bad))
            verdict, found = self._cycle(bad)
            if verdict is not None:
                return verdict, found
            self._encoder.units([bad ^ 1])
            self.done += 1
            if time.monotonic() - said > _SILENCE:
                said = time.monotonic()
                self.say()
        return Verdict(Status.PROVED_BOUNDED, bound=cycles, tier=Tier.TWO_ENGINES), None

    def _cycle(self, bad: int) -> tuple[Verdict | None, Witness | None]:
        """Is the last frame bad in a run of a memory? No verdict if it is not."""
        while True:
            answer = self._solve(bad)
            if answer is None:
                reason = f"no violation in {self.done} cycles, then time was up"
                return Verdict(Status.TIMEOUT, reason), None
            if not answer:
                return None, None
            trace = run_of(self._pair.netlist, self._runs.start, self._runs.cycles, self._sat)
            wrong = conflicts(
                accesses(self._pair, trace),
                same_program=self._pair.question.programs == "same",
            )
            if not wrong:
                return self._judged(trace)
            for conflict in wrong:
                self._memory.add(conflict)
            self.facts += len(wrong)

    def _judged(self, trace: Trace) -> tuple[Verdict, Witness | None]:
        try:
            found = witness(self._pair, trace)
        except WitnessError as problem:
            reason = f"a violation that does not happen again on the core itself: {problem}"
            return Verdict(Status.UNKNOWN, reason), None
        return Verdict(Status.REFUTED, _reason(found)), found

    def _solve(self, bad: int) -> bool | None:
        while time.monotonic() < self._end and not (self._cancel and self._cancel.is_set()):
            answer = self._sat.solve([bad], conflicts=_CONFLICTS)
            if answer is not None:
                return answer
        return None

    def _roots(self) -> Literals:
        words = memory_words(self._pair.question.core)
        net = self._pair.netlist
        of = [copy(w) for copy in self._pair.copies for w in words]
        return np.concatenate([net.bad, net.constraints, *of]).astype(np.int32)


def _alike(pair: Product, start: Literals) -> Literals:
    """The first state, in which one literal stands for what the copies begin with alike.

    The product has it as a constraint; said so, gates that read nothing else are encoded once.
    """
    literals = latches_alike(pair.question.core)
    left, right = ((copy(literals) >> 1) - pair.netlist.first_latch for copy in pair.copies)
    found = start.copy()
    both = (start[left] != ABSENT) & (start[right] != ABSENT)
    found[right[both]] = start[left[both]]
    return found
