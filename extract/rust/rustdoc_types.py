"""Types, bounds and generics of rustdoc's JSON as the dataclasses of `extract.rust.mir`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeAlias

from extract.rust.mir import (
    ConstTy,
    DynTy,
    FnTy,
    GenericParam,
    Generics,
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

Json: TypeAlias = dict[str, Any]

# Aliases of std: no index of std is made, so they are expanded here.
UNIT: Final = TupleTy()
_FMT_ERROR: Final = PathTy("core::fmt::Error")
_IO_ERROR: Final = PathTy("std::io::error::Error")
_RESULT: Final = "core::result::Result"

_INT: Final = re.compile(r"(-?)(0x[0-9a-fA-F_]+|0o[0-7_]+|0b[01_]+|[0-9][0-9_]*)([ui](\d+|size))?")


class TypeReader:
    """Reads types; ``path_of`` gives the defining path of an item's id, if it has one."""

    def __init__(self, path_of: Callable[[str], str | None]) -> None:
        self._path_of = path_of
        self._synthetic: Iterator[str] = iter(())  # names of `impl Trait` parameters to come
        self._bindings: list[tuple[RustTy, PathTy, str, RustTy]] = []

    def signature(
        self, generics: Generics, sig: Json
    ) -> tuple[tuple[tuple[str, RustTy], ...], RustTy]:
        """Named parameters and result; ``generics`` are the function's own, already read."""
        self._synthetic = (p.name for p in generics.params if p.name.startswith("impl "))
        params = tuple((name, self.ty(ty)) for name, ty in sig["inputs"])
        self._synthetic = iter(())
        return params, self._result(sig["output"])

    def _result(self, output: Json | None) -> RustTy:
        return UNIT if output is None else self.ty(output)

    # Generics --------------------------------------------------------------------------------

    def generics(self, g: Json) -> Generics:
        """Parameters and where-clauses, lifetimes left out."""
        outer, self._bindings = self._bindings, []
        params = tuple(p for p in map(self._param, g["params"]) if p is not None)
        where: list[tuple[RustTy, PathTy]] = []
        for predicate in g["where_predicates"]:
            bound = predicate.get("bound_predicate")
            if bound is not None:
                subject = self.ty(bound["type"])
                where.extend((subject, b) for b in self.bounds(bound["bounds"], subject))
        made = Generics(params, tuple(where), tuple(self._bindings))
        self._bindings = outer
        return made

    def _param(self, p: Json) -> GenericParam | None:
        kind = p["kind"]
        if "lifetime" in kind:
            return None
        if "const" in kind:
            default = kind["const"]["default"]
            made = None if default is None else _const(default)
            return GenericParam(p["name"], is_const=True, default=made)
        bounds = self.bounds(kind["type"]["bounds"], PathTy(p["name"]))
        default = kind["type"]["default"]
        return GenericParam(
            p["name"], bounds=bounds, default=None if default is None else self.ty(default)
        )

    def bounds(self, bounds: Iterable[Json], subject: RustTy | None = None) -> tuple[PathTy, ...]:
        """Trait bounds; ``?Sized``, lifetimes and ``use<…>`` say nothing about values."""
        traits = (b["trait_bound"] for b in bounds if "trait_bound" in b)
        kept = (t["trait"] for t in traits if t["modifier"] != "maybe")
        return tuple(self.trait_path(t, subject) for t in kept)

    def trait_path(self, trait: Json, subject: RustTy | None = None) -> PathTy:
        """A trait with its arguments; with ``subject``, notes what its bindings say of that."""
        path = PathTy(self._written(trait), self._args(trait["args"]))
        if subject is not None:
            self._bind(trait["args"], path, subject)
        return path

    def _bind(self, args: Json | None, path: PathTy, subject: RustTy) -> None:
        """Note ``Trait<Item = T>`` on ``subject``."""
        if args is None or not isinstance(args, dict):
            return
        sugar = args.get("parenthesized")
        if sugar is not None:
            result = self._result(sugar["output"])
            self._bindings.append((subject, path, "Output", result))
            return
        for c in args["angle_bracketed"]["constraints"]:
            value = c["binding"].get("equality", {}).get("type")
            if value is not None:
                self._bindings.append((subject, path, c["name"], self.ty(value)))

    # Types -----------------------------------------------------------------------------------

    def _written(self, path: Json) -> str:
        """Defining path of the item that a ``Path`` object names."""
        text = path.get("path") or path.get("name") or ""
        return self._path_of(str(path["id"])) or str(text)

    def _args(self, args: Json | str | None) -> tuple[RustTy, ...]:
        if args is None or isinstance(args, str):
            return ()
        sugar = args.get("parenthesized")
        if sugar is not None:
            return (TupleTy(tuple(map(self.ty, sugar["inputs"]))),)
        made: list[RustTy] = []
        for arg in args["angle_bracketed"]["args"]:
            if arg == "infer":
                made.append(PathTy("_"))
            elif "type" in arg:
                made.append(self.ty(arg["type"]))
            elif "const" in arg:
                const = arg["const"]
                made.append(_const(const["value"] or const["expr"]))
        return tuple(made)

    def ty(self, ty: Json | str) -> RustTy:
        """One type. What has no counterpart (a pattern type) becomes a path of its whole text."""
        if isinstance(ty, str):  # "infer"
            return PathTy("_")
        ((kind, inner),) = ty.items()
        match kind:
            case "generic":
                return PathTy(inner)
            case "primitive":
                return NeverTy() if inner == "never" else PathTy(inner)
            case "resolved_path":
                return _std_alias(PathTy(self._written(inner), self._args(inner["args"])))
            case "qualified_path":
                return self._projection(inner)
            case "impl_trait":
                return ImplTy(next(self._synthetic, None) or show_impl(inner))
        return self._structural(kind, inner)

    def _structural(self, kind: str, inner: Any) -> RustTy:
        match kind:
            case "borrowed_ref":
                return RefTy(self.ty(inner["type"]), inner["is_mutable"])
            case "raw_pointer":
                return RawPtrTy(self.ty(inner["type"]), inner["is_mutable"])
            case "tuple":
                return TupleTy(tuple(map(self.ty, inner)))
            case "slice":
                return SliceTy(self.ty(inner))
            case "array":
                return RustArrayTy(self.ty(inner["type"]), _const(inner["len"]))
            case "dyn_trait":
                return DynTy(self.trait_path(inner["traits"][0]["trait"]))
            case "function_pointer":
                params = tuple(self.ty(ty) for _, ty in inner["sig"]["inputs"])
                return FnTy(params, self._result(inner["sig"]["output"]))
        return PathTy(f"{kind} {json.dumps(inner, sort_keys=True)}")

    def _projection(self, inner: Json) -> ProjectionTy:
        trait = inner["trait"]
        return ProjectionTy(
            self.ty(inner["self_type"]),
            PathTy("") if trait is None else self.trait_path(trait),
            inner["name"],
            self._args(inner["args"]),
        )


