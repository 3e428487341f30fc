"""From rustdoc's JSON of one crate to its `CrateIndex`: everything that the crate declares.

Paths of declared items are full paths to where they are *defined*, crate name first; paths of
items of other crates are those of rustdoc's ``paths`` table (also where they are defined).
Lifetimes are dropped. Left out, because rustdoc leaves them out or they say nothing: unions,
macros, items inside function bodies, negative impls, auto-trait impls and the copies of blanket
impls that rustdoc makes for each type.

Source: the JSON of ``rustdoc --output-format json --document-private-items
--document-hidden-items``, format versions `OLDEST` to `NEWEST`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from extract.rust.errors import GET_RUST, RustError, RustToolMissing
from extract.rust.mir import (
    AdtInfo,
    ConstTy,
    CrateIndex,
    DynTy,
    FnInfo,
    FnTy,
    GenericParam,
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
    SliceTy,
    TraitInfo,
    TupleTy,
    VariantInfo,
)
from verify.core.span import Span

OLDEST: Final = 45
NEWEST: Final = 57

Json = dict[str, Any]

# Aliases of std: no index of std is made, so they are expanded here.
_UNIT: Final = TupleTy()
_FMT_ERROR: Final = PathTy("core::fmt::Error")
_IO_ERROR: Final = PathTy("std::io::error::Error")
_RESULT: Final = "core::result::Result"

_ADT_KINDS: Final = ("struct", "enum")
_INT: Final = re.compile(r"(-?)(0x[0-9a-fA-F_]+|0o[0-7_]+|0b[01_]+|[0-9][0-9_]*)([ui](\d+|size))?")


def read_index(file: Path) -> CrateIndex:
    """Read one crate's rustdoc JSON.

    Raises `RustToolMissing` for a JSON format that is not covered, `RustError` for a file that is
    not rustdoc's.
    """
    try:
        text = json.loads(file.read_bytes())
    except ValueError as e:
        raise RustError(f"{file} is not rustdoc JSON: {e}", "delete it; it is made anew") from e
    return make_index(text)


def make_index(doc: Json) -> CrateIndex:
    """The index of one crate from its parsed rustdoc JSON. Raises as `read_index`."""
    version = doc.get("format_version")
    if not isinstance(version, int) or not OLDEST <= version <= NEWEST:
        raise RustToolMissing(
            f"rustdoc writes JSON format {version}; formats {OLDEST} to {NEWEST} are covered",
            f"use another Rust toolchain (1.95 is tested), or {GET_RUST}",
        )
    return _Reader(doc).read()


def resolve(indexes: dict[str, CrateIndex], path: str) -> str:
    """Defining path of an item named by any public path (``p3_field::Field``).

    Follows re-exports of items, of whole modules and of other crates' globs (recorded under
    ``module::*``). A path that no index knows comes back as it is.
    """
    seen: set[str] = set()
    while path not in seen:
        seen.add(path)
        index = indexes.get(path.split("::", 1)[0])
        if index is None:
            return path
        path = _step(index, path)
    return path


def _step(index: CrateIndex, path: str) -> str:
    """One re-export followed, at the longest prefix of ``path`` that is one."""
    head, rest = path, ""
    while head:
        target = index.reexports.get(head)
        if target is not None and target != head:
            return target + rest
        head, _, last = head.rpartition("::")
        rest = f"::{last}{rest}"
        glob = index.reexports.get(f"{head}::*")
        if glob is not None and not _declares(index, f"{head}::{last}"):
            return glob + rest
    return path


def _declares(index: CrateIndex, path: str) -> bool:
    tables = (index.adts, index.traits, index.functions, index.aliases, index.consts)
    return any(path in t for t in tables)


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


class _Reader:
    """One pass over one crate's JSON."""

    def __init__(self, doc: Json) -> None:
        self.items: dict[str, Json] = doc["index"]
        self.table: dict[str, Json] = doc["paths"]
        root = self.items[str(doc["root"])]
        self.root: str = str(doc["root"])
        self.name: str = root["name"]
        self.out = CrateIndex(self.name, doc.get("crate_version") or "")
        self.paths: dict[str, str] = {}  # item id -> defining path
        self.open: set[str] = set()  # ids of items that another crate can name
        self.synthetic: Iterator[str] = iter(())  # names of `impl Trait` parameters to come
        self.bindings: list[tuple[RustTy, PathTy, str, RustTy]] = []

    def read(self) -> CrateIndex:
        self._name_items(self.root, self.name)
        self._open_items(self.root)
        for key, item in self.items.items():
            if item["crate_id"] != 0:
                continue
            kind, inner = _kind(item)
            if key in self.paths:
                self._declare(key, item, kind, inner)
            elif kind == "impl":
                self._impl(item, inner)
        return self.out

    # Names -----------------------------------------------------------------------------------

    def _name_items(self, module: str, path: str) -> None:
        """Give every item of a module tree its defining path; note re-exports."""
        self.paths[module] = path
        for child in map(str, self.items[module]["inner"]["module"]["items"]):
            item = self.items.get(child)
            if item is None:
                continue
            kind, inner = _kind(item)
            if kind == "module":
                self._name_items(child, f"{path}::{item['name']}")
            elif kind != "use" and item["name"]:
                self.paths[child] = f"{path}::{item['name']}"
                for v in map(str, inner.get("variants", ()) if kind == "enum" else ()):
                    self.paths[v] = f"{path}::{item['name']}::{self.items[v]['name']}"

    def _open_items(self, root: str) -> None:
        """Find what can be named from outside, and record every re-export on the way."""
        queue = [(root, True)]
        seen: set[tuple[str, bool]] = set()
        while queue:
            at, public = queue.pop()
            if (at, public) in seen or (at, True) in seen:
                continue
            seen.add((at, public))
            if public:
                self.open.add(at)
            for child in map(str, self.items[at]["inner"]["module"]["items"]):
                item = self.items.get(child)
                if item is None:
                    continue
                kind, inner = _kind(item)
                visible = public and item["visibility"] == "public"
                if kind == "module":
                    queue.append((child, visible))
                elif kind == "use":
                    queue.extend((m, True) for m in self._use(at, inner, visible))
                elif visible:
                    self.open.add(child)

    def _use(self, module: str, use: Json, visible: bool) -> list[str]:
        """Record one ``use``; the local modules that it opens."""
        target = str(use["id"]) if use["id"] is not None else ""
        path = self._path_of(target)
        here = self.paths[module]
        if path is None:
            return []  # a macro or a primitive
        item = self.items.get(target)
        kind = _kind(item)[0] if item else ""
        if not use["is_glob"]:
            self.out.reexports[f"{here}::{use['name']}"] = path
            if visible:
                self.open.add(target)
            return [target] if kind == "module" and visible else []
        if kind not in {"module", "enum"}:
            self.out.reexports[f"{here}::*"] = path
            return []
        self._glob(here, target, set())
        return [target] if kind == "module" and visible else []

    def _glob(self, here: str, target: str, seen: set[str]) -> None:
        if target in seen:
            return
        seen.add(target)
        kind, inner = _kind(self.items[target])
        for child in map(str, inner["items"] if kind == "module" else inner["variants"]):
            item = self.items.get(child)
            if item is None:
                continue
            child_kind, child_inner = _kind(item)
            if child_kind != "use":
                if child in self.paths:
                    self.out.reexports.setdefault(f"{here}::{item['name']}", self.paths[child])
                continue
            path = self._path_of(str(child_inner["id"]))
            if path is None:
                continue
            if not child_inner["is_glob"]:
                self.out.reexports.setdefault(f"{here}::{child_inner['name']}", path)
            elif str(child_inner["id"]) in self.items:
                self._glob(here, str(child_inner["id"]), seen)
            else:
                self.out.reexports.setdefault(f"{here}::*", path)

    def _path_of(self, key: str) -> str | None:
        """Defining path of an item of this or another crate; None for a macro or a primitive."""
        known = self.paths.get(key)
        if known is not None:
            return known
        entry = self.table.get(key)
        if entry is None or entry["kind"] in {"macro", "proc_attribute", "proc_derive", "primitive"}:
            return None
        return "::".join(entry["path"])

    # Declarations ----------------------------------------------------------------------------

    def _declare(self, key: str, item: Json, kind: str, inner: Json) -> None:
        path = self.paths[key]
        out = self.out
        if kind in _ADT_KINDS:
            out.adts[path] = self._adt(path, item, kind, inner)
        elif kind == "trait":
            out.traits[path] = self._trait(path, inner)
        elif kind == "function":
            out.functions[path] = self._function(item, inner, key in self.open)
        elif kind == "type_alias":
            out.aliases[path] = (self._generics(inner["generics"]), self._ty(inner["type"]))
        elif kind in {"constant", "static"}:
            out.consts[path] = self._ty(inner["type"])

    def _adt(self, path: str, item: Json, kind: str, inner: Json) -> AdtInfo:
        variants: list[VariantInfo] = []
        if kind == "struct":
            variants.append(VariantInfo(item["name"], self._fields(inner["kind"], path), 0))
        else:
            following = 0
            for key in map(str, inner["variants"]):
                variant = self.items[key]
                info = variant["inner"]["variant"]
                if info["discriminant"] is not None:
                    following = int(info["discriminant"]["value"])
                fields = self._fields(info["kind"], path)
                variants.append(VariantInfo(variant["name"], fields, following))
                following += 1
        generics = self._generics(inner["generics"])
        return AdtInfo(path, generics, tuple(variants), kind == "enum", _span(item))

    def _fields(self, kind: str | Json, path: str) -> tuple[tuple[str, RustTy], ...]:
        if isinstance(kind, str):  # "unit" or "plain"
            return ()
        ids = kind["tuple"] if "tuple" in kind else next(iter(kind.values()))["fields"]
        if None in ids:
            raise RustError(
                f"rustdoc left out a field of {path}",
                "remove `#[doc(hidden)]` handling flags from RUSTDOCFLAGS",
            )
        fields = (self.items[str(i)] for i in ids)
        return tuple((f["name"], self._ty(f["inner"]["struct_field"])) for f in fields)

    def _trait(self, path: str, inner: Json) -> TraitInfo:
        info = TraitInfo(path, self._generics(inner["generics"]), self._bounds(inner["bounds"]))
        for name, kind, item, body in self._members(inner["items"]):
            if kind == "function":
                info.functions[name] = self._function(item, body, True)
            elif kind == "assoc_type":
                default = body["type"]
                info.types[name] = None if default is None else self._ty(default)
            elif kind == "assoc_const":
                info.consts[name] = body["value"] is not None
        return info

    def _impl(self, item: Json, inner: Json) -> None:
        if inner["is_synthetic"] or inner["is_negative"] or inner["blanket_impl"] is not None:
            return
        trait = inner["trait"]
        info = ImplInfo(
            self.name,
            self._generics(inner["generics"]),
            None if trait is None else self._trait_path(trait),
            self._ty(inner["for"]),
            _span(item),
            derived=any("automatically_derived" in str(a) for a in item["attrs"]),
        )
        for name, kind, member, body in self._members(inner["items"]):
            if kind == "function":
                public = trait is not None or member["visibility"] == "public"
                info.functions[name] = self._function(member, body, public)
            elif kind == "assoc_type" and body["type"] is not None:
                info.types[name] = self._ty(body["type"])
            elif kind == "assoc_const":
                info.consts[name] = self._ty(body["type"])
        self.out.impls.append(info)

    def _members(self, ids: Iterable[int]) -> Iterator[tuple[str, str, Json, Json]]:
        for key in map(str, ids):
            item = self.items[key]
            kind, inner = _kind(item)
            yield item["name"], kind, item, inner

    def _function(self, item: Json, inner: Json, public: bool) -> FnInfo:
        generics = self._generics(inner["generics"])
        self.synthetic = (p.name for p in generics.params if p.name.startswith("impl "))
        params = tuple((name, self._ty(ty)) for name, ty in inner["sig"]["inputs"])
        self.synthetic = iter(())
        output = inner["sig"]["output"]
        return FnInfo(
            item["name"],
            generics,
            params,
            _UNIT if output is None else self._ty(output),
            inner["has_body"],
            inner["header"]["is_unsafe"],
            public,
            _span(item),
        )

    # Generics --------------------------------------------------------------------------------

    def _generics(self, g: Json) -> Generics:
        outer, self.bindings = self.bindings, []
        params = tuple(p for p in map(self._param, g["params"]) if p is not None)
        where: list[tuple[RustTy, PathTy]] = []
        for predicate in g["where_predicates"]:
            bound = predicate.get("bound_predicate")
            if bound is not None:
                subject = self._ty(bound["type"])
                where.extend((subject, b) for b in self._bounds(bound["bounds"], subject))
        made = Generics(params, tuple(where), tuple(self.bindings))
        self.bindings = outer
        return made

    def _param(self, p: Json) -> GenericParam | None:
        kind = p["kind"]
        if "lifetime" in kind:
            return None
        if "const" in kind:
            default = kind["const"]["default"]
            made = None if default is None else _const(default)
            return GenericParam(p["name"], is_const=True, default=made)
        bounds = self._bounds(kind["type"]["bounds"], PathTy(p["name"]))
        default = kind["type"]["default"]
        return GenericParam(
            p["name"], bounds=bounds, default=None if default is None else self._ty(default)
        )

    def _bounds(self, bounds: Iterable[Json], subject: RustTy | None = None) -> tuple[PathTy, ...]:
        """Trait bounds; ``?Sized``, lifetimes and ``use<…>`` say nothing about values."""
        traits = (b["trait_bound"] for b in bounds if "trait_bound" in b)
        kept = (t["trait"] for t in traits if t["modifier"] != "maybe")
        return tuple(self._trait_path(t, subject) for t in kept)

    def _trait_path(self, trait: Json, subject: RustTy | None = None) -> PathTy:
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
            result = _UNIT if sugar["output"] is None else self._ty(sugar["output"])
            self.bindings.append((subject, path, "Output", result))
            return
        for c in args["angle_bracketed"]["constraints"]:
            value = c["binding"].get("equality", {}).get("type")
            if value is not None:
                self.bindings.append((subject, path, c["name"], self._ty(value)))

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
            return (TupleTy(tuple(map(self._ty, sugar["inputs"]))),)
        made: list[RustTy] = []
        for arg in args["angle_bracketed"]["args"]:
            if arg == "infer":
                made.append(PathTy("_"))
            elif "type" in arg:
                made.append(self._ty(arg["type"]))
            elif "const" in arg:
                const = arg["const"]
                made.append(_const(const["value"] or const["expr"]))
        return tuple(made)

    def _ty(self, ty: Json | str) -> RustTy:
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
            case "borrowed_ref":
                return RefTy(self._ty(inner["type"]), inner["is_mutable"])
            case "raw_pointer":
                return RawPtrTy(self._ty(inner["type"]), inner["is_mutable"])
            case "tuple":
                return TupleTy(tuple(map(self._ty, inner)))
            case "slice":
                return SliceTy(self._ty(inner))
            case "array":
                return RustArrayTy(self._ty(inner["type"]), _const(inner["len"]))
            case "qualified_path":
                return self._projection(inner)
            case "impl_trait":
                return ImplTy(next(self.synthetic, None) or _show_impl(inner))
            case "dyn_trait":
                return DynTy(self._trait_path(inner["traits"][0]["trait"]))
            case "function_pointer":
                return self._fn_pointer(inner["sig"])
        return PathTy(f"{kind} {json.dumps(inner, sort_keys=True)}")  # pattern types: opaque

    def _projection(self, inner: Json) -> ProjectionTy:
        trait = inner["trait"]
        return ProjectionTy(
            self._ty(inner["self_type"]),
            PathTy("") if trait is None else self._trait_path(trait),
            inner["name"],
            self._args(inner["args"]),
        )

    def _fn_pointer(self, sig: Json) -> FnTy:
        params = tuple(self._ty(ty) for _, ty in sig["inputs"])
        return FnTy(params, _UNIT if sig["output"] is None else self._ty(sig["output"]))


