"""Claims about programs, proved down to Lean's kernel: question, answer, what is kept.

A `Prover` turns a question into Lean text: the program's definitions, the theorem, its proof. What
it says is not believed: `check` has the gate judge it. What is kept of an accepted proof can be
checked again from its own files and our library alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Protocol

from extract.conditions import Claim as ProgramClaim
from extract.contract import Contract, Definition
from extract.program import Program
from proofs.gate import Claim, ClaimError, judge
from proofs.library import LibraryError, compiled, digest
from verify.core.process import CancelFlag
from verify.engines.lean import Lean

FILE: Final = "lean/proof.json"
"""The file in a bundle that holds the parts of a proof; it marks a proof by the kernel."""
THEOREM: Final = "lean/theorem.lean"
"""The same as one Lean file, for people."""

_SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Question:
    """One claim of a contract: number ``index`` of its kind about the function ``name``."""

    program: Program
    name: str
    contract: Contract
    contracts: Mapping[str, Contract]
    definitions: Mapping[str, Definition]
    claim: ProgramClaim
    index: int


@dataclass(frozen=True, slots=True)
class Proof:
    """Lean text of the theorem named ``theorem``, whose proof ``body`` may use ``lemmas``."""

    theorem: str
    claim: Claim
    lemmas: str
    body: str

    def text(self) -> str:
        """All of it as one file."""
        binders = f" {self.claim.binders}" if self.claim.binders.strip() else ""
        return (
            f"{self.claim.head}set_option autoImplicit false\n\n{self.claim.definitions}\n"
            f"{self.lemmas}\ntheorem {self.theorem}{binders} :\n"
            f"    {self.claim.proposition} :=\n{self.body}\n"
        )


@dataclass(frozen=True, slots=True)
class OpenGoal:
    """There is no proof: ``why`` in a sentence, ``goal`` what is left to show, as Lean tells it."""

    why: str
    goal: str = ""


@dataclass(frozen=True, slots=True)
class KernelProof:
    """A proof that the kernel accepts, with the files to keep of it."""

    theorem: str
    axioms: tuple[str, ...]
    files: Mapping[str, bytes]


class Prover(Protocol):
    """Whatever turns questions into Lean text."""

    def __call__(self, question: Question) -> Proof | OpenGoal:
        """A proof, or what stands in its way; never an exception for want of a proof."""
        ...


def check(
    proof: Proof, lean: Lean, library: Path, cancel: CancelFlag | None = None
) -> KernelProof | OpenGoal:
    """Have the gate judge a proof. Raises `ToolMissing` if Lean cannot be started."""
    try:
        judged = judge(proof.claim, proof.body, lean, library, lemmas=proof.lemmas, cancel=cancel)
    except ClaimError as error:
        return OpenGoal(f"Lean does not take the statement of {proof.theorem}: {error}")
    if not judged.accepted:
        return OpenGoal(f"{proof.theorem}: {judged.reason}", judged.goal)
    told = {
        "schema": _SCHEMA,
        "lean": lean.version,
        "library": digest(),
        "axioms": judged.axioms,
        **asdict(proof),
    }
    files = {
        FILE: (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode(),
        THEOREM: proof.text().encode(),
    }
    return KernelProof(proof.theorem, judged.axioms, files)


def recheck(files: Mapping[str, bytes], lean: Lean, cache: Path) -> str:
    """What is wrong with a kept proof, found by having all of it checked again; empty if nothing.

    Raises `ToolMissing` if Lean cannot be started.
    """
    try:
        told = json.loads(files[FILE])
        if told["schema"] != _SCHEMA:
            return f"{FILE} has schema {told['schema']}, this version reads {_SCHEMA}"
        claim = Claim(**{**told["claim"], "imports": tuple(told["claim"]["imports"])})
        proof = Proof(told["theorem"], claim, told["lemmas"], told["body"])
        if files[THEOREM] != proof.text().encode():
            return f"{THEOREM} is not the theorem of {FILE}"
        if told["library"] != digest():
            return "it was proved with another version of the Lean library; prove it anew"
        checked = check(proof, lean, compiled(lean, cache))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return f"{FILE} is malformed: {error!r}"
    except LibraryError as error:
        return str(error)
    if isinstance(checked, OpenGoal):
        return checked.why
    return "" if list(checked.axioms) == told["axioms"] else "it rests on other axioms than it says"
