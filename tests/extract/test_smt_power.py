"""Powers with unknown exponents: what encodings say of them is true, and enough for products."""

from __future__ import annotations

import re
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.expr import INT, Expr, IntTy, add, const, eq, implies, le, mod, mul, pow_, var
from extract.smt import queries
from extract.smt_goal import ScalarGoal
from extract.smt_poly import Poly
from extract.smt_power import Power, laws
from tests.extract.solving import proved, z3_says

P = 2**31 - 1
U32 = IntTy(32, signed=False)
U64 = IntTy(64, signed=False)


def at(p: Poly, values: dict[int, int]) -> int:
    return sum(c * prod(values[a] for a in monomial) for monomial, c in p.items())


@given(st.integers(-3, 3), st.lists(st.integers(-2, 4), min_size=2, max_size=4))
def test_laws_are_true_of_all_powers(base: int, exponents: list[int]) -> None:
    values, powers = {0: base}, []
    for i, e in enumerate(exponents):
        values[10 + i] = e
        values[20 + i] = base**e if e >= 0 else 0
        powers.append(Power({(0,): 1}, {(10 + i,): 1}, {(20 + i,): 1}, 20 + i))
    used = 0
    for k, new in enumerate(powers):
        for law in laws(new, powers[:k]):
            given_ = at(law.difference, values) == 0 and all(
                at(n, values) >= 0 for n in law.natural
            )
            assert not given_ or at(law.equation, values) == 0
            used += 1
    assert used > 0


def same(a: Expr, b: Expr) -> Expr:
    return eq(mod(a, const(P)), mod(b, const(P)))


def product_of_powers(*, more: int = 0, ty: IntTy = U64) -> ScalarGoal:
    """``y = x**a`` and ``z = x**b`` modulo P, and ``c = a + b + more``: is ``y * z = x**c``?"""
    x, y, z = (var(n, U32) for n in "xyz")
    a, b, c = (var(n, ty) for n in "abc")
    given_ = (same(y, pow_(x, a)), same(z, pow_(x, b)), eq(c, add(a, b, const(more))))
    return ScalarGoal("powers", given_, same(mul(y, z), pow_(x, c)))


def test_a_product_of_powers_is_the_power_of_the_sum() -> None:
    assert proved(product_of_powers())


@pytest.mark.parametrize("goal", [product_of_powers(more=1), product_of_powers(ty=INT)])
def test_of_other_exponents_nothing_is_proved(goal: ScalarGoal) -> None:
    """With exponents that may be negative: ``2**-1`` is 0 in claims, and ``2**1 * 0`` not 1."""
    assert all(z3_says(q, 1000) != "unsat" for q in queries(goal))


def test_equal_exponents_give_equal_powers() -> None:
    x, y = var("x", U32), var("y", U32)
    a, b = var("a", U64), var("b", U64)
    last = implies(le(const(9), a), eq(a, b))
    held = (same(y, pow_(x, a)), last, le(const(9), a))
    assert proved(ScalarGoal("equal", held, same(y, pow_(x, b))))
    assert not proved(ScalarGoal("other", held[:2], same(y, pow_(x, b))), 1000)


def test_powers_and_products_have_names_of_their_own() -> None:
    x, y = var("x", U32), var("y", U32)
    sums = [mul(add(x, const(k)), pow_(y, var(f"n{k}", U64))) for k in range(3)]
    for query in queries(ScalarGoal("names", (), same(add(*sums), mul(x, y)))):
        names = re.findall(r"declare-(?:const|fun) (\S+)", query.text)
        assert len(names) == len(set(names)), query.text
        z3_says(query, 1)  # reads it


@pytest.mark.parametrize(
    ("base", "low", "high"), [(2, 2**40, 2**40 + 3), (2**64 - 1, 0, 4000), (3, 5000, 5001)]
)
def test_powers_too_large_to_be_written_are_not_computed(base: int, low: int, high: int) -> None:
    x, n = var("x", IntTy(base.bit_length(), signed=False)), var("n", U64)
    held = (le(const(low), n), le(n, const(high)))
    for of in (const(base), x):
        goal = ScalarGoal("wide", held, le(mul(pow_(of, n), pow_(of, n)), const(7)))
        assert all(len(q.text) < 40_000 for q in queries(goal))
