"""One call of a std item, as its handler sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from extract.expr import Expr, ite, make
from extract.rust.items import StdItem
from extract.rust.layout import UNIT, Layout
from extract.rust.lower_call import dispatch, result_ty
from extract.rust.lower_construct import construct
from extract.rust.lower_context import Continuation, Emit, Value, coerce
from extract.rust.lower_place import pointee
from extract.rust.mir import PathTy, RefTy, RustTy, TupleTy
from extract.rust.place import Borrow, Target, parts
from extract.rust.unsupported import Unsupported

if TYPE_CHECKING:
    from extract.rust.lift import Lifter


@dataclass(slots=True)
class Site:
    """One call of a std item."""

    emit: Emit
    item: StdItem
    args: list[Value]
    then: Continuation

    @property
    def method(self) -> str:
        """Last segment of the item's key."""
        return self.item.key.rsplit("::", 1)[-1]

    @property
    def lifter(self) -> Lifter:
        """What lifts the function that this call is in."""
        return self.emit.lifter

    @property
    def layout(self) -> Layout:
        """How Rust types are represented."""
        return self.emit.layout

    def result_ty(self) -> RustTy:
        """What the destination declares."""
        return result_ty(self.emit, self.then)

    def value(self, expr: Expr, ty: RustTy | None = None, borrow: Borrow | None = None) -> Value:
        """A result of type ``ty`` (default: what the destination declares)."""
        made = ty if ty is not None else self.result_ty()
        return Value(coerce(expr, self.layout.lower(made)), made, borrow)

    def unit(self) -> Value:
        """``()``."""
        return self.value(UNIT, TupleTy())

    def plain(self, i: int) -> Value:
        """Argument ``i`` with every reference followed."""
        return self.bare(self.args[i])

    def bare(self, v: Value) -> Value:
        """``v`` with every reference followed."""
        while isinstance(v.ty, RefTy):
            v = pointee(self.emit, v)
        return v

    def once(self, i: int) -> Value:
        """Argument ``i`` behind one reference."""
        return pointee(self.emit, self.args[i])

    def place(self, i: int) -> Target:
        """Where the mutable reference in argument ``i`` points (through references to it).

        Raises `Unsupported` if that is not known.
        """
        v = self.args[i]
        while isinstance(v.ty, RefTy) and isinstance(v.ty.inner, RefTy) and v.ty.inner.mutable:
            v = pointee(self.emit, v)
        return _target(v)

    def direct(self, i: int) -> Target:
        """Where argument ``i``, a mutable reference, points: one step, whatever is there.

        Raises `Unsupported` if that is not known.
        """
        return _target(self.args[i])

    def again(self, item: object, args: list[Value]) -> None:
        """Continue as a call of another item."""
        dispatch(self.emit, item, args, self.then)

    def option(
        self, condition: Expr, payload: Expr, ty: RustTy, borrow: Borrow | None = None
    ) -> Value:
        """``Some(payload)`` if ``condition``, else ``None``."""
        made = PathTy("std::option::Option", (ty,))
        lowered = self.layout.lower(made)
        inner = coerce(payload, self.layout.lower(ty))
        expr = ite(condition, make(lowered, 1, (inner,)), make(lowered, 0, ()))
        held = parts({(1, 0): borrow}) if borrow is not None else None
        return self.value(expr, made, held)

    def tuple_of(self, *items: Value) -> Value:
        """A tuple of values."""
        return construct(self.emit, TupleTy(tuple(v.ty for v in items)), 0, list(items))


Handler: TypeAlias = Callable[[Site], Value | None]


def _target(v: Value) -> Target:
    if not isinstance(v.borrow, Target):
        raise Unsupported("a mutable reference whose target is not known while lifting")
    return v.borrow
