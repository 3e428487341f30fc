"""Unary and binary operators of MIR on scalars."""

from __future__ import annotations

from extract.expr import (
    BOOL,
    INT,
    Expr,
    IntTy,
    add,
    and_,
    bitwise,
    bnot,
    const,
    div,
    eq,
    in_range,
    ite,
    le,
    length,
    lt,
    make,
    mod,
    mul,
    neg,
    not_,
    or_,
    shl,
    shr,
    sub,
    trunc_div,
    trunc_rem,
    wrap,
)
from extract.rust.layout import UNIT_TY
from extract.rust.lower_context import USIZE, Emit, Value, coerce
from extract.rust.lower_place import pointee
from extract.rust.mir import AssertTerm, PathTy, RawPtrTy, TupleTy
from extract.rust.type_text import show
from extract.rust.unsupported import Unsupported

_COMPARISONS = {"Eq", "Ne", "Lt", "Le", "Gt", "Ge"}


def binary(emit: Emit, op: str, a: Value, b: Value) -> Value:
    """A MIR binary operation on two values. Raises `Unsupported`."""
    a, b = _typed_alike(a, b) if not op.startswith("Sh") else (_typed(a), b)
    overflow = op.endswith("WithOverflow")
    unchecked = op.endswith("Unchecked")
    name = op.removesuffix("WithOverflow").removesuffix("Unchecked")
    if name in _COMPARISONS:
        return Value(_compare(emit, name, a, b), PathTy("bool"))
    if name == "Cmp":
        return three_way(emit, a.expr, b.expr)
    if a.expr.ty == BOOL:
        return Value(_bool_op(name, a.expr, b.expr), a.ty)
    ty = a.expr.ty
    if not isinstance(ty, IntTy):
        raise Unsupported(f"`{op}` on `{show(a.ty)}`", emit.span)
    exact = _exact(emit, name, ty, a.expr, b.expr)
    if overflow:
        pair_ty = TupleTy((a.ty, PathTy("bool")))
        fields = (wrap(ty, exact), not_(in_range(ty, exact)))
        return Value(make(emit.layout.lower(pair_ty), 0, fields), pair_ty)
    if unchecked and name in ("Add", "Sub", "Mul"):
        emit.check(in_range(ty, exact), "unsafe", f"unchecked {name.lower()} must not overflow")
    return Value(wrap(ty, exact), a.ty)


def _exact(emit: Emit, name: str, ty: IntTy, a: Expr, b: Expr) -> Expr:
    match name:
        case "Add":
            return add(a, b)
        case "Sub":
            return sub(a, b)
        case "Mul":
            return mul(a, b)
        case "Div":
            return trunc_div(a, b) if ty.signed else div(a, b)
        case "Rem":
            return trunc_rem(a, b) if ty.signed else mod(a, b)
        case "BitAnd" | "BitOr" | "BitXor":
            return bitwise({"BitAnd": "band", "BitOr": "bor", "BitXor": "bxor"}[name], a, b)
        case "Shl" | "Shr":
            amount = _shift_amount(emit, ty, b)
            return shl(a, amount) if name == "Shl" else shr(a, amount)
    raise Unsupported(f"the operator `{name}`", emit.span)


def _shift_amount(emit: Emit, ty: IntTy, amount: Expr) -> Expr:
    # MIR shifts by the amount modulo the width: after a passed check, by the amount itself.
    if amount.op != "const" and _after_shift_check(emit):
        return amount
    return mod(amount, const(ty.bits or 0))


def _after_shift_check(emit: Emit) -> bool:
    blocks = emit.act.body.blocks
    here = emit.label.removeprefix(emit.act.id).split("~", 1)[0]
    return any(
        isinstance(b.terminator, AssertTerm)
        and b.terminator.target == here
        and "attempt to shift" in b.terminator.message
        for b in blocks.values()
    )


def _compare(emit: Emit, name: str, a: Value, b: Value) -> Expr:
    x, y = a.expr, b.expr
    if x.ty == BOOL and name not in ("Eq", "Ne"):
        x, y = (ite(e, const(1), const(0)) for e in (x, y))
    if not isinstance(x.ty, IntTy) and x.ty not in {BOOL, UNIT_TY}:
        raise Unsupported(f"comparing values of type `{show(a.ty)}`", emit.span)
    if isinstance(a.ty, RawPtrTy):
        raise Unsupported("comparing raw pointers", emit.span)
    match name:
        case "Eq":
            return eq(x, y)
        case "Ne":
            return not_(eq(x, y))
        case "Lt":
            return lt(x, y)
        case "Le":
            return le(x, y)
        case "Gt":
            return lt(y, x)
    return le(y, x)


def three_way(emit: Emit, a: Expr, b: Expr) -> Value:
    """``Ordering`` of two scalars."""
    ty = PathTy("std::cmp::Ordering")
    lowered = emit.layout.lower(ty)
    if a.ty == BOOL:
        a, b = (ite(e, const(1), const(0)) for e in (a, b))
    less, equal, greater = (make(lowered, i, ()) for i in range(3))
    return Value(ite(lt(a, b), less, ite(eq(a, b), equal, greater)), ty)


def unary(emit: Emit, op: str, a: Value) -> Value:
    """A MIR unary operation. Raises `Unsupported`."""
    if op == "PtrMetadata":
        return Value(coerce(length(pointee(emit, a).expr), USIZE), PathTy("usize"))
    ty = a.expr.ty
    if op == "Not":
        return Value(not_(a.expr) if ty == BOOL else bnot(a.expr), a.ty)
    if op == "Neg" and isinstance(ty, IntTy):
        return Value(wrap(ty, neg(a.expr)), a.ty)
    raise Unsupported(f"`{op}` on `{show(a.ty)}`", emit.span)


def _bool_op(name: str, a: Expr, b: Expr) -> Expr:
    match name:
        case "BitAnd":
            return and_(a, b)
        case "BitOr":
            return or_(a, b)
        case "BitXor":
            return not_(eq(a, b))
    raise Unsupported(f"`{name}` on booleans")


def _typed(a: Value) -> Value:
    """A const parameter that meets nothing with a type: an array length."""
    if a.expr.ty == INT and a.expr.op == "const":
        return Value(const(a.expr.attr, USIZE), PathTy("usize"))
    return a


def _typed_alike(a: Value, b: Value) -> tuple[Value, Value]:
    """A const parameter takes the type of the other operand."""
    if a.expr.ty == INT and b.expr.ty != INT:
        return Value(wrap(b.expr.ty, a.expr), b.ty), b  # type: ignore[arg-type]
    if b.expr.ty == INT and a.expr.ty != INT:
        return a, Value(wrap(a.expr.ty, b.expr), a.ty)  # type: ignore[arg-type]
    return _typed(a), _typed(b)
