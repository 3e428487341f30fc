"""Sequences of known length, followed as lists of their elements: true claims and false ones."""

from __future__ import annotations

import random

import pytest

from extract.expr import (
    BOOL,
    INT,
    Expr,
    IntTy,
    SeqTy,
    add,
    app,
    array,
    at,
    concat,
    const,
    eq,
    length,
    lt,
    node,
    not_,
    slice_,
    store,
    var,
    wrap,
)
from extract.interpret import evaluate
from extract.lean import Module
from extract.program import Abstract, Program
from extract.values import Value
from proofs.direct import Direct
from proofs.kernel import KernelProof, OpenGoal
from proofs.known import Hypothesis
from proofs.normal import Normal, decided
from tests.extract.field_programs import Builder
from tests.extract.test_conditions import Project
from tests.proofs.conftest import Judge

U32, U64 = IntTy(32, signed=False), IntTy(64, signed=False)
WORDS = SeqTy(U32)
XS, OUT, INDEX = var("xs", WORDS), var("out", WORDS), var("i", U64)


def backwards(*, unreachable: Expr | None = None) -> Project:
    """The elements in the other order, appended one by one; a call without body if asked for."""
    program = Program()
    if unreachable is not None:
        program.functions["g"] = Abstract("g", [], U32, deterministic=False, may_panic=False)
    b = Builder("backwards", [("xs", WORDS)], WORDS)
    b.let("out", array(WORDS, ()))
    b.let("i", wrap(U64, length(XS)))
    b.goto("head")
    b.block("head")
    b.branch(lt(const(0), INDEX), "body", "end")
    b.block("body")
    b.exact("i", U64, add(INDEX, const(-1)))
    b.check(lt(INDEX, length(XS)), "bounds", "index out of bounds")
    b.let("out", concat(OUT, array(WORDS, (at(XS, INDEX),))))
    b.goto("head")
    b.block("end")
    if unreachable is not None:
        b.branch(unreachable, "odd", "last")
        b.block("odd")
        b.call("r", U32, "g")
        b.let("out", store(OUT, const(0), var("r", U32)))
        b.goto("last")
        b.block("last")
    b.let("result", OUT)
    b.done(program)
    return Project(program)


@pytest.mark.slow
@pytest.mark.needs("lean")
@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        ("result[0] == xs[2] and result[2] == xs[0]", True),
        ("len(result) == 3", True),
        ("result[0] == xs[0]", False),
        ("len(result) == 4", False),
    ],
)
def test_elements_that_were_appended_are_read(judged: Judge, claim: str, holds: bool) -> None:
    project = backwards()
    contract = project.contract("backwards", ["len(xs) == 3"], [claim])
    found = judged(project, "backwards", contract, "ensures")
    assert isinstance(found, KernelProof if holds else OpenGoal), found


@pytest.mark.slow
@pytest.mark.needs("lean")
def test_a_loop_over_a_list_ends_and_keeps_to_its_bounds(judged: Judge) -> None:
    project = backwards()
    contract = project.contract("backwards", ["len(xs) == 3"])
    assert isinstance(judged(project, "backwards", contract, "panics"), KernelProof)
    longer = project.contract("backwards", ["len(xs) >= 3"])
    assert isinstance(judged(project, "backwards", longer, "panics"), OpenGoal)


@pytest.mark.slow
@pytest.mark.needs("lean")
@pytest.mark.parametrize(
    ("reached", "holds"),
    [(eq(length(OUT), const(2)), True), (eq(length(OUT), const(3)), False)],
    ids=["never", "always"],
)
def test_a_call_without_body_is_undefined_where_it_is_reached(
    judged: Judge, reached: Expr, holds: bool
) -> None:
    project = backwards(unreachable=reached)
    contract = project.contract("backwards", ["len(xs) == 3"], ["len(result) == 3"])
    found = judged(project, "backwards", contract, "ensures")
    assert isinstance(found, KernelProof if holds else OpenGoal), found


def random_sequence(draw: random.Random, depth: int) -> Expr:
    """Operators on a list of variables and on a sequence of three elements."""
    if depth == 0:
        items = tuple(var(f"a{i}", U32) for i in range(draw.randrange(4)))
        return draw.choice([XS, array(WORDS, items)])
    inner = random_sequence(draw, depth - 1)
    k, n = (const(draw.randrange(-1, 5)) for _ in range(2))
    made = {
        "join": concat(inner, random_sequence(draw, depth - 1)),
        "cut": slice_(inner, const(max(int(k.attr), 0)), const(max(int(n.attr), 0))),
        "write": node("store", (inner, k, var("a0", U32)), WORDS),
        "append": concat(inner, array(WORDS, (var("a1", U32),))),
    }
    return made[draw.choice(sorted(made))]


def test_a_normal_form_has_the_same_value() -> None:
    draw = random.Random(4)  # noqa: S311 - test expressions
    module = Module(Program())
    three = Hypothesis("h", eq(node("len", (XS,), INT), const(3)))
    changed = 0
    for _ in range(400):
        xs = random_sequence(draw, draw.randrange(1, 4))
        e = draw.choice([node("len", (xs,), INT), xs])
        made, steps = Normal(module, [three]).of(e)
        env: dict[str, Value] = {f"a{i}": draw.randrange(1 << 32) for i in range(4)}
        env["xs"] = tuple(draw.randrange(1 << 32) for _ in range(3))
        assert evaluate(made, env) == evaluate(e, env), (e, made)
        for step in steps:
            assert evaluate(step.part, env) == evaluate(step.by, env)
        changed += made is not e
    assert changed > 200


def test_what_is_bound_by_a_quantifier_is_not_what_has_its_name() -> None:
    known = [Hypothesis("h", eq(var("j", INT), const(2)))]
    j = var("j", INT)
    inside = node("forall", (const(0), const(3), lt(j, const(9))), BOOL, "j")
    assert Normal(Module(Program()), known).of(inside) == (inside, ())
    free, steps = Normal(Module(Program()), known).of(lt(j, const(9)))
    assert decided(free) is True
    assert [s.proof for s in steps] == ["h"]


def test_a_fact_that_is_an_application_stays_one_where_it_is_rewritten() -> None:
    below = lt(var("j", INT), const(9))
    normal = Normal(Module(Program()), [Hypothesis("h", eq(var("j", INT), const(2)))])
    _, steps = normal.of(below)
    assert normal.forwards("f a", below, steps).endswith(" h) (f a))")
    assert normal.backwards("f a", below, steps).endswith(" h) (f a))")


def test_a_goal_is_taken_from_hypotheses_only_as_they_say_it() -> None:
    a, b = var("a", INT), app("f", (var("a", INT),), INT)
    less, equal = node("lt", (a, b), BOOL), node("eq", (a, b), BOOL)
    direct = Direct([Hypothesis("h", less), Hypothesis("k", not_(equal))])
    assert direct.proof(less) == "h"
    assert direct.proof(node("and", (less, not_(equal)), BOOL)) == "⟨h, k⟩"
    assert direct.contrary(node("le", (b, a), BOOL)) == "(Int.not_le.mpr h)"
    assert direct.contrary(equal) == "k"
    for other in (node("lt", (b, a), BOOL), node("le", (a, b), BOOL), equal):
        assert direct.proof(other) == ""
    for other in (less, node("le", (a, b), BOOL), node("lt", (b, a), BOOL)):
        assert direct.contrary(other) == ""
