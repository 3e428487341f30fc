"""Congruences that follow from other congruences by multiplication: a certificate for solvers.

Where the hypotheses say ``r % m == e % m`` (the contracts of field operations), a conclusion
``A % m == B % m`` often holds because ``A - B`` is a combination of the differences ``r - e`` with
polynomial multipliers. Solvers do not find multipliers. Here polynomial division finds them, and
each hypothesis ``p == m * k`` is multiplied by its multiplier: ``t * p == m * (t * k)``. These are
true whatever the division found, so nothing rests on it; with them the goal is linear arithmetic
over products as unknowns.

Equations of which it takes more to see that they hold are tried as well: that half of a number is
exact, such as of a difference of odd numbers, and what an implication concludes. For such a
``p == q`` the lemma is that it implies ``t * p == t * q``; the premise is left to the solvers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import gcd
from typing import Final

from extract.expr import Expr, IntTy, subexpressions
from extract.smt_goal import ScalarGoal
from extract.smt_int import Writer
from extract.smt_normal import Normaliser
from extract.smt_poly import (
    Monomial,
    Poly,
    atoms,
    combine,
    constant,
    content,
    freeze,
    product,
    reduced,
    scaled,
)
from extract.smt_range import ALL
from extract.smt_text import YES, Compare, Formula, Junction, compare, junction, negate
from verify.core.obligation import Query

_MOST_STEPS: Final = 1000
_MOST_TERMS: Final = 2000
_MOST_PAIRS: Final = 60


@dataclass(frozen=True, slots=True)
class Relation:
    """``poly = 0`` modulo ``modulus``, or exactly if that is 0."""

    poly: Poly
    modulus: int
    head: int | None = None
    """The atom that the relation defines, if it has that form."""


def ideal(goal: ScalarGoal) -> list[Query]:
    """The negated goal with lemmas that reduce it to linear arithmetic; empty if none are found.

    Raises `NotApplicableError` for operators that need bits.
    """
    if not any(_modulus(e) for e in subexpressions([goal.conclusion])):
        return []
    n = Normaliser(goal.hypotheses, goal.literal())
    n.by_cases = False
    refuted = negate(n.formula(goal.conclusion))
    hypotheses = list(_detached(goal.hypotheses))
    stated = list(_stated(n, hypotheses))
    defined = list(_defined(n))
    guessed = [*_halved(n), *_conditional(n, hypotheses)]
    powers = [Relation(p, 0) for p in n.laws]
    facts: dict[Formula, None] = {}
    tried = False
    for target in _targets(n, goal.conclusion):
        found = _multipliers(target, _choices(stated, guessed, powers, defined))
        if found is None:
            continue
        used, multipliers = found
        whole = target.poly
        for r, multiplier in zip(used, multipliers, strict=True):
            rest = _exact(n, r)
            multiplied = product(multiplier, rest)
            if multiplier:
                tried = tried or r in guessed or r in powers
                zero = compare(multiplied, equal=True)
                given = compare(rest, equal=True)
                facts[zero if r in stated else junction(False, [negate(given), zero])] = None
            whole = combine(whole, multiplied, -1)
        # The rest is a multiple of the modulus. Solvers see that, and then what follows from it,
        # more easily in two steps.
        seen = _multiple(n, whole, target)
        refuted = junction(False, [negate(seen), junction(True, [seen, refuted])])
    if not facts:
        return []
    parts: list[Formula] = []
    if tried or not _settled(goal.conclusion):
        parts = [*(n.formula(h) for h in goal.hypotheses), *n.bounds()]
    whole_formula = junction(True, [*parts, *facts, refuted])
    return [Writer(n, whole_formula, complete=False).query("ideal", abstract=True, bounded=False)]


def _choices(
    stated: list[Relation],
    guessed: list[Relation],
    powers: list[Relation],
    defined: list[Relation],
) -> Iterator[list[Relation]]:
    """Relations of which the target may be a combination, the most trustworthy first.

    Of the laws of powers one at a time, since their premises may exclude each other.
    """
    yield stated + guessed
    for law in powers:
        yield [*stated, law]
    yield stated + defined


def _multipliers(
    target: Relation, choices: Iterable[list[Relation]]
) -> tuple[list[Relation], list[Poly]] | None:
    """The first of the choices of which the target is a combination, and the multipliers.

    What is defined by cases comes last: equations of different cases exclude each other, so that
    of them everything is a combination, by lemmas that say nothing.
    """
    for given in choices:
        used = [r for r in given if r.modulus % target.modulus == 0]
        multipliers = combination(target, used)
        if multipliers is not None:
            return used, multipliers
    return None


def _settled(conclusion: Expr) -> bool:
    """Does only the congruence matter: is the conclusion an equation of two remainders?"""
    m = _modulus(conclusion)
    return m > 0 and all(
        (a.op == "mod" and a.args[1].op == "const" and a.args[1].attr == m)
        or (a.op == "const" and 0 <= a.attr < m)
        for a in conclusion.args
    )


def _multiple(n: Normaliser, whole: Poly, target: Relation) -> Formula:
    """The target is the modulus times a factor, which gets a name."""
    m = target.modulus
    if any(c % m for c in whole.values()):
        raise ArithmeticError("polynomial division gave multipliers that do not fit")
    left = {mono: c // m for mono, c in whole.items()}
    factor = n.cases(("factor", freeze(left)), [(YES, left)], ALL)
    return compare(combine(target.poly, factor, -m), equal=True)


def _modulus(e: Expr) -> int:
    """The modulus if this is an equation of remainders by one positive literal, else 0."""
    if e.op == "eq" and isinstance(e.args[0].ty, IntTy):
        for a in e.args:
            if a.op == "mod" and a.args[1].op == "const" and a.args[1].attr > 0:
                return int(a.args[1].attr)
    return 0


def _difference(n: Normaliser, e: Expr, m: int) -> Poly:
    """The difference of the two sides of an equation, without remainders by ``m``."""
    sides = []
    for a in e.args:
        bare = a.args[0] if m and a.op == "mod" and a.args[1].attr == m else a
        sides.append(n.integer(bare))
    p = combine(sides[0], sides[1], -1)
    if not m:
        return p
    p = reduced(p, m)
    unit = content(p)
    # As in the normal form of a congruence, so that the two are one formula.
    return {k: c // unit for k, c in p.items()} if unit > 1 and gcd(unit, m) == 1 else p


def _targets(n: Normaliser, conclusion: Expr) -> Iterator[Relation]:
    for e in subexpressions([conclusion]):
        m = _modulus(e)
        if m > 1:
            yield Relation(_difference(n, e, m), m)


def _stated(n: Normaliser, hypotheses: Iterable[Expr]) -> Iterator[Relation]:
    """Equations and congruences among the hypotheses: they hold."""
    for h in hypotheses:
        for e in h.args if h.op == "and" else (h,):
            if e.op == "eq" and isinstance(e.args[0].ty, IntTy):
                m = _modulus(e)
                p = _difference(n, e, m)
                if p:
                    yield Relation(p, m, _head(n, e, m))


def _detached(hypotheses: Iterable[Expr]) -> Iterator[Expr]:
    """The hypotheses, and of an implication whose premise is one of them the conclusion."""
    parts = [p for h in hypotheses for p in (h.args if h.op == "and" else (h,))]
    known = set(parts)
    for h in parts:
        if h.op == "implies":
            premises = h.args[0].args if h.args[0].op == "and" else h.args[:1]
            yield h.args[1] if known.issuperset(premises) else h
        else:
            yield h


def _head(n: Normaliser, e: Expr, m: int) -> int | None:
    """The unknown on one side of an equation whose other side is a term."""
    for a in e.args:
        bare = a.args[0] if m and a.op == "mod" and a.args[1].attr == m else a
        if bare.op in ("var", "app"):
            [(mono, _)] = n.integer(bare).items()
            return mono[0]
    return None


def _defined(n: Normaliser) -> Iterator[Relation]:
    """Equations that hold of an atom in one of its cases."""
    for found in list(n.atoms):
        for f in found.facts:
            parts = f.parts if isinstance(f, Junction) and not f.every else (f,)
            equations = [p for p in parts if isinstance(p, Compare) and p.equal]
            if len(equations) == 1 and len(parts) <= 2:
                yield Relation(dict(equations[0].poly), 0)


def _conditional(n: Normaliser, hypotheses: Iterable[Expr]) -> Iterator[Relation]:
    """Equations that hold under a premise of their own."""
    return _stated(n, [h.args[1] for h in hypotheses if h.op == "implies"])


def _halved(n: Normaliser) -> Iterator[Relation]:
    """What holds of halves if the division leaves no remainder."""
    for rest in n.halves():
        yield Relation(rest, 0)


def _exact(n: Normaliser, r: Relation) -> Poly:
    """What is 0 if the relation holds, for the right value of a new unknown."""
    if not r.modulus:
        return r.poly
    factor = n.cases(("witness", freeze(r.poly), r.modulus), [], ALL)
    return combine(r.poly, factor, -r.modulus)


# Polynomial division modulo m ---------------------------------------------------------------------


@dataclass(slots=True)
class _Element:
    """A polynomial with leading coefficient 1, as a combination of the given ones."""

    poly: Poly
    lead: Monomial
    parts: dict[int, Poly]


def combination(target: Relation, given: list[Relation]) -> list[Poly] | None:
    """Multipliers with ``target = sum(multiplier * given)`` modulo the target's modulus.

    Buchberger's algorithm with a bound on its work, so ``None`` says nothing.
    """
    try:
        return _Division(given, target.modulus).combination(target.poly)
    except _TooLargeError:
        return None


def _below(start: set[int], inside: dict[int, set[int]]) -> set[int]:
    """Atoms that some of these are computed from, and themselves."""
    seen: set[int] = set()
    todo = list(start)
    while todo:
        a = todo.pop()
        if a not in seen:
            seen.add(a)
            todo += inside.get(a, ())
    return seen


def _ranks(given: list[Poly], heads: list[int | None], m: int) -> dict[int, int]:
    """An order of the atoms in which what is computed from others is larger than these."""
    inside: dict[int, set[int]] = {}

    for p, head in zip(given, heads, strict=True):
        linear = [
            mono[0]
            for mono, c in p.items()
            if len(mono) == 1 and gcd(c, m) == 1 and sum(mono[0] in k for k in p) == 1
        ]
        for a in sorted(linear, key=lambda a: (a != head, -a)):
            rest = atoms(p) - {a}
            if a not in inside and a not in _below(rest, inside):
                inside[a] = rest
                break
    depth: dict[int, int] = {}

    def measured(a: int) -> int:
        if a not in depth:
            depth[a] = 1 + max((measured(x) for x in inside.get(a, ())), default=-1)
        return depth[a]

    everything = {a for p in given for a in atoms(p)}
    return {a: i for i, a in enumerate(sorted(everything, key=lambda a: (measured(a), a)))}


class _TooLargeError(Exception):
    """The division would take too long."""


class _Division:
    def __init__(self, given: list[Relation], m: int) -> None:
        self.m = m
        self.steps = 0
        self.given = [reduced(r.poly, m) for r in given]
        self.rank = _ranks(self.given, [r.head for r in given], m)
        self._keys: dict[Monomial, tuple[int, ...]] = {}
        self.basis: list[_Element] = []

    def _key(self, mono: Monomial) -> tuple[int, ...]:
        """Lexicographic order: the ranks of the factors, the largest first."""
        key = self._keys.get(mono)
        if key is None:
            ranks = (self.rank.get(a, -1 - a) for a in mono)
            key = self._keys[mono] = tuple(sorted(ranks, reverse=True))
        return key

    def combination(self, target: Poly) -> list[Poly] | None:
        for i, p in enumerate(self.given):
            self._add(p, {i: constant(1)})
        target = reduced(target, self.m)
        pairs = [(i, j) for j in range(len(self.basis)) for i in range(j)]
        done = 0
        while True:
            rest, parts = self._reduce(target, {})
            if not rest:
                negated = {i: reduced(scaled(p, -1), self.m) for i, p in parts.items()}
                return [negated.get(i, {}) for i in range(len(self.given))]
            size = len(self.basis)
            while pairs and len(self.basis) == size:
                done += self._pair(*pairs.pop(0))
                if done > _MOST_PAIRS:
                    return None
            if len(self.basis) == size:
                return None
            pairs += [(i, size) for i in range(size)]

    def _add(self, p: Poly, parts: dict[int, Poly]) -> None:
        """Put a polynomial into the basis, reduced by what is there."""
        p, parts = self._reduce(p, parts)
        if not p:
            return
        lead = max(p, key=self._key)
        if gcd(p[lead], self.m) != 1:
            return
        unit = pow(p[lead], -1, self.m)
        scale = {i: reduced(scaled(q, unit), self.m) for i, q in parts.items()}
        self.basis.append(_Element(reduced(scaled(p, unit), self.m), lead, scale))

    def _pair(self, i: int, j: int) -> bool:
        """Add the difference in which the leading terms of two elements cancel.

        ``False`` if it is known to add nothing: the terms have nothing in common.
        """
        a, b = self.basis[i], self.basis[j]
        common = _common(a.lead, b.lead)
        if not common:
            return False
        left, right = _without(b.lead, common), _without(a.lead, common)
        p = combine(product({left: 1}, a.poly), product({right: 1}, b.poly), -1)
        parts = self._combined({}, a, {left: 1})
        parts = self._combined(parts, b, {right: -1})
        self._add(reduced(p, self.m), parts)
        return True

    def _combined(self, parts: dict[int, Poly], e: _Element, factor: Poly) -> dict[int, Poly]:
        out = dict(parts)
        for i, q in e.parts.items():
            out[i] = reduced(combine(out.get(i, {}), product(factor, q)), self.m)
            if len(out[i]) > _MOST_TERMS:
                raise _TooLargeError
        return out

    def _reduce(self, p: Poly, parts: dict[int, Poly]) -> tuple[Poly, dict[int, Poly]]:
        """What is left of ``p``, and its parts with what was taken away counted negatively."""
        rest: Poly = {}
        while p:
            lead = max(p, key=self._key)
            for e in self.basis:
                quotient = _quotient(lead, e.lead)
                if quotient is not None:
                    break
            else:
                rest[lead] = p[lead]
                p = {k: c for k, c in p.items() if k != lead}
                continue
            self.steps += 1
            if self.steps > _MOST_STEPS or len(p) > _MOST_TERMS:
                raise _TooLargeError
            factor: Poly = {quotient: -p[lead]}
            p = reduced(combine(p, product(factor, e.poly)), self.m)
            parts = self._combined(parts, e, factor)
        return rest, parts


def _quotient(a: Monomial, b: Monomial) -> Monomial | None:
    """``a / b`` if ``b`` divides ``a``."""
    rest = list(a)
    for x in b:
        if x not in rest:
            return None
        rest.remove(x)
    return tuple(rest)


def _common(a: Monomial, b: Monomial) -> Monomial:
    """The greatest common divisor of two monomials."""
    rest = list(b)
    out = []
    for x in a:
        if x in rest:
            rest.remove(x)
            out.append(x)
    return tuple(out)


def _without(a: Monomial, b: Monomial) -> Monomial:
    found = _quotient(a, b)
    assert found is not None  # noqa: S101 (b is a common divisor)
    return found
