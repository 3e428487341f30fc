"""Where the MIR says an impl stands, for the impls that rustdoc places elsewhere.

MIR calls a method ``module::<impl at file:line:col: line:col>::name``. For an impl that a macro
makes, that is a place in the macro's definition, whereas rustdoc gives the macro's call; the same
macro called twice gives two impls at one place. They are brought together by their members'
names and types.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from extract.rust.lex import MirSyntaxError
from extract.rust.mir import (
    ConstTy,
    CrateIndex,
    FnInfo,
    Generics,
    ImplInfo,
    PathTy,
    RawPtrTy,
    RefTy,
    RustArrayTy,
    RustTy,
    SliceTy,
    TupleTy,
)
from extract.rust.parse import BodyHeader
from verify.core.span import Span

_MEMBER: Final = re.compile(r"[^<]*<impl at ([^<>]*):(\d+):(\d+): (\d+):(\d+)>::((?:r#)?\w+)")
Aliases: TypeAlias = Mapping[str, tuple[Generics, RustTy]]
LINE_ONLY: Final = 0  # column of a span whose column is not known


@dataclass(slots=True)
class _Site:
    """One place at which MIR says that impls stand, and the members there by name."""

    span: Span
    members: dict[str, list[BodyHeader]] = field(default_factory=dict)
    _types: dict[str, list[list[RustTy]]] = field(default_factory=dict)

    def types(self, name: str) -> list[list[RustTy]]:
        """Types of parameters and result of each member of that name."""
        if name not in self._types:
            self._types[name] = [_types(h) for h in self.members[name]]
        return self._types[name]


def place_impls(index: CrateIndex, headers: Iterable[BodyHeader]) -> list[Span]:
    """Give each impl in ``index`` the span that MIR has for it.

    An impl of which MIR has no member, or more than one candidate, keeps its span. Returns the
    places in MIR that no impl of the index has.
    """
    sites = _sites(headers)
    by_line: dict[tuple[str, int], list[_Site]] = {}
    for site in sites.values():
        by_line.setdefault((site.span.file, site.span.line), []).append(site)
    taken: set[Span] = set()
    left: list[ImplInfo] = []
    for impl in index.impls:
        found = _exact(impl, sites, by_line)
        if found is None:
            left.append(impl)
        else:
            impl.span = found.span
            taken.add(found.span)
    free = [s for s in sites.values() if s.span not in taken]
    for impl in left:
        fitting = _candidates(impl, free, index.aliases)
        if len(fitting) == 1:
            impl.span = fitting[0].span
            taken.add(fitting[0].span)
        elif impl.span is not None and impl.span.column == LINE_ONLY:
            impl.span = replace(impl.span, column=1)
    return sorted(s.span for s in sites.values() if s.span not in taken)


def _sites(headers: Iterable[BodyHeader]) -> dict[tuple[str, int, int], _Site]:
    sites: dict[tuple[str, int, int], _Site] = {}
    for header in headers:
        match = _MEMBER.fullmatch(header.name)
        if match is None:
            continue
        file, line, column, end_line, end_column = match[1], *map(int, match.groups()[1:5])
        span = Span(file, line, column, end_line, end_column)
        site = sites.setdefault((file, line, column), _Site(span))
        site.members.setdefault(match[6], []).append(header)
    return sites


def _exact(
    impl: ImplInfo,
    sites: Mapping[tuple[str, int, int], _Site],
    by_line: Mapping[tuple[str, int], list[_Site]],
) -> _Site | None:
    if impl.span is None:
        return None
    if impl.span.column != LINE_ONLY:
        return sites.get((impl.span.file, impl.span.line, impl.span.column))
    there = by_line.get((impl.span.file, impl.span.line), [])
    return there[0] if len(there) == 1 else None


def _candidates(impl: ImplInfo, free: Iterable[_Site], aliases: Aliases) -> list[_Site]:
    names = [*(n for n, f in impl.functions.items() if f.has_body), *impl.consts]
    if not names:
        return []
    named = [s for s in free if all(n in s.members for n in names)]
    return [s for s in named if all(_has(s, n, impl, aliases) for n in names)]


def _has(site: _Site, name: str, impl: ImplInfo, aliases: Aliases) -> bool:
    """Is there a member ``name`` at ``site`` that can be the impl's?"""
    function = impl.functions.get(name)
    declared = [impl.consts[name]] if function is None else _declared(function)
    return any(_fits_all(declared, printed, impl, aliases) for printed in site.types(name))


