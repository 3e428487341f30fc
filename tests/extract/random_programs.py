"""Random programs over types so small that every input can be tried."""

from __future__ import annotations

import itertools
from random import Random
from typing import Final

from extract import expr as x
from extract.contract import Clause, Contract
from extract.expr import (
    BOOL,
    FALSE,
    ArrayTy,
    DataTy,
    Expr,
    IntTy,
    Type,
    at,
    bitwise,
    const,
    eq,
    get,
    in_range,
    is_variant,
    ite,
    make,
    store,
    var,
    wrap,
)
from extract.interpret import Data
from extract.program import DataDef, Panic, Program, Unreachable, Variant
from extract.smt_goal import substitute
from extract.values import Value
from tests.extract.field_programs import Builder

U2: Final = IntTy(2, signed=False)
U3: Final = IntTy(3, signed=False)
I3: Final = IntTy(3)
PAIR: Final = ArrayTy(U2, 2)
CHOICE: Final = DataTy("Choice")
POINT: Final = DataTy("Point")
_WORDS: Final = (U2, U3, I3)
_TYPES: Final[dict[str, DataDef]] = {
    "Choice": DataDef(
        "Choice",
        (Variant("Nothing", ()), Variant("One", (("0", U2),)), Variant("Flag", (("0", BOOL),))),
        is_enum=True,
    ),
    "Point": DataDef("Point", (Variant("Point", (("a", U2), ("b", I3))),)),
}


def domain(ty: Type) -> list[Value]:
    """Every value of a type."""
    match ty:
        case IntTy():
            low, high = x.bounds(ty)
            assert low is not None
            assert high is not None
            return list(range(low, high + 1))
        case ArrayTy(elem, length):
            return list(itertools.product(domain(elem), repeat=length))
        case DataTy(name):
            found: list[Value] = []
            for i, variant in enumerate(_TYPES[name].variants):
                fields = itertools.product(*(domain(t) for _, t in variant.fields))
                found += [Data(name, i, f) for f in fields]
            return found
        case _:
            return [False, True]


