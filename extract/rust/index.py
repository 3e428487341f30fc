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
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from extract.rust.errors import GET_RUST, RustError, RustToolMissingError
from extract.rust.mir import (
    AdtInfo,
    CrateIndex,
    FnInfo,
    ImplInfo,
    RustTy,
    TraitInfo,
    VariantInfo,
)
from extract.rust.rustdoc_types import Json, TypeReader
from extract.rust.slim import is_written_impl
from verify.core.span import Span

OLDEST: Final = 45
NEWEST: Final = 57

_ADT_KINDS: Final = ("struct", "enum")
_NO_PATH: Final = {"macro", "proc_attribute", "proc_derive", "primitive"}


def read_doc(file: Path) -> Json:
    """One crate's rustdoc JSON.

    Raises `RustToolMissingError` for a format that is not covered, `RustError` for a file that is
    not rustdoc's.
    """
    try:
        doc: Json = json.loads(file.read_bytes())
        version = doc["format_version"]
    except (ValueError, KeyError, TypeError) as e:
        raise RustError(f"{file} is not rustdoc JSON: {e}", "delete it; it is made anew") from e
    if not OLDEST <= version <= NEWEST:
        raise RustToolMissingError(
            f"rustdoc writes JSON format {version}; formats {OLDEST} to {NEWEST} are covered",
            f"use another Rust toolchain (1.95 is tested), or {GET_RUST}",
        )
    return doc


def read_index(file: Path) -> CrateIndex:
    """The index of one crate from a file of rustdoc's. Raises as `read_doc`."""
    return make_index(read_doc(file))


def make_index(doc: Json) -> CrateIndex:
    """The index of one crate from its rustdoc JSON, whole or cut down by `extract.rust.slim`."""
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
        self.types = TypeReader(self._path_of)

    def read(self) -> CrateIndex:
        self._name_items(self.root, self.name)
        self._open_items(self.root)
        for key, item in self.items.items():
            if item["crate_id"] != 0:
                continue
            kind, inner = _kind(item)
            if key in self.paths:
                self._declare(key, item, kind, inner)
            elif is_written_impl(item):
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
        if entry is None or entry["kind"] in _NO_PATH:
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
            out.aliases[path] = (
                self.types.generics(inner["generics"]),
                self.types.ty(inner["type"]),
            )
        elif kind in {"constant", "static"}:
            out.consts[path] = self.types.ty(inner["type"])

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
        generics = self.types.generics(inner["generics"])
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
        return tuple((f["name"], self.types.ty(f["inner"]["struct_field"])) for f in fields)

    def _trait(self, path: str, inner: Json) -> TraitInfo:
        info = TraitInfo(
            path, self.types.generics(inner["generics"]), self.types.bounds(inner["bounds"])
        )
        for name, kind, item, body in self._members(inner["items"]):
            if kind == "function":
                info.functions[name] = self._function(item, body, True)
            elif kind == "assoc_type":
                default = body["type"]
                info.types[name] = None if default is None else self.types.ty(default)
            elif kind == "assoc_const":
                info.consts[name] = body["value"] is not None
        return info

    def _impl(self, item: Json, inner: Json) -> None:
        trait = inner["trait"]
        info = ImplInfo(
            self.name,
            self.types.generics(inner["generics"]),
            None if trait is None else self.types.trait_path(trait),
            self.types.ty(inner["for"]),
            _span(item),
            derived=any("automatically_derived" in str(a) for a in item["attrs"]),
        )
        for name, kind, member, body in self._members(inner["items"]):
            if kind == "function":
                public = trait is not None or member["visibility"] == "public"
                info.functions[name] = self._function(member, body, public)
            elif kind == "assoc_type" and body["type"] is not None:
                info.types[name] = self.types.ty(body["type"])
            elif kind == "assoc_const":
                info.consts[name] = self.types.ty(body["type"])
        self.out.impls.append(info)

    def _members(self, ids: Iterable[int]) -> Iterator[tuple[str, str, Json, Json]]:
        for key in map(str, ids):
            item = self.items[key]
            kind, inner = _kind(item)
            yield item["name"], kind, item, inner

    def _function(self, item: Json, inner: Json, public: bool) -> FnInfo:
        generics = self.types.generics(inner["generics"])
        params, result = self.types.signature(generics, inner["sig"])
        return FnInfo(
            item["name"],
            generics,
            params,
            result,
            inner["has_body"],
            inner["header"]["is_unsafe"],
            public,
            _span(item),
        )


def _kind(item: Json) -> tuple[str, Json]:
    ((kind, inner),) = item["inner"].items()
    return kind, inner


def _span(item: Json) -> Span | None:
    span = item["span"]
    if span is None:
        return None
    (line, column), (end_line, end_column) = span["begin"], span["end"]
    return Span(span["filename"], line, column, end_line, end_column)


def span_to_json(span: Span) -> Json:
    """A span as rustdoc writes it."""
    return {
        "filename": span.file,
        "begin": [span.line, span.column],
        "end": [span.end_line, span.end_column],
    }
