"""What formulas flatten to, for the search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from extract.smt_poly import Poly, atom, combine, constant, product, scaled
from proofs.certify.certificate import (
    Add,
    And,
    Eq,
    Fls,
    Formula,
    Imp,
    Le,
    Lt,
    Mul,
    Ne,
    Neg,
    Not,
    Num,
    Or,
    Sub,
    Term,
    Tru,
    Var,
)


@dataclass(frozen=True, slots=True)
class Literal:
    """``poly >= 0``, or ``poly = 0`` if ``zero``."""

    poly: Poly
    zero: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One of two formulas holds."""

    left: Formula
    right: Formula


Flat: TypeAlias = Literal | Choice


def polynomial(t: Term) -> Poly:
    """The value of a term."""
    match t:
        case Num(n):
            return constant(n)
        case Var(i):
            return atom(i)
        case Add(a, b):
            return combine(polynomial(a), polynomial(b))
        case Sub(a, b):
            return combine(polynomial(a), polynomial(b), -1)
        case Mul(a, b):
            return product(polynomial(a), polynomial(b))
        case Neg(a):
            return scaled(polynomial(a), -1)


def _at_most(a: Term, b: Term, margin: int) -> Literal:
    return Literal(
        combine(combine(polynomial(b), polynomial(a), -1), constant(margin), -1), zero=False
    )


def flatten(f: Formula, *, positive: bool = True) -> Iterator[Flat]:
    """The facts that a formula, or its negation, is put down as."""
    match f:
        case Not(g):
            yield from flatten(g, positive=not positive)
        case And(g, h) if positive:
            yield from flatten(g)
            yield from flatten(h)
        case Or(g, h) | Imp(g, h) if not positive:
            yield from flatten(g, positive=isinstance(f, Imp))
            yield from flatten(h, positive=False)
        case And(g, h):
            yield Choice(Not(g), Not(h))
        case Or(g, h):
            yield Choice(g, h)
        case Imp(g, h):
            yield Choice(Not(g), h)
        case Le() | Lt() | Eq() | Ne() | Tru() | Fls():
            yield from _simple(f, positive=positive)


def _simple(f: Le | Lt | Eq | Ne | Tru | Fls, *, positive: bool) -> Iterator[Flat]:
    match f:
        case Tru() | Fls():
            if isinstance(f, Tru) != positive:
                yield Literal(constant(-1), zero=False)
        case Le(a, b):
            yield _at_most(a, b, 0) if positive else _at_most(b, a, 1)
        case Lt(a, b):
            yield _at_most(a, b, 1) if positive else _at_most(b, a, 0)
        case Eq(a, b) | Ne(a, b):
            if isinstance(f, Eq) == positive:
                yield Literal(combine(polynomial(a), polynomial(b), -1), zero=True)
            else:
                yield Choice(Lt(a, b), Lt(b, a))
