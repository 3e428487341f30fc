"""The gate: whether a proof that we did not write proves what we claim.

The claim stands in a module of our own, which Lean elaborates before it sees the proof. The proof
fills the body of one theorem in a second module. A third module of ours states the claim again,
by its name in the first module, proves it by that theorem, and asks which axioms it rests on.
What is believed: that Lean came to the end of each of the three with exit status 0 and no error,
what the third says of its own theorem, whose name no proof can know, and what the compiled module
of the proof declares, read by code of ours.
"""

from __future__ import annotations

import re
import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from proofs import olean
from proofs.words import RefusedError, proof_text, statement_text
from verify.core.process import CancelFlag, Limits
from verify.engines.lean import Checked, Lean, check

AXIOMS: Final = frozenset({"propext", "Quot.sound", "Classical.choice"})
"""What a theorem may rest on beside the kernel."""
LIMITS: Final = Limits(
    seconds=600.0, cpu_seconds=180, memory_mb=8192, output_bytes=1 << 22, file_bytes=1 << 28
)

_LONGEST_REASON: Final = 200  # characters
_HEAD: Final = "set_option autoImplicit false\n"
_MADE: Final = re.compile(
    r"\.(eq_\d+|eq_def|eq_unfold|match_\d+(_\d+)*|_proof_\d+|_simp_\d+|congr_simp|hcongr_\d+"
    r"|splitter|congr_eq_\d+|_sparseCasesOn_\d+)(\.|$)"
)
"""Ends of names that Lean gives to lemmas which its tactics make on the way."""
_EXTENSIONS: Final = re.compile(
    r"(_private\.Lean\.[\w.]*\.0\.)?(Lean\.)?(declRangeExt|reducibilityCore|Compiler\.inlineAttrs"
    r"|exportedAxiomsExt|modPkgExt|Meta\.Match\.Extension\.extension|extraModUses"
    r"|deprecatedModuleExt|defeqAttr|backwardDefeqAttr|Meta\.Match\.matchEqnsExt|protectedExt"
    r"|Meta\.congrKindsExt|Meta\.eqnInfoExt|noncomputableExt|IR\.declMapExt"
    r"|Compiler\.LCNF\.\w+(\.\w+)*|namespacesExt|auxRecExt|noConfusionExt|Meta\.unfoldEqnExt)"
)
"""What Lean notes of any theorem. A module with other notes changed its language or its rules."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A theorem that is to be proved, in Lean text of ours.

    ``definitions`` are commands, ``binders`` stand before the colon and may be empty.
    ``imports`` are modules of the library.
    """

    definitions: str
    binders: str
    proposition: str
    imports: tuple[str, ...] = ("Verify.Logic",)

    @property
    def head(self) -> str:
        """The first lines of a file in which it is stated."""
        return "prelude\n" + "".join(f"import {m}\n" for m in self.imports)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a proof is accepted; ``reason`` says why not.

    ``axioms`` are those that it rests on; ``goal`` is what Lean says is left to prove, if that
    is the trouble.
    """

    accepted: bool
    reason: str = ""
    axioms: tuple[str, ...] = ()
    goal: str = ""
    seconds: float = field(default=0.0, compare=False)


class ClaimError(Exception):
    """The claim itself is not accepted by Lean, whatever its proof."""


def judge(
    claim: Claim,
    proof: str,
    lean: Lean,
    library: Path,
    *,
    lemmas: str = "",
    limits: Limits = LIMITS,
    cancel: CancelFlag | None = None,
) -> Judgement:
    """Judge the text ``proof`` of a proof of ``claim``; ``library`` is the compiled library.

    ``lemmas`` are theorems that the proof may use: of our own making, but checked like the proof.
    Raises `ClaimError` if the claim is at fault, `ToolMissing` if Lean cannot be started.
    """
    gate = Gate(claim, lean, library, limits, cancel)
    try:
        return gate.judge(proof, lemmas)
    finally:
        gate.close()


class Gate:
    """One claim, ready for any number of proofs. To be closed."""

    def __init__(
        self,
        claim: Claim,
        lean: Lean,
        library: Path,
        limits: Limits = LIMITS,
        cancel: CancelFlag | None = None,
    ) -> None:
        """Have the claim elaborated. Raises `ClaimError`."""
        self.claim, self.lean, self.library = claim, lean, library
        self.limits, self.cancel = limits, cancel
        self.mark = secrets.token_hex(8)  # what a proof cannot know, it cannot name
        self._kept = tempfile.TemporaryDirectory(prefix="verify-gate-")
        self.folder = Path(self._kept.name)
        try:
            self._state()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Remove the files."""
        self._kept.cleanup()

    def judge(self, proof: str, lemmas: str = "") -> Judgement:
        """Judge one proof. Raises `ToolMissing` if Lean cannot be started."""
        try:
            body, before = proof_text(proof), statement_text(lemmas)
        except RefusedError as refused:
            return Judgement(False, f"not allowed in a proof: {refused}")
        if not body.strip():
            return Judgement(False, "there is no proof")
        tried, lines = self._try(body, before)
        if not tried.ok:
            return _failed(tried, lines, self.limits)
        strange = _strange(self._compiled("Candidate"), f"candidate_{self.mark}", before != "")
        if strange:
            return Judgement(False, strange, seconds=tried.done.seconds)
        return self._audit(tried.done.seconds)

    def _state(self) -> None:
        for module in self.claim.imports:
            if not re.fullmatch(r"Verify(\.[A-Za-z]+)+", module):
                raise ClaimError(f"{module!r} is no module of the library")
        try:
            definitions = statement_text(self.claim.definitions)
            statement_text(f"{self.claim.binders} : {self.claim.proposition}")
        except RefusedError as refused:
            raise ClaimError(str(refused)) from refused
        binders = f"∀ {self.claim.binders},\n  " if self.claim.binders.strip() else ""
        text = f"def goal_{self.mark} : Prop :=\n  {binders}{self.claim.proposition}\n"
        self._write("Statement", f"{self.claim.head}{_HEAD}{definitions}\n{text}")
        done = self._run("Statement")
        if not done.ok:
            raise ClaimError(done.problem)
        contents = self._compiled("Statement")
        if contents.axioms:
            raise ClaimError(f"`{contents.axioms[0]}` is an axiom")
        bad = [c for c in contents.constants if c.split(".")[0] in _OURS]
        if bad:
            raise ClaimError(f"`{bad[0]}` belongs to the library: the kernel trusts such names")

    def _try(self, body: str, lemmas: str) -> tuple[Checked, int]:
        """What Lean says of the proof, and how many lines of ours stand before it."""
        c = self.claim
        binders = f" {c.binders}" if c.binders.strip() else ""
        head = (
            f"prelude\nimport Statement\n{_HEAD}{lemmas}\n"
            f"theorem candidate_{self.mark}{binders} :\n    {c.proposition} :=\n"
        )
        indented = "".join(f"  {line}\n" for line in body.split("\n"))
        self._write("Candidate", head + indented)
        return self._run("Candidate"), head.count("\n")

    def _audit(self, seconds: float) -> Judgement:
        name = f"audit_{self.mark}"
        text = (
            "prelude\nimport Statement\nimport Candidate\n"
            f"theorem {name} : goal_{self.mark} := @candidate_{self.mark}\n"
            f"#print axioms {name}\n"
        )
        self._write("Audit", text)
        done = self._run("Audit")
        seconds += done.done.seconds
        if not done.ok:
            return Judgement(False, f"it proves something else: {done.problem}", seconds=seconds)
        axioms = _axioms(done, name)
        if axioms is None:
            return Judgement(False, "Lean did not say which axioms it rests on", seconds=seconds)
        bad = sorted(set(axioms) - AXIOMS)
        if bad:
            return Judgement(False, f"it rests on {', '.join(bad)}", axioms, seconds=seconds)
        return Judgement(True, "", axioms, seconds=seconds)

    def _write(self, module: str, text: str) -> None:
        (self.folder / f"{module}.lean").write_text(text, encoding="utf-8")

    def _run(self, module: str) -> Checked:
        output = self.folder / f"{module}.olean"
        output.unlink(missing_ok=True)  # what an earlier proof left is none of this one's
        return check(
            self.lean,
            self.folder / f"{module}.lean",
            path=[self.library, self.folder],
            output=output,
            limits=self.limits,
            cancel=self.cancel,
        )

    def _compiled(self, module: str) -> olean.Contents:
        try:
            return olean.read(self.folder / f"{module}.olean")
        except (OSError, olean.OleanError) as error:
            raise ClaimError(f"the compiled module {module} cannot be read: {error}") from error


