"""Destructors, structural comparison and cloning, and sizes of Rust types."""

from __future__ import annotations

from extract.rust.layout import Layout
from extract.rust.mir import (
    ClosureTy,
    ConstTy,
    FnTy,
    PathTy,
    RefTy,
    RustArrayTy,
    RustTy,
    SliceTy,
    TupleTy,
)
from extract.rust.std_names import MODELS
from extract.rust.type_facts import INTEGERS, PRIMITIVES, is_param
from extract.rust.world import World


class TypeProperties:
    """What is known of types beyond their layout."""

    def __init__(self, world: World, layout: Layout) -> None:
        self._world = world
        self._layout = layout

    def has_drop(self, ty: RustTy, seen: frozenset[RustTy] = frozenset()) -> bool:
        """Does dropping a value of this type run code of the crates?"""
        if ty in seen or len(seen) > 40:
            return False
        match ty:
            case RefTy() | FnTy():
                return False
            case RustArrayTy(elem, _) | SliceTy(elem) | PathTy("std::vec::Vec", (elem, *_)):
                return self.has_drop(elem, seen | {ty})
        if isinstance(ty, PathTy) and not is_param(ty):
            if self._world.traits.find_impl(ty, PathTy("std::ops::Drop")) is not None:
                return True
            inner = [a for a in ty.args if ty.path.startswith("std::")]
            if any(self.has_drop(a, seen | {ty}) for a in inner):
                return True
        found = self._layout.variants(ty)
        if found is None:
            return False
        return any(self.has_drop(t, seen | {ty}) for v in found[1] for _, t in v.fields)

    def compares_structurally(self, ty: RustTy) -> bool:
        """Is ``==`` on this type equality of all parts?"""
        return self._structural(ty, "std::cmp::PartialEq", frozenset())

    def clones_structurally(self, ty: RustTy) -> bool:
        """Is a clone of this type always an equal copy?"""
        return self._structural(ty, "std::clone::Clone", frozenset())

    def _structural(self, ty: RustTy, trait: str, seen: frozenset[RustTy]) -> bool:
        if ty in seen:
            return True
        seen |= {ty}
        clone = trait.endswith("Clone")
        match ty:
            case RefTy(inner, mutable):
                return (clone and not mutable) or self._structural(inner, trait, seen)
            case RustArrayTy(elem, _) | SliceTy(elem):
                return self._structural(elem, trait, seen)
            case TupleTy(items):
                return all(self._structural(t, trait, seen) for t in items)
            case ClosureTy() | FnTy():
                return clone
            case PathTy(path, _) if path in PRIMITIVES:
                return not path.startswith("f") or clone
            case PathTy() if is_param(ty):
                return clone
            case PathTy():
                return self._named_structural(ty, trait, seen)
        return False

    def _named_structural(self, ty: PathTy, trait: str, seen: frozenset[RustTy]) -> bool:
        """Of std's types and models nothing but their arguments can differ."""
        arguments = () if trait.endswith("Clone") else (ty,)
        found = self._world.traits.find_impl(ty, PathTy(trait, arguments))
        if ty.path.startswith(("std::", f"{MODELS}::")):
            return all(self._structural(a, trait, seen) for a in ty.args)
        if found is None or not found[0].derived:
            return False
        variants = self._layout.declared(ty)
        return variants is not None and all(
            self._structural(t, trait, seen) for v in variants[1] for _, t in v.fields
        )

    def size_of(self, ty: RustTy) -> int | None:
        """Size of a type in bytes, where its layout leaves no choice."""
        match ty:
            case PathTy(path, _) if path in INTEGERS:
                return INTEGERS[path][0] // 8
            case PathTy("bool", _):
                return 1
            case PathTy("char", _):
                return 4
            case RustArrayTy(elem, ConstTy(n)):
                size = self.size_of(elem)
                return size * int(n) if size is not None else None
            case TupleTy(()):
                return 0
        found = self._layout.variants(ty)
        if found is None or found[0] or not found[1]:
            return None
        sizes = [self.size_of(t) for _, t in found[1][0].fields]
        sized = [s for s in sizes if s]
        if None in sizes or len(sized) > 1:
            return None
        return sized[0] if sized else 0
