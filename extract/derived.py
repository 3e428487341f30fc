"""Conditions that the compiler derives from an operation, to check that it cannot fail.

Nobody wrote them: `x - 1` in the source is a difference and, in the lifted code, a truth value that
says whether it is out of range.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from extract.expr import Expr, subexpressions
from extract.program import Assign, Branch, Call, Check, Function

COMPILERS: Final = frozenset({"overflow", "bounds", "division", "shift"})
"""Kinds of such checks."""

_VALUE: Final = (0, 0)  # fields of the pair of a result and whether it is out of range
_FLAG: Final = (0, 1)

Part: TypeAlias = tuple[int, ...]


def derived_parts(function: Function) -> Mapping[str, Part]:
    """The locals that hold such a condition, and where in what is assigned to them.

    That is ``()``, all of it, or ``(1,)``, the second of a pair. What anything but such a check
    reads does not count.
    """
    found: dict[str, Part] = {}
    for block in function.blocks.values():
        for s in block.statements:
            if isinstance(s, Check) and s.kind in COMPILERS:
                place = _condition(s.condition)
                if place is not None:
                    found[place[0]] = place[1]
    read = set(_read(function))
    return {name: part for name, part in found.items() if (name, part) not in read}


def _condition(e: Expr) -> tuple[str, Part] | None:
    if e.op == "not":
        e = e.args[0]
    if e.op == "get" and e.attr == _FLAG and e.args[0].op == "var":
        return e.args[0].attr, (1,)
    return (e.attr, ()) if e.op == "var" else None


def _read(function: Function) -> Iterator[tuple[str, Part]]:
    """What is read elsewhere; a local of which anything but a pair's result is read, as both."""
    yield from ((name, part) for name in function.outputs for part in ((), (1,)))
    for root in _elsewhere(function):
        if root.op == "var":
            yield root.attr, ()
            yield root.attr, (1,)
        for e in subexpressions([root]):
            for a in e.args:
                if a.op == "var":
                    yield a.attr, ()
                    if e.op != "get" or e.attr != _VALUE:
                        yield a.attr, (1,)


def _elsewhere(function: Function) -> Iterator[Expr]:
    for block in function.blocks.values():
        for s in block.statements:
            match s:
                case Assign(_, value):
                    yield value
                case Call(args=args):
                    yield from args
                case Check(condition, kind) if (
                    kind not in COMPILERS or _condition(condition) is None
                ):
                    yield condition
        match block.terminator:
            case Branch(condition):
                yield condition
