"""Slices, arrays and vectors: dereferencing, lengths, indexing, and changes of a `Vec`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from extract.expr import (
    ArrayTy,
    Expr,
    SeqTy,
    add,
    array,
    at,
    concat,
    const,
    element,
    eq,
    get,
    ite,
    le,
    length,
    lt,
    repeat,
    slice_,
    sub,
)
from extract.rust.intrinsics_site import Handler, Site
from extract.rust.layout import UNIT
from extract.rust.lower_context import USIZE, Value, coerce
from extract.rust.lower_place import pointee
from extract.rust.mir import PathTy, RefTy, RustTy, SliceTy, TupleTy
from extract.rust.place import IndexStep, RangeStep, Target, UnsizeStep, read
from extract.rust.type_facts import sequence_element
from extract.rust.type_text import show
from extract.rust.unsupported import Unsupported


def _deref(site: Site) -> Value:
    """``Deref::deref`` and the like: the same thing seen as what it derefs to."""
    result = site.result_ty()
    a = site.args[0]
    if isinstance(result, RefTy) and result.mutable:
        place = site.place(0).place
        if isinstance(place.ty, ArrayTy) and isinstance(result.inner, SliceTy):
            place = place.step(UnsizeStep(place.ty, SeqTy(place.ty.elem)))
        return site.value(UNIT, result, Target(place))
    inner = pointee(site.emit, a)
    while (
        isinstance(result, RefTy)
        and isinstance(inner.ty, RefTy)
        and not isinstance(result.inner, RefTy)
    ):
        inner = pointee(site.emit, inner)
    return site.value(inner.expr, result, inner.borrow)


def _length(site: Site) -> Value:
    return site.value(length(site.plain(0).expr), PathTy("usize"))


def _is_empty(site: Site) -> Value:
    return site.value(eq(length(site.plain(0).expr), const(0)), PathTy("bool"))


def _bounds(site: Site, index: Value, size: Expr) -> tuple[Expr, Expr, bool]:
    """(start, end, is one element) of an index; the checks that it makes are emitted."""
    ty = index.ty
    low: Expr
    if isinstance(ty, PathTy) and ty.path == "usize":
        site.emit.check(lt(index.expr, size), "bounds", "index out of bounds")
        return index.expr, add(index.expr, const(1)), True
    name = ty.path.rsplit("::", 1)[-1] if isinstance(ty, PathTy) else ""
    found = site.layout.variants(ty)
    fields = {n: i for i, (n, _) in enumerate(found[1][0].fields)} if found else {}

    def part(field: str) -> Expr:
        return get(index.expr, 0, fields[field], USIZE)

    match name:
        case "Range":
            low, high = part("start"), part("end")
        case "RangeFrom":
            low, high = part("start"), size
        case "RangeTo":
            low, high = const(0), part("end")
        case "RangeFull":
            return const(0), size, False
        case "RangeInclusive":
            low, high = part("start"), add(part("end"), const(1))
        case "RangeToInclusive":
            low, high = const(0), add(part("end"), const(1))
        case _:
            raise Unsupported(f"indexing by `{show(ty)}`", site.emit.span)
    site.emit.check(le(low, high), "bounds", "slice index starts after its end")
    site.emit.check(le(high, size), "bounds", "range end index out of range for slice")
    return low, high, False


def _index(site: Site) -> Value:
    sequence = site.plain(0)
    if sequence_element(sequence.ty) is None:
        raise Unsupported(f"indexing into `{show(sequence.ty)}`", site.emit.span)
    low, high, single = _bounds(site, site.args[1], length(sequence.expr))
    result = site.result_ty()
    if single:
        return site.value(at(sequence.expr, low), result)
    return site.value(slice_(sequence.expr, low, high), result)


def _index_mut(site: Site) -> Value:
    place = site.place(0).place
    elem = element(place.ty)
    low, high, single = _bounds(site, site.args[1], length(read(place)))
    step = IndexStep(low, elem) if single else RangeStep(low, high, SeqTy(elem))
    result = site.result_ty()
    return site.value(UNIT, result, Target(site.emit.freeze(place.step(step))))


def _split_at_mut(site: Site) -> Value:
    place = site.place(0).place
    size = length(read(place))
    middle = site.emit.hold(site.plain(1).expr, "mid")
    site.emit.check(le(middle, size), "bounds", "mid > len")
    seq = SeqTy(element(place.ty))
    result = site.result_ty()
    if not isinstance(result, TupleTy):
        raise TypeError(result)
    left = site.emit.freeze(place.step(RangeStep(const(0), middle, seq)))
    right = site.emit.freeze(place.step(RangeStep(middle, site.emit.hold(size, "len"), seq)))
    return site.tuple_of(
        site.value(UNIT, result.items[0], Target(left)),
        site.value(UNIT, result.items[1], Target(right)),
    )


def _as_slice(site: Site) -> Value:
    result = site.result_ty()
    if isinstance(result, RefTy) and result.mutable:
        return _deref(site)
    return site.value(site.plain(0).expr, result)


def _to_vec(site: Site) -> Value:
    elem = sequence_element(site.plain(0).ty)
    if site.method == "to_vec" and elem is not None:
        _need_plain_clone(site, elem)
    return site.value(site.plain(0).expr)


def _vec_new(site: Site) -> Value:
    result = site.result_ty()
    lowered = site.layout.lower(result)
    return site.value(array(lowered, ()), result)


def _vec_push(site: Site) -> Value:
    where = site.place(0).place
    old = read(where)
    item = coerce(site.args[1].expr, element(old.ty))
    if site.args[1].borrow is not None:
        raise Unsupported("a vector of mutable references", site.emit.span)
    site.emit.write(where, site.value(concat(old, array(old.ty, (item,))), site.once(0).ty))
    return site.unit()


def _vec_pop(site: Site) -> Value:
    where = site.place(0).place
    old = site.emit.hold(read(where), "v")
    size = length(old)
    some = lt(const(0), size)
    last = at(old, sub(size, const(1)))
    ty = site.result_ty()
    if not isinstance(ty, PathTy):
        raise TypeError(ty)
    made = site.option(some, last, ty.args[0])
    shorter = ite(some, slice_(old, const(0), sub(size, const(1))), old)
    kept = site.emit.hold(made.expr, "popped")
    site.emit.write(where, site.value(shorter, site.once(0).ty))
    return replace(made, expr=kept)


def _vec_truncate(site: Site) -> Value:
    where = site.place(0).place
    old = read(where)
    size = const(0) if site.method == "clear" else site.plain(1).expr
    kept = ite(lt(size, length(old)), slice_(old, const(0), size), old)
    if site.method == "clear":
        kept = array(old.ty, ())
    site.emit.write(where, site.value(kept, site.once(0).ty))
    return site.unit()


def _vec_extend(site: Site) -> Value:
    ty = site.once(0).ty
    if not (isinstance(ty, PathTy) and ty.path == "std::vec::Vec"):
        raise Unsupported(f"extending `{show(ty)}`", site.emit.span)
    where = site.place(0).place
    old, more = read(where), site.plain(1)
    if not isinstance(more.expr.ty, SeqTy | ArrayTy):
        raise Unsupported(f"extending a vector from `{show(more.ty)}`", site.emit.span)
    tail = coerce(more.expr, old.ty)
    site.emit.write(where, site.value(concat(old, tail), site.once(0).ty))
    if site.method == "append":
        other = site.place(1).place
        site.emit.write(other, site.value(array(old.ty, ()), site.once(1).ty))
    return site.unit()


def _vec_insert(site: Site) -> Value:
    where = site.place(0).place
    old = site.emit.hold(read(where), "v")
    index = site.plain(1).expr
    if site.method == "insert":
        site.emit.check(le(index, length(old)), "bounds", "insertion index out of bounds")
        item = coerce(site.args[2].expr, element(old.ty))
        front = concat(slice_(old, const(0), index), array(old.ty, (item,)))
        whole = concat(front, slice_(old, index, length(old)))
        site.emit.write(where, site.value(whole, site.once(0).ty))
        return site.unit()
    site.emit.check(lt(index, length(old)), "bounds", "removal index out of bounds")
    tail = slice_(old, add(index, const(1)), length(old))
    site.emit.write(where, site.value(concat(slice_(old, const(0), index), tail), site.once(0).ty))
    return site.value(at(old, index))


def _need_plain_clone(site: Site, ty: RustTy) -> None:
    if not site.lifter.types.clones_structurally(ty):
        raise Unsupported(f"copying elements of `{show(ty)}`, which has its own clone")


def _from_elem(site: Site) -> Value:
    _need_plain_clone(site, site.args[0].ty)
    result = site.result_ty()
    lowered = site.layout.lower(result)
    return site.value(repeat(lowered, site.args[0].expr, site.args[1].expr), result)


ITEMS: Mapping[str, Handler] = {
    "std::boxed::box_assume_init_into_vec_unsafe": _to_vec,
    "std::vec::Vec::new": _vec_new,
    "std::vec::Vec::with_capacity": _vec_new,
    "std::vec::Vec::push": _vec_push,
    "std::vec::Vec::pop": _vec_pop,
    "std::vec::Vec::truncate": _vec_truncate,
    "std::vec::Vec::clear": _vec_truncate,
    "std::vec::Vec::extend_from_slice": _vec_extend,
    "std::vec::Vec::append": _vec_extend,
    "std::vec::Vec::insert": _vec_insert,
    "std::vec::Vec::remove": _vec_insert,
    "std::vec::Vec::as_slice": _as_slice,
    "std::vec::Vec::as_mut_slice": _as_slice,
    "std::vec::Vec::into_boxed_slice": _to_vec,
    "std::vec::from_elem": _from_elem,
    "std::vec::Vec::len": _length,
    "std::vec::Vec::is_empty": _is_empty,
    "std::slice::len": _length,
    "std::slice::is_empty": _is_empty,
    "std::slice::to_vec": _to_vec,
    "std::slice::into_vec": _to_vec,
    "std::slice::split_at_mut": _split_at_mut,
    "std::array::as_slice": _as_slice,
    "std::array::as_mut_slice": _as_slice,
    # Of text the bytes are known, but nothing that has to do with characters.
    "std::string::String::len": _length,
    "std::string::String::is_empty": _is_empty,
    "std::string::String::as_str": _as_slice,
    "std::string::String::as_bytes": _as_slice,
    "std::str::len": _length,
    "std::str::as_bytes": _as_slice,
    "std::str::is_empty": _is_empty,
}


TRAITS: Mapping[str, Handler] = {
    "Deref::deref": _deref,
    "DerefMut::deref_mut": _deref,
    "AsRef::as_ref": _deref,
    "AsMut::as_mut": _deref,
    "Borrow::borrow": _deref,
    "BorrowMut::borrow_mut": _deref,
    "Index::index": _index,
    "IndexMut::index_mut": _index_mut,
    "Extend::extend": _vec_extend,
}
