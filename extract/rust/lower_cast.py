"""Casts of MIR: between integers, between pointers, and of an array to a slice."""

from __future__ import annotations

from extract.expr import BOOL, ArrayTy, IntTy, SeqTy, const, ite, wrap
from extract.rust.layout import TRANSPARENT, UNIT, UNIT_TY
from extract.rust.lower_context import Emit, Value, coerce
from extract.rust.lower_place import BOX_PARTS, locate
from extract.rust.mir import (
    ConstTy,
    FnTy,
    PathTy,
    Place,
    RawPtrTy,
    RefTy,
    RustArrayTy,
    RustTy,
    SliceTy,
)
from extract.rust.place import Target, UnsizeStep
from extract.rust.type_text import show
from extract.rust.unsupported import Unsupported


def cast(emit: Emit, a: Value, wanted: RustTy, kind: str) -> Value:
    """``a as wanted``, by the kind of cast that MIR states. Raises `Unsupported`."""
    source, target = a.expr.ty, emit.layout.lower(wanted)
    if kind == "IntToInt" and isinstance(target, IntTy):
        value = ite(a.expr, const(1), const(0)) if source == BOOL else a.expr
        return Value(wrap(target, value), wanted)
    if kind.startswith("PointerCoercion(Unsize"):
        return _unsize(emit, a, wanted)
    if kind.startswith(("PtrToPtr", "PointerCoercion(MutToConst")):
        return Value(a.expr, wanted, a.borrow if _same_pointee(a.ty, wanted) else None)
    if kind.startswith("PointerCoercion(ReifyFnPointer") and isinstance(a.ty, FnTy):
        return Value(UNIT, a.ty)
    if kind.startswith("PointerCoercion(ClosureFnPointer"):
        return a
    if kind == "Transmute":
        return _transmute(emit, a, wanted)
    if kind == "Subtype":
        return Value(a.expr, wanted, a.borrow)
    raise Unsupported(f"a cast ({kind}) from `{show(a.ty)}` to `{show(wanted)}`", emit.span)


def _unsize(emit: Emit, a: Value, wanted: RustTy) -> Value:
    match a.ty, wanted:
        case (
            RefTy(RustArrayTy(_, n), mutable) | RawPtrTy(RustArrayTy(_, n), mutable),
            RefTy(SliceTy(elem), _) | RawPtrTy(SliceTy(elem), _),
        ):
            seq = SeqTy(emit.layout.lower(elem))
            if isinstance(a.ty, RefTy) and not mutable:
                return Value(coerce(a.expr, seq), wanted)
            if isinstance(a.borrow, Target) and isinstance(n, ConstTy):
                arr = ArrayTy(seq.elem, int(n.value))
                place = a.borrow.place
                if isinstance(place.ty, ArrayTy):
                    place = place.step(UnsizeStep(arr, seq))
                return Value(UNIT, wanted, Target(place))
            return Value(UNIT, wanted, a.borrow)
        case PathTy("std::boxed::Box", (RustArrayTy(), *_)), PathTy("std::boxed::Box", _):
            return Value(coerce(a.expr, emit.layout.lower(wanted)), wanted)
    raise Unsupported(f"a conversion of `{show(a.ty)}` to `{show(wanted)}`", emit.span)


def _transmute(emit: Emit, a: Value, wanted: RustTy) -> Value:
    lowered = emit.layout.lower(wanted)
    if lowered == a.expr.ty and not (lowered == UNIT_TY and not _same_pointee(a.ty, wanted)):
        return Value(a.expr, wanted, a.borrow)
    if (
        isinstance(lowered, IntTy)
        and isinstance(a.expr.ty, IntTy)
        and lowered.bits == a.expr.ty.bits
    ):
        return Value(wrap(lowered, a.expr), wanted)
    raise Unsupported(f"a transmute of `{show(a.ty)}` to `{show(wanted)}`", emit.span)


def box_pointer(emit: Emit, a: Value, place: Place, wanted: RustTy) -> Value | None:
    """The raw pointer inside a box: rustc dereferences boxes through it."""
    if not (isinstance(a.ty, PathTy) and a.ty.path in BOX_PARTS):
        return None
    if not isinstance(wanted, RawPtrTy):
        return None
    where, _ = locate(emit, place)
    return Value(UNIT, wanted, Target(emit.freeze(where)))


def _same_pointee(a: RustTy, b: RustTy) -> bool:
    """Do two pointers point to the same type (the one behind `MaybeUninit` and the like)?"""
    if not (isinstance(a, RefTy | RawPtrTy) and isinstance(b, RefTy | RawPtrTy)):
        return False
    return _bare(a.inner) == _bare(b.inner)


def _bare(ty: RustTy) -> RustTy:
    while isinstance(ty, PathTy) and ty.path in TRANSPARENT:
        ty = ty.args[0]
    return ty
