"""The judge of soundness that learning asks: bounded model checking, then induction."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from contracts.bounded import Bounded, bounded
from contracts.product import Question
from contracts.reach import instructions_within
from contracts.records import Records
from contracts.synthesise import (
    MOST,
    Check,
    Counterexample,
    Settings,
    Soundness,
    records_of,
)
from contracts.template import Atom
from contracts.unbounded import Unbounded, unbounded
from contracts.witness import Seen
from designs.cores.model import CoreModel
from verify.core.budget import Budget
from verify.core.process import CancelFlag
from verify.core.verdict import Status, Tier, Verdict

_LEAST: Final = 5.0  # seconds for a question, whatever is left of the whole


@dataclass(frozen=True, slots=True)
class Effort:
    """Cycles to look at (what the core's file says if ``None``), seconds for all questions
    together, memory of a process; ``unbounded``: is a proof for runs of any length tried, once
    the bounded search has looked at all of these cycles?
    """

    depth: int | None = None
    seconds: float = 300.0
    memory_mb: int = 4096
    unbounded: bool = False

    def cycles(self, core: CoreModel) -> int:
        """How many cycles to look at."""
        return self.depth or core.core.depth


def checker(
    core: CoreModel, settings: Settings, effort: Effort, cancel: CancelFlag | None = None
) -> Check:
    """Asks about one contract after the other."""
    end = time.monotonic() + effort.seconds

    def check(atoms: tuple[Atom, ...]) -> Soundness:
        left = max(_LEAST, end - time.monotonic())
        question = Question(core, atoms, settings.attacker, settings.programs, settings.ahead)
        return judged(question, replace(effort, seconds=left), cancel)

    return check


def judged(question: Question, effort: Effort, cancel: CancelFlag | None = None) -> Soundness:
    """Is a contract sound? First within the bound, and then, in the time left, without one."""
    core, end = question.core, time.monotonic() + effort.seconds
    cycles = effort.cycles(core)
    budget = Budget(seconds=effort.seconds, memory_mb=effort.memory_mb)
    answer = bounded(question, cycles, budget=budget, cancel=cancel)
    sound = soundness(answer, partial(instructions_within, core))
    whole = sound.verdict.status is Status.PROVED_BOUNDED and (sound.verdict.bound or 0) >= cycles
    if not whole or not effort.unbounded:
        return sound
    return without_bound(sound, unbounded(question, end - time.monotonic(), cancel))


def without_bound(sound: Soundness, found: Unbounded) -> Soundness:
    """What is known within a bound, with what came of the search for a proof without one."""
    if found.invariant is None:
        told = "; ".join(
            x for x in (sound.verdict.reason, f"no unbounded proof: {found.reason}") if x
        )
        return replace(sound, verdict=replace(sound.verdict, reason=told))
    verdict = Verdict(Status.PROVED, f"by induction: {found.invariant}", tier=Tier.TWO_ENGINES)
    return replace(sound, verdict=verdict, invariant=found.invariant)


def soundness(found: Bounded, within: Callable[[int], int]) -> Soundness:
    """An answer in the words of learning.

    The bound is what two engines had looked at, also where the search ran out of time, or one of
    them went further alone; without any such cycle nothing is confirmed. ``within`` says how many
    instructions can retire in so many cycles: if none can, nothing is proved.
    """
    verdict = found.verdict
    both = min(found.confirmed, found.fast)
    alone = verdict.status is Status.PROVED_BOUNDED and verdict.tier is None
    if both and (alone or verdict.status is Status.TIMEOUT):
        reason = f"{found.confirmed} cycles {verdict.reason}" if alone else verdict.reason
        verdict = Verdict(Status.PROVED_BOUNDED, reason, both, Tier.TWO_ENGINES)
    elif alone:
        reason = f"no violation in {found.confirmed} cycles, {verdict.reason}"
        verdict = Verdict(Status.UNCONFIRMED, reason)
    instructions = within(verdict.bound) if verdict.bound else 0
    if verdict.status is Status.PROVED_BOUNDED and not instructions:
        reason = f"no instruction retires in the first {verdict.bound} cycles after reset"
        verdict = Verdict(Status.VACUOUS, f"{reason}: look at more of them")
    seen = None
    if found.witness is not None:
        left, right = (_records(s) for s in found.witness.seen)
        seen = Counterexample(left, right, found.witness.instruction)
    return Soundness(verdict, seen, found.assumptions, found, instructions)


def _records(seen: Seen) -> Records:
    rows = [dict(r) for r in seen.records[:MOST]]
    return records_of(rows, max(MOST, len(rows)))
