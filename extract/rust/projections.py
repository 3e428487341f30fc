"""Associated types, of the crates and of std."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from extract.rust.mir import (
    ClosureTy,
    FnTy,
    PathTy,
    ProjectionTy,
    RefTy,
    RustArrayTy,
    RustTy,
    SliceTy,
    TupleTy,
)
from extract.rust.type_facts import PRIMITIVES, sequence_element

if TYPE_CHECKING:
    from extract.rust.world import World

OPERATORS = {
    "Add", "Sub", "Mul", "Div", "Rem", "Neg", "Not", "BitAnd", "BitOr", "BitXor", "Shl", "Shr",
}  # fmt: skip


class Projections:
    """What associated types stand for."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[ProjectionTy, RustTy] = {}

    def project(self, p: ProjectionTy) -> RustTy:
        """The type that an associated type stands for, or the projection itself if open."""
        found = self._known.get(p)
        if found is None:
            found = self._known[p] = self._project(p)
        return found

    def _project(self, p: ProjectionTy) -> RustTy:
        impl = self._world.traits.find_impl(p.self_ty, p.trait)
        if impl is not None:
            info, env = impl
            if p.name in info.types:
                inner = env | {"Self": p.self_ty}
                return self._world.absolute(info.types[p.name], info.crate, inner)
            declared = self._world.trait(p.trait.path)
            default = declared.types.get(p.name) if declared else None
            if default is not None:
                return self._world.absolute(default, "", env | {"Self": p.self_ty})
        std = self._std_projection(p)
        if std is not None:
            return std
        return self._through_supertrait(p) or p

    def _through_supertrait(self, p: ProjectionTy) -> RustTy | None:
        info = self._world.trait(p.trait.path)
        if info is None or p.name in info.types:
            return None
        for parent in info.supertraits:
            path = self._world.path(parent.path, p.trait.path.split("::", 1)[0])
            made = self.project(ProjectionTy(p.self_ty, PathTy(path), p.name))
            if not isinstance(made, ProjectionTy):
                return made
        return None

    def _std_projection(self, p: ProjectionTy) -> RustTy | None:
        ty, trait, name = p.self_ty, p.trait.path, p.name
        bare = ty.inner if isinstance(ty, RefTy) else ty
        last = trait.rsplit("::", 1)[-1]
        if name == "Output" and last in OPERATORS and isinstance(bare, PathTy):
            return bare if bare.path in PRIMITIVES else None
        if name == "Output" and last in ("FnOnce", "FnMut", "Fn"):
            return self._call_result(ty)
        if name == "Target" and last == "Deref":
            return _deref_target(ty)
        if last == "Index" and name == "Output":
            return _index_output(ty, p.trait.args)
        if last == "IntoIterator":
            return self._into_iter(ty, name)
        if last == "Iterator" and isinstance(ty, RefTy) and ty.mutable:
            return self.project(replace(p, self_ty=ty.inner))
        if last == "Pointee" and name == "Metadata":
            return PathTy("usize") if isinstance(ty, SliceTy) else TupleTy()
        if last == "Try":
            return _try_projection(ty, name)
        if last == "ToOwned" and name == "Owned":
            return PathTy("std::vec::Vec", (ty.elem,)) if isinstance(ty, SliceTy) else ty
        if last in ("TryFrom", "TryInto") and name == "Error":
            return PathTy("std::num::TryFromIntError")
        if last == "FromStr" and name == "Err":
            return PathTy("std::num::ParseIntError")
        return None

    def _call_result(self, ty: RustTy) -> RustTy | None:
        if isinstance(ty, RefTy):
            return self._call_result(ty.inner)
        if isinstance(ty, FnTy):
            return ty.result
        if isinstance(ty, ClosureTy):
            found = self._world.closure_body(ty)
            if found is not None:
                crate, body = found
                return self._world.absolute(body.result, crate, dict(ty.args))
        return None

    def _into_iter(self, ty: RustTy, name: str) -> RustTy | None:
        if self._world.traits.is_iterator(ty):
            if name == "IntoIter":
                return ty
            return self.project(ProjectionTy(ty, PathTy("std::iter::Iterator"), "Item"))
        made = self.into_iter_type(ty)
        if made is None:
            return None
        if name == "IntoIter":
            return made
        return self.project(ProjectionTy(made, PathTy("std::iter::Iterator"), "Item"))

    def into_iter_type(self, ty: RustTy) -> RustTy | None:
        """The iterator that ``IntoIterator`` makes of a std collection."""
        match ty:
            case RefTy(inner, mutable):
                elem = sequence_element(inner)
                if elem is None:
                    return None
                which = "std::slice::IterMut" if mutable else "std::slice::Iter"
                return PathTy(self._world.models.types.get(which, which), (elem,))
            case RustArrayTy(elem, length):
                which = "std::array::IntoIter"
                return PathTy(self._world.models.types.get(which, which), (elem, length))
            case PathTy("std::vec::Vec", (elem,)):
                which = "std::vec::IntoIter"
                return PathTy(self._world.models.types.get(which, which), (elem,))
        return None


def _deref_target(ty: RustTy) -> RustTy | None:
    match ty:
        case PathTy("std::vec::Vec", (elem,)):
            return SliceTy(elem)
        case PathTy("std::boxed::Box", (inner,)):
            return inner
        case RefTy(inner, _):
            return inner
    return None


def _index_output(ty: RustTy, args: tuple[RustTy, ...]) -> RustTy | None:
    elem = sequence_element(ty)
    if elem is None:
        return None
    if args and isinstance(args[0], PathTy) and args[0].path != "usize":
        return SliceTy(elem)
    return elem


def _try_projection(ty: RustTy, name: str) -> RustTy | None:
    match ty, name:
        case PathTy("std::option::Option" | "std::result::Result", args), "Output":
            return args[0]
        case PathTy("std::option::Option", _), "Residual":
            return PathTy("std::option::Option", (PathTy("std::convert::Infallible"),))
        case PathTy("std::result::Result", args), "Residual":
            return PathTy("std::result::Result", (PathTy("std::convert::Infallible"), args[1]))
        case PathTy("std::ops::ControlFlow", args), "Output":
            return args[1] if len(args) > 1 else TupleTy()
    return None
