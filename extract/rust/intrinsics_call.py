"""Calls of closures and function values, and the building of messages."""

from __future__ import annotations

from extract.expr import get
from extract.rust.intrinsics_site import Site
from extract.rust.lower_call import call_callable
from extract.rust.lower_construct import abstract_call
from extract.rust.lower_context import Value
from extract.rust.mir import TupleTy
from extract.rust.place import Parts
from extract.rust.unsupported import Unsupported


def call(site: Site) -> None:
    """``Fn::call`` and the like: the arguments come as one tuple. Raises `Unsupported`."""
    packed = site.args[1]
    if not isinstance(packed.ty, TupleTy):
        raise Unsupported("a call with arguments that are not known one by one", site.emit.span)
    spread = []
    for i, ty in enumerate(packed.ty.items):
        lowered = site.layout.lower(ty)
        held = packed.borrow.get(0, i) if isinstance(packed.borrow, Parts) else None
        spread.append(Value(get(packed.expr, 0, i, lowered), ty, held))
    call_callable(site.emit, site.args[0], spread, site.then)


def message(site: Site) -> Value:
    """Building a message: it returns some opaque value, of which nothing is known."""
    ty = site.result_ty()
    return abstract_call(site.emit, f"message {site.item.key}", (), ty, deterministic=False)
