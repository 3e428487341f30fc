"""From an engine's counterexample to a refutation: seen to fail in the real program, or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from extract.conditions import Claim
from extract.contract import RESULT, final
from extract.expr import Expr
from extract.interpret import OutOfFuel, Panicked, Returned, Unspecified, evaluate, run
from extract.program import Function
from extract.rust.errors import RustError
from extract.rust.replay import Panics, Prediction, Replay, Violates, replay, show_value
from extract.rust.rustgen import CannotReplay
from extract.smt_model import rebuild_arguments
from verify.core.obligation import Obligation
from verify.core.outcome import Candidate
from verify.core.verdict import Status, Verdict
from verify.pipeline.claims import Claimed, Prepared


@dataclass(slots=True)
class Refutation:
    """What came of a counterexample: the verdict, text for people, files for the evidence."""

    verdict: Verdict
    detail: str = ""
    files: dict[str, bytes] = field(default_factory=dict)


def refute(prepared: Prepared, o: Obligation, candidate: Candidate, cache: Path) -> Refutation:
    """Replay ``candidate`` in the interpreter, then in the compiled code."""
    c = prepared.owner(o)
    if c is None or c.function is None:
        reason = f"an engine gives a counterexample to goal `{o.goals[candidate.goal].title}`"
        return Refutation(Verdict(Status.UNKNOWN, reason))
    args = rebuild_arguments(prepared.program, c.function, candidate.values)
    shown = "\n".join(
        f"  {p.name} = {show_value(a)}" for p, a in zip(c.function.params, args, strict=True)
    )
    goal = o.goals[candidate.goal]
    head = f"{goal.title}\n{goal.path}\nwith\n{shown}\n"
    claim = c.claims[c.obligations.index(o)]
    predicted = _predict(prepared, c, claim, args, o)
    if isinstance(predicted, str):
        verdict = Verdict(Status.UNKNOWN, predicted)
        return Refutation(verdict, head + predicted + "\n")
    try:
        done = replay(prepared.workspace, prepared.program, c.function, args, predicted, cache)
    except CannotReplay as problem:
        reason = f"a counterexample was found but cannot be replayed: {problem}"
        return Refutation(Verdict(Status.UNKNOWN, reason), head)
    except RustError as problem:
        return Refutation(Verdict(Status.ERROR, f"replay failed: {problem}"), head)
    return _judge(done, head, args)


def _judge(done: Replay, head: str, args: object) -> Refutation:
    detail = f"{head}\n{done.test_source}\n{done.reason}\n"
    files = {
        "counterexample.txt": detail.encode(),
        "counterexample.rs": done.test_source.encode(),
        "replay.json": json.dumps(
            {"command": list(done.command), "outcome": done.outcome, "reason": done.reason,
             "output": done.output[-20_000:]}, indent=1,
        ).encode(),
    }  # fmt: skip
    if done.outcome == "failed-as-predicted":
        return Refutation(Verdict(Status.REFUTED, done.reason), detail, files)
    reason = f"the counterexample does not replay in the compiled code ({done.outcome}): {done.reason}"
    return Refutation(Verdict(Status.ERROR, reason), detail, files)


def _predict(
    prepared: Prepared, c: Claimed, claim: Claim, args: list[object], o: Obligation
) -> Prediction | str:
    """What the real program must do, by the reference semantics; or why there is no prediction."""
    assert c.function is not None  # noqa: S101 - the caller has checked
    scope: dict[str, object] = {
        p.name: a for p, a in zip(c.function.params, args, strict=True)
    }
    try:
        for clause in c.contract.requires:
            if not _holds(clause.expr, scope, prepared):
                return "the counterexample breaks a precondition: it is not one"
        outcome = run(prepared.program, c.name, args)
    except (OutOfFuel, Unspecified, LookupError) as problem:
        return f"the counterexample cannot be run in the reference semantics: {problem}"
    if isinstance(outcome, Panicked):
        if claim.kind in ("panics", "requires"):
            allowed = c.contract.panics
            if allowed is not None and _holds(allowed.expr, scope, prepared):
                return "the panic of the counterexample is allowed"
            return Panics(outcome.message)
        return f"the counterexample panics before it matters: {outcome.message}"
    return _violation(prepared, c, claim, scope, outcome)


def _violation(
    prepared: Prepared, c: Claimed, claim: Claim, scope: dict[str, object], outcome: Returned
) -> Prediction | str:
    function = c.function
    assert function is not None  # noqa: S101 - the caller has checked
    if claim.kind in ("loop", "requires", "panics", "unsafe"):
        return _other_violation(prepared, c, claim, scope, outcome)
    clause = next(e for e in c.contract.ensures if e.text == claim.text)
    after = _after(function, scope, outcome)
    if _holds(clause.expr, after, prepared):
        return "the counterexample satisfies the claim: the abstraction was too coarse"
    return Violates(clause.text, clause.expr, outcome.outputs, prepared.definitions)


def _other_violation(
    prepared: Prepared, c: Claimed, claim: Claim, scope: dict[str, object], outcome: Returned
) -> Prediction | str:
    """A broken invariant or precondition inside is real if the function's own claims then fail."""
    assert c.function is not None  # noqa: S101 - the caller has checked
    after = _after(c.function, scope, outcome)
    for clause in c.contract.ensures:
        if not _holds(clause.expr, after, prepared):
            return Violates(clause.text, clause.expr, outcome.outputs, prepared.definitions)
    what = {"loop": "the loop's invariants are not inductive", "requires":
            "a callee's precondition may not hold"}.get(claim.kind, "the condition may fail")  # fmt: skip
    return f"{what}, but the function's own claims hold on this input: {claim.text}"


def _after(
    function: Function, scope: Mapping[str, object], outcome: Returned
) -> dict[str, object]:
    after = dict(scope)
    after[RESULT] = outcome.outputs[0]
    changed = [p for p in function.params if p.mutable]
    for p, value in zip(changed, outcome.outputs[1:], strict=True):
        after[final(p.name)] = value
    return after


def _holds(e: Expr, scope: Mapping[str, object], prepared: Prepared) -> bool:
    return bool(evaluate(e, scope, prepared.definitions))
