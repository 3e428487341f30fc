"""What the user names: files, folders, macros, parameters, the top module."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from extract.rtl.errors import RtlError
from extract.rtl.file_list import FileList, read_list

_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
# A number, a sized number, a string without anything that a script could trip over, or the name of
# a value in a package.
_VALUE: Final = re.compile(
    r"-?\d[\d_]*|\d*'[sS]?[bodhBODH][0-9a-fA-FxXzZ_?]+|\"[A-Za-z0-9_./+-]*\""
    r"|[A-Za-z_]\w*::[A-Za-z_]\w*",
    re.ASCII,
)
_MACRO: Final = re.compile(r"[A-Za-z0-9_./+'\"-]*", re.ASCII)
_SIGNAL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_$.\[\]]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class RtlSources:
    """Where a design comes from.

    ``files`` are Verilog or SystemVerilog sources, in the order of compilation; ``lists`` are
    files of such names (``.f``), which come first. ``include_dirs`` are searched for included
    files, ``defines`` maps macros to their text (empty: defined as 1), ``parameters`` those of
    the top module to numbers or quoted strings. ``top`` is found if only one module is not
    instantiated. ``black_boxes`` are modules whose insides are not looked at. ``shown`` are signals
    inside, by their hierarchical names with ``.`` between instances, that become outputs; names of
    ports and of nothing have no effect. Relative paths are relative to ``folder``.
    """

    files: tuple[Path, ...] = ()
    include_dirs: tuple[Path, ...] = ()
    defines: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str | int] = field(default_factory=dict)
    top: str | None = None
    black_boxes: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    lists: tuple[Path, ...] = ()
    folder: Path = Path()

    def resolved(self) -> RtlSources:
        """The same with lists read and every path absolute, all of it checked.

        Raises `RtlError` that names what is missing, or what cannot be handed on safely.
        """
        found = FileList()
        for path in self.lists:
            found = found.then(read_list(self.folder / path))
        files = (*found.files, *(self.folder / f for f in self.files))
        folders = (*(self.folder / d for d in self.include_dirs), *found.include_dirs)
        whole = replace(
            self,
            files=tuple(Path(f).absolute() for f in files),
            include_dirs=tuple(Path(d).absolute() for d in folders),
            defines={**found.defines, **self.defines},
            lists=(),
            folder=self.folder.absolute(),
        )
        _check(whole)
        return whole


def _check(sources: RtlSources) -> None:
    if not sources.files:
        raise RtlError("no source files: name at least one Verilog or SystemVerilog file")
    for path in sources.files:
        if path.is_dir():
            raise RtlError(f"{path}: is a folder, not a source file; name the files in it")
        if not path.is_file():
            raise RtlError(f"{path}: no such file")
    for path in sources.include_dirs:
        if not path.is_dir():
            raise RtlError(f"{path}: no such folder to include from")
    _check_words(sources)


def _check_words(sources: RtlSources) -> None:
    names = {"top module": [sources.top] if sources.top is not None else []}
    names |= {"black box": [*sources.black_boxes]}
    names |= {"macro": [*sources.defines], "parameter": [*sources.parameters]}
    for what, given in names.items():
        for name in given:
            if not _IDENTIFIER.fullmatch(name):
                raise RtlError(f"{what} {name!r}: not a plain Verilog identifier")
    for name in sources.shown:
        if not _SIGNAL.fullmatch(name):
            raise RtlError(f"signal {name!r}: not a hierarchical name such as `alu_i.result`")
    for name, text in sources.defines.items():
        if not _MACRO.fullmatch(text):
            raise RtlError(
                f"macro {name}: the text {text!r} may hold letters, digits and _./+'\"- only; "
                "put others into a header and include it"
            )
    for name, value in sources.parameters.items():
        if not _VALUE.fullmatch(str(value)):
            raise RtlError(
                f"parameter {name}: {str(value)!r} is neither a number such as 4 or 8'hff, nor a "
                'plain string in double quotes such as "FAST", nor a value of a package such as '
                "modes::FAST"
            )
