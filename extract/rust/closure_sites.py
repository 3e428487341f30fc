"""Which closure a printed position means, where one macro makes several at one place.

MIR names a closure's type by the place where it is written, and what a macro writes is at the
macro's own place: each use of it, in any function and any crate, makes another closure there. Here
every position gets the crate added, and the closure's number where its crate has several. A body
means the one that it makes itself; if it makes several, nobody can tell which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.rust.parse import BodyHeader

_OWN = re.compile(r"^_1: (?:&mut |&)?(?:'\S+ )?\{closure@(.*?)\}")
_ANY = re.compile(r"\{closure@((?:[^{}]|\{[^{}]*\})*)\}")
_PART = re.compile(r"(?:::promoted\[\d+\])+$")


class ClosureSites:
    """The closures of one crate."""

    def __init__(self, headers: Sequence[BodyHeader], crate: str) -> None:
        self._crate = crate
        self._at: dict[str, list[BodyHeader]] = {}
        for header in headers:
            found = _OWN.match(header.params)
            if found and "{closure#" in header.name:
                self._at.setdefault(found[1], []).append(header)

    def by_position(self) -> dict[str, BodyHeader]:
        """Every closure by its position as `mark` writes it."""
        return {
            self._marked(position, n): header
            for position, there in self._at.items()
            for n, header in enumerate(there)
        }

    def mark(self, header: BodyHeader, text: str) -> str:
        """The text of a body with each closure's position made that of one closure only."""

        def replaced(found: re.Match[str]) -> str:
            return "{closure@" + self._marked(found[1], self._meant(header, found[1])) + "}"

        return _ANY.sub(replaced, text)

    def _marked(self, position: str, number: int | None) -> str:
        if number is None:
            return f"{position}, one of several in {self._crate}"
        if len(self._at.get(position, ())) < 2:
            return f"{position} in {self._crate}"
        return f"{position}, number {number} in {self._crate}"

    def _meant(self, header: BodyHeader, position: str) -> int | None:
        """The number of the closure that the body means, or None if that cannot be told."""
        there = self._at.get(position, [])
        if len(there) < 2:
            return 0
        made = re.compile(re.escape(_PART.sub("", header.name)) + r"::\{closure#\d+\}")
        own = [n for n, c in enumerate(there) if c.start == header.start or made.fullmatch(c.name)]
        return own[0] if len(own) == 1 else None


def crate_of(position: str) -> str:
    """The crate of a closure, from its position as `ClosureSites` writes it."""
    return position.rpartition(" in ")[2]
