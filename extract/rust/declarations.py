"""What crates declare about types, as far as replay needs it: names from outside, and access."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from extract.expr import DataTy
from extract.program import Function, Program
from extract.rust.mir import (
    AdtInfo,
    CrateIndex,
    DynTy,
    FnTy,
    PathTy,
    RawPtrTy,
    RefTy,
    RustTy,
)
from extract.rust.rustgen import Access, CannotReplay, raw_type, take_apart
from extract.rust.source import fields_are_public
from extract.rust.type_text import show
from extract.rust.workspace import Workspace


class Declarations:
    """Declarations of a workspace's crates, read when first asked for."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._indexes: dict[str, CrateIndex | None] = {}
        self._names: dict[str, dict[str, str]] = {}

    def index(self, crate: str) -> CrateIndex | None:
        """Declarations of the crate with this name, if it is in the workspace."""
        if crate not in self._indexes:
            known = crate in self._workspace.crates()
            self._indexes[crate] = self._workspace.index(crate) if known else None
        return self._indexes[crate]

    def public(self, path: str) -> str:
        """A path by which other crates may name what is defined at ``path``."""
        crate = path.split("::", 1)[0]
        if crate not in self._names:
            index = self.index(crate)
            self._names[crate] = shortest(index.reexports) if index else {}
        known = self._names[crate]
        seen = {path}
        while (target := known.get(path)) is not None and target not in seen:
            seen.add(target)
            path = target
        return path

    def adt(self, path: str) -> AdtInfo | None:
        """The struct or enum defined at ``path``."""
        index = self.index(path.split("::", 1)[0])
        return index.adts.get(path) if index else None

    def is_copy(self, path: str) -> bool:
        """Is there an impl of ``Copy`` for the type at ``path`` in its own crate?"""
        index = self.index(path.split("::", 1)[0])
        return index is not None and any(
            i.trait is not None
            and i.trait.path.rsplit("::", 1)[-1] == "Copy"
            and isinstance(i.self_ty, PathTy)
            and i.self_ty.path == path
            for i in index.impls
        )

    def is_unsafe(self, function: Function) -> bool:
        """Is the function declared ``unsafe``?"""
        here, span = function.origin, function.span
        index = self.index(here.package.replace("-", "_")) if here else None
        if here is None or index is None or span is None:
            return False
        tables = [index.functions, *(t.functions for t in index.traits.values())]
        tables += [i.functions for i in index.impls]
        # All functions that one use of a macro writes stand in one place: the name decides too.
        return any(
            info.is_unsafe
            for table in tables
            for info in table.values()
            if info.span is not None
            and (info.span.file, info.span.line) == (span.file, span.line)
            and re.search(rf"::{re.escape(info.name)}(?:::<.*>)?$", here.call)
        )

    def fields(self, ty: DataTy, variant: int, program: Program) -> list[str]:
        """Rust types of a variant's fields, empty where unknown."""
        count = len(program.datatype(ty).variants[variant].fields)
        shape = take_apart(ty.name)
        adt = self.adt(shape.head)
        if adt is None or len(adt.generics.params) != len(shape.args):
            return [""] * count
        known = dict(zip((p.name for p in adt.generics.params), shape.args, strict=True))
        return [replaced(show(t), known) for _, t in adt.variants[variant].fields]

    def access(self, ty: DataTy, program: Program) -> Access:
        """How code outside a struct's crate gets at a value of it.

        Raises `CannotReplay` for a struct that holds a reference or pointer.
        """
        path = take_apart(ty.name).head
        raw = raw_type(ty, program) is not None
        adt = self.adt(path)
        if adt is None:
            return "raw" if raw else "fields"
        for name, field in adt.variants[0].fields:
            if _holds_pointer(field):
                raise CannotReplay(
                    f"`{path}` holds a reference, pointer or function (field `{name}`), which "
                    "can't be made from outside"
                )
        if raw and self.is_copy(path):
            return "raw"
        if adt.span is None:
            return "parts"
        text = Path(adt.span.file).read_text(encoding="utf-8")
        public = fields_are_public(text, path.rsplit("::", 1)[-1], adt.span.line)
        return "fields" if public else "parts"


def shortest(reexports: Mapping[str, str]) -> dict[str, str]:
    """For each item the shortest of its paths."""
    found: dict[str, str] = {}
    for public, target in reexports.items():
        known = found.get(target)
        if known is None or (public.count("::"), public) < (known.count("::"), known):
            found[target] = public
    return found


def replaced(text: str, known: Mapping[str, str]) -> str:
    """A type's text with parameters replaced."""
    if not known:
        return text
    names = "|".join(map(re.escape, known))
    return re.sub(rf"(?<![\w:])(?:{names})(?![\w:])", lambda m: known[m[0]], text)


def _holds_pointer(ty: RustTy) -> bool:
    return isinstance(ty, RefTy | RawPtrTy | DynTy | FnTy)
