"""Functions that a claim takes as arbitrary: parameters of the definitions that call them.

Such a function is pure and returns for all arguments. If it has a contract, a call that breaks what
the contract requires is undefined behaviour, so that a proof shows that there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from extract.expr import Expr, Type, and_, node, not_, subexpressions
from extract.lean_code import Bind, Code, Done, If, Let, Stop, Tail, following, substitute
from extract.lean_types import LeanError


@dataclass(frozen=True, slots=True)
class Given:
    """A function known by what it requires and ensures, over ``params`` and ``result``."""

    name: str
    params: tuple[tuple[str, Type], ...]
    result: Type
    requires: tuple[Expr, ...] = ()
    ensures: tuple[Expr, ...] = ()


def applied(code: Code, given: Mapping[str, Given], lean_name: Callable[[str], str]) -> Code:
    """``code`` with calls of given functions as values. Raises `LeanError`."""
    rest = tuple(applied(c, given, lean_name) for c in following(code))
    match code:
        case Let():
            return replace(code, rest=rest[0])
        case If():
            return If(code.condition, *rest)
        case Bind(callee, args, name, ty, _) if callee in given:
            value = node("app", args, ty, callee)
            return _checked(given[callee], args, lean_name, Let(name, value, ty, rest[0], True))
        case Bind():
            return replace(code, rest=rest[0])
        case Tail(callee, args) if callee in given:
            value = node("app", args, given[callee].result, callee)
            return _checked(given[callee], args, lean_name, Done(value))
        case _:
            return code


def _checked(f: Given, args: tuple[Expr, ...], lean_name: Callable[[str], str], code: Code) -> Code:
    if not f.requires:
        return code
    values = {n: a for (n, _), a in zip(f.params, args, strict=True)}
    holds = and_(*(substitute(c, values) for c in f.requires))
    name = lean_name(f.name)
    if any(e.op in ("forall", "exists") for e in subexpressions([holds])):
        raise LeanError(f"what {name} requires speaks of all elements of a sequence")
    stop = Stop(f"the call of {name} breaks what it requires", undefined=True)
    return If(not_(holds), stop, code)
