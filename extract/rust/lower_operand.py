"""Operands of MIR and the values that stand in it as they are."""

from __future__ import annotations

from extract.expr import INT, ArrayTy, IntTy, SeqTy, array, const
from extract.rust.items import Constructor
from extract.rust.layout import UNIT
from extract.rust.lower_construct import abstract_call, construct, zero_sized
from extract.rust.lower_context import Emit, Value, coerce
from extract.rust.lower_place import locate, value_at
from extract.rust.mir import (
    AggregateConst,
    AllocConst,
    BoolConst,
    Callee,
    CharConst,
    Const,
    ConstTy,
    FloatConst,
    IntConst,
    ItemConst,
    Operand,
    PathTy,
    RefTy,
    RustArrayTy,
    RustTy,
    StrConst,
    TupleTy,
    UnitConst,
    Use,
    ZeroSizedConst,
)
from extract.rust.place import borrow_at
from extract.rust.type_text import show
from extract.rust.unsupported import Unsupported


def operand_value(emit: Emit, operand: Operand) -> Value:
    """The value of an operand. Raises `Unsupported`."""
    if isinstance(operand, Use):
        where, ty = locate(emit, operand.place)
        return Value(value_at(emit, where, ty), ty, borrow_at(where, emit.state))
    return _constant(emit, operand)


def _constant(emit: Emit, constant: Const) -> Value:
    match constant:
        case IntConst(value, ty_name):
            return Value(const(value, emit.layout.lower(PathTy(ty_name))), PathTy(ty_name))
        case BoolConst(value):
            return Value(const(value), PathTy("bool"))
        case CharConst(value):
            return Value(const(value, IntTy(32, signed=False)), PathTy("char"))
        case UnitConst():
            return Value(UNIT, TupleTy())
        case StrConst(value, is_bytes):
            return _text(value, is_bytes)
        case ItemConst(item):
            return _item_const(emit, item)
        case ZeroSizedConst(ty):
            absolute = emit.world.absolute(ty, emit.act.crate, emit.act.env)
            return Value(zero_sized(emit, absolute), absolute)
        case FloatConst(text):
            raise Unsupported(f"the floating-point constant {text}", emit.span)
        case AggregateConst(kind, operands, path, _):
            return _aggregate_value(emit, kind, operands, path)
        case AllocConst(text, _):
            return _static(emit, text)
    raise TypeError(constant)


def _aggregate_value(
    emit: Emit, kind: str, operands: tuple[Const, ...], path: Callee | None
) -> Value:
    values = [operand_value(emit, o) for o in operands]
    if kind == "tuple":
        return construct(emit, TupleTy(tuple(v.ty for v in values)), 0, values)
    if path is None:
        raise Unsupported(f"a constant {kind}", emit.span)
    resolved = emit.lifter.items.resolve(path, emit.act.crate, emit.act.env)
    if not isinstance(resolved, Constructor):
        raise Unsupported("a constant aggregate", emit.span)
    return construct(emit, resolved.ty, resolved.variant, values)


def _static(emit: Emit, text: str) -> Value:
    static = emit.act.body.statics.get(text.split(":", 1)[0])
    if static is None:
        raise Unsupported(f"the constant `{text}`", emit.span)
    return emit.lifter.constants.value(emit, static, emit.act.crate, emit.act.env)


def _text(value: str | bytes, is_bytes: bool) -> Value:
    data = value if isinstance(value, bytes) else value.encode()
    u8 = IntTy(8, signed=False)
    expr = array(SeqTy(u8), tuple(const(b, u8) for b in data))
    if is_bytes:
        ty: RustTy = RefTy(RustArrayTy(PathTy("u8"), ConstTy(len(data))))
        return Value(coerce(expr, ArrayTy(u8, len(data))), ty)
    return Value(expr, RefTy(PathTy("str")))


def _item_const(emit: Emit, item: Callee) -> Value:
    act = emit.act
    if item.self_ty is None and len(item.segments) == 1 and not item.segments[0].args:
        bound = act.env.get(item.segments[0].name)
        if isinstance(bound, ConstTy):
            return _const_param(bound)
        if bound is not None:
            return abstract_call(
                emit, f"const {show(bound)}", (), PathTy("usize"), deterministic=True
            )
    return emit.lifter.constants.value(emit, item, act.crate, act.env)


def _const_param(bound: ConstTy) -> Value:
    if isinstance(bound.value, bool):
        return Value(const(bound.value), PathTy("bool"))
    # MIR does not say the parameter's type here: what it meets does.
    return Value(const(bound.value, INT), PathTy("usize"))
