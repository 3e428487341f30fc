"""Paths that no execution takes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from extract.conditions import Claim, generate
from extract.contract import Clause, Contract
from extract.expr import (
    FALSE,
    TRUE,
    Expr,
    IntTy,
    add,
    and_,
    bitwise,
    const,
    eq,
    le,
    lt,
    mod,
    mul,
    shl,
    var,
    wrap,
)
from extract.interpret import Returned, run
from extract.program import Program, Refuse
from extract.show import show_function
from extract.smt_feasible import feasible
from tests.extract.field_programs import U32, Builder
from tests.extract.solving import all_proved, proved

X, Y = var("x", U32), var("y", U32)


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ((lt(X, Y), lt(Y, X)), False),
        ((lt(X, Y),), True),
        ((), True),
        ((eq(mod(X, const(7)), const(3)), eq(mod(X, const(14)), const(4))), False),
        (
            (
                eq(bitwise("band", X, const(3, U32)), const(2)),
                eq(bitwise("band", X, const(1, U32)), const(1)),
            ),
            False,
        ),
        ((FALSE,), False),
        ((TRUE,), True),
    ],
)
def test_what_can_hold_together(facts: tuple[Expr, ...], answer: bool) -> None:
    assert feasible(facts) is answer


def test_a_hard_question_has_no_answer_and_always_the_same() -> None:
    n = var("n", IntTy())
    hard = (eq(mul(X, Y), const(1_000_003 * 998_244_353)), lt(const(1), X), lt(X, const(10**6)))
    beyond = (eq(mul(n, n, n), add(mul(X, X), const(7))), lt(const(10**4), n))
    for facts in (hard, beyond):
        assert {feasible.__wrapped__(facts) for _ in range(3)} in ({None}, {True})


def test_the_solver_is_not_loaded_for_nothing() -> None:
    script = "import sys, extract.conditions; sys.exit('z3' in sys.modules)"
    path = ":".join(p or "." for p in sys.path)
    subprocess.run([sys.executable, "-c", script], env={"PYTHONPATH": path}, check=True)


# In conditions ---------------------------------------------------------------------------------


def _clause(e: Expr) -> Clause:
    return Clause(repr(e), e)


def _contract(requires: list[Expr], ensures: list[Expr], **rest: object) -> Contract:
    return Contract(
        requires=tuple(map(_clause, requires)),
        ensures=tuple(map(_clause, ensures)),
        panics=Clause("never", FALSE),
        **rest,  # type: ignore[arg-type]
    )


def _claims(b: Builder, contract: Contract) -> list[Claim]:
    program = Program()
    b.done(program)
    return generate(program, b.name, contract, {}, {})


RESULT = var("result", U32)


def _refusing() -> Builder:
    """A point that is not covered, behind two tests of parity that intervals cannot compare."""
    b = Builder("f", [("x", U32)], U32)
    b.branch(eq(mod(X, const(2)), const(0)), "even", "end")
    b.block("even")
    b.branch(eq(mod(X, const(4)), const(3)), "never", "end")
    b.block("never")
    b.end(Refuse("a union", b.span()))
    b.block("end")
    b.let("result", X)
    return b


def test_what_is_not_covered_must_not_be_reached_and_that_is_proved() -> None:
    claims = _claims(_refusing(), _contract([], [eq(RESULT, X)]))
    assert [c.kind for c in claims] == ["ensures", "panics"]
    for claim in claims:
        assert not claim.unsupported
        assert any("this is not reached: a union" in g.title for g in claim.goals)
        assert all_proved(claim.goals)


def test_what_is_not_covered_is_shown() -> None:
    program = Program()
    shown = show_function(_refusing().done(program))
    assert "    not covered: a union, field.rs:4\n" in shown


def test_what_is_not_covered_and_may_be_reached_holds_back_every_claim() -> None:
    b = _refusing()
    b.block("even")
    b.branch(eq(mod(X, const(4)), const(2)), "never", "end")
    claims = _claims(b, _contract([], [eq(RESULT, X)]))
    assert {c.unsupported for c in claims} == {"a union, field.rs:4"}
    assert all(not c.goals for c in claims)


def test_without_a_solver_nothing_is_ruled_out() -> None:
    program = Program()
    _refusing().done(program)
    claims = generate(program, "f", _contract([], [eq(RESULT, X)]), {}, {}, feasible=None)
    assert all(c.unsupported for c in claims)


def test_a_wrong_oracle_proves_nothing() -> None:
    """What is left out on an oracle's word is to be proved as well."""
    b = Builder("f", [("x", U32)], U32)
    b.branch(lt(X, const(5)), "small", "large")
    b.block("large")
    b.end(Refuse("a union", None))
    b.block("small")
    b.let("result", X)
    program = Program()
    b.done(program)
    contract = _contract([], [lt(RESULT, const(5))])

    def wrong(_: tuple[Expr, ...], *, quick: bool = False) -> bool | None:
        return None if quick else False

    claims = generate(program, "f", contract, {}, {}, feasible=wrong)
    assert claims
    for claim in claims:
        assert not all(proved(g, 500) for g in claim.goals)


