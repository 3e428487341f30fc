from __future__ import annotations

import pickle
import time
from random import Random

import pytest
from hypothesis import given
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
from extract.interpret import Data, Unspecified, Value, evaluate
from extract.mutate import rebuild, simplified

U8, I8, U16 = IntTy(8, signed=False), IntTy(8), IntTy(16, signed=False)
SEQ, PAIR = SeqTy(U8), ArrayTy(U8, 2)
OPTION = DataTy("Option<(u8, u8)>")  # with the pair's fields in the variant itself
MACHINE = (U8, I8, U16)

# Raw expressions, made without simplification ----------------------------------------------------

VARIABLES: dict[Type, tuple[str, ...]] = {
    INT: ("m", "n"), U8: ("a", "b"), I8: ("c", "d"), U16: ("e",), BOOL: ("p", "q"),
    SEQ: ("s",), PAIR: ("w",), OPTION: ("o",),
}  # fmt: skip
TYPES = tuple(VARIABLES)
INTEGERS = (INT, *MACHINE)
BINARY = ("sub", "div", "mod", "add", "mul")


class Raw:
    """Draws expressions: small ones, in which equal parts and literals are common."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)  # noqa: S311 (reproducible, nothing secret)
        self.made: dict[Type, list[Expr]] = {}

    def draw(self, ty: Type, depth: int) -> Expr:
        made = self.made.setdefault(ty, [])
        if made and self.rng.random() < 0.1:
            return self.rng.choice(made)
        e = self.leaf(ty) if depth == 0 or self.rng.random() < 0.15 else self.node(ty, depth - 1)
        self.made[ty] = [*made[-2:], e]
        return e

    def leaf(self, ty: Type) -> Expr:
        if isinstance(ty, IntTy) and self.rng.random() < 0.6:
            return self.literal(ty)
        if ty == BOOL and self.rng.random() < 0.4:
            return self.rng.choice((TRUE, FALSE))
        return var(self.rng.choice(VARIABLES[ty]), ty)

    def literal(self, ty: IntTy) -> Expr:
        edges = [v for v in (0, 0, 1, 1, -1, 2, 3, 8, ty.low, ty.high) if v is not None]
        return const(self.rng.choice([v for v in edges if ty.contains(v)]), ty)

    def some(self, ty: Type | None, depth: int, count: int) -> tuple[Expr, ...]:
        """Operands; without a type, integers of any type."""
        return tuple(self.draw(ty or self.rng.choice(INTEGERS), depth) for _ in range(count))

    def node(self, ty: Type, depth: int) -> Expr:
        if self.rng.random() < 0.15:
            return node("ite", (self.draw(BOOL, depth), *self.some(ty, depth, 2)), ty)
        if ty == BOOL:
            return self.boolean(depth)
        if ty == INT:
            return self.integer(depth)
        if isinstance(ty, IntTy):
            return self.machine(ty, depth)
        return self.compound(ty, depth)

    def boolean(self, depth: int) -> Expr:
        op = self.rng.choice(("not", "not", "and", "or", "implies", "lt", "le", "eq", "is", "all"))
        match op:
            case "not":
                return node(op, (self.draw(BOOL, depth),), BOOL)
            case "and" | "or":
                return node(op, self.some(BOOL, depth, self.rng.randint(2, 3)), BOOL)
            case "implies":
                return node(op, self.some(BOOL, depth, 2), BOOL)
            case "is":
                return node(op, (self.draw(OPTION, depth),), BOOL, self.rng.randint(0, 1))
            case "all":
                kind = self.rng.choice(("forall", "exists"))
                ends = (const(self.rng.randint(-2, 2)), const(self.rng.randint(0, 4)))
                return node(kind, (*ends, self.draw(BOOL, depth)), BOOL, "n")
            case "eq":
                return node(op, self.some(self.rng.choice((None, *TYPES)), depth, 2), BOOL)
        return node(op, self.some(None, depth, 2), BOOL)

    def integer(self, depth: int) -> Expr:
        op = self.rng.choice((*BINARY, "neg", "pow", "len"))
        match op:
            case "neg":
                return node(op, self.some(None, depth, 1), INT)
            case "len":
                return node(op, (self.draw(self.rng.choice((SEQ, PAIR)), depth),), INT)
            case "pow":
                exponent = const(self.rng.randint(-1, 4))
                return node(op, (*self.some(None, depth, 1), exponent), INT)
            case "add" | "mul":
                return node(op, self.some(None, depth, self.rng.randint(2, 3)), INT)
        return node(op, self.some(None, depth, 2), INT)

    def machine(self, ty: IntTy, depth: int) -> Expr:
        more = ("at", "get", "bitrev", "bswap") if ty == U8 else ()
        ops = ("wrap", "wrap", "wrap", "band", "bor", "bxor", "bnot", "shl", "shr", *more)
        op = self.rng.choice(ops)
        match op:
            case "wrap":
                return node(op, self.some(None, depth, 1), ty)
            case "bnot" | "bitrev" | "bswap":
                return node(op, (self.draw(ty, depth),), ty)
            case "shl" | "shr":
                return node(op, (self.draw(ty, depth), *self.some(None, depth, 1)), ty)
            case "at":
                items = self.draw(self.rng.choice((SEQ, PAIR)), depth)
                return node(op, (items, *self.some(None, depth, 1)), ty)
            case "get":
                return node(op, (self.draw(OPTION, depth),), ty, (1, self.rng.randrange(2)))
        return node(op, self.some(ty, depth, 2), ty)

    def compound(self, ty: Type, depth: int) -> Expr:
        if ty == OPTION:
            kind = self.rng.randrange(3)
            if kind == 2:
                parts = (self.draw(ty, depth), self.draw(U8, depth))
                return node("with", parts, ty, (1, self.rng.randrange(2)))
            return node("make", self.some(U8, depth, 2 * kind), ty, kind)
        count = 2 if ty == PAIR else self.rng.randint(-2, 3)
        match self.rng.randrange(4):
            case 0:
                return node("array", self.some(U8, depth, count), ty)
            case 1:
                return node("repeat", (self.draw(U8, depth), const(count)), ty)
            case 2:
                place = self.some(None, depth, 1)
                return node("store", (self.draw(ty, depth), *place, self.draw(U8, depth)), ty)
        ends = (const(1), const(3)) if ty == PAIR else self.some(None, depth, 2)
        return node("slice", (self.draw(SEQ, depth), *ends), ty)

    def environment(self) -> dict[str, Value]:
        rng = self.rng
        pair = (self.value(U8), self.value(U8))
        option = rng.choice((Data(OPTION.name, 0), Data(OPTION.name, 1, pair)))
        env: dict[str, Value] = {
            name: self.value(ty)
            for ty, names in VARIABLES.items()
            for name in names
            if isinstance(ty, IntTy)
        }
        env |= {"p": rng.random() < 0.5, "q": rng.random() < 0.5, "o": option}
        items = tuple(self.value(U8) for _ in range(rng.randint(0, 4)))
        return env | {"s": items, "w": (self.value(U8), self.value(U8))}

    def value(self, ty: IntTy) -> int:
        low, high = (ty.low, ty.high) if ty.bits else (-300, 300)
        assert low is not None
        assert high is not None
        edges = (low, high, 0, 1, self.rng.randint(low, high), self.rng.randint(low, high))
        return self.rng.choice(edges)


def agree(e: Expr, env: dict[str, Value]) -> bool:
    try:
        expected = evaluate(e, env)
    except Unspecified:
        # What is unspecified may become anything.
        return True
    plain = simplified(e)
    result = evaluate(plain, env)
    in_type = not isinstance(plain.ty, IntTy) or plain.ty.contains(result)
    return result == expected and type(result) is type(expected) and in_type


@pytest.mark.parametrize("seed", range(8))
def test_smart_constructors_keep_the_meaning(seed: int) -> None:
    source = Raw(seed)
    for _ in range(1000):
        source.made = {}
        e = source.draw(source.rng.choice(TYPES), source.rng.randint(1, 4))
        for _ in range(4):
            env = source.environment()
            if not agree(e, env):
                smallest = next(part for part in subexpressions([e]) if not agree(part, env))
                pytest.fail(f"{smallest} becomes {simplified(smallest)} in {env}")


@pytest.mark.parametrize("seed", range(2))
def test_simplification_is_stable(seed: int) -> None:
    # What was made by smart constructors they make again, or something still simpler.
    source = Raw(100 + seed)
    for _ in range(500):
        once = simplified(source.draw(BOOL, 4))
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
    some = make(OPTION, 1, (a, b))
    assert add(a, const(2), add(b, const(-2))) is add(a, b)
    assert mul(a, const(2), const(3)) is mul(const(6), a)
    assert mul(a, const(0)) is const(0)
    assert wrap(U8, wrap(U16, add(a, b))) is wrap(U8, add(a, b))
    assert wrap(U8, a) is a
    assert not_(lt(a, b)) is node("le", (b, a), BOOL)
    assert get(some, 1, 0, U8) is a
    assert get(with_field(some, 1, 0, b), 1, 0, U8) is b
    assert get(with_field(var("o", OPTION), 1, 0, b), 1, 1, U8) is get(var("o", OPTION), 1, 1, U8)
    assert is_variant(ite(p, some, make(OPTION, 0, ())), 1) is p
    assert rebuild(node("ite", (p, a, b), U8), (p, a, a)) is a
