"""Where each key of a TOML text stands: Python's own reader does not say.

The text has been accepted by `tomllib` before it comes here, so this scanner only has to find its
way, not to judge.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from typing import TypeAlias

Place: TypeAlias = tuple[str | int, ...]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SCALAR = re.compile(r"[^,\]}\n#]*")


def positions(text: str) -> dict[Place, tuple[int, int]]:
    """Line and column (from 1) of every table, key and array item of valid TOML ``text``.

    A path is the keys and array positions from the root: ``("rust", 0, "function", 2, "ensures")``.
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.found


class _Scanner:
    """One pass over the text; ``at`` is the offset of the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Place, tuple[int, int]] = {}
        self._starts = [0, *(m.end() for m in re.finditer("\n", text))]
        self._lengths: dict[Place, int] = {}

    def document(self) -> None:
        table: Place = ()
        while self._skip():
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _skip(self) -> bool:
        """Pass over blanks and comments; False at the end of the text."""
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at < len(self.text)

    def _record(self, path: Place, offset: int) -> None:
        line = bisect_right(self._starts, offset)
        self.found.setdefault(path, (line, offset - self._starts[line - 1] + 1))

    def _header(self) -> Place:
        start = self.at
        brackets = 2 if self.text.startswith("[[", start) else 1
        self.at += brackets
        keys = self._keys()
        self._skip()
        self.at += brackets
        path: Place = ()
        for key in keys[:-1]:
            path = self._current((*path, key))
            self._record(path, start)
        last: Place = (*path, keys[-1])
        if brackets == 1:
            path = self._current(last)
        else:
            self._record(last, start)
            index = self._lengths.get(last, 0)
            self._lengths[last] = index + 1
            path = (*last, index)
        self._record(path, start)
        return path

    def _current(self, path: Place) -> Place:
        """The table that ``path`` means in a header: the last item where it is an array."""
        length = self._lengths.get(path)
        return path if length is None else (*path, length - 1)

    def _keys(self) -> list[str]:
        """A dotted key."""
        keys = []
        while True:
            self._skip()
            start = self.at
            if self.text[start] in "\"'":
                self._string()
                raw = self.text[start : self.at]
                keys.append(next(iter(tomllib.loads(f"{raw} = 0"))))
            else:
                match = _BARE_KEY.match(self.text, start)
                self.at = match.end() if match else start + 1
                keys.append(self.text[start : self.at])
            self._skip()
            if self.text[self.at] != ".":
                return keys
            self.at += 1

    def _pair(self, table: Place) -> None:
        start = self.at
        path = table
        for key in self._keys():
            path = (*path, key)
            self._record(path, start)
        self.at += 1  # the equals sign
        self._skip()
        self._value(path)

    def _value(self, path: Place) -> None:
        opening = self.text[self.at]
        if opening in "\"'":
            self._string()
        elif opening == "[":
            self._items(path, "]")
        elif opening == "{":
            self._items(path, "}")
        else:
            match = _SCALAR.match(self.text, self.at)
            self.at = match.end() if match else self.at

    def _items(self, path: Place, closing: str) -> None:
        self.at += 1
        index = 0
        while self._skip() and self.text[self.at] != closing:
            if closing == "]":
                self._record((*path, index), self.at)
                self._value((*path, index))
                index += 1
            else:
                self._pair(path)
            self._skip()
            if self.text[self.at] == ",":
                self.at += 1
        self.at += 1

    def _string(self) -> None:
        quote = self.text[self.at]
        triple = quote * 3
        if not self.text.startswith(triple, self.at):
            self.at = self._end_of_string(quote, self.at + 1)
            return
        self.at = self._end_of_string(triple, self.at + 3)
        # Up to two quotes may stand inside, right before the closing three.
        while self.text.startswith(quote, self.at):
            self.at += 1

    def _end_of_string(self, closing: str, at: int) -> int:
        while not self.text.startswith(closing, at):
            at += 2 if closing[0] == '"' and self.text[at] == "\\" else 1
        return at + len(closing)
