"""Where sources assert, assume or cover: the front ends leave that out, and a note says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from extract.rtl.checks import listed

_OUTSIDE: Final = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
_STATEMENT: Final = re.compile(
    r"(?<![`\w$.])(assert|assume|cover|restrict)\s*(?:property\b|sequence\b|final\b|#\s*0)?\s*\("
)


def note(files: Sequence[Path]) -> str:
    """What is not looked at, and where it stands; empty if there is nothing.

    Told of the text as it is: what a macro makes is not seen, and what ``ifdef`` takes away is.
    """
    found = [place for path in files for place in _places(path)]
    if not found:
        return ""
    return f"assertions are no part of the comparison and are left out: {listed(found)}"


def _places(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8", errors="replace")
    # Comments and strings keep their lines, but not their words.
    plain = _OUTSIDE.sub(lambda m: "\n" * m[0].count("\n") or " ", text)
    return [
        f"{match[1]} at {path}:{plain.count(chr(10), 0, match.start()) + 1}"
        for match in _STATEMENT.finditer(plain)
    ]