class Maker:
    """Writes one program: a function ``f``, perhaps with a helper ``g`` that it calls."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.program = Program({}, dict(_TYPES))
        self.labels = 0
        self.counters: list[str] = []
        self.helper = rng.random() < 0.4
        if self.helper:
            self.function("g", (U2, I3), depth=1)
        self.types: tuple[Type, ...] = rng.choice(
            ((U3, I3), (U2, PAIR), (CHOICE, U3), (POINT, BOOL), (PAIR, U2, BOOL), (I3, CHOICE))
        )
        self.function("f", self.types, depth=2)

    def inputs(self) -> list[tuple[Value, ...]]:
        return list(itertools.product(*(domain(t) for t in self.types)))

    # Expressions over the locals of a builder

    def word(self, b: Builder, depth: int) -> Expr:
        rng = self.rng
        leaves = self.words(b)
        if depth <= 0 or rng.random() < 0.2:
            return rng.choice([*leaves, const(rng.randrange(-3, 8))])
        p, q = self.word(b, depth - 1), self.word(b, depth - 1)
        kind = rng.randrange(9)
        if kind < 3:
            return (x.add, x.sub, x.mul)[kind](p, q)
        if kind == 3:
            return x.mod(p, const(rng.choice((2, 3, 5))))
        if kind == 4:
            return x.div(p, const(rng.choice((2, 3))))
        if kind == 5:
            return ite(self.truth(b, depth - 1), p, q)
        if kind == 6:
            op = rng.choice(("band", "bor", "bxor"))
            return bitwise(op, wrap(U3, p), wrap(U3, q))
        if kind == 7:
            return x.shr(wrap(U3, p), const(rng.randrange(4)))
        return wrap(rng.choice(_WORDS), p)

    def words(self, b: Builder) -> list[Expr]:
        found: list[Expr] = []
        for name, ty in {**dict(b.params), **b.locals}.items():
            v = var(name, ty)
            if name == "result" or (name.startswith("i") and name not in self.counters):
                continue
            if isinstance(ty, IntTy):
                found.append(v)
            elif ty == PAIR:
                found += [at(v, const(self.rng.randrange(2)))]
            elif ty == POINT:
                found += [get(v, 0, 0, U2), get(v, 0, 1, I3)]
            elif ty == CHOICE:
                found.append(ite(is_variant(v, 1), get(v, 1, 0, U2), const(0, U2)))
        return found or [const(1)]

    def truth(self, b: Builder, depth: int) -> Expr:
        rng = self.rng
        for name, ty in {**dict(b.params), **b.locals}.items():
            if rng.random() < 0.15 and ty == BOOL:
                return var(name, ty)
            if rng.random() < 0.3 and ty == CHOICE:
                return is_variant(var(name, ty), rng.randrange(3))
        p, q = self.word(b, depth), self.word(b, depth)
        return rng.choice((x.lt, x.le, eq))(p, q)

    # Statements

    def label(self, stem: str) -> str:
        self.labels += 1
        return f"{stem}{self.labels}"

    def function(self, name: str, types: tuple[Type, ...], depth: int) -> None:
        b = Builder(name, [(f"x{i}", t) for i, t in enumerate(types)], U3)
        b.let("acc", const(self.rng.randrange(4), U3))
        b.let("t", const(self.rng.randrange(-4, 4), I3))
        self.statements(b, depth)
        b.let("result", wrap(U3, self.word(b, 1)))
        b.done(self.program)

    def statements(self, b: Builder, depth: int) -> None:
        for _ in range(self.rng.randrange(1, 4)):
            self.statement(b, depth)

    def statement(self, b: Builder, depth: int) -> None:
        rng = self.rng
        kind = rng.randrange(10)
        if kind < 3:
            b.let("acc", wrap(U3, self.word(b, 2)))
        elif kind == 3:
            value = self.word(b, 1)
            b.check(x.or_(in_range(I3, value), self.truth(b, 0)), "overflow", "overflow")
            b.let("t", wrap(I3, value))
        elif kind == 4:
            self.update(b)
        elif kind == 5 and self.helper and b.name == "f":
            args = (wrap(U2, self.word(b, 1)), wrap(I3, self.word(b, 1)))
            b.call("acc", U3, "g", *args)
        elif kind == 6 and depth > 0:
            self.loop(b, depth)
        elif kind == 7 and rng.random() < 0.3:
            self.failing(b)
        elif depth > 0:
            self.choice(b, depth)

    def update(self, b: Builder) -> None:
        for name, ty in b.params:
            v = var(name, ty)
            if ty == PAIR:
                index = wrap(U2, self.word(b, 1))
                b.check(x.lt(index, const(2)), "bounds", "index out of bounds")
                b.let(name, store(v, index, wrap(U2, self.word(b, 1))))
            elif ty == POINT:
                b.let(name, x.with_field(v, 0, 1, wrap(I3, self.word(b, 1))))
            elif ty == CHOICE and self.rng.random() < 0.5:
                b.let(name, make(CHOICE, 1, (wrap(U2, self.word(b, 1)),)))

    def choice(self, b: Builder, depth: int) -> None:
        yes, no, end = self.label("yes"), self.label("no"), self.label("end")
        b.branch(self.truth(b, 1), yes, no)
        for label in (yes, no):
            b.block(label)
            self.statements(b, depth - 1)
            b.goto(end)
        b.block(end)

    def failing(self, b: Builder) -> None:
        bad, good = self.label("bad"), self.label("good")
        b.branch(self.truth(b, 1), bad, good)
        b.block(bad)
        b.end(Panic("boom") if self.rng.random() < 0.7 else Unreachable())
        b.block(good)

    def loop(self, b: Builder, depth: int) -> None:
        i = self.label("i")
        head, body, end = self.label("head"), self.label("body"), self.label("end")
        b.let(i, const(0, U3))
        b.goto(head)
        b.block(head)
        counter = var(i, U3)
        b.branch(x.lt(counter, const(self.rng.randrange(4))), body, end)
        b.block(body)
        self.counters.append(i)
        self.statements(b, depth - 1)
        self.counters.pop()
        b.let(i, wrap(U3, x.add(counter, const(1))))
        b.goto(head)
        b.block(end)

    # Contracts

    def contract(self) -> Contract:
        rng = self.rng
        b = Builder("claims", [(f"x{i}", t) for i, t in enumerate(self.types)], U3)
        requires = [self.truth(b, 1) for _ in range(rng.randrange(2))]
        b.locals["out"] = U3
        ensures = [self.truth(b, 1) for _ in range(2)]
        ensures += [x.or_(self.truth(b, 1), self.truth(b, 1)), x.le(var("out", U3), const(6))]
        panics = FALSE if rng.random() < 0.7 else self.truth(Builder("claims", b.params, U3), 1)
        return Contract(
            requires=tuple(Clause(repr(e), e) for e in requires),
            ensures=tuple(Clause(repr(e), _result(e)) for e in ensures),
            panics=Clause("condition", panics),
        )


def _result(e: Expr) -> Expr:
    """The claim with ``out`` read as the result."""
    return substitute(e, {var("out", U3): var("result", U3)})
