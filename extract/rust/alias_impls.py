"""Impls of foreign traits written for a type alias, from rustdoc's HTML.

``impl<F> Add for Alias<F>`` is missing from rustdoc's JSON, which lists a foreign trait's impls
under the type they are for and knows no such list for an alias. The alias's HTML page has them,
with the full path of every name as a link's title. `read_page` flattens a page to text in which
names are full paths; `make_impls` parses that text.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from extract.rust.lex import MirSyntaxError
from extract.rust.mir import (
    CrateIndex,
    FnInfo,
    GenericParam,
    Generics,
    ImplInfo,
    ImplTy,
    PathTy,
    RefTy,
    RustTy,
    TupleTy,
)
from extract.rust.parse_types import TypeParser
from extract.rust.positions import LINE_ONLY
from verify.core.span import Span

_LOG: Final = logging.getLogger(__name__)
_NAMED: Final = {"struct", "enum", "union", "trait", "type", "constant", "foreigntype"}
_SOURCE: Final = re.compile(r"(?:.*/)?src/[^/]+/(.*)\.html#(\d+)(?:-(\d+))?")
_QUALIFIERS: Final = {"pub", "default", "const", "unsafe", "async", "extern", "safe"}


@dataclass(slots=True)
class Entry:
    """An impl, or a member of one, as flat text; ``file`` is relative to the crate's root file."""

    kind: str  # "impl", "method", "associatedtype", "associatedconstant"
    file: str = ""
    first: int = 0
    last: int = 0
    text: str = ""
    members: list[Entry] = field(default_factory=list)
    span: Span | None = None  # where the MIR has it, once known

    def holds(self, other: Entry) -> bool:
        """Does the other stand inside? (Provided methods are listed too, but stand elsewhere.)"""
        inside = self.first <= other.first and other.last <= self.last
        return self.file == other.file and inside

    def to_json(self) -> dict[str, Any]:
        """For a file."""
        return asdict(self)

    @classmethod
    def from_json(cls, table: dict[str, Any]) -> Entry:
        """From a file."""
        members = [cls.from_json(m) for m in table["members"]]
        span = None if table["span"] is None else Span(**table["span"])
        return cls(**(table | {"members": members, "span": span}))


def read_page(html: str) -> list[Entry]:
    """The trait impls on an alias's page, with the members that stand in them."""
    page = _Page()
    page.feed(html)
    page.close()
    return page.impls


