"""Reading the sources of a core, with the signals that its file speaks of as outputs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

import extract
from designs.cores import package
from designs.cores.core_file import CATALOGUE, CoreFile
from designs.cores.errors import CoreError, CoreSourceError
from extract.rtl.design import Design
from extract.rtl.errors import RtlError
from extract.rtl.read import load
from extract.rtl.sources import RtlSources
from verify.core.budget import Budget
from verify.core.process import ToolMissing
from verify.engines import yosys

OWN: Final = CATALOGUE / "models"
_BUDGET: Final = Budget(seconds=900.0)
_SUFFIXES: Final = (".v", ".sv", ".vh", ".svh", ".h", ".inc")


def rtl_sources(core: CoreFile, shown: tuple[str, ...], scratch: Path) -> RtlSources:
    """The sources as the front end wants them; changed files are written to ``scratch``.

    Raises `CoreSourceError` that names what is missing.
    """
    folder = package.folder(core)
    sources = core.sources
    named = [*sources.files, *(p.file for p in sources.patches)]
    missing = [name for name in named if not (folder / name).is_file()]
    missing += [name for name in sources.include_dirs if not (folder / name).is_dir()]
    if missing:
        raise CoreSourceError(f"{core.name}: sources: {folder} has no {', '.join(missing)}")
    changed = {
        name: _patched(core, folder, name, scratch)
        for name in {p.file: None for p in sources.patches}
    }
    files = [changed.get(name, folder / name) for name in sources.files]
    return RtlSources(
        files=(*(OWN / name for name in sources.own), *files),
        include_dirs=tuple(folder / name for name in sources.include_dirs),
        defines=dict(sources.defines),
        parameters=dict(sources.parameters),
        top=core.top,
        shown=shown,
    )


def read(core: CoreFile, sources: RtlSources, scratch: Path) -> Design:
    """The circuit. Raises `CoreError` with what the front end says.

    What is said of a copy in ``scratch`` is said of the file that it is a copy of.
    """
    own = str(package.folder(core))
    try:
        design = load(sources, unknowns="choice", budget=_BUDGET)
    except (RtlError, ToolMissing) as e:
        raise CoreError(f"{core.name}: {e}".replace(str(scratch), own)) from e
    notes = tuple(note.replace(str(scratch), own) for note in design.notes)
    return replace(design, notes=notes)


def digest(sources: RtlSources) -> str:
    """A hash of all that `read` looks at: sources, what they may include, the code that reads."""
    parts = hashlib.sha256(repr((yosys.find(), sources.top, sources.shown)).encode())
    parts.update(repr((sources.defines, sources.parameters)).encode())
    here = Path(extract.__file__ or "").parent
    for path in (*sources.files, *_included(sources), *sorted(here.rglob("*.py"))):
        parts.update(f"{path.name}\0".encode())
        parts.update(hashlib.sha256(path.read_bytes()).digest())
    return parts.hexdigest()


def _included(sources: RtlSources) -> Iterable[Path]:
    folders = {*sources.include_dirs, *(path.parent for path in sources.files)}
    for folder in sorted(folders):
        yield from sorted(p for p in folder.iterdir() if p.suffix in _SUFFIXES and p.is_file())


def _patched(core: CoreFile, folder: Path, name: str, scratch: Path) -> Path:
    """A copy of a file with the declared changes."""
    try:
        text = (folder / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise CoreSourceError(f"{core.name}: sources.patches: {name}: {e}") from None
    for patch in core.sources.patches:
        if patch.file != name:
            continue
        if text.count(patch.old) != 1:
            raise CoreSourceError(
                f"{core.name}: sources.patches: {name} has {text.count(patch.old)} places with "
                f"{patch.old!r}, not one: is it another version of the sources?"
            )
        text = text.replace(patch.old, patch.new)
    copy = scratch / Path(name).name
    copy.write_text(text, encoding="utf-8")
    return copy
