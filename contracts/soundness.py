"""The judge of soundness that learning asks: bounded model checking, its answers as verdicts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
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
from contracts.witness import Seen
from designs.cores.model import CoreModel
from verify.core.budget import Budget
from verify.core.process import CancelFlag
from verify.core.verdict import Status, Tier, Verdict

_LEAST: Final = 5.0  # seconds for a question, whatever is left of the whole


@dataclass(frozen=True, slots=True)
class Effort:
    """Cycles to look at (what the core's file says if ``None``), seconds for all questions
    together, memory of a process.
    """

    depth: int | None = None
    seconds: float = 300.0
    memory_mb: int = 4096

    def cycles(self, core: CoreModel) -> int:
        """How many cycles to look at."""
        return self.depth or core.core.depth


def checker(
    core: CoreModel,
    settings: Settings,
    effort: Effort,
    cancel: CancelFlag | None = None,
    say: Callable[[str], None] = lambda _text: None,
) -> Check:
    """Asks about one contract after the other; ``say`` hears how far each question is."""
    end = time.monotonic() + effort.seconds

    def check(atoms: tuple[Atom, ...]) -> Soundness:
        left = max(_LEAST, end - time.monotonic())
        question = Question(core, atoms, settings.attacker, settings.programs, settings.ahead)
        budget = Budget(seconds=left, memory_mb=effort.memory_mb)
        cycles = effort.cycles(core)
        answer = bounded(question, cycles, budget=budget, cancel=cancel, say=say)
        return soundness(answer, partial(instructions_within, core))

    return check


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
