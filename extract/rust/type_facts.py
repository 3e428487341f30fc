"""Rust types by themselves: primitives, open types, elements of sequences."""

from __future__ import annotations

from typing import TypeAlias

from extract.rust.mir import DynTy, ImplTy, PathTy, ProjectionTy, RustArrayTy, RustTy, SliceTy

Env: TypeAlias = dict[str, RustTy]

INTEGERS = {
    f"{sign}{bits}": (bits, sign == "i") for sign in "iu" for bits in (8, 16, 32, 64, 128)
} | {"usize": (64, False), "isize": (64, True)}
PRIMITIVES = {*INTEGERS, "bool", "char", "str", "f16", "f32", "f64", "f128", "Self"}


def is_param(ty: RustTy) -> bool:
    """Is this a type parameter left open (lifting a generic function as it stands)?"""
    return isinstance(ty, PathTy) and ty.path.startswith("?")


def is_open(ty: RustTy) -> bool:
    """Is this a type of which only bounds can be known?"""
    return is_param(ty) or isinstance(ty, ProjectionTy | ImplTy | DynTy)


def sequence_element(ty: RustTy) -> RustTy | None:
    """Element type of a slice, array or vector."""
    match ty:
        case SliceTy(elem) | RustArrayTy(elem, _) | PathTy("std::vec::Vec", (elem,)):
            return elem
    return None
