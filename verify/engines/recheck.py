"""Check a verdict again from its evidence folder alone, with the engines of this machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from verify.core.budget import Budget
from verify.core.evidence import Evidence, EvidenceError, load
from verify.core.outcome import Kind
from verify.core.process import CancelFlag
from verify.core.verdict import Status, Tier, Verdict
from verify.engines.base import Solver
from verify.engines.batch import ask
from verify.engines.case import Case, Item, Task
from verify.engines.decide import NOT_REPLAYED, decide
from verify.engines.portfolio import prove

_RESTS_ON: Final = {
    Status.PROVED: (Kind.UNSAT, Kind.SAT),
    Status.PROVED_BOUNDED: (Kind.UNSAT, Kind.SAT),
    Status.UNCONFIRMED: (Kind.UNSAT,),
    Status.VACUOUS: (Kind.UNSAT,),
    Status.REFUTED: (Kind.SAT,),
}
"""Which answers a verdict rests on; the others claim nothing that could be run again."""
_OPEN: Final = (Status.UNKNOWN, Status.TIMEOUT, Status.MEMOUT)
REPLAY: Final = "replay.json"
"""The file in the evidence of a refutation that tells how its test went."""


def recheck(
    path: Path,
    engines: Sequence[Solver],
    budget: Budget | None = None,
    *,
    kernel_beside: bool = False,
    cancel: CancelFlag | None = None,
) -> list[str]:
    """What is wrong with the evidence in ``path``, in words; empty if all is well.

    The manifest and the digest are checked, the verdict is drawn again from the recorded answers,
    and each answer that it rests on is asked for again: the same engine on the same query, and if
    that does not give the verdict again, everything anew. ``budget`` is as for `prove`.
    ``kernel_beside``: the caller checks proofs by the kernel, and asks here whether the engines
    that were asked first bear such a verdict out as well.
    """
    budget = budget or Budget()
    try:
        evidence = load(path)
    except EvidenceError as error:
        return [str(error)]
    if kernel_beside and evidence.outcome.verdict.tier is Tier.KERNEL:
        evidence = _without_kernel(evidence)
    told = evidence.outcome.verdict
    problems = _inconsistent(evidence, path)
    if problems or told.status not in _RESTS_ON or _only_run(evidence):
        return problems
    again = _ask_again(evidence, engines, budget, cancel)
    if not _supports(again, told):
        again = prove(evidence.obligation, engines, budget, cancel=cancel).verdict
    if not _supports(again, told):
        why = f"{again}: {again.reason}" if again.reason else str(again)
        return [f"{path}: recorded as {told}, but now it is {why}"]
    return []


def _without_kernel(evidence: Evidence) -> Evidence:
    """As it was before the kernel was asked."""
    verdict = replace(evidence.outcome.verdict, tier=Tier.TWO_ENGINES)
    return replace(evidence, outcome=replace(evidence.outcome, verdict=verdict))


def _only_run(evidence: Evidence) -> bool:
    """Was it refuted by running it alone, so that there is nothing to ask engines?

    A counterexample that was found by trying, or that no complete encoding describes.
    """
    drawn = decide(evidence.obligation, evidence.outcome.records)
    told = evidence.outcome.verdict
    return told.status is Status.REFUTED and drawn.status in _OPEN and not _supports(drawn, told)


def _replay_failed(path: Path) -> bool:
    """Does the file of the replay say that the test failed as predicted?"""
    try:
        return bool(json.loads((path / REPLAY).read_text())["outcome"] == "failed-as-predicted")
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _inconsistent(evidence: Evidence, path: Path) -> list[str]:
    """Does the recorded verdict follow from the recorded answers?"""
    told, outcome = evidence.outcome.verdict, evidence.outcome
    if told.tier is not None and told.tier is not Tier.TWO_ENGINES:
        return [f"a proof of tier {told.tier.value} is not checked by solvers"]
    drawn = decide(evidence.obligation, outcome.records)
    if told.status is Status.REFUTED and not (REPLAY in evidence.extra and _replay_failed(path)):
        return ["recorded as REFUTED, but without a replay that failed as predicted"]
    if _only_run(evidence):
        return []
    if told.status in _RESTS_ON and not _supports(drawn, told):
        return [f"recorded as {told}, but the recorded answers amount to {drawn}"]
    return []


def _supports(drawn: Verdict, told: Verdict) -> bool:
    """Do answers that amount to ``drawn`` bear out the verdict ``told``?"""
    if told.status is Status.REFUTED:
        return drawn.reason == NOT_REPLAYED
    return (drawn.status, drawn.bound, drawn.tier) == (told.status, told.bound, told.tier)


def _ask_again(
    evidence: Evidence, engines: Sequence[Solver], budget: Budget, cancel: CancelFlag | None
) -> Verdict:
    """The verdict drawn from the same engines' answers to the same queries, asked now."""
    wanted = _RESTS_ON[evidence.outcome.verdict.status]
    case = Case(evidence.obligation, cancel)
    for solver in engines:
        tasks = [
            Task(Item(r.part, r.index), r.query, solver)
            for r in evidence.outcome.records
            if r.answer.kind in wanted and r.engine == solver.name
        ]
        queries = [case.items[task.item][task.query] for task in tasks]
        answers = ask(solver, queries, seconds=budget.seconds, budget=budget, cancel=cancel)
        for task, answer in zip(tasks, answers, strict=True):
            case.note(task, answer)
    return case.outcome().verdict
