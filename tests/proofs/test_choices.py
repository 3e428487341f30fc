"""Goals under choices by one condition, and what is related to a goal."""

from __future__ import annotations

import pytest

from extract.contract import Definition
from extract.expr import INT, Expr, IntTy, app, bit_op, eq, ite, le, lt, node, var, wrap
from proofs.choices import by_condition, shared_condition
from proofs.equations import body_of
from proofs.instantiate import visible
from proofs.known import Hypothesis
from proofs.relevance import related

A, B, C, D = (var(n, INT) for n in "abcd")
LESS = lt(A, B)


def chosen(name: str, x: Expr, condition: Expr, *values: Expr) -> Hypothesis:
    return Hypothesis(name, eq(x, ite(condition, *values)))


@pytest.mark.parametrize("count", [1, 2])
def test_a_condition_is_told_by_cases_where_it_decides_of_several(count: int) -> None:
    swapped = chosen("h1", C, LESS, A, B), chosen("h2", D, LESS, B, A)
    known = (chosen("h0", var("e", INT), lt(B, C), A, B), *swapped[:count])
    assert shared_condition(known) is (LESS if count > 1 else None)


def test_in_each_case_the_variables_equal_what_is_chosen() -> None:
    known = (
        chosen("h1", C, LESS, A, B), chosen("h2", D, LESS, B, A), Hypothesis("h3", le(A, C)),
    )  # fmt: skip
    seen = []

    def prove(here: tuple[Hypothesis, ...], goal: Expr) -> str:
        seen.append([h.says for h in here])
        assert goal is le(C, D)
        return " ".join(h.term for h in here)

    term = by_condition(known, le(C, D), LESS, "a < b", prove)
    assert seen == [
        [eq(C, A), eq(D, B), le(A, C), LESS],
        [eq(C, B), eq(D, A), le(A, C), node("not", (LESS,), LESS.ty)],
    ]
    assert term.startswith("Or.elim (Decidable.em (a < b))")
    assert "Eq.trans h1 (if_pos hc'3)" in term
    assert "Eq.trans h2 (if_neg hc'3)" in term


def test_only_functions_of_the_goal_are_related_to_it() -> None:
    f, g = (app(n, (A,), INT) for n in "fg")
    known = [le(A, B), le(f, B), eq(f, g)]
    assert related(known, lt(f, C)) == (0, 1)
    assert related(known, lt(A, C)) == (0,)


def test_a_conversion_in_a_definition_is_kept_whatever_the_argument_is() -> None:
    u32 = IntTy(32, signed=False)
    zeros = bit_op("clz", wrap(u32, A))
    d = Definition("zeros", (("a", INT),), u32, zeros, None)
    for argument in (var("x", u32), var("x", INT)):
        body = visible(body_of(d, app("zeros", (argument,), u32)))
        assert body.op == "clz"
        assert body.args[0].op == "wrap", argument
