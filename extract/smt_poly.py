"""Integer polynomials over numbered atoms: the normal form behind the integer encodings.

A polynomial maps monomials (sorted tuples of atom numbers, ``()`` for the constant) to non-zero
coefficients. They are values: no function here changes its arguments.
"""

from __future__ import annotations

from math import gcd
from typing import TypeAlias

Monomial: TypeAlias = tuple[int, ...]
Poly: TypeAlias = dict[Monomial, int]
Frozen: TypeAlias = tuple[tuple[Monomial, int], ...]

ONE: Monomial = ()


def constant(c: int) -> Poly:
    """The constant polynomial."""
    return {ONE: c} if c else {}


def atom(a: int) -> Poly:
    """The polynomial that is one atom."""
    return {(a,): 1}


def freeze(p: Poly) -> Frozen:
    """A hashable form in a fixed order."""
    return tuple(sorted(p.items()))


def value(p: Poly) -> int | None:
    """The constant that ``p`` is, or ``None``."""
    if not p:
        return 0
    return p[ONE] if len(p) == 1 and ONE in p else None


def combine(p: Poly, q: Poly, factor: int = 1) -> Poly:
    """``p + factor * q``."""
    out = dict(p)
    for m, c in q.items():
        total = out.get(m, 0) + factor * c
        if total:
            out[m] = total
        else:
            out.pop(m, None)
    return out


def scaled(p: Poly, factor: int) -> Poly:
    """``factor * p``."""
    return {m: c * factor for m, c in p.items()} if factor else {}


def product(p: Poly, q: Poly) -> Poly:
    """``p * q``."""
    out: Poly = {}
    for m, c in p.items():
        for n, d in q.items():
            key = tuple(sorted(m + n)) if m and n else m or n
            total = out.get(key, 0) + c * d
            if total:
                out[key] = total
            else:
                out.pop(key, None)
    return out


def split(p: Poly, m: int) -> tuple[Poly, Poly]:
    """``(a, b)`` with ``p = m * a + b``: coefficients of ``b`` small, its constant in [0, m)."""
    a: Poly = {}
    b: Poly = {}
    for mono, c in p.items():
        if mono == ONE:
            high, low = divmod(c, m)
        elif abs(c) < m:
            high, low = 0, c
        else:
            high, low = divmod(c, m)
            if 2 * low > m:
                high, low = high + 1, low - m
        if high:
            a[mono] = high
        if low:
            b[mono] = low
    return a, b


def reduced(p: Poly, m: int) -> Poly:
    """``p`` with coefficients reduced modulo ``m`` to the symmetric range, zeros dropped."""
    out: Poly = {}
    for mono, c in p.items():
        low = c % m
        if 2 * low > m:
            low -= m
        if low:
            out[mono] = low
    return out


def content(p: Poly) -> int:
    """Greatest common divisor of the coefficients (0 for the zero polynomial)."""
    g = 0
    for c in p.values():
        g = gcd(g, c)
    return g


def replace(p: Poly, a: int, by: Poly) -> Poly:
    """``p`` with atom ``a`` replaced by a polynomial."""
    if not any(a in mono for mono in p):
        return p
    out: Poly = {}
    powers = [constant(1)]
    for mono, c in p.items():
        times = mono.count(a)
        while len(powers) <= times:
            powers.append(product(powers[-1], by))
        rest = tuple(x for x in mono if x != a)
        out = combine(out, product({rest: c}, powers[times]))
    return out


def linear(p: Poly) -> bool:
    """Has every monomial at most one atom?"""
    return all(len(m) <= 1 for m in p)


def atoms(p: Poly) -> set[int]:
    """Atoms that occur."""
    return {a for m in p for a in m}