def _int(text: str) -> int | None:
    m = _INT.fullmatch(text.strip())
    return None if m is None else int(m[1] + m[2].replace("_", ""), 0)


def _const(text: str) -> RustTy:
    """A const argument or array length by rustdoc's text: a literal, else kept as a path."""
    text = text.strip()
    if text in {"true", "false"}:
        return ConstTy(text == "true")
    if text.startswith("{") and text.endswith("}"):
        inner = text[1:-1].strip()
        if _int(inner) is not None or inner.isidentifier():
            text = inner
    number = _int(text)
    return PathTy(text) if number is None else ConstTy(number)


def _std_alias(ty: PathTy) -> RustTy:
    if ty.path == "core::fmt::Result":
        return PathTy(_RESULT, (UNIT, _FMT_ERROR))
    if ty.path == "std::io::error::Result":
        return PathTy(_RESULT, (*ty.args, _IO_ERROR))
    return ty


# `impl Trait` in result position, as text ------------------------------------------------------


def show_impl(bounds: list[Json]) -> str:
    """``impl A<B> + C`` as rustdoc writes it."""
    return "impl " + " + ".join(filter(None, map(_show_bound, bounds)))


def _show_bound(bound: Json) -> str:
    if "outlives" in bound:
        return str(bound["outlives"])
    trait = bound.get("trait_bound")
    if trait is None:
        return ""
    prefix = "?" if trait["modifier"] == "maybe" else ""
    return f"{prefix}{trait['trait']['path']}{_show_args(trait['trait']['args'])}"


def _show_args(args: Json | None) -> str:
    if not isinstance(args, dict):
        return ""
    sugar = args.get("parenthesized")
    if sugar is not None:
        output = "" if sugar["output"] is None else f" -> {_show(sugar['output'])}"
        return f"({', '.join(map(_show, sugar['inputs']))}){output}"
    inner = args["angle_bracketed"]
    shown = [_show_arg(a) for a in inner["args"]]
    for c in inner["constraints"]:
        binding = c["binding"]
        if "equality" in binding:
            shown.append(f"{c['name']} = {_show_arg(binding['equality'])}")
        else:
            bounds = " + ".join(filter(None, map(_show_bound, binding["constraint"])))
            shown.append(f"{c['name']}: {bounds}")
    return f"<{', '.join(shown)}>" if shown else ""


def _show_arg(arg: Json | str) -> str:
    if isinstance(arg, str):
        return "_"
    if "type" in arg:
        return _show(arg["type"])
    const = arg.get("const") or arg.get("constant")
    return str(const["expr"]) if isinstance(const, dict) else str(arg.get("lifetime", ""))


def _show(ty: Json | str) -> str:
    if isinstance(ty, str):
        return "_"
    ((kind, inner),) = ty.items()
    match kind:
        case "generic" | "primitive":
            return "!" if inner == "never" else str(inner)
        case "resolved_path":
            return str(inner["path"]) + _show_args(inner["args"])
        case "impl_trait":
            return show_impl(inner)
        case "qualified_path":
            return _show_projection(inner)
        case "dyn_trait":
            return "dyn " + " + ".join(
                t["trait"]["path"] + _show_args(t["trait"]["args"]) for t in inner["traits"]
            )
    return _show_structural(kind, inner)


def _show_structural(kind: str, inner: Any) -> str:
    match kind:
        case "borrowed_ref":
            lifetime = f"{inner['lifetime']} " if inner["lifetime"] else ""
            return f"&{lifetime}{'mut ' if inner['is_mutable'] else ''}{_show(inner['type'])}"
        case "raw_pointer":
            return f"*{'mut' if inner['is_mutable'] else 'const'} {_show(inner['type'])}"
        case "tuple":
            comma = "," if len(inner) == 1 else ""
            return f"({', '.join(map(_show, inner))}{comma})"
        case "slice":
            return f"[{_show(inner)}]"
        case "array":
            return f"[{_show(inner['type'])}; {inner['len']}]"
        case "function_pointer":
            output = inner["sig"]["output"]
            arrow = "" if output is None else f" -> {_show(output)}"
            return f"fn({', '.join(_show(t) for _, t in inner['sig']['inputs'])}){arrow}"
    return kind


def _show_projection(inner: Json) -> str:
    trait, self_ty = inner["trait"], _show(inner["self_type"])
    if trait is None or not trait["path"] or self_ty == "Self":
        return f"{self_ty}::{inner['name']}"
    return f"<{self_ty} as {trait['path']}{_show_args(trait['args'])}>::{inner['name']}"
