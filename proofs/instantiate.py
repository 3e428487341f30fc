"""Values for variables, in expressions as the Lean form has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from extract.expr import BOOL, INT, Expr, IntTy, const, is_int, node, var
from extract.lean_code import rewrite, unwrapped
from extract.mutate import rebuild

NAMES: Final = frozenset(("var", "get", "at", "app"))
"""Operators whose values have the ranges of their machine types by hypothesis."""
_FOLDED: Final = frozenset(("eq", "lt", "le", "not", "and", "or", "ite", "add", "sub"))
_PLAIN: Final = NAMES | {"const", "add", "sub", "mul", "neg", "div", "mod"}
_TYPED: Final = NAMES | {"const"}
_COUNTS: Final = frozenset(("clz", "ctz", "popcount", "bitrev", "bswap"))


def instantiate(e: Expr, env: Mapping[str, Expr]) -> Expr:
    """``e`` with values for variables, changed no further than Lean's unfolding sees through."""

    def step(n: Expr, args: tuple[Expr, ...]) -> Expr:
        if n.op == "var":
            return env.get(n.attr, n)
        made = args[0] if args else n
        if made.op == "make" and n.op == "get" and made.attr == n.attr[0]:
            part: Expr = made.args[n.attr[1]]
            return part
        return n if args == n.args else node(n.op, args, n.ty, n.attr)

    return rewrite(e, step)


def folded(e: Expr) -> Expr:
    """``e`` with comparisons, choices and sums of literals worked out, as Lean's unfolding does."""

    def step(n: Expr, args: tuple[Expr, ...]) -> Expr:
        if n.op == "is" and args[0].op == "make":
            return const(args[0].attr == n.attr)
        if n.op in _FOLDED:
            return rebuild(n, args)
        return n if args == n.args else node(n.op, args, n.ty, n.attr)

    return rewrite(e, step)


def apart(e: Expr, fresh: Callable[[str], str]) -> Expr:
    """``e`` where each quantifier has a variable of its own."""

    def step(n: Expr, args: tuple[Expr, ...]) -> Expr:
        if n.op in ("forall", "exists"):
            low, high, body = args
            name = fresh(n.attr)
            return node(n.op, (low, high, instantiate(body, {n.attr: var(name, INT)})), BOOL, name)
        return n if args == n.args else node(n.op, args, n.ty, n.attr)

    return rewrite(e, step)


def visible(e: Expr) -> Expr:
    """``e`` as Lean has it: without conversions that are not written, ranges as two bounds."""

    def step(n: Expr, args: tuple[Expr, ...]) -> Expr:
        if n.op == "wrap" and unwrapped(n) is not n:
            return args[0]
        if n.op in _COUNTS and args[0].op in _TYPED:
            # Here the width is that of the operand's type.
            args = (node(args[0].op, args[0].args, n.args[0].ty, args[0].attr),)
        # What a type says of a variable is a hypothesis of its own, or follows from an equation.
        ty = INT if n.op in _PLAIN and is_int(n.ty) else n.ty
        made = n if args == n.args and ty is n.ty else node(n.op, args, ty, n.attr)
        if made.op == "range":
            ty = made.attr
            assert isinstance(ty, IntTy)  # noqa: S101 - as made by `in_range_of`
            assert ty.low is not None and ty.high is not None  # noqa: S101, PT018 - a machine type
            low = node("le", (const(ty.low), args[0]), BOOL)
            return node("and", (low, node("lt", (args[0], const(ty.high + 1)), BOOL)), BOOL)
        return made

    return rewrite(e, step)


@lru_cache(maxsize=20_000)
def seen(e: Expr) -> Expr:
    """`visible`, kept: by it expressions are compared that Lean has as the same text."""
    return visible(e)
