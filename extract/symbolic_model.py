"""Values under which hypotheses hold that solvers would have to search for.

Where the hypotheses are the contracts of field operations, each result follows from its operands by
one congruence. Solvers see a system of products modulo a prime, and do not find a solution. Here
operands are chosen at random and results computed, one unknown at a time. Recursive definitions are
evaluated, however deep. Whatever was computed, the values count only if every hypothesis is true of
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import gcd
from random import Random
from typing import Final

from extract.expr import TRUE, Expr, IntTy, and_, const, subexpressions
from extract.smt_goal import substitute
from extract.smt_range import Ranges

Compute = Callable[[tuple[int | bool, ...]], int | bool | None]
"""A definition at literal arguments; ``None`` where it takes too long."""

_TRIES: Final = 4
_LEAVES: Final = ("var", "app")
_WIDE: Final = 1 << 62
_MOST: Final = 100  # unknowns: the work grows with their cube
_MANY: Final = 3
"""Products modulo a number; solvers find values for fewer."""


def is_hard(hypotheses: Sequence[Expr]) -> bool:
    """Are there so many congruences of products that solvers may not find a solution?"""
    products = 0
    for h in hypotheses:
        if h.op == "eq" and modulus(h):
            nodes = subexpressions([h])
            products += any(
                n.op == "mul" and sum(a.op != "const" for a in n.args) > 1 for n in nodes
            )
    return products >= _MANY


def model(
    hypotheses: Sequence[Expr], defined: Mapping[str, Compute] | None = None
) -> dict[Expr, Expr] | None:
    """A literal for each variable and application, under which all hypotheses hold.

    Functions in ``defined`` have the values that they compute, all others any. ``None`` says
    nothing.
    """
    rng = Random(0)  # noqa: S311 (a reproducible search, not a secret)
    search = _Search(hypotheses, defined or {})
    if len(search.leaves) > _MOST:
        return None
    for _ in range(_TRIES):
        found = search.assign(rng)
        if found is not None and search.holds(hypotheses, found):
            return found
    return None


@dataclass(frozen=True, slots=True)
class _Equation:
    """An equation of integers that holds if ``guard`` does, and the unknowns in both."""

    guard: Expr
    equation: Expr
    leaves: frozenset[Expr]


def _equations(hypothesis: Expr, guard: Expr = TRUE) -> Iterator[_Equation]:
    if hypothesis.op == "and":
        for part in hypothesis.args:
            yield from _equations(part, guard)
    elif hypothesis.op == "or":
        # One way to make it true; whether it is one is seen in the end.
        yield from _equations(hypothesis.args[0], guard)
    elif hypothesis.op == "implies":
        yield from _equations(hypothesis.args[1], and_(guard, hypothesis.args[0]))
    elif hypothesis.op == "eq" and isinstance(hypothesis.args[0].ty, IntTy):
        yield _Equation(guard, hypothesis, frozenset(_leaves([guard, hypothesis])))


def _leaves(formulas: Sequence[Expr]) -> list[Expr]:
    return [n for n in subexpressions(list(formulas)) if n.op in _LEAVES]


class _Search:
    """Unknowns of the hypotheses, and the equations that determine some of them."""

    def __init__(self, hypotheses: Sequence[Expr], defined: Mapping[str, Compute]) -> None:
        self.leaves = _leaves(hypotheses)
        self.ranges = Ranges(hypotheses)
        self.defined = defined
        self.equations = [e for h in hypotheses for e in _equations(h)]
        self.heads = {
            head for e in self.equations for side in e.equation.args for head in _head(side)
        }

    def assign(self, rng: Random) -> dict[Expr, Expr] | None:
        """Values of all unknowns, if each is free, defined, or follows from one equation."""
        known: dict[Expr, Expr] = {}
        while len(known) < len(self.leaves):
            found = (
                self._define(known)
                or self._same(known)
                or self._follow(known)
                or self._choose(known, rng)
            )
            if found is None:
                return None
            leaf, value = found
            known[leaf] = const(value, leaf.ty)
        return known

    def holds(self, hypotheses: Sequence[Expr], values: dict[Expr, Expr]) -> bool:
        """Is every hypothesis true, every value of its type, and every function one?"""
        applied: dict[tuple[str, tuple[Expr, ...]], Expr] = {}
        for leaf, value in values.items():
            if isinstance(leaf.ty, IntTy) and not leaf.ty.contains(value.attr):
                return False
            if self._is_defined(leaf):
                right = self._value(leaf, values) == value.attr
            else:
                right = applied.setdefault(_application(leaf, values), value) == value
            if not right:
                return False
        return all(substitute(h, values) is TRUE for h in hypotheses)

    def _is_defined(self, leaf: Expr) -> bool:
        # A variable may bear the name of a function.
        return leaf.attr in self.defined and (leaf.op == "app" or leaf.attr.endswith("()"))

    def _value(self, leaf: Expr, known: dict[Expr, Expr]) -> int | bool | None:
        """What a defined function gives, if its arguments are known."""
        args = [substitute(a, known) for a in leaf.args]
        if any(a.op != "const" for a in args):
            return None
        return self.defined[leaf.attr](tuple(a.attr for a in args))

    def _define(self, known: dict[Expr, Expr]) -> tuple[Expr, int] | None:
        """An application of a definition whose arguments are known."""
        for leaf in self.leaves:
            if leaf not in known and self._is_defined(leaf):
                value = self._value(leaf, known)
                if value is not None:
                    return leaf, value
        return None

    def _same(self, known: dict[Expr, Expr]) -> tuple[Expr, int] | None:
        """An unknown that is the same function at the same values as what is known."""
        applied = {_application(n, known): v for n, v in known.items() if n.op == "app"}
        for leaf in self.leaves:
            if leaf.op == "app" and leaf not in known and not self._is_defined(leaf):
                value = applied.get(_application(leaf, known))
                if value is not None:
                    return leaf, value.attr
        return None

    def _follow(self, known: dict[Expr, Expr]) -> tuple[Expr, int] | None:
        """An unknown computed from an equation in which it is the only one."""
        for e in self.equations:
            unknown = [n for n in e.leaves if n not in known]
            if len(unknown) != 1 or self._is_defined(unknown[0]):
                continue
            if substitute(e.guard, known) is TRUE:
                value = _solve(e.equation, unknown[0], known)
                if value is not None:
                    return unknown[0], value
        return None

    def _choose(self, known: dict[Expr, Expr], rng: Random) -> tuple[Expr, int] | None:
        """Any value for an unknown whose arguments have theirs, best one that is no result."""
        ready = [
            n
            for n in self.leaves
            if n not in known
            and not self._is_defined(n)
            and all(a in known for a in subexpressions(list(n.args)) if a.op in _LEAVES)
        ]
        leaf = next((n for n in ready if n not in self.heads), ready[0] if ready else None)
        if leaf is None:
            return None
        if not isinstance(leaf.ty, IntTy):
            return leaf, bool(rng.getrandbits(1))
        low, high = self.ranges.of(leaf)
        low = low if low is not None else 0 if high is None else high - _WIDE
        high = high if high is not None else low + _WIDE
        return (leaf, rng.randint(low, high)) if low <= high else None


def _application(leaf: Expr, values: dict[Expr, Expr]) -> tuple[str, tuple[Expr, ...]]:
    """The function and the values of its arguments, as far as they are known."""
    args = (substitute(a, values) for a in leaf.args)
    return leaf.attr, tuple(const(a.attr) if a.op == "const" else a for a in args)


def modulus(equation: Expr) -> int:
    """The literal modulus of an equation of remainders, or 0 if it is an exact equation."""
    for side in equation.args:
        if side.op == "mod" and side.args[1].op == "const" and side.args[1].attr > 0:
            return int(side.args[1].attr)
    return 0


def _head(side: Expr) -> tuple[Expr, ...]:
    """The unknown that this side of an equation is, but for a literal factor and a remainder."""
    bare = side.args[0] if side.op == "mod" and side.args[1].op == "const" else side
    factors = bare.args if bare.op == "mul" else (bare,)
    unknown = tuple(f for f in factors if f.op != "const")
    return unknown if len(unknown) == 1 and unknown[0].op in _LEAVES else ()


def _solve(equation: Expr, leaf: Expr, known: dict[Expr, Expr]) -> int | None:
    """The least value of ``leaf`` that may satisfy the equation, if that is linear in it."""
    m = modulus(equation)
    differences = []
    for trial in range(3):
        table = {**known, leaf: const(trial, leaf.ty)}
        sides = [substitute(side, table) for side in equation.args]
        if any(side.op != "const" for side in sides):
            return None
        differences.append(int(sides[0].attr) - int(sides[1].attr))
    return linear_root(differences, m)


def linear_root(values: Sequence[int], m: int) -> int | None:
    """The least natural number at which what has these values at 0, 1 and 2 is 0 modulo ``m``.

    Exactly 0 for ``m = 0``. ``None`` if it is not linear, or has no such number or many.
    """
    start, slope = values[0], values[1] - values[0]
    bent = values[2] - values[1] - slope
    if (bent % m if m else bent) or slope == 0:
        return None
    if m:
        return -start * pow(slope, -1, m) % m if gcd(slope, m) == 1 else None
    return -start // slope
