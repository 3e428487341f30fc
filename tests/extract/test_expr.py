from __future__ import annotations

import pickle
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.expr import (
    BOOL,
    FALSE,
    INT,
    TRUE,
    ArrayTy,
    DataTy,
    Expr,
    IntTy,
    SeqTy,
    Type,
    add,
    bitwise,
    bnot,
    const,
    eq,
    get,
    is_variant,
    ite,
    length,
    lt,
    make,
    mul,
    node,
    not_,
    pow_,
    repeat,
    subexpressions,
    trunc_div,
    trunc_rem,
    var,
    with_field,
    wrap,
)
from extract.interpret import Data, Unspecified, evaluate
from extract.mutate import rebuild, simplified

U8, I8, U16 = IntTy(8, signed=False), IntTy(8), IntTy(16, signed=False)
SEQ, PAIR = SeqTy(U8), ArrayTy(U8, 2)
OPTION = DataTy("Option<u8>")
MACHINE = (U8, I8, U16)

# Raw expressions, made without simplification ----------------------------------------------------

VARIABLES: dict[Type, tuple[str, ...]] = {
    INT: ("m", "n"), U8: ("a", "b"), I8: ("c", "d"), U16: ("e",), BOOL: ("p", "q"),
    SEQ: ("s",), PAIR: ("w",), OPTION: ("o",),
}  # fmt: skip


def literal(draw: st.DrawFn, ty: IntTy) -> Expr:
    edges = [v for v in (0, 1, -1, 2, 3, 8, ty.low, ty.high) if v is not None and ty.contains(v)]
    return const(draw(st.sampled_from(edges)), ty)


@st.composite
def raw(draw: st.DrawFn, ty: Type, depth: int) -> Expr:
    """A random expression of type ``ty``."""
    if depth == 0 or draw(st.integers(0, 5)) == 0:
        if isinstance(ty, IntTy) and draw(st.booleans()):
            return literal(draw, ty)
        if ty == BOOL and draw(st.booleans()):
            return draw(st.sampled_from((TRUE, FALSE)))
        return var(draw(st.sampled_from(VARIABLES[ty])), ty)

    def sub(of: Type) -> Expr:
        return draw(raw(of, depth - 1))

    if draw(st.integers(0, 6)) == 0:
        return node("ite", (sub(BOOL), sub(ty), sub(ty)), ty)
    if ty == BOOL:
        return boolean(draw, sub)
    if ty == INT:
        return integer(draw, sub)
    if isinstance(ty, IntTy):
        return machine(draw, ty, sub)
    return compound(draw, ty, sub)


def boolean(draw: st.DrawFn, sub: Any) -> Expr:
    op = draw(st.sampled_from(("not", "and", "or", "implies", "lt", "le", "eq", "is", "all")))
    match op:
        case "not":
            return node(op, (sub(BOOL),), BOOL)
        case "and" | "or":
            count = draw(st.integers(2, 3))
            return node(op, tuple(sub(BOOL) for _ in range(count)), BOOL)
        case "implies":
            return node(op, (sub(BOOL), sub(BOOL)), BOOL)
        case "is":
            return node(op, (sub(OPTION),), BOOL, draw(st.integers(0, 1)))
        case "all":
            kind = draw(st.sampled_from(("forall", "exists")))
            return node(kind, (literal(draw, U8), literal(draw, U8), sub(BOOL)), BOOL, "n")
        case "eq":
            ty = draw(st.sampled_from(tuple(VARIABLES)))
            return node(op, (sub(ty), sub(ty)), BOOL)
    return node(op, (any_integer(draw, sub), any_integer(draw, sub)), BOOL)


def any_integer(draw: st.DrawFn, sub: Any) -> Expr:
    made: Expr = sub(draw(st.sampled_from((INT, *MACHINE))))
    return made


