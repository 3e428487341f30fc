"""Real functions as programs, written out by hand so that these tests need no front end."""

from __future__ import annotations

import pytest

from extract.expr import (
    BOOL,
    DataTy,
    Expr,
    IntTy,
    SeqTy,
    Type,
    add,
    bitwise,
    const,
    eq,
    get,
    in_range,
    ite,
    le,
    lt,
    make,
    not_,
    shl,
    shr,
    sub,
    var,
    wrap,
)
from extract.program import (
    Assign,
    Block,
    Branch,
    Call,
    Check,
    DataDef,
    Function,
    Goto,
    Param,
    Program,
    Return,
    Statement,
    Variant,
)
from verify.core.span import Span

U32, I32 = IntTy(32, signed=False), IntTy(32)
U64, I64 = IntTy(64, signed=False), IntTy(64)
MERSENNE = DataTy("p3_mersenne_31::Mersenne31")
QUAD = DataTy("(i64, i64, i64, i64)")
OPTION = DataTy("std::option::Option<u32>")
ORDER = 2**31 - 1


def _line(file: str, line: int, column: int = 9) -> Span:
    return Span(file, line, column)


def _mersenne_add() -> Function:
    """``<Mersenne31 as Add>::add`` of p3-mersenne-31 0.8.0, after inlining."""
    file = "src/mersenne_31.rs"
    lhs, rhs = var("self", MERSENNE), var("rhs", MERSENNE)
    total = add(get(lhs, 0, 0, U32), get(rhs, 0, 0, U32))
    sum_i32, sum_u32 = var("sum_i32", I32), var("sum_u32", U32)
    over, corrected = var("over", BOOL), var("sum_corr", U32)
    reduced = var("reduced", U32)
    statements: list[Statement] = [
        Assign("sum_i32", wrap(I32, total), _line(file, 567)),
        Assign("over", not_(in_range(I32, total)), _line(file, 567)),
        Assign("sum_u32", wrap(U32, sum_i32), _line(file, 568)),
        Assign("sum_corr", wrap(U32, sub(sum_u32, const(ORDER))), _line(file, 569)),
        Assign("reduced", ite(over, corrected, sum_u32), _line(file, 573)),
        Check(
            eq(shr(reduced, const(31)), const(0)),
            "assert",
            "assertion failed: (value >> 31) == 0",
            _line(file, 60),
        ),
        Assign("result", make(MERSENNE, 0, (reduced,)), _line(file, 573)),
    ]
    return Function(
        "<Mersenne31 as Add>::add",
        [Param("self", MERSENNE), Param("rhs", MERSENNE)],
        MERSENNE,
        {
            "sum_i32": I32,
            "over": BOOL,
            "sum_u32": U32,
            "sum_corr": U32,
            "reduced": U32,
            "result": MERSENNE,
        },
        {"bb0": Block(statements, Return())},
        "bb0",
        ("result",),
        _line(file, 560, 5),
    )


def _checked(target: str, value: Expr, ty: IntTy, line: int) -> list[Assign | Check]:
    span = _line("src/lib.rs", line, 13)
    message = "attempt to compute with overflow"
    return [
        Check(in_range(ty, value), "overflow", message, span),
        Assign(target, wrap(ty, value), span),
    ]


