"""Text that is safe to show: names from sources and solvers are not ours."""

from __future__ import annotations

import re
from typing import Final

# Controls (terminal escapes among them), what XML forbids, and what reorders text on screen.
_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)
_BLANKS: Final = re.compile(r"[\t\n]")


def block(text: str) -> str:
    """``text`` with unsafe characters written as escapes; lines and tabs stay."""
    return _UNSAFE.sub(_escape, text.replace("\r\n", "\n"))


def line(text: str) -> str:
    """As `block`, on one line."""
    return _BLANKS.sub(_escape, block(text))


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape", "surrogatepass").decode("ascii")


def seconds(value: float) -> str:
    """A duration for people: ``0.04 s``, ``3.1 s``, ``2 min 05 s``."""
    if value < 0.995:
        return f"{value:.2f} s"
    if value < 59.95:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest:02d} s"
