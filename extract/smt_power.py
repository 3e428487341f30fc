"""Laws of powers of one unknown: equal exponents give equal powers, sums of exponents products.

A solver knows nothing of powers with unknown exponents. What it is told of them are these laws, for
the powers that occur, each under a premise about their exponents: ``a == b`` implies
``x**a == x**b``, and ``a + b == c`` with natural ``a`` and ``b`` implies ``x**a * x**b == x**c``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.smt_poly import Poly, combine, product


@dataclass(frozen=True, slots=True)
class Power:
    """``base ** exponent``, as the polynomial ``total``: one atom, or written out."""

    base: Poly
    exponent: Poly
    total: Poly
    atom: int | None


@dataclass(frozen=True, slots=True)
class Law:
    """``equation`` is 0 if ``difference`` is and all of ``natural`` are not negative.

    It is a fact about the atom ``holder``, among others.
    """

    difference: Poly
    natural: tuple[Poly, ...]
    equation: Poly
    holder: int


def laws(new: Power, known: Sequence[Power]) -> Iterator[Law]:
    """What relates a power to others of the same base."""
    for other in known:
        yield from _law((other,), new)
    every = (*known, new)
    for i, a in enumerate(every):
        for b in every[i:]:
            if b is new:
                for whole in known:
                    yield from _law((a, b), whole)
            else:
                yield from _law((a, b), new)


def _law(parts: tuple[Power, ...], whole: Power) -> Iterator[Law]:
    """The product of the parts is the whole if their exponents add up to its exponent."""
    holder = max((p.atom for p in (*parts, whole) if p.atom is not None), default=None)
    difference, total = whole.exponent, parts[0].total
    for p in parts:
        difference = combine(difference, p.exponent, -1)
    for p in parts[1:]:
        total = product(total, p.total)
    equation = combine(whole.total, total, -1)
    if holder is not None and equation:
        natural = tuple(p.exponent for p in parts) if len(parts) > 1 else ()
        yield Law(difference, natural, equation, holder)
