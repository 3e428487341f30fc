"""Random arguments that satisfy narrow preconditions."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.contract import Clause, Contract
from extract.expr import (
    BOOL,
    INT,
    ArrayTy,
    DataTy,
    Expr,
    IntTy,
    SeqTy,
    Type,
    add,
    and_,
    at,
    const,
    eq,
    get,
    is_variant,
    le,
    length,
    lt,
    mul,
    quantified,
    sub,
    var,
)
from extract.program import Assign, Block, DataDef, Function, Param, Program, Return, Variant
from extract.values import Data, Value
from verify.pipeline.sampling import between, smaller
from verify.pipeline.trial import Trial

U32, U64, U128, I64 = IntTy(32, False), IntTy(64, False), IntTy(128, False), IntTy(64)
P = 2**31 - 2**24 + 1
ELEMENT, CHOICE = DataTy("Element"), DataTy("Choice")
DATATYPES = {
    "Element": DataDef("Element", (Variant("Element", (("value", U32),)),)),
    "Choice": DataDef("Choice", (Variant("No", ()), Variant("Yes", (("0", U64),))), is_enum=True),
}


def rng(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - reproducible, no secret


def trial(params: dict[str, Type], *requires: Expr) -> Trial:
    formal = [Param(n, t) for n, t in params.items()]
    block = Block([Assign("_0", const(True))], Return())
    f = Function("f", formal, BOOL, {"_0": BOOL}, {"b": block}, "b", ("_0",))
    contract = Contract(tuple(Clause(str(e), e) for e in requires))
    return Trial(Program({"f": f}, dict(DATATYPES)), "f", contract, {}, {})


def value_of(name: str) -> Expr:
    return get(var(name, ELEMENT), 0, 0, U32)


x, y = var("x", U64), var("y", U64)
items = var("items", SeqTy(ELEMENT))
index = var("i", INT)
NARROW: dict[str, tuple[dict[str, Type], list[Expr]]] = {
    "a machine word below a smaller bound": ({"x": U64}, [lt(x, const(1000))]),
    "below P * 2**32": ({"x": U64}, [lt(x, const(P << 32))]),
    "below 2**96": ({"x": U128}, [lt(var("x", U128), const(1 << 96))]),
    "a window": ({"x": U64}, [le(const(10**9), x), lt(x, const(10**9 + 500))]),
    "a sum": ({"x": U64, "y": U64}, [lt(add(x, y), const(1 << 20))]),
    "a multiple": ({"x": U64}, [lt(mul(const(8), x), const(9000))]),
    "a difference": ({"x": I64}, [le(sub(var("x", I64), const(7)), const(-(2**62)))]),
    "fields": (
        {"a": ELEMENT, "b": ELEMENT},
        [lt(value_of("a"), const(P)), lt(value_of("b"), const(P))],
    ),
    "in order": ({"x": U64, "y": U64}, [and_(lt(x, y), lt(y, const(4000)))]),
    "a length": ({"items": SeqTy(ELEMENT)}, [eq(length(items), const(9))]),
    "every element": (
        {"items": SeqTy(ELEMENT)},
        [
            eq(length(items), const(12)),
            quantified("forall", "i", const(0), const(12),
                       lt(get(at(items, index), 0, 0, U32), const(60))),
        ],
    ),
    "an array": (
        {"a": ArrayTy(U32, 3)},
        [lt(at(var("a", ArrayTy(U32, 3)), const(k)), const(50 + k)) for k in range(3)],
    ),
    "a variant": (
        {"c": CHOICE},
        [is_variant(var("c", CHOICE), 1), lt(get(var("c", CHOICE), 1, 0, U64), const(300))],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", NARROW)
def test_narrow_preconditions_are_met(what: str) -> None:
    params, requires = NARROW[what]
    made = trial(params, *requires)
    found = list(made.inputs(rng(1), 100))
    assert len(found) == 100
    assert len(set(found)) == 100
    assert all(made.admits(args) for args in found)


def test_bounds_are_met_exactly() -> None:
    made = trial({"x": U64}, le(const(5), x), lt(x, const(P << 32)))
    found = {args[0] for args in made.inputs(rng(2), 200)}
    assert {5, (P << 32) - 1} <= found


def test_what_cannot_hold_ends() -> None:
    assert list(trial({"x": U64}, lt(x, const(3)), lt(const(3), x)).inputs(rng(3), 50)) == []


def test_few_values_are_all_found() -> None:
    found = {args[0] for args in trial({"x": U64}, lt(x, const(4))).inputs(rng(4), 50)}
    assert found == {0, 1, 2, 3}


def test_seeds_lead_where_chance_does_not() -> None:
    """A product of two large primes: chance will not find it, but finds more around it."""
    product = eq(mul(x, y), const(1_000_003 * 998_244_353))
    made = trial({"x": U64, "y": U64, "z": U64}, product)
    seed = (1_000_003, 998_244_353, 0)
    assert list(made.inputs(rng(5), 30)) == []
    found = list(made.inputs(rng(5), 30, [seed, (1, 2, 3)]))
    assert len(found) == 30
    assert found[0] == seed


@given(st.integers(-(2**70), 2**70), st.integers(0, 2**70), st.integers())
def test_between(low: int, span: int, seed: int) -> None:
    assert low <= between(low, low + span, rng(seed)) <= low + span


def size(value: Value) -> int:
    match value:
        case Data(_, _, fields):
            return sum(map(size, fields))
        case tuple():
            return len(value) + sum(map(size, value))
    return abs(int(value)).bit_length() + abs(int(value)) if isinstance(value, int) else 0


@given(st.lists(st.integers(-300, 300) | st.lists(st.integers(0, 9), max_size=4).map(tuple)))
def test_smaller_is_smaller(values: list[Value]) -> None:
    args = tuple(values)
    for simpler in smaller(args):
        assert size(simpler) < size(args)
