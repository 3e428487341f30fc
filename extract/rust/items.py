"""From an item path in MIR to what is called: a body, a std item, a constructor, or unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from extract.rust.layout import Layout
from extract.rust.mir import (
    Body,
    Callee,
    DynTy,
    FnInfo,
    GenericParam,
    ImplInfo,
    ImplTy,
    PathTy,
    ProjectionTy,
    RefTy,
    RustArrayTy,
    RustTy,
    Segment,
    SliceTy,
)
from extract.rust.std_names import std_item
from extract.rust.type_facts import Env, is_param
from extract.rust.type_text import show, show_callee
from extract.rust.unify import unify
from extract.rust.unsupported import Unsupported
from extract.rust.world import Instance, World


@dataclass(frozen=True, slots=True)
class StdItem:
    """A std function or method without a body here: its key, receiver type and arguments.

    ``key`` is ``std::module::Type::method``, ``std::num::method`` (integers), ``std::slice::m``,
    or for trait methods ``std::module::Trait::method``.
    """

    key: str
    self_ty: RustTy | None
    args: tuple[RustTy, ...]
    trait_args: tuple[RustTy, ...] = ()


@dataclass(frozen=True, slots=True)
class Constructor:
    """A tuple struct or variant used as a function."""

    ty: RustTy
    variant: int


@dataclass(frozen=True, slots=True)
class Open:
    """A method of an open type parameter or a trait object: no body can be known."""

    name: str


@dataclass(frozen=True, slots=True)
class Report:
    """A function of a crate that only reports (logging, error values): assumed to return."""

    crate: str
    name: str


Resolved = Report | Instance | StdItem | Constructor | Open


class Items:
    """Resolution of callees in one world."""

    def __init__(
        self, world: World, layout: Layout, built_in: Callable[[str, RustTy | None], bool]
    ) -> None:
        self.world = world
        self.layout = layout
        self._built_in = built_in

    def resolve(self, callee: Callee, crate: str, env: Mapping[str, RustTy]) -> Resolved:
        """What ``callee``, written in ``crate`` under ``env``, names.

        Raises `Unsupported` if no crate of the build defines it.
        """
        c = self.world.absolute_callee(callee, crate, env)
        report = self._report(c)
        if report is not None:
            return report
        if c.self_ty is not None and c.trait is not None:
            return self._method(c.self_ty, c.trait, c.segments)
        if c.self_ty is not None:
            return self._inherent(c.self_ty, c.segments)
        return self._path(c, crate)

    def _report(self, c: Callee) -> Report | StdItem | None:
        if [s.name for s in c.segments] == ["anyhow", "__private", "not"]:
            # How `ensure!` writes the negation of its condition.
            return StdItem("std::ops::Not::not", PathTy("bool"), ())
        for part in (c.self_ty, c.trait):
            if self.world.is_quiet(part):
                bare = part
                while isinstance(bare, RefTy):
                    bare = bare.inner
                if not isinstance(bare, PathTy):
                    raise TypeError(bare)
                return Report(bare.path.split("::", 1)[0], show_callee(c))
        first = c.segments[0].name.split("::", 1)[0]
        if c.self_ty is None and first in self.world.quiet:
            return Report(first, show_callee(c))
        return None

    # Paths -----------------------------------------------------------------------------------

    def _path(self, c: Callee, crate: str) -> Resolved:
        for i, s in enumerate(c.segments[:-1]):
            if s.impl_of is not None:
                return self._inherent(s.impl_of, c.segments[i + 1 :])
        for i in range(len(c.segments) - 1, 0, -1):
            head = "::".join(s.name for s in c.segments[:i])
            full = self.world.path(head, crate)
            args = tuple(a for s in c.segments[:i] for a in s.args)
            ty = self._type_of(full, args)
            if ty is not None:
                variant = (
                    self._variant(ty, c.segments[i].name) if i == len(c.segments) - 1 else None
                )
                if variant is not None:
                    return Constructor(ty, variant)
                return self._inherent(ty, c.segments[i:])
            if full.startswith("std::") and c.segments[i - 1].name[:1].isupper():
                return self.std(full + "::" + c.segments[i].name, None, args, c.segments[i].args)
        return self._free(c, crate)

    def _type_of(self, full: str, args: tuple[RustTy, ...]) -> RustTy | None:
        ty = self.world.absolute(PathTy(full, args), "", {})
        if isinstance(ty, PathTy) and self.layout.declared(ty) is not None:
            return ty
        if not isinstance(ty, PathTy):
            return ty
        return ty if ty.path in ("std::vec::Vec", "std::boxed::Box") else None

    def _variant(self, ty: RustTy, name: str) -> int | None:
        found = self.layout.variants(ty)
        if found is None or not found[0]:
            return None
        return next((i for i, v in enumerate(found[1]) if v.name == name), None)

    def _free(self, c: Callee, crate: str) -> Resolved:
        written = "::".join(s.name for s in c.segments)
        full = self.world.path(written, crate)
        args = tuple(a for s in c.segments for a in s.args)
        ty = self._type_of(full, args)
        if ty is not None:
            if self.layout.is_opaque(ty):
                raise Unsupported(f"making a value of the opaque type `{show(ty)}`")
            return Constructor(ty, 0)
        if full.startswith("std::") or full.split("::")[0] in ("core", "alloc"):
            return self.std(std_item(full), None, (), args)
        owner = full.split("::", 1)[0]
        index = self.world.index(owner)
        info = index.functions.get(full) if index else None
        if info is not None:
            return self.instance(owner, full.split("::", 1)[1], self._bind(info, args), info, full)
        for home, name in ((crate, written), (owner, full.partition("::")[2])):
            if home in self.world.mir and self.world.mir[home].bodies(name):
                bodies = self.world.mir[home].bodies(name)
                # A promoted or inline constant shares the parameters of the body it is part of.
                part = c.segments[-1].name.startswith(("promoted[", "{constant#"))
                bound = () if part else _body_env(bodies[0], args)
                suffix = f"::<{', '.join(show(a) for a in args)}>" if args else ""
                return Instance(f"{home}::{name}{suffix}", home, name, bound)
        raise Unsupported(f"no definition of `{written}` in the crates of this build")

    def _bind(self, info: FnInfo, args: tuple[RustTy, ...]) -> Env:
        return self.world.bind(info.generics, args)

    def instance(
        self, crate: str, body: str, env: Env, info: FnInfo | None, name: str,
        impl: ImplInfo | None = None,
    ) -> Instance:  # fmt: skip
        """The instance of a function under ``env``, named ``name`` and its own arguments."""
        shown = [env[p.name] for p in (info.generics.params if info else ()) if p.name in env]
        suffix = f"::<{', '.join(map(show, shown))}>" if shown else ""
        ordered = tuple(sorted(env.items(), key=lambda kv: kv[0]))
        return Instance(name + suffix, crate, body, ordered, info, impl)

    # Methods ---------------------------------------------------------------------------------

    def _inherent(self, self_ty: RustTy, segments: tuple[Segment, ...]) -> Resolved:
        method = segments[0]
        found = self.world.traits.inherent(self_ty, method.name)
        if found is None:
            return self._std_inherent(self_ty, method)
        impl, env = found
        info = impl.functions.get(method.name)
        env = env | {"Self": self_ty}
        if info is not None:
            env |= self._bind(info, method.args)
        rest = "::".join(s.name for s in segments)
        name = f"<{show(self_ty)}>::{rest}"
        if isinstance(self_ty, PathTy) and not self_ty.args:
            name = f"{show(self_ty)}::{rest}"
        return self.instance(impl.crate, f"<impl>::{rest}", env, info, name, impl)

    def _std_inherent(self, self_ty: RustTy, method: Segment) -> Resolved:
        match self_ty:
            case PathTy(path, args):
                if path in ("bool", "char", "str"):
                    key = f"std::{path}::{method.name}"
                elif "::" not in path:
                    key = f"std::num::{method.name}"
                elif path.startswith("std::"):
                    key = f"{path}::{method.name}"
                else:
                    raise Unsupported(
                        f"no method `{method.name}` of `{show(self_ty)}` in this build"
                    )
                return self.std(key, self_ty, args, method.args)
            case SliceTy(elem) | RustArrayTy(elem, _):
                which = "slice" if isinstance(self_ty, SliceTy) else "array"
                given: tuple[RustTy, ...] = (elem,)
                if isinstance(self_ty, RustArrayTy):
                    given = (elem, self_ty.length)
                return self.std(f"std::{which}::{method.name}", self_ty, given, method.args)
        raise Unsupported(f"no method `{method.name}` of `{show(self_ty)}` in this build")

    def std(
        self, key: str, self_ty: RustTy | None, args: tuple[RustTy, ...],
        method_args: tuple[RustTy, ...], trait_args: tuple[RustTy, ...] = (),
    ) -> Resolved:  # fmt: skip
        """A std function or method: its model, or itself if it is built in or has none."""
        model = self.world.models.functions.get(key)
        if model is not None and not self._built_in(key, self_ty):
            return self.model(model, (*args, *method_args))
        return StdItem(key, self_ty, (*args, *method_args), trait_args)

    def model(self, path: str, args: tuple[RustTy, ...]) -> Instance:
        """The model function at ``path``, its parameters bound positionally."""
        crate, _, rest = path.partition("::")
        index = self.world.index(crate)
        info = index.functions.get(path) if index else None
        if info is None:
            raise Unsupported(f"the model table names `{path}`, which does not exist")
        return self.instance(crate, rest, self._bind(info, args), info, path)

    def _method(self, self_ty: RustTy, trait: PathTy, segments: tuple[Segment, ...]) -> Resolved:
        method = segments[0]
        trait = self.world.traits.without_defaults(trait, self_ty)
        rest = "::".join(s.name for s in segments)
        named = f"<{show(self_ty)} as {show(trait)}>::{rest}"
        key = f"{trait.path}::{method.name}"
        if key.startswith("std::") and all(self._built_in(key, t) for t in (self_ty, *trait.args)):
            return StdItem(key, self_ty, method.args, trait.args)
        found = self.world.traits.find_impl(self_ty, trait)
        if found is not None:
            impl, env = found
            env = env | {"Self": self_ty}
            info = impl.functions.get(method.name)
            if info is not None:
                env |= self._bind(info, method.args)
                return self.instance(impl.crate, f"<impl>::{rest}", env, info, named, impl)
            if method.name in impl.consts:
                return self.instance(impl.crate, f"<impl>::{rest}", env, None, named, impl)
            return self._provided(self_ty, trait, segments, named)
        if self._is_open(self_ty):
            owner = self.world.trait(trait.path)
            if owner is None:
                made = self._std_trait(self_ty, trait, method)
                if isinstance(made, Instance):
                    return Open(named)
                return made if _structural(made.key) else Open(named)
            return Open(named)
        owner = self.world.trait(trait.path)
        if owner is not None:
            return self._provided(self_ty, trait, segments, named)
        return self._std_trait(self_ty, trait, method)

    def _is_open(self, ty: RustTy) -> bool:
        while isinstance(ty, RefTy):
            ty = ty.inner
        return is_param(ty) or isinstance(ty, DynTy | ProjectionTy | ImplTy)

    def _provided(
        self, self_ty: RustTy, trait: PathTy, segments: tuple[Segment, ...], named: str
    ) -> Resolved:
        method = segments[0]
        info = self.world.trait(trait.path)
        if info is None:
            return self._std_trait(self_ty, trait, method)
        declared = info.functions.get(method.name)
        has_default = info.consts.get(method.name, False)
        if (declared is None or not declared.has_body) and not has_default:
            for parent in self.world.supertraits(trait.path)[1:]:
                other = self.world.trait(parent)
                if other and (method.name in other.functions or method.name in other.consts):
                    return self._method(self_ty, PathTy(parent), segments)
            raise Unsupported(f"`{named}` has no implementation in the crates of this build")
        crate, _, path = trait.path.partition("::")
        env = self.world.bind(info.generics, trait.args) | {"Self": self_ty}
        if declared is not None:
            env |= self._bind(declared, method.args)
        rest = "::".join(s.name for s in segments)
        return self.instance(crate, f"{path}::{rest}", env, declared, named)

    def _std_trait(self, self_ty: RustTy, trait: PathTy, method: Segment) -> StdItem | Instance:
        key = f"{trait.path}::{method.name}"
        given = trait.args
        if not given and trait.path.rsplit("::", 1)[-1] in ("PartialEq", "PartialOrd"):
            given = (self_ty,)
        model = self.world.models.functions.get(key)
        if model is not None:
            return self.model(model, (self_ty, *given, *method.args))
        return StdItem(key, self_ty, method.args, trait.args)

    # Bodies ----------------------------------------------------------------------------------

    def body(self, instance: Instance) -> Body:
        """The MIR body of an instance. Raises `Unsupported` if there is none."""
        source = self.world.mir[instance.crate]
        if instance.impl is not None:
            candidates = self._impl_bodies(instance)
        else:
            candidates = source.bodies(instance.body_name)
        if not candidates:
            raise Unsupported(f"no MIR for `{instance.name}`")
        if len(candidates) == 1 or instance.info is None:
            return candidates[0]
        fitting = [b for b in candidates if self._has_signature(b, instance, instance.info)]
        if len(fitting) != 1:
            raise Unsupported(
                f"{len(candidates)} bodies at one place, made by one macro, and "
                f"{len(fitting)} of them have the signature of `{instance.name}`"
            )
        return fitting[0]

    def _has_signature(self, body: Body, instance: Instance, info: FnInfo) -> bool:
        """Are the types of the parameters and the result those of the instance?

        The result matters as well: of `impl<A> New for (A, A)` and `(A, A, A)`, both made by one
        macro, a function without parameters differs in nothing else.
        """
        wanted = [*(t for _, t in info.params), info.result]
        have = [*(t for _, t in body.params), body.result]
        absolute, env = self.world.absolute, dict(instance.env)
        # A projection that cannot be resolved yet may be any type.
        return len(wanted) == len(have) and all(
            unify(absolute(w, instance.crate, env), absolute(h, instance.crate, env), set(), {})
            for w, h in zip(wanted, have, strict=True)
        )

    def _impl_bodies(self, instance: Instance) -> list[Body]:
        if instance.impl is None:
            raise TypeError("instance.impl")
        span = instance.impl.span
        rest = instance.body_name.removeprefix("<impl>::")
        if span is None:
            return []
        out = self.world.mir[instance.crate].impl_bodies(span.file, span.line, span.column, rest)
        return list(out)

    def environment(self, instance: Instance, body: Body) -> Env:
        """What the parameters printed in ``body`` stand for."""
        env = dict(instance.env)
        texts: list[str] = []
        for _, t in body.params:
            _impl_texts(t, texts)
        generics: tuple[GenericParam, ...] = instance.info.generics.params if instance.info else ()
        hidden = [p.name for p in generics if p.name.startswith("impl ")]
        for text, name in zip(texts, hidden, strict=False):
            if text not in env and name in env:
                env[text] = env[name]
        return env


def _impl_texts(ty: RustTy, out: list[str]) -> None:
    if isinstance(ty, ImplTy) and ty.text not in out:
        out.append(ty.text)
    if isinstance(ty, RefTy):
        _impl_texts(ty.inner, out)


def _body_env(body: Body, args: tuple[RustTy, ...]) -> tuple[tuple[str, RustTy], ...]:
    """Bind the parameters of a function inside a function, which no declaration lists."""
    if not args:
        return ()
    names = _written_generics(body)
    if names is None or len(names) != len(args):
        raise Unsupported(f"the generic parameters of `{body.name}`, a function in a function")
    return tuple(sorted(zip(names, args, strict=True), key=lambda kv: kv[0]))


def _written_generics(body: Body) -> list[str] | None:
    """Type and const parameters as the source of a function lists them."""
    if body.span is None or not Path(body.span.file).is_file():
        return None
    text = Path(body.span.file).read_text(encoding="utf-8")
    # The span is that of the result's type.
    upto = sum(len(line) for line in text.splitlines(keepends=True)[: body.span.line])
    name = re.escape(body.name.rsplit("::", 1)[-1])
    matches = list(re.finditer(rf"\bfn\s+{name}\s*<", text[:upto]))
    if not matches:
        return None
    found = matches[-1]
    depth, part, parts = 1, "", []
    for c, before in zip(text[found.end() :], text[found.end() - 1 :], strict=False):
        depth += (c in "<([{") - (c in ")]}" or (c == ">" and before not in "-="))
        if depth == 0:
            break
        if c == "," and depth == 1:
            parts.append(part)
            part = ""
        else:
            part += c
    names = [re.match(r"\s*(?:const\s+)?('?\w+)", p) for p in [*parts, part] if p.strip()]
    return [n[1] for n in names if n is not None and not n[1].startswith("'")]


def _structural(key: str) -> bool:
    """Std items whose meaning does not depend on the open type."""
    return key.rsplit("::", 1)[-1] in ("clone", "into_iter", "borrow", "into", "from", "deref")