def _gcd_inner() -> Function:
    """``gcd_inner::<30>`` of p3-util 0.8.0: one loop, two parameters behind ``&mut``."""
    file = "src/lib.rs"
    a, b, rounds = var("a", U64), var("b", U64), var("round", U64)
    f0, g0, f1, g1 = (var(n, I64) for n in ("f0", "g0", "f1", "g1"))
    ones = [Assign(n, const(v, I64), _line(file, 761)) for n, v in
            (("f0", 1), ("g0", 0), ("f1", 0), ("g1", 1))]  # fmt: skip
    swap = [
        Assign("t", a, _line(file, 772)),
        Assign("a", b, _line(file, 772)),
        Assign("b", var("t", U64), _line(file, 772)),
        Assign("s", f0, _line(file, 773)),
        Assign("f0", f1, _line(file, 773)),
        Assign("f1", var("s", I64), _line(file, 773)),
        Assign("s", g0, _line(file, 774)),
        Assign("g0", g1, _line(file, 774)),
        Assign("g1", var("s", I64), _line(file, 774)),
    ]
    halve = Assign("a", shr(a, const(1)), _line(file, 777))
    even = eq(bitwise("band", a, const(1, U64)), const(0))
    blocks = {
        "bb0": Block([*ones, Assign("round", const(0, U64), _line(file, 766))], Goto("bb1")),
        "bb1": Block(
            [], Branch(lt(rounds, const(30)), "bb2", "bb8", _line(file, 767, 11))
        ),
        "bb2": Block([], Branch(even, "bb3", "bb4", _line(file, 768, 12))),
        "bb3": Block([Assign("a", shr(a, const(1)), _line(file, 769))], Goto("bb7")),
        "bb4": Block([], Branch(lt(a, b), "bb5", "bb6", _line(file, 771, 16))),
        "bb5": Block([*swap], Goto("bb6")),
        "bb6": Block(
            [
                *_checked("a", sub(a, b), U64, 776),
                halve,
                *_checked("f0", sub(f0, f1), I64, 778),
                *_checked("g0", sub(g0, g1), I64, 779),
            ],
            Goto("bb7"),
        ),
        "bb7": Block(
            [
                Assign("f1", shl(f1, const(1)), _line(file, 781)),
                Assign("g1", shl(g1, const(1)), _line(file, 782)),
                *_checked("round", add(rounds, const(1)), U64, 784),
            ],
            Goto("bb1"),
        ),
        "bb8": Block(
            [Assign("result", make(QUAD, 0, (f0, g0, f1, g1)), _line(file, 791, 5))], Return()
        ),
    }  # fmt: skip
    types: dict[str, Type] = {"a": U64, "b": U64, "t": U64, "round": U64, "result": QUAD}
    types |= dict.fromkeys(("f0", "g0", "f1", "g1", "s"), I64)
    return Function(
        "gcd_inner",
        [Param("a", U64, mutable=True), Param("b", U64, mutable=True)],
        QUAD,
        types,
        blocks,
        "bb0",
        ("result", "a", "b"),
        _line(file, 758, 1),
        {n: n for n in ("a", "b", "f0", "g0", "f1", "g1", "round")},
    )


def _checked_sum() -> Function:
    """A caller: three field elements added, refused unless each is canonical."""
    x, y, z, partial = (var(n, MERSENNE) for n in ("x", "y", "z", "partial"))
    checks = [
        Check(le(get(v, 0, 0, U32), const(ORDER)), "assert", f"{v.attr} is canonical")
        for v in (x, y, z)
    ]
    calls = [
        Call(("partial",), "<Mersenne31 as Add>::add", (x, y)),
        Call(("result",), "<Mersenne31 as Add>::add", (partial, z)),
    ]
    return Function(
        "checked_sum",
        [Param(n, MERSENNE) for n in ("x", "y", "z")],
        MERSENNE,
        {"partial": MERSENNE, "result": MERSENNE},
        {"bb0": Block([*checks, *calls], Return())},
        "bb0",
        ("result",),
    )


@pytest.fixture(scope="session")
def plonky3() -> Program:
    """Functions and types of Plonky3 0.8.0."""
    functions = (_mersenne_add(), _gcd_inner(), _checked_sum())
    element = Variant("Mersenne31", (("value", U32),))
    parts = tuple((str(i), I64) for i in range(4))
    chain = DataTy("merkle::Chain")
    return Program(
        {f.name: f for f in functions},
        {
            MERSENNE.name: DataDef(MERSENNE.name, (element,)),
            QUAD.name: DataDef(QUAD.name, (Variant("", parts),)),
            OPTION.name: DataDef(
                OPTION.name, (Variant("None", ()), Variant("Some", (("0", U32),), 1)), is_enum=True
            ),
            chain.name: DataDef(
                chain.name,
                (
                    Variant("Leaf", (("digest", SeqTy(U32)),)),
                    Variant("Node", (("left", chain), ("right", chain)), 1),
                ),
                is_enum=True,
            ),
            "std::convert::Infallible": DataDef("std::convert::Infallible", (), is_enum=True),
        },
    )
