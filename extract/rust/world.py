"""What every crate of a build declares, and Rust's rules for finding it.

`World` answers, for monomorphic types: which item does this path name, which impl provides this
method, what is this associated type. Types handled here are *absolute*: paths start with a crate
name, std paths are shortened to ``std::module::Name`` (rustc and rustdoc print different
re-exports of one std item), aliases are expanded and std types that have a model are replaced by
it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from extract.rust.closure_sites import crate_of
from extract.rust.mir import (
    Body,
    Callee,
    ClosureTy,
    CrateIndex,
    DynTy,
    FnInfo,
    FnTy,
    Generics,
    ImplInfo,
    ImplTy,
    PathTy,
    ProjectionTy,
    RawPtrTy,
    RefTy,
    RustArrayTy,
    RustTy,
    Segment,
    SliceTy,
    TupleTy,
)
from extract.rust.name_resolution import Names
from extract.rust.projections import Projections
from extract.rust.std_names import Models
from extract.rust.trait_selection import Traits
from extract.rust.type_facts import Env
from extract.rust.unify import unify


@dataclass(frozen=True, slots=True)
class Instance:
    """A monomorphic function, constant or closure: a body and what its parameters stand for."""

    name: str
    crate: str
    body_name: str
    env: tuple[tuple[str, RustTy], ...]
    info: FnInfo | None = None
    impl: ImplInfo | None = None


class MirSource(Protocol):
    """The MIR of one crate, by header name."""

    def bodies(self, name: str) -> list[Body]:
        """Every body printed under ``name``."""
        ...

    def impl_bodies(self, file: str, line: int, column: int, rest: str) -> list[Body]:
        """Bodies called ``rest`` in the impls at a position."""
        ...

    def closure(self, position: str) -> Body | None:
        """The body of the closure at ``position``."""
        ...


class World(Names):
    """Every crate's declarations and bodies."""

    def __init__(
        self,
        crates: Iterable[str],
        quiet: frozenset[str],
        describe: Callable[[list[str]], Mapping[str, CrateIndex]],
        mir: Mapping[str, MirSource],
        models: Models,
    ) -> None:
        super().__init__(crates, quiet, describe, models)
        self.mir = mir
        self.traits = Traits(self)
        self.projections = Projections(self)

    def absolute(self, ty: RustTy, crate: str, env: Mapping[str, RustTy]) -> RustTy:
        """``ty`` as written in ``crate``, with parameters replaced, made absolute."""

        def go(t: RustTy) -> RustTy:
            return self.absolute(t, crate, env)

        match ty:
            case PathTy(path, args):
                return self._absolute_path(path, tuple(map(go, args)), crate, env)
            case ProjectionTy(self_ty, trait, name, args):
                head = _path_ty(go(trait))
                made = ProjectionTy(go(self_ty), head, name, tuple(map(go, args)))
                return self.projections.project(made)
            case FnTy(params, result, item):
                named = self.absolute_item(item, crate, env) if item else None
                return FnTy(tuple(map(go, params)), go(result), named)
            case DynTy(trait):
                return DynTy(_path_ty(go(trait)))
            case ClosureTy(_, args) if args:
                return ty
            case ClosureTy(position, _):
                return ClosureTy(position, tuple(sorted(env.items(), key=lambda kv: kv[0])))
            case ImplTy(text):
                return env.get(text, ty)
        return _with_parts(ty, go)

    def _absolute_path(
        self,
        path: str,
        args: tuple[RustTy, ...],
        crate: str,
        env: Mapping[str, RustTy],
    ) -> RustTy:
        if path in env and not args:
            return env[path]
        if "::" in path and not args:
            # ``Self::Output`` or ``T::Item``: a projection written short.
            head, name = path.split("::", 1)
            if head in env and "::" not in name:
                return self._short_projection(env[head], name)
        full = self.path(path, crate)
        owner = self.index(full.split("::", 1)[0])
        if owner and full in owner.aliases:
            generics, target = owner.aliases[full]
            inner = self.bind(generics, args)
            return self.absolute(target, owner.crate, inner)
        model = self.models.types.get(full)
        if model is not None:
            full = model
        if full in {"std::boxed::Box", "std::vec::Vec"}:
            args = args[:1]
        return self.complete(PathTy(full, args))

    def complete(self, ty: PathTy) -> PathTy:
        """Fill in defaulted generic arguments of an ADT."""
        adt = self.adt(ty.path)
        if adt is None or len(ty.args) >= len(adt.generics.params):
            return ty
        env = self.bind(adt.generics, ty.args)
        if len(env) < len(adt.generics.params):
            return ty
        return PathTy(ty.path, tuple(env[p.name] for p in adt.generics.params))

    def bind(self, generics: Generics, args: Iterable[RustTy]) -> Env:
        """Parameters bound to positional arguments, defaults filled in."""
        env: Env = {}
        given = list(args)
        for i, p in enumerate(generics.params):
            if i < len(given):
                env[p.name] = given[i]
            elif p.default is not None:
                env[p.name] = self.absolute(p.default, "", env)
        return env

    def _short_projection(self, self_ty: RustTy, name: str) -> RustTy:
        for trait, impl in self.all_trait_impls():
            if name in impl.types:
                env: Env = {}
                pattern = self.absolute(impl.self_ty, impl.crate, {})
                if unify(pattern, self_ty, {p.name for p in impl.generics.params}, env):
                    return self.projections.project(ProjectionTy(self_ty, PathTy(trait), name))
        return ProjectionTy(self_ty, PathTy("?"), name)

    def absolute_callee(self, c: Callee, crate: str, env: Mapping[str, RustTy]) -> Callee:
        """An item path with absolute types (its own segments stay as written in ``crate``)."""

        def types(args: tuple[RustTy, ...]) -> tuple[RustTy, ...]:
            return tuple(self.absolute(a, crate, env) for a in args)

        segments = tuple(
            Segment(
                s.name,
                types(s.args),
                self.absolute(s.impl_of, crate, env) if s.impl_of is not None else None,
            )
            for s in c.segments
        )
        self_ty = self.absolute(c.self_ty, crate, env) if c.self_ty is not None else None
        trait = _path_ty(self.absolute(c.trait, crate, env)) if c.trait is not None else None
        return Callee(segments, self_ty, trait)

    def absolute_item(self, c: Callee, crate: str, env: Mapping[str, RustTy]) -> Callee:
        """An item path that means the same in every crate."""
        made = self.absolute_callee(c, crate, env)
        if made.self_ty is not None or made.segments[0].impl_of is not None:
            return made
        names = [s.name for s in made.segments]
        for i in range(len(names), 0, -1):
            full = self.path("::".join(names[:i]), crate)
            owner = full.split("::", 1)[0]
            if owner in self.crates or full.startswith("std::"):
                args = tuple(a for s in made.segments[:i] for a in s.args)
                return Callee((Segment(full, args), *made.segments[i:]))
        if crate in self.crates:  # an item inside a function: no declaration lists it
            return Callee(
                (Segment(f"{crate}::{names[0]}", made.segments[0].args), *made.segments[1:])
            )
        return made

    def closure_body(self, ty: ClosureTy) -> tuple[str, Body] | None:
        """The crate and body of a closure."""
        crate = crate_of(ty.position)
        body = self.mir[crate].closure(ty.position) if crate in self.mir else None
        return (crate, body) if body is not None else None


def _with_parts(ty: RustTy, change: Callable[[RustTy], RustTy]) -> RustTy:
    """A compound type with each part changed; other types as they are."""
    match ty:
        case RefTy(inner, mutable):
            return RefTy(change(inner), mutable)
        case RawPtrTy(inner, mutable):
            return RawPtrTy(change(inner), mutable)
        case TupleTy(items):
            return TupleTy(tuple(map(change, items)))
        case RustArrayTy(elem, length):
            return RustArrayTy(change(elem), change(length))
        case SliceTy(elem):
            return SliceTy(change(elem))
    return ty


def _path_ty(ty: RustTy) -> PathTy:
    if not isinstance(ty, PathTy):
        raise TypeError(ty)
    return ty
