"""An independent checker of certificates: the rules of `proofs.certify.certificate` and no more.

It mirrors what the checker in Lean does and shares no code with the search. It does not judge
whether the premises hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from proofs.certify.certificate import (
    Add,
    And,
    Cases,
    Cert,
    Comb,
    Combination,
    Cut,
    Eq,
    Equal,
    Fls,
    Formula,
    Imp,
    Le,
    Linear,
    Lt,
    Monomial,
    Mul,
    Ne,
    Neg,
    Not,
    Num,
    Or,
    Poly,
    Prod,
    Split,
    Sq,
    Sub,
    Term,
    Tru,
    Var,
)

_Terms: TypeAlias = dict[Monomial, int]


class InvalidError(Exception):
    """The certificate breaks a rule; the text says which."""


@dataclass(frozen=True, slots=True)
class _Literal:
    poly: _Terms
    zero: bool


@dataclass(frozen=True, slots=True)
class _Choice:
    left: Formula
    right: Formula


_Known: TypeAlias = list[_Literal | _Choice]


def check(premises: Iterable[Formula], cert: Cert) -> None:
    """Do the premises contradict each other by this certificate? Raises `InvalidError` if not."""
    facts: _Known = []
    for premise in premises:
        facts += _flatten(premise)
    todo: list[tuple[Cert, _Known]] = [(cert, facts)]
    while todo:
        step, known = todo.pop()
        todo += _step(step, known)


def _step(cert: Cert, known: _Known) -> list[tuple[Cert, _Known]]:
    match cert:
        case Linear(ms):
            total = _combined(ms, known)
            if set(total) != {()} or total[()] >= 0:
                raise InvalidError("the combination is not a negative constant")
            return []
        case Split(t, c1, c2):
            upper = _sum([(1, _terms(t))])
            lower = _sum([(-1, upper), (-1, {(): 1})])
            return [
                (c1, [*known, _Literal(upper, False)]),
                (c2, [*known, _Literal(lower, zero=False)]),
            ]
        case Cases(i, c1, c2):
            choice = _fact(known, i)
            if not isinstance(choice, _Choice):
                raise InvalidError("cases of a fact that is no choice")
            left, right = _flatten(choice.left), _flatten(choice.right)
            return [(c1, [*known, *left]), (c2, [*known, *right])]
        case Cut(i, d, c):
            return [(c, [*known, _Literal(_rounded(_positive(known, i), d), zero=False)])]
        case Prod(i, j, c):
            both = _times(_positive(known, i), _positive(known, j))
            return [(c, [*known, _Literal(both, zero=False)])]
        case Sq(root, c):
            square = _times(_terms(root), _terms(root))
            return [(c, [*known, _Literal(square, zero=False)])]
        case Comb(ms, c):
            return [(c, [*known, _Literal(_combined(ms, known), zero=False)])]
        case Equal(i, j, c):
            p, q = _positive(known, i), _positive(known, j)
            if _sum([(1, p), (1, q)]):
                raise InvalidError("the facts are not opposites")
            return [(c, [*known, _Literal(p, zero=True)])]
    raise InvalidError(f"no rule: {cert!r}")


def _fact(known: _Known, i: int) -> _Literal | _Choice:
    if not 0 <= i < len(known):
        raise InvalidError(f"no fact {i}")
    return known[i]


def _positive(known: _Known, i: int) -> _Terms:
    found = _fact(known, i)
    if not isinstance(found, _Literal) or found.zero:
        raise InvalidError(f"fact {i} is no inequality")
    return found.poly


def _rounded(p: _Terms, d: int) -> _Terms:
    if d <= 0 or any(c % d for m, c in p.items() if m):
        raise InvalidError(f"{d} does not divide the coefficients")
    return _sum([(1, {m: c // d for m, c in p.items()})])


def _combined(ms: Combination, known: _Known) -> _Terms:
    total: _Terms = {}
    for multiplier, i in ms:
        found = _fact(known, i)
        if not isinstance(found, _Literal):
            raise InvalidError(f"fact {i} is a choice")
        m = _terms(multiplier)
        if not found.zero and (any(mono for mono in m) or m.get((), 0) < 0):
            raise InvalidError(f"the multiplier of inequality {i} is not a constant >= 0")
        total = _sum([(1, total), (1, _times(m, found.poly))])
    return total


# Polynomials --------------------------------------------------------------------------------------


def _terms(p: Poly) -> _Terms:
    out = dict(p)
    ordered = all(list(m) == sorted(m) and min(m, default=0) >= 0 for m in out)
    if len(out) != len(p) or 0 in out.values() or not ordered:
        raise InvalidError("a polynomial is not in normal form")
    return out


def _sum(parts: Iterable[tuple[int, _Terms]]) -> _Terms:
    out: _Terms = {}
    for factor, p in parts:
        for m, c in p.items():
            out[m] = out.get(m, 0) + factor * c
    return {m: c for m, c in out.items() if c}


def _times(p: _Terms, q: _Terms) -> _Terms:
    return _sum((c, {tuple(sorted(m + n)): d for n, d in q.items()}) for m, c in p.items())


def _value(t: Term) -> _Terms:
    match t:
        case Num(n):
            return {(): n} if n else {}
        case Var(i):
            return {(i,): 1}
        case Add(a, b):
            return _sum([(1, _value(a)), (1, _value(b))])
        case Sub(a, b):
            return _sum([(1, _value(a)), (-1, _value(b))])
        case Mul(a, b):
            return _times(_value(a), _value(b))
        case Neg(a):
            return _sum([(-1, _value(a))])
    raise InvalidError(f"no term: {t!r}")


# Formulas -----------------------------------------------------------------------------------------


def _flatten(f: Formula) -> Iterator[_Literal | _Choice]:
    match f:
        case Tru():
            pass
        case Fls():
            yield _Literal({(): -1}, zero=False)
        case Le(a, b):
            yield _Literal(_sum([(1, _value(b)), (-1, _value(a))]), zero=False)
        case Lt(a, b):
            yield _Literal(_sum([(1, _value(b)), (-1, _value(a)), (-1, {(): 1})]), zero=False)
        case Eq(a, b):
            yield _Literal(_sum([(1, _value(a)), (-1, _value(b))]), zero=True)
        case Ne(a, b):
            yield _Choice(Lt(a, b), Lt(b, a))
        case And(g, h):
            yield from _flatten(g)
            yield from _flatten(h)
        case Or(g, h):
            yield _Choice(g, h)
        case Imp(g, h):
            yield _Choice(Not(g), h)
        case Not(g):
            yield from _refuted(g)
        case _:
            raise InvalidError(f"no formula: {f!r}")


def _refuted(f: Formula) -> Iterator[_Literal | _Choice]:
    """What the negation of a formula flattens to."""
    match f:
        case Tru():
            yield from _flatten(Fls())
        case Fls():
            pass
        case Le(a, b):
            yield from _flatten(Lt(b, a))
        case Lt(a, b):
            yield from _flatten(Le(b, a))
        case Eq(a, b):
            yield from _flatten(Ne(a, b))
        case Ne(a, b):
            yield from _flatten(Eq(a, b))
        case And(g, h):
            yield _Choice(Not(g), Not(h))
        case Or(g, h):
            yield from _refuted(g)
            yield from _refuted(h)
        case Imp(g, h):
            yield from _flatten(g)
            yield from _refuted(h)
        case Not(g):
            yield from _flatten(g)
        case _:
            raise InvalidError(f"no formula: {f!r}")
