"""Trait selection: which impl provides a trait or a method, given the impls' bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from extract.rust.mir import ImplInfo, PathTy, ProjectionTy, RefTy, RustTy, TraitInfo
from extract.rust.projections import OPERATORS
from extract.rust.type_facts import Env, is_open
from extract.rust.type_text import show
from extract.rust.unify import unify
from extract.rust.unsupported import Unsupported

if TYPE_CHECKING:
    from extract.rust.world import World

_DEPTH = 12  # bounds checked inside bounds
_NESTED = 40  # impls looked for while looking for one
_DEFAULT_SELF = OPERATORS | {"PartialEq", "PartialOrd", "Sum", "Product"}


class Traits:
    """Which impl gives a type its trait, or its method."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._nested = 0

    def find_impl(
        self, self_ty: RustTy, trait: PathTy, depth: int = 0
    ) -> tuple[ImplInfo, Env] | None:
        """The impl of ``trait`` for ``self_ty`` and what its parameters stand for.

        Raises `Unsupported` if bounds lead to ever more bounds.
        """
        if self._nested >= _NESTED:
            raise Unsupported(f"a trait bound that is too deep to resolve: {_shortened(trait)}")
        self._nested += 1
        try:
            return self._find_impl(self_ty, trait, depth)
        finally:
            self._nested -= 1

    def _find_impl(self, self_ty: RustTy, trait: PathTy, depth: int) -> tuple[ImplInfo, Env] | None:
        found: list[tuple[ImplInfo, Env]] = []
        for impl in self._world.trait_impls(trait.path):
            env = self._match(impl, self_ty, trait)
            if env is not None:
                found.append((impl, env))
        if len(found) > 1 and depth < _DEPTH:
            found = [f for f in found if self._bounds_hold(*f, depth + 1)] or found[:1]
        elif found and depth < _DEPTH and not self._specific(found[0][0]):
            found = [f for f in found if self._bounds_hold(*f, depth + 1)]
        return found[0] if found else None

    def _specific(self, impl: ImplInfo) -> bool:
        ty = impl.self_ty
        return not (isinstance(ty, PathTy) and ty.path in {p.name for p in impl.generics.params})

    def _match(self, impl: ImplInfo, self_ty: RustTy, trait: PathTy) -> Env | None:
        variables = {p.name for p in impl.generics.params}
        env: Env = {}
        pattern = self._world.absolute(impl.self_ty, impl.crate, {v: PathTy(v) for v in variables})
        if not unify(pattern, self_ty, variables, env):
            return None
        if impl.trait is None:
            raise TypeError("impl.trait")
        hidden = {v: PathTy(v) for v in variables} | {"Self": self_ty}
        declared = [self._world.absolute(a, impl.crate, hidden) for a in impl.trait.args]
        wanted = list(trait.args)
        info = self._world.trait(trait.path)
        defaults = self._trait_defaults(info, self_ty)
        size = max(len(declared), len(wanted))
        for args in (declared, wanted):
            while len(args) < size:
                args.append(defaults.get(len(args), self_ty))
        for a, b in zip(declared, wanted, strict=True):
            if not unify(a, b, variables, env):
                return None
        self._bind_outputs(impl, variables, env)
        return env

    def _bind_outputs(self, impl: ImplInfo, variables: set[str], env: Env) -> None:
        """Parameters that only a bound's associated type determines: ``B`` in ``F: Fn(A) -> B``."""
        for subject, trait, name, pattern in impl.generics.bindings:
            if not variables - env.keys():
                return
            ty = self._world.absolute(subject, impl.crate, env)
            made = self._world.projections.project(
                ProjectionTy(ty, self._trait_path(trait, impl.crate, env), name)
            )
            if isinstance(made, ProjectionTy):
                continue
            open_ = {v: PathTy(v) for v in variables - env.keys()}
            unify(self._world.absolute(pattern, impl.crate, {**open_, **env}), made, variables, env)

    def without_defaults(self, trait: PathTy, self_ty: RustTy) -> PathTy:
        """``trait`` without arguments that are its defaults: ``Add`` and ``Add<Self>`` are one."""
        args = list(trait.args)
        last = trait.path.rsplit("::", 1)[-1]
        if trait.path.startswith("std::"):
            if args == [self_ty] and last.removesuffix("Assign") in _DEFAULT_SELF:
                return PathTy(trait.path)
            return trait
        defaults = self._trait_defaults(self._world.trait(trait.path), self_ty)
        while args and defaults.get(len(args) - 1) == args[-1]:
            args.pop()
        return PathTy(trait.path, tuple(args))

    def _trait_defaults(self, info: TraitInfo | None, self_ty: RustTy) -> dict[int, RustTy]:
        if info is None:
            return {}  # std's operator traits default their right-hand side to Self
        out: dict[int, RustTy] = {}
        for i, p in enumerate(info.generics.params):
            if p.default is not None:
                out[i] = self._world.absolute(p.default, "", {"Self": self_ty})
        return out

    def _bounds_hold(self, impl: ImplInfo, env: Env, depth: int) -> bool:
        for p in impl.generics.params:
            ty = env.get(p.name)
            if ty is None or p.is_const:
                continue
            for bound in p.bounds:
                if not self.implements(ty, self._trait_path(bound, impl.crate, env), depth):
                    return False
        for subject, bound in impl.generics.where:
            ty = self._world.absolute(subject, impl.crate, env)
            if not self.implements(ty, self._trait_path(bound, impl.crate, env), depth):
                return False
        return True

    def _trait_path(self, bound: PathTy, crate: str, env: Mapping[str, RustTy]) -> PathTy:
        args = tuple(self._world.absolute(a, crate, env) for a in bound.args)
        return PathTy(self._world.path(bound.path, crate), args)

    def implements(self, ty: RustTy, trait: PathTy, depth: int = 0) -> bool:
        """Does ``ty`` implement ``trait``? Std traits on std types are taken to hold."""
        if depth >= _DEPTH:
            return True
        if trait.path.startswith("std::iter::") and trait.path.endswith(
            ("::Iterator", "::DoubleEndedIterator")
        ):
            return self.is_iterator(ty)
        if is_open(ty):
            # Its bounds are not known here; a marker decides between no two bodies.
            marker = trait.path.startswith("std::marker::")
            return marker or self.find_impl(ty, trait, depth) is not None
        if trait.path.startswith("std::") and not isinstance(ty, PathTy):
            return True
        if self.find_impl(ty, trait, depth) is not None:
            return True
        if not trait.path.startswith("std::"):
            return False
        adt = isinstance(ty, PathTy) and self._world.adt(ty.path) is not None
        return not adt

    def is_iterator(self, ty: RustTy) -> bool:
        """Does ``ty`` implement ``Iterator``?"""
        if isinstance(ty, RefTy) and ty.mutable:
            return self.is_iterator(ty.inner)
        return self.find_impl(ty, PathTy("std::iter::Iterator")) is not None

    def inherent(self, self_ty: RustTy, method: str) -> tuple[ImplInfo, Env] | None:
        """The inherent impl that gives ``self_ty`` its ``method``."""
        for impl in self._world.inherent_impls(self_ty):
            if method not in impl.functions and method not in impl.consts:
                continue
            variables = {p.name for p in impl.generics.params}
            env: Env = {}
            pattern = self._world.absolute(
                impl.self_ty, impl.crate, {v: PathTy(v) for v in variables}
            )
            if unify(pattern, self_ty, variables, env):
                return impl, env
        return None

    def constant_types(self, trait: str, name: str) -> set[RustTy]:
        """The types that impls of ``trait`` give its constant ``name``."""
        return {
            self._world.absolute(impl.consts[name], impl.crate, {})
            for impl in self._world.trait_impls(trait)
            if name in impl.consts
        }


def _shortened(ty: RustTy) -> str:
    text = show(ty)
    return f"`{text}`" if len(text) <= 120 else f"`{text[:117]}...`"
