"""Rust types as `Program` types: what a value of each type is, references taken away.

A shared reference is the value behind it. A mutable reference (or raw pointer) has no value of its
own: where it points to is known while lifting (`extract.rust.place`), so its run-time value is the
unit. A ``Box`` is its content; a ``Vec``, slice or ``str`` is a sequence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from extract.expr import (
    BOOL,
    ArrayTy,
    DataTy,
    Expr,
    IntTy,
    OpaqueTy,
    SeqTy,
    Type,
    make,
)
from extract.program import DataDef, Program, Variant
from extract.rust.mir import (
    ClosureTy,
    ConstTy,
    DynTy,
    FnTy,
    ImplTy,
    NeverTy,
    PathTy,
    ProjectionTy,
    RawPtrTy,
    RefTy,
    RustArrayTy,
    RustTy,
    SliceTy,
    TupleTy,
)
from extract.rust.type_facts import INTEGERS
from extract.rust.type_text import closure_name, show
from extract.rust.world import World

UNIT_TY = DataTy("()")
UNIT: Expr = make(UNIT_TY, 0, ())
# Wrappers without meaning of their own here: a value of one is a value of its argument.
TRANSPARENT = frozenset(
    {"std::mem::MaybeUninit", "std::mem::ManuallyDrop", "std::mem::MaybeDangling"}
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A variant of a Rust type: its name, discriminant and field names with types."""

    name: str
    discriminant: int
    fields: tuple[tuple[str, RustTy], ...]


# Structs of std: their fields, each of the type's first argument.
_STD_STRUCTS: Mapping[str, tuple[str, ...]] = {
    "std::ops::Range": ("start", "end"),
    "std::ops::RangeFrom": ("start",),
    "std::ops::RangeTo": ("end",),
    "std::ops::RangeToInclusive": ("end",),
    "std::ops::RangeFull": (),
    "std::marker::PhantomData": (),
    "std::num::TryFromIntError": (),
    "std::num::Wrapping": ("0",),
    "std::cmp::Reverse": ("0",),
}


def _std_adts(path: str, args: tuple[RustTy, ...]) -> tuple[bool, tuple[Shape, ...]] | None:
    """Std types that stay as they are: (is an enum, variants)."""

    def arg(i: int) -> RustTy:
        return args[i] if i < len(args) else TupleTy()

    names = _STD_STRUCTS.get(path)
    if names is not None:
        fields = tuple((name, arg(0)) for name in names)
        return False, (Shape(path.rsplit("::", 1)[-1], 0, fields),)
    match path:
        case "std::option::Option":
            return True, (Shape("None", 0, ()), Shape("Some", 1, (("0", arg(0)),)))
        case "std::result::Result":
            return True, (Shape("Ok", 0, (("0", arg(0)),)), Shape("Err", 1, (("0", arg(1)),)))
        case "std::ops::ControlFlow":
            return True, (
                Shape("Continue", 0, (("0", arg(1)),)),
                Shape("Break", 1, (("0", arg(0)),)),
            )
        case "std::cmp::Ordering":
            return True, (Shape("Less", -1, ()), Shape("Equal", 0, ()), Shape("Greater", 1, ()))
        case "std::convert::Infallible":
            return True, ()
        case "std::ops::RangeInclusive":
            fields = (("start", arg(0)), ("end", arg(0)), ("exhausted", PathTy("bool")))
            return False, (Shape("RangeInclusive", 0, fields),)
    return None


