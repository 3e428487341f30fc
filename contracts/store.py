"""Results of stages on disk, so that a run that was killed goes on where it stopped."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import IO, Any, Final, cast

import numpy as np

from contracts.evidence import Evidence
from designs.cores.model import CoreModel
from extract.netlist import Word

_FORMAT: Final = 1
"""Rises when what is stored changes its meaning."""


class Store:
    """A folder for one question about one core; nothing is kept if ``folder`` is none."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def evidence(self, name: str) -> Evidence | None:
        """Kept evidence."""
        if self.folder is None:
            return None
        try:
            with np.load(self.folder / f"{name}.npz") as kept:
                return Evidence(kept["distinguished"], kept["atoms"], kept["usable"])
        except FileNotFoundError:
            return None

    def keep_evidence(self, name: str, evidence: Evidence) -> None:
        """Keep it."""
        if self.folder is not None:
            with replacing(self.folder / f"{name}.npz") as file:
                np.savez(
                    file, distinguished=evidence.distinguished, atoms=evidence.atoms,
                    usable=evidence.usable,
                )  # fmt: skip


def question_digest(core: CoreModel, settings: Mapping[str, Any]) -> str:
    """A name for a question: which circuit, which words of it, what is asked."""
    digest = hashlib.sha256(json.dumps([_FORMAT, settings], sort_keys=True).encode())
    net = core.netlist
    for array in (net.op, net.a, net.b, net.c, net.next, net.init):
        digest.update(np.ascontiguousarray(array).tobytes())
    words = [getattr(core, f.name) for f in fields(core)]
    words += [getattr(core.retirement, f.name) for f in fields(core.retirement)]
    words += [w for group in core.observations.values() for w in group]
    for word in words:
        if isinstance(word, Word):
            digest.update(word.literals.tobytes() + b"|")
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of ``path`` at once, when it is complete and on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as scratch:
        try:
            yield cast("IO[bytes]", scratch)
            scratch.flush()
            os.fsync(scratch.fileno())
        except BaseException:
            Path(scratch.name).unlink()
            raise
    Path(scratch.name).replace(path)