_OURS: Final = frozenset({
    "Nat", "Int", "Bool", "Eq", "HEq", "Not", "And", "Or", "Iff", "Exists", "True", "False", "List",
    "Option", "Prod", "Decidable", "Classical", "Quot", "String", "Char", "Lean", "propext",
})  # fmt: skip


def _met(limits: Limits, seconds: float) -> str:
    """The limit of time that a child met which was stopped after ``seconds``."""
    if limits.cpu_seconds is not None and seconds < limits.seconds:
        return f"{limits.cpu_seconds:g} s of processor time"
    return f"{limits.seconds:g} s"


def _failed(tried: Checked, lines: int, limits: Limits) -> Judgement:
    """Why Lean does not accept a proof, its lines counted as its author does."""
    seconds = tried.done.seconds
    if tried.done.outcome == "timeout":
        return Judgement(
            False, f"Lean did not come to an end within {_met(limits, seconds)}", seconds=seconds
        )
    if tried.done.outcome != "ok":
        return Judgement(False, f"Lean ended with {tried.done.outcome}", seconds=seconds)
    if not tried.errors:
        return Judgement(False, tried.problem, seconds=seconds)
    first = tried.errors[0]
    where = f"line {first.line - lines}: " if first.line > lines else ""
    text = " ".join(first.text.split("⊢")[0].split())
    left = next((m.text for m in tried.errors if "⊢" in m.text), "")
    goal = left[left.index("unsolved goals") + 15 :] if "unsolved goals" in left else left
    return Judgement(False, f"{where}{text[:_LONGEST_REASON]}", goal=goal, seconds=seconds)


