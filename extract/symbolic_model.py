"""Values under which hypotheses hold that solvers would have to search for.

Where the hypotheses are the contracts of field operations, each result follows from its operands by
one congruence. Solvers see a system of products modulo a prime, and do not find a solution. Here
operands are chosen at random and results computed, one unknown at a time. Whatever was computed,
the values count only if every hypothesis is true of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from random import Random
from typing import Final

from extract.expr import TRUE, Expr, IntTy, const, subexpressions
from extract.smt_goal import substitute
from extract.smt_range import Ranges

_TRIES: Final = 4
_LEAVES: Final = ("var", "app")
_WIDE: Final = 1 << 62
_MOST: Final = 100  # unknowns: the work grows with their cube
_MANY: Final = 8
"""Products modulo a number; solvers find values for fewer."""


def is_hard(hypotheses: Sequence[Expr]) -> bool:
    """Are there so many congruences of products that solvers may not find a solution?"""
    products = 0
    for h in hypotheses:
        if h.op == "eq" and _modulus(h):
            nodes = subexpressions([h])
            products += any(
                n.op == "mul" and sum(a.op != "const" for a in n.args) > 1 for n in nodes
            )
    return products >= _MANY


def model(hypotheses: Sequence[Expr]) -> dict[Expr, Expr] | None:
    """A literal for each variable and application, under which all hypotheses hold.

    ``None`` says nothing.
    """
    rng = Random(0)  # noqa: S311 (a reproducible search, not a secret)
    search = _Search(hypotheses)
    if len(search.leaves) > _MOST:
        return None
    for _ in range(_TRIES):
        found = search.assign(rng)
        if found is not None and _holds(hypotheses, found):
            return found
    return None


class _Search:
    """Unknowns of the hypotheses, and the equations that determine some of them."""

    def __init__(self, hypotheses: Sequence[Expr]) -> None:
        nodes = [n for n in subexpressions(list(hypotheses)) if n.op in _LEAVES]
        self.leaves = nodes
        self.ranges = Ranges(hypotheses)
        self.equations = {
            h: frozenset(n for n in subexpressions([h]) if n.op in _LEAVES)
            for h in hypotheses
            if h.op == "eq" and isinstance(h.args[0].ty, IntTy)
        }
        self.heads = {head for e in self.equations for side in e.args for head in _head(side)}

    def assign(self, rng: Random) -> dict[Expr, Expr] | None:
        """Values of all unknowns, if each is free or follows from one equation."""
        known: dict[Expr, Expr] = {}
        while len(known) < len(self.leaves):
            found = self._same(known) or self._follow(known) or self._choose(known, rng)
            if found is None:
                return None
            leaf, value = found
            known[leaf] = const(value, leaf.ty)
        return known

    def _same(self, known: dict[Expr, Expr]) -> tuple[Expr, int] | None:
        """An unknown that is the same function at the same values as what is known."""
        applied = {_application(n, known): v for n, v in known.items() if n.op == "app"}
        for leaf in self.leaves:
            if leaf.op == "app" and leaf not in known:
                value = applied.get(_application(leaf, known))
                if value is not None:
                    return leaf, value.attr
        return None

    def _follow(self, known: dict[Expr, Expr]) -> tuple[Expr, int] | None:
        """An unknown computed from an equation in which it is the only one."""
        for equation, leaves in self.equations.items():
            unknown = [n for n in leaves if n not in known]
            if len(unknown) == 1:
                value = _solve(equation, unknown[0], known)
                if value is not None:
                    return unknown[0], value
        return None

    def _choose(self, known: dict[Expr, Expr], rng: Random) -> tuple[Expr, int] | None:
        """Any value for an unknown whose arguments have theirs, best one that is no result."""
        ready = [
            n
            for n in self.leaves
            if n not in known
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


def _modulus(equation: Expr) -> int:
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
    m = _modulus(equation)
    differences = []
    for trial in range(3):
        table = {**known, leaf: const(trial, leaf.ty)}
        sides = [substitute(side, table) for side in equation.args]
        if any(side.op != "const" for side in sides):
            return None
        differences.append(int(sides[0].attr) - int(sides[1].attr))
    start, slope = differences[0], differences[1] - differences[0]
    bent = differences[2] - differences[1] - slope
    if (bent % m if m else bent) or slope == 0:
        return None
    if m:
        return -start * pow(slope, -1, m) % m if gcd(slope, m) == 1 else None
    return -start // slope


def _holds(hypotheses: Sequence[Expr], values: dict[Expr, Expr]) -> bool:
    """Is every hypothesis true, every value of its type, and every function one?"""
    applied: dict[tuple[str, tuple[Expr, ...]], Expr] = {}
    for leaf, value in values.items():
        if isinstance(leaf.ty, IntTy) and not leaf.ty.contains(value.attr):
            return False
        if leaf.op == "app" and applied.setdefault(_application(leaf, values), value) != value:
            return False
    return all(substitute(h, values) is TRUE for h in hypotheses)
