"""Linear arithmetic over products of atoms as unknowns: exact contradictions, or a point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TypeAlias

import z3

from extract.smt_poly import ONE, Monomial, Poly

Point: TypeAlias = dict[Monomial, Fraction]


@dataclass(frozen=True, slots=True)
class Refutation:
    """Multipliers by fact: the combination is a negative constant."""

    factors: dict[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """``poly >= 0``, or ``poly = 0`` if ``zero``; ``uid`` is the fact that says so."""

    uid: int
    poly: Poly
    zero: bool


def refute(rows: Sequence[Row]) -> Refutation | Point:
    """A contradiction of the rows, or a point where all hold."""
    solver = z3.SolverFor("QF_LRA")
    unknowns: dict[Monomial, z3.ArithRef] = {}
    marks = {}
    for i, row in enumerate(rows):
        mark = z3.Bool(f"r{i}")
        marks[i] = row
        value = _sum(row.poly, unknowns)
        solver.assert_and_track(value == 0 if row.zero else value >= 0, mark)
    answer = solver.check()
    if answer == z3.sat:
        model = solver.model()
        return {m: _fraction(model.eval(v, model_completion=True)) for m, v in unknowns.items()}
    if answer != z3.unsat:
        raise ArithmeticError(f"linear arithmetic without an answer: {solver.reason_unknown()}")
    core = [marks[int(str(mark)[1:])] for mark in solver.unsat_core()]
    return Refutation(_multipliers(core))


def _sum(p: Poly, unknowns: dict[Monomial, z3.ArithRef]) -> z3.ArithRef:
    terms = [z3.RealVal(p.get(ONE, 0))]
    for m, c in p.items():
        if m != ONE:
            if m not in unknowns:
                unknowns[m] = z3.Real("m" + "_".join(map(str, m)))
            terms.append(z3.RealVal(c) * unknowns[m])
    return z3.Sum(terms)


def _fraction(v: z3.RatNumRef | z3.IntNumRef) -> Fraction:
    if z3.is_int_value(v):
        return Fraction(v.as_long())
    return Fraction(v.numerator_as_long(), v.denominator_as_long())


def _multipliers(core: Sequence[Row]) -> dict[int, int]:
    """Integers with ``sum(multiplier * poly) < 0``, by the theorem of the alternative."""
    solver = z3.SolverFor("QF_LRA")
    factors = [z3.Real(f"f{i}") for i in range(len(core))]
    solver.add(*(f >= 0 for f, row in zip(factors, core, strict=True) if not row.zero))
    for m in _monomials(core):
        terms = [
            z3.RealVal(row.poly[m]) * f
            for f, row in zip(factors, core, strict=True)
            if m in row.poly
        ]
        solver.add(z3.Sum(terms) == (-1 if m == ONE else 0))
    if solver.check() != z3.sat:
        raise ArithmeticError("inconsistent rows without multipliers")
    model = solver.model()
    values = [_fraction(model.eval(f, model_completion=True)) for f in factors]
    scale = lcm(*(v.denominator for v in values))
    return {row.uid: int(v * scale) for row, v in zip(core, values, strict=True) if v}


def _monomials(rows: Iterable[Row]) -> set[Monomial]:
    return {ONE} | {m for row in rows for m in row.poly}


def extremes(rows: Sequence[Row], m: Monomial) -> tuple[Fraction | None, Fraction | None]:
    """The least and greatest value of an unknown where all rows hold; ``None`` if unbounded."""
    found: list[Fraction | None] = []
    for sign in (-1, 1):
        optimiser = z3.Optimize()
        unknowns: dict[Monomial, z3.ArithRef] = {}
        for row in rows:
            value = _sum(row.poly, unknowns)
            optimiser.add(value == 0 if row.zero else value >= 0)
        if m not in unknowns:
            return None, None
        best = optimiser.maximize(sign * unknowns[m])
        value = best.value() if optimiser.check() == z3.sat else None
        bounded = z3.is_rational_value(value) or z3.is_int_value(value)
        found.append(sign * _fraction(value) if bounded else None)
    return found[0], found[1]
