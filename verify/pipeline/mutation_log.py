"""What became of mutants so far, so that a run that was cut short goes on where it was.

One file of JSON lines, one line a mutant, named by all that its content depends on. A line that
was not written to its end does not count.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from verify.core.span import Span


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one mutant.

    ``owner`` are the ids of the claims that were to notice it, ``function`` is the one of which
    the rest speaks.
    """

    owner: str
    mutant: str
    fate: str
    function: str
    change: str
    source: Span | None = None
    reason: str = ""


class MutationLog:
    """The fates of mutants, kept in ``file``; without a file they are forgotten."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self._known = {(f.owner, f.mutant): f for f in self._read()}

    def find(self, owner: str, mutant: str) -> Fate | None:
        """What became of it in an earlier run."""
        return self._known.get((owner, mutant))

    def keep(self, fate: Fate) -> None:
        """Note it at once. Raises `OSError` if the file cannot be written."""
        self._known[fate.owner, fate.mutant] = fate
        if self.file is None:
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        # A line that was cut off must not swallow the one that comes after it.
        with self.file.open("a+b") as file:
            size = file.seek(0, 2)
            if size:
                file.seek(size - 1)
                if file.read(1) != b"\n":
                    file.write(b"\n")
            file.write(json.dumps(asdict(fate)).encode() + b"\n")

    def _read(self) -> Iterator[Fate]:
        if self.file is None or not self.file.exists():
            return
        for line in self.file.read_text().splitlines():
            try:
                row = json.loads(line)
                place = row.pop("source")
                yield Fate(**row, source=Span(**place) if place else None)
            except (ValueError, TypeError, KeyError):
                continue  # cut off: that mutant is tried again