def _kind(item: Json) -> tuple[str, Json]:
    ((kind, inner),) = item["inner"].items()
    return kind, inner


def _span(item: Json) -> Span | None:
    span = item["span"]
    if span is None:
        return None
    (line, column), (end_line, end_column) = span["begin"], span["end"]
    return Span(span["filename"], line, column, end_line, end_column)


def _std_alias(ty: PathTy) -> RustTy:
    if ty.path == "core::fmt::Result":
        return PathTy(_RESULT, (_UNIT, _FMT_ERROR))
    if ty.path == "std::io::error::Result":
        return PathTy(_RESULT, (*ty.args, _IO_ERROR))
    return ty


# `impl Trait` in result position, as text ------------------------------------------------------


def _show_impl(bounds: list[Json]) -> str:
    return "impl " + " + ".join(filter(None, map(_show_bound, bounds)))


def _show_bound(bound: Json) -> str:
    if "outlives" in bound:
        return str(bound["outlives"])
    trait = bound.get("trait_bound")
    if trait is None:
        return ""
    prefix = "?" if trait["modifier"] == "maybe" else ""
    return prefix + trait["trait"]["path"] + _show_args(trait["trait"]["args"])


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
        case "impl_trait":
            return _show_impl(inner)
        case "qualified_path":
            return _show_projection(inner)
        case "dyn_trait":
            return "dyn " + " + ".join(
                t["trait"]["path"] + _show_args(t["trait"]["args"]) for t in inner["traits"]
            )
        case "function_pointer":
            output = inner["sig"]["output"]
            arrow = "" if output is None else f" -> {_show(output)}"
            return f"fn({', '.join(_show(t) for _, t in inner['sig']['inputs'])}){arrow}"
    return str(kind)


def _show_projection(inner: Json) -> str:
    trait, self_ty = inner["trait"], _show(inner["self_type"])
    if trait is None or not trait["path"] or self_ty == "Self":
        return f"{self_ty}::{inner['name']}"
    return f"<{self_ty} as {trait['path']}{_show_args(trait['args'])}>::{inner['name']}"
