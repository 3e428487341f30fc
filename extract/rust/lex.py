"""Tokens of rustc's textual MIR, and the values of its literals."""

from __future__ import annotations

import re


class MirSyntaxError(ValueError):
    """MIR text outside the grammar that `extract.rust` knows; the message shows the text."""


_TOKEN = re.compile(
    r"\s*("
    r'[bc]?"(?:[^"\\]|\\.)*"'  # string, byte string
    r"|r\#\w+"  # raw identifier
    r"|[^\W\d]\w*"  # identifier, keyword, local
    r"|::|->|=>|\.\.\.?"
    r"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\w*"  # integer or float with its suffix
    r"|'(?:[^'\\]|\\u\{[^}]*\}|\\.)'"  # character
    r"|'\w+"  # lifetime
    r"|\{[a-z][a-z -]*@(?:[^{}]|\{[^{}]*\})*\}"  # {closure@file:l:c: l:c} and its kin
    r"|\{\w+(?:\#\d+)\}"  # {closure#0}, {constant#1}, {impl#2}
    r"|<impl\ at\ [^>]*>"
    r"|\S"
    r")",
    re.DOTALL,
)

_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "\\": "\\", '"': '"', "'": "'"}


def tokens(text: str) -> list[str]:
    """The tokens of ``text`` in order, white space dropped, ending in one empty string."""
    found = _TOKEN.findall(text)
    found.append("")
    return found


def token_spans(text: str) -> list[tuple[int, int]]:
    """Start and end offset of each token of ``text``, in step with `tokens`."""
    found = [match.span(1) for match in _TOKEN.finditer(text)]
    found.append((len(text), len(text)))
    return found


def _decode(match: re.Match[str]) -> str:
    code_point, byte, plain = match.groups()
    if code_point or byte:
        return chr(int(code_point or byte, 16))
    if plain not in _SIMPLE:
        raise MirSyntaxError(f"unknown escape \\{plain} in a literal")
    return _SIMPLE[plain]


def unescape(body: str) -> str:
    """The characters that an escaped literal body (without its quotes) stands for.

    Raises `MirSyntaxError` on an escape that Rust does not have.
    """
    return _ESCAPE.sub(_decode, body) if "\\" in body else body


def string_value(token: str) -> str:
    """The text of a string token, quotes and escapes removed."""
    return unescape(token[1:-1])


def bytes_value(token: str) -> bytes:
    r"""The bytes of a byte string token ``b"..."``; escapes are ``\xNN`` and the simple ones."""
    return unescape(token[2:-1]).encode("latin-1")
