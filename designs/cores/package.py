"""Sources of cores that come as packages of PyPI: fetched once, known by hash."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

import platformdirs

from designs.cores.core_file import CoreFile
from designs.cores.errors import CoreSourceError
from verify.core.process import Limits, run

_SECONDS: Final = 300.0


def folder(core: CoreFile) -> Path:
    """The folder that the paths of ``core.sources`` are relative to.

    A package is downloaded with pip, checked against its hash, and kept. Raises `CoreSourceError`
    if that fails, or if the user's folder is not there.
    """
    sources = core.sources
    root = _user_folder(core) if sources.package is None else _package(core)
    found = root / sources.folder
    if not found.is_dir():
        raise CoreSourceError(f"{core.name}: sources.folder: {root} has no folder {sources.folder}")
    return found


def _user_folder(core: CoreFile) -> Path:
    variable = core.sources.variable or ""
    named = os.environ.get(variable)
    hint = f"; the sources are at {core.sources.homepage}" if core.sources.homepage else ""
    if not named:
        raise CoreSourceError(
            f"{core.name}: set the variable {variable} to the folder of its sources{hint}"
        )
    path = Path(named)
    if not path.is_dir():
        raise CoreSourceError(f"{core.name}: {variable} names {named}, which is no folder{hint}")
    return path.absolute()


def _package(core: CoreFile) -> Path:
    sources = core.sources
    cache = Path(platformdirs.user_cache_dir("verify", appauthor=False)) / "cores"
    found = cache / f"{sources.package}-{sources.version}-{(sources.sha256 or '')[:16]}"
    if found.is_dir():
        return found
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="fetch-") as scratch:
        unpacked = Path(scratch) / "unpacked"
        with zipfile.ZipFile(_downloaded(core, Path(scratch))) as archive:
            archive.extractall(unpacked)
        try:
            unpacked.rename(found)
        except OSError:  # another process was first
            if not found.is_dir():
                raise
        shutil.rmtree(unpacked, ignore_errors=True)
    return found


def _downloaded(core: CoreFile, scratch: Path) -> Path:
    sources = core.sources
    requirement = f"{sources.package}=={sources.version}"
    wanted = scratch / "requirements.txt"
    wanted.write_text(f"{requirement} --hash=sha256:{sources.sha256}\n", encoding="utf-8")
    done = run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"),
            *("--only-binary", ":all:", "--disable-pip-version-check", "-d", str(scratch)),
            *("-r", str(wanted)),
        ],
        limits=Limits(seconds=_SECONDS),
    )
    if done.outcome != "ok" or done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        mismatch = any("DO NOT MATCH" in line for line in said)
        why = "its content is not the declared one" if mismatch else (said or [done.outcome])[-1]
        raise CoreSourceError(f"{core.name}: the package {requirement} cannot be fetched: {why}")
    (wheel,) = scratch.glob("*.whl")
    return wheel
