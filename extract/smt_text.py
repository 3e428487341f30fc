"""Formulas over polynomials and their SMT-LIB text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import gcd
from typing import Final, TypeAlias

from extract.smt_poly import ONE, Frozen, Monomial, Poly, freeze, value

_SIMPLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.!$%&*+<>?@^~-]*\Z")
# No quoted symbol may hold the first two; the third keeps different names different.
_ESCAPES: Final = {"|": "p", "\\": "b", "!_": "e"}
_UNQUOTABLE: Final = re.compile(r"\||\\|!_")
_RESERVED: Final = frozenset(
    [
        "let",
        "forall",
        "exists",
        "par",
        "as",
        "assert",
        "true",
        "false",
        "and",
        "or",
        "not",
        "ite",
        "mod",
        "div",
        "abs",
        "distinct",
        "Int",
        "Bool",
        "Real",
        "BitVec",
        "DECIMAL",
        "NUMERAL",
        "STRING",
        "HEXADECIMAL",
        "BINARY",
        "exit",
        "pop",
        "push",
        "reset",
        "concat",
        "extract",
    ]
)


def symbol(name: str) -> str:
    """``name`` as an SMT-LIB symbol, quoted where needed."""
    plain = _SIMPLE.match(name) and "!_" not in name
    if plain and name not in _RESERVED and not name.startswith(("bv", "str.", "re.")):
        return name
    return "|" + _UNQUOTABLE.sub(lambda m: f"!_{_ESCAPES[m[0]]}", name) + "|"


def application_symbol(name: str, args: tuple[int | bool, ...]) -> str:
    """The constant that stands for a function at literal arguments."""
    return symbol(f"{name}({', '.join(str(a).lower() for a in args)})")


def numeral(n: int) -> str:
    """An integer literal."""
    return str(n) if n >= 0 else f"(- {-n})"


@dataclass(frozen=True, slots=True)
class Truth:
    """A truth value."""

    value: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """A Boolean atom (numbered like the integer ones)."""

    atom: int


@dataclass(frozen=True, slots=True)
class Compare:
    """``poly <= 0``, or ``poly = 0`` if ``equal``."""

    poly: Frozen
    equal: bool


@dataclass(frozen=True, slots=True)
class Negation:
    """Not."""

    part: Formula


@dataclass(frozen=True, slots=True)
class Junction:
    """Conjunction, or disjunction if not ``every``."""

    every: bool
    parts: tuple[Formula, ...]


Formula: TypeAlias = Truth | Flag | Compare | Negation | Junction

YES: Final = Truth(True)
NO: Final = Truth(False)


def negate(f: Formula) -> Formula:
    """Not, pushed through what is cheap."""
    if isinstance(f, Truth):
        return NO if f.value else YES
    if isinstance(f, Negation):
        return f.part
    if isinstance(f, Compare) and not f.equal:
        # Among integers, p > 0 is 1 - p <= 0.
        p = {m: -c for m, c in f.poly}
        p[ONE] = p.get(ONE, 0) + 1
        return compare({m: c for m, c in p.items() if c}, equal=False)
    return Negation(f)


def junction(every: bool, parts: list[Formula]) -> Formula:
    """Conjunction or disjunction, simplified."""
    flat: dict[Formula, None] = {}
    for p in parts:
        for q in p.parts if isinstance(p, Junction) and p.every == every else (p,):
            if isinstance(q, Truth):
                if q.value != every:
                    return NO if every else YES
                continue
            flat[q] = None
    if not flat:
        return YES if every else NO
    if len(flat) == 1:
        return next(iter(flat))
    return Junction(every, tuple(flat))


def compare(p: Poly, equal: bool) -> Formula:
    """``p <= 0`` or ``p = 0``, divided by its common factor and rounded."""
    known = value(p)
    if known is not None:
        return YES if (known == 0 if equal else known <= 0) else NO
    g = 0
    for m, c in p.items():
        if m != ONE:
            g = gcd(g, c)
    offset = p.get(ONE, 0)
    if equal:
        if offset % g:
            return NO
        first = min(m for m in p if m != ONE)
        g = -g if p[first] < 0 else g
        return Compare(freeze({m: c // g for m, c in p.items()}), True)
    if g > 1:
        p = {m: c // g for m, c in p.items() if m != ONE}
        # sum + offset <= 0 with sum a multiple of g: sum/g <= floor(-offset/g).
        rounded = -(-offset // g)
        if rounded:
            p[ONE] = rounded
    return Compare(freeze(p), False)


Render: TypeAlias = Callable[[Monomial], str]


def _sum(terms: list[tuple[Monomial, int]], render: Render) -> str:
    out = []
    for m, c in terms:
        if m == ONE:
            out.append(numeral(c))
        elif c == 1:
            out.append(render(m))
        else:
            out.append(f"(* {numeral(c)} {render(m)})")
    if not out:
        return "0"
    return out[0] if len(out) == 1 else f"(+ {' '.join(out)})"


def poly_text(p: Poly, render: Render) -> str:
    """A polynomial as a term."""
    return _sum(sorted(p.items()), render)


def formula_text(f: Formula, render: Render, flag: Callable[[int], str]) -> str:
    """A formula in SMT-LIB."""
    match f:
        case Truth(v):
            return "true" if v else "false"
        case Flag(a):
            return flag(a)
        case Compare(poly, equal):
            left = [(m, c) for m, c in poly if c > 0]
            right = [(m, -c) for m, c in poly if c < 0]
            return f"({'=' if equal else '<='} {_sum(left, render)} {_sum(right, render)})"
        case Negation(part):
            return f"(not {formula_text(part, render, flag)})"
        case Junction(every, parts):
            inner = " ".join(formula_text(p, render, flag) for p in parts)
            return f"({'and' if every else 'or'} {inner})"


def formula_atoms(f: Formula) -> Iterator[int]:
    """Atoms that occur in a formula (repetitions possible)."""
    match f:
        case Flag(a):
            yield a
        case Compare(poly, _):
            for m, _c in poly:
                yield from m
        case Negation(part):
            yield from formula_atoms(part)
        case Junction(_, parts):
            for p in parts:
                yield from formula_atoms(p)
        case Truth():
            return


def formula_monomials(f: Formula) -> Iterator[Monomial]:
    """Monomials that occur in a formula (repetitions possible)."""
    match f:
        case Compare(poly, _):
            for m, _c in poly:
                yield m
        case Negation(part):
            yield from formula_monomials(part)
        case Junction(_, parts):
            for p in parts:
                yield from formula_monomials(p)
        case _:
            return
