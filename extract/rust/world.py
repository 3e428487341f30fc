"""What every crate of a build declares, and Rust's rules for finding it.

`World` answers, for monomorphic types: which item does this path name, which impl provides this
method, what is this associated type. Types handled here are *absolute*: paths start with a crate
name, std paths are shortened to ``std::module::Name`` (rustc and rustdoc print different
re-exports of one std item), aliases are expanded and std types that have a model are replaced by
it.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from extract.rust.mir import (
    AdtInfo,
    Body,
    Callee,
    ClosureTy,
    ConstTy,
    CrateIndex,
    DynTy,
    FnInfo,
    FnTy,
    Generics,
    ImplInfo,
    ImplTy,
    NeverTy,
    PathTy,
    ProjectionTy,
    RawPtrTy,
    RefTy,
    RustArrayTy,
    RustTy,
    Segment,
    SliceTy,
    TraitInfo,
    TupleTy,
)

Env = dict[str, RustTy]

INTEGERS = {
    f"{sign}{bits}": (bits, sign == "i") for sign in "iu" for bits in (8, 16, 32, 64, 128)
} | {"usize": (64, False), "isize": (64, True)}
PRIMITIVES = {*INTEGERS, "bool", "char", "str", "f16", "f32", "f64", "f128", "Self"}
STD = {"core", "std", "alloc"}
MODELS = "verify_models"
_DEPTH = 12
_NESTED = 40  # impls looked for while looking for one


class Unsupported(Exception):
    """A construct that the lifter does not cover: what it is, and where if known."""

    def __init__(self, what: str, place: object = None) -> None:
        super().__init__(what)
        self.what = what
        self.place = place


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


@dataclass(slots=True)
class Models:
    """`models.toml`: std types and functions that have a model.

    ``traits`` maps a trait of the models to the std trait for which its impls count: Rust lets no
    other crate implement a std trait for a std type.
    """

    types: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    traits: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, file: Path) -> Models:
        """Read the table; its std paths may be any re-export."""
        table = tomllib.loads(file.read_text())
        return cls(
            {std_path(k): v for k, v in table.get("types", {}).items()},
            {std_item(k): v for k, v in table.get("functions", {}).items()},
            {k: std_path(v) for k, v in table.get("traits", {}).items()},
        )


def std_path(path: str) -> str:
    """``std::module::Name`` for any path of a std type or trait; other paths unchanged."""
    parts = path.split("::")
    if parts[0] not in STD or len(parts) < 2:
        return path
    return "::".join(("std", parts[1], parts[-1])) if len(parts) > 2 else f"std::{parts[1]}"


def std_item(path: str) -> str:
    """``std::module::Type::method`` or ``std::module::function`` for any path of a std item."""
    parts = path.split("::")
    if parts[0] not in STD:
        return path
    for i, part in enumerate(parts[1:-1], 1):
        if part[:1].isupper():
            return std_path("::".join(parts[: i + 1])) + "::" + "::".join(parts[i + 1 :])
    return "::".join(("std", parts[1], parts[-1])) if len(parts) > 2 else f"std::{parts[1]}"


def is_param(ty: RustTy) -> bool:
    """Is this a type parameter left open (lifting a generic function as it stands)?"""
    return isinstance(ty, PathTy) and ty.path.startswith("?")


def is_open(ty: RustTy) -> bool:
    """Is this a type of which only bounds can be known?"""
    return is_param(ty) or isinstance(ty, ProjectionTy | ImplTy | DynTy)


@dataclass(frozen=True, slots=True)
class Instance:
    """A monomorphic function, constant or closure: a body and what its parameters stand for."""

    name: str
    crate: str
    body_name: str
    env: tuple[tuple[str, RustTy], ...]
    info: FnInfo | None = None
    impl: ImplInfo | None = None


def show(ty: RustTy) -> str:
    """A type as Rust source text with full paths."""
    match ty:
        case PathTy(path, args):
            if path.startswith(("std::", MODELS + "::")):
                path = path.replace(MODELS + "::", "std::", 1)
            inner = ", ".join(show(a) for a in args)
            return f"{path.lstrip('?')}<{inner}>" if args else path.lstrip("?")
        case RefTy(inner_ty, mutable):
            return ("&mut " if mutable else "&") + show(inner_ty)
        case RawPtrTy(inner_ty, mutable):
            return ("*mut " if mutable else "*const ") + show(inner_ty)
        case TupleTy(items):
            comma = "," if len(items) == 1 else ""
            return "(" + ", ".join(show(i) for i in items) + comma + ")"
        case RustArrayTy(elem, length):
            return f"[{show(elem)}; {show(length)}]"
        case SliceTy(elem):
            return f"[{show(elem)}]"
        case ConstTy(value):
            return str(value).lower()
        case ProjectionTy(self_ty, trait, name, _):
            return f"<{show(self_ty)} as {show(trait)}>::{name}"
        case ClosureTy():
            return closure_name(ty)
        case FnTy(params, result, item):
            if item is not None:
                return "fn " + show_callee(item)
            return f"fn({', '.join(show(p) for p in params)}) -> {show(result)}"
        case DynTy(trait):
            return f"dyn {show(trait)}"
        case ImplTy(text):
            return text
        case NeverTy():
            return "!"
    raise TypeError(ty)


def closure_name(ty: ClosureTy) -> str:
    """A name that no other closure type has: its position and the parameters it is made under."""
    file = ty.position.rsplit("/", 1)[-1]
    # Files of one name in two crates: the whole path decides.
    tag = hashlib.sha256(ty.position.encode()).hexdigest()[:8]
    args = ", ".join(f"{k}={show(v)}" for k, v in ty.args)
    return "{closure@" + f"{file}#{tag}" + (f" {args}" if args else "") + "}"


def show_callee(c: Callee) -> str:
    """An item path as Rust source text."""
    parts = []
    for s in c.segments:
        text = f"<impl {show(s.impl_of)}>" if s.impl_of is not None else s.name
        if s.args:
            text += f"::<{', '.join(show(a) for a in s.args)}>"
        parts.append(text)
    if c.self_ty is not None:
        head = f"<{show(c.self_ty)} as {show(c.trait)}>" if c.trait else f"<{show(c.self_ty)}>"
        parts.insert(0, head)
    return "::".join(parts)


def unify(pattern: RustTy, target: RustTy, variables: set[str], out: Env) -> bool:
    """Match ``pattern`` (an impl's type) against a monomorphic type, binding ``variables``."""
    if isinstance(pattern, PathTy) and pattern.path in variables and not pattern.args:
        bound = out.get(pattern.path)
        if bound is None:
            out[pattern.path] = target
            return True
        return bound == target
    match pattern, target:
        case PathTy(p, a), PathTy(q, b):
            return p == q and _unify_all(a, b, variables, out)
        case RefTy(a1, m1), RefTy(b1, m2):
            return m1 == m2 and unify(a1, b1, variables, out)
        case RawPtrTy(a1, m1), RawPtrTy(b1, m2):
            return m1 == m2 and unify(a1, b1, variables, out)
        case TupleTy(a2), TupleTy(b2):
            return _unify_all(a2, b2, variables, out)
        case RustArrayTy(a1, n1), RustArrayTy(b1, n2):
            return unify(a1, b1, variables, out) and unify(n1, n2, variables, out)
        case SliceTy(a1), SliceTy(b1):
            return unify(a1, b1, variables, out)
        case DynTy(a3), DynTy(b3):
            return unify(a3, b3, variables, out)
        case ProjectionTy(), _:
            return True  # checked by the caller's bounds; it binds nothing
        case FnTy(a4, r1, _), FnTy(b4, r2, _):
            return _unify_all(a4, b4, variables, out) and unify(r1, r2, variables, out)
    return pattern == target


def _unify_all(a: tuple[RustTy, ...], b: tuple[RustTy, ...], variables: set[str], out: Env) -> bool:
    # A defaulted trailing argument may be missing on either side.
    return len(a) == len(b) and all(unify(x, y, variables, out) for x, y in zip(a, b, strict=True))


class World:
    """Every crate's declarations and bodies."""

    def __init__(
        self,
        crates: Iterable[str],
        quiet: frozenset[str],
        describe: Callable[[list[str]], Mapping[str, CrateIndex]],
        mir: Mapping[str, MirSource],
        models: Models,
    ) -> None:
        self._crates = set(crates) - quiet
        self.quiet = quiet
        self._describe = describe
        self._indexes: dict[str, CrateIndex] = {}
        self.mir = mir
        self.models = models
        self._canon: dict[tuple[str, str], str] = {}
        self._impls_by_trait: dict[str, list[ImplInfo]] = {}
        self._inherent: dict[str, list[ImplInfo]] = {}
        self._projections: dict[ProjectionTy, RustTy] = {}
        self._nested = 0
        if MODELS in self._crates:
            self.index(MODELS)

    def index(self, crate: str) -> CrateIndex | None:
        """Declarations of a crate of the build, described when first needed."""
        found = self._indexes.get(crate)
        if found is None and crate in self._crates:
            self.load([crate])
            found = self._indexes[crate]
        return found

    def is_quiet(self, ty: RustTy | None) -> bool:
        """Does the type (or the trait, as a type) belong to a crate that only reports?"""
        while isinstance(ty, RefTy):
            ty = ty.inner
        return isinstance(ty, PathTy) and ty.path.split("::", 1)[0] in self.quiet

    def load(self, crates: Iterable[str]) -> None:
        """Describe several crates at once."""
        wanted = [c for c in crates if c in self._crates and c not in self._indexes]
        if not wanted:
            return
        self._indexes.update(self._describe(wanted))
        for crate in wanted:
            self._register(crate)

    def _register(self, crate: str) -> None:
        for impl in self._indexes[crate].impls:
            if impl.trait is not None:
                key = self.path(impl.trait.path, crate)
                key = self.models.traits.get(key, key)
                self._impls_by_trait.setdefault(key, []).append(impl)
            else:
                head = self._head(impl)
                self._inherent.setdefault(head, []).append(impl)

    def _head(self, impl: ImplInfo) -> str:
        ty = impl.self_ty
        if isinstance(ty, PathTy):
            return self.path(ty.path, impl.crate)
        return type(ty).__name__

    # Paths -----------------------------------------------------------------------------------

    def path(self, path: str, crate: str) -> str:
        """The defining path of what ``path`` names when written in ``crate``."""
        key = (crate, path)
        found = self._canon.get(key)
        if found is None:
            found = self._canon[key] = self._find(path, crate)
        return found

    def _find(self, path: str, crate: str) -> str:
        if path in PRIMITIVES or path.startswith("?"):
            return path
        if crate:
            local = self._known(f"{crate}::{path}")
            if local:
                return local
        first = path.split("::", 1)[0]
        if first == "crate" and crate:
            return self.path(path.replace("crate", crate, 1), "")
        known = self._known(path)
        if known:
            return known
        if first in STD:
            return std_path(path)
        return path

    def _known(self, path: str) -> str | None:
        index = self.index(path.split("::", 1)[0])
        if index is None:
            return None
        for _ in range(_DEPTH):
            if (
                path in index.adts
                or path in index.traits
                or path in index.functions
                or path in index.aliases
                or path in index.consts
            ):
                return path
            target = index.reexports.get(path)
            if target is None or target == path:
                return None
            path = target
            first = path.split("::", 1)[0]
            if first in STD and first not in self._crates:
                return std_path(path)
            other = self.index(first)
            if other is None:
                return path
            index = other
        return None

    def adt(self, path: str) -> AdtInfo | None:
        """Declaration of a struct or enum by absolute path."""
        index = self.index(path.split("::", 1)[0])
        return index.adts.get(path) if index else None

    def trait(self, path: str) -> TraitInfo | None:
        """Declaration of a trait by absolute path (None for std's)."""
        index = self.index(path.split("::", 1)[0])
        return index.traits.get(path) if index else None

    # Types -----------------------------------------------------------------------------------

    def absolute(self, ty: RustTy, crate: str, env: Mapping[str, RustTy]) -> RustTy:
        """``ty`` as written in ``crate``, with parameters replaced, made absolute."""

        def go(t: RustTy) -> RustTy:
            return self.absolute(t, crate, env)

        match ty:
            case PathTy(path, args):
                return self._absolute_path(path, tuple(map(go, args)), crate, env)
            case RefTy(inner, mutable):
                return RefTy(go(inner), mutable)
            case RawPtrTy(inner, mutable):
                return RawPtrTy(go(inner), mutable)
            case TupleTy(items):
                return TupleTy(tuple(map(go, items)))
            case RustArrayTy(elem, length):
                return RustArrayTy(go(elem), go(length))
            case SliceTy(elem):
                return SliceTy(go(elem))
            case ProjectionTy(self_ty, trait, name, args):
                head = go(trait)
                if not isinstance(head, PathTy):
                    raise TypeError(head)
                return self.project(ProjectionTy(go(self_ty), head, name, tuple(map(go, args))))
            case FnTy(params, result, item):
                made = self.absolute_item(item, crate, env) if item else None
                return FnTy(tuple(map(go, params)), go(result), made)
            case DynTy(trait):
                head = self.absolute(trait, crate, env)
                if not isinstance(head, PathTy):
                    raise TypeError(head)
                return DynTy(head)
            case ClosureTy(position, args):
                if args:
                    return ty
                return ClosureTy(position, tuple(sorted(env.items(), key=lambda kv: kv[0])))
            case ImplTy(text):
                return env.get(text, ty)
        return ty

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
        for trait, impls in self._impls_by_trait.items():
            for impl in impls:
                if name in impl.types:
                    env: Env = {}
                    pattern = self.absolute(impl.self_ty, impl.crate, {})
                    if unify(pattern, self_ty, {p.name for p in impl.generics.params}, env):
                        return self.project(ProjectionTy(self_ty, PathTy(trait), name))
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
        trait = self.absolute(c.trait, crate, env) if c.trait is not None else None
        if not (trait is None or isinstance(trait, PathTy)):
            raise TypeError(trait)
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
            if owner in self._crates or full.startswith("std::"):
                args = tuple(a for s in made.segments[:i] for a in s.args)
                return Callee((Segment(full, args), *made.segments[i:]))
        if crate in self._crates:  # an item inside a function: no declaration lists it
            return Callee(
                (Segment(f"{crate}::{names[0]}", made.segments[0].args), *made.segments[1:])
            )
        return made

    # Traits ----------------------------------------------------------------------------------

    def find_impl(
        self, self_ty: RustTy, trait: PathTy, depth: int = 0
    ) -> tuple[ImplInfo, Env] | None:
        """The impl of ``trait`` for ``self_ty`` and what its parameters stand for."""
        if self._nested >= _NESTED:
            raise Unsupported(f"a trait bound that is too deep to resolve: {_shortened(trait)}")
        self._nested += 1
        try:
            return self._find_impl(self_ty, trait, depth)
        finally:
            self._nested -= 1

    def _find_impl(self, self_ty: RustTy, trait: PathTy, depth: int) -> tuple[ImplInfo, Env] | None:
        found: list[tuple[ImplInfo, Env]] = []
        for impl in self._impls_by_trait.get(trait.path, ()):
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
        pattern = self.absolute(impl.self_ty, impl.crate, {v: PathTy(v) for v in variables})
        if not unify(pattern, self_ty, variables, env):
            return None
        if impl.trait is None:
            raise TypeError("impl.trait")
        hidden = {v: PathTy(v) for v in variables} | {"Self": self_ty}
        declared = [self.absolute(a, impl.crate, hidden) for a in impl.trait.args]
        wanted = list(trait.args)
        info = self.trait(trait.path)
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
            ty = self.absolute(subject, impl.crate, env)
            made = self.project(ProjectionTy(ty, self._trait_path(trait, impl.crate, env), name))
            if isinstance(made, ProjectionTy):
                continue
            open_ = {v: PathTy(v) for v in variables - env.keys()}
            unify(self.absolute(pattern, impl.crate, {**open_, **env}), made, variables, env)

    def without_defaults(self, trait: PathTy, self_ty: RustTy) -> PathTy:
        """``trait`` without arguments that are its defaults: ``Add`` and ``Add<Self>`` are one."""
        args = list(trait.args)
        last = trait.path.rsplit("::", 1)[-1]
        if trait.path.startswith("std::"):
            if args == [self_ty] and last.removesuffix("Assign") in _DEFAULT_SELF:
                return PathTy(trait.path)
            return trait
        defaults = self._trait_defaults(self.trait(trait.path), self_ty)
        while args and defaults.get(len(args) - 1) == args[-1]:
            args.pop()
        return PathTy(trait.path, tuple(args))

    def _trait_defaults(self, info: TraitInfo | None, self_ty: RustTy) -> dict[int, RustTy]:
        if info is None:
            return {}  # std's operator traits default their right-hand side to Self
        out: dict[int, RustTy] = {}
        for i, p in enumerate(info.generics.params):
            if p.default is not None:
                out[i] = self.absolute(p.default, "", {"Self": self_ty})
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
            ty = self.absolute(subject, impl.crate, env)
            if not self.implements(ty, self._trait_path(bound, impl.crate, env), depth):
                return False
        return True

    def _trait_path(self, bound: PathTy, crate: str, env: Mapping[str, RustTy]) -> PathTy:
        args = tuple(self.absolute(a, crate, env) for a in bound.args)
        return PathTy(self.path(bound.path, crate), args)

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
        adt = isinstance(ty, PathTy) and self.adt(ty.path) is not None
        return not adt

    def is_iterator(self, ty: RustTy) -> bool:
        """Does ``ty`` implement ``Iterator``?"""
        if isinstance(ty, RefTy) and ty.mutable:
            return self.is_iterator(ty.inner)
        return self.find_impl(ty, PathTy("std::iter::Iterator")) is not None

    # Associated types ------------------------------------------------------------------------

    def project(self, p: ProjectionTy) -> RustTy:
        """The type that an associated type stands for, or the projection itself if open."""
        found = self._projections.get(p)
        if found is None:
            found = self._projections[p] = self._project(p)
        return found

    def _project(self, p: ProjectionTy) -> RustTy:
        impl = self.find_impl(p.self_ty, p.trait)
        if impl is not None:
            info, env = impl
            if p.name in info.types:
                inner = env | {"Self": p.self_ty}
                return self.absolute(info.types[p.name], info.crate, inner)
            declared = self.trait(p.trait.path)
            default = declared.types.get(p.name) if declared else None
            if default is not None:
                return self.absolute(default, "", env | {"Self": p.self_ty})
        std = self._std_projection(p)
        if std is not None:
            return std
        return self._through_supertrait(p) or p

    def _through_supertrait(self, p: ProjectionTy) -> RustTy | None:
        info = self.trait(p.trait.path)
        if info is None or p.name in info.types:
            return None
        for parent in info.supertraits:
            path = self.path(parent.path, p.trait.path.split("::", 1)[0])
            made = self.project(ProjectionTy(p.self_ty, PathTy(path), p.name))
            if not isinstance(made, ProjectionTy):
                return made
        return None

    def _std_projection(self, p: ProjectionTy) -> RustTy | None:
        ty, trait, name = p.self_ty, p.trait.path, p.name
        bare = ty.inner if isinstance(ty, RefTy) else ty
        last = trait.rsplit("::", 1)[-1]
        if name == "Output" and last in _OPERATORS and isinstance(bare, PathTy):
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
            found = self.closure_body(ty)
            if found is not None:
                crate, body = found
                return self.absolute(body.result, crate, dict(ty.args))
        return None

    def _into_iter(self, ty: RustTy, name: str) -> RustTy | None:
        if self.is_iterator(ty):
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
                return PathTy(self.models.types.get(which, which), (elem,))
            case RustArrayTy(elem, length):
                which = "std::array::IntoIter"
                return PathTy(self.models.types.get(which, which), (elem, length))
            case PathTy("std::vec::Vec", (elem,)):
                which = "std::vec::IntoIter"
                return PathTy(self.models.types.get(which, which), (elem,))
        return None

    def closure_body(self, ty: ClosureTy) -> tuple[str, Body] | None:
        """The crate and body of a closure."""
        for crate, source in self.mir.items():
            body = source.closure(ty.position)
            if body is not None:
                return crate, body
        return None

    # Methods ---------------------------------------------------------------------------------

    def inherent(self, self_ty: RustTy, method: str) -> tuple[ImplInfo, Env] | None:
        """The inherent impl that gives ``self_ty`` its ``method``."""
        head = self_ty.path if isinstance(self_ty, PathTy) else type(self_ty).__name__
        for impl in self._inherent.get(head, ()):
            if method not in impl.functions and method not in impl.consts:
                continue
            variables = {p.name for p in impl.generics.params}
            env: Env = {}
            pattern = self.absolute(impl.self_ty, impl.crate, {v: PathTy(v) for v in variables})
            if unify(pattern, self_ty, variables, env):
                return impl, env
        return None

    def constant_types(self, trait: str, name: str) -> set[RustTy]:
        """The types that impls of ``trait`` give its constant ``name``."""
        return {
            self.absolute(impl.consts[name], impl.crate, {})
            for impl in self._impls_by_trait.get(trait, ())
            if name in impl.consts
        }

    def supertraits(self, path: str) -> list[str]:
        """``path`` and every trait that it extends, nearest first."""
        out, queue = [], [path]
        while queue:
            at = queue.pop(0)
            if at in out:
                continue
            out.append(at)
            info = self.trait(at)
            if info:
                crate = at.split("::", 1)[0]
                queue.extend(self.path(s.path, crate) for s in info.supertraits)
        return out


_OPERATORS = {
    "Add", "Sub", "Mul", "Div", "Rem", "Neg", "Not", "BitAnd", "BitOr", "BitXor", "Shl", "Shr",
}  # fmt: skip


def _shortened(ty: RustTy) -> str:
    text = show(ty)
    return f"`{text}`" if len(text) <= 120 else f"`{text[:117]}...`"


_DEFAULT_SELF = _OPERATORS | {"PartialEq", "PartialOrd", "Sum", "Product"}


def sequence_element(ty: RustTy) -> RustTy | None:
    """Element type of a slice, array or vector."""
    match ty:
        case SliceTy(elem) | RustArrayTy(elem, _) | PathTy("std::vec::Vec", (elem,)):
            return elem
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
