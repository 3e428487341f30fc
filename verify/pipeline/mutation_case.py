"""One mutant and one set of claims that should notice it: what inputs show of the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from extract.conditions import Claim
from extract.interpret import Panicked, Returned
from extract.mutate import Mutant
from extract.rust.replay import show_value
from extract.smt_model import rebuild_arguments
from extract.values import InvalidValueError
from verify.core.outcome import Kind, Outcome
from verify.pipeline.claims import Claimed
from verify.pipeline.sampling import size
from verify.pipeline.trial import Args, Trial, until

KILLED, EQUIVALENT, ACCEPTED, OPEN = "killed", "equivalent", "accepted", ""
_LARGE: Final = 300  # scalars of a model that is worth a run


@dataclass(slots=True)
class Case:
    """A mutant of a function that is claimed, or that a claimed function uses."""

    claimed: Claimed
    mutant: Mutant
    original: Trial
    trial: Trial
    inputs: Sequence[Args] = ()
    tried: int = 0
    claims: list[Claim] = field(default_factory=list)
    fate: str = OPEN
    reason: str = ""
    differs: str = ""

    def try_inputs(self, upto: int | None, seconds: float) -> None:
        """Run it on inputs not tried before, until it is killed or has had its time."""
        for args in until(seconds, self.inputs[self.tried : upto]):
            self.tried += 1
            self.judge(args)
            if self.fate != OPEN:
                return

    def judge(self, args: Args) -> None:
        """Run it on admitted arguments: does it break a claim, or at least differ?"""
        found = self.trial.failure(args)
        if found is not None:
            self.fate, self.reason = KILLED, str(found)
        elif not self.differs and not _same(self.original.run(args), self.trial.run(args)):
            pairs = zip(self.trial.function.params, args, strict=True)
            shown = ((p.name, show_value(a, self.trial.program)) for p, a in pairs)
            self.differs = ", ".join(f"{name} = {value}" for name, value in shown)

    def judge_models(self, outcome: Outcome) -> None:
        """Try every input that an engine suggests."""
        for record in outcome.records:
            if self.fate != OPEN or record.answer.kind is not Kind.SAT:
                continue
            try:
                model = rebuild_arguments(
                    self.trial.program, self.trial.function, record.answer.values
                )
            except InvalidValueError:
                continue
            if size(tuple(model)) <= _LARGE and self.trial.admits(model):
                self.judge(tuple(model))


def _same(one: Returned | Panicked | None, other: Returned | Panicked | None) -> bool:
    if isinstance(one, Panicked) and isinstance(other, Panicked):
        return True
    return one == other or one is None or other is None


def together(cases: Sequence[Case]) -> Case:
    """The case that says what becomes of a mutant.

    The cases are those of one mutant by several sets of claims: one is enough to kill it.
    """
    for fate in (KILLED, OPEN, ACCEPTED, EQUIVALENT):
        found = next((c for c in cases if c.fate == fate), None)
        if found is not None:
            return found
    raise ValueError("a mutant that no claims are to notice")
