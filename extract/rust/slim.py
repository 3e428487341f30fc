"""Cutting rustdoc's JSON down to what `extract.rust.index` reads: a tenth of it, or less.

Most of the JSON is prose, impls that the compiler derives for every type (``Send``, blanket
impls), and the paths of items that only those mention.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extract.rust.rustdoc_types import Json


def slim(doc: Json) -> Json:
    """The same document with the items that are read, and of each the parts that are read."""
    items: dict[str, Json] = doc["index"]
    kept: dict[str, Json] = {}
    queue = [str(doc["root"]), *(k for k, v in items.items() if is_written_impl(v))]
    while queue:
        key = queue.pop()
        if key in kept or key not in items:
            continue
        kept[key] = _slim_item(items[key])
        ((kind, inner),) = items[key]["inner"].items()
        queue.extend(map(str, _children(kind, inner)))
    ids = {str(i) for item in kept.values() for i in _ids(item["inner"])}
    paths = {k: {"kind": v["kind"], "path": v["path"]} for k, v in doc["paths"].items() if k in ids}
    return {
        "root": doc["root"],
        "crate_version": doc["crate_version"],
        "format_version": doc["format_version"],
        "index": {k: kept[k] for k in items if k in kept},
        "paths": paths,
    }


def is_written_impl(item: Json) -> bool:
    """Is this an impl of this crate that stands in the source (or a macro's output)?"""
    impl = item["inner"].get("impl")
    return (
        impl is not None
        and item["crate_id"] == 0
        and not impl["is_synthetic"]
        and not impl["is_negative"]
        and impl["blanket_impl"] is None
    )


def _slim_item(item: Json) -> Json:
    ((kind, inner),) = item["inner"].items()
    if kind in {"struct", "enum", "trait"}:
        inner = {k: v for k, v in inner.items() if k not in {"impls", "implementations"}}
    return {
        "crate_id": item["crate_id"],
        "name": item["name"],
        "span": item["span"],
        "visibility": item["visibility"],
        "attrs": [a for a in item["attrs"] if "automatically_derived" in str(a)],
        "inner": {kind: inner},
    }


def _children(kind: str, inner: Json) -> list[int]:
    """Ids of the items inside an item."""
    found: list[int | None] = []
    if kind in {"module", "trait", "impl"}:
        found = inner["items"]
    elif kind == "enum":
        found = inner["variants"]
    elif kind in {"struct", "variant"} and isinstance(inner["kind"], dict):
        for shape, fields in inner["kind"].items():
            found = fields if shape == "tuple" else fields["fields"]
    elif kind == "use" and inner["id"] is not None:
        found = [inner["id"]]
    return [i for i in found if i is not None]


def _ids(part: Any) -> Iterator[int]:
    """Ids of the items that a part of the document names."""
    if isinstance(part, dict):
        if isinstance(part.get("id"), int):
            yield part["id"]
        for value in part.values():
            yield from _ids(value)
    elif isinstance(part, list):
        for value in part:
            yield from _ids(value)
