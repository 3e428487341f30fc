"""Symbolic values: what a local holds on one path of a symbolic execution.

Booleans, integers and values of uninterpreted sorts (as unbounded integers, of which only
equality is ever used) are scalar expressions. Everything else keeps its structure, so that each
condition ends in scalars. A named value stands for any value of its type: its parts are variables
or, below an index, applications of uninterpreted functions, made when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias, Union

from extract.expr import (
    FALSE,
    INT,
    TRUE,
    ArrayTy,
    BoolTy,
    DataTy,
    Expr,
    IntTy,
    OpaqueTy,
    SeqTy,
    Type,
    add,
    and_,
    app,
    const,
    eq,
    implies,
    ite,
    le,
    lt,
    quantified,
    sub,
    var,
)
from extract.program import DataDef, Program

_DEEPEST: Final = 12
_EXPANDED: Final = 64


class UnsupportedError(Exception):
    """Something that cannot be expressed yet: what, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Named:
    """Any value of a data type; its parts bear the name and depend on ``args``."""

    ty: DataTy
    name: str
    args: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A value of a data type: its variant and, for variants it may have, its fields."""

    ty: DataTy
    tag: Expr
    fields: tuple[tuple[Value, ...] | None, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """An array or sequence, element by element."""

    ty: ArrayTy | SeqTy
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Base:
    """Any array or sequence of this length; its elements bear the name."""

    ty: ArrayTy | SeqTy
    name: str
    args: tuple[Expr, ...]
    length: Expr


@dataclass(frozen=True, slots=True)
class Stored:
    """A sequence with one element replaced."""

    ty: ArrayTy | SeqTy
    base: Sequence
    index: Expr
    value: Value


@dataclass(frozen=True, slots=True)
class Cut:
    """``length`` elements of a sequence from ``start`` on."""

    ty: ArrayTy | SeqTy
    base: Sequence
    start: Expr
    length: Expr


@dataclass(frozen=True, slots=True)
class Joined:
    """Two sequences, one after the other."""

    ty: ArrayTy | SeqTy
    first: Sequence
    second: Sequence


@dataclass(frozen=True, slots=True)
class Filled:
    """A value repeated."""

    ty: ArrayTy | SeqTy
    value: Value
    length: Expr


@dataclass(frozen=True, slots=True)
class Either:
    """One of two values of a type, by a condition."""

    ty: Type
    condition: Expr
    then: Value
    otherwise: Value


Sequence: TypeAlias = Items | Base | Stored | Cut | Joined | Filled | Either
Value: TypeAlias = Union[Expr, Named, Record, Sequence]  # noqa: UP007 (recursive)
Hole: TypeAlias = "Value | BoolTy | IntTy"
"""A value whose scalars are replaced by their types."""


def type_of(value: Value) -> Type:
    """The type of a symbolic value."""
    return value.ty


class Values:
    """Operations on the symbolic values of one program.

    ``ranges`` maps the name of a variable or function to bounds that its value has by
    construction: lengths of sequences and numbers of variants. ``in_memory`` says that sequences
    lie in the memory of a 64-bit machine, which bounds their length.
    """

    def __init__(self, program: Program, *, in_memory: bool) -> None:
        self.program = program
        self.in_memory = in_memory
        self.ranges: dict[str, tuple[int, int | None]] = {}
        self.bound: set[str] = set()
        self._recursive: dict[str, bool] = {}
        self._count = 0

    def unique(self, hint: str) -> str:
        """A name that nothing else has."""
        self._count += 1
        return f"{hint}#{self._count}"

    def bound_variable(self, hint: str) -> Expr:
        """A fresh variable for a quantifier."""
        name = self.unique(hint)
        self.bound.add(name)
        return var(name, INT)

    # Making ------------------------------------------------------------------------------

    def named(self, ty: Type, name: str, args: tuple[Expr, ...] = ()) -> Value:
        """Any value of ``ty``, the same one for the same name and arguments."""
        match ty:
            case BoolTy() | IntTy():
                return _leaf(name, args, ty)
            case OpaqueTy():
                return _leaf(name, args, INT)
            case DataTy():
                return Named(ty, name, args)
            case ArrayTy(_, length):
                return Base(ty, name, args, const(length))
            case SeqTy():
                return Base(ty, name, args, self._any_length(ty.elem, f"{name}.len", args))

    def _any_length(self, elem: Type, name: str, args: tuple[Expr, ...]) -> Expr:
        """The length of any sequence: in memory, an allocation has at most 2**63 - 1 bytes."""
        if not self.in_memory:
            self.ranges[name] = (0, None)
            return _leaf(name, args, INT)
        return _leaf(name, args, IntTy(64 if self._weightless(elem) else 63, signed=False))

    def _weightless(self, ty: Type) -> bool:
        match ty:
            case DataTy():
                definition = self.program.datatype(ty)
                return len(definition.variants) <= 1 and all(
                    self._weightless(t) for v in definition.variants for _, t in v.fields
                )
            case ArrayTy(elem, length):
                return length == 0 or self._weightless(elem)
            case OpaqueTy():
                return True
            case _:
                return False

    def definition(self, ty: Type) -> DataDef:
        """The definition of a data type."""
        if not isinstance(ty, DataTy):
            raise TypeError(f"{ty} is not a data type")
        return self.program.datatype(ty)

    def record(self, ty: Type, variant: int, fields: tuple[Value, ...]) -> Record:
        """A value of known variant."""
        definition = self.definition(ty)
        assert isinstance(ty, DataTy)  # noqa: S101 (checked by `definition`)
        slots = tuple(fields if i == variant else None for i in range(len(definition.variants)))
        return Record(ty, const(variant), slots)

    # Data types --------------------------------------------------------------------------

    def tag(self, value: Value) -> Expr:
        """The position of the variant, as an integer."""
        match value:
            case Record(_, tag, _):
                return tag
            case Named(ty, name, args):
                count = len(self.definition(ty).variants)
                if count <= 1:
                    return const(0)
                self.ranges[f"{name}.tag"] = (0, count - 1)
                bits = (count - 1).bit_length()
                return _leaf(f"{name}.tag", args, IntTy(bits, signed=False))
            case Either(_, condition, a, b):
                return ite(condition, self.tag(a), self.tag(b))
        raise TypeError(f"no variant in a value of type {type_of(value)}")

    def is_variant(self, value: Value, variant: int) -> Expr:
        """Does the value have this variant?"""
        if isinstance(value, Either):
            return ite(
                value.condition,
                self.is_variant(value.then, variant),
                self.is_variant(value.otherwise, variant),
            )
        return eq(self.tag(value), const(variant))

    def field(self, value: Value, variant: int, index: int) -> Value:
        """A field of a variant; any value if the value has another variant."""
        ty = type_of(value)
        definition = self.definition(ty)
        name, field_ty = definition.variants[variant].fields[index]
        match value:
            case Record(_, _, fields):
                known = fields[variant]
                if known is not None:
                    return known[index]
                return self.named(field_ty, self.unique(f"unspecified.{name}"))
            case Named(_, own, args):
                middle = f"{definition.variants[variant].name}." if definition.is_enum else ""
                return self.named(field_ty, f"{own}.{middle}{name}", args)
            case Either(_, condition, a, b):
                # A side that certainly has another variant says nothing of this field.
                for side, other in ((a, b), (b, a)):
                    if isinstance(side, Record) and side.fields[variant] is None:
                        return self.field(other, variant, index)
                return self.choose(
                    condition, self.field(a, variant, index), self.field(b, variant, index)
                )
        raise TypeError(f"no fields in a value of type {ty}")

    def with_field(self, value: Value, variant: int, index: int, new: Value) -> Value:
        """The value with one field replaced, if it has that variant."""
        opened = self.opened(value)
        fields = opened.fields[variant]
        if fields is None:
            return value
        changed = (*fields[:index], new, *fields[index + 1 :])
        slots = (*opened.fields[:variant], changed, *opened.fields[variant + 1 :])
        return Record(opened.ty, opened.tag, slots)

    def opened(self, value: Value) -> Record:
        """A data value with its fields spelled out, one level deep."""
        if isinstance(value, Record):
            return value
        ty = type_of(value)
        definition = self.definition(ty)
        assert isinstance(ty, DataTy)  # noqa: S101 (checked by `definition`)
        slots = tuple(
            tuple(self.field(value, v, i) for i in range(len(variant.fields)))
            for v, variant in enumerate(definition.variants)
        )
        return Record(ty, self.tag(value), slots)

    # Sequences ---------------------------------------------------------------------------

    def length(self, value: Value) -> Expr:
        """Number of elements."""
        ty = type_of(value)
        if isinstance(ty, ArrayTy):
            return const(ty.length)
        match value:
            case Items(_, items):
                return const(len(items))
            case Base() | Cut() | Filled():
                return value.length
            case Stored(_, base, _, _):
                return self.length(base)
            case Joined(_, first, second):
                return add(self.length(first), self.length(second))
            case Either(_, condition, a, b):
                return ite(condition, self.length(a), self.length(b))
        raise TypeError(f"no length of a value of type {ty}")

    def read(self, value: Value, index: Expr) -> Value:
        """The element at ``index``; some value if that is out of bounds."""
        match value:
            case Items(ty, items):
                return self._read_items(ty, items, index)
            case Base(ty, name, args, _):
                return self.named(ty.elem, f"{name}[]", (*args, index))
            case Stored(_, base, at, new):
                same = eq(index, at)
                if same is TRUE:
                    return new
                if same is FALSE:
                    return self.read(base, index)
                return self.choose(same, new, self.read(base, index))
            case Cut(_, base, start, _):
                return self.read(base, add(start, index))
            case Joined(_, first, second):
                middle = self.length(first)
                before = lt(index, middle)
                if before.op == "const":
                    return (
                        self.read(first, index)
                        if before.attr
                        else self.read(second, sub(index, middle))
                    )
                return self.choose(
                    before, self.read(first, index), self.read(second, sub(index, middle))
                )
            case Filled(_, item, _):
                return item
            case Either(_, condition, a, b):
                return self.choose(condition, self.read(a, index), self.read(b, index))
        raise TypeError(f"no elements in a value of type {type_of(value)}")

    def _read_items(self, ty: ArrayTy | SeqTy, items: tuple[Value, ...], index: Expr) -> Value:
        if index.op == "const":
            position: int = index.attr
            if 0 <= position < len(items):
                return items[position]
        if not items or index.op == "const":
            return self.named(ty.elem, self.unique("unspecified[]"))

        def among(low: int, high: int) -> Value:
            if high - low == 1 or all(x == items[low] for x in items[low + 1 : high]):
                return items[low]
            middle = (low + high) // 2
            return self.choose(lt(index, const(middle)), among(low, middle), among(middle, high))

        return among(0, len(items))

    def store(self, value: Value, index: Expr, new: Value) -> Value:
        """The sequence with the element at ``index`` replaced; itself if that is out of bounds."""
        ty = type_of(value)
        assert isinstance(ty, ArrayTy | SeqTy)  # noqa: S101 (types of the program)
        if isinstance(value, Items):
            items = value.items
            if index.op == "const":
                if not 0 <= index.attr < len(items):
                    return value
                return Items(ty, (*items[: index.attr], new, *items[index.attr + 1 :]))
            if len(items) <= _EXPANDED:
                return Items(
                    ty,
                    tuple(
                        self.choose(eq(index, const(i)), new, old) for i, old in enumerate(items)
                    ),
                )
        if isinstance(value, Stored) and value.index is index:
            return Stored(ty, value.base, index, new)
        assert not isinstance(value, Expr | Named | Record)  # noqa: S101 (types of the program)
        return Stored(ty, value, index, new)

    # Choice and equality ---------------------------------------------------------------------

    def choose(self, condition: Expr, a: Value, b: Value) -> Value:
        """``a`` if the condition holds and otherwise ``b``."""
        if condition is TRUE or a == b:
            return a
        if condition is FALSE:
            return b
        if isinstance(a, Expr) and isinstance(b, Expr):
            return ite(condition, a, b)
        if isinstance(a, Record) and isinstance(b, Record):
            slots = []
            for x, y in zip(a.fields, b.fields, strict=True):
                if x is None or y is None:
                    slots.append(x if y is None else y)
                else:
                    both = zip(x, y, strict=True)
                    slots.append(tuple(self.choose(condition, p, q) for p, q in both))
            return Record(a.ty, ite(condition, a.tag, b.tag), tuple(slots))
        if isinstance(a, Items) and isinstance(b, Items) and len(a.items) == len(b.items):
            pairs = zip(a.items, b.items, strict=True)
            return Items(a.ty, tuple(self.choose(condition, p, q) for p, q in pairs))
        return Either(type_of(a), condition, a, b)

    def equal(self, a: Value, b: Value, depth: int = 0) -> Expr:
        """Equality of two values of one type."""
        if a == b:
            return TRUE
        if isinstance(a, Expr) and isinstance(b, Expr):
            return eq(a, b)
        ty = type_of(a)
        if depth > _DEEPEST:
            raise UnsupportedError(
                f"equality of values of the recursive type {ty}: compare parts of them"
            )
        if isinstance(ty, DataTy):
            return self._equal_data(a, b, ty, depth)
        if isinstance(ty, ArrayTy) and ty.length <= _EXPANDED:
            return and_(
                *(
                    self.equal(self.read(a, const(i)), self.read(b, const(i)), depth + 1)
                    for i in range(ty.length)
                )
            )
        m, n = self.length(a), self.length(b)
        if m.op == "const" and n.op == "const":
            if m.attr != n.attr:
                return FALSE
            if m.attr <= _EXPANDED:
                indices = (const(i) for i in range(m.attr))
                return and_(
                    *(self.equal(self.read(a, i), self.read(b, i), depth + 1) for i in indices)
                )
        k = self.bound_variable("k")
        body = self.equal(self.read(a, k), self.read(b, k), depth + 1)
        return and_(eq(m, n), quantified("forall", k.attr, const(0), m, body))

    def _equal_data(self, a: Value, b: Value, ty: DataTy, depth: int) -> Expr:
        definition = self.definition(ty)
        tags = eq(self.tag(a), self.tag(b))
        parts = [tags]
        if tags is FALSE:
            return FALSE
        for v, variant in enumerate(definition.variants):
            here = and_(self.is_variant(a, v), self.is_variant(b, v))
            if here is FALSE:
                continue
            same = and_(
                *(
                    self.equal(self.field(a, v, i), self.field(b, v, i), depth + 1)
                    for i in range(len(variant.fields))
                )
            )
            parts.append(implies(here, same))
        return and_(*parts)

    # Scalars of a value --------------------------------------------------------------------

    def flat(self, value: Value) -> Value:
        """The value in a form that depends as little as possible on how it came about."""
        ty = type_of(value)
        if isinstance(value, Expr) or not isinstance(ty, DataTy):
            return value
        if self._is_recursive(ty):
            return value
        opened = self.opened(value)
        return Record(
            opened.ty,
            opened.tag,
            tuple(
                None if slot is None else tuple(self.flat(x) for x in slot)
                for slot in opened.fields
            ),
        )

    def _is_recursive(self, ty: DataTy) -> bool:
        known = self._recursive.get(ty.name)
        if known is None:
            seen: set[str] = set()
            todo = [t for v in self.definition(ty).variants for _, t in v.fields]
            while todo:
                t = todo.pop()
                if isinstance(t, ArrayTy):
                    todo.append(t.elem)
                elif isinstance(t, DataTy) and t.name not in seen:
                    seen.add(t.name)
                    todo += [u for v in self.definition(t).variants for _, u in v.fields]
            known = self._recursive[ty.name] = ty.name in seen
        return known


def _leaf(name: str, args: tuple[Expr, ...], ty: Type) -> Expr:
    return app(name, args, ty) if args else var(name, ty)


def scalars(value: Value) -> Iterator[Expr]:
    """The scalar expressions inside a value, in a fixed order."""
    if isinstance(value, Expr):
        yield value
        return
    for part in _parts(value):
        yield from scalars(part)


def _parts(value: Named | Record | Sequence) -> tuple[Value, ...]:
    match value:
        case Named(_, _, args):
            return args
        case Record(_, tag, fields):
            return (tag, *(x for slot in fields for x in slot or ()))
        case Items(_, items):
            return items
        case Base(_, _, args, length):
            return (*args, length)
        case Stored(_, base, index, new):
            return base, index, new
        case Cut(_, base, start, length):
            return base, start, length
        case Joined(_, first, second):
            return first, second
        case Filled(_, item, length):
            return item, length
        case Either(_, condition, a, b):
            return condition, a, b


def with_scalars(value: Value, f: Callable[[Expr], Expr]) -> Value:
    """The value with ``f`` applied to each scalar, in the order of `scalars`."""
    match value:
        case Expr():
            return f(value)
        case Named(ty, name, args):
            return Named(ty, name, tuple(f(a) for a in args))
        case Record(ty, tag, fields):
            head = f(tag)
            return Record(
                ty,
                head,
                tuple(
                    None if slot is None else tuple(with_scalars(x, f) for x in slot)
                    for slot in fields
                ),
            )
        case Items(ty, items):
            return Items(ty, tuple(with_scalars(x, f) for x in items))
        case Base(ty, name, args, length):
            return Base(ty, name, tuple(f(a) for a in args), f(length))
        case Stored(ty, base, index, new):
            inner = _sequence(with_scalars(base, f))
            return Stored(ty, inner, f(index), with_scalars(new, f))
        case Cut(ty, base, start, length):
            return Cut(ty, _sequence(with_scalars(base, f)), f(start), f(length))
        case Joined(ty, first, second):
            return Joined(ty, _sequence(with_scalars(first, f)), _sequence(with_scalars(second, f)))
        case Filled(ty, item, length):
            return Filled(ty, with_scalars(item, f), f(length))
        case Either(ty, condition, a, b):
            return Either(ty, f(condition), with_scalars(a, f), with_scalars(b, f))


def _sequence(value: Value) -> Sequence:
    assert not isinstance(value, Expr | Named | Record)  # noqa: S101 (same shape as before)
    return value


def in_bounds(k: Expr, low: Expr, high: Expr) -> Expr:
    """``low <= k < high``."""
    return and_(le(low, k), lt(k, high))
