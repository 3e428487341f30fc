"""Places and boxes: `mem`, `ptr`, `hint`, `Box`, and what an `Option` holds by reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from extract.expr import SeqTy, array, const, element, is_variant
from extract.rust.intrinsics_convert import default_of
from extract.rust.intrinsics_site import Handler, Site
from extract.rust.layout import UNIT
from extract.rust.lower_context import USIZE, Value
from extract.rust.mir import PathTy, RefTy, SliceTy
from extract.rust.place import FieldStep, RangeStep, Target, read
from extract.rust.type_text import show
from extract.rust.unsupported import Unsupported


def _swap(site: Site) -> Value:
    first, second = site.direct(0).place, site.direct(1).place
    a, b = site.once(0), site.once(1)
    kept = replace(a, expr=site.emit.hold(a.expr, "x"))
    site.emit.write(first, b)
    site.emit.write(second, kept)
    return site.unit()


def _replace_value(site: Site) -> Value:
    where = site.direct(0).place
    old = site.once(0)
    kept = replace(old, expr=site.emit.hold(old.expr, "x"))
    if site.method == "take" and isinstance(old.ty, RefTy) and isinstance(old.ty.inner, SliceTy):
        new = _empty_slice(old)
    elif site.method == "take":
        new = replace(old, expr=default_of(site, old.ty), borrow=None)
    else:
        new = site.args[1]
    site.emit.write(where, new)
    return kept


def _read(site: Site) -> Value:
    """A read through a raw pointer; as volatile, of memory that nobody else changes."""
    return site.once(0)


def _write(site: Site) -> Value:
    """A write through a raw pointer, of what memory there is: the old value is not dropped."""
    site.once(0)  # refuses memory seen as another type
    site.emit.write(site.direct(0).place, site.args[1])
    return site.unit()


def _empty_slice(old: Value) -> Value:
    """What ``mem::take`` leaves of a slice reference: its empty front."""
    if not isinstance(old.borrow, Target):
        return replace(old, expr=array(old.expr.ty, ()))
    place = old.borrow.place
    seq = SeqTy(element(place.ty))
    return replace(old, borrow=Target(place.step(RangeStep(const(0), const(0), seq))))


def _same(site: Site) -> Value:
    return site.args[0]


def _nothing(site: Site) -> Value:
    return site.unit()


def _drop(site: Site) -> Value:
    """``drop`` of a box whose content was moved out: only the memory is given back."""
    ty = site.item.self_ty
    if not (isinstance(ty, PathTy) and ty.path == "std::boxed::Box"):
        raise Unsupported(f"dropping `{show(ty) if ty else ''}`", site.emit.span)
    return _nothing(site)


def _assume(site: Site) -> Value:
    site.emit.check(site.args[0].expr, "unsafe", "an assumption stated in unsafe code must hold")
    return site.unit()


def _size_of(site: Site) -> Value:
    size = site.lifter.types.size_of(site.item.args[0])
    if size is None:
        raise Unsupported(f"the size of `{show(site.item.args[0])}`", site.emit.span)
    return site.value(const(size, USIZE), PathTy("usize"))


def _box_new(site: Site) -> Value:
    a = site.args[0]
    return replace(a, ty=site.result_ty())


def _uninit(site: Site) -> None:
    """Memory without a value: whoever reads it before it is written reads anything."""
    site.emit.jump(site.then.target)


def _as_ref_opt(site: Site) -> Value:
    """``Option::as_ref``, ``as_mut``, ``as_deref``…: the same variant, its content by reference."""
    result = site.result_ty()
    if not isinstance(result, PathTy):
        raise TypeError(result)
    payload = result.args[0]
    if not (isinstance(payload, RefTy) and payload.mutable):
        a = site.plain(0)
        return site.value(a.expr, result, a.borrow)
    place = site.place(0).place
    some = is_variant(read(place), 1)
    inner = site.layout.lower(payload.inner)
    target = site.emit.freeze(place.step(FieldStep(1, 0, inner)))
    return site.option(some, UNIT, payload, Target(target))


ITEMS: Mapping[str, Handler] = {
    "std::mem::swap": _swap,
    "std::mem::replace": _replace_value,
    "std::mem::take": _replace_value,
    "std::mem::size_of": _size_of,
    "std::mem::drop": _nothing,
    "std::mem::forget": _nothing,
    "std::ptr::read": _read,
    "std::ptr::read_volatile": _read,
    "std::ptr::write": _write,
    "std::ptr::write_volatile": _write,
    "std::hint::assert_unchecked": _assume,
    "std::hint::black_box": _same,
    "std::hint::must_use": _same,
    "std::hint::spin_loop": _nothing,
    "std::intrinsics::assume": _assume,
    "std::convert::identity": _same,
    "std::boxed::Box::new": _box_new,
    "std::boxed::Box::new_uninit": _uninit,
    "std::rc::Rc::new": _box_new,
    "std::sync::Arc::new": _box_new,
    "std::vec::Vec::reserve": _nothing,
    "std::vec::Vec::shrink_to_fit": _nothing,
    "std::option::Option::as_mut": _as_ref_opt,
    "std::option::Option::as_ref": _as_ref_opt,
    "std::option::Option::as_deref": _as_ref_opt,
    "std::option::Option::as_deref_mut": _as_ref_opt,
}


TRAITS: Mapping[str, Handler] = {
    "Drop::drop": _drop,
}
