"""Our Lean library (`proofs/lean/Verify`), compiled once for each Lean and kept."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import platformdirs

from verify.core.process import Limits
from verify.engines.lean import Lean, check

SOURCES: Final = Path(__file__).parent / "lean"
"""Where the library's files stand: module ``Verify.Nat`` in ``Verify/Nat.lean``."""

_LIMITS: Final = Limits(seconds=600.0, memory_mb=8192)


class LibraryError(Exception):
    """A file of the library is not accepted by Lean; the text says which and why."""


def modules() -> tuple[str, ...]:
    """The library's modules, each behind those that it imports."""
    texts = {
        f"Verify.{file.stem}": file.read_text(encoding="utf-8")
        for file in sorted((SOURCES / "Verify").glob("*.lean"))
    }
    ordered: dict[str, None] = {}
    for name in texts:
        _visit(name, texts, ordered)
    return tuple(ordered)


def user_cache() -> Path:
    """Where the user's compiled libraries are kept, for all projects."""
    return Path(platformdirs.user_cache_dir("verify", appauthor=False))


def compiled(lean: Lean, cache: Path) -> Path:
    """The folder that holds the compiled library, made below ``cache`` if it is not there yet.

    Raises `LibraryError` if Lean does not accept a file.
    """
    folder = cache / f"lean-{_digest(lean)}"
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="lean-", dir=cache))
    try:
        (made / "Verify").mkdir()
        for module in modules():
            _compile(lean, module, made)
        # Another process may have been faster; what it made is the same.
        if not folder.is_dir():
            made.replace(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def _compile(lean: Lean, module: str, made: Path) -> None:
    stem = module.replace(".", "/")
    source = made / f"{stem}.lean"
    shutil.copyfile(SOURCES / f"{stem}.lean", source)
    done = check(lean, source, path=[made], output=made / f"{stem}.olean", limits=_LIMITS)
    if not done.ok:
        raise LibraryError(f"{module}: {done.problem}")
    if not (made / f"{stem}.olean").is_file():
        raise LibraryError(f"{module}: Lean wrote no compiled file")


def _visit(name: str, texts: Mapping[str, str], ordered: dict[str, None]) -> None:
    if name in ordered:
        return
    for imported in _imports(texts[name]):
        _visit(imported, texts, ordered)
    ordered[name] = None


def _imports(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.startswith("import Verify."):
            yield line.removeprefix("import ").strip()


def digest() -> str:
    """A hash of the library's sources."""
    found = hashlib.sha256()
    for module in modules():
        source = (SOURCES / f"{module.replace('.', '/')}.lean").read_bytes()
        found.update(f"{module} {len(source)}\n".encode() + source)
    return found.hexdigest()


def _digest(lean: Lean) -> str:
    found = hashlib.sha256(f"{lean.version} {lean.where} {digest()}".encode())
    return found.hexdigest()[:16]