def _declared(function: FnInfo) -> list[RustTy]:
    return [*(ty for _, ty in function.params), function.result]


def _types(header: BodyHeader) -> list[RustTy]:
    """Parameters' and result's types; unreadable text fits nothing."""
    try:
        return [*(ty for _, ty in header.param_types()), header.result_type()]
    except MirSyntaxError:
        return []


def _fits_all(
    declared: list[RustTy], printed: list[RustTy], impl: ImplInfo, aliases: Aliases
) -> bool:
    if len(declared) != len(printed):
        return False
    match = _Match(impl.self_ty, aliases)
    return all(match.fits(a, b) for a, b in zip(declared, printed, strict=True))


@dataclass(frozen=True, slots=True)
class _Match:
    """Can a type as declared and a type as MIR prints it be the same?

    MIR prints shorter paths, no aliases and no ``Self``; what would need the compiler to decide
    (a projection, a computed length) fits anything.
    """

    self_ty: RustTy
    aliases: Aliases

    def fits(self, declared: RustTy, printed: RustTy) -> bool:
        """See the class."""
        if declared == _SELF:
            return self.self_ty == _SELF or self.fits(self.self_ty, printed)
        if isinstance(declared, PathTy) and declared.path in self.aliases:
            generics, target = self.aliases[declared.path]
            names = [p.name for p in generics.params]
            return self.fits(
                _replace(target, dict(zip(names, declared.args, strict=False))), printed
            )
        match declared, printed:
            case PathTy(), PathTy():
                return self._paths(declared, printed)
            case (RefTy(a, m), RefTy(b, n)) | (RawPtrTy(a, m), RawPtrTy(b, n)):
                return m == n and self.fits(a, b)
            case TupleTy(a_items), TupleTy(b_items):
                return len(a_items) == len(b_items) and self._all(a_items, b_items)
            case SliceTy(a), SliceTy(b):
                return self.fits(a, b)
            case RustArrayTy(a, m), RustArrayTy(b, n):
                return self.fits(a, b) and self._lengths(m, n)
        return not isinstance(declared, _RIGID) or not isinstance(printed, _RIGID)

    def _paths(self, declared: PathTy, printed: PathTy) -> bool:
        if declared.path.startswith("Self::"):
            return True
        same = declared.path.rsplit("::", 1)[-1] == printed.path.rsplit("::", 1)[-1]
        # Defaulted arguments are printed but need not be declared.
        return same and self._all(declared.args, printed.args)

    def _all(self, declared: Iterable[RustTy], printed: Iterable[RustTy]) -> bool:
        return all(self.fits(a, b) for a, b in zip(declared, printed, strict=False))

    def _lengths(self, declared: RustTy, printed: RustTy) -> bool:
        known = isinstance(declared, ConstTy) and isinstance(printed, ConstTy)
        return declared == printed or not known


_SELF: Final = PathTy("Self")
_RIGID: Final = (PathTy, RefTy, RawPtrTy, TupleTy, RustArrayTy, SliceTy)


def _replace(ty: RustTy, env: Mapping[str, RustTy]) -> RustTy:
    """``ty`` with parameters replaced, as far as `_Match` looks into types."""
    match ty:
        case PathTy(path, args):
            return env.get(path) or PathTy(path, tuple(_replace(a, env) for a in args))
        case RefTy(inner, mutable):
            return RefTy(_replace(inner, env), mutable)
        case RawPtrTy(inner, mutable):
            return RawPtrTy(_replace(inner, env), mutable)
        case TupleTy(items):
            return TupleTy(tuple(_replace(i, env) for i in items))
        case SliceTy(elem):
            return SliceTy(_replace(elem, env))
        case RustArrayTy(elem, length):
            return RustArrayTy(_replace(elem, env), _replace(length, env))
    return ty
