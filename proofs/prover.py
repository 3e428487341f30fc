"""The prover of claims about Rust: from a contract's claim to a theorem and its proof."""

from __future__ import annotations

import sys
from typing import Final

from extract.expr import Expr
from extract.lean import HEADER, LeanError, Module
from extract.lean_guard import Guards
from extract.lean_opaque import note, numbered, opaque_types
from proofs.callee import Callees
from proofs.data_facts import is_table
from proofs.data_lemmas import lemmas as data_lemmas
from proofs.founded import Founded, arbitrary
from proofs.gate import Claim
from proofs.given import given
from proofs.kernel import OpenGoal, Proof, Question
from proofs.known import Hypothesis
from proofs.leaf import Prover as Leaves
from proofs.no_proof import NoProofError
from proofs.statement import Statement, defined, statements
from proofs.theorem import Leaf, theorem, visible
from proofs.vc import lemma
from proofs.watch import Watches

_CHECKERS: Final = ("Verify.Refute", "Verify.BitRanges", "Verify.Length", "Verify.Rest")
"""Modules that proofs need besides those that definitions do."""
_COMMANDS: Final = (
    *(line for line in HEADER.splitlines() if line.startswith(("set_option", "noncomputable"))),
    "set_option maxRecDepth 100000",  # proofs of long functions nest deeply
    "set_option maxHeartbeats 0",  # the gate limits time
)
_DEEPEST: Final = 5000
"""Nested calls, which still fit on the stack of a thread."""
_OPENING: Final = "\n".join(_COMMANDS)


def prove(question: Question) -> Proof | OpenGoal:
    """The theorem that the claim is, with a proof; or why there is none."""
    # A proof nests as deeply as branches and rounds follow each other.
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEPEST))
    try:
        return _proved(question)
    except RecursionError:
        return OpenGoal("the proof nests too deeply")
    finally:
        sys.setrecursionlimit(before)


def _proved(question: Question) -> Proof | OpenGoal:
    opaque = opaque_types(question.program)
    if opaque:
        question = numbered(question)
    if question.claim.kind == "definition":
        return _founded(question, opaque)
    free = given(question.program, question.contract, question.contracts)
    module = Module(question.program, question.definitions, free)
    leaves = _Leaves(module)
    callees = Callees(module, question.contract, question.contracts)
    try:
        statement = _statement(module, question, callees)
        if statement is None:
            return OpenGoal(f"no theorem is made of claims of kind {question.claim.kind}")
        text = theorem(module, statement, leaves, callees)
    except LeanError as problem:
        return OpenGoal(str(problem))
    except NoProofError as problem:
        return OpenGoal(str(problem), leaves.left)
    lemmas = [lemma(module, d) for d in module.definitions.values()]
    lemmas += [*data_lemmas(module), *leaves.lemmas, *callees.lemmas]
    _, _, body = text.partition(f"    {statement.conclusion} :=\n")
    binders = f"{module.signature(statement.definition)}{statement.binders}".strip()
    claim = Claim(_text(module, opaque), binders, statement.conclusion, _imports())
    return Proof(statement.name, claim, "\n".join([_OPENING, *lemmas]), body)


def _founded(question: Question, opaque: tuple[str, ...]) -> Proof | OpenGoal:
    """The theorem that a recursive definition, the one of the question's name, is well-founded."""
    definitions = question.definitions
    module = Module(question.program, definitions, arbitrary(question.program, definitions))
    leaves = _Leaves(module)
    try:
        made = Founded(module, definitions, definitions[question.name])
        conclusion, body = made.proposition(), made.proof(leaves.show)
        claim = Claim(_text(module, opaque), made.binders(), conclusion, _imports())
    except LeanError as problem:
        return OpenGoal(str(problem))
    except NoProofError as problem:
        return OpenGoal(str(problem), leaves.left)
    return Proof(made.name, claim, "\n".join([_OPENING, *leaves.lemmas]), body)


def _text(module: Module, opaque: tuple[str, ...]) -> str:
    """The definitions that a theorem speaks of."""
    return "\n".join([_OPENING, *map(note, opaque), module.body()])


class _Leaves:
    """Proves goals of arithmetic, and remembers the one that it could not prove."""

    def __init__(self, module: Module) -> None:
        self._prove = Leaves(module)
        self._terms = module.spec_terms(claims=True)
        self.left = ""

    @property
    def lemmas(self) -> list[str]:
        """The lemmas that the proofs made so far use."""
        return self._prove.lemmas

    def __call__(self, leaf: Leaf) -> str:
        try:
            return self._prove(leaf)
        except NoProofError:
            self.left = self._text(leaf)
            raise

    def show(self, known: tuple[Hypothesis, ...], goal: Expr) -> str:
        """The term that proves ``goal``. Raises `NoProofError`."""
        return self(Leaf(known, goal))

    def _text(self, leaf: Leaf) -> str:
        shown = [h for h in leaf.known if h.says.op != "wf" and not is_table(h.says)]
        known = [f"{h.term} : {self._terms.proposition(visible(h.says))}" for h in shown]
        return "\n".join([*known, f"⊢ {self._terms.proposition(visible(leaf.goal))}"])


def _statement(module: Module, question: Question, callees: Callees) -> Statement | None:
    """The statement of the claim; ``None`` if its kind has none. Raises `LeanError`."""
    name, contract = question.name, question.contract
    match question.claim.kind:
        case "ensures":
            return statements(module, name, contract)[question.index]
        case "panics":
            return statements(module, name, contract)[len(contract.ensures)]
        case "unsafe":
            d = module.add(name)
            return defined(module, name, contract, d, "unsafe", "behaviour is never undefined")
        case "requires":
            d = Guards(module, callees.required).add(name)
            text = "every call keeps what the called function requires"
            return defined(module, name, contract, d, "requires", text)
        case "loop":
            d = Watches(module, callees, contract.loops[question.index]).add(name)
            text = "the invariants of the loop hold and its measure falls"
            return defined(module, name, contract, d, "kept", text)
        case _:
            return None


def _imports() -> tuple[str, ...]:
    lines = [line.removeprefix("import ") for line in HEADER.splitlines()]
    own = [line for line in lines if line.startswith("Verify.")]
    return (*own, *_CHECKERS)
