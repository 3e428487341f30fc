"""Copies, default values and conversions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from extract.expr import (
    BOOL,
    FALSE,
    TRUE,
    ArrayTy,
    DataTy,
    Expr,
    IntTy,
    SeqTy,
    array,
    const,
    eq,
    in_range,
    ite,
    length,
    make,
    slice_,
    wrap,
)
from extract.rust.intrinsics_site import Handler, Site
from extract.rust.lower_call import plain_value
from extract.rust.lower_construct import abstract_call, zero_sized
from extract.rust.lower_context import Value
from extract.rust.mir import Callee, ConstTy, PathTy, RustArrayTy, RustTy, Segment, TupleTy
from extract.rust.type_facts import sequence_element
from extract.rust.type_text import show
from extract.rust.unsupported import Unsupported
from extract.rust.world import Instance


def _clone(site: Site) -> Value:
    made = site.once(0)
    if not site.lifter.types.clones_structurally(made.ty):
        raise Unsupported(f"cloning `{show(made.ty)}`", site.emit.span)
    return made


def _default(site: Site) -> Value:
    ty = site.item.self_ty
    if ty is None:
        raise TypeError("ty")
    return site.value(default_of(site, ty), ty)


def default_of(site: Site, ty: RustTy) -> Expr:
    """``Default::default()`` of a std type."""
    lowered = site.layout.lower(ty)
    if isinstance(lowered, IntTy):
        return const(0, lowered)
    if lowered == BOOL:
        return FALSE
    if isinstance(lowered, SeqTy):
        return array(lowered, ())
    match ty:
        case PathTy("std::option::Option", _):
            return make(lowered, 0, ())
        case PathTy("std::marker::PhantomData", _):
            return make(lowered, 0, ())
        case TupleTy(items):
            return make(lowered, 0, tuple(default_of(site, t) for t in items))
        case RustArrayTy(elem, ConstTy(n)):
            return array(lowered, (default_of(site, elem),) * int(n))
        case PathTy():
            callee = Callee((Segment("default"),), ty, PathTy("std::default::Default"))
            resolved = site.lifter.items.resolve(callee, "", {})
            if isinstance(resolved, Instance):
                return plain_value(site.emit, resolved, []).expr
    raise Unsupported(f"the default value of `{show(ty)}`", site.emit.span)


def _from(site: Site) -> Value:
    target = site.item.self_ty
    if target is None:
        raise TypeError("target")
    a = site.args[0]
    if a.ty == target:
        return a
    lowered = site.layout.lower(target)
    if isinstance(lowered, IntTy) and a.expr.ty == BOOL:
        return site.value(wrap(lowered, ite(a.expr, const(1), const(0))), target)
    if isinstance(lowered, IntTy) and isinstance(a.expr.ty, IntTy):
        return site.value(wrap(lowered, a.expr), target)
    match target:
        case PathTy("std::option::Option", (inner,)) if inner == a.ty:
            return site.option(TRUE, a.expr, inner, a.borrow)
        case PathTy("std::boxed::Box" | "std::rc::Rc" | "std::sync::Arc", (inner, *_)) if (
            inner == a.ty
        ):
            return replace(a, ty=target)
        case PathTy("std::vec::Vec", _) if sequence_element(site.bare(a).ty) is not None:
            return site.value(site.bare(a).expr, target)
    raise Unsupported(f"the conversion of `{show(a.ty)}` into `{show(target)}`", site.emit.span)


def _into(site: Site) -> None:
    target = site.item.trait_args[0] if site.item.trait_args else None
    if target is None:
        target = site.result_ty()
    source = site.args[0].ty
    trait, method = ("TryFrom", "try_from") if site.method == "try_into" else ("From", "from")
    callee = Callee((Segment(method),), target, PathTy(f"std::convert::{trait}", (source,)))
    site.again(site.lifter.items.resolve(callee, "", {}), site.args)


def _try_from(site: Site) -> Value:
    target = site.item.self_ty
    if target is None:
        raise TypeError("target")
    a = site.args[0]
    lowered = site.layout.lower(target)
    result = site.result_ty()
    made = site.layout.lower(result)
    source = site.bare(a)
    if isinstance(lowered, IntTy) and isinstance(a.expr.ty, IntTy):
        condition = in_range(lowered, a.expr)
        payload = wrap(lowered, a.expr)
    elif isinstance(lowered, ArrayTy) and isinstance(source.expr.ty, SeqTy | ArrayTy):
        condition = eq(length(source.expr), const(lowered.length))
        payload = slice_(source.expr, const(0), const(lowered.length), lowered)
    else:
        raise Unsupported(f"the conversion of `{show(a.ty)}` into `{show(target)}`", site.emit.span)
    if not isinstance(result, PathTy):
        raise TypeError(result)
    error = site.layout.lower(result.args[1])
    if error == a.expr.ty:
        problem = a.expr  # a vector that does not fit is given back
    elif isinstance(error, DataTy):
        problem = zero_sized(site.emit, result.args[1])
    else:
        problem = abstract_call(
            site.emit, "conversion error", (), result.args[1], deterministic=True
        ).expr
    return site.value(ite(condition, make(made, 0, (payload,)), make(made, 1, (problem,))), result)


TRAITS: Mapping[str, Handler] = {
    "Clone::clone": _clone,
    "ToOwned::to_owned": _clone,
    "Default::default": _default,
    "From::from": _from,
    "Into::into": _into,
    "TryFrom::try_from": _try_from,
    "TryInto::try_into": _into,
}
