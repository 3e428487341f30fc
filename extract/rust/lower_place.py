"""Places of MIR: where they are, references followed, and the values there."""

from __future__ import annotations

from extract.expr import ArrayTy, Expr, SeqTy, Type, const, element, length, sub, var
from extract.rust.layout import TRANSPARENT, UNIT, UNIT_TY
from extract.rust.lower_construct import zero_sized
from extract.rust.lower_context import Emit, Value
from extract.rust.mir import (
    ClosureTy,
    ConstIndex,
    Deref,
    Downcast,
    FieldProj,
    IndexProj,
    PathTy,
    Place,
    RawPtrTy,
    RefTy,
    RustTy,
    SliceTy,
    SubsliceProj,
)
from extract.rust.place import FieldStep, IndexStep, LValue, RangeStep, Target, borrow_at, read
from extract.rust.type_facts import sequence_element
from extract.rust.type_text import show
from extract.rust.unsupported import Unsupported

BOX_PARTS = frozenset({"std::boxed::Box", "std::ptr::Unique", "std::ptr::NonNull"})


def locate(emit: Emit, place: Place) -> tuple[LValue, RustTy]:
    """Where ``place`` is, references followed, and its type.

    Raises `Unsupported` where a reference leads to a place that is not known.
    """
    act = emit.act
    root = act.local(place.local)
    ty = act.types[place.local]
    at_place = emit.aliases.get(place.local) or LValue(root, emit.locals[root])
    variant = 0
    for p in place.projections:
        match p:
            case Deref():
                at_place, ty = _deref(emit, at_place, ty)
            case Downcast(name):
                variant = _variant_index(emit, ty, name)
                continue
            case FieldProj(index, field_ty):
                at_place, ty = _field(emit, at_place, ty, variant, index, field_ty)
            case IndexProj(local):
                elem = _element(ty)
                index_expr = _local_value(emit, local)
                at_place = at_place.step(IndexStep(index_expr, emit.layout.lower(elem)))
                ty = elem
            case ConstIndex(offset, _, from_end):
                elem = _element(ty)
                position = sub(length(read(at_place)), const(offset)) if from_end else const(offset)
                at_place = at_place.step(IndexStep(position, emit.layout.lower(elem)))
                ty = elem
            case SubsliceProj(start, end, from_end):
                elem = _element(ty)
                stop = sub(length(read(at_place)), const(end)) if from_end else const(end)
                at_place = at_place.step(
                    RangeStep(const(start), stop, SeqTy(emit.layout.lower(elem)))
                )
                ty = SliceTy(elem)
        variant = 0
    return at_place, ty


def _local_value(emit: Emit, local: str) -> Expr:
    name = emit.act.local(local)
    return var(name, emit.locals[name])


def _element(ty: RustTy) -> RustTy:
    elem = sequence_element(ty)
    if elem is None:
        raise Unsupported(f"indexing into `{show(ty)}`")
    return elem


def _variant_index(emit: Emit, ty: RustTy, name: str) -> int:
    found = emit.layout.variants(ty)
    for i, v in enumerate(found[1] if found else ()):
        if v.name == name:
            return i
    raise Unsupported(f"variant `{name}` of `{show(ty)}`")


def _deref(emit: Emit, at_place: LValue, ty: RustTy) -> tuple[LValue, RustTy]:
    match ty:
        case RefTy(inner, False):
            return at_place, inner
        case RefTy(inner, True) | RawPtrTy(inner, _):
            held = borrow_at(at_place, emit.state)
            if not isinstance(held, Target):
                raise Unsupported(
                    f"a {'raw pointer' if isinstance(ty, RawPtrTy) else 'mutable reference'} "
                    "whose target is not known while lifting",
                    emit.span,
                )
            _same_content(emit, held.place.ty, inner)
            return held.place, inner
        case PathTy("std::boxed::Box" | "std::rc::Rc" | "std::sync::Arc", (inner, *_)):
            return at_place, inner
    raise Unsupported(f"a dereference of `{show(ty)}`", emit.span)


def _same_content(emit: Emit, there: Type, seen_as: RustTy) -> None:
    """A place is only seen as what it is; memory is not reinterpreted."""
    wanted = emit.layout.lower(seen_as)
    sequences = isinstance(there, SeqTy | ArrayTy) and isinstance(wanted, SeqTy | ArrayTy)
    both_fixed = isinstance(there, ArrayTy) and isinstance(wanted, ArrayTy)
    if there == wanted or (sequences and not both_fixed and element(there) == element(wanted)):
        return
    raise Unsupported(f"memory of type {there} seen as `{show(seen_as)}`", emit.span)


def _field(
    emit: Emit, at_place: LValue, ty: RustTy, variant: int, index: int, field_ty: RustTy
) -> tuple[LValue, RustTy]:
    declared = emit.world.absolute(field_ty, emit.act.crate, emit.act.env)
    if isinstance(ty, PathTy) and (ty.path in BOX_PARTS or ty.path in TRANSPARENT):
        # Box<T> is opened as ((b.0: Unique<T>).0: NonNull<T>): still the same content.
        return at_place, declared
    if emit.layout.is_opaque(ty):
        raise Unsupported(f"a field of the opaque type `{show(ty)}`", emit.span)
    found = emit.layout.variants(ty)
    if found is not None and variant < len(found[1]):
        fields = found[1][variant].fields
        if index < len(fields):
            declared = fields[index][1]
    lowered = emit.layout.lower(declared)
    if isinstance(declared, RefTy) and declared.mutable:
        lowered = UNIT_TY
    return at_place.step(FieldStep(variant, index, lowered)), declared


def value_at(emit: Emit, where: LValue, ty: RustTy) -> Expr:
    """The value at a place; MIR leaves places without data unassigned."""
    if where.ty == UNIT_TY:
        return UNIT
    while isinstance(ty, RefTy):
        ty = ty.inner
    if isinstance(ty, ClosureTy) and not emit.layout.variants_of_closure(ty):
        return zero_sized(emit, ty)
    return read(where)


def pointee(emit: Emit, a: Value) -> Value:
    """The value behind a reference or pointer. Raises `Unsupported` if its target is not known."""
    if isinstance(a.ty, RefTy) and not a.ty.mutable:
        return Value(a.expr, a.ty.inner, a.borrow)
    if isinstance(a.ty, RefTy | RawPtrTy):
        if not isinstance(a.borrow, Target):
            raise Unsupported("a reference whose target is not known while lifting", emit.span)
        place = a.borrow.place
        _same_content(emit, place.ty, a.ty.inner)
        return Value(read(place), a.ty.inner, borrow_at(place, emit.state))
    if isinstance(a.ty, PathTy) and a.ty.path in ("std::boxed::Box", "std::rc::Rc"):
        return Value(a.expr, a.ty.args[0], a.borrow)
    raise Unsupported(f"a dereference of `{show(a.ty)}`", emit.span)
