"""Tier ``kernel``: what two engines hold for proved is proved once more, down to Lean's kernel."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from extract.conditions import Claim, recursive_definitions
from extract.contract import Contract
from proofs.kernel import FILE, OpenGoal, Prover, Question, check, recheck
from proofs.library import LibraryError, compiled, digest
from proofs.limited import LimitedProver
from verify.core.obligation import Obligation
from verify.core.outcome import Outcome
from verify.core.process import ToolMissing
from verify.core.verdict import Status, Tier
from verify.engines import lean
from verify.engines.lean import Lean
from verify.pipeline.claims import Prepared

OPEN_GOAL: Final = "lean/open-goal.txt"
"""The file in the evidence of a claim that Lean does not accept a proof of: what is left."""
TRUSTED: Final = (
    "tier kernel: Lean's kernel, with the operations on numbers that it computes by itself",
    "tier kernel: our Lean text of the program (tested against its interpreter) and claims",
)
_CLAIMED: Final = ("ensures", "panics", "unsafe", "loop", "requires")


@dataclass(frozen=True, slots=True)
class Raised:
    """An outcome after Lean was asked, the files to keep and what is left to prove, for people."""

    outcome: Outcome
    files: Mapping[str, bytes]
    detail: str = ""


class Kernel:
    """Lean with our library, and the prover that makes proofs for it."""

    def __init__(self, cache: Path, memory_mb: int) -> None:
        """Find Lean; the library is compiled below ``cache``. Raises `ToolMissing`.

        ``memory_mb`` MiB of memory are for the prover.
        """
        self.lean: Lean = lean.find()
        try:
            self.library = compiled(self.lean, cache)
        except LibraryError as error:
            remedy = "run without --tier kernel; nothing else needs it"
            raise ToolMissing("the Lean library", str(error), remedy) from error
        self.prove: Prover = LimitedProver(memory_mb)

    @property
    def versions(self) -> tuple[str, ...]:
        """What a verdict of this tier depends on beside the engines."""
        return (f"tier {Tier.KERNEL.value}", f"lean {self.lean.version}", f"library {digest()}")

    def raised(self, prepared: Prepared, o: Obligation, outcome: Outcome) -> Raised:
        """``outcome`` with the tier of the kernel if Lean accepts a proof, else with the reason."""
        if outcome.verdict.status is not Status.PROVED:
            return Raised(outcome, {})
        started = time.monotonic()
        found = self._asked(prepared, o)
        outcome = replace(outcome, seconds=outcome.seconds + time.monotonic() - started)
        if isinstance(found, OpenGoal):
            reason = f"no proof by the kernel: {found.why}"
            files = {OPEN_GOAL: f"{found.why}\n\n{found.goal}\n".encode()}
            verdict = replace(outcome.verdict, reason=reason)
            return Raised(replace(outcome, verdict=verdict), files, found.goal)
        verdict = replace(outcome.verdict, tier=Tier.KERNEL)
        return Raised(replace(outcome, verdict=verdict), found)

    def _asked(self, prepared: Prepared, o: Obligation) -> Mapping[str, bytes] | OpenGoal:
        question = _question(prepared, o)
        if question is None:
            return OpenGoal(f"no theorem is made of claims of kind {o.kind}")
        proof = self.prove(question)
        if isinstance(proof, OpenGoal):
            return proof
        checked = check(proof, self.lean, self.library)
        return checked if isinstance(checked, OpenGoal) else checked.files


def place(id_: str) -> str:
    """The folder for evidence of this tier about an obligation.

    Two functions may come to the same questions to engines, but never to the same theorem.
    """
    return f"kernel/{hashlib.sha256(id_.encode()).hexdigest()[:16]}"


def is_kept(evidence: Path) -> bool:
    """Does the evidence hold a proof for the kernel?"""
    return (evidence / FILE).is_file()


def recheck_proof(files: Mapping[str, bytes], cache: Path) -> list[str]:
    """What is wrong with the kept proof, in words; empty if nothing."""
    if FILE not in files:
        return ["recorded as proved by the kernel, but there is no proof"]
    try:
        problem = recheck(files, lean.find(), cache)
    except ToolMissing as missing:
        problem = str(missing)
    return [f"the proof for the kernel: {problem}"] if problem else []


def _question(prepared: Prepared, o: Obligation) -> Question | None:
    if o.kind == "definition":
        return _about_definition(prepared, o)
    owner = prepared.owner(o)
    if owner is None or o.kind not in _CLAIMED:
        return None
    claim = owner.claims[owner.obligations.index(o)]
    same = [c for c in owner.claims if c.kind == claim.kind]
    return Question(
        prepared.program, owner.name, owner.contract, prepared.contracts(), prepared.definitions,
        claim, next(i for i, c in enumerate(same) if c is claim),
    )  # fmt: skip


def _about_definition(prepared: Prepared, o: Obligation) -> Question:
    number = [other for other in prepared.obligations if other.kind == o.kind].index(o)
    name = recursive_definitions(prepared.definitions)[number].name
    claim = Claim(o.kind, o.claim)
    return Question(prepared.program, name, Contract(), {}, prepared.definitions, claim, 0)