class _Page(HTMLParser):
    """Collects ``<section class="impl">`` and the member sections after each."""

    def __init__(self) -> None:
        super().__init__()
        self.impls: list[Entry] = []
        self._wanted = False  # inside the list of trait impls
        self._entry: Entry | None = None
        self._heading = ""  # the tag of the heading being read
        self._title: str | None = None  # what to write for the link being read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {k: v or "" for k, v in attrs}
        classes = at.get("class", "").split()
        if tag == "div" and at.get("id", "").endswith("implementations-list"):
            self._wanted = at["id"] == "trait-implementations-list"
        elif tag == "section" and self._wanted and classes:
            self._section(classes)
        elif tag == "a" and "src" in classes:
            self._source(at.get("href", ""))
        elif tag in {"h3", "h4"} and "code-header" in classes and self._entry is not None:
            self._heading = tag
        elif tag == "a" and self._heading:
            kind, _, path = at.get("title", "").partition(" ")
            if path and classes and classes[0] in _NAMED and kind in _NAMED | {"type"}:
                self._title = path
        elif self._heading and tag in {"div", "br"}:
            self._write("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._heading:
            self._end_entry()
        elif tag == "a":
            self._title = None

    def handle_data(self, data: str) -> None:
        if self._heading:
            if self._title is None:
                self._write(data)
            else:
                self._write(self._title)
                self._title = ""  # written once, however the link's text is split

    def _write(self, text: str) -> None:
        if self._entry is not None:
            self._entry.text += text

    def _section(self, classes: list[str]) -> None:
        kind = classes[0]
        self._entry = Entry(kind) if kind == "impl" or "trait-impl" in classes else None

    def _source(self, href: str) -> None:
        match = _SOURCE.fullmatch(href)
        if self._entry is not None and not self._heading and match is not None:
            self._entry.file = match[1]
            self._entry.first = int(match[2])
            self._entry.last = int(match[3] or match[2])

    def _end_entry(self) -> None:
        entry, self._entry, self._heading = self._entry, None, ""
        if entry is None or not entry.file:
            return
        if entry.kind == "impl":
            self.impls.append(entry)
        elif self.impls and self.impls[-1].holds(entry):
            self.impls[-1].members.append(entry)


# From text to declarations -------------------------------------------------------------------


def make_impls(
    entries: list[Entry], index: CrateIndex, folder: Path
) -> Iterator[tuple[Entry, ImplInfo]]:
    """Impls of ``entries`` that ``index`` lacks; ``folder`` is that of the crate's root file.

    Text that is no declaration known here is logged and left out: its methods are then not found.
    """
    known = {(i.span.file, i.span.line) for i in index.impls if i.span is not None}
    for entry in entries:
        span = entry.span or Span(str(folder / entry.file), entry.first, LINE_ONLY, entry.last)
        if entry.span is None and (span.file, span.line) in known:
            continue
        try:
            yield entry, _make_impl(entry, index.crate, span)
        except MirSyntaxError as e:
            _LOG.warning("an impl at %s is left out: %s", span, e)


def _make_impl(entry: Entry, crate: str, span: Span) -> ImplInfo:
    impl = _Declarations(entry.text).impl(crate, span)
    for member in entry.members:
        parser = _Declarations(member.text)
        if member.kind == "method":
            function = parser.function(Span(span.file, member.first, 1, member.last))
            impl.functions[function.name] = function
        elif member.kind == "associatedtype":
            name, ty = parser.associated("type", "=")
            impl.types[name] = ty
        elif member.kind == "associatedconstant":
            name, ty = parser.associated("const", ":")
            impl.consts[name] = ty
    return impl


class _Declarations(TypeParser):
    """Headers of impls and functions, as an extension of the grammar of types."""

    __slots__ = ("_bindings",)

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._bindings: list[tuple[RustTy, PathTy, str, RustTy]] = []

    def impl(self, crate: str, span: Span) -> ImplInfo:
        """``impl<G> Trait for T where …``."""
        self.accept("unsafe")
        self.expect("impl")
        params = self._params()
        trait = self.trait_path()
        self.expect("for")
        self_ty = self.ty()
        where = self._where()
        self.finish()
        generics = Generics(tuple(params), tuple(where), tuple(self._bindings))
        return ImplInfo(crate, generics, trait, self_ty, span)

    def function(self, span: Span) -> FnInfo:
        """``fn name<G>(params) -> R where …``."""
        unsafe = False
        while self.toks[self.pos] in _QUALIFIERS or self.toks[self.pos].startswith('"'):
            unsafe = unsafe or self.toks[self.pos] == "unsafe"
            self.pos += 1
        self.expect("fn")
        name = self._word()
        generics = self._params()
        params = self._fn_params()
        result = self.ty() if self.accept("->") else TupleTy()
        where = self._where()
        self.finish()
        hidden = [GenericParam(ty.text) for _, ty in params if isinstance(ty, ImplTy)]
        made = Generics((*generics, *hidden), tuple(where), tuple(self._bindings))
        return FnInfo(name, made, tuple(params), result, True, unsafe, True, span)

    def associated(self, keyword: str, separator: str) -> tuple[str, RustTy]:
        """``type Name<G> = T`` or ``const NAME: T``."""
        while self.toks[self.pos] in _QUALIFIERS - {keyword}:
            self.pos += 1
        self.expect(keyword)
        name = self._word()
        self._params()
        self.expect(separator)
        return name, self.ty()

    def _word(self) -> str:
        self.pos += 1
        return self.toks[self.pos - 1]

    def _params(self) -> list[GenericParam]:
        params: list[GenericParam] = []
        if not self.accept("<"):
            return params
        while not self.accept(">"):
            if self.toks[self.pos].startswith("'"):
                self.skip_balanced(frozenset([",", ">"]))
            else:
                params.append(self._param())
            self.accept(",")
        return params

    def _param(self) -> GenericParam:
        is_const = self.accept("const")
        name = self._word()
        bounds: list[PathTy] = []
        if self.accept(":"):
            if is_const:
                self.ty()
            else:
                bounds = self._bounds(PathTy(name))
        default = self.ty() if self.accept("=") else None
        return GenericParam(name, is_const, tuple(bounds), default)

    def _where(self) -> list[tuple[RustTy, PathTy]]:
        found: list[tuple[RustTy, PathTy]] = []
        if not self.accept("where"):
            return found
        while self.toks[self.pos]:
            if self.toks[self.pos].startswith("'"):
                self.skip_balanced(frozenset([","]))
            else:
                self.skip_lifetime_binder()
                subject = self.ty()
                self.expect(":")
                found += [(subject, b) for b in self._bounds(subject)]
            if not self.accept(","):
                break
        return found

    def _bounds(self, subject: RustTy) -> list[PathTy]:
        found: list[PathTy] = []
        while True:
            if self.toks[self.pos].startswith("'"):
                self.pos += 1
            elif self.toks[self.pos] == "?":
                self.pos += 1
                self.trait_path()  # `?Sized` says nothing about values
            else:
                found.append(self._trait(subject))
            if not self.accept("+"):
                return found

    def _trait(self, subject: RustTy) -> PathTy:
        start = self.pos
        trait = self.trait_path()
        end, self.pos = self.pos, start
        self.skip_balanced(frozenset(["<"]))
        # skip_balanced stops at "<" only outside brackets: the trait's own arguments
        if self.pos < end and self.accept("<"):
            self._equalities(subject, trait, end)
        self.pos = end
        return trait

    def _equalities(self, subject: RustTy, trait: PathTy, end: int) -> None:
        stop = frozenset([",", ">"])
        while self.pos < end:
            if self.toks[self.pos + 1] == "=":
                name = self._word()
                self.pos += 1
                self._bindings.append((subject, trait, name, self.ty()))
            self.skip_balanced(stop)
            self.pos += 1

    def _fn_params(self) -> list[tuple[str, RustTy]]:
        self.expect("(")
        params: list[tuple[str, RustTy]] = []
        while not self.accept(")"):
            params.append(self._fn_param())
            self.accept(",")
        return params

    def _fn_param(self) -> tuple[str, RustTy]:
        if self.accept("&"):
            if self.toks[self.pos].startswith("'"):
                self.pos += 1
            mutable = self.accept("mut")
            self.expect("self")
            return "self", RefTy(PathTy("Self"), mutable)
        self.accept("mut")
        start = self.pos
        self.skip_balanced(frozenset([":", ",", ")"]))
        name = self.text_since(start)
        if self.accept(":"):
            return name, self._shortened(self.ty())
        if name != "self":
            raise self.error("a parameter's type")
        return name, PathTy("Self")

    def _shortened(self, ty: RustTy) -> RustTy:
        """``impl Trait`` as MIR writes it: with names, not full paths."""
        return ImplTy(re.sub(r"(?:\w+::)+(?=\w)", "", ty.text)) if isinstance(ty, ImplTy) else ty
