"""Random functions on short sequences, with random claims about them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from random import Random
from typing import Final

from extract import expr as x
from extract.contract import Clause, Contract, Definition, final
from extract.expr import FALSE, INT, Expr, IntTy, SeqTy, app, at, const, eq, ite, length, sub, var
from extract.program import Program
from extract.values import Value
from tests.extract.field_programs import Builder

U2: Final = IntTy(2, signed=False)
U64: Final = IntTy(64, signed=False)
WORDS: Final = SeqTy(U2)
LONGEST: Final = 3
_XS, _N, _S, _K = var("xs", WORDS), var("n", U2), var("s", WORDS), var("k", INT)

_COUNT: Final = var("k", INT)
TOTAL: Final = Definition(
    "total",
    (("s", WORDS), ("k", INT)),
    INT,
    ite(
        x.le(_COUNT, const(0)),
        const(0),
        x.add(
            app("total", (_S, sub(_COUNT, const(1))), INT),
            ite(
                x.le(_COUNT, length(_S)),
                at(_S, sub(_COUNT, const(1))),
                const(0),
            ),
        ),
    ),
    ite(x.le(_COUNT, const(0)), const(0), _COUNT),
)
DOUBLED: Final = Definition("doubled", (("k", INT),), INT, x.mul(const(2), _COUNT))
DEFINITIONS: Final = {d.name: d for d in (TOTAL, DOUBLED)}


def inputs() -> Iterator[tuple[Value, Value]]:
    """Every argument pair up to a length."""
    for size in range(LONGEST + 1):
        for items in itertools.product(range(4), repeat=size):
            for n in range(4):
                yield items, n


class SequenceMaker:
    """Writes ``f(xs: &mut [u2], n: u2) -> [u2]`` and a contract."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.program = Program()
        b = Builder("f", [("xs", WORDS), ("n", U2)], WORDS)
        b.let("s", _XS)
        for _ in range(rng.randrange(1, 5)):
            self._statement(b)
        b.let("result", self.sequence([_XS, _S], 2))
        b.done(self.program, mutable=("xs",))

    def _statement(self, b: Builder) -> None:
        rng = self.rng
        kind = rng.randrange(6)
        if kind == 0:
            name = rng.choice(("s", "xs"))
            b.let(name, self.sequence([_XS, _S], 2))
        elif kind == 1:
            index = self.word([_XS, _S], 1)
            b.check(self._inside(index, _S), "bounds", "index out of bounds")
            b.let("n", x.wrap(U2, at(_S, index)))
        elif kind in (2, 3):
            index = self.word([_XS, _S], 1)
            name = rng.choice(("s", "xs"))
            v = var(name, WORDS)
            b.check(self._inside(index, v), "bounds", "index out of bounds")
            b.let(name, x.store(v, index, x.wrap(U2, self.word([_XS, _S], 1))))
        else:
            b.let("n", x.wrap(U2, self.word([_XS, _S], 2)))

    def _inside(self, index: Expr, s: Expr) -> Expr:
        return x.and_(x.le(const(0), index), x.lt(index, length(s)))

    def word(self, sources: list[Expr], depth: int, k: Expr | None = None) -> Expr:
        """An integer; elements are read only through `at` under a guard."""
        rng = self.rng
        leaves = [_N, const(rng.randrange(-1, 5)), *([k] if k is not None else [])]
        kind = rng.randrange(6)
        if depth <= 0 or kind == 0:
            return rng.choice(leaves)
        if kind == 1:
            return length(self.sequence(sources, depth - 1))
        p, q = (self.word(sources, depth - 1, k) for _ in range(2))
        if kind == 2:
            s = self.sequence(sources, depth - 1)
            return ite(self._inside(p, s), at(s, p), q)
        return (x.add, x.sub, x.mul)[kind - 3](p, q)

    def sequence(self, sources: list[Expr], depth: int) -> Expr:
        rng = self.rng
        kind = rng.randrange(7)
        if depth <= 0 or kind < 2:
            return rng.choice(sources)
        s = self.sequence(sources, depth - 1)
        if kind == 2:
            return x.store(s, self.word(sources, 1), x.wrap(U2, self.word(sources, 1)))
        if kind == 3:
            return x.slice_(s, self.word(sources, 1), self.word(sources, 1))
        if kind == 4:
            return x.concat(s, self.sequence(sources, depth - 1))
        if kind == 5:
            return x.repeat(WORDS, x.wrap(U2, self.word(sources, 1)), self.word(sources, 1))
        items = tuple(x.wrap(U2, self.word(sources, 1)) for _ in range(rng.randrange(3)))
        return x.array(WORDS, items)

    def claim(self, sources: list[Expr], depth: int = 2) -> Expr:
        rng = self.rng
        kind = rng.randrange(9)
        if kind < 2 or depth <= 0:
            p, q = self.word(sources, 2), self.word(sources, 2)
            return rng.choice((x.lt, x.le, eq))(p, q)
        if kind == 2:
            return eq(self.sequence(sources, 1), self.sequence(sources, 1))
        if kind in (3, 4):
            return self._quantified(sources)
        if kind == 5:
            s = rng.choice(sources)
            total = app("total", (s, self.word(sources, 1)), INT)
            return rng.choice((x.le, eq))(total, app("doubled", (self.word(sources, 1),), INT))
        a, b = self.claim(sources, depth - 1), self.claim(sources, depth - 1)
        if kind == 6:
            return x.implies(a, b)
        return x.and_(a, b) if kind == 7 else x.or_(a, x.not_(b))

    def _quantified(self, sources: list[Expr]) -> Expr:
        rng = self.rng
        s, t = rng.choice(sources), self.sequence(sources, 1)
        element = rng.choice((at(s, _K), at(t, _K), ite(self._inside(_K, t), at(t, _K), _K)))
        other = rng.choice((at(t, _K), at(s, _K), self.word(sources, 1, _K)))
        body = rng.choice((x.le, eq, x.lt))(element, other)
        if rng.random() < 0.3:
            body = x.implies(self.claim(sources, 0), body)
        low = rng.choice((const(0), const(0), self.word(sources, 0)))
        high = rng.choice((length(s), length(s), length(t), self.word(sources, 0)))
        return x.quantified(rng.choice(("forall", "exists")), "k", low, high, body)

    def contract(self) -> Contract:
        rng = self.rng
        before = [_XS]
        after = [var("result", WORDS), var(final("xs"), WORDS), _XS]
        requires = [self.claim(before) for _ in range(rng.randrange(2))]
        ensures = [self.claim(after) for _ in range(3)]
        ensures.append(x.or_(self.claim(after), self.claim(after), self.claim(after)))
        panics = FALSE if rng.random() < 0.5 else self.claim(before, 1)
        return Contract(
            requires=tuple(Clause(repr(e), e) for e in requires),
            ensures=tuple(Clause(repr(e), e) for e in ensures),
            panics=Clause("condition", panics),
        )
