from __future__ import annotations

import operator
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extract.contract import Definition
from extract.expr import (
    BOOL,
    INT,
    ArrayTy,
    DataTy,
    Expr,
    IntTy,
    OpaqueTy,
    SeqTy,
    Type,
    add,
    and_,
    app,
    at,
    const,
    get,
    ite,
    le,
    lt,
    mul,
    node,
    quantified,
    sub,
    var,
    wrap,
)
from extract.interpret import (
    Applied,
    Data,
    Interpreter,
    InvalidValueError,
    NoSemanticsError,
    Opaque,
    OutOfFuel,
    Panicked,
    Returned,
    UnboundError,
    Unspecified,
    Value,
    check_value,
    default_value,
    evaluate,
    random_value,
    run,
)
from extract.program import (
    Abstract,
    Assign,
    Block,
    Branch,
    Call,
    Check,
    DataDef,
    Function,
    Goto,
    Panic,
    Param,
    Program,
    Refuse,
    Return,
    Unreachable,
    Variant,
)
from verify.core.span import Span

U8, I8 = IntTy(8, signed=False), IntTy(8)
U32, U64 = IntTy(32, signed=False), IntTy(64, signed=False)
ORDER = 2**31 - 1
MERSENNE = "p3_mersenne_31::Mersenne31"
ADD = "<Mersenne31 as Add>::add"
OPTION = DataTy("std::option::Option<u32>")
EMPTY = Program()

wide = st.integers(-(2**70), 2**70) | st.integers(-20, 20)
bytes_ = st.integers(0, 255)
signed_bytes = st.integers(-128, 127)


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 (reproducible, nothing secret)


def apply(op: str, ty: Type, *values: Any, types: tuple[Type, ...] = (), attr: Any = None) -> Any:
    names = "abcdef"
    kinds = types[: len(values)] or (INT,) * len(values)
    args = tuple(var(n, t) for n, t in zip(names, kinds, strict=False))
    return evaluate(node(op, args, ty, attr), dict(zip(names, values, strict=False)))


# Operators against Python ----------------------------------------------------------------------


