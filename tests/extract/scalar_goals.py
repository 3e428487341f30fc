"""Random scalar goals over small types, and their truth by trying every assignment."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from random import Random
from typing import Final

from extract import expr as x
from extract.expr import BOOL, INT, Expr, IntTy, bit_op, bitwise, const, eq, implies, ite, var
from extract.interpret import evaluate
from extract.smt_goal import ScalarGoal

NARROW: Final = (IntTy(3, signed=False), IntTy(3), IntTy(2, signed=False), IntTy(4))
REACH: Final = 4
"""Unbounded variables lie between -REACH and REACH by hypothesis."""


class Source:
    """Random expressions over a few variables."""

    types: tuple[IntTy, ...] = NARROW
    shifts: tuple[int, ...] = (3, 4, 5)

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.machine = [var(f"m{i}", rng.choice(self.types)) for i in range(2)]
        self.free = var("n", INT)
        self.flag = var("p", BOOL)

    def literal(self) -> int:
        return self.rng.randrange(-9, 10)

    def divisor(self) -> int:
        return self.rng.choice((1, 2, 3, 4, 5, 7, 8, -3, -4, 0))

    def mask(self) -> int:
        return self.literal()

    def amount(self) -> int:
        return self.rng.randrange(5)

    @property
    def variables(self) -> list[Expr]:
        return [*self.machine, self.free, self.flag]

    def domain(self, v: Expr) -> list[int | bool]:
        if v.ty == BOOL:
            return [False, True]
        low, high = x.bounds(v.ty)
        if low is None or high is None:
            return list(range(-REACH, REACH + 1))
        return list(range(low, high + 1))

    def reach(self) -> Expr:
        return x.and_(x.le(const(-REACH), self.free), x.le(self.free, const(REACH)))

    def integer(self, depth: int) -> Expr:
        rng = self.rng
        if depth <= 0:
            return rng.choice([*self.machine, self.free, const(self.literal())])
        a, b = self.integer(depth - 1), self.integer(depth - 1)
        kind = rng.randrange(12)
        if kind == 0:
            return x.add(a, b)
        if kind == 1:
            return x.sub(a, b)
        if kind == 2:
            return x.mul(a, b) if rng.random() < 0.4 else x.mul(const(self.literal()), b)
        if kind == 3:
            return x.neg(a)
        if kind in (4, 5):
            d = b if rng.random() < 0.15 else const(self.divisor())
            return x.div(a, d) if kind == 4 else x.mod(a, d)
        if kind == 6:
            return ite(self.truth(depth - 1), a, b)
        if kind == 7:
            return x.pow_(a if rng.random() < 0.5 else const(2), const(rng.randrange(4)))
        if kind == 8:
            return x.wrap(rng.choice(self.types), a)
        return self.word(depth, rng.choice(self.types))

    def word(self, depth: int, ty: IntTy) -> Expr:
        """A value of a machine type."""
        rng = self.rng
        if depth <= 0 or rng.random() < 0.3:
            own = [m for m in self.machine if m.ty == ty]
            if own and rng.random() < 0.7:
                return rng.choice(own)
            if rng.random() < 0.3:
                return const(ty.wrap(self.literal()), ty)
            return x.wrap(ty, self.integer(depth - 1))
        a = self.word(depth - 1, ty)
        kind = rng.randrange(7)
        if kind < 3:
            mask = const(ty.wrap(self.mask()), ty)
            b = mask if rng.random() < 0.5 else self.word(depth - 1, ty)
            return bitwise(("band", "bor", "bxor")[kind], a, b)
        if kind == 3:
            return x.bnot(a)
        if kind in (4, 5):
            n = const(self.amount())
            if rng.random() < 0.3:
                n = x.mod(self.integer(depth - 1), const(rng.choice(self.shifts)))
            return x.shl(a, n) if kind == 4 else x.shr(a, n)
        op = rng.choice(("clz", "ctz", "popcount", "bitrev"))
        if op == "bitrev" and ty.signed:
            op = "clz"
        found = bit_op(op, a)
        return found if found.ty == ty else x.wrap(ty, found)

    def truth(self, depth: int) -> Expr:
        rng = self.rng
        if depth <= 0:
            return rng.choice([self.flag, x.not_(self.flag), x.lt(self.machine[0], self.free)])
        kind = rng.randrange(9)
        if kind < 5:
            a, b = self.integer(depth - 1), self.integer(depth - 1)
            if kind < 2:
                return (x.lt, x.le)[kind](a, b)
            if kind == 2:
                m = const(rng.choice((2, 3, 4, 6)))
                return eq(x.mod(a, m), x.mod(b, m) if rng.random() < 0.6 else b)
            return eq(a, b)
        p, q = self.truth(depth - 1), self.truth(depth - 1)
        if kind == 5:
            return x.not_(p)
        if kind == 6:
            return rng.choice((x.and_, x.or_))(p, q)
        if kind == 7:
            return rng.choice((implies, eq))(p, q)
        return ite(self.truth(depth - 1), p, q)

    def goal(self) -> ScalarGoal:
        hypotheses = [self.reach()]
        depths = [self.rng.choice((1, 1, 2, 3)) for _ in range(self.rng.randrange(4))]
        hypotheses += [self.truth(d) for d in depths]
        conclusion = self.truth(self.rng.choice((1, 2, 3, 4)))
        if self.rng.random() < 0.3:
            # Goals that hold are rare among random ones: weaken the conclusion.
            conclusion = x.or_(conclusion, self.truth(3), self.truth(2))
        return ScalarGoal("random", tuple(hypotheses), conclusion)

    def assignments(self) -> Iterator[dict[str, int | bool]]:
        names = [v.attr for v in self.variables]
        for values in itertools.product(*(self.domain(v) for v in self.variables)):
            yield dict(zip(names, values, strict=True))


WIDE: Final = (
    IntTy(32, signed=False), IntTy(64, signed=False), IntTy(31), IntTy(8),
    IntTy(16, signed=False), IntTy(1, signed=False),
)  # fmt: skip


class WideSource(Source):
    """The same over machine words, with the literals of field arithmetic."""

    types = WIDE
    shifts = (31, 32, 64, 20)

    def literal(self) -> int:
        rng = self.rng
        kind = rng.randrange(4)
        if kind == 0:
            return rng.randrange(-9, 10)
        if kind == 1:
            return (1 << rng.randrange(65)) + rng.choice((-1, 0, 1))
        if kind == 2:
            known = (2**31 - 1, 0x7F000001, 0x81000001, 2**64 - 2**32 + 1, 2**32 - 1)
            return rng.choice(known)
        return rng.getrandbits(rng.randrange(1, 66)) * rng.choice((1, 1, -1))

    def divisor(self) -> int:
        return self.literal()

    def mask(self) -> int:
        rng = self.rng
        run = ((1 << rng.randrange(1, 30)) - 1) << rng.randrange(40)
        return rng.choice((run, ~run, self.literal(), (1 << rng.randrange(66)) - 1))

    def amount(self) -> int:
        return self.rng.randrange(70)

    def samples(self, count: int) -> list[dict[str, int | bool]]:
        found: list[dict[str, int | bool]] = []
        for _ in range(count):
            env: dict[str, int | bool] = {
                m.attr: m.ty.wrap(self.literal()) for m in self.machine if isinstance(m.ty, IntTy)
            }
            env[self.free.attr] = self.rng.randrange(-REACH, REACH + 1)
            env[self.flag.attr] = self.rng.random() < 0.5
            found.append(env)
        return found


def holds_in(goal: ScalarGoal, env: dict[str, int | bool]) -> bool:
    """Is the goal true under this assignment?"""
    if not all(evaluate(h, env) for h in goal.hypotheses):
        return True
    return bool(evaluate(goal.conclusion, env))


def counterexample(goal: ScalarGoal, source: Source) -> dict[str, int | bool] | None:
    """An assignment that makes the goal false, by trying all."""
    return next((env for env in source.assignments() if not holds_in(goal, env)), None)
