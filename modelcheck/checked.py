"""Asks the independent checker of invariants, in a process of its own for each of two solvers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from modelcheck.child import ask
from modelcheck.invariant import Invariant
from verify.core.process import CancelFlag, Limits

SOLVERS: Final = ("minisat22", "cadical195")
"""Two code bases."""


@dataclass(frozen=True, slots=True)
class Check:
    """``problems`` is empty if the invariant was accepted by both solvers; ``seconds`` wall time.

    ``refuted`` tells an invariant that is wrong from one that could not be checked in time.
    """

    problems: tuple[str, ...]
    seconds: float
    refuted: bool = False

    @property
    def accepted(self) -> bool:
        """Does the invariant prove the obligation?"""
        return not self.problems


def check_invariant(
    aiger: bytes,
    invariant: Invariant,
    *,
    seconds: float = 60.0,
    memory_mb: int = 4096,
    solvers: Sequence[str] = SOLVERS,
    cancel: CancelFlag | None = None,
) -> Check:
    """Does ``invariant`` prove that no run of the obligation reaches bad?

    ``aiger`` is the obligation, ASCII or binary AIGER 1.9 with ``B`` and ``C`` lines. ``seconds``
    is for both solvers together.
    """
    data = len(aiger).to_bytes(8, "big") + aiger + invariant.to_text().encode()
    spent = 0.0
    for solver in solvers:
        limits = Limits(max(0.1, seconds - spent), memory_mb=memory_mb)
        found = ask(data, "check", {"solver": solver}, limits=limits, cancel=cancel)
        spent += found.seconds
        facts = found.facts or {}
        if found.failure:
            return Check((f"{solver}: {found.failure}",), spent)
        if facts.get("accepted") is not True:
            problem = facts.get("problem", "no answer")
            return Check((f"{solver}: {problem}",), spent, refuted="problem" in facts)
    return Check((), spent)
