"""Proofs that go by what is proved, or assumed, of called functions; false claims have none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from extract.conditions import Claim
from extract.contract import Clause, Contract
from extract.expr import (
    BOOL,
    FALSE,
    TRUE,
    Expr,
    add,
    and_,
    bitwise,
    const,
    eq,
    implies,
    le,
    lt,
    mod,
    mul,
    not_,
    pow_,
    shl,
    shr,
    var,
    wrap,
)
from extract.program import Program, Return
from proofs.kernel import KernelProof, OpenGoal, Proof, Question, check
from proofs.prover import prove
from tests.extract.field_programs import (
    M31,
    MERSENNE,
    U32,
    U64,
    Builder,
    field_program,
    mersenne,
    value_of,
)
from verify.engines.lean import Lean

pytestmark = pytest.mark.slow

NEVER = Clause("never", FALSE)
SELF, RHS, RESULT = (var(n, MERSENNE) for n in ("self", "rhs", "result"))
Asked = Callable[[Program, str, str, dict[str, Contract]], KernelProof | OpenGoal]


def clause(e: Expr) -> Clause:
    return Clause(repr(e), e)


def contract(requires: list[Expr], ensures: list[Expr], **more: object) -> Contract:
    made = Contract(tuple(map(clause, requires)), tuple(map(clause, ensures)), NEVER)
    return replace(made, use_for_calls=True, **more)  # type: ignore[arg-type]


REDUCED = contract([le(var("value", U32), const(M31))], [eq(value_of(RESULT), var("value", U32))])
SUM = contract(
    [le(value_of(SELF), const(M31)), le(value_of(RHS), const(M31))],
    [
        eq(mod(value_of(RESULT), const(M31)), mod(add(value_of(SELF), value_of(RHS)), const(M31))),
    ],
)


def question(program: Program, name: str, kind: str, contracts: dict[str, Contract]) -> Question:
    return Question(program, name, contracts[name], contracts, {}, Claim(kind, ""), 0)


@pytest.fixture
def asked(lean: Lean, library: Path) -> Asked:
    def ask(
        program: Program, name: str, kind: str, contracts: dict[str, Contract]
    ) -> KernelProof | OpenGoal:
        proof = prove(question(program, name, kind, contracts))
        if isinstance(proof, OpenGoal):
            return proof
        checked = check(proof, lean, library)
        assert isinstance(checked, KernelProof), checked
        return checked

    return ask


def field() -> Program:
    program = field_program()
    mersenne(program)
    return program


@pytest.mark.parametrize("kind", ["ensures", "panics", "requires", "unsafe"])
def test_calls_go_by_the_theorem_of_the_callee(asked: Asked, kind: str) -> None:
    done = asked(field(), "add", kind, {"add": SUM, "new_reduced": REDUCED})
    assert isinstance(done, KernelProof), done
    text = done.files["lean/theorem.lean"].decode()
    assert "theorem new_reduced.contract (value : Int)" in text
    assert ("add.guarded" in text) == (kind == "requires")


def test_what_a_callee_requires_is_not_taken_for_granted(asked: Asked) -> None:
    less = contract([lt(var("value", U32), const(M31))], [eq(value_of(RESULT), var("value", U32))])
    done = asked(field(), "add", "requires", {"add": SUM, "new_reduced": less})
    assert isinstance(done, OpenGoal)


def test_a_false_contract_of_a_callee_proves_nothing(asked: Asked) -> None:
    more = contract(
        [le(var("value", U32), const(M31))],
        [eq(value_of(RESULT), add(var("value", U32), const(1)))],
    )
    wrong = contract(
        [*(c.expr for c in SUM.requires)],
        [
            eq(
                mod(value_of(RESULT), const(M31)),
                mod(add(value_of(SELF), value_of(RHS), const(1)), const(M31)),
            )
        ],
    )
    assert isinstance(
        asked(field(), "add", "ensures", {"add": wrong, "new_reduced": more}), OpenGoal
    )
    true = asked(field(), "add", "ensures", {"add": SUM, "new_reduced": more})
    assert isinstance(true, KernelProof)
    assert "new_reduced.contract" not in true.files["lean/theorem.lean"].decode()


X = var("x", U32)


def caller() -> Program:
    """``f(x) = g(x) + 1`` where ``g(x) = x``."""
    program = field_program()
    b = Builder("g", [("x", U32)], U32)
    b.let("result", X)
    b.done(program)
    b = Builder("f", [("x", U32)], U32)
    b.call("y", U32, "g", X)
    b.exact("result", U32, add(var("y", U32), const(1)))
    b.done(program)
    return program


def below(limit: int, bound: int) -> dict[str, Contract]:
    g = contract([lt(X, const(5))], [le(var("result", U32), const(10))])
    f = contract([lt(X, const(limit))], [le(var("result", U32), const(bound))])
    return {"f": replace(f, uninterpreted=("g",)), "g": g}


def test_what_is_assumed_of_an_arbitrary_function_is_in_the_theorem(asked: Asked) -> None:
    done = asked(caller(), "f", "ensures", below(5, 11))
    assert isinstance(done, KernelProof), done
    text = done.files["lean/theorem.lean"].decode()
    assert "theorem f.ensures_1 (g : Int → Int) (x : Int)" in text
    assert "(h_g : ∀ (x1 : Int), U 32 x1 → x1 < 5 → U 32 (g x1) ∧ g x1 ≤ 10)" in text


@pytest.mark.parametrize(("limit", "bound"), [(5, 10), (6, 11)], ids=["bound", "premise"])
def test_no_more_is_assumed_of_it(asked: Asked, limit: int, bound: int) -> None:
    # With a larger argument it might panic, or return anything.
    assert isinstance(asked(caller(), "f", "ensures", below(limit, bound)), OpenGoal)
    panics = asked(caller(), "f", "panics", below(limit, bound))
    assert isinstance(panics, KernelProof if limit == 5 else OpenGoal)


N = var("n", U32)
BY = shr(var("x", U64), N)


@pytest.mark.parametrize(
    ("value", "claim", "holds"),
    [
        (BY, le(mul(var("result", U64), pow_(const(2), N)), var("x", U64)), True),
        (BY, lt(mul(var("result", U64), pow_(const(2), N)), var("x", U64)), False),
        (BY, implies(eq(N, const(0)), eq(var("result", U64), var("x", U64))), True),
        (
            shl(wrap(U64, bitwise("band", var("x", U64), const(1, U64))), N),
            le(var("result", U64), pow_(const(2), N)),
            True,
        ),
    ],
    ids=["right", "too much", "nothing", "left"],
)
def test_shifts_by_any_amount(asked: Asked, value: Expr, claim: Expr, holds: bool) -> None:
    program = field_program()
    b = Builder("f", [("x", U64), ("n", U32)], U64)
    b.check(lt(N, const(20)), "shift", "the amount is too large")
    b.let("result", value)
    b.done(program)
    made = contract([lt(N, const(20))], [claim])
    done = asked(program, "f", "ensures", {"f": made})
    assert isinstance(done, KernelProof if holds else OpenGoal), done


B = var("b", BOOL)


@pytest.mark.parametrize(
    "told",
    [lt(X, const(10)), and_(lt(X, const(10)), TRUE), not_(B), and_(B, le(X, const(10))), TRUE],
    ids=["comparison", "conjunction", "negation", "both", "constant"],
)
@pytest.mark.parametrize("turned", [False, True], ids=["as it is", "negated"])
def test_branches_on_what_a_callee_tells(asked: Asked, told: Expr, turned: bool) -> None:
    program = field_program()
    b = Builder("g", [("x", U32), ("b", BOOL)], BOOL)
    b.let("result", told)
    b.done(program)
    b = Builder("f", [("x", U32), ("b", BOOL)], U32)
    c = b.call("c", BOOL, "g", X, B)
    b.branch(not_(c) if turned else c, "no" if turned else "yes", "yes" if turned else "no")
    for label, value in (("yes", const(1, U32)), ("no", const(2, U32))):
        b.block(label)
        b.let("result", value)
        b.end(Return())
    b.done(program)
    result = var("result", U32)
    for number, holds in ((1, True), (2, False)):
        made = contract([], [implies(told, eq(result, const(number)))])
        done = asked(program, "f", "ensures", {"f": made})
        assert isinstance(done, KernelProof if holds else OpenGoal), done


def test_a_theorem_is_not_one_of_another_program(lean: Lean, library: Path) -> None:
    contracts = {"add": SUM, "new_reduced": REDUCED}
    proof = prove(question(field(), "add", "ensures", contracts))
    assert isinstance(proof, Proof)
    other = proof.claim.definitions.replace("2147483647", "2147483646")
    assert other != proof.claim.definitions
    changed = replace(proof, claim=replace(proof.claim, definitions=other))
    assert isinstance(check(changed, lean, library), OpenGoal)
