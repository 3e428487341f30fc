"""What the names in a claim stand for, and the one error that reading a claim can raise."""

from __future__ import annotations

import difflib
import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from extract.cfg import definitely_assigned, predecessors
from extract.contract import RESULT, entry, final, old
from extract.expr import BOOL, INT, ArrayTy, DataTy, Expr, IntTy, OpaqueTy, SeqTy, Type, var
from extract.program import Abstract, DataDef, Frame, Function
from verify.core.span import Span

_SHOWN: Final = 90


class ClaimError(ValueError):
    """A claim that cannot be read, in one line: the text, the column, what is wrong, a remedy.

    ``column`` counts characters of ``text`` from 1.
    """

    def __init__(self, text: str, column: int, reason: str, span: Span | None = None) -> None:
        self.text, self.column, self.reason, self.span = text, column, reason, span
        place = f"{span}: " if span else ""
        super().__init__(f"{place}in `{_excerpt(text, column)}`, column {column}: {reason}")


def _excerpt(text: str, column: int) -> str:
    flat = "".join(c if c.isprintable() else " " for c in text)
    if len(flat) <= _SHOWN:
        return flat
    start = max(0, min(column - _SHOWN // 2, len(flat) - _SHOWN))
    before, after = "…" * (start > 0), "…" * (start + _SHOWN < len(flat))
    return f"{before}{flat[start : start + _SHOWN]}{after}"


@dataclass(frozen=True, slots=True)
class Signature:
    """Parameter and result types of a specification or uninterpreted function.

    ``symbol`` is the name in ``app`` nodes where it is not the name written in claims.
    """

    params: tuple[Type, ...]
    result: Type
    symbol: str | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that mean the same in every claim of a project."""

    constants: Mapping[str, int | bool] = field(default_factory=dict)
    functions: Mapping[str, Signature] = field(default_factory=dict)
    datatypes: Mapping[str, DataDef] = field(default_factory=dict)
    opaque: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean in one clause: plainly, inside ``old(…)`` and inside ``entry(…)``.

    The last two are ``None`` where these words have no meaning. `extract.contract` says how the
    variables are named.
    """

    names: Mapping[str, Expr]
    words: Vocabulary = field(default_factory=Vocabulary)
    old: Mapping[str, Expr] | None = None
    entry: Mapping[str, Expr] | None = None


def entry_scope(function: Function | Abstract, words: Vocabulary) -> Scope:
    """Names in ``requires`` and ``panics``: parameters at entry."""
    names = {p.name: var(p.name, p.ty) for p in function.params}
    return Scope(names, words, old=names)


def exit_scope(function: Function | Abstract, words: Vocabulary) -> Scope:
    """Names in ``ensures``: the result, and mutable parameters at their final value."""
    at_entry = {p.name: var(p.name, p.ty) for p in function.params}
    at_exit = {p.name: var(final(p.name), p.ty) for p in function.params if p.mutable}
    result = {RESULT: var(RESULT, function.result)}
    return Scope(result | at_entry | at_exit, words, old=at_entry)


def with_abbreviations(scope: Scope, values: Mapping[str, Expr]) -> Scope:
    """``scope`` with names more, which stand for values at entry, inside ``old(…)`` as well."""
    before = None if scope.old is None else {**scope.old, **values}
    return replace(scope, names={**scope.names, **values}, old=before)


def loop_scope(
    function: Function,
    words: Vocabulary,
    outermost: Function | None = None,
    frame: Frame | None = None,
) -> Scope:
    """Names in a loop's clauses: source variables now; parameters at entry of ``function``.

    ``frame`` is the source function inlined into ``function`` that holds the loop, if it is not
    ``function`` itself. ``outermost`` is the function under proof, for ``entry(…)``; by default
    ``function`` itself.
    """
    types = {p.name: p.ty for p in function.params} | function.locals
    inlined = frame is not None and frame.prefix != ""
    entered = known_at_entry(function, frame)
    names = frame.source_names if frame is not None else function.source_names
    now = {} if inlined else {p.name: var(p.name, p.ty) for p in function.params}
    now |= {source: var(source, types[local]) for source, local in names.items() if local in types}
    at_entry = {n: var(old(n), types[local]) for n, local in entered.items() if local in types}
    outer = outermost or function
    return Scope(now, words, at_entry, {p.name: var(entry(p.name), p.ty) for p in outer.params})


def known_at_entry(function: Function, frame: Frame | None = None) -> dict[str, str]:
    """Source names that have a value whenever control enters a source function, with their locals.

    For the function itself these are its parameters; for one inlined into it (``frame``), what is
    assigned on every way to its first block.
    """
    if frame is None or not frame.prefix:
        return {p.name: p.name for p in function.params}
    before = predecessors(function)
    entries = [
        label
        for label, sources in before.items()
        if label.startswith(frame.prefix) and any(not s.startswith(frame.prefix) for s in sources)
    ]
    if not entries:
        return {}
    assigned = definitely_assigned(function)
    everywhere = frozenset.intersection(*(assigned[label] for label in entries))
    return {n: local for n, local in frame.source_names.items() if local in everywhere}


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint at the end of an "unknown name" message: near misses, or else all that is known."""
    choices = sorted(set(known))
    close = difflib.get_close_matches(name, choices, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    if not choices:
        return "nothing is known here"
    shown = ", ".join(f"`{c}`" for c in choices[:12])
    return f"known here: {shown}{', …' if len(choices) > 12 else ''}"


def plain(name: str, known: Mapping[str, object]) -> str:
    """The name meant by ``name``: ``from_`` stands for ``from``, which Python does not read."""
    if name not in known and name.endswith("_") and keyword.iskeyword(name[:-1]):
        return name[:-1]
    return name


def integer_type(name: str) -> IntTy | None:
    """The integer type with this name: ``int``, ``u1`` to ``u1024``, ``i…``, ``usize``, ``isize``.

    ``usize`` has 64 bits.
    """
    if name == "int":
        return INT
    found = re.fullmatch(r"([ui])(size|[1-9][0-9]{0,3})", name)
    if found is None:
        return None
    bits = 64 if found[2] == "size" else int(found[2])
    return IntTy(bits, signed=found[1] == "i") if bits <= 1024 else None


def parse_type(
    text: str,
    datatypes: Mapping[str, DataDef],
    span: Span | None = None,
    opaque: frozenset[str] = frozenset(),
) -> Type:
    """The type written ``text``; ``opaque`` are the sorts of which nothing else is known.

    ``int``, ``bool``, ``u32``, ``[T]``, ``[T; 4]``, or a data type by its full name, its name
    without module paths (``Option<u32>``) or its bare last name, if only one type bears it. Raises
    `ClaimError`.
    """
    name = " ".join(text.split())
    if name in datatypes:
        return DataTy(name)
    if name == "bool":
        return BOOL
    integer = integer_type(name)
    if integer is not None:
        return integer
    if name.startswith("[") and name.endswith("]"):
        return _bracketed(text, name[1:-1], datatypes, span, opaque)
    sorts = {o for o in opaque if name in (o, _without_paths(o), _last_name(o).split(" ")[-1])}
    if len(sorts) == 1:
        return OpaqueTy(sorts.pop())
    return DataTy(_named(text, name, datatypes, span))


def _bracketed(
    text: str,
    inside: str,
    datatypes: Mapping[str, DataDef],
    span: Span | None,
    opaque: frozenset[str],
) -> Type:
    found = re.fullmatch(r"(.*);\s*([0-9]{1,9})\s*", inside)
    if found:
        return ArrayTy(parse_type(found[1], datatypes, span, opaque), int(found[2]))
    if inside.rfind(";") > inside.rfind("]"):
        raise ClaimError(text, 1, "the length of an array type must be a number: `[u8; 32]`", span)
    return SeqTy(parse_type(inside, datatypes, span, opaque))


def _named(text: str, name: str, datatypes: Mapping[str, DataDef], span: Span | None) -> str:
    short = _without_paths(name)
    for key in (_without_paths, _last_name):
        matches = [
            full for full in datatypes if key(full) == (name if key is _last_name else short)
        ]
        if len(matches) == 1:
            return matches[0]
        if matches:
            shown = ", ".join(f"`{m}`" for m in sorted(matches)[:6])
            raise ClaimError(text, 1, f"`{name}` may be any of {shown}: write one in full", span)
    known = {"int", "bool", "u32", *map(_without_paths, datatypes)}
    raise ClaimError(text, 1, f"unknown type `{name}`; {nearest(short, known)}", span)


def _without_paths(name: str) -> str:
    return re.sub(r"(\w+::)+", "", name)


def _last_name(name: str) -> str:
    return _without_paths(name).split("<", 1)[0]
