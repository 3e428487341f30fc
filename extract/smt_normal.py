"""Scalar expressions as polynomials and linear comparisons: the core of the integer encodings.

Every quotient, choice and bit operation becomes an atom with facts that define it, and remainders
are written with quotients (``x mod m = x - m * (x div m)``). So nested remainders collapse, the
two halves of a split word share one atom, and coefficients that are multiples of a modulus vanish
from congruences. The rewriting is exact: the negated goal has the same models before and after,
except where `Normaliser.exact` turns False.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from math import gcd
from typing import Final

from extract.expr import BOOL, Expr, IntTy
from extract.smt_goal import NotApplicableError, leaf_name
from extract.smt_poly import (
    ONE,
    Frozen,
    Monomial,
    Poly,
    atom,
    combine,
    constant,
    content,
    freeze,
    linear,
    product,
    reduced,
    replace,
    scaled,
    split,
    value,
)
from extract.smt_power import Power, laws
from extract.smt_range import (
    ALL,
    Interval,
    floor_by,
    meet,
    plus,
    power_of_two,
    quotients,
    ranges_under,
    scale,
    times,
)
from extract.smt_text import (
    NO,
    YES,
    Compare,
    Flag,
    Formula,
    Negation,
    Truth,
    compare,
    formula_atoms,
    junction,
    negate,
    poly_text,
    symbol,
)

_MOST_TERMS: Final = 400
_MOST_CASES: Final = 64
_MOST_RUNS: Final = 12
_MOST_MULTIPLES: Final = 9
_MOST_POWER: Final = 16
_MOST_POWERS: Final = 8
_WIDEST_LISTED: Final = 1 << 14
_NARROW: Final = 4


@dataclass(slots=True)
class Atom:
    """An unknown: its SMT term, sort, bounds and the facts that tie it to other atoms.

    ``function`` gives the name and sorts of the uninterpreted function of an application, ``uses``
    the atoms inside its ``arguments``. ``source`` says that the term stands in the goal itself.
    Once made it is not changed.
    """

    text: str
    sort: str
    low: int | None = None
    high: int | None = None
    facts: list[Formula] = field(default_factory=list)
    uses: tuple[int, ...] = ()
    function: tuple[str, tuple[str, ...]] | None = None
    arguments: tuple[str, ...] = ()
    source: bool = False


class Normaliser:
    """Normal forms of the terms of one goal, under its hypotheses."""

    def __init__(self, hypotheses: Iterable[Expr], literal: frozenset[str]) -> None:
        """``literal``: the functions of the goal that are only applied to literals."""
        self.hypotheses = tuple(hypotheses)
        self.literal = literal
        self.ranges = ranges_under(self.hypotheses)
        self.atoms: list[Atom] = []
        self.exact = True
        self.rules: list[tuple[int, Poly, int]] = []
        self.reducing = False
        # Congruences of few possible quotients become cases, unless their form is to be kept.
        self.by_cases = True
        self._ints: dict[Expr, Poly] = {}
        self._bools: dict[Expr, Formula] = {}
        self._keys: dict[object, int] = {}
        self._halves: dict[int, Poly] = {}
        self._masks: dict[Expr, int] = {}
        self._spans: dict[Frozen, Interval] = {}
        self._powers: list[tuple[Poly, Poly, int]] = []
        self._grown: list[Power] = []
        # Equations that hold of powers under a premise about their exponents.
        self.laws: list[Poly] = []

    def fork(self) -> Normaliser:
        """Another that knows what this one does, and from here on goes its own way."""
        other = copy(self)
        other.atoms, other.rules, other._powers = (
            list(self.atoms), list(self.rules), list(self._powers)
        )  # fmt: skip
        other._grown, other.laws = list(self._grown), list(self.laws)
        other._ints, other._bools, other._keys = (
            dict(self._ints), dict(self._bools), dict(self._keys)
        )  # fmt: skip
        other._halves, other._masks, other._spans = (
            dict(self._halves), dict(self._masks), dict(self._spans)
        )  # fmt: skip
        return other

    # Atoms -------------------------------------------------------------------------------

    def _atom(self, key: object, hint: str, interval: Interval, sort: str = "Int") -> int:
        found = self._keys.get(key)
        if found is None:
            found = len(self.atoms)
            self._keys[key] = found
            self.atoms.append(Atom(f"{hint}!{found}", sort, *interval))
        return found

    def _known(self, key: object) -> bool:
        return key in self._keys

    def span(self, p: Poly) -> Interval:
        """Interval of a polynomial, from the bounds of its atoms and of the terms seen so far."""
        total: Interval = (0, 0)
        for m, c in p.items():
            total = plus(total, scale(self._monomial_span(m), c))
        if len(p) > 1:
            key, factor, offset = _primitive(p)
            known = self._spans.get(key)
            if known is not None:
                total = meet(total, plus(scale(known, factor), (offset, offset)))
        return total

    def _learn_span(self, p: Poly, interval: Interval) -> None:
        """Remember that a term with this normal form lies in the interval."""
        low, high = interval
        if len(p) < 2 or low is None or high is None:
            return
        key, factor, offset = _primitive(p)
        if len(key) < 2:
            return
        low, high = (low, high) if factor > 0 else (high, low)
        # factor * key + offset lies in the interval.
        found = (-(-(low - offset) // factor), (high - offset) // factor)
        self._spans[key] = meet(self._spans.get(key, ALL), found)

    def _monomial_span(self, m: Monomial) -> Interval:
        found: Interval = (1, 1)
        for a in m:
            found = times(found, (self.atoms[a].low, self.atoms[a].high))
        if len(m) == 2 and m[0] == m[1]:
            found = meet(found, (0, None))
        return found

    # Entry points ------------------------------------------------------------------------

    def formula(self, e: Expr) -> Formula:
        """The normal form of a Boolean expression."""
        self._run(e)
        return self._bools[e]

    def integer(self, e: Expr) -> Poly:
        """The normal form of an integer expression."""
        self._run(e)
        return self._ints[e]

    def bounds(self) -> list[Formula]:
        """What `ranges` learnt from the hypotheses, as formulas."""
        out: list[Formula] = []
        for e, (low, high) in self.ranges.refined.items():
            p = self.integer(e)
            if low is not None:
                out.append(compare(combine(constant(low), p, -1), equal=False))
            if high is not None:
                out.append(compare(combine(p, constant(-high)), equal=False))
        return out

    def _run(self, root: Expr) -> None:
        ints, bools = self._ints, self._bools
        stack = [root]
        while stack:
            n = stack[-1]
            if n in ints or n in bools:
                stack.pop()
                continue
            todo = [a for a in n.args if a not in ints and a not in bools]
            if todo:
                stack.extend(reversed(todo))
                continue
            stack.pop()
            if n.ty == BOOL:
                bools[n] = self._boolean(n)
            elif isinstance(n.ty, IntTy):
                p = ints[n] = self._integer(n)
                if len(p) > 1:
                    self._learn_span(p, self.ranges.of(n))
            else:
                raise NotApplicableError(f"{n.op} of type {n.ty}")

    # Booleans ----------------------------------------------------------------------------

    def _boolean(self, e: Expr) -> Formula:
        args = e.args
        match e.op:
            case "const":
                return YES if e.attr else NO
            case "var" | "app":
                return Flag(self._leaf(e, "Bool"))
            case "not":
                return negate(self._bools[args[0]])
            case "and" | "or":
                return junction(e.op == "and", [self._bools[a] for a in args])
            case "implies":
                return junction(False, [negate(self._bools[args[0]]), self._bools[args[1]]])
            case "ite":
                c, a, b = (self._bools[x] for x in args)
                return self._if(c, a, b)
            case "eq" if args[0].ty == BOOL:
                a, b = (self._bools[x] for x in args)
                return self._if(a, b, negate(b))
            case "eq" | "lt" | "le":
                return self._comparison(e)
        raise NotApplicableError(e.op)

    def _if(self, c: Formula, a: Formula, b: Formula) -> Formula:
        if isinstance(c, Truth):
            return a if c.value else b
        if a == b:
            return a
        return junction(True, [junction(False, [negate(c), a]), junction(False, [c, b])])

    def _comparison(self, e: Expr) -> Formula:
        decided = self.ranges.truth(e)
        if decided is not None:
            return YES if decided else NO
        a, b = e.args
        if e.op == "eq":
            found = self._congruence(a, b)
            if found is None:
                found = self._congruence(b, a)
            if found is not None:
                return found
            return self.order(combine(self._ints[a], self._ints[b], -1), equal=True)
        p = combine(self._ints[a], self._ints[b], -1)
        if e.op == "lt":
            p = combine(p, constant(1))
        return self.order(p, equal=False)

    def order(self, p: Poly, equal: bool) -> Formula:
        """``p = 0`` or ``p <= 0``, decided where the bounds of the atoms suffice."""
        if self.reducing and equal:
            p = self.reduce(p, 0)
        low, high = self.span(p)
        if equal:
            if (low is not None and low > 0) or (high is not None and high < 0):
                return NO
        elif high is not None and high <= 0:
            return YES
        elif low is not None and low > 0:
            return NO
        return compare(p, equal)

    def _congruence(self, a: Expr, b: Expr) -> Formula | None:
        """``a == b`` where ``a`` is a remainder: ``m`` divides a difference."""
        if a.op != "mod":
            return None
        x, modulus = a.args
        if modulus.op == "const":
            m = modulus.attr
            if m < 1:
                return None
            if b.op == "mod" and b.args[1] is modulus:
                return self.divides(m, combine(self._ints[x], self._ints[b.args[0]], -1))
            low, high = self.ranges.of(b)
            q = self._ints[b]
            inside = [
                YES if low is not None and low >= 0 else self.order(scaled(q, -1), False),
                YES
                if high is not None and high < m
                else self.order(combine(q, constant(1 - m)), False),
            ]
            return junction(True, [*inside, self.divides(m, combine(self._ints[x], q, -1))])
        if b.op == "mod" and b.args[1] is modulus:
            return self._symbolic_congruence(x, b.args[0], modulus)
        return None

    def _symbolic_congruence(self, x: Expr, y: Expr, modulus: Expr) -> Formula | None:
        m = self._ints[modulus]
        if len(m) != 1 or next(iter(m.values())) != 1:
            return None
        mono = next(iter(m))
        if len(mono) != 1:
            return None
        p = combine(self._ints[x], self._ints[y], -1)
        if self.reducing:
            p = self.reduce(p, 0)
        # Multiples of the modulus do not change a remainder, even modulo 0 or a negative number.
        rest = {k: c for k, c in p.items() if mono[0] not in k}
        return YES if not rest else None

    def divides(self, m: int, p: Poly) -> Formula:
        """``m`` divides ``p``, for a positive constant ``m``."""
        p = reduced(p, m)
        if self.reducing:
            p = reduced(self.reduce(p, m), m)
        g = content(p)
        if g > 1 and gcd(g, m) == 1:
            p = {k: c // g for k, c in p.items()}
        elif g > 1:
            common = gcd(g, m)
            p, m = {k: c // common for k, c in p.items()}, m // common
            return self.divides(m, p) if m > 1 else YES
        known = value(p)
        if known is not None:
            return YES if known % m == 0 else NO
        low, high = self.span(p)
        if low is not None and high is not None and self.by_cases:
            first, last = -(-low // m), high // m
            if last - first < _MOST_MULTIPLES:
                return junction(
                    False,
                    [
                        compare(combine(p, constant(-k * m)), equal=True)
                        for k in range(first, last + 1)
                    ],
                )
        q = self.quotient(p, m, ALL)
        return compare(combine(p, q, -m), equal=True)

    # Equations of the hypotheses as rewriting rules -------------------------------------------

    def learn_rules(self) -> None:
        """Turn equations and congruences among the hypotheses into rules for `reduce`."""
        for h in self.hypotheses:
            for f in h.args if h.op == "and" else (h,):
                if f.op == "eq" and isinstance(f.args[0].ty, IntTy):
                    self._learn_rule(*f.args)

    def _learn_rule(self, a: Expr, b: Expr) -> None:
        p, m = combine(self.integer(a), self.integer(b), -1), 0
        for x, y in ((a, b), (b, a)):
            if x.op == "mod" and x.args[1].op == "const" and x.args[1].attr > 0:
                m = x.args[1].attr
                other = y.args[0] if y.op == "mod" and y.args[1] is x.args[1] else y
                p = combine(self.integer(x.args[0]), self.integer(other), -1)
                break
        p = self.reduce(p, m)
        if m:
            p = reduced(p, m)
        best: tuple[int, int] | None = None
        for mono, c in p.items():
            unit = abs(c) == 1 or (m and gcd(c, m) == 1)
            if len(mono) == 1 and unit and sum(mono[0] in k for k in p) == 1:
                best = max(best, (mono[0], c)) if best else (mono[0], c)
        if best is None:
            return
        pivot, c = best
        inverse = pow(c, -1, m) if m else c
        rest = scaled({k: d for k, d in p.items() if k != (pivot,)}, -inverse)
        self.rules.append((pivot, reduced(rest, m) if m else rest, m))

    def reduce(self, p: Poly, m: int) -> Poly:
        """``p`` rewritten by the rules that hold modulo ``m`` (exactly, for 0)."""
        start = p
        for _ in range(len(self.rules) + 1):
            before = p
            for pivot, by, modulus in self.rules:
                if modulus == 0 or (m and modulus % m == 0):
                    p = replace(p, pivot, by)
                    if m:
                        p = reduced(p, m)
                    if len(p) > _MOST_TERMS:
                        return start
            if p == before:
                return p
        return p

    # Integers ----------------------------------------------------------------------------

    def _integer(self, e: Expr) -> Poly:
        a = [self._ints[x] for x in e.args] if e.op not in ("ite", "app") else []
        match e.op:
            case "const":
                return constant(int(e.attr))
            case "var" | "app":
                return atom(self._leaf(e, "Int"))
            case "add":
                total: Poly = a[0]
                for p in a[1:]:
                    total = combine(total, p)
                return total
            case "sub":
                return combine(a[0], a[1], -1)
            case "neg":
                return scaled(a[0], -1)
            case "mul":
                return self._product(a)
            case "div" | "mod":
                return self._division(e, a)
            case "pow":
                return self._power(e, a)
            case "wrap":
                return self._wrap(e.ty, a[0], self.ranges.of(e.args[0]))
            case "ite":
                return self._choice(e)
        return self._bit_operator(e, a)

    def _leaf(self, e: Expr, sort: str) -> int:
        interval = self.ranges.of(e) if sort == "Int" else ALL
        name = leaf_name(e, self.literal)
        if name is not None:
            key: object = ("leaf", name)
            if not self._known(key):
                index = self._atom(key, "x", interval, sort)
                self.atoms[index].text = name
                self.atoms[index].source = True
            return self._keys[key]
        terms: list[str] = []
        sorts: list[str] = []
        uses: list[int] = []
        for x in e.args:
            if x.ty == BOOL:
                index = self._flag(self._bools[x])
                terms.append(self.atoms[index].text)
                sorts.append("Bool")
                uses.append(index)
            else:
                p = self._ints[x]
                if not linear(p):
                    # A product gets a name, so that it can be abstract here as elsewhere.
                    p = self.cases(("name", freeze(p)), [(YES, p)], self.span(p))
                terms.append(poly_text(p, self.monomial_text))
                sorts.append("Int")
                uses.extend(i for mono in p for i in mono)
        name = symbol(e.attr)
        text = f"({name} {' '.join(terms)})" if terms else name
        key = ("app", text)
        if not self._known(key):
            index = self._atom(key, "f", interval, sort)
            found = self.atoms[index]
            found.text, found.uses, found.source = text, tuple(uses), True
            if terms:
                found.function = (name, (*sorts, sort))
                found.arguments = tuple(terms)
        index = self._keys[key]
        found = self.atoms[index]
        low, high = meet((found.low, found.high), interval)
        if (low, high) != (found.low, found.high):
            # Another atom in its place: forks share those that they began with.
            self.atoms[index] = replaced(found, low=low, high=high)
        return index

    def monomial_text(self, m: Monomial) -> str:
        """A product of atoms."""
        names = [self.atoms[i].text for i in m]
        return names[0] if len(names) == 1 else f"(* {' '.join(names)})"

    def _flag(self, f: Formula) -> int:
        if isinstance(f, Flag):
            return f.atom
        key = ("flag", f)
        new = not self._known(key)
        index = self._atom(key, "b", ALL, "Bool")
        if new:
            self.atoms[index].facts += [
                junction(False, [Negation(Flag(index)), f]),
                junction(False, [Flag(index), negate(f)]),
            ]
        return index

    def indicator(self, f: Formula) -> Poly:
        """1 where ``f`` holds and 0 elsewhere."""
        if isinstance(f, Truth):
            return constant(int(f.value))
        if isinstance(f, Negation):
            return combine(constant(1), self.indicator(f.part), -1)
        if isinstance(f, Compare):
            p = dict(f.poly)
            interval = self.span(p)
            if interval == (0, 1):
                return combine(constant(1), p, -1)
            if interval == (-1, 0) and f.equal:
                return combine(constant(1), p)
            opposite = negate(f)
            if ("is", opposite) in self._keys:
                return combine(constant(1), atom(self._keys["is", opposite]), -1)
        key = ("is", f)
        new = not self._known(key)
        index = self._atom(key, "i", (0, 1))
        if new:
            off = compare(atom(index), equal=True)
            on = compare(combine(atom(index), constant(-1)), equal=True)
            self.atoms[index].facts += [
                junction(False, [off, f]),
                junction(False, [on, negate(f)]),
            ]
        return atom(index)

    def cases(self, key: object, pairs: list[tuple[Formula, Poly]], interval: Interval) -> Poly:
        """An atom that equals each polynomial where its condition holds."""
        new = not self._known(key)
        index = self._atom(key, "c", interval)
        if new:
            for condition, p in pairs:
                equation = compare(combine(atom(index), p, -1), equal=True)
                self.atoms[index].facts.append(junction(False, [negate(condition), equation]))
        return atom(index)

    def _choice(self, e: Expr) -> Poly:
        c, x, y = e.args
        decided = self.ranges.decide(c)
        if decided is not None:
            return self._ints[x if decided else y]
        return self.choose(self._bools[c], self._ints[x], self._ints[y])

    def choose(self, c: Formula, p: Poly, q: Poly) -> Poly:
        """``p`` where ``c`` holds and ``q`` elsewhere."""
        if isinstance(c, Truth):
            return p if c.value else q
        difference = combine(p, q, -1)
        known = value(difference)
        if known is not None:
            return combine(q, self.indicator(c), known)
        g = content(difference)
        part = {m: d // g for m, d in difference.items()}
        low, high = self.span(part)
        interval = (
            None if low is None else min(low, 0),
            None if high is None else max(high, 0),
        )
        u = self.cases(("ite", c, freeze(part)), [(c, part), (negate(c), {})], interval)
        return combine(q, u, g)

    def _product(self, factors: list[Poly]) -> Poly:
        total = factors[0]
        for factor in factors[1:]:
            large = len(total) * len(factor) > _MOST_TERMS
            pair = (self._named(total), self._named(factor)) if large else (total, factor)
            total = product(*pair)
        return total

    def _named(self, p: Poly) -> Poly:
        if len(p) <= 1:
            return p
        return self.cases(("name", freeze(p)), [(YES, p)], self.span(p))

    # Division ----------------------------------------------------------------------------

    def halves(self) -> list[Poly]:
        """What each halving that has a quotient of its own leaves, so far."""
        return list(self._halves.values())

    def quotient(self, p: Poly, m: int, interval: Interval) -> Poly:
        """``floor(p / m)`` for a positive constant; ``interval`` bounds ``p``."""
        interval = meet(interval, self.span(p))
        low, high = floor_by(interval, m)
        if low is not None and low == high:
            return constant(low)
        if interval == (-1, 0):
            return p
        whole, rest = split(p, m)
        if value(rest) is not None:
            return whole
        if low is not None and high is not None and high - low < _NARROW and value(whole) is None:
            # A sum or difference that wraps at most once or twice: as it stands, its quotient has
            # few values; without its multiples of m it could have many.
            return self._least(p, m, (low, high))
        known = value(whole)
        bound = ALL if known is None else plus((low, high), (-known, -known))
        return combine(whole, self._least(rest, m, bound))

    def _least(self, p: Poly, m: int, bound: Interval) -> Poly:
        """``floor(p / m)`` with common factors cancelled, else as an atom within ``bound``."""
        g = m
        for mono, c in p.items():
            if mono != ONE:
                g = gcd(g, c)
        if g > 1:
            p = {k: c // g for k, c in p.items() if c // g}
            m //= g
            if m == 1:
                return p
        inner = self.span(p)
        bound = meet(bound, floor_by(inner, m))
        if bound[0] is not None and bound[0] == bound[1]:
            return constant(bound[0])
        if inner == (-1, 0):
            return p
        return atom(self._floor(p, m, bound))

    def _floor(self, p: Poly, m: int, bound: Interval) -> int:
        key = ("div", freeze(p), m)
        new = not self._known(key)
        index = self._atom(key, "q", bound)
        if new:
            rest = combine(p, atom(index), -m)
            if m == 2:
                self._halves[index] = rest
            self.atoms[index].facts += [
                compare(scaled(rest, -1), equal=False),
                compare(combine(rest, constant(1 - m)), equal=False),
            ]
        return index

    def _wrap(self, ty: object, p: Poly, interval: Interval) -> Poly:
        if not isinstance(ty, IntTy) or ty.bits is None:
            return p
        start = ty.low or 0
        m = 1 << ty.bits
        shifted = combine(p, constant(-start))
        return combine(p, self.quotient(shifted, m, plus(interval, (-start, -start))), -m)

    def _division(self, e: Expr, a: list[Poly]) -> Poly:
        p, d = a
        interval = self.ranges.of(e.args[0])
        known = value(d)
        if known is not None:
            if known == 0:
                return p if e.op == "mod" else {}
            if known < 0:
                p, known = scaled(p, -1), -known
                interval = scale(interval, -1)
                q = self.quotient(p, known, interval)
                return q if e.op == "div" else combine(a[0], q, known)
            q = self.quotient(p, known, interval)
            return q if e.op == "div" else combine(p, q, -known)
        q = self._general_quotient(e, p, d)
        return q if e.op == "div" else combine(p, product(d, q), -1)

    def _general_quotient(self, e: Expr, p: Poly, d: Poly) -> Poly:
        low, high = self.ranges.of(e.args[1])
        key = ("divide", freeze(p), freeze(d))
        new = not self._known(key)
        x = self.ranges.of(e.args[0])
        index = self._atom(key, "q", quotients(x, (low, high)))
        if new:
            rest = combine(p, product(d, atom(index)), -1)
            positive = junction(
                True,
                [
                    compare(scaled(rest, -1), equal=False),
                    compare(combine(combine(rest, d, -1), constant(1)), equal=False),
                ],
            )
            negative = junction(
                True,
                [
                    compare(rest, equal=False),
                    compare(combine(combine(d, rest, -1), constant(1)), equal=False),
                ],
            )
            zero = compare(atom(index), equal=True)
            above = compare(combine(constant(1), d, -1), equal=False)
            below = compare(combine(d, constant(1)), equal=False)
            if low is not None and low > 0:
                self.atoms[index].facts.append(positive)
            else:
                self.atoms[index].facts += [
                    junction(False, [negate(above), positive]),
                    junction(False, [negate(below), negative]),
                    junction(False, [above, below, zero]),
                ]
        return atom(index)

    def _power(self, e: Expr, a: list[Poly]) -> Poly:
        base, exponent = a
        n = value(exponent)
        if n is not None and 0 <= n <= _MOST_POWER and len(base) ** n <= _MOST_TERMS:
            total = constant(1)
            for _ in range(n):
                total = product(total, base)
            self._relate(Power(base, exponent, total, None))
            return total
        low, high = self.ranges.of(e.args[1])
        b = value(base)
        if b is not None and low is not None and high is not None and _is_listed(b, low, high):
            return self._listed_power(b, exponent, low, high)
        return self._symbolic_power(e, base, exponent)

    def _listed_power(self, b: int, exponent: Poly, low: int, high: int) -> Poly:
        """``b ** exponent`` by cases of the exponent; ``b ** (n + k)`` is ``b ** k * b ** n``."""
        known = exponent.get(ONE, 0)
        if 0 < known <= low:
            exponent = combine(exponent, constant(-known))
            return scaled(self._listed_power(b, exponent, low - known, high - known), b**known)
        values = [b**k if k >= 0 else 0 for k in range(low, high + 1)]
        pairs = [
            (self.order(combine(exponent, constant(-k)), equal=True), constant(v))
            for k, v in zip(range(low, high + 1), values, strict=True)
        ]
        return self.cases(("pow", b, freeze(exponent)), pairs, (min(values), max(values)))

    def _symbolic_power(self, e: Expr, base: Poly, exponent: Poly) -> Poly:
        key = ("power", freeze(base), freeze(exponent))
        if self._known(key):
            return atom(self._keys[key])
        self.exact = False
        index = self._atom(key, "power", self.ranges.of(e))
        facts = self.atoms[index].facts
        nonnegative = compare(scaled(exponent, -1), equal=False)
        one = compare(combine(atom(index), constant(-1)), equal=True)
        facts.append(junction(False, [negate(compare(exponent, equal=True)), one]))
        facts.append(junction(False, [nonnegative, compare(atom(index), equal=True)]))
        for other_base, other, earlier in self._powers:
            step = value(combine(exponent, other, -1))
            if other_base != base or step is None or not 0 < abs(step) <= 4:
                continue
            small, large = (earlier, index) if step > 0 else (index, earlier)
            start = other if step > 0 else exponent
            grown = atom(small)
            for _ in range(abs(step)):
                grown = product(grown, base)
            facts.append(
                junction(
                    False,
                    [
                        negate(compare(scaled(start, -1), equal=False)),
                        compare(combine(atom(large), grown, -1), equal=True),
                    ],
                )
            )
        self._powers.append((base, exponent, index))
        self._relate(Power(base, exponent, atom(index), index))
        return atom(index)

    def _relate(self, new: Power) -> None:
        """Tie a power of an unknown to those of the same base seen before."""
        if value(new.base) is not None:
            return
        same = [p for p in self._grown if p.base == new.base]
        if any(p.exponent == new.exponent for p in same) or len(same) >= _MOST_POWERS:
            return
        self._grown.append(new)
        for law in laws(new, same):
            premises = [self.order(law.difference, equal=True)]
            premises += [self.order(scaled(e, -1), equal=False) for e in law.natural]
            if NO in premises:
                continue
            fact = junction(False, [*map(negate, premises), compare(law.equation, equal=True)])
            holder = self.atoms[law.holder]
            self.atoms[law.holder] = replaced(holder, facts=[*holder.facts, fact])
            self.laws.append(law.equation)

    # Bits --------------------------------------------------------------------------------

    def mask(self, e: Expr) -> int:
        """Bits that can be one in ``e``; -1 if ``e`` can be negative or is unbounded."""
        found = self._masks.get(e)
        if found is None:
            found = self._masks[e] = self._mask(e)
        return found

    def _mask(self, e: Expr) -> int:
        low, high = self.ranges.of(e)
        if low is None or high is None or low < 0:
            return -1
        if low == high:
            return low
        top = (1 << max(high, 0).bit_length()) - 1
        return self._possible(e) & top

    def _possible(self, e: Expr) -> int:
        args = e.args
        amount: int | None = None
        if len(args) == 2 and args[1].op == "const":
            amount = args[1].attr
        scale_bits = power_of_two(amount) if amount and e.op in ("mod", "div") else None
        match e.op:
            case "band":
                return self.mask(args[0]) & self.mask(args[1])
            case "bor" | "bxor":
                return self.mask(args[0]) | self.mask(args[1])
            case "ite":
                return self.mask(args[1]) | self.mask(args[2])
            case "wrap":
                return self.mask(args[0])
            case "shl" if amount is not None and amount >= 0:
                return self.mask(args[0]) << amount
            case "shr" if amount is not None and amount >= 0:
                return self.mask(args[0]) >> amount
            case "mul" if args[0].op == "const" and len(args) == 2 and args[0].attr > 0:
                factor: int = args[0].attr
                zeros = (factor & -factor).bit_length() - 1
                return (self.mask(args[1]) if factor == 1 << zeros else -1) << zeros
            case "mod" if scale_bits is not None:
                return self.mask(args[0]) & ((1 << scale_bits) - 1)
            case "div" if scale_bits is not None:
                return self.mask(args[0]) >> scale_bits
            case "pow" if args[0].op == "const" and args[0].attr == 2:
                return -1 << max(self.ranges.of(args[1])[0] or 0, 0)
        return -1

    def _bit_operator(self, e: Expr, a: list[Poly]) -> Poly:
        ty = e.args[0].ty
        bits = ty.bits if isinstance(ty, IntTy) else None
        if bits is None or not isinstance(ty, IntTy):
            raise NotApplicableError(e.op)
        match e.op:
            case "bnot":
                return combine(constant(-1 if ty.signed else (1 << bits) - 1), a[0], -1)
            case "band":
                return self._and(e, ty, a)
            case "bor":
                return combine(combine(a[0], a[1]), self._and(e, ty, a), -1)
            case "bxor":
                return combine(combine(a[0], a[1]), self._and(e, ty, a), -2)
            case "shl" | "shr":
                return self._shift(e, ty, a)
            case "clz" | "ctz" | "popcount" | "bitrev" | "bswap":
                return self._count(e, ty, a[0])
        raise NotApplicableError(e.op)

    def _shift(self, e: Expr, ty: IntTy, a: list[Poly]) -> Poly:
        amount = value(a[1])
        if amount is not None:
            return self._shift_by(e, ty, a[0], amount)
        low, high = self.ranges.of(e.args[1])
        if low is None or high is None or high - low >= _MOST_CASES:
            raise NotApplicableError(f"{e.op} by an amount of unknown range")
        pairs = [
            (
                self.order(combine(a[1], constant(-k)), equal=True),
                self._shift_by(e, ty, a[0], k),
            )
            for k in range(low, high + 1)
        ]
        return self.cases((e.op, ty, freeze(a[0]), freeze(a[1])), pairs, self.ranges.of(e))

    def _shift_by(self, e: Expr, ty: IntTy, p: Poly, k: int) -> Poly:
        bits = ty.bits or 0
        interval = self.ranges.of(e.args[0])
        if e.op == "shl":
            if not 0 <= k < bits:
                return {}
            return self._wrap(ty, scaled(p, 1 << k), scale(interval, 1 << k))
        # Out of range, a shift to the right leaves the sign: the same as shifting by all bits.
        return self.quotient(p, 1 << (k if 0 <= k < bits else bits), interval)

    def _window(self, p: Poly, interval: Interval, start: int, end: int | None) -> Poly:
        """Bits [start, end) of ``p`` in place; all from ``start`` up for ``None``."""
        upper = scaled(self.quotient(p, 1 << start, interval), 1 << start)
        if end is None:
            return upper
        return combine(upper, self.quotient(p, 1 << end, interval), -(1 << end))

    def _and(self, e: Expr, ty: IntTy, a: list[Poly]) -> Poly:
        x, y = e.args
        left, right = self.mask(x), self.mask(y)
        if left != -1 and right != -1 and left & right == 0:
            return {}
        if x is y:
            return a[0]
        for i in (0, 1):
            known = value(a[1 - i])
            if known is None:
                continue
            return self._and_constant(e.args[i], ty, a[i], known)
        for i in (0, 1):
            found = self._and_switch(e.args[1 - i], ty, a[i], a[1 - i])
            if found is not None:
                return found
        return self._and_unknown(a, left & right if left != -1 and right != -1 else None, e)

    def _and_constant(self, x: Expr, ty: IntTy, p: Poly, c: int) -> Poly:
        switch = self._switch(p)
        if switch is not None:
            t, off, on = switch
            return combine(constant(off & c), t, (on & c) - (off & c))
        bits = ty.bits or 0
        interval = self.ranges.of(x)
        possible = self.mask(x)
        pattern = c & ((1 << bits) - 1)
        if possible != -1:
            # Bits above the highest possible one are free to be kept: fewer windows.
            if possible & ~pattern == 0:
                return p
            pattern &= (1 << possible.bit_length()) - 1
        total: Poly = {}
        runs = 0
        start = 0
        while start < bits:
            if not pattern >> start & 1:
                start += 1
                continue
            end = start
            while end < bits and pattern >> end & 1:
                end += 1
            top = ty.signed and end == bits
            total = combine(total, self._window(p, interval, start, None if top else end))
            runs += 1
            start = end
        if runs > _MOST_RUNS:
            raise NotApplicableError(f"mask {c:#x} of {runs} separate runs of bits")
        return total

    def _switch(self, p: Poly) -> tuple[Poly, int, int] | None:
        """``(t, off, on)`` if ``p`` is ``off`` or ``on`` as ``t`` is 0 or 1."""
        rest = {m: c for m, c in p.items() if m != ONE}
        if not rest:
            return None
        key, factor, offset = _primitive(p)
        t = dict(key)
        low, high = self.span(t)
        if low is None or high is None or high - low != 1:
            return None
        return combine(t, constant(-low)), factor * low + offset, factor * high + offset

    def _and_switch(self, y: Expr, ty: IntTy, p: Poly, q: Poly) -> Poly | None:
        switch = self._switch(p)
        if switch is None:
            return None
        t, off, on = switch
        lower = self._and_constant(y, ty, q, off)
        upper = self._and_constant(y, ty, q, on)
        is_on = compare(combine(t, constant(-1)), equal=True)
        return self.choose(is_on, upper, lower)

    def _and_unknown(self, a: list[Poly], overlap: int | None, e: Expr) -> Poly:
        self.exact = False
        x, y = self.ranges.of(e.args[0]), self.ranges.of(e.args[1])
        if overlap is None:
            raise NotApplicableError(f"{e.op} of two signed values")
        key = ("and", *sorted((freeze(a[0]), freeze(a[1]))))
        new = not self._known(key)
        top = [h for h in (x[1], y[1], overlap) if h is not None]
        index = self._atom(key, "a", (0, min(top)))
        if new:
            for p in a:
                self.atoms[index].facts.append(compare(combine(atom(index), p, -1), equal=False))
        return atom(index)

    def _count(self, e: Expr, ty: IntTy, p: Poly) -> Poly:
        bits = ty.bits or 0
        interval = self.ranges.of(e.args[0])
        if ty.signed:
            p = self._wrap(IntTy(bits, signed=False), p, interval)
            interval = (0, (1 << bits) - 1)
        floors = [self.quotient(p, 1 << k, interval) for k in range(bits)] + [{}]
        total: Poly = {}
        if e.op == "clz":
            # The number of powers of two above the value.
            for k in range(bits):
                below = self.order(combine(p, constant(1 - (1 << k))), equal=False)
                total = combine(total, self.indicator(below))
            return total
        if e.op == "ctz":
            for k in range(1, bits + 1):
                rest = combine(p, floors[k], -(1 << k))
                total = combine(total, self.indicator(self.order(rest, equal=True)))
            return total
        step = 8 if e.op == "bswap" else 1
        for k in range(0, bits, step):
            piece = combine(floors[k], floors[k + step], -(1 << step))
            weight = 1 if e.op == "popcount" else 1 << (bits - step - k)
            total = combine(total, piece, weight)
        if e.op in ("bitrev", "bswap") and ty.signed:
            total = self._wrap(ty, total, (0, (1 << bits) - 1))
        return total

    # What a set of formulas needs ------------------------------------------------------------

    def closure(self, formulas: list[Formula]) -> list[int]:
        """Atoms that the formulas need, with the atoms of their facts, in order of creation."""
        seen: set[int] = set()
        todo = [a for f in formulas for a in formula_atoms(f)]
        while todo:
            a = todo.pop()
            if a in seen:
                continue
            seen.add(a)
            todo += self.atoms[a].uses
            for f in self.atoms[a].facts:
                todo += formula_atoms(f)
        return sorted(seen)


def _is_listed(base: int, low: int, high: int) -> bool:
    """Are the powers of a literal with these exponents few enough, and short enough, to list?"""
    return high - low <= _MOST_CASES and base.bit_length() * high <= _WIDEST_LISTED


def _primitive(p: Poly) -> tuple[Frozen, int, int]:
    """``(key, factor, offset)`` with ``p = factor * key + offset``, the key without content."""
    rest = {m: c for m, c in p.items() if m != ONE}
    factor = content(rest)
    if factor and rest[min(rest)] < 0:
        factor = -factor
    return freeze({m: c // factor for m, c in rest.items()}), factor, p.get(ONE, 0)
