"""How the user's paths are shown to Yosys, and how its messages are turned back.

Yosys' scripts split words at spaces and its front ends do not unquote, so that a name with a
space, a quote or a ``;`` can't be written in a script. Such a folder is reached through a link (or
a mount) with a plain name, such a file as a copy in the temporary folder.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

from extract.rtl.errors import RtlError
from verify.engines.yosys import Yosys

_PLAIN: Final = re.compile(r"[A-Za-z0-9_./+@%=~-]+", re.ASCII)


class Staging:
    """A temporary folder ``folder`` that holds what a run of Yosys needs besides the sources."""

    def __init__(self, yosys: Yosys, folder: Path) -> None:
        self.yosys = yosys
        self.folder = folder.resolve()
        self.mounts: dict[str, Path] = {}
        self._folders: dict[Path, str] = {}
        self._names: list[tuple[str, str]] = []  # what Yosys says, what the user says
        if not _PLAIN.fullmatch(str(self.folder)):
            raise RtlError(
                f"the temporary folder {str(self.folder)!r} has a name that Yosys can't handle; "
                "set TMPDIR to one of plain letters"
            )

    def here(self, name: str) -> str:
        """A file of the temporary folder, as it is written into a script."""
        return f"{self.yosys.root}{self.folder / name}"

    def file(self, path: Path) -> str:
        """A source file, as it is written into a script."""
        real = path.resolve()
        if _PLAIN.fullmatch(real.name):
            shown = f"{self.folder_of(real.parent)}/{real.name}"
        else:
            copy = self.folder / f"file{len(self._names)}{'.sv' if real.suffix == '.sv' else '.v'}"
            shutil.copyfile(real, copy)
            shown = self.here(copy.name)
        self._names.append((shown, str(path)))
        return shown

    def folder_of(self, path: Path) -> str:
        """A folder of this machine, as it is written into a script."""
        real = path.resolve()
        if real not in self._folders:
            self._folders[real] = self._show(real)
        return self._folders[real]

    def _show(self, real: Path) -> str:
        if _PLAIN.fullmatch(str(real)):
            return f"{self.yosys.root}{real}"
        name = f"folder{len(self._folders)}"
        (self.folder / name).symlink_to(real, target_is_directory=True)
        if self.yosys.mounts:
            self.mounts[f"/{name}"] = self.folder / name
            shown = f"/{name}"
        else:
            shown = str(self.folder / name)
        self._names.append((shown, str(real)))
        return shown

    def told(self, text: str) -> str:
        """``text`` of Yosys with the user's own file names."""
        # The longest first: a file before the folder that it is in.
        for shown, own in sorted(self._names, key=lambda pair: -len(pair[0])):
            text = text.replace(shown, own)
            # slang leaves off the first slash, as everything lies below the current folder.
            text = re.sub(rf"(?<![\w./]){re.escape(shown.lstrip('/'))}", lambda _: own, text)  # noqa: B023
        root = self.yosys.root
        return re.sub(rf"(?<![\w.]){root}?/|(?<![\w./]){root[1:]}/", "/", text) if root else text
