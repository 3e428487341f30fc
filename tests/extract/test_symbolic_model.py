"""Values that show that hypotheses can hold together."""

from __future__ import annotations

from math import prod

from extract.expr import (
    BOOL,
    INT,
    Expr,
    IntTy,
    app,
    bit_op,
    bitwise,
    const,
    eq,
    implies,
    le,
    lt,
    mod,
    mul,
    not_,
    or_,
    sub,
    var,
)
from extract.smt import satisfiable
from extract.smt_goal import ScalarGoal, substitute
from extract.symbolic_model import is_hard, model
from tests.extract.solving import z3_says

PRIME = 2**31 - 2**24 + 1
RADIX = 2**32
U32 = IntTy(32, signed=False)


def element(name: str) -> tuple[Expr, list[Expr]]:
    x = var(name, U32)
    return x, [lt(x, const(PRIME))]


def product(name: str, a: Expr, b: Expr) -> tuple[Expr, list[Expr]]:
    """The contract of Montgomery's product, an uninterpreted function."""
    r = app(name, (a, b), U32)
    congruent = eq(mod(mul(r, const(RADIX)), const(PRIME)), mod(mul(a, b), const(PRIME)))
    return r, [lt(r, const(PRIME)), congruent]


def chain(length: int) -> tuple[Expr, list[Expr]]:
    """Powers of an element, of which the last has an inverse."""
    x, facts = element("x")
    power = x
    for _ in range(length):
        power, more = product("mul", power, x)
        facts += more
    inverse = app("inverse", (power,), U32)
    one = eq(mod(mul(inverse, power), const(PRIME)), const(RADIX**2 % PRIME))
    return power, [*facts, lt(inverse, const(PRIME)), one]


def test_a_chain_of_products_with_an_inverse() -> None:
    power, facts = chain(9)
    assert is_hard(facts)
    found = model(facts)
    assert found is not None
    x = found[var("x", U32)].attr
    assert found[power].attr == prod([x] * 10) * pow(RADIX, -9, PRIME) % PRIME
    # An engine that is told the values agrees.
    chosen = (eq(leaf, value) for leaf, value in found.items())
    query = satisfiable(ScalarGoal("", (*facts, *chosen), const(False)))
    assert query.complete
    assert z3_says(query, 5000) == "sat"


def test_what_cannot_hold_has_no_model() -> None:
    power, facts = chain(9)
    assert model([*facts, eq(power, const(0))]) is None
    x = var("x", U32)
    assert model([*facts, eq(sub(x, const(PRIME)), const(0))]) is None
    assert model([lt(var("n", INT), const(0)), lt(const(0), var("n", INT))]) is None


def test_one_function_has_one_value_at_equal_arguments() -> None:
    a, b = var("a", U32), var("b", U32)
    f, g = app("f", (a,), U32), app("f", (b,), U32)
    assert model([eq(a, const(3)), eq(b, const(3)), not_(eq(f, g))]) is None
    found = model([eq(a, const(3)), eq(b, const(3)), le(f, const(9))])
    assert found is not None
    assert found[f] == found[app("f", (a,), U32)]
    # The same number is the same argument, whatever its type was.
    typed = [eq(app("f", (const(1, U32),), U32), const(4)), lt(app("f", (const(1),), U32), g)]
    found = model(typed)
    assert found is None or all(substitute(h, found).attr for h in typed)


def test_definitions_have_the_values_that_they_compute() -> None:
    x, y = var("x", U32), var("y", U32)
    cube = app("cube", (x,), INT)
    defined = {"cube": lambda args: args[0] ** 3}
    linked = implies(eq(cube, const(27)), eq(y, const(5)))
    found = model([eq(x, const(3)), linked], defined)
    assert found is not None
    assert (found[cube].attr, found[y].attr) == (27, 5)
    assert model([eq(x, const(3)), eq(cube, const(28))], defined) is None
    # Backwards is not computed, and nothing is said of what has no value.
    assert model([le(const(0), cube), lt(cube, const(2))], defined) is None
    assert model([le(cube, const(9))], {"cube": lambda _: None}) is None
    # A variable may have the name of a definition.
    assert model([eq(var("cube", INT), const(28))], defined) is not None


def test_one_of_several_ways() -> None:
    power, facts = chain(9)
    y, more = element("y")
    assert model([*facts, *more, or_(eq(y, power), eq(y, const(0)))]) is not None


def test_bits_of_what_is_known_are_computed() -> None:
    x, y = var("x", U32), var("y", U32)
    low = bitwise("band", x, const(255, U32))
    assert model([eq(x, const(0x1FF, U32)), eq(y, bit_op("popcount", low))]) is not None
    assert model([eq(x, const(0x1FF, U32)), eq(const(7), bit_op("popcount", low))]) is None


def test_values_are_of_their_types() -> None:
    narrow = var("x", IntTy(8, signed=False))
    assert model([eq(narrow, const(300))]) is None
    assert model([eq(mod(narrow, const(509)), const(400))]) is None
    assert model([var("b", BOOL), eq(narrow, const(255))]) is not None


def test_the_work_is_bounded() -> None:
    assert model(chain(120)[1]) is None


def test_few_products_are_left_to_solvers() -> None:
    assert not is_hard(chain(1)[1])
    assert not is_hard([eq(mul(var("x", INT), var("y", INT)), const(6))] * 9)
