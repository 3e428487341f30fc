"""Where builds live: the cache's layout, its lock, and writing files whole or not at all.

::

    cache/rust.lock                  held while anything below is written
    cache/rust-TOOLS/target/         cargo's target folder, shared by all builds with these tools
    cache/rust-TOOLS/index/          descriptions of crates that never change
    cache/rust-TOOLS/SPECS/          one build: harness package, Cargo.lock, stamp.json
    cache/rust-TOOLS/SPECS/local/DIGEST/   MIR and descriptions of crates at paths, as they were
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from extract.rust.cargo import Toolchain

FORMAT: Final = 1  # of the layout and of what is in it; a change makes everything anew


@dataclass(frozen=True, slots=True)
class Place:
    """Where one build lives, and the tools that made it."""

    cache: Path
    folder: Path
    target: Path
    index: Path
    tools: Toolchain

    @property
    def options(self) -> list[str]:
        """Options that every run of cargo has.

        The target is named so that our flags are for the crates alone, not for build scripts.
        """
        return ["--target", self.tools.host, "--target-dir", str(self.target)]

    @property
    def built(self) -> Path:
        """Where cargo leaves crates for the target."""
        return self.target / self.tools.host / "debug" / "deps"

    @property
    def documented(self) -> Path:
        """Where cargo leaves what rustdoc writes."""
        return self.target / self.tools.host / "doc"


def write(file: Path, text: str) -> None:
    """Write if different (cargo looks at times), whole or not at all."""
    if file.exists() and file.read_text() == text:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    part.write_text(text)
    part.replace(file)


def put(source: Path, target: Path) -> None:
    """Copy a file, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    shutil.copyfile(source, part)
    part.replace(target)


@contextlib.contextmanager
def locked(cache: Path) -> Iterator[None]:
    """Hold the cache: one build at a time writes to it, in this or any other process."""
    with (cache / "rust.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
