"""Values that lowering makes: from their parts, from their type alone, or left open."""

from __future__ import annotations

from collections.abc import Sequence

from extract.expr import Expr, Type, make, var
from extract.program import Call, Param
from extract.rust.layout import UNIT
from extract.rust.lower_context import Emit, Value, coerce
from extract.rust.mir import ClosureTy, FnTy, RustTy
from extract.rust.place import parts
from extract.rust.type_text import show
from extract.rust.unsupported import Unsupported


def construct(emit: Emit, ty: RustTy, variant: int, values: list[Value]) -> Value:
    """A value of a struct, tuple, closure or variant from its fields."""
    lowered = emit.layout.lower(ty)
    found = emit.layout.variants(ty)
    if found is None:
        raise Unsupported(f"making a value of the opaque type `{show(ty)}`")
    fields = found[1][variant].fields if variant < len(found[1]) else ()
    if len(fields) != len(values):
        raise Unsupported(f"a value of `{show(ty)}` built from {len(values)} parts")
    exprs = tuple(
        coerce(v.expr, emit.layout.lower(t)) for v, (_, t) in zip(values, fields, strict=True)
    )
    # Which variant it is matters where another variant would hold references.
    tag = variant if found[0] and emit.layout.holds_mut(ty) else None
    held = parts({(variant, i): v.borrow for i, v in enumerate(values)}, tag)
    return Value(make(lowered, variant, exprs), ty, held)


def zero_sized(emit: Emit, ty: RustTy) -> Expr:
    """The only value of a type without data. Raises `Unsupported` for other types."""
    if isinstance(ty, FnTy):
        return UNIT
    if isinstance(ty, ClosureTy):
        emit.layout.define_closure(ty, ())
        return make(emit.layout.lower(ty), 0, ())
    found = emit.layout.variants(ty)
    if found is None or found[0] or not found[1]:
        raise Unsupported(f"a constant of type `{show(ty)}`", emit.span)
    fields = tuple(zero_sized(emit, t) for _, t in found[1][0].fields)
    return make(emit.layout.lower(ty), 0, fields)


def abstract_call(
    emit: Emit,
    name: str,
    args: Sequence[Value],
    ty: RustTy,
    *,
    deterministic: bool,
    may_panic: bool = False,
) -> Value:
    """The result of a call of a function of which only its type is known."""
    lowered = emit.layout.lower(ty)
    expr = abstract_expr(emit, name, args, lowered, deterministic, may_panic)
    return Value(expr, ty)


def abstract_expr(
    emit: Emit,
    name: str,
    args: Sequence[Value],
    ty: Type,
    deterministic: bool,
    may_panic: bool = False,
) -> Expr:
    """As `abstract_call`, for a result of which only the program type is known."""
    params = [Param(f"a{i}", a.expr.ty) for i, a in enumerate(args)]
    emit.lifter.declare_abstract(
        name, params, ty, deterministic=deterministic, may_panic=may_panic, span=emit.span
    )
    target = emit.fresh(ty, "call")
    emit.statements.append(Call((target,), name, tuple(a.expr for a in args), emit.span))
    return var(target, ty)
