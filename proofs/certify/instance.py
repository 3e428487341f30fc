"""What a lemma is, and the expressions that its instances are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

from extract.expr import BOOL, INT, Expr, const, node

Args: TypeAlias = tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Lemma:
    """A lemma: its statement in Lean, and ``says(about, args)``, the instance as an expression.

    ``about`` is the expression whose meaning the instance tells.
    """

    name: str
    statement: str
    says: Callable[[Expr, Args], Expr]


def number(n: int) -> Expr:
    """A literal of the unbounded integers."""
    return const(n)


def raw(op: str, *args: Expr) -> Expr:
    """An unbounded integer, as it stands: nothing is simplified."""
    return node(op, args, INT)


def holds(op: str, *args: Expr) -> Expr:
    """A truth value, as it stands."""
    return node(op, args, BOOL)


def quotient(a: Expr, d: int) -> Expr:
    """``a / d``."""
    return raw("div", a, number(d))


def implies(*parts: Expr) -> Expr:
    """The last of these, if the others hold."""
    return reduce(lambda right, left: holds("implies", left, right), reversed(parts))


def nat(e: Expr) -> int:
    """The value of a literal."""
    return int(e.attr)
