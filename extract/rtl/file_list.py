"""File lists (``.f``): the form in which hardware projects say what belongs to them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from extract.rtl.errors import RtlError

_COMMENT: Final = re.compile(r"(?<!\S)(?://[^\n]*|/\*.*?\*/|#[^\n]*)", re.DOTALL)
_DEEPEST: Final = 32


@dataclass(frozen=True, slots=True)
class FileList:
    """What a list names, in its order."""

    files: tuple[Path, ...] = ()
    include_dirs: tuple[Path, ...] = ()
    defines: Mapping[str, str] = field(default_factory=dict)

    def then(self, other: FileList) -> FileList:
        """This list followed by another."""
        return FileList(
            self.files + other.files,
            self.include_dirs + other.include_dirs,
            {**self.defines, **other.defines},
        )


def read_list(path: Path, depth: int = 0) -> FileList:
    """Read a file list.

    Understood are file names, ``+incdir+A+B``, ``+define+X=1+Y``, ``-I A``, ``-D X=1``, nested
    lists with ``-f`` and ``-F``, comments and quotes. Names are relative to the folder of the
    list, or, where no such file is there, to the current folder.
    Raises `RtlError` with the place of what is not understood.
    """
    if depth > _DEEPEST:
        raise RtlError(f"{path}: lists nested more than {_DEEPEST} deep: does one name itself?")
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as e:
        raise RtlError(f"{path}: cannot be read: {e.strerror}") from None
    except UnicodeDecodeError:
        raise RtlError(f"{path}: not a text file in UTF-8") from None
    found = FileList()
    for line, words in _words(text, path):
        found = found.then(_entries(words, path, line, depth))
    return found


def _words(text: str, path: Path) -> list[tuple[int, list[str]]]:
    blank = _COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    rows = []
    for number, row in enumerate(blank.splitlines(), 1):
        try:
            rows.append((number, shlex.split(row)))
        except ValueError as e:
            raise RtlError(f"{path}:{number}: {e}") from None
    return rows


def _entries(words: list[str], path: Path, line: int, depth: int) -> FileList:
    found = FileList()
    rest = iter(words)
    for word in rest:
        option, value = word, ""
        if word in ("-f", "-F", "-I", "-D"):
            value = next(rest, "")
            if not value:
                raise RtlError(f"{path}:{line}: {word} needs a value on the same line")
        elif word[:2] in ("-I", "-D"):
            option, value = word[:2], word[2:]
        if option in ("-f", "-F"):
            found = found.then(read_list(_place(value, path), depth + 1))
        elif option == "-I" or word.startswith("+incdir+"):
            names = [value] if option == "-I" else word.split("+")[2:]
            found = found.then(FileList(include_dirs=tuple(_place(n, path) for n in names if n)))
        elif option == "-D" or word.startswith("+define+"):
            names = [value] if option == "-D" else word.split("+")[2:]
            pairs = (n.partition("=") for n in names if n)
            found = found.then(FileList(defines={name: text for name, _, text in pairs}))
        elif word.startswith(("-", "+")):
            raise RtlError(
                f"{path}:{line}: {word} is not understood in a file list; known are file names, "
                "+incdir+, +define+, -I, -D, -f and -F"
            )
        else:
            found = found.then(FileList(files=(_place(word, path),)))
    return found


def _place(name: str, path: Path) -> Path:
    beside = path.parent / name
    return beside if beside.exists() or not Path(name).exists() else Path(name)
