"""Arguments that meet equations of preconditions, and answers of functions without a body."""

from __future__ import annotations

import pytest

from extract.contract import Clause, Contract
from extract.expr import (
    BOOL,
    INT,
    DataTy,
    Expr,
    IntTy,
    SeqTy,
    add,
    app,
    array,
    at,
    const,
    eq,
    get,
    length,
    lt,
    mod,
    mul,
    not_,
    or_,
    quantified,
    var,
)
from extract.program import (
    Abstract,
    Assign,
    Block,
    DataDef,
    Function,
    Param,
    Program,
    Return,
    Variant,
)
from extract.values import Data, Value
from tests.pipeline.test_sampling import rng
from verify.pipeline.adjusting import Answers
from verify.pipeline.trial import Trial

U32, U64 = IntTy(32, signed=False), IntTy(64, signed=False)
P = 2**31 - 2**24 + 1
ELEMENT = DataTy("Element")
DATATYPES = {"Element": DataDef("Element", (Variant("Element", (("value", U32),)),))}
X, Y, Z = var("x", ELEMENT), var("y", ELEMENT), var("z", U64)


def value(e: Expr) -> Expr:
    return get(e, 0, 0, U32)


def same(a: Expr, b: Expr) -> Expr:
    return eq(mod(a, const(P)), mod(b, const(P)))


def trial(*requires: Expr, answers: Answers | None = None) -> Trial:
    """Of a function of elements x and y and a number z, beside `next` and the unknown `invert`."""
    params = [Param("x", ELEMENT), Param("y", ELEMENT), Param("z", U64)]
    block = Block([Assign("_0", const(True))], Return())
    f = Function("f", params, BOOL, {"_0": BOOL}, {"b": block}, "b", ("_0",))
    step = Block([Assign("_0", Y)], Return())
    next_ = Function(
        "next", [Param("y", ELEMENT)], ELEMENT, {"_0": ELEMENT}, {"b": step}, "b", ("_0",)
    )
    invert = Abstract("invert", [Param("xs", SeqTy(ELEMENT))], SeqTy(ELEMENT), deterministic=True)
    program = Program({"f": f, "next": next_, "invert": invert}, dict(DATATYPES))
    contract = Contract(tuple(Clause(str(e), e) for e in requires))
    return Trial(program, "f", contract, {}, {}, answers)


def number(element: Value) -> int:
    assert isinstance(element, Data)
    [n] = element.fields
    assert isinstance(n, int)
    return n


@pytest.mark.parametrize(
    "equation",
    [
        eq(X, app("next", (Y,), ELEMENT)),
        or_(eq(X, Y), eq(X, app("next", (Y,), ELEMENT))),
        same(mul(value(X), value(Y)), const(77)),
        eq(mul(const(3), var("z", U64)), add(mul(const(6), value(X)), const(9))),
    ],
)
def test_equations_of_arguments_are_met(equation: Expr) -> None:
    made = trial(lt(value(X), const(P)), lt(value(Y), const(P)), equation, answers=Answers())
    found = list(made.inputs(rng(1), 50))
    assert len(set(found)) == 50
    assert all(made.admits(args) for args in found)


def test_equations_without_a_solution_give_nothing() -> None:
    assert list(trial(eq(mul(const(2), Z), const(7)), answers=Answers()).inputs(rng(1), 5)) == []
    assert list(trial(eq(X, Y), not_(eq(X, Y)), answers=Answers()).inputs(rng(1), 5)) == []


def inverted() -> list[Expr]:
    """`invert` of [x, y] has two elements, each times the one given is 1."""
    given = app("invert", (array(SeqTy(ELEMENT), (X, Y)),), SeqTy(ELEMENT))
    items = [at(given, const(i)) for i in range(2)]
    small = lt(value(at(given, var("i", INT))), const(P))
    return [
        eq(length(given), const(2)),
        quantified("forall", "i", const(0), const(2), small),
        *(same(mul(value(i), value(a)), const(1)) for i, a in zip(items, (X, Y), strict=True)),
    ]


def test_functions_without_a_body_answer_as_preconditions_ask() -> None:
    answers = Answers()
    made = trial(lt(value(X), const(P)), lt(value(Y), const(P)), *inverted(), answers=answers)
    found = list(made.inputs(rng(2), 20))
    assert len(found) == 20
    for x, y, _ in found:
        first, second = answers.known["invert", ((x, y),)]  # type: ignore[misc]
        for one, other in ((x, first), (y, second)):
            assert number(one) * number(other) % P == 1
    # Another program with the same answers, as that of a mutant is, sees the same function.
    other = trial(*inverted(), answers=answers)
    assert all(other.admits(args) for args in found)
    assert not any(trial(*inverted()).admits(args) for args in found)


def test_where_only_real_functions_count_nothing_is_chosen_for_them() -> None:
    assert list(trial(*inverted()).inputs(rng(2), 5)) == []


def test_a_function_has_one_value_at_the_same_arguments() -> None:
    answers = Answers()
    answers.keep("f", (1,), 2)
    answers.keep("f", (1,), 3)
    assert answers.known == {("f", (1,)): 2}
