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
        self._publish(self.name, self.root, ())
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
        """Give every item of a module tree its defining path."""
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

    def _publish(self, here: str, module: str, inside: tuple[str, ...]) -> None:
        """Find what other crates can name as ``here::…``, and what they name it.

        ``inside`` are the modules being published already: a module may re-export one around it.
        """
        if module in inside:
            return
        inside += (module,)
        globs: list[Json] = []
        for item_id in map(str, self.items[module]["inner"]["module"]["items"]):
            item = self.items.get(item_id)
            if item is None or item["visibility"] != "public":
                continue
            kind, inner = _kind(item)
            if kind != "use":
                self._export(f"{here}::{item['name']}", item_id, inside)
            elif inner["is_glob"]:
                globs.append(inner)
            else:
                self._export(f"{here}::{inner['name']}", str(inner["id"]), inside)
        for use in globs:  # last: what is named beats what a glob brings
            self._export_all(here, str(use["id"]), inside)

    def _export_all(self, here: str, target: str, inside: tuple[str, ...]) -> None:
        kind, inner = _kind(self.items[target]) if target in self.items else ("", {})
        path = self._path_of(target)
        if kind == "module":
            self._publish(here, target, inside)
        elif kind == "enum":
            for variant in map(str, inner["variants"]):
                self._export(f"{here}::{self.items[variant]['name']}", variant, inside)
        elif path is not None:
            self.out.reexports.setdefault(f"{here}::*", path)

    def _export(self, public: str, target: str, inside: tuple[str, ...]) -> None:
        path = self._path_of(target)
        if path is None:
            return  # a macro or a primitive
        self.open.add(target)
        if path != public:
            self.out.reexports.setdefault(public, path)
        if target in self.items and _kind(self.items[target])[0] == "module":
            self._publish(public, target, inside)

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