@given(wide, wide)
def test_arithmetic(a: int, b: int) -> None:
    assert apply("add", INT, a, b) == a + b
    assert apply("add", INT, a, b, a) == 2 * a + b
    assert apply("sub", INT, a, b) == a - b
    assert apply("mul", INT, a, b) == a * b
    assert apply("mul", INT, a, b, b) == a * b * b
    assert apply("neg", INT, a) == -a
    assert apply("div", INT, a, b) == (a // b if b else 0)
    assert apply("mod", INT, a, b) == (a % b if b else a)
    assert apply("eq", BOOL, a, b) is (a == b)
    assert apply("lt", BOOL, a, b) is (a < b)
    assert apply("le", BOOL, a, b) is (a <= b)


@given(wide, st.integers(-3, 30))
def test_power(a: int, b: int) -> None:
    assert apply("pow", INT, a, b) == (a**b if b >= 0 else 0)


@given(wide, st.integers(-3, 30), wide)
@example(3, 5, 0)
@example(3, 5, -7)
def test_remainder_of_a_power(a: int, b: int, m: int) -> None:
    power = a**b if b >= 0 else 0
    e = node("mod", (node("pow", (var("a", INT), var("b", INT)), INT), var("m", INT)), INT)
    assert evaluate(e, {"a": a, "b": b, "m": m}) == (power % m if m else power)


def test_a_remainder_needs_no_power_in_full() -> None:
    e = node("mod", (node("pow", (const(3), const(10**18)), INT), const(7)), INT)
    assert evaluate(e, {}) == pow(3, 10**18, 7)


@given(wide)
def test_wrap(a: int) -> None:
    assert apply("wrap", U8, a) == a % 256
    assert apply("wrap", I8, a) == (a + 128) % 256 - 128
    assert apply("wrap", INT, a) == a


@pytest.mark.parametrize("ty", [U8, I8])
@given(data=st.data())
def test_bits_against_bit_strings(ty: IntTy, data: st.DataObject) -> None:
    values = signed_bytes if ty.signed else bytes_
    a, b = data.draw(values), data.draw(values)
    n = data.draw(st.integers(-3, 12))
    bits_a, bits_b = (format(x % 256, "08b") for x in (a, b))

    def value(bits: str) -> int:
        number = int(bits, 2)
        return number - 256 if ty.signed and bits[0] == "1" else number

    def combined(rule: Callable[[str, str], bool]) -> int:
        return value("".join("01"[rule(x, y)] for x, y in zip(bits_a, bits_b, strict=True)))

    two = (ty, ty)
    assert apply("band", ty, a, b, types=two) == combined(lambda x, y: x == y == "1")
    assert apply("bor", ty, a, b, types=two) == combined(lambda x, y: "1" in x + y)
    assert apply("bxor", ty, a, b, types=two) == combined(operator.ne)
    assert apply("bnot", ty, a, types=two) == value(bits_a.translate({48: "1", 49: "0"}))
    inside = 0 <= n < 8
    left = value((bits_a + "0" * n)[-8:]) if inside else 0
    filler = bits_a[0] if ty.signed else "0"
    right = value((filler * n + bits_a)[:8] if inside else filler * 8)
    assert apply("shl", ty, a, n, types=(ty, INT)) == left
    assert apply("shr", ty, a, n, types=(ty, INT)) == right
    assert apply("clz", U32, a, types=two) == len(bits_a) - len(bits_a.lstrip("0"))
    assert apply("ctz", U32, a, types=two) == len(bits_a) - len(bits_a.rstrip("0"))
    assert apply("popcount", U32, a, types=two) == bits_a.count("1")
    assert apply("bitrev", ty, a, types=two) == value(bits_a[::-1])


@given(st.integers(0, 2**32 - 1))
def test_byte_swap(a: int) -> None:
    assert apply("bswap", U32, a, types=(U32,)) == int.from_bytes(a.to_bytes(4, "big"), "little")


@given(st.booleans(), st.booleans(), st.booleans())
def test_connectives(a: bool, b: bool, c: bool) -> None:
    types = (BOOL,) * 3
    assert apply("not", BOOL, a, types=types) is (not a)
    assert apply("and", BOOL, a, b, c, types=types) is (a and b and c)
    assert apply("or", BOOL, a, b, c, types=types) is (a or b or c)
    assert apply("implies", BOOL, a, b, types=types) is (b or not a)
    assert apply("ite", BOOL, a, b, c, types=types) is (b if a else c)


@given(st.lists(wide, max_size=6).map(tuple), st.integers(-3, 9), st.integers(-3, 9))
def test_sequences(s: tuple[int, ...], i: int, j: int) -> None:
    seq = SeqTy(INT)
    assert apply("len", INT, s, types=(seq,)) == len(s)
    replaced = tuple(7 if k == i else x for k, x in enumerate(s))
    assert apply("store", seq, s, i, 7, types=(seq, INT, INT)) == replaced
    cut = tuple(x for k, x in enumerate(s) if i <= k < j)
    assert apply("slice", seq, s, i, j, types=(seq, INT, INT)) == cut
    assert apply("concat", seq, s, (i,), types=(seq, seq)) == (*s, i)
    assert apply("array", seq, i, j) == (i, j)
    assert apply("repeat", seq, i, j) == tuple(i for _ in range(j))
    assert apply("eq", BOOL, s, (*s, 1), types=(seq, seq)) is False
    if 0 <= i < len(s):
        assert apply("at", INT, s, i, types=(seq, INT)) == s[i]
    else:
        with pytest.raises(Unspecified):
            apply("at", INT, s, i, types=(seq, INT))


def test_cutting_an_array_of_another_length_is_unspecified() -> None:
    seq, exact = SeqTy(INT), ArrayTy(INT, 2)
    assert apply("slice", exact, (1, 2, 3), 1, 3, types=(seq, INT, INT)) == (2, 3)
    with pytest.raises(Unspecified):
        apply("slice", exact, (1, 2, 3), 2, 4, types=(seq, INT, INT))


def test_data_types() -> None:
    some, none = Data(OPTION.name, 1, (5,)), Data(OPTION.name, 0)
    assert apply("make", OPTION, 5, attr=1) == some
    assert apply("is", BOOL, some, types=(OPTION,), attr=1) is True
    assert apply("is", BOOL, none, types=(OPTION,), attr=1) is False
    assert apply("get", U32, some, types=(OPTION,), attr=(1, 0)) == 5
    with pytest.raises(Unspecified):
        apply("get", U32, none, types=(OPTION,), attr=(1, 0))
    nine = Data(OPTION.name, 1, (9,))
    assert apply("with", OPTION, some, 9, types=(OPTION, U32), attr=(1, 0)) == nine
    assert apply("with", OPTION, none, 9, types=(OPTION, U32), attr=(1, 0)) == none


def test_an_unknown_operator_is_an_error() -> None:
    with pytest.raises(NotImplementedError, match="frobnicate"):
        apply("frobnicate", INT, 1)


# Unspecified values ----------------------------------------------------------------------------

LATER = at(var("s", SeqTy(INT)), var("i", INT))
IN_BOUNDS = lt(var("i", INT), node("len", (var("s", SeqTy(INT)),), INT))
POSITIVE = lt(const(0), LATER)


@pytest.mark.parametrize("padding", [0, 400])
@pytest.mark.parametrize(
    ("e", "expected"),
    [
        (ite(IN_BOUNDS, LATER, const(-1)), -1),
        (node("and", (POSITIVE, IN_BOUNDS), BOOL), False),
        (node("and", (IN_BOUNDS, POSITIVE), BOOL), False),
        (node("or", (POSITIVE, node("not", (IN_BOUNDS,), BOOL)), BOOL), True),
        (node("implies", (IN_BOUNDS, POSITIVE), BOOL), True),
        (node("implies", (POSITIVE, const(True)), BOOL), True),
        (node("and", (POSITIVE, const(True)), BOOL), None),
        (node("implies", (POSITIVE, IN_BOUNDS), BOOL), None),
        (ite(POSITIVE, const(1), const(2)), None),
        (quantified("forall", "k", const(0), const(3), lt(at(var("s", SeqTy(INT)),
            add(var("i", INT), var("k", INT))), const(0))), None),
    ],
)  # fmt: skip
def test_unspecified_parts_matter_only_where_they_decide(
    e: Expr, expected: Any, padding: int
) -> None:
    # The padding takes the same expression through the evaluator for large expressions.
    for _ in range(padding):
        e = ite(var("yes", BOOL), e, const(False) if e.ty == BOOL else const(0))
    env: dict[str, Value] = {"s": (1, 2), "i": 5, "yes": True}
    if expected is None:
        with pytest.raises(Unspecified):
            evaluate(e, env)
    else:
        assert evaluate(e, env) == expected


def test_quantifier_finds_a_decisive_instance_beside_an_unspecified_one() -> None:
    body = lt(at(var("s", SeqTy(INT)), var("k", INT)), const(2))
    e = quantified("forall", "k", const(0), const(9), body)
    assert evaluate(e, {"s": (1, 5)}) is False
    assert evaluate(quantified("exists", "k", const(-1), const(9), body), {"s": (5, 1)}) is True


# Size ------------------------------------------------------------------------------------------


def test_depth_is_not_bounded_by_the_python_stack() -> None:
    e: Expr = var("x", INT)
    for _ in range(20_000):
        e = sub(mul(const(-1), e), const(1))
    assert evaluate(e, {"x": 5}) == 5


def test_shared_nodes_are_evaluated_once() -> None:
    e: Expr = var("x", INT)
    for _ in range(300):
        e = wrap(U64, node("add", (e, e), INT))
    assert evaluate(e, {"x": 1}) == 0
    failing: Expr = LATER
    for _ in range(300):
        failing = node("add", (failing, failing), INT)
    with pytest.raises(Unspecified):
        evaluate(failing, {"s": (), "i": 0})


def fibonacci() -> Definition:
    n = var("n", INT)
    calls = [app("fib", (sub(n, const(k)),), INT) for k in (1, 2)]
    return Definition("fib", (("n", INT),), INT, ite(lt(n, const(2)), n, add(*calls)), n)


def test_definitions_recurse_deeply_and_once_for_equal_arguments() -> None:
    e = app("fib", (var("m", INT),), INT)
    assert evaluate(e, {"m": 90}, {"fib": fibonacci()}) == 2880067194370816120
    a, b = 0, 1
    for _ in range(5000):
        a, b = b, a + b
    assert evaluate(e, {"m": 5000}, {"fib": fibonacci()}) == a


def test_results_of_applications_are_kept_for_later_evaluations() -> None:
    e, kept = app("fib", (var("m", INT),), INT), Applied()
    functions = {"fib": fibonacci()}
    below = evaluate(e, {"m": 999}, functions, applied=kept)
    with pytest.raises(OutOfFuel):
        evaluate(e, {"m": 1000}, functions, fuel=50)
    found = evaluate(e, {"m": 1000}, functions, fuel=50, applied=kept)
    assert found - below == evaluate(e, {"m": 998}, functions)


def test_functions_may_be_python_and_must_be_known() -> None:
    e = app("digest", (const(3),), INT)
    assert evaluate(e, {}, {"digest": lambda x: 10 * x}) == 30
    with pytest.raises(NoSemanticsError, match="digest"):
        evaluate(e, {})


def test_fuel_bounds_quantifiers_recursion_powers_and_repetition() -> None:
    k = var("k", INT)
    endless = Definition("f", (("n", INT),), INT, app("f", (add(var("n", INT), const(1)),), INT))
    for e in (
        quantified("forall", "k", const(0), const(10**12), le(const(0), k)),
        app("f", (const(0),), INT),
        node("pow", (const(3), const(10**9)), INT),
        node("repeat", (const(3), const(10**12)), SeqTy(INT)),
    ):
        with pytest.raises(OutOfFuel):
            evaluate(e, {}, {"f": endless}, fuel=10_000)
    assert evaluate(node("pow", (const(-1), const(10**9)), INT), {}) == 1


def test_quantifiers_nest_and_shadow() -> None:
    i, k = var("i", INT), var("k", INT)
    inner = quantified("exists", "k", const(0), i, le(i, mul(k, k)))
    outer = quantified("forall", "i", const(3), const(30), inner)
    assert evaluate(outer, {}) is True
    shadow = quantified("forall", "k", k, add(k, const(2)), le(k, const(6)))
    assert evaluate(and_(shadow, le(k, const(5))), {"k": 5}) is True
    assert evaluate(shadow, {"k": 6}) is False


def test_missing_variable() -> None:
    with pytest.raises(UnboundError, match="'y'"):
        evaluate(add(var("x", INT), var("y", INT)), {"x": 1})


# Programs --------------------------------------------------------------------------------------


@given(a=st.integers(0, ORDER), b=st.integers(0, ORDER))
@example(a=ORDER, b=ORDER)
def test_mersenne_addition(a: int, b: int, plonky3: Program) -> None:
    outcome = run(plonky3, ADD, (Data(MERSENNE, 0, (a,)), Data(MERSENNE, 0, (b,))))
    assert isinstance(outcome, Returned)
    (total,) = outcome.outputs
    assert isinstance(total, Data)
    assert isinstance(total.fields[0], int)
    assert (total.fields[0] - a - b) % ORDER == 0
    assert 0 <= total.fields[0] <= ORDER


def test_failed_check_is_a_panic_with_its_place(plonky3: Program) -> None:
    big = Data(MERSENNE, 0, (2**32 - 1,))
    outcome = run(plonky3, ADD, (big, Data(MERSENNE, 0, (0,))))
    assert outcome == Panicked(
        "assertion failed: (value >> 31) == 0", "assert", Span("src/mersenne_31.rs", 60, 9)
    )


def gcd_inner(a: int, b: int) -> tuple[tuple[int, int, int, int], int, int]:
    """The Rust source, word for word, in Python."""
    f0, g0, f1, g1 = 1, 0, 0, 1
    for _ in range(30):
        if a & 1 == 0:
            a >>= 1
        else:
            if a < b:
                a, b, f0, f1, g0, g1 = b, a, f1, f0, g1, g0
            a = (a - b) >> 1
            f0 -= f1
            g0 -= g1
        f1 <<= 1
        g1 <<= 1
    return (f0, g0, f1, g1), a, b


@given(a=st.integers(0, 2**64 - 1), b=st.integers(0, 2**63 - 1))
def test_loop_with_mutable_parameters(a: int, b: int, plonky3: Program) -> None:
    factors, a_end, b_end = gcd_inner(a, 2 * b + 1)
    outcome = Interpreter(plonky3, validate=True).call("gcd_inner", (a, 2 * b + 1))
    assert outcome == Returned((Data("(i64, i64, i64, i64)", 0, factors), a_end, b_end))


def test_calls(plonky3: Program) -> None:
    def element(x: int) -> Data:
        return Data(MERSENNE, 0, (x,))

    args = (element(ORDER - 1), element(ORDER - 2), element(7))
    assert run(plonky3, "checked_sum", args) == Returned((element(4),))
    outcome = run(plonky3, "checked_sum", (element(2**31), *args[1:]))
    assert outcome == Panicked("x is canonical", "assert")
    refused = Panicked("no more", "abstract")
    assert run(plonky3, "checked_sum", args, abstract={ADD: lambda *_: refused}) == refused
    first = run(plonky3, "checked_sum", args, abstract={ADD: lambda a, _: (a,)})
    assert first == Returned((args[0],))


def countdown() -> Program:
    """Self-recursion: ``f(n) = n == 0 ? 0 : f(n - 1) + 1``."""
    n, r = var("n", U32), var("r", U32)
    blocks = {
        "a": Block([], Branch(lt(const(0), n), "b", "c")),
        "b": Block(
            [
                Call(("r",), "f", (wrap(U32, sub(n, const(1))),)),
                Assign("r", wrap(U32, add(r, const(1)))),
            ],
            Return(),
        ),
        "c": Block([Assign("r", const(0, U32))], Return()),
    }
    return Program({"f": Function("f", [Param("n", U32)], U32, {"r": U32}, blocks, "a", ("r",))})


def test_recursion_is_bounded_by_fuel_alone() -> None:
    assert run(countdown(), "f", (30_000,)) == Returned((30_000,))
    with pytest.raises(OutOfFuel, match="f ran out of fuel"):
        run(countdown(), "f", (30_000,), fuel=1000)


def small(*statements: Assign | Check | Call, end: Any = None, ty: IntTy = U8) -> Program:
    block = Block(list(statements), end or Return())
    function = Function("f", [Param("x", U8)], ty, {"r": ty}, {"a": block}, "a", ("r",))
    return Program({"f": function, "g": Abstract("g", [Param("y", U8, mutable=True)], U8)})


def test_panics_and_unreachable_points() -> None:
    span = Span("src/lib.rs", 3)
    assert run(small(end=Panic("boom", span)), "f", (1,)) == Panicked("boom", "panic", span)
    outcome = run(small(end=Unreachable(span)), "f", (1,))
    assert isinstance(outcome, Panicked)
    assert (outcome.kind, outcome.span) == ("unreachable", span)


def test_a_point_that_is_not_covered() -> None:
    program = small(end=Refuse("a closure in a static", Span("src/lib.rs", 3)))
    with pytest.raises(NoSemanticsError, match=r"a closure in a static, src/lib\.rs:3"):
        run(program, "f", (1,))


def test_an_endless_loop_without_statements_runs_out_of_fuel() -> None:
    with pytest.raises(OutOfFuel):
        run(small(end=Goto("a")), "f", (1,))


def test_abstract_functions() -> None:
    program = small(Call(("r", "x"), "g", (var("x", U8),)))
    assert run(program, "f", (1,), abstract={"g": lambda y: (y + 1, y)}) == Returned((2,))
    assert run(program, "g", (1,), abstract={"g": lambda y: (y + 1, y)}) == Returned((2, 1))
    with pytest.raises(NoSemanticsError, match="g has no body"):
        run(program, "f", (1,))
    with pytest.raises(InvalidValueError, match="g has 2 outputs, not 1"):
        run(program, "f", (1,), abstract={"g": lambda y: (y,)})
    with pytest.raises(InvalidValueError, match="300"):
        run(program, "f", (1,), abstract={"g": lambda y: (300, y)})


def test_ill_formed_programs_and_arguments_are_errors() -> None:
    with pytest.raises(UnboundError, match="'r'"):
        run(small(), "f", (1,))
    with pytest.raises(Unspecified):
        run(small(Assign("r", get(node("make", (), OPTION, 0), 1, 0, U32))), "f", (1,))
    with pytest.raises(NoSemanticsError, match="'h'"):
        run(small(), "h", ())
    with pytest.raises(InvalidValueError, match="1 arguments, not 2"):
        run(small(), "f", (1, 2))
    with pytest.raises(InvalidValueError, match="256"):
        run(small(), "f", (256,))


def test_validation_names_function_and_local() -> None:
    program = small(Assign("r", add(var("x", U8), const(1))))
    assert Interpreter(program, validate=True).call("f", (3,)) == Returned((4,))
    with pytest.raises(InvalidValueError, match="f: local r: value is 256"):
        Interpreter(program, validate=True).call("f", (255,))


def test_large_expressions_in_programs() -> None:
    k = var("k", INT)
    every = quantified("forall", "k", const(0), var("x", U8), le(app("id", (k,), INT), k))
    program = small(Assign("r", ite(every, const(1, U8), const(0, U8))))
    interpreter = Interpreter(program, functions={"id": lambda x: x})
    assert interpreter.call("f", (9,)) == Returned((1,))


# Values ----------------------------------------------------------------------------------------

CHAIN = DataTy("merkle::Chain")
TYPES: list[Type] = [
    BOOL, INT, U8, I8, U64, IntTy(128), IntTy(1, signed=False), ArrayTy(U8, 5), ArrayTy(U8, 0),
    SeqTy(SeqTy(I8)), DataTy(MERSENNE), OPTION, CHAIN, SeqTy(CHAIN), OpaqueTy("Transcript"),
    SeqTy(DataTy("std::convert::Infallible")),
]  # fmt: skip


@pytest.mark.parametrize("ty", TYPES, ids=str)
@given(seed=st.integers(0, 2**32))
def test_random_values_have_their_type(ty: Type, seed: int, plonky3: Program) -> None:
    check_value(ty, random_value(ty, plonky3, seeded(seed)), plonky3)
    check_value(ty, default_value(ty, plonky3), plonky3)


def test_random_values_reach_the_edges(plonky3: Program) -> None:
    rng = seeded(7)
    drawn = {random_value(U64, plonky3, rng) for _ in range(3000)}
    assert {0, 1, 2**64 - 1, 2**64 - 2, 2**63, 2**63 - 1, 2**63 + 1, 2**32} <= drawn
    signed = {random_value(I8, plonky3, rng) for _ in range(3000)}
    assert {-128, -127, -65, -64, -2, -1, 0, 1, 2, 63, 64, 65, 126, 127} <= signed
    variants = {
        v.variant for _ in range(50) if isinstance(v := random_value(OPTION, plonky3, rng), Data)
    }
    assert variants == {0, 1}


@pytest.mark.parametrize(
    ("ty", "value", "message"),
    [
        (BOOL, 1, "value is 1, which is not of type bool"),
        (U8, True, "True"),
        (U8, 256, "256"),
        (U8, -1, "-1"),
        (INT, 1.5, "1.5"),
        (ArrayTy(U8, 2), (1,), "[u8; 2]"),
        (SeqTy(U8), (1, 2, 300), "value[2] is 300"),
        (SeqTy(U8), [1], "[1]"),
        (OPTION, Data(OPTION.name, 1, (2**32,)), "value.0 is 4294967296"),
        (OPTION, Data(OPTION.name, 1), "has 1 fields, not 0"),
        (OPTION, Data(OPTION.name, 2), "no variant number 2"),
        (OPTION, Data("Other", 0), "Other"),
        (OpaqueTy("T"), Opaque("S", 1), "not of type T"),
    ],
)  # fmt: skip
def test_check_value_names_the_part(ty: Type, value: Any, message: str, plonky3: Program) -> None:
    with pytest.raises(InvalidValueError) as caught:
        check_value(ty, value, plonky3)
    assert message in str(caught.value)


def test_check_value_can_show_any_integer() -> None:
    with pytest.raises(InvalidValueError, match="0x1000"):
        check_value(U8, 2**100_000, EMPTY)


def test_types_without_values(plonky3: Program) -> None:
    never = DataTy("std::convert::Infallible")
    for make_value in (default_value, lambda ty, p: random_value(ty, p, seeded(1))):
        with pytest.raises(InvalidValueError, match="Infallible has no values"):
            make_value(never, plonky3)


def test_types_that_are_added_or_changed_have_values_too() -> None:
    program = Program()
    leaf, tree = DataTy("Leaf"), DataTy("Tree")
    program.datatypes["Tree"] = DataDef("Tree", (Variant("Node", (("left", leaf),)),))
    with pytest.raises(InvalidValueError, match="Tree has no values"):
        default_value(tree, program)
    program.datatypes["Leaf"] = DataDef("Leaf", (Variant("Leaf", ()),))
    assert default_value(tree, program) == Data("Tree", 0, (Data("Leaf", 0, ()),))
    program.datatypes["Leaf"] = DataDef("Leaf", (), is_enum=True)
    with pytest.raises(InvalidValueError, match="Tree has no values"):
        random_value(tree, program, Random(0))  # noqa: S311 (test data)
