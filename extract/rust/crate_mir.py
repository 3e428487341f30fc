"""MIR bodies of a build's crates, found by name, impl position or closure position."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from extract.rust.closure_sites import ClosureSites
from extract.rust.mir import Body
from extract.rust.parse import BodyHeader, MirFile
from extract.rust.workspace import Workspace

_IMPL = re.compile(r"^(?:.*?::)?<impl at (.*?):(\d+):(\d+): \d+:\d+>::(.*)$")


class CrateMir:
    """One crate's MIR, found by name, by impl position or by closure position."""

    def __init__(self, path: Path, crate: str) -> None:
        self._path, self._crate = path, crate
        self._file: MirFile | None = None
        self._impls: dict[tuple[int, int, str], list[tuple[str, BodyHeader]]] = {}
        self._closures: dict[str, BodyHeader] = {}

    @property
    def file(self) -> MirFile:
        """The parsed file, read when first needed."""
        if self._file is None:
            self._file = MirFile(self._path, self._crate)
            self._scan(self._file)
        return self._file

    def _read(self) -> None:
        """Make sure that the tables are filled."""
        _ = self.file

    def _scan(self, file: MirFile) -> None:
        for header in file.headers:
            found = _IMPL.match(header.name)
            if found:
                key = (int(found[2]), int(found[3]), found[4])
                self._impls.setdefault(key, []).append((found[1], header))
        sites = ClosureSites(file.headers, self._crate)
        self._closures = sites.by_position()
        file.mark = sites.mark

    def bodies(self, name: str) -> list[Body]:
        """Every body printed under ``name``."""
        return [self.file.body(h) for h in self.file.names().get(name, [])]

    def impl_bodies(self, file: str, line: int, column: int, rest: str) -> list[Body]:
        """Bodies called ``rest`` in the impl (or impls, if a macro made several) at a position."""
        self._read()
        found = self._impls.get((line, column, rest), [])
        tail = "/".join(Path(file).parts[-2:])
        return [self.file.body(h) for where, h in found if where.endswith(tail)]

    def closure(self, position: str) -> Body | None:
        """The body of the closure at ``position``, as `ClosureSites` writes it."""
        self._read()
        header = self._closures.get(position)
        return self.file.body(header) if header else None


class Crates(Mapping[str, CrateMir]):
    """The MIR of every library crate of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._made: dict[str, CrateMir] = {}
        self._workspace = workspace

    def __getitem__(self, name: str) -> CrateMir:
        made = self._made.get(name)
        if made is None:
            info = self._workspace.crates()[name]
            made = self._made[name] = CrateMir(info.mir, name)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._workspace.crates())

    def __len__(self) -> int:
        return len(self._workspace.crates())