def integer(draw: st.DrawFn, sub: Any) -> Expr:
    op = draw(st.sampled_from(("add", "mul", "sub", "div", "mod", "neg", "pow", "len")))
    match op:
        case "neg":
            return node(op, (any_integer(draw, sub),), INT)
        case "len":
            return node(op, (sub(draw(st.sampled_from((SEQ, PAIR)))),), INT)
        case "pow":
            exponent = const(draw(st.integers(-1, 4)))
            return node(op, (any_integer(draw, sub), exponent), INT)
        case "add" | "mul":
            count = draw(st.integers(2, 3))
            return node(op, tuple(any_integer(draw, sub) for _ in range(count)), INT)
    return node(op, (any_integer(draw, sub), any_integer(draw, sub)), INT)


def machine(draw: st.DrawFn, ty: IntTy, sub: Any) -> Expr:
    ops = ["wrap", "wrap", "band", "bor", "bxor", "bnot", "shl", "shr"]
    if ty == U8:
        ops += ["at", "get", "bitrev", "bswap"]
    op = draw(st.sampled_from(ops))
    match op:
        case "wrap":
            return node(op, (any_integer(draw, sub),), ty)
        case "bnot" | "bitrev" | "bswap":
            return node(op, (sub(ty),), ty)
        case "shl" | "shr":
            return node(op, (sub(ty), any_integer(draw, sub)), ty)
        case "at":
            return node(op, (sub(draw(st.sampled_from((SEQ, PAIR)))), sub(INT)), ty)
        case "get":
            return node(op, (sub(OPTION),), ty, (1, 0))
    return node(op, (sub(ty), sub(ty)), ty)


def compound(draw: st.DrawFn, ty: Type, sub: Any) -> Expr:
    if ty == OPTION:
        kind = draw(st.integers(0, 2))
        if kind == 0:
            return node("make", (), ty, 0)
        if kind == 1:
            return node("make", (sub(U8),), ty, 1)
        return node("with", (sub(ty), sub(U8)), ty, (1, 0))
    kind = draw(st.integers(0, 3))
    count = 2 if ty == PAIR else draw(st.integers(0, 3))
    if kind == 0:
        return node("array", tuple(sub(U8) for _ in range(count)), ty)
    if kind == 1:
        number = const(2) if ty == PAIR else const(draw(st.integers(-2, 3)))
        return node("repeat", (sub(U8), number), ty)
    if kind == 2:
        return node("store", (sub(ty), sub(INT), sub(U8)), ty)
    if ty == PAIR:
        return node("slice", (sub(SEQ), const(1), const(3)), ty)
    return node("slice", (sub(SEQ), sub(INT), sub(INT)), ty)


ints = {ty: st.integers(ty.low, ty.high) for ty in MACHINE}
option = st.one_of(
    st.just(Data("Option<u8>", 0)), ints[U8].map(lambda x: Data("Option<u8>", 1, (x,)))
)
environments = st.fixed_dictionaries(
    {
        **dict.fromkeys("mn", st.integers(-300, 300)),
        **dict.fromkeys("ab", ints[U8]),
        **dict.fromkeys("cd", ints[I8]),
        "e": ints[U16],
        **dict.fromkeys("pq", st.booleans()),
        "s": st.lists(ints[U8], max_size=4).map(tuple),
        "w": st.tuples(ints[U8], ints[U8]),
        "o": option,
    }
)


@settings(max_examples=1500, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(tuple(VARIABLES)).flatmap(lambda ty: raw(ty, 4)), environments)
def test_smart_constructors_keep_the_meaning(e: Expr, env: dict[str, Any]) -> None:
    try:
        expected = evaluate(e, env)
    except Unspecified:
        return
    plain = simplified(e)
    result = evaluate(plain, env)
    assert result == expected
    assert type(result) is type(expected)
    if isinstance(plain.ty, IntTy):
        assert plain.ty.contains(result)


