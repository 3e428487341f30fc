"""What a compiled Lean module adds to those that it imports, read from its ``.olean`` file.

The file is Lean's own picture of its objects in memory. It is read here by code of ours, so that
what a module says of itself in Lean's words cannot hide what it declares.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_MAGIC: Final = b"olean\x02"
_BASE: Final = 0x50  # where the address stands for which the file was made
_ROOT: Final = 0x58
_ARRAY: Final = 246
_STRING: Final = 249
_AXIOM: Final = 0  # the first constructor of `ConstantInfo`
_MOST_FIELDS: Final = 244  # tags up to here are constructors


class OleanError(Exception):
    """The file is not a module as Lean 4 writes it."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a module imports and declares, and how many entries it has in each extension."""

    imports: tuple[str, ...]
    constants: tuple[str, ...]
    axioms: tuple[str, ...]
    extensions: dict[str, int]


def read(file: Path) -> Contents:
    """The contents of a compiled module. Raises `OleanError`."""
    try:
        return _Reader(file.read_bytes()).contents()
    except (struct.error, IndexError, UnicodeDecodeError, TypeError, ValueError) as error:
        raise OleanError(f"{file.name} is not as Lean writes it: {error}") from error


class _Reader:
    def __init__(self, data: bytes) -> None:
        if not data.startswith(_MAGIC):
            raise ValueError("it does not begin as such a file does")
        self.data = data
        self.base = self.word(_BASE)

    def contents(self) -> Contents:
        """The fields of `ModuleData`: imports, names, constants, other names, entries."""
        imports, names, constants, _, entries = self.fields(self.word(_ROOT))
        named = list(map(self.name, self.items(names)))
        kinds = [self.header(c)[2] for c in self.items(constants)]
        if len(named) != len(kinds):
            raise ValueError("names and constants differ in number")
        found = {
            self.name(name): len(self.items(values))
            for name, values in map(self.fields, self.items(entries))
        }
        return Contents(
            tuple(self.name(self.fields(i)[0]) for i in self.items(imports)),
            tuple(named),
            tuple(n for n, kind in zip(named, kinds, strict=True) if kind == _AXIOM),
            {name: count for name, count in found.items() if count},
        )

    def word(self, at: int) -> int:
        return int.from_bytes(self.data[at : at + 8], "little")

    def place(self, pointer: int) -> int:
        if pointer & 1 or not 0 <= pointer - self.base < len(self.data) - 8:
            raise ValueError(f"{pointer:#x} is no place in it")
        return pointer - self.base

    def header(self, pointer: int) -> tuple[int, int, int]:
        """Where the object is, how many objects it holds, its tag."""
        at = self.place(pointer)
        return at, self.data[at + 6], self.data[at + 7]

    def fields(self, pointer: int) -> tuple[int, ...]:
        at, count, tag = self.header(pointer)
        if tag > _MOST_FIELDS:
            raise ValueError(f"tag {tag} where a structure should be")
        return struct.unpack_from(f"<{count}Q", self.data, at + 8)

    def items(self, pointer: int) -> tuple[int, ...]:
        at, _, tag = self.header(pointer)
        if tag != _ARRAY:
            raise ValueError(f"tag {tag} where an array should be")
        size = self.word(at + 8)
        return struct.unpack_from(f"<{size}Q", self.data, at + 24)

    def text(self, pointer: int) -> str:
        at, _, tag = self.header(pointer)
        if tag != _STRING:
            raise ValueError(f"tag {tag} where a text should be")
        size = self.word(at + 8)
        return self.data[at + 32 : at + 32 + size - 1].decode()

    def name(self, pointer: int) -> str:
        return ".".join(reversed(list(self._parts(pointer))))

    def _parts(self, pointer: int) -> Iterator[str]:
        while not pointer & 1:  # the empty name is no object
            _, _, tag = self.header(pointer)
            pointer, last = self.fields(pointer)
            yield self.text(last) if tag == 1 else str(last >> 1)
