"""What the source text of a function says about its generics: enough to write a twin beside it.

A twin stands in the same file, so the text's own names, bounds and lifetimes are right for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"//[^\n]*"
    r'|b?r(?P<hashes>\#*)".*?"(?P=hashes)'
    r'|b?"(?:\\.|[^"\\])*"'
    r"|b?'(?:\\[^u]|\\u\{[^}]*\}|[^'\\])'"
    r"|'[A-Za-z_]\w*"
    r"|/\*|::|->|=>|\w+|\S",
    re.DOTALL,
)
_OPEN = frozenset("([{<")
_CLOSE = frozenset(")]}>")


class NotInSourceError(LookupError):
    """The declaration does not stand in the file as plain text (a macro writes it, perhaps)."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token and the line (from 1) on which it starts."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Generic:
    """A generic parameter: its declaration without default, its name, and what it is."""

    text: str
    name: str
    kind: str  # "lifetime", "type", or the type of a const parameter


@dataclass(frozen=True, slots=True)
class Declaration:
    """A function's generics, and the impl around it if there is one.

    ``self_type`` and ``trait`` are the impl's texts; ``where`` holds all predicates; ``modules``
    are the modules written out in the file around it, outermost first.
    """

    generics: tuple[Generic, ...]
    impl_generics: tuple[Generic, ...]
    self_type: str
    trait: str
    where: tuple[str, ...]
    modules: tuple[str, ...] = ()


def tokens(text: str) -> Iterator[Token]:
    """Tokens of Rust source, comments dropped."""
    position, line = 0, 1
    while match := _TOKEN.search(text, position):
        line += text.count("\n", position, match.start())
        word, end = match[0], match.end()
        if word == "/*":
            end = _comment_end(text, match.start())
        elif not word.startswith("//"):
            yield Token(word, line)
        line += text.count("\n", match.start(), end)
        position = end


def _comment_end(text: str, start: int) -> int:
    depth = 0
    for mark in re.finditer(r"/\*|\*/", text[start:]):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return start + mark.end()
    return len(text)


def _skip(words: list[str], start: int) -> int:
    """Position after the bracket that opens at ``start`` and its match."""
    depth = 0
    for i in range(start, len(words)):
        if words[i] in _OPEN:
            depth += 1
        elif words[i] in _CLOSE:
            depth -= 1
            if depth == 0:
                return i + 1
    raise NotInSourceError("a bracket is not closed")


def _parts(words: list[str], separator: str = ",") -> list[list[str]]:
    parts: list[list[str]] = [[]]
    depth = 0
    for word in words:
        depth += (word in _OPEN) - (word in _CLOSE)
        if word == separator and depth == 0:
            parts.append([])
        else:
            parts[-1].append(word)
    return [p for p in parts if p]


def _generic(words: list[str]) -> Generic:
    declared = _parts(words, "=")[0]
    text = " ".join(declared)
    if declared[0].startswith("'"):
        return Generic(text, declared[0], "lifetime")
    if declared[0] == "const":
        return Generic(text, declared[1], " ".join(declared[3:]))
    return Generic(text, declared[0], "type")


def _generics(words: list[str], at: int) -> tuple[tuple[Generic, ...], int]:
    """Parameters in the angle brackets that may open at ``at``, and where they end."""
    if at >= len(words) or words[at] != "<":
        return (), at
    end = _skip(words, at)
    return tuple(_generic(p) for p in _parts(words[at + 1 : end - 1])), end


def _find(words: list[str], start: int, wanted: frozenset[str]) -> int:
    """First position from ``start`` outside brackets that holds one of ``wanted``."""
    i = start
    while i < len(words):
        if words[i] in wanted:
            return i
        i = _skip(words, i) if words[i] in _OPEN else i + 1
    return len(words)


def _where(words: list[str], at: int) -> tuple[str, ...]:
    if at >= len(words) or words[at] != "where":
        return ()
    end = _find(words, at + 1, frozenset("{;"))
    return tuple(" ".join(p) for p in _parts(words[at + 1 : end]))