@settings(max_examples=300, deadline=None)
@given(raw(BOOL, 4))
def test_simplification_is_stable(e: Expr) -> None:
    # What was made by smart constructors they make again, or something still simpler.
    once = simplified(e)
    again = simplified(once)
    assert len(list(subexpressions([again]))) <= len(list(subexpressions([once])))


# Nodes -------------------------------------------------------------------------------------------


def test_equal_parts_are_one_node_and_true_is_not_one() -> None:
    x = var("x", U8)
    assert add(x, const(1)) is add(x, const(1))
    assert const(True) is not const(1)
    assert node("const", (), INT, True) is not node("const", (), INT, 1)
    assert const(1, U8) is not const(1)


def test_pickling_keeps_identity() -> None:
    e = lt(add(var("x", U8), const(1)), const(9))
    assert pickle.loads(pickle.dumps(e)) is e  # noqa: S301 (our own bytes)


def test_bitwise_operators_ask_for_one_machine_type() -> None:
    with pytest.raises(TypeError, match="u8 and u16"):
        bitwise("band", var("a", U8), var("e", U16))
    with pytest.raises(TypeError, match="not a machine integer"):
        bnot(var("m", INT))


@given(st.integers(-50, 50), st.integers(-9, 9).filter(bool))
def test_truncating_division(a: int, b: int) -> None:
    env = {"m": a, "n": b}
    quotient = evaluate(trunc_div(var("m", INT), var("n", INT)), env)
    rest = evaluate(trunc_rem(var("m", INT), var("n", INT)), env)
    assert quotient == abs(a) // abs(b) * (1 if a * b >= 0 else -1)
    assert quotient * b + rest == a
    assert abs(rest) < abs(b)
    assert rest * a >= 0


# Mistakes that were once made --------------------------------------------------------------------


def test_length_of_a_repetition_is_never_negative() -> None:
    count = var("n", INT)
    assert evaluate(length(repeat(SEQ, const(7, U8), count)), {"n": -1}) == 0
    assert length(repeat(SEQ, const(7, U8), var("k", U16))) is var("k", U16)


def test_if_then_else_of_different_types_is_refused() -> None:
    condition = var("p", BOOL)
    with pytest.raises(TypeError, match=r"u8 and \[u8\]"):
        ite(condition, var("a", U8), var("s", SEQ))
    assert ite(condition, var("a", U8), var("e", U16)).ty == INT


def test_powers_too_large_to_compute_stay_as_they_are() -> None:
    started = time.monotonic()
    assert pow_(const(3), const(10**12)).op == "pow"
    assert pow_(const(2), const(100)) is const(2**100)
    assert time.monotonic() - started < 1


def test_variant_test_of_shared_choices_takes_no_time() -> None:
    e = var("o", OPTION)
    for i in range(200):
        e = ite(eq(var("n", INT), const(i)), with_field(e, 1, 0, const(1, U8)), e)
    started = time.monotonic()
    assert is_variant(e, 1).op in {"is", "ite"}
    assert time.monotonic() - started < 1


# A few simplifications that back ends rely on ----------------------------------------------------


def test_simplifications() -> None:
    a, b, p = var("a", U8), var("b", U8), var("p", BOOL)
    some = make(OPTION, 1, (a,))
    assert add(a, const(2), add(b, const(-2))) is add(a, b)
    assert mul(a, const(2), const(3)) is mul(const(6), a)
    assert mul(a, const(0)) is const(0)
    assert wrap(U8, wrap(U16, add(a, b))) is wrap(U8, add(a, b))
    assert wrap(U8, a) is a
    assert not_(lt(a, b)) is node("le", (b, a), BOOL)
    assert get(some, 1, 0, U8) is a
    assert get(with_field(some, 1, 0, b), 1, 0, U8) is b
    assert is_variant(ite(p, some, make(OPTION, 0, ())), 1) is p
    assert rebuild(node("ite", (p, a, b), U8), (p, a, a)) is a
