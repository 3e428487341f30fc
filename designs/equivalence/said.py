"""Verdicts on what engines said of a joined circuit."""

from __future__ import annotations

from collections.abc import Sequence

from modelcheck.answer import Answer
from modelcheck.combinational import CombinationalAnswer
from modelcheck.portfolio import Result
from verify.core.verdict import Status, Tier, Verdict


def combinational(answer: CombinationalAnswer) -> Verdict:
    """On a circuit without latches."""
    if answer.vacuous:
        return Verdict(Status.VACUOUS, "no input satisfies the assumptions")
    if answer.status == "proved":
        return Verdict(Status.PROVED, tier=Tier.CERTIFICATE)
    status = {
        "refuted": Status.REFUTED,
        "timeout": Status.TIMEOUT,
        "memout": Status.MEMOUT,
        "error": Status.ERROR,
    }.get(answer.status, Status.UNKNOWN)
    return Verdict(status, answer.reason)


def sequential(result: Result) -> Verdict:
    """On a circuit with latches; ``PROVED_BOUNDED`` if two engines of different make say so."""
    answer = result.answer
    if answer.status == "safe":
        return Verdict(Status.PROVED, tier=Tier.CERTIFICATE)
    if answer.status == "unsafe":
        return Verdict(Status.REFUTED)
    if answer.status == "error":
        return Verdict(Status.ERROR, answer.reason)
    bound = confirmed_bound(result.answers)
    if bound:
        reason = f"no difference in the first {bound} cycles; {answer.reason or 'not beyond'}"
        return Verdict(Status.PROVED_BOUNDED, reason, bound, Tier.TWO_ENGINES)
    status = {"timeout": Status.TIMEOUT, "memout": Status.MEMOUT}.get(answer.status, Status.UNKNOWN)
    return Verdict(status, answer.reason or "no engine came to a conclusion")


def confirmed_bound(answers: Sequence[Answer]) -> int:
    """How many cycles two engines of different make have found free of differences."""
    abc = max((a.bound for a in answers if a.engine.startswith("abc")), default=0)
    ours = max((a.bound for a in answers if not a.engine.startswith("abc")), default=0)
    return min(abc, ours)
