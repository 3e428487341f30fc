"""What is known in one branch of the search, kept in normal form.

Equations that define an atom are used up: the atom is replaced everywhere. Inequalities are divided
by their content and rounded, and of each linear form only the best bounds are kept. Every fact that
comes to be is logged as a derivation from earlier ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from math import gcd
from typing import TypeAlias

from extract.smt_poly import (
    ONE,
    Frozen,
    Monomial,
    Poly,
    atoms,
    combine,
    constant,
    freeze,
    product,
    scaled,
    value,
)
from proofs.certify.certificate import Formula
from proofs.certify.formulas import Choice, Literal, flatten
from proofs.certify.linear import Row
from proofs.certify.tree import Derivation, Multipliers, leaf

_MOST_TERMS = 400

Bound: TypeAlias = tuple[int, int]
"""A value and the fact that says so."""


class ContradictionError(Exception):
    """The facts contradict each other by this combination."""

    def __init__(self, combination: Multipliers) -> None:
        super().__init__("contradiction")
        self.leaf = leaf(combination)


@dataclass(slots=True)
class Form:
    """A primitive polynomial without constant, and its bounds."""

    poly: Poly
    low: Bound | None = None
    high: Bound | None = None

    @property
    def width(self) -> int | None:
        """The number of values above the least one."""
        return None if self.low is None or self.high is None else self.high[0] - self.low[0]


@dataclass(frozen=True, slots=True)
class Rule:
    """``pivot - by`` is the combination, which is 0, as the fact ``source`` says."""

    pivot: Monomial
    by: Poly
    combination: Multipliers
    source: int


@dataclass(slots=True)
class Knowledge:
    """Facts of one branch. ``ranks`` says which atoms are rather replaced: the higher, the rather.

    ``steps`` are the derivations since the last `branch`.
    """

    ranks: dict[int, int]
    fresh: Iterator[int] = field(default_factory=count)
    facts: dict[int, Literal] = field(default_factory=dict)
    choices: dict[int, Choice] = field(default_factory=dict)
    forms: dict[Frozen, Form] = field(default_factory=dict)
    equations: dict[int, Poly] = field(default_factory=dict)
    rules: dict[Monomial, Rule] = field(default_factory=dict)
    multiplied: set[tuple[int, int]] = field(default_factory=set)
    products: set[Monomial] = field(default_factory=set)
    compared: set[object] = field(default_factory=set)
    long: tuple[Monomial, ...] = ()
    late: set[int] = field(default_factory=set)
    asked: set[int] = field(default_factory=set)
    divided: set[Frozen] = field(default_factory=set)
    steps: list[Derivation] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)
    tried: set[Monomial] = field(default_factory=set)

    def branch(self) -> Knowledge:
        """A copy with an empty log."""
        return Knowledge(
            self.ranks, self.fresh, dict(self.facts), dict(self.choices),
            {k: Form(f.poly, f.low, f.high) for k, f in self.forms.items()},
            dict(self.equations), dict(self.rules), set(self.multiplied), set(self.products),
            set(self.compared), self.long, set(self.late), set(self.asked), set(self.divided),
            [], list(self.pending),
        )  # fmt: skip

    # Adding ------------------------------------------------------------------------------

    def assume(self, f: Formula, *, late: bool = False, asked: bool = False) -> tuple[int, ...]:
        """Put down a formula; the identities of the facts that it flattens to.

        Choices of a ``late`` one are tried after others. The negated goal is what is ``asked``.
        """
        outs = []
        for part in flatten(f):
            uid = next(self.fresh)
            outs.append(uid)
            if isinstance(part, Choice):
                self.choices[uid] = part
                if late:
                    self.late.add(uid)
                if asked:
                    self.asked.add(uid)
            else:
                self._put(uid, part)
        return tuple(outs)

    def assume_literal(self, p: Poly) -> tuple[int, ...]:
        """Put down ``p >= 0``."""
        uid = next(self.fresh)
        self._put(uid, Literal(p, zero=False))
        return (uid,)

    def _put(self, uid: int, part: Literal) -> None:
        self.facts[uid] = part
        self.pending.append(uid)
        self.products.update(m for m in part.poly if len(m) > 1)

    def derive(self, combination: Multipliers) -> int:
        """The fact that a combination is not negative; the same fact if it is just that one."""
        used = {uid: p for uid, p in combination.items() if p}
        if len(used) == 1:
            [(uid, p)] = used.items()
            if value(p) == 1 and not self.facts[uid].zero:
                return uid
        total: Poly = {}
        for uid, p in used.items():
            total = combine(total, product(p, self.facts[uid].poly))
        return self._log(total, tuple(used), combination=used)

    def _log(self, p: Poly, inputs: tuple[int, ...], *, zero: bool = False, **how: object) -> int:
        uid = next(self.fresh)
        self.facts[uid] = Literal(p, zero)
        self.steps.append(Derivation(uid, inputs, **how))  # type: ignore[arg-type]
        return uid

    def cut(self, uid: int, d: int) -> int:
        """The fact divided by ``d`` and rounded."""
        if d == 1:
            return uid
        rounded = {m: c // d for m, c in self.facts[uid].poly.items() if c // d}
        return self._log(rounded, (uid,), divisor=d)

    def multiply(self, i: int, j: int) -> None:
        """Put down the product of two inequalities, once."""
        key = (min(i, j), max(i, j))
        if key not in self.multiplied:
            self.multiplied.add(key)
            p = product(self.facts[i].poly, self.facts[j].poly)
            if len(p) <= _MOST_TERMS:
                self.pending.append(self._log(p, (i, j), rule="prod"))

    # Normal forms ------------------------------------------------------------------------

    def reduce(self, p: Poly) -> tuple[Poly, Multipliers]:
        """``(q, c)`` with ``q = p + c``: no atom of a rule occurs in ``q``."""
        used: Multipliers = {}
        todo = True
        while todo:
            todo = False
            for m, c in p.items():
                rule = self._rule(m)
                if rule is None:
                    continue
                factor: Poly = {_without(m, rule.pivot): -c}
                p = combine(p, product(factor, combine({rule.pivot: 1}, rule.by, -1)))
                for uid, q in rule.combination.items():
                    used[uid] = combine(used.get(uid, {}), product(factor, q))
                todo = len(p) <= _MOST_TERMS
                break
        return p, used

    def _rule(self, m: Monomial) -> Rule | None:
        """A rule that applies to a monomial."""
        for a in m:
            if (a,) in self.rules:
                return self.rules[a,]
        for pivot in self.long if len(m) > 1 else ():
            if all(m.count(a) >= pivot.count(a) for a in pivot):
                return self.rules[pivot]
        return None

    def saturate(self) -> None:
        """Process what is pending. Raises `ContradictionError`."""
        while self.pending:
            uid = self.pending.pop()
            if self.facts[uid].zero:
                self._equation(uid)
            else:
                self._inequality(uid)

    def _inequality(self, uid: int) -> None:
        p, used = self.reduce(self.facts[uid].poly)
        rest = {m: c for m, c in p.items() if m != ONE}
        low = p.get(ONE, 0)
        if not rest:
            if low < 0:
                raise ContradictionError(_and(used, uid))
            return
        key, factor = primitive(rest)
        bound = -(low // abs(factor))
        form = self.forms.get(key)
        if form is None:
            form = self.forms[key] = Form(dict(key))
        if factor > 0:
            if form.low is not None and form.low[0] >= bound:
                return
            form.low = (bound, self._normal(uid, used, factor))
        else:
            if form.high is not None and form.high[0] <= -bound:
                return
            form.high = (-bound, self._normal(uid, used, -factor))
        self._meet(form)

    def _normal(self, uid: int, used: Multipliers, d: int) -> int:
        return self.cut(self.derive(_and(used, uid)) if used else uid, d)

    def _meet(self, form: Form) -> None:
        if form.low is None or form.high is None:
            return
        (low, i), (high, j) = form.low, form.high
        if low > high:
            raise ContradictionError({i: constant(1), j: constant(1)})
        if low == high:
            p = self.facts[i].poly
            if combine(p, self.facts[j].poly):
                raise AssertionError("bounds that meet are opposites")
            self.pending.append(self._log(p, (i, j), zero=True, rule="equal"))

    def _equation(self, uid: int) -> None:
        p, used = self.reduce(self.facts[uid].poly)
        if not p:
            return
        combination = _and(used, uid)
        known = value(p)
        if known is not None:
            raise ContradictionError({u: scaled(q, -known) for u, q in combination.items()})
        pivot = self._pivot(p)
        if pivot is None:
            self._stubborn(uid, p, combination)
            return
        unit = p[pivot]
        by = scaled({m: c for m, c in p.items() if m != pivot}, -unit)
        self.rules[pivot] = Rule(
            pivot, by, {u: scaled(q, unit) for u, q in combination.items() if q}, uid
        )
        if len(pivot) > 1:
            self.long = (*self.long, pivot)
        self._touch(pivot)

    def _pivot(self, p: Poly) -> Monomial | None:
        """The atom that an equation is best solved for; or a product of higher degree than all."""
        found = [
            m[0]
            for m, c in p.items()
            if len(m) == 1 and abs(c) == 1 and sum(m[0] in k for k in p) == 1
        ]
        if found:
            return (max(found, key=lambda a: (self.ranks.get(a, 0), a)),)
        [*others, longest] = sorted(p, key=len)
        top = len(longest) > max(map(len, others), default=0) and len(longest) > 1
        return longest if top and abs(p[longest]) == 1 else None

    def _stubborn(self, uid: int, p: Poly, combination: Multipliers) -> None:
        """An equation that no atom can be replaced by: two inequalities, and a row."""
        self.equations[uid] = p
        for sign in (1, -1):
            ms = {u: scaled(q, sign) for u, q in combination.items()}
            self.pending.append(self.derive(ms))

    def _touch(self, pivot: Monomial) -> None:
        """Facts in which the pivot occurs are to be reduced again."""
        those = set(pivot)
        for long in [m for m in self.long if len(pivot) == 1 and pivot[0] in m]:
            # The product no longer occurs: what it was equal to is told of what takes its place.
            self.long = tuple(m for m in self.long if m != long)
            self.pending.append(self.rules.pop(long).source)
        for key in [k for k, f in self.forms.items() if those <= atoms(f.poly)]:
            form = self.forms.pop(key)
            self.pending += [b[1] for b in (form.low, form.high) if b is not None]
        for uid in [u for u, p in self.equations.items() if those <= atoms(p)]:
            del self.equations[uid]
            self.pending.append(uid)

    # Looking -----------------------------------------------------------------------------

    def rows(self) -> list[Row]:
        """All that is known, as linear constraints."""
        return [
            Row(b[1], self.facts[b[1]].poly, zero=False)
            for f in self.forms.values()
            for b in (f.low, f.high)
            if b is not None
        ]

    def interval(self, p: Poly) -> tuple[int | None, int | None]:
        """Bounds of a reduced polynomial, by its form and by those of its monomials."""
        rest = {m: c for m, c in p.items() if m != ONE}
        low: int | None = p.get(ONE, 0)
        high: int | None = low
        if not rest:
            return low, high
        key, factor = primitive(rest)
        parts = [(self.forms.get(key), factor)]
        known = _span(parts, low or 0)
        if len(rest) == 1:
            return known
        each = [(self.forms.get(((m, 1),)), c) for m, c in rest.items()]
        other = _span(each, low or 0)
        return _larger(known[0], other[0]), _smaller(known[1], other[1])


def _and(used: Multipliers, uid: int) -> Multipliers:
    """The fact besides what is used; rules that it once gave may have been used for it."""
    return {**used, uid: combine(used.get(uid, {}), constant(1))}


def _without(m: Monomial, pivot: Monomial) -> Monomial:
    rest = list(m)
    for a in pivot:
        rest.remove(a)
    return tuple(rest)


def _larger(a: int | None, b: int | None) -> int | None:
    return b if a is None else a if b is None else max(a, b)


def _smaller(a: int | None, b: int | None) -> int | None:
    return b if a is None else a if b is None else min(a, b)


def _span(parts: Iterable[tuple[Form | None, int]], start: int) -> tuple[int | None, int | None]:
    low: int | None = start
    high: int | None = start
    for form, c in parts:
        lower = None if form is None else form.low if c > 0 else form.high
        upper = None if form is None else form.high if c > 0 else form.low
        low = None if low is None or lower is None else low + c * lower[0]
        high = None if high is None or upper is None else high + c * upper[0]
    return low, high


def primitive(p: Poly) -> tuple[Frozen, int]:
    """``(key, factor)`` with ``p = factor * key``; the first coefficient of the key is positive."""
    factor = gcd(*p.values())
    if p[min(p)] < 0:
        factor = -factor
    return freeze({m: c // factor for m, c in p.items()}), factor
