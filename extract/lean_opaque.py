"""Values of opaque types, of which a program only asks whether two are the same, as integers.

Whatever the values are, they can be numbered, so what holds of all integers holds of them: the Lean
form has `Int` for every opaque type, and nothing is known of the range.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, Final, TypeVar

from extract.expr import INT, ArrayTy, Expr, OpaqueTy, SeqTy, Type, node
from extract.lean_code import rewrite
from extract.program import Function, Program
from verify.core.span import Span

_LEAVES: Final = (str, int, Span, type(None))
T = TypeVar("T")


def opaque_types(program: Program) -> tuple[str, ...]:
    """Names of the opaque types of which the program has values, or parts of values."""
    found: set[str] = set()
    for f in program.functions.values():
        types = [f.result, *(p.ty for p in f.params)]
        types += f.locals.values() if isinstance(f, Function) else []
        for ty in types:
            found |= _within(ty)
    for d in program.datatypes.values():
        for v in d.variants:
            for _, ty in v.fields:
                found |= _within(ty)
    return tuple(sorted(found))


def note(name: str) -> str:
    """What a Lean text tells its reader of an opaque type."""
    return f"-- Values of the opaque type {name} are integers here: they stand for any values."


def _within(ty: Type) -> set[str]:
    if isinstance(ty, ArrayTy | SeqTy):
        return _within(ty.elem)
    return {ty.name} if isinstance(ty, OpaqueTy) else set()


def numbered(value: T) -> T:
    """A program, contract, function or clause with integers for values of opaque types."""
    return _Numbering().of(value)  # type: ignore[no-any-return]


class _Numbering:
    def __init__(self) -> None:
        self._known: dict[Expr, Expr] = {}

    def of(self, value: Any) -> Any:
        match value:
            case Expr():
                return self._expr(value)
            case OpaqueTy():
                return INT
            case dict():
                return {k: self.of(v) for k, v in value.items()}
            case list() | tuple():
                return type(value)(self.of(v) for v in value)
            case _ if isinstance(value, _LEAVES):
                return value
            case _ if is_dataclass(value) and not isinstance(value, type):
                parts = {f.name: getattr(value, f.name) for f in fields(value) if f.init}
                made = {n: self.of(v) for n, v in parts.items()}
                changed = {n: v for n, v in made.items() if v is not parts[n]}
                return replace(value, **changed) if changed else value
        raise TypeError(f"{type(value).__name__} in a program")

    def _expr(self, root: Expr) -> Expr:
        def step(e: Expr, args: tuple[Expr, ...]) -> Expr:
            return node(e.op, args, self.of(e.ty), e.attr)

        return rewrite(root, step)