def _occurrences(text: str, name: str) -> Iterator[tuple[int, list[list[str]], int]]:
    """Each ``fn name``: its line, what stands before each open brace, and its token position."""
    scopes: list[list[str]] = []
    header: list[str] = []
    previous = ""
    inline = 0  # braces open around a constant in an impl's header: `impl T<{ N }>`
    for position, token in enumerate(tokens(text)):
        if previous == "fn" and token.text == name:
            yield token.line, list(scopes), position
        previous = token.text
        if inline or (token.text == "{" and _is_impl(header) and _angles(header) > 0):
            inline += (token.text == "{") - (token.text == "}")
            header.append(token.text)
        elif token.text == "{":
            scopes.append(header)
            header = []
        elif token.text == "}":
            if scopes:
                scopes.pop()
            header = []
        elif token.text == ";":
            header = []
        else:
            header.append(token.text)


def _is_impl(header: list[str]) -> bool:
    return "impl" in header and "fn" not in header


def _angles(header: list[str]) -> int:
    return header.count("<") - header.count(">")


def _impl(header: list[str]) -> tuple[tuple[Generic, ...], str, str, tuple[str, ...]]:
    """Generics, self type, trait and where-predicates of an impl's header."""
    if not _is_impl(header):
        return (), "", "", ()
    generics, at = _generics(header, header.index("impl") + 1)
    end = _find(header, at, frozenset(("where",)))
    middle = _find(header, at, frozenset(("for", "where")))
    trait, self_type = "", header[at:end]
    if middle < end:
        trait, self_type = " ".join(header[at:middle]), header[middle + 1 : end]
    return generics, " ".join(self_type), trait, _where(header, end)


def declaration(text: str, name: str, line: int) -> Declaration:
    """The declaration of ``fn name`` nearest to ``line`` in the source ``text``.

    Raises `NotInSourceError` if there is none.
    """
    found = sorted(_occurrences(text, name), key=lambda o: abs(o[0] - line))
    if not found:
        raise NotInSourceError(f"`fn {name}` does not stand in the file; a macro may write it")
    _, scopes, position = found[0]
    header = scopes[-1] if scopes else []
    modules = tuple(h[h.index("mod") + 1] for h in scopes if "mod" in h)
    words = [t.text for t in tokens(text)]
    generics, at = _generics(words, position + 1)
    after = _skip(words, at)
    end = _find(words, after, frozenset(("where", "{", ";")))
    impl_generics, self_type, trait, impl_where = _impl(header)
    where = _where(words, end) + impl_where
    return Declaration(generics, impl_generics, self_type, trait, where, modules)


def fields_are_public(text: str, name: str, line: int) -> bool:
    """May another crate write ``struct name``, declared nearest to ``line``, field by field?"""
    found = list(tokens(text))
    starts = [
        i for i in range(len(found) - 1) if found[i].text == "struct" and found[i + 1].text == name
    ]
    if not starts:
        return False
    words = [t.text for t in found]
    start = min(starts, key=lambda i: abs(found[i].line - line))
    before = start
    while before > 0 and words[before - 1] not in (";", "}"):
        before -= 1
    if "non_exhaustive" in words[before:start]:
        return False
    _, at = _generics(words, start + 2)
    at = _find(words, at, frozenset("{(;"))
    if at == len(words) or words[at] == ";":
        return True
    return all(_is_public(p) for p in _parts(words[at + 1 : _skip(words, at) - 1]))


def _is_public(field: list[str]) -> bool:
    at = 0
    while field[at : at + 2] == ["#", "["]:
        at = _skip(field, at + 1)
    # `pub(crate) x: T` is private to others; `pub (A, B)` is a public field of a tuple struct.
    if field[at : at + 1] != ["pub"]:
        return False
    return field[at + 1] != "(" or field[at + 2] not in ("crate", "super", "self", "in")