class Layout:
    """Lowers types into one program, defining data types as it meets them."""

    def __init__(self, world: World, program: Program) -> None:
        self.world = world
        self.program = program
        self._types: dict[RustTy, Type] = {}
        self._mut: dict[RustTy, bool] = {}
        self.captures: dict[str, tuple[RustTy, ...]] = {}
        self.opaque: set[str] = set()
        program.datatypes.setdefault("()", DataDef("()", (Variant("", ()),)))

    def lower(self, ty: RustTy) -> Type:
        """The program type of an absolute Rust type."""
        found = self._types.get(ty)
        if found is None:
            found = self._types[ty] = self._lower(ty)
        return found

    def _lower(self, ty: RustTy) -> Type:
        match ty:
            case PathTy():
                return self._path(ty)
            case RefTy(inner, False):
                return self.lower(inner)
            case RefTy() | RawPtrTy() | NeverTy():
                return UNIT_TY
            case TupleTy(items):
                return self._tuple(ty, items)
            case RustArrayTy(elem, ConstTy(value)):
                return ArrayTy(self.lower(elem), int(value))
            case RustArrayTy(elem, _) | SliceTy(elem):
                return SeqTy(self.lower(elem))
            case ClosureTy():
                return DataTy(closure_name(ty))
            case FnTy(_, _, item) if item is not None:
                return UNIT_TY
            case FnTy() | DynTy() | ImplTy() | ProjectionTy():
                return OpaqueTy(show(ty))
            case ConstTy():
                return UNIT_TY
        raise TypeError(ty)

    def _path(self, ty: PathTy) -> Type:
        path = ty.path
        if path in INTEGERS:
            bits, signed = INTEGERS[path]
            return IntTy(bits, signed)
        if path == "bool":
            return BOOL
        if path == "char":
            return IntTy(32, signed=False)
        if path in ("str", "std::string::String"):
            return SeqTy(IntTy(8, signed=False))
        if path == "std::vec::Vec":
            return SeqTy(self.lower(ty.args[0]))
        if path in ("std::boxed::Box", "std::rc::Rc", "std::sync::Arc") or path in TRANSPARENT:
            return self.lower(ty.args[0])
        if self.variants(ty) is None:
            return OpaqueTy(show(ty))
        name = show(ty)
        self._types[ty] = DataTy(name)  # first, so that a recursive type finds itself
        self._define(name, ty)
        return DataTy(name)

    def _define(self, name: str, ty: RustTy) -> None:
        found = self.variants(ty)
        if found is None:
            raise TypeError("found")
        is_enum, variants = found
        made = tuple(
            Variant(v.name, tuple((n, self.lower(t)) for n, t in v.fields), v.discriminant)
            for v in variants
        )
        self.program.datatypes[name] = DataDef(name, made, is_enum)

    def _tuple(self, ty: RustTy, items: tuple[RustTy, ...]) -> Type:
        if not items:
            return UNIT_TY
        name = show(ty)
        self._types[ty] = DataTy(name)
        fields = tuple((f"_{i}", self.lower(t)) for i, t in enumerate(items))
        self.program.datatypes[name] = DataDef(name, (Variant("", fields),))
        return DataTy(name)

    def define_closure(self, ty: ClosureTy, captures: tuple[RustTy, ...]) -> DataTy:
        """Define a closure's data type: one field for each capture."""
        name = closure_name(ty)
        self.captures[name] = captures
        fields = tuple((f"_{i}", self.lower(t)) for i, t in enumerate(captures))
        self.program.datatypes[name] = DataDef(name, (Variant("", fields),))
        return DataTy(name)

    def variants_of_closure(self, ty: ClosureTy) -> tuple[RustTy, ...]:
        """Types of a closure's captures, as far as it has been made."""
        return self.captures.get(closure_name(ty), ())

    def variants(self, ty: RustTy) -> tuple[bool, tuple[Shape, ...]] | None:
        """`declared`, but None for a type that is taken as opaque."""
        return None if self.is_opaque(ty) else self.declared(ty)

    def is_opaque(self, ty: RustTy) -> bool:
        """Is this a type that is never looked into?"""
        return isinstance(ty, PathTy) and ty.path in self.opaque

    def declared(self, ty: RustTy) -> tuple[bool, tuple[Shape, ...]] | None:
        """(is an enum, variants) of a struct, enum, tuple or closure; None for other types."""
        match ty:
            case TupleTy(items):
                return False, (Shape("", 0, tuple((f"_{i}", t) for i, t in enumerate(items))),)
            case ClosureTy():
                captures = self.captures.get(closure_name(ty), ())
                return False, (Shape("", 0, tuple((f"_{i}", t) for i, t in enumerate(captures))),)
            case PathTy(path, args):
                std = _std_adts(path, args)
                if std is not None:
                    return std
                adt = self.world.adt(path)
                if adt is None:
                    return None
                crate = path.split("::", 1)[0]
                env = self.world.bind(adt.generics, args)
                shapes = tuple(
                    Shape(
                        v.name,
                        v.discriminant,
                        tuple((n, self.world.absolute(t, crate, env)) for n, t in v.fields),
                    )
                    for v in adt.variants
                )
                return adt.is_enum, shapes
        return None

    def holds_mut(self, ty: RustTy) -> bool:
        """Does a value of this type hold a mutable reference or raw pointer?"""
        found = self._mut.get(ty)
        if found is None:
            self._mut[ty] = False  # a recursive type holds one only through another part
            found = self._mut[ty] = self._holds_mut(ty)
        return found

    def _holds_mut(self, ty: RustTy) -> bool:
        match ty:
            case RefTy(_, True) | RawPtrTy():
                return True
            case RefTy(inner, False):
                return self.holds_mut(inner)
            case RustArrayTy(elem, _) | SliceTy(elem):
                return self.holds_mut(elem)
            case PathTy("std::vec::Vec" | "std::boxed::Box" | "std::rc::Rc", (inner, *_)):
                return self.holds_mut(inner)
            case PathTy(path, (inner, *_)) if path in TRANSPARENT:
                return self.holds_mut(inner)
        found = self.variants(ty)
        if found is None:
            return False
        return any(self.holds_mut(t) for v in found[1] for _, t in v.fields)
