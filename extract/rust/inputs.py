"""What the build of crates at paths has read: files and their contents, variables."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_SKIPPED: Final = {"target", ".git"}


def file_hash(file: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def text_hash(parts: Sequence[str]) -> str:
    """SHA-256 of a sequence of texts, in hexadecimal."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Inputs:
    """``files``: path to SHA-256 and a name that does not depend on the machine; ``variables``:
    environment variables that the sources read with ``env!``, ``None`` if unset."""

    files: Mapping[str, tuple[str, str]]
    variables: Mapping[str, str | None]

    def changed(self) -> str:
        """The first input that is no longer what it was, or the empty string."""
        for path, (digest, _) in self.files.items():
            file = Path(path)
            if not file.is_file() or file_hash(file) != digest:
                return path
        for name, value in self.variables.items():
            if os.environ.get(name) != value:
                return f"environment variable {name}"
        return ""

    def newer(self, time: float, apart_from: Path) -> str:
        """The first file changed after ``time`` (seconds of the epoch), or the empty string.

        ``apart_from`` is the folder of what the build itself writes.
        """
        for path in self.files:
            if not Path(path).is_relative_to(apart_from) and Path(path).stat().st_mtime > time:
                return path
        return ""

    def portable(self) -> list[str]:
        """Names and contents, without where this machine has them."""
        files = sorted(f"{name}={digest}" for digest, name in self.files.values())
        return files + sorted(f"{k}={v!r}" for k, v in self.variables.items())

    def to_json(self) -> dict[str, Any]:
        """For a stamp."""
        return {"files": dict(self.files), "variables": dict(self.variables)}

    @classmethod
    def from_json(cls, table: dict[str, Any]) -> Inputs:
        """From a stamp."""
        return cls({k: (v[0], v[1]) for k, v in table["files"].items()}, table["variables"])


def local_inputs(packages: Sequence[dict[str, Any]], mirs: Sequence[Path], cwd: Path) -> Inputs:
    """Everything that rustc and cargo read for these packages (as ``cargo metadata`` shows them).

    Files are those of rustc's own dependency lists, next to the MIR, and the manifests; for a
    package with a build script all its files, as that may read any. ``cwd`` is where rustc ran.
    """
    files: dict[str, tuple[str, str]] = {}
    variables: dict[str, str | None] = {}
    for package, mir in zip(packages, mirs, strict=True):
        root = Path(package["manifest_path"]).parent
        read = [Path(package["manifest_path"]), *_parents(root)]
        text = mir.with_suffix(".d").read_text()
        read += [cwd / p for p in _dependencies(text)]
        variables |= _variables(text)
        if any("custom-build" in t["kind"] for t in package["targets"]):
            read += _tree(root)
        source = Path(next(t["src_path"] for t in package["targets"] if _is_library(t))).parent
        for file in read:
            base = root if file.is_relative_to(root) else source
            where = os.path.relpath(file, base)
            files[str(file)] = (file_hash(file), f"{package['name']}/{where}")
    return Inputs(files, variables)


def _is_library(target: dict[str, Any]) -> bool:
    return not {"bin", "test", "bench", "example", "custom-build"} & set(target["kind"])


def _parents(root: Path) -> Iterator[Path]:
    """Manifests above, from which a package can inherit."""
    for parent in root.parents:
        manifest = parent / "Cargo.toml"
        if manifest.is_file():
            yield manifest


def _tree(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in _SKIPPED)
        yield from (Path(folder) / n for n in sorted(names))


def _dependencies(text: str) -> Iterator[str]:
    """Prerequisites of the rules in make's syntax; each file has a rule of its own as well."""
    for line in text.splitlines():
        if line.startswith("#") or not line.rstrip().endswith(":"):
            continue
        yield re.sub(r"\\(.)", r"\1", line.rstrip()[:-1])


def _variables(text: str) -> dict[str, str | None]:
    """``# env-dep:NAME=value`` lines, but for what cargo itself sets."""
    found: dict[str, str | None] = {}
    for line in text.splitlines():
        if line.startswith("# env-dep:"):
            name, equals, value = line.removeprefix("# env-dep:").partition("=")
            if not name.startswith("CARGO") and name not in {"OUT_DIR", "TARGET", "HOST"}:
                found[name] = value if equals else None
    return found
