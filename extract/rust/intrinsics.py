"""Std items that are part of the lifter: which they are, and which handler each has.

Everything else of std that is supported is a Rust model (`extract/rust/models`). A handler takes
the call and returns its value, or None if it has continued the block itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from extract.rust import (
    intrinsics_compare,
    intrinsics_convert,
    intrinsics_iterator,
    intrinsics_memory,
    intrinsics_sequence,
)
from extract.rust.intrinsics_call import call, message
from extract.rust.intrinsics_integer import integer
from extract.rust.intrinsics_operator import ASSIGN, OPERATORS, operator, operator_assign
from extract.rust.intrinsics_site import Handler, Site
from extract.rust.items import StdItem
from extract.rust.lower_call import finish
from extract.rust.lower_context import Continuation, Emit, Value
from extract.rust.mir import ClosureTy, FnTy, PathTy, RefTy, RustTy
from extract.rust.type_facts import INTEGERS, PRIMITIVES, is_param
from extract.rust.type_text import show
from extract.rust.unsupported import Unsupported

_CALLS = ("Fn", "FnMut", "FnOnce")
_ITEMS: Mapping[str, Handler] = {
    **intrinsics_memory.ITEMS,
    **intrinsics_sequence.ITEMS,
    **intrinsics_iterator.ITEMS,
    **intrinsics_compare.ITEMS,
}
_TRAITS: Mapping[str, Handler] = {
    **intrinsics_memory.TRAITS,
    **intrinsics_sequence.TRAITS,
    **intrinsics_iterator.TRAITS,
    **intrinsics_compare.TRAITS,
    **intrinsics_convert.TRAITS,
}

Structural = Callable[[RustTy], bool]


class Intrinsics:
    """The table of handlers.

    ``clones`` and ``compares`` say of which types ``Clone`` and ``PartialEq`` mean what all parts
    mean.
    """

    def __init__(self, clones: Structural, compares: Structural) -> None:
        self._structural = {"Clone": clones, "PartialEq": compares}

    def call(self, emit: Emit, item: StdItem, args: list[Value], then: Continuation) -> None:
        """Emit a call of a std item. Raises `Unsupported` if it has neither handler nor model."""
        handler = _handler(item)
        if handler is None:
            shown = item.key.replace("std::num::", "integer method ")
            of = f" of `{show(item.self_ty)}`" if item.self_ty is not None else ""
            raise Unsupported(f"std function `{shown}`{of}", emit.span)
        value = handler(Site(emit, item, args, then))
        if value is not None:
            finish(emit, value, then)

    def built_in(self, key: str, self_ty: RustTy | None) -> bool:
        """Is this item part of the lifter even where a model exists?"""
        if key in _ITEMS:
            return True
        bare = _bare(self_ty)
        if bare is None or "::" not in key:
            return False
        trait, method = key.split("::")[-2:]
        if trait in _CALLS:
            return isinstance(bare, ClosureTy | FnTy)
        if trait in ("Deref", "DerefMut"):
            return isinstance(bare, PathTy) and bare.path.startswith("std::")
        if not _is_primitive(bare):
            structural = self._structural.get(trait)
            return structural is not None and not is_param(bare) and structural(bare)
        return trait in OPERATORS or trait in ASSIGN or f"{trait}::{method}" in _TRAITS


def _handler(item: StdItem) -> Handler | None:
    key, self_ty = item.key, item.self_ty
    if key.startswith("std::fmt::"):
        return message
    if key.startswith("std::num::") and isinstance(self_ty, PathTy) and self_ty.path in INTEGERS:
        return integer
    bare = _bare(self_ty)
    group, method = key.rsplit("::", 1)
    trait = group.rsplit("::", 1)[-1]
    if trait in OPERATORS and _is_primitive(bare):
        return operator
    if trait in ASSIGN and _is_primitive(bare):
        return operator_assign
    if trait in _CALLS:
        return call
    named = f"{trait}::{method}"
    return _ITEMS.get(key) or _TRAITS.get(named) or intrinsics_iterator.METHODS.get(named)


def _bare(ty: RustTy | None) -> RustTy | None:
    while isinstance(ty, RefTy):
        ty = ty.inner
    return ty


def _is_primitive(ty: RustTy | None) -> bool:
    return isinstance(ty, PathTy) and ty.path in PRIMITIVES and ty.path != "str"
