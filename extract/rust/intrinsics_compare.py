"""Comparison: `PartialEq`, `PartialOrd`, `Ord`, `min` and `max`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from extract.expr import (
    BOOL,
    TRUE,
    ArrayTy,
    Expr,
    IntTy,
    SeqTy,
    Type,
    and_,
    const,
    element,
    eq,
    get,
    ite,
    le,
    lt,
    not_,
    wrap,
)
from extract.rust.intrinsics_site import Handler, Site
from extract.rust.lower_call import plain_value
from extract.rust.lower_context import Value, coerce
from extract.rust.lower_operator import three_way
from extract.rust.mir import Callee, PathTy, Segment, TupleTy
from extract.rust.type_text import show
from extract.rust.unsupported import Unsupported
from extract.rust.world import Instance


def _scalar(ty: Type) -> bool:
    return isinstance(ty, IntTy) or ty == BOOL


def _eq(site: Site) -> Value:
    a, b = site.plain(0), site.plain(1)
    made = equality(site, a, b)
    return site.value(made if site.method == "eq" else not_(made), PathTy("bool"))


def equality(site: Site, a: Value, b: Value) -> Expr:
    """``a == b`` as ``PartialEq`` of their type decides it.

    Raises `Unsupported` if that is not known.
    """
    lifter = site.lifter
    if lifter.types.compares_structurally(a.ty) and lifter.types.compares_structurally(b.ty):
        if isinstance(a.expr.ty, ArrayTy) != isinstance(b.expr.ty, ArrayTy):
            seq = SeqTy(element(a.expr.ty))
            return eq(coerce(a.expr, seq), coerce(b.expr, seq))
        return eq(a.expr, b.expr)
    if isinstance(a.ty, TupleTy) and isinstance(b.ty, TupleTy):
        out: list[Expr] = []
        for i, (s, t) in enumerate(zip(a.ty.items, b.ty.items, strict=True)):
            x = replace(a, expr=get(a.expr, 0, i, site.layout.lower(s)), ty=s)
            y = replace(b, expr=get(b.expr, 0, i, site.layout.lower(t)), ty=t)
            out.append(equality(site, x, y))
        return and_(*out)
    if isinstance(a.ty, PathTy):
        trait = PathTy("std::cmp::PartialEq", (b.ty,))
        callee = Callee((Segment("eq"),), a.ty, trait)
        resolved = lifter.items.resolve(callee, "", {})
        if isinstance(resolved, Instance):
            made = plain_value(site.emit, resolved, [a, b])
            return made.expr
    raise Unsupported(f"comparing values of type `{show(a.ty)}`", site.emit.span)


def _order(site: Site) -> Value:
    a, b = site.plain(0), site.plain(1)
    if not _scalar(a.expr.ty):
        raise Unsupported(f"ordering values of type `{show(a.ty)}`", site.emit.span)
    x, y = a.expr, b.expr
    if x.ty == BOOL:
        x, y = (ite(e, const(1), const(0)) for e in (x, y))
    match site.method:
        case "lt":
            return site.value(lt(x, y), PathTy("bool"))
        case "le":
            return site.value(le(x, y), PathTy("bool"))
        case "gt":
            return site.value(lt(y, x), PathTy("bool"))
        case "ge":
            return site.value(le(y, x), PathTy("bool"))
        case "cmp":
            return three_way(site.emit, x, y)
        case "partial_cmp":
            made = three_way(site.emit, x, y)
            return site.option(TRUE, made.expr, made.ty)
        case "min" | "max":
            return replace(a, expr=_typed(a, least(site.method, x, y)))
    low, high = b.expr, site.plain(2).expr
    site.emit.check(le(low, high), "assert", "assertion failed: min <= max")
    return replace(a, expr=_typed(a, ite(lt(x, low), low, ite(lt(high, x), high, x))))


def least(method: str, a: Expr, b: Expr) -> Expr:
    """``min`` or ``max`` of two numbers, as ``method`` says."""
    return ite(lt(b, a), b, a) if method == "min" else ite(lt(b, a), a, b)


def _typed(a: Value, expr: Expr) -> Expr:
    return wrap(a.expr.ty, expr) if isinstance(a.expr.ty, IntTy) else expr


ITEMS: Mapping[str, Handler] = {
    "std::cmp::min": _order,
    "std::cmp::max": _order,
}


TRAITS: Mapping[str, Handler] = {
    "PartialEq::eq": _eq,
    "PartialEq::ne": _eq,
    **dict.fromkeys((f"PartialOrd::{m}" for m in ("lt", "le", "gt", "ge", "partial_cmp")), _order),
    **dict.fromkeys((f"Ord::{m}" for m in ("cmp", "min", "max", "clamp")), _order),
}
