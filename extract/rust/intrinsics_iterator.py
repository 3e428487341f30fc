"""Making iterators and ranges; an iterator's own methods are models."""

from __future__ import annotations

from collections.abc import Mapping

from extract.expr import FALSE, make
from extract.rust.intrinsics_site import Handler, Site
from extract.rust.layout import UNIT
from extract.rust.lower_context import Value, coerce
from extract.rust.lower_place import pointee
from extract.rust.mir import Callee, PathTy, RefTy, RustArrayTy, RustTy, Segment, SliceTy
from extract.rust.type_facts import sequence_element
from extract.rust.type_text import show
from extract.rust.unsupported import Unsupported


def _into_iter(site: Site) -> Value | None:
    lifter = site.lifter
    a = site.args[0]
    if lifter.world.traits.is_iterator(a.ty):
        return a
    seq: RustTy = a.ty
    if isinstance(seq, RefTy):
        elem = sequence_element(seq.inner)
        if elem is None:
            raise Unsupported(f"iterating over `{show(a.ty)}`", site.emit.span)
        if seq.mutable:
            view = site.value(UNIT, RefTy(SliceTy(elem), True), site.place(0))
            key = "std::slice::iter_mut"
            site.again(lifter.items.std(key, SliceTy(elem), (elem,), ()), [view])
            return None
        view = site.value(site.once(0).expr, RefTy(SliceTy(elem)))
        site.again(lifter.items.std("std::slice::iter", SliceTy(elem), (elem,), ()), [view])
        return None
    elem = sequence_element(seq)
    if elem is None:
        raise Unsupported(f"iterating over `{show(a.ty)}`", site.emit.span)
    if isinstance(seq, RustArrayTy):
        made = lifter.items.std("std::array::into_iter", seq, (elem, seq.length), ())
    else:
        made = lifter.items.std("std::vec::Vec::into_iter", seq, (elem,), ())
    site.again(made, [a])
    return None


def _through_mut(site: Site) -> None:
    """A method of ``&mut I`` as an iterator is the same method of ``I``. Raises `Unsupported`."""
    ty = site.item.self_ty
    if not (isinstance(ty, RefTy) and ty.mutable):
        raise Unsupported(
            f"std function `{site.item.key}` of `{show(ty) if ty else ''}`", site.emit.span
        )
    inner = pointee(site.emit, site.args[0])
    group, method = site.item.key.rsplit("::", 1)
    callee = Callee((Segment(method, site.item.args),), ty.inner, PathTy(group))
    resolved = site.lifter.items.resolve(callee, "", {})
    site.again(resolved, [inner, *site.args[1:]])


def _range_inclusive_new(site: Site) -> Value:
    result = site.result_ty()
    lowered = site.layout.lower(result)
    if not isinstance(result, PathTy):
        raise TypeError(result)
    inner = site.layout.lower(result.args[0])
    start, end = (coerce(v.expr, inner) for v in site.args)
    return site.value(make(lowered, 0, (start, end, FALSE)), result)


ITEMS: Mapping[str, Handler] = {
    "std::ops::RangeInclusive::new": _range_inclusive_new,
}


TRAITS: Mapping[str, Handler] = {
    "IntoIterator::into_iter": _into_iter,
}


# Apart from `TRAITS`: no primitive has these built in.
METHODS: Mapping[str, Handler] = {
    "Iterator::next": _through_mut,
    "DoubleEndedIterator::next_back": _through_mut,
    "ExactSizeIterator::len": _through_mut,
}
