"""Where a reference points, and reading and writing there.

References are resolved while lifting: an `LValue` is a local and steps into it, and a value that
holds mutable references carries a tree (`Target` or `Parts`) saying where each one points. Control
flow that merges different targets is lifted once for each (see `extract.rust.lower_states`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from extract.expr import (
    ArrayTy,
    Expr,
    SeqTy,
    Type,
    add,
    at,
    concat,
    const,
    get,
    length,
    slice_,
    store,
    subexpressions,
    var,
    with_field,
)


@dataclass(frozen=True, slots=True)
class FieldStep:
    """Field ``index`` of ``variant``."""

    variant: int
    index: int
    ty: Type


@dataclass(frozen=True, slots=True)
class IndexStep:
    """Element at ``index``."""

    index: Expr
    ty: Type


@dataclass(frozen=True, slots=True)
class RangeStep:
    """Elements ``[start, end)`` as a slice."""

    start: Expr
    end: Expr
    ty: SeqTy


@dataclass(frozen=True, slots=True)
class UnsizeStep:
    """An array of ``length`` elements seen as a slice."""

    array: ArrayTy
    ty: SeqTy


Step: TypeAlias = FieldStep | IndexStep | RangeStep | UnsizeStep


@dataclass(frozen=True, slots=True)
class LValue:
    """A part of a local."""

    root: str
    root_ty: Type
    steps: tuple[Step, ...] = ()

    @property
    def ty(self) -> Type:
        """Type of the part."""
        return self.steps[-1].ty if self.steps else self.root_ty

    def step(self, step: Step) -> LValue:
        """One step further in; a slice of a slice is one slice."""
        last = self.steps[-1] if self.steps else None
        if isinstance(last, RangeStep) and isinstance(step, RangeStep):
            joined = RangeStep(add(last.start, step.start), add(last.start, step.end), step.ty)
            return LValue(self.root, self.root_ty, (*self.steps[:-1], joined))
        if isinstance(last, RangeStep) and isinstance(step, IndexStep):
            joined_index = IndexStep(add(last.start, step.index), step.ty)
            return LValue(self.root, self.root_ty, (*self.steps[:-1], joined_index))
        return LValue(self.root, self.root_ty, (*self.steps, step))


@dataclass(frozen=True, slots=True)
class Target:
    """A mutable reference (or raw pointer) to a place."""

    place: LValue


@dataclass(frozen=True, slots=True)
class Parts:
    """A value whose fields, by (variant, index), hold mutable references.

    ``variant`` is the value's variant where that is known: another variant's references do not
    exist then.
    """

    parts: tuple[tuple[tuple[int, int], Borrow], ...]
    variant: int | None = None

    def get(self, variant: int, index: int) -> Borrow | None:
        """What the field holds."""
        return next((b for key, b in self.parts if key == (variant, index)), None)


Borrow: TypeAlias = Target | Parts
Borrows: TypeAlias = Mapping[str, Borrow]


def parts(
    items: Mapping[tuple[int, int], Borrow | None], variant: int | None = None
) -> Parts | None:
    """A `Parts` of the fields that hold references, or None if there is nothing to say."""
    kept = tuple(sorted(((k, b) for k, b in items.items() if b is not None), key=lambda kb: kb[0]))
    return Parts(kept, variant) if kept or variant is not None else None


def read(place: LValue) -> Expr:
    """The value at ``place``."""
    value = var(place.root, place.root_ty)
    for s in place.steps:
        value = _into(value, s)
    return value


def _into(value: Expr, s: Step) -> Expr:
    match s:
        case FieldStep(variant, index, ty):
            return get(value, variant, index, ty)
        case IndexStep(index, _):
            return at(value, index)
        case RangeStep(start, end, _):
            return slice_(value, start, end)
        case UnsizeStep(array, ty):
            return slice_(value, const(0), const(array.length), ty)


def write(place: LValue, value: Expr) -> Expr:
    """The root's new value when ``value`` is written at ``place``."""
    return _update(var(place.root, place.root_ty), place.steps, value)


def _update(whole: Expr, steps: tuple[Step, ...], value: Expr) -> Expr:
    if not steps:
        return value
    first, rest = steps[0], steps[1:]
    part = _update(_into(whole, first), rest, value) if rest else value
    match first:
        case FieldStep(variant, index, _):
            return with_field(whole, variant, index, part)
        case IndexStep(index, _):
            return store(whole, index, part)
        case RangeStep(start, end, _):
            head = slice_(whole, const(0), start)
            return concat(concat(head, part), slice_(whole, end, length(whole)))
        case UnsizeStep(array, _):
            return slice_(part, const(0), const(array.length), array)


def borrow_at(place: LValue, borrows: Borrows) -> Borrow | None:
    """What references the value at ``place`` holds."""
    found = borrows.get(place.root)
    for s in place.steps:
        match s:
            case FieldStep(variant, index, _):
                found = found.get(variant, index) if isinstance(found, Parts) else None
            case UnsizeStep():
                pass
            case _:
                return None
        if found is None:
            return None
    return found


def with_borrow(place: LValue, borrows: dict[str, Borrow], held: Borrow | None) -> None:
    """Record that the value now at ``place`` holds ``held``."""
    made = _replace(borrows.get(place.root), place.steps, held)
    if made is None:
        borrows.pop(place.root, None)
    else:
        borrows[place.root] = made


def _replace(old: Borrow | None, steps: tuple[Step, ...], held: Borrow | None) -> Borrow | None:
    if not steps:
        return held
    first = steps[0]
    if isinstance(first, UnsizeStep):
        return _replace(old, steps[1:], held)
    if not isinstance(first, FieldStep):
        return old if held is None else None
    table: dict[tuple[int, int], Borrow | None] = dict(old.parts) if isinstance(old, Parts) else {}
    key = (first.variant, first.index)
    table[key] = _replace(table.get(key), steps[1:], held)
    return parts(table, old.variant if isinstance(old, Parts) else None)


def targets(held: Borrow | None) -> list[LValue]:
    """Every place that the value's references point to."""
    if held is None:
        return []
    if isinstance(held, Target):
        return [held.place]
    return [t for _, b in held.parts for t in targets(b)]


def mentions(held: Borrow | None) -> set[str]:
    """Locals that the targets' roots and indices mention."""
    names: set[str] = set()
    for place in targets(held):
        names.add(place.root)
        for s in place.steps:
            roots = [s.index] if isinstance(s, IndexStep) else []
            if isinstance(s, RangeStep):
                roots = [s.start, s.end]
            names |= {e.attr for e in subexpressions(roots) if e.op == "var"}
    return names
