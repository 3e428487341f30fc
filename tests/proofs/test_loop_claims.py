"""What is claimed of loops and of recursive definitions, as theorems of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.claims import DefinitionText
from extract.conditions import Claim
from extract.contract import Contract
from extract.expr import IntTy, add, const, var, wrap
from extract.lean import Module
from extract.program import Program
from proofs.callee import Callees
from proofs.kernel import KernelProof, OpenGoal, Proof, Question, check
from proofs.no_proof import NoProofError
from proofs.prover import prove
from proofs.watch import Watches
from tests.extract.field_programs import Builder
from tests.extract.test_conditions import Project
from tests.proofs.conftest import Judge
from tests.proofs.test_loops import INNER, SMALL, SUM, TIMES, loop, nested, sum_of_list
from verify.engines.lean import Lean

U64 = IntTy(64, signed=False)
X, N, INDEX = (var(n, U64) for n in ("x", "n", "i"))
needs_lean = pytest.mark.needs("lean")


def counting(rounds: int) -> Project:
    """Adds as often as is written; the parameter is another number before the loop."""
    program = Program()
    b = Builder("count", [("x", U64), ("n", U64)], U64)
    b.let("acc", X)
    b.let("n", const(7, U64))
    bound = const(rounds, U64)
    acc = var("acc", U64)
    loop(b, "head", INDEX, bound, lambda: b.let("acc", wrap(U64, add(acc, const(1)))))
    b.let("result", acc)
    b.done(program)
    return Project(program)


def kept(
    project: Project, name: str, loops: list[tuple[list[str], str]], *requires: str
) -> Contract:
    return project.contract(name, list(requires), loops=loops)


def watched_text(project: Project, name: str, contract: Contract) -> str:
    module = Module(project.program, project.definitions)
    callees = Callees(module, contract, project.contracts)
    Watches(module, callees, contract.loops[0]).add(name)
    return module.body()


# Loops ------------------------------------------------------------------------------------------


@needs_lean
@pytest.mark.slow
def test_invariants_and_measure_of_a_loop_are_a_theorem(judged: Judge) -> None:
    project = sum_of_list()
    contract = kept(project, "sum", [(SUM, "len(xs) - i")], "len(xs) <= 2**32")
    found = judged(project, "sum", contract, "loop")
    assert isinstance(found, KernelProof), found
    assert found.theorem == "sum.watched.kept"
    text = found.files["lean/theorem.lean"].decode()
    assert "Outcome.require (s.i ≤ Seq.len xs ∧ s.acc = spec.total xs s.i ∧ " in text
    assert "Outcome.require (0 ≤ Seq.len xs - s.i ∧ Seq.len xs - s'.i < Seq.len xs - s.i)" in text


@needs_lean
@pytest.mark.slow
@pytest.mark.parametrize(
    ("invariants", "measure"),
    [
        ([*SUM, "i < len(xs)"], "len(xs) - i"),
        ([*SUM, "i == 0"], "len(xs) - i"),
        ([*SUM, "1 <= i"], "len(xs) - i"),
        (SUM, "i"),
        (SUM, "len(xs)"),
        (SUM, "len(xs) - i - 2"),
    ],
)
def test_what_a_loop_breaks_has_no_theorem(
    invariants: list[str], measure: str, judged: Judge
) -> None:
    project = sum_of_list()
    contract = kept(project, "sum", [(invariants, measure)], "len(xs) <= 2**32")
    found = judged(project, "sum", contract, "loop")
    assert isinstance(found, OpenGoal), found


@needs_lean
@pytest.mark.slow
@pytest.mark.parametrize(("index", "falls"), [(0, "n - i"), (1, "x - j"), (1, "n - i")])
def test_an_inner_loop_is_watched_within_the_outer_one(
    index: int, falls: str, lean: Lean, library: Path
) -> None:
    project = nested()
    inner = "x - j" if index == 0 else falls
    contract = kept(project, "times", [(TIMES, "n - i"), (INNER, inner)], *SMALL)
    claim = Claim("loop", "")
    asked = Question(project.program, "times", contract, {}, project.definitions, claim, index)
    made = prove(asked)
    assert isinstance(made, Proof) is (index == 0 or falls == "x - j"), made
    if isinstance(made, Proof):
        assert isinstance(check(made, lean, library), KernelProof)


def test_a_name_in_an_invariant_is_never_another_variable() -> None:
    """The loop has no use for `n`, which is not what the parameter of that name was."""
    project = counting(3)
    with pytest.raises(NoProofError, match="`n <= 7` speaks of `n`"):
        watched_text(project, "count", kept(project, "count", [(["i <= 3", "n <= 7"], "3 - i")]))
    text = watched_text(project, "count", kept(project, "count", [(["x + i >= x"], "3 - i")]))
    assert "Outcome.require (first_x ≤ first_x + s.i)" in text
    assert "count.watched.loop fuel x" in text


def test_a_loop_that_no_call_comes_to_has_no_theorem() -> None:
    project = sum_of_list()
    contract = kept(project, "sum", [(SUM, "len(xs) - i")])
    module = Module(project.program, project.definitions)
    other = kept(nested(), "times", [(TIMES, "n - i")]).loops[0]
    watches = Watches(module, Callees(module, contract, {}), other)
    with pytest.raises(NoProofError, match="no call comes to the loop"):
        watches.add("sum")


# Loops without invariants -----------------------------------------------------------------------


@needs_lean
@pytest.mark.slow
@pytest.mark.parametrize(
    ("claim", "holds"), [("result == x + 5", True), ("result == x + 4", False)]
)
def test_a_loop_without_invariants_is_followed(claim: str, *, holds: bool, judged: Judge) -> None:
    project = counting(5)
    contract = project.contract("count", ["x < 2**63"], [claim])
    found = judged(project, "count", contract, "ensures")
    assert isinstance(found, KernelProof) is holds, found


@pytest.mark.slow
def test_a_loop_of_which_the_last_round_is_not_known_is_given_up() -> None:
    project = nested()
    contract = project.contract("times", SMALL, ["result == x * n"], unroll=1)
    claim = Claim("ensures", "")
    asked = Question(project.program, "times", contract, {}, project.definitions, claim, 0)
    found = prove(asked)
    assert isinstance(found, OpenGoal)
    assert "rounds of a loop without invariants" in found.why


# Definitions ------------------------------------------------------------------------------------


def founded(text: DefinitionText) -> Proof | OpenGoal:
    project = Project(Program(), {}, [text])
    claim = Claim("definition", "")
    return prove(
        Question(project.program, text.name, Contract(), {}, project.definitions, claim, 0)
    )


@needs_lean
@pytest.mark.parametrize(
    ("body", "measure"),
    [
        ("0 if n <= 0 else f(n - 1) + f(n // 2)", "n"),
        ("0 if n >= 9 else f(n + 1)", "9 - n"),
        ("0 if n <= 1 or n % 2 == 0 else f(n - 2)", "n"),
    ],
)
def test_a_well_founded_definition_is_a_theorem(
    body: str, measure: str, lean: Lean, library: Path
) -> None:
    made = founded(DefinitionText("f", (("n", "int"),), "int", body, measure))
    assert isinstance(made, Proof), made
    assert made.theorem == "spec.f.founded"
    assert "def spec.f" in made.claim.definitions
    found = check(made, lean, library)
    assert isinstance(found, KernelProof), found


@pytest.mark.parametrize(
    ("body", "measure"),
    [
        ("0 if n <= 0 else f(n + 1)", "n"),
        ("0 if n == 5 else f(n - 1)", "n"),
        ("f(n) + 1", "n"),
        ("0 if n <= 0 else f(n - 1) + f(n)", "n"),
    ],
)
def test_a_definition_that_is_not_has_none(body: str, measure: str) -> None:
    made = founded(DefinitionText("f", (("n", "int"),), "int", body, measure))
    assert isinstance(made, OpenGoal), made
