"""Which hypotheses to try a goal from, where all of them together lead the search astray.

A search tells cases of everything that is an alternative, whether the goal depends on it or not. So
alternatives are left out, and choices between values; at first only equations are kept, and what
is known of variables, or of them and their fields. What is left out cannot make a wrong proof, only
a search that fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import eq, le, lt
from typing import Final

from extract.expr import TRUE, Expr, node, subexpressions, var
from extract.lean_code import rewrite

_COMPARED: Final = {"eq": eq, "le": le, "lt": lt}
_DATA: Final = ("app", "at", "len", "shl", "shr")


def selections(known: Sequence[Expr]) -> Iterator[tuple[int, ...]]:
    """Positions of hypotheses, of which each selection is worth a try; none is all of them."""
    plain = [_bare(e) for e in known]
    shapes = {_shape(e) for e in plain}
    certain = [i for i, e in enumerate(plain) if not _is_alternative(e, shapes)]
    values = [i for i in certain if not _has(plain[i], "ite")]
    fields = [i for i in values if _is_equation(plain[i]) or not _has(plain[i], *_DATA)]
    equations = [i for i in fields if _is_equation(plain[i]) or not _has(plain[i], "get")]
    tried = {len(known)}
    for chosen in (equations, fields, values, certain):
        if len(chosen) not in tried:
            tried.add(len(chosen))
            yield tuple(chosen)


def related(known: Sequence[Expr], goal: Expr) -> tuple[int, ...]:
    """Positions of hypotheses that call no function which the goal does not call."""
    wanted = _called(goal)
    return tuple(i for i, e in enumerate(known) if _called(e) <= wanted)


def _called(e: Expr) -> set[str]:
    return {n.attr for n in subexpressions([e]) if n.op == "app"}


def _bare(e: Expr) -> Expr:
    while e.op == "not" and e.args[0].op == "not":
        e = e.args[0].args[0]
    return e


def _is_alternative(e: Expr, shapes: set[Expr]) -> bool:
    return e.op == "or" or (e.op == "implies" and not _may_hold(_bare(e.args[0]), shapes))


def _may_hold(e: Expr, shapes: set[Expr]) -> bool:
    """Does a hypothesis say so, or one that differs in the arguments of calls alone?"""
    if e is TRUE or _shape(e) in shapes:
        return True
    if e.op == "and":
        return all(_may_hold(_bare(a), shapes) for a in e.args)
    literals = e.op in _COMPARED and all(a.op == "const" for a in e.args)
    return literals and bool(_COMPARED[e.op](*(a.attr for a in e.args)))


def _shape(e: Expr) -> Expr:
    """``e`` with the names of functions for calls of them."""

    def step(n: Expr, args: tuple[Expr, ...]) -> Expr:
        if n.op == "app":
            return var(f"call of {n.attr}", n.ty)
        return n if args == n.args else node(n.op, args, n.ty, n.attr)

    return rewrite(e, step)


def _is_equation(e: Expr) -> bool:
    return e.op != "not" and _has(e, "eq") and not any(map(_varies, subexpressions([e])))


def _varies(e: Expr) -> bool:
    """Is it a shift by an amount that is no literal?"""
    return e.op in ("shl", "shr") and e.args[1].op != "const"


def _has(e: Expr, *ops: str) -> bool:
    return any(n.op in ops for n in subexpressions([e]))