def test_a_loop_that_only_a_solver_sees_end() -> None:
    """``while x % 4 != 0 { x += 1 }``: at most three rounds."""
    b = Builder("f", [("x", U32)], U32)
    b.let("result", X)
    b.goto("head")
    b.block("head")
    b.branch(eq(mod(RESULT, const(4)), const(0)), "end", "body")
    b.block("body")
    b.exact("result", U32, add(RESULT, const(1)))
    b.goto("head")
    b.block("end")
    contract = _contract([le(X, const(1000))], [eq(mod(RESULT, const(4)), const(0))], unroll=4)
    claims = _claims(b, contract)
    assert {c.bound for c in claims} == {None}
    assert all(all_proved(c.goals) for c in claims)
    short = _contract([le(X, const(1000))], [eq(mod(RESULT, const(4)), const(0))], unroll=2)
    program = Program()
    b.done(program)
    assert {c.bound for c in generate(program, "f", short, {}, {})} == {2}


def test_loops_over_a_parameter_that_the_precondition_fixes() -> None:
    """As in folding by an arity that is given as its logarithm."""
    b = Builder("f", [("x", U32), ("log", U32)], U32)
    count = shl(const(1, U32), var("log", U32))
    i = var("i", U32)
    b.let("i", const(0, U32))
    b.let("result", const(0, U32))
    b.goto("head")
    b.block("head")
    b.branch(lt(i, count), "body", "end")
    b.block("body")
    b.exact("result", U32, add(RESULT, X))
    b.exact("i", U32, add(i, const(1)))
    b.goto("head")
    b.block("end")
    small = le(X, const(1000))
    for fixed in (
        [eq(var("log", U32), const(2))],
        [le(var("log", U32), const(2)), le(const(2), var("log", U32))],
        [and_(small, eq(const(2), var("log", U32)))],
    ):
        claims = _claims(b, _contract([small, *fixed], [eq(RESULT, mul(const(4), X))]))
        assert not any(c.unsupported for c in claims)
        assert {c.bound for c in claims} == {None}
        assert all(all_proved(c.goals) for c in claims)
    wrong = _claims(b, _contract([small, *fixed], [eq(RESULT, mul(const(3), X))]))
    assert not proved(wrong[0].goals[0], 500)
    open_ = _claims(b, _contract([small], [eq(RESULT, mul(const(4), X))]))
    assert all("needs an invariant" in c.unsupported for c in open_)


def test_a_value_known_on_one_side_of_a_branch_is_not_known_on_the_other() -> None:
    b = Builder("f", [("x", U32)], U32)
    b.branch(eq(X, const(3)), "three", "other")
    b.block("three")
    b.let("result", wrap(U32, add(X, const(1))))
    b.goto("end")
    b.block("other")
    b.let("result", wrap(U32, add(X, const(1))))
    b.goto("end")
    b.block("end")
    claims = _claims(b, _contract([], [eq(RESULT, const(4))]))
    assert [proved(g, 500) for g in claims[0].goals].count(False) == 1
    right = _claims(b, _contract([], [eq(RESULT, wrap(U32, add(X, const(1))))]))
    assert all_proved(right[0].goals)


def test_many_branches_that_depend_on_each_other() -> None:
    """Forty tests of residues: two ways through them, not 2**40."""
    b = Builder("f", [("x", U32)], U32)
    b.let("result", const(0, U32))
    for k in range(40):
        b.branch(eq(mod(add(X, const(2 * k)), const(2)), const(0)), f"yes{k}", f"no{k}")
        b.block(f"yes{k}")
        b.exact("result", U32, add(RESULT, const(1)))
        b.goto(f"no{k}")
        b.block(f"no{k}")
    contract = _contract([], [le(RESULT, const(40))])
    claims = _claims(b, contract)
    assert not any(c.unsupported for c in claims)
    program = Program()
    b.done(program)
    outcome = run(program, "f", [4])
    assert outcome == Returned((40,))
