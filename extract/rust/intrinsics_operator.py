"""Operator traits of primitives, with the panics of a build with overflow checks."""

from __future__ import annotations

from dataclasses import replace

from extract.expr import (
    BOOL,
    and_,
    const,
    eq,
    in_range,
    le,
    lt,
    neg,
    not_,
    shl,
    shr,
    trunc_div,
    wrap,
)
from extract.rust.intrinsics_integer import EXACT, int_type
from extract.rust.intrinsics_site import Site
from extract.rust.lower_context import Value
from extract.rust.lower_operator import binary, unary
from extract.rust.place import read

OPERATORS = frozenset({
    "Add", "Sub", "Mul", "Div", "Rem", "BitAnd", "BitOr", "BitXor", "Shl", "Shr", "Neg", "Not",
})  # fmt: skip
ASSIGN = {f"{name}Assign": name for name in OPERATORS}


def operator(site: Site) -> Value:
    """``a + b``, ``!a`` and the like. Raises `Unsupported`."""
    name = site.item.key.rsplit("::", 2)[-2]
    if name in ("Neg", "Not"):
        a = site.plain(0)
        if name == "Neg":
            ty = int_type(a)
            exact = neg(a.expr)
            site.emit.check(in_range(ty, exact), "overflow", "attempt to negate with overflow")
            return site.value(wrap(ty, exact), a.ty)
        return unary(site.emit, "Not", a)
    return _checked(site, name, site.plain(0), site.plain(1))


def _checked(site: Site, name: str, a: Value, b: Value) -> Value:
    """The operator with the panics that it has in a build with overflow checks."""
    if a.expr.ty == BOOL:
        return binary(site.emit, name, a, b)
    ty = int_type(a)
    if name in ("Div", "Rem"):
        word = (
            "divide by zero" if name == "Div" else "calculate the remainder with a divisor of zero"
        )
        site.emit.check(not_(eq(b.expr, const(0, ty))), "division", f"attempt to {word}")
        if ty.signed:
            fits = in_range(ty, trunc_div(a.expr, b.expr))
            site.emit.check(fits, "overflow", "attempt to divide with overflow")
    if name in ("Shl", "Shr"):
        fits = and_(le(const(0), b.expr), lt(b.expr, const(ty.bits or 0)))
        site.emit.check(fits, "shift", "attempt to shift with overflow")
        amount = b.expr
        return site.value((shl if name == "Shl" else shr)(a.expr, amount), a.ty)
    if name in ("Add", "Sub", "Mul"):
        exact = EXACT[name.lower()](a.expr, b.expr)
        site.emit.check(in_range(ty, exact), "overflow", f"attempt to {name.lower()} with overflow")
        return site.value(wrap(ty, exact), a.ty)
    return binary(site.emit, name, a, b)


def operator_assign(site: Site) -> Value:
    """``*a += b`` and the like. Raises `Unsupported`."""
    name = ASSIGN[site.item.key.rsplit("::", 2)[-2]]
    where = site.place(0).place
    current = replace(site.plain(0), expr=read(where))
    made = _checked(site, name, current, site.plain(1))
    site.emit.write(where, made)
    return site.unit()
