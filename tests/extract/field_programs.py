"""Field arithmetic of Plonky3 as Programs, written by hand in the shapes that lifting gives."""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.expr import (
    ArrayTy,
    DataTy,
    Expr,
    IntTy,
    Type,
    add,
    array,
    at,
    bitwise,
    const,
    eq,
    get,
    in_range,
    ite,
    le,
    lt,
    make,
    mod,
    mul,
    neg,
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
    Terminator,
    Variant,
)
from verify.core.span import Span

U8 = IntTy(8, signed=False)
U32 = IntTy(32, signed=False)
U64 = IntTy(64, signed=False)
U128 = IntTy(128, signed=False)
I32 = IntTy(32)


@dataclass
class Builder:
    """Writes one function block by block."""

    name: str
    params: list[tuple[str, Type]]
    result: Type
    file: str = "field.rs"
    locals: dict[str, Type] = field(default_factory=dict)
    blocks: dict[str, Block] = field(default_factory=dict)
    at: str = "entry"
    line: int = 1

    def __post_init__(self) -> None:
        self.locals = {"result": self.result}
        self.block("entry")

    def block(self, label: str) -> None:
        self.blocks.setdefault(label, Block([], Return()))
        self.at = label

    def span(self) -> Span:
        self.line += 1
        return Span(self.file, self.line)

    def let(self, name: str, value: Expr) -> Expr:
        self.locals.setdefault(name, value.ty)
        self.blocks[self.at].statements.append(Assign(name, value, self.span()))
        return var(name, self.locals[name])

    def check(self, condition: Expr, kind: str, message: str) -> None:
        self.blocks[self.at].statements.append(Check(condition, kind, message, self.span()))

    def exact(self, name: str, ty: IntTy, value: Expr) -> Expr:
        """A checked operation."""
        self.check(in_range(ty, value), "overflow", f"attempt to compute {name} with overflow")
        return self.let(name, wrap(ty, value))

    def overflowing(self, name: str, ty: IntTy, value: Expr) -> tuple[Expr, Expr]:
        return (
            self.let(name, wrap(ty, value)),
            self.let(f"{name}_over", not_(in_range(ty, value))),
        )

    def call(self, name: str, ty: Type, callee: str, *args: Expr) -> Expr:
        self.locals.setdefault(name, ty)
        self.blocks[self.at].statements.append(Call((name,), callee, args, self.span()))
        return var(name, ty)

    def branch(self, condition: Expr, then: str, otherwise: str) -> None:
        self.blocks[self.at].terminator = Branch(condition, then, otherwise, self.span())

    def goto(self, label: str) -> None:
        self.end(Goto(label))

    def end(self, terminator: Terminator) -> None:
        self.blocks[self.at].terminator = terminator

    def done(self, program: Program, mutable: tuple[str, ...] = ()) -> Function:
        made = Function(
            self.name,
            [Param(n, t, n in mutable) for n, t in self.params],
            self.result,
            {**dict(self.params), **self.locals},
            self.blocks,
            "entry",
            ("result", *mutable),
            Span(self.file, 1),
            {n: n for n in (*dict(self.params), *self.locals)},
        )
        program.functions[self.name] = made
        return made


M31 = (1 << 31) - 1
MERSENNE = DataTy("Mersenne31")
GOLDILOCKS = DataTy("Goldilocks")
GOLD = (1 << 64) - (1 << 32) + 1
NEG_ORDER = (1 << 32) - 1


def c(value: int, ty: IntTy | None = None) -> Expr:
    return const(value, ty)


def field_program() -> Program:
    """An empty program with the two field types."""
    types = {
        "Mersenne31": DataDef("Mersenne31", (Variant("Mersenne31", (("value", U32),)),)),
        "Goldilocks": DataDef("Goldilocks", (Variant("Goldilocks", (("value", U64),)),)),
    }
    return Program({}, types)


def value_of(e: Expr) -> Expr:
    return get(e, 0, 0, U64 if e.ty == GOLDILOCKS else U32)


