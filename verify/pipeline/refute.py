"""From a claim that is not proved to a refutation: seen to fail in the real program, or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from extract.conditions import Claim
from extract.expr import subexpressions
from extract.interpret import (
    Interpreter,
    OutOfFuel,
    Panicked,
    Returned,
    SpecFunction,
    Unspecified,
    run,
)
from extract.rust.errors import RustError
from extract.rust.replay import (
    Breaks,
    CannotReplay,
    Panics,
    Prediction,
    Replay,
    Violates,
    replay,
    show_value,
)
from extract.smt_model import rebuild_arguments
from extract.values import InvalidValueError, Value, check_value
from verify.core.obligation import Obligation
from verify.core.outcome import Kind, Outcome
from verify.core.verdict import Status, Verdict
from verify.engines.recheck import REPLAY
from verify.pipeline.claims import Claimed, Prepared
from verify.pipeline.sampling import smaller
from verify.pipeline.trial import UNSAFE, Args, Failure, Trial, calls_unknown, meanings, until
from verify.pipeline.watch import Break

_INPUTS: Final = 2000  # random arguments tried
_SECONDS: Final = 10.0  # on one claim
_OPEN: Final = (Status.UNKNOWN, Status.TIMEOUT, Status.MEMOUT)
_FUEL: Final = 200_000
_STEPS: Final = 400  # runs spent on making a counterexample simpler


@dataclass(slots=True)
class Refutation:
    """What came of a counterexample: the verdict, text for people, files for the evidence."""

    verdict: Verdict
    detail: str = ""
    files: dict[str, bytes] = field(default_factory=dict)


def worth_trying(o: Obligation, outcome: Outcome) -> bool:
    """Is the claim open, so that a counterexample would settle it?"""
    return not o.unsupported and outcome.verdict.status in _OPEN and bool(o.goals)


def refute(
    prepared: Prepared, o: Obligation, outcome: Outcome, cache: Path, seed: int
) -> Refutation:
    """Look for a counterexample to ``o`` and replay it in the compiled code.

    What engines answered comes first, then random arguments. Where there is none, the verdict is
    that of ``outcome``, with what became of an engine's counterexample as its reason.
    """
    c = prepared.owner(o)
    if c is None or c.function is None:
        return _unowned(o, outcome)
    return _Search(prepared, c, o, cache).carry_out(outcome, seed)


def _unowned(o: Obligation, outcome: Outcome) -> Refutation:
    """A claim about the specification itself: nothing can be run."""
    if outcome.candidate is None:
        return Refutation(outcome.verdict)
    reason = f"an engine gives a counterexample to: {o.goals[outcome.candidate.goal].title}"
    return Refutation(Verdict(Status.UNKNOWN, reason))


class _Search:
    def __init__(self, prepared: Prepared, c: Claimed, o: Obligation, cache: Path) -> None:
        self.prepared, self.c, self.cache = prepared, c, cache
        self.claim: Claim = c.claims[c.obligations.index(o)]
        self.obligation = o
        self.trial = Trial(
            prepared.program, c.name, c.contract, prepared.contracts(), prepared.definitions
        )
        # For a test of the real program, nothing may stand in for what has no body.
        known = meanings(Interpreter(prepared.program))
        self.functions: dict[str, SpecFunction] = {**known, **prepared.definitions}

    def carry_out(self, outcome: Outcome, seed: int) -> Refutation:
        """See `refute`."""
        seeds = list(self._suggested(outcome))
        inputs = self.trial.inputs(Random(seed), _INPUTS, seeds)  # noqa: S311 - reproducible
        problem = ""
        for args in until(_SECONDS, inputs):
            found = self._predict(args)
            if isinstance(found, str):
                problem = problem or found
            elif found is not None:
                return self._replayed(*self._simplified(args, found))
        return Refutation(self._still_open(outcome, seeds, problem))

    def _simplified(self, args: Args, found: Prediction) -> tuple[Args, Prediction]:
        """A counterexample that is easier to read, as far as a few steps lead."""
        steps = 0
        progress = True
        while progress:
            progress = False
            for simpler in smaller(args):
                steps += 1
                if steps > _STEPS:
                    return args, found
                again = self._predict(simpler) if self._is_input(simpler) else None
                if type(again) is type(found):
                    args, found, progress = simpler, again, True
                    break
        return args, found

    def _is_input(self, args: Args) -> bool:
        """Are these values of the parameters' types that satisfy the preconditions?"""
        try:
            for p, a in zip(self.trial.function.params, args, strict=True):
                check_value(p.ty, a, self.prepared.program)
        except InvalidValueError:
            return False
        return self.trial.admits(args)

    def _suggested(self, outcome: Outcome) -> Iterator[Args]:
        """Arguments that engines' models give, those of the counterexample first."""
        models = [outcome.candidate.values] if outcome.candidate is not None else []
        models += [r.answer.values for r in outcome.records if r.answer.kind is Kind.SAT]
        function = self.trial.function
        for values in models:
            try:
                yield tuple(rebuild_arguments(self.prepared.program, function, values))
            except InvalidValueError:
                continue

    def _still_open(self, outcome: Outcome, seeds: Sequence[Args], problem: str) -> Verdict:
        if problem:
            return Verdict(Status.UNKNOWN, problem)
        if outcome.candidate is None:
            return outcome.verdict
        title = self.obligation.goals[outcome.candidate.goal].title
        what = {
            "loop": "the loop's clauses are not inductive, though true in every run tried",
            "requires": "the callee's precondition does not follow, though true in every run tried",
        }.get(
            self.claim.kind,
            "does not follow from what is assumed (contracts of callees, invariants of loops), "
            "though true in every run tried",
        )
        shown = f" (an engine suggests {self._shown(seeds[0], '; ')})" if seeds else ""
        return Verdict(Status.UNKNOWN, f"{what}: {title}{shown}")

    # Prediction ------------------------------------------------------------------------------

    def _predict(self, args: Args) -> Prediction | str | None:
        """What the real program must do on ``args`` to break the claim.

        ``None`` if it keeps the claim, and a text if it breaks it in a way that cannot be shown.
        """
        if self.claim.kind in ("loop", "requires"):
            found = self.trial.failure(args, self._is_ours)
            return None if found is None else self._of_break(args, found)
        try:
            outcome = run(self.prepared.program, self.c.name, args, _FUEL)
        except (OutOfFuel, Unspecified, LookupError) as problem:
            return self._unknown_run(args, str(problem))
        match self.claim.kind, outcome:
            case "panics", Panicked(message, kind):
                if kind in UNSAFE or self.trial.may_panic(args):
                    return None
                return Panics(message)
            case "unsafe", Panicked(message, kind) if kind in UNSAFE:
                return f"undefined behaviour, which a test cannot show: {message}, with " + (
                    self._shown(args, ", ")
                )
            case "ensures", Returned():
                return self._of_return(args, outcome)
        return None

    def _is_ours(self, found: Break) -> bool:
        # A function may have several loops, each with a claim of its own.
        return found.kind == self.claim.kind and self.claim.text.startswith(found.owner)

    def _of_return(self, args: Args, outcome: Returned) -> Prediction | str | None:
        for broken in self.trial.broken_ensures(args, outcome):
            clause = broken.clause
            if clause is not None and clause.text == self.claim.text:
                if self._speaks_of_unknowns():
                    return None
                return Violates(clause.text, clause.expr, outcome.outputs, self.functions)
        return None

    def _unknown_run(self, args: Args, problem: str) -> Prediction | str | None:
        """The lifted function calls something without a body: only the real one knows."""
        if self._abstract() and self.claim.kind == "ensures" and not self._speaks_of_unknowns():
            guess = self.trial.run(args)
            if isinstance(guess, Returned) and self._of_return(args, guess) is not None:
                clause = next(e for e in self.c.contract.ensures if e.text == self.claim.text)
                return Violates(clause.text, clause.expr, None, self.functions)
        if self._abstract():
            return None
        return f"the counterexample cannot be run in the reference semantics: {problem}"

    def _of_break(self, args: Args, found: Failure) -> Prediction | str | None:
        broken = found.broken
        if broken is None:  # it breaks something else, of which another claim speaks
            return None
        try:
            outcome = run(self.prepared.program, self.c.name, args, _FUEL)
        except (OutOfFuel, Unspecified, LookupError) as problem:
            return f"{found}, but the run does not end in a known way: {problem}"
        outputs, message = None, ""
        if isinstance(outcome, Returned):
            outputs = outcome.outputs
        elif outcome.kind in UNSAFE:
            return f"{found}, but the run ends in undefined behaviour: {outcome.message}"
        else:
            message = outcome.message
        return Breaks(
            broken.text, broken.claim, broken.where, broken.values, outputs, message,
            self.functions,
        )  # fmt: skip

    def _abstract(self) -> bool:
        return calls_unknown(self.prepared.program, self.c.name)

    def _speaks_of_unknowns(self) -> bool:
        """Does the claim apply functions whose real values are not known?"""
        clauses = [e.expr for e in self.c.contract.ensures if e.text == self.claim.text]
        bodies = [d.body for d in self.prepared.definitions.values()]
        applied = {e.attr for e in subexpressions([*clauses, *bodies]) if e.op == "app"}
        program = self.prepared.program
        return any(calls_unknown(program, n) for n in applied - self.prepared.definitions.keys())

    # Replay ----------------------------------------------------------------------------------

    def _replayed(self, args: Args, predicted: Prediction) -> Refutation:
        head = f"{self._title(predicted)}\nwith\n  {self._shown(args, chr(10) + '  ')}\n"
        assert self.c.function is not None  # noqa: S101 - `refute` has checked
        try:
            done = replay(
                self.prepared.workspace, self.prepared.program, self.c.function, args, predicted,
                self.cache,
            )  # fmt: skip
        except CannotReplay as problem:
            reason = f"a counterexample was found but cannot be replayed: {problem}"
            return Refutation(Verdict(Status.UNKNOWN, reason), head)
        except RustError as problem:
            return Refutation(Verdict(Status.ERROR, f"replay failed: {problem}"), head)
        guessed = isinstance(predicted, Violates) and predicted.outputs is None
        if guessed and done.outcome == "passed":
            reason = "depends on functions without a body, and holds where it was tried"
            return Refutation(Verdict(Status.UNKNOWN, reason), head)
        return _judged(done, head)

    def _title(self, predicted: Prediction) -> str:
        match predicted:
            case Breaks(text, where=where):
                return f"{text}\nis false {where}"
            case Panics(message):
                return f"panics: {message}" if message else "panics"
        return self.claim.text

    def _shown(self, args: Sequence[Value], separator: str) -> str:
        assert self.c.function is not None  # noqa: S101 - `refute` has checked
        return separator.join(
            f"{p.name} = {show_value(a, self.prepared.program)}"
            for p, a in zip(self.c.function.params, args, strict=True)
        )


def _judged(done: Replay, head: str) -> Refutation:
    detail = f"{head}\n{done.test_source}\n{done.reason}\n"
    told = {
        "command": list(done.command),
        "outcome": done.outcome,
        "reason": done.reason,
        "output": done.output[-20_000:],
    }
    files = {
        "counterexample.txt": detail.encode(),
        "counterexample.rs": done.test_source.encode(),
        REPLAY: json.dumps(told, indent=1).encode(),
    }
    if done.outcome == "failed-as-predicted":
        return Refutation(Verdict(Status.REFUTED, done.reason), detail, files)
    reason = f"the counterexample does not replay in the compiled code ({done.outcome})"
    return Refutation(Verdict(Status.ERROR, f"{reason}: {done.reason}"), detail, files)
