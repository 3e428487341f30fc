"""The files that a run is asked to write, failing closed.

Each says ``incomplete`` before the work begins and is replaced in one step when it ends, so that a
crash, a kill or a full disk never leaves the clean pass of an earlier run in place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from verify.report import junit, page, record, sarif
from verify.report.model import RunResult

STDOUT: Final = "-"
PAGE: Final = "index.html"


class OutputError(Exception):
    """A report that cannot be written; one line with the remedy."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where to write what: ``json`` may be ``-`` (standard output); ``page`` is a folder.

    ``kept`` is a folder in which the record of the last run is kept for ``verify report``.
    """

    json: str | None = None
    junit: Path | None = None
    sarif: Path | None = None
    page: Path | None = None
    kept: Path | None = None

    def write(self, run: RunResult) -> None:
        """Write every file. Raises `OutputError`, after having tried all of them."""
        problems = [p for file, render in self._files() if (p := _write(file, render, run))]
        if problems:
            raise OutputError("\n".join(problems))

    def _files(self) -> list[tuple[Path, Callable[[RunResult], str]]]:
        files: list[tuple[Path, Callable[[RunResult], str]]] = []
        if self.kept is not None:
            files.append((self.kept / record.NAME, record.dumps))
        if self.json is not None and self.json != STDOUT:
            files.append((Path(self.json), record.dumps))
        if self.junit is not None:
            files.append((self.junit, junit.render))
        if self.sarif is not None:
            files.append((self.sarif, sarif.render))
        if self.page is not None:
            files.append((self.page / record.NAME, record.dumps))
            files.append((self.page / PAGE, page.render))
        return files


def _write(file: Path, render: Callable[[RunResult], str], run: RunResult) -> str:
    """Write one file; the problem in a line, or nothing."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        record.replace(file, render(run))
    except OSError as e:
        return f"{file}: cannot be written: {e.strerror}; give another place"
    return ""
