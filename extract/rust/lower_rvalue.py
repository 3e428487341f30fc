"""Right-hand sides of MIR assignments."""

from __future__ import annotations

from extract.expr import (
    DataTy,
    Expr,
    IntTy,
    Type,
    array,
    const,
    element,
    is_variant,
    ite,
    length,
    make,
    repeat,
    var,
)
from extract.rust.items import Constructor
from extract.rust.layout import UNIT
from extract.rust.lower_cast import box_pointer, cast
from extract.rust.lower_construct import construct
from extract.rust.lower_context import USIZE, Emit, Value, coerce
from extract.rust.lower_operand import operand_value
from extract.rust.lower_operator import binary, unary
from extract.rust.lower_place import locate, value_at
from extract.rust.mir import (
    AggregateRv,
    BinaryRv,
    CastRv,
    ClosureTy,
    ConstTy,
    DiscriminantRv,
    LenRv,
    OtherRv,
    PathTy,
    Place,
    RawPtrTy,
    RefRv,
    RefTy,
    RepeatRv,
    RustArrayTy,
    RustTy,
    Rvalue,
    TupleTy,
    UnaryRv,
    Use,
    UseRv,
)
from extract.rust.place import Parts, Target, borrow_at, read
from extract.rust.type_facts import sequence_element
from extract.rust.type_text import show, show_callee
from extract.rust.unsupported import Unsupported


def rvalue(emit: Emit, rv: Rvalue, target: Place) -> Value:
    """The value of a right-hand side that goes to ``target``. Raises `Unsupported`."""
    match rv:
        case UseRv(operand):
            return operand_value(emit, operand)
        case RefRv():
            return _reference(emit, rv)
        case BinaryRv(op, left, right):
            return binary(emit, op, operand_value(emit, left), operand_value(emit, right))
        case UnaryRv(op, operand):
            return unary(emit, op, operand_value(emit, operand))
        case CastRv():
            return _cast_of(emit, rv)
        case DiscriminantRv(place):
            return _discriminant_at(emit, place, emit.act.types[target.local])
        case LenRv(place):
            where, _ = locate(emit, place)
            return Value(coerce(length(read(where)), USIZE), PathTy("usize"))
        case RepeatRv(operand, count):
            return _repeat(emit, operand_value(emit, operand), count)
        case AggregateRv():
            return _aggregate(emit, rv, target)
        case OtherRv(text):
            raise Unsupported(f"`{text}`", emit.span)
    raise TypeError(rv)


def _cast_of(emit: Emit, rv: CastRv) -> Value:
    wanted = emit.world.absolute(rv.ty, emit.act.crate, emit.act.env)
    value = operand_value(emit, rv.operand)
    if rv.kind == "Transmute" and isinstance(rv.operand, Use):
        pointer = box_pointer(emit, value, rv.operand.place, wanted)
        if pointer is not None:
            return pointer
    return cast(emit, value, wanted, rv.kind)


def _reference(emit: Emit, rv: RefRv) -> Value:
    where, ty = locate(emit, rv.place)
    if rv.mutable or rv.raw:
        made: RustTy = RawPtrTy(ty, rv.mutable) if rv.raw else RefTy(ty, True)
        return Value(UNIT, made, Target(emit.freeze(where)))
    return Value(value_at(emit, where, ty), RefTy(ty), borrow_at(where, emit.state))


def _discriminant_at(emit: Emit, place: Place, wanted: RustTy) -> Value:
    where, ty = locate(emit, place)
    inspected = read(where)
    known = borrow_at(where, emit.state)
    if isinstance(known, Parts) and known.variant is not None:
        inspected = _of_variant(emit, where.ty, known.variant)
    return Value(_discriminant(emit, inspected, ty, wanted), wanted)


def _of_variant(emit: Emit, ty: Type, variant: int) -> Expr:
    """Some value of this variant, to ask for its discriminant."""
    fields = (
        emit.layout.program.datatype(ty).variants[variant].fields if isinstance(ty, DataTy) else ()
    )
    return make(ty, variant, tuple(var(f"field {n}", t) for n, t in fields))


def _repeat(emit: Emit, value: Value, count: RustTy) -> Value:
    size = emit.world.absolute(count, emit.act.crate, emit.act.env)
    ty = RustArrayTy(value.ty, size)
    lowered = emit.layout.lower(ty)
    if isinstance(size, ConstTy):
        n = int(size.value)
        if n <= 64:
            return Value(array(lowered, (value.expr,) * n), ty)
        return Value(repeat(lowered, value.expr, const(n)), ty)
    raise Unsupported("an array of a length that is not known", emit.span)


def _discriminant(emit: Emit, value: Expr, ty: RustTy, wanted: RustTy) -> Expr:
    """The discriminant of an enum value as an integer of type ``wanted``."""
    bare = ty
    while isinstance(bare, RefTy):
        bare = bare.inner
    if isinstance(bare, PathTy) and bare.path == "std::boxed::Box":
        bare = bare.args[0]
    found = emit.layout.variants(bare)
    lowered = emit.layout.lower(wanted)
    if found is None or not found[0]:
        if found is not None:
            return const(0, lowered)
        raise Unsupported(f"the discriminant of `{show(ty)}`")
    if not isinstance(lowered, IntTy):
        raise TypeError(lowered)
    out: Expr | None = None
    for i, v in reversed(list(enumerate(found[1]))):
        number = const(lowered.wrap(v.discriminant), lowered)
        test = is_variant(value, i, only=len(found[1]) == 1)
        out = number if out is None else ite(test, number, out)
    return out if out is not None else const(0, lowered)


def _aggregate(emit: Emit, rv: AggregateRv, target: Place) -> Value:
    values = [operand_value(emit, o) for o in rv.operands]
    if rv.kind == "closure":
        if rv.closure is None:
            raise TypeError("rv.closure")
        closure = emit.world.absolute(rv.closure, emit.act.crate, emit.act.env)
        if not isinstance(closure, ClosureTy):
            raise TypeError(closure)
        emit.layout.define_closure(closure, tuple(v.ty for v in values))
        return construct(emit, closure, 0, values)
    if rv.kind == "array":
        return _array_of(emit, values, target)
    if rv.kind == "tuple":
        return construct(emit, TupleTy(tuple(v.ty for v in values)), 0, values)
    if rv.path is None:
        raise TypeError("rv.path")
    resolved = emit.lifter.items.resolve(rv.path, emit.act.crate, emit.act.env)
    if not isinstance(resolved, Constructor):
        raise Unsupported(f"a value of `{show_callee(rv.path)}`", emit.span)
    ty = constructed(emit, resolved.ty, target)
    return construct(emit, ty, resolved.variant, values)


def constructed(emit: Emit, ty: RustTy, target: Place) -> RustTy:
    """A constructor's type; the target's declared type knows arguments left out."""
    if target.projections or not isinstance(ty, PathTy):
        return ty
    declared = emit.act.types[target.local]
    if isinstance(declared, PathTy) and declared.path == ty.path:
        return declared
    return ty


def _array_of(emit: Emit, values: list[Value], target: Place) -> Value:
    declared = emit.act.types[target.local] if not target.projections else None
    elem = sequence_element(declared) if declared is not None else None
    if elem is None:
        elem = values[0].ty if values else TupleTy()
    if any(v.borrow is not None for v in values):
        raise Unsupported("an array of mutable references", emit.span)
    ty = RustArrayTy(elem, ConstTy(len(values)))
    lowered = emit.layout.lower(ty)
    inner = element(lowered)
    return Value(array(lowered, tuple(coerce(v.expr, inner) for v in values)), ty)