def mersenne(program: Program) -> None:  # noqa: PLR0915 (one function after another)
    """add, sub, neg, mul, halve, mul_2exp_u64 of `Mersenne31`."""
    b = Builder("new_reduced", [("value", U32)], MERSENNE)
    value = var("value", U32)
    b.check(eq(shr(value, c(31)), c(0)), "assert", "(value >> 31) == 0")
    b.let("result", make(MERSENNE, 0, (value,)))
    b.done(program)

    x, y = var("self", MERSENNE), var("rhs", MERSENNE)
    pair: list[tuple[str, Type]] = [("self", MERSENNE), ("rhs", MERSENNE)]

    b = Builder("add", pair, MERSENNE)
    total = add(wrap(I32, value_of(x)), wrap(I32, value_of(y)))
    sum_i32, over = b.overflowing("sum_i32", I32, total)
    sum_u32 = b.let("sum_u32", wrap(U32, sum_i32))
    corr = b.let("sum_corr", wrap(U32, sub(sum_u32, c(M31, U32))))
    b.branch(over, "yes", "no")
    for label, chosen in (("yes", corr), ("no", sum_u32)):
        b.block(label)
        b.let("chosen", chosen)
        b.goto("join")
    b.block("join")
    b.call("result", MERSENNE, "new_reduced", var("chosen", U32))
    b.done(program)

    b = Builder("sub", pair, MERSENNE)
    low, over = b.overflowing("sub", U32, sub(value_of(x), value_of(y)))
    low = b.exact("sub", U32, sub(low, ite(over, c(1, U32), c(0, U32))))
    masked = b.let("masked", bitwise("band", low, c(M31, U32)))
    b.call("result", MERSENNE, "new_reduced", masked)
    b.done(program)

    b = Builder("neg", pair[:1], MERSENNE)
    b.exact("n", U32, sub(c(M31, U32), value_of(x)))
    b.call("result", MERSENNE, "new_reduced", var("n", U32))
    b.done(program)

    b = Builder("from_u62", [("input", U64)], MERSENNE)
    word = var("input", U64)
    b.check(lt(word, c(1 << 62, U64)), "assert", "input < (1 << 62)")
    lo = b.let("input_lo", wrap(U32, bitwise("band", word, c(M31, U64))))
    hi = b.let("input_high", wrap(U32, shr(word, c(31, U32))))
    p = b.call("p", MERSENNE, "new_reduced", lo)
    q = b.call("q", MERSENNE, "new_reduced", hi)
    b.call("result", MERSENNE, "add", p, q)
    b.done(program)

    b = Builder("mul", pair, MERSENNE)
    prod = b.exact("prod", U64, mul(wrap(U64, value_of(x)), wrap(U64, value_of(y))))
    b.call("result", MERSENNE, "from_u62", prod)
    b.done(program)

    b = Builder("halve", pair[:1], MERSENNE)
    half = b.let("shr", shr(value_of(x), c(1, U32)))
    bit = b.let("lo_bit", bitwise("band", value_of(x), c(1, U32)))
    up = b.exact("shr_corr", U32, add(half, c((M31 + 1) // 2, U32)))
    b.branch(eq(bit, c(0, U32)), "even", "odd")
    for label, chosen in (("even", half), ("odd", up)):
        b.block(label)
        b.let("chosen", chosen)
        b.goto("join")
    b.block("join")
    b.call("result", MERSENNE, "new_reduced", var("chosen", U32))
    b.done(program)

    b = Builder("mul_2exp_u64", [("self", MERSENNE), ("exp", U64)], MERSENNE)
    exp = b.let("n", wrap(U64, mod(var("exp", U64), c(31, U64))))
    b.check(lt(exp, c(32, U64)), "shift", "attempt to shift left with overflow")
    left = b.let("left", bitwise("band", shl(value_of(x), wrap(U32, exp)), c(M31, U32)))
    back = b.exact("back", U64, sub(c(31, U64), exp))
    b.check(lt(back, c(32, U64)), "shift", "attempt to shift right with overflow")
    right = b.let("right", shr(value_of(x), wrap(U32, back)))
    rotated = b.let("rotated", bitwise("bor", left, right))
    b.call("result", MERSENNE, "new_reduced", rotated)
    b.done(program)


def monty(  # noqa: PLR0915 (one function after another)
    program: Program, name: str, p: int, mu: int
) -> None:
    """``{name}_…``: Montgomery arithmetic modulo ``p`` with 32-bit words."""
    one: list[tuple[str, Type]] = [("x", U64)]
    two: list[tuple[str, Type]] = [("lhs", U32), ("rhs", U32)]
    x = var("x", U64)
    lhs, rhs = var("lhs", U32), var("rhs", U32)
    mask = c((1 << 32) - 1, U64)

    def correct(b: Builder, high: Expr, over: Expr) -> None:
        b.branch(over, "yes", "no")
        for label, k in (("yes", p), ("no", 0)):
            b.block(label)
            b.let("corr", c(k, U32))
            b.goto("join")
        b.block("join")
        b.let("result", wrap(U32, add(high, var("corr", U32))))

    def reduce(b: Builder, start: Expr) -> None:
        t = b.let("t", bitwise("band", wrap(U64, mul(x, c(mu, U64))), mask))
        u = b.exact("u", U64, mul(t, c(p, U64)))
        d, over = b.overflowing("x_sub_u", U64, sub(start, u))
        high = b.let("hi", wrap(U32, shr(d, c(32, U32))))
        correct(b, high, over)

    b = Builder(f"{name}_monty_reduce", one, U32)
    reduce(b, x)
    b.done(program)

    b = Builder(f"{name}_large_monty_reduce", one, U32)
    prime, over = b.overflowing("x_prime", U64, sub(x, c(p << 32, U64)))
    b.branch(over, "small", "large")
    for label, chosen in (("small", x), ("large", prime)):
        b.block(label)
        b.let("x_corr", chosen)
        b.goto("reduce")
    b.block("reduce")
    reduce(b, var("x_corr", U64))
    b.done(program)

    b = Builder(f"{name}_to_monty", [("x", U32)], U32)
    wide = shl(wrap(U64, var("x", U32)), c(32, U32))
    b.let("result", wrap(U32, mod(wide, c(p, U64))))
    b.done(program)

    b = Builder(f"{name}_add", two, U32)
    total = b.exact("sum", U32, add(lhs, rhs))
    corr, over = b.overflowing("corr_sum", U32, sub(total, c(p, U32)))
    b.let("result", total)
    b.branch(not_(over), "fix", "end")
    b.block("fix")
    b.let("result", corr)
    b.goto("end")
    b.block("end")
    b.done(program)

    b = Builder(f"{name}_sub", two, U32)
    d, over = b.overflowing("diff", U32, sub(lhs, rhs))
    correct(b, d, over)
    b.done(program)

    b = Builder(f"{name}_halve", [("x", U32)], U32)
    word = var("x", U32)
    half = b.let("shr", shr(word, c(1, U32)))
    bit = b.let("lo_bit", bitwise("band", word, c(1, U32)))
    up = b.exact("shr_corr", U32, add(half, c((p + 1) // 2, U32)))
    b.branch(eq(bit, c(0, U32)), "even", "odd")
    for label, chosen in (("even", half), ("odd", up)):
        b.block(label)
        b.let("result", chosen)
        b.goto("end")
    b.block("end")
    b.done(program)

    b = Builder(f"{name}_mul", two, U32)
    prod = b.exact("long_prod", U64, mul(wrap(U64, lhs), wrap(U64, rhs)))
    b.call("result", U32, f"{name}_monty_reduce", prod)
    b.done(program)


def goldilocks(program: Program) -> None:  # noqa: PLR0915 (one function after another)
    """gadd, gsub, gneg, ghalve, reduce128 and gmul of `Goldilocks`."""
    x, y = var("self", GOLDILOCKS), var("rhs", GOLDILOCKS)
    pair: list[tuple[str, Type]] = [("self", GOLDILOCKS), ("rhs", GOLDILOCKS)]
    n = c(NEG_ORDER, U64)

    def flag(over: Expr) -> Expr:
        return ite(over, c(1, U64), c(0, U64))

    def done(b: Builder, word: Expr) -> None:
        b.let("result", make(GOLDILOCKS, 0, (word,)))
        b.done(program)

    a, d = value_of(x), value_of(y)
    for name, join, hint in (
        ("gadd", add, (lt(c(GOLD), a), lt(c(GOLD), d))),
        ("gsub", sub, (lt(a, c(NEG_ORDER - 1)), lt(c(GOLD), d))),
    ):
        b = Builder(name, pair, GOLDILOCKS)
        s, over = b.overflowing("s", U64, join(a, d))
        step = b.exact("step", U64, mul(flag(over), n))
        t, again = b.overflowing("t", U64, join(s, step))
        b.let("sum", t)
        b.branch(again, "fix", "end")
        b.block("fix")
        for h in hint:
            b.check(h, "unsafe", "assert_unchecked")
        b.exact("sum", U64, join(t, n))
        b.goto("end")
        b.block("end")
        done(b, var("sum", U64))

    b = Builder("gneg", pair[:1], GOLDILOCKS)
    b.let("w", a)
    b.branch(le(c(GOLD), a), "big", "end")
    b.block("big")
    b.exact("w", U64, sub(a, c(GOLD, U64)))
    b.goto("end")
    b.block("end")
    r = b.exact("r", U64, sub(c(GOLD, U64), var("w", U64)))
    done(b, r)

    b = Builder("ghalve", pair[:1], GOLDILOCKS)
    bit = b.let("lo_bit", bitwise("band", a, c(1, U64)))
    half = b.let("half", shr(a, c(1, U32)))
    mask = b.let("mask", wrap(U64, neg(bit)))
    up = bitwise("band", mask, c((GOLD + 1) // 2, U64))
    done(b, b.let("r", wrap(U64, add(half, up))))

    b = Builder("add_no_canonicalize", [("x", U64), ("y", U64)], U64)
    s, over = b.overflowing("s", U64, add(var("x", U64), var("y", U64)))
    step = b.exact("step", U64, mul(n, flag(over)))
    b.exact("result", U64, add(s, step))
    b.done(program)

    b = Builder("reduce128", [("x", U128)], GOLDILOCKS)
    w = var("x", U128)
    lo = b.let("x_lo", wrap(U64, w))
    hi = b.let("x_hi", wrap(U64, shr(w, c(64, U32))))
    hi_hi = b.let("x_hi_hi", shr(hi, c(32, U32)))
    hi_lo = b.let("x_hi_lo", bitwise("band", hi, n))
    t0, borrow = b.overflowing("t0", U64, sub(lo, hi_hi))
    b.branch(borrow, "fix", "go")
    b.block("fix")
    b.exact("t0", U64, sub(t0, n))
    b.goto("go")
    b.block("go")
    t1 = b.exact("t1", U64, mul(hi_lo, n))
    t2 = b.call("t2", U64, "add_no_canonicalize", t0, t1)
    done(b, t2)

    b = Builder("gmul", pair, GOLDILOCKS)
    wide = b.exact("wide", U128, mul(wrap(U128, a), wrap(U128, d)))
    b.call("result", GOLDILOCKS, "reduce128", wide)
    b.done(program)


def table_program(items: tuple[int, ...]) -> Program:
    """A lookup in a table of constants."""
    program = Program()
    b = Builder("lookup", [("i", U32)], U32)
    i = var("i", U32)
    ty = ArrayTy(U32, len(items))
    table = b.let("table", array(ty, tuple(c(v, U32) for v in items)))
    b.check(lt(i, c(len(items))), "bounds", "index out of bounds")
    b.let("result", at(table, i))
    b.done(program)
    return program