def _strange(contents: olean.Contents, name: str, lemmas: bool) -> str:
    """What a module has that a single theorem does not bring; empty if nothing."""
    if contents.axioms:
        return f"it declares the axiom `{contents.axioms[0]}`"
    for constant in contents.constants:
        if constant.split(".")[0] in _OURS and not _MADE.search(constant):
            return f"it declares `{constant}`, a name that belongs to the library"
        own = constant == name or constant.startswith(f"{name}.") or lemmas
        if not own and not _MADE.search(constant):
            return f"it declares `{constant}` beside the theorem"
    for extension in contents.extensions:
        if not _EXTENSIONS.fullmatch(extension):
            return f"it adds to Lean's table {extension}, as no proof does"
    return ""


def _axioms(done: Checked, name: str) -> tuple[str, ...] | None:
    """What the one message of the audit says; ``None`` if it is not exactly as Lean says it."""
    if len(done.messages) != 1:
        return None
    (message,) = done.messages
    if (message.severity, message.line) != ("information", 5):
        return None
    if message.text.strip() == f"'{name}' does not depend on any axioms":
        return ()
    said = re.fullmatch(rf"'{name}' depends on axioms: \[([\w.,\s]+)\]\s*", message.text)
    return None if said is None else tuple(said[1].replace(",", " ").split())
