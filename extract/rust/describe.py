"""Having rustdoc describe crates, and putting its answers together with the MIR's.

One file is kept for each crate: rustdoc's JSON cut down (`extract.rust.slim`), with the spans of
impls as the MIR has them, and the impls that the JSON lacks (`extract.rust.alias_impls`).
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from extract.rust.alias_impls import Entry, make_impls, read_page
from extract.rust.cache import Place, write
from extract.rust.cargo import RUSTDOC_HTML, RUSTDOC_JSON, TIMEOUT, cargo
from extract.rust.errors import CargoFailedError, explain
from extract.rust.index import make_index, read_doc, span_to_json
from extract.rust.mir import CrateIndex
from extract.rust.parse import BodyHeader, scan_headers
from extract.rust.positions import place_impls
from extract.rust.rustdoc_types import Json
from extract.rust.slim import is_written_impl, slim

_IMPL_FOR: Final = re.compile(r"\bimpl\b[^{};]*?\bfor\s+(?:\w+::)*(\w+)")


@dataclass(frozen=True, slots=True)
class Described:
    """A crate to describe: its name, cargo's id of its package, its MIR, its root source file,
    and the file of its description."""

    name: str
    id: str
    mir: Path
    source: Path
    file: Path


@dataclass(slots=True)
class _Draft:
    """A description in the making; ``extra`` are the impls that the JSON lacks."""

    crate: Described
    doc: Json
    index: CrateIndex
    headers: list[BodyHeader]
    extra: list[Entry] = field(default_factory=list)


def describe(crates: Sequence[Described], place: Place) -> None:
    """Make the descriptions. The cache must be locked.

    Raises the errors of `extract.rust.errors`, `MirSyntaxError` for MIR with unknown headers.
    """
    drafts: list[_Draft] = []
    for batch in _batches(crates):
        _rustdoc(batch, place, RUSTDOC_JSON)
        drafts += [_draft(c, _made(place.documented / f"{c.name}.json")) for c in batch]
    lacking = {d.crate.id: d for d in drafts if _lacks_impls(d)}
    for batch in _batches([d.crate for d in lacking.values()]):
        _rustdoc(batch, place, RUSTDOC_HTML)
        for c in batch:
            draft = lacking[c.id]
            pages = (_page(place.documented, path) for path in draft.index.aliases)
            draft.extra = [e for page in pages for e in read_page(_made(page).read_text())]
    for draft in drafts:
        _finish(draft)


def load(crate: Described) -> CrateIndex:
    """The index of a crate that has been described."""
    table = json.loads(crate.file.read_bytes())
    index = make_index(table["doc"])
    entries = [Entry.from_json(e) for e in table["extra"]]
    index.impls += [impl for _, impl in make_impls(entries, index, crate.source.parent)]
    return index


def _draft(crate: Described, made: Path) -> _Draft:
    doc = slim(read_doc(made))
    return _Draft(crate, doc, make_index(doc), scan_headers(crate.mir.read_text()))


def _lacks_impls(draft: _Draft) -> bool:
    """May there be impls for an alias that the JSON does not list?

    Either the MIR has methods of an impl that is not listed, or the source says so (an impl
    without methods, such as ``Copy``'s, leaves no MIR).
    """
    left = place_impls(draft.index, draft.headers)
    if left or not draft.index.aliases:
        return bool(left and draft.index.aliases)
    names = {path.rsplit("::", 1)[-1] for path in draft.index.aliases}
    files = sorted(draft.crate.source.parent.rglob("*.rs"))
    texts = (f.read_text(errors="replace") for f in files)
    return any(m[1] in names for text in texts for m in _IMPL_FOR.finditer(text))


def _finish(draft: _Draft) -> None:
    """Put the spans that the MIR has into the description and write it."""
    found = list(make_impls(draft.extra, draft.index, draft.crate.source.parent))
    listed = list(draft.index.impls)
    draft.index.impls += [impl for _, impl in found]
    place_impls(draft.index, draft.headers)
    items = [i for i in draft.doc["index"].values() if is_written_impl(i)]
    for item, impl in zip(items, listed, strict=True):
        if impl.span is not None:
            item["span"] = span_to_json(impl.span)
    for entry, impl in found:
        entry.span = impl.span
    extra = [e.to_json() for e, _ in found]
    write(draft.crate.file, json.dumps({"doc": draft.doc, "extra": extra}))


def _page(folder: Path, alias: str) -> Path:
    *modules, name = alias.split("::")
    return folder.joinpath(*modules, f"type.{name}.html")


def _made(file: Path) -> Path:
    if not file.exists():
        raise CargoFailedError(f"rustdoc left no {file}", "see `verify doctor` for the toolchain")
    return file


def _batches(crates: Sequence[Described]) -> Iterator[list[Described]]:
    """Crates that can be described in one run: two versions of one write to one place."""
    rest = list(crates)
    while rest:
        batch: Mapping[str, Described] = {c.name: c for c in reversed(rest)}
        yield list(batch.values())
        rest = [c for c in rest if c not in batch.values()]


def _rustdoc(crates: Sequence[Described], place: Place, flags: str) -> None:
    # cargo takes an output that another version's overwrote for fresh: so no two runs have the
    # same flags.
    unique = f"{flags} --cfg verify_run_{secrets.token_hex(8)}"
    ids = [x for c in crates for x in ("-p", c.id)]
    args = ["doc", "--locked", "--no-deps", "--lib", *ids, *place.options]
    done = cargo(place.tools, args, place.folder, TIMEOUT, {"RUSTDOCFLAGS": unique})
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace")
        raise explain(said, f"describing {', '.join(c.name for c in crates)}")
