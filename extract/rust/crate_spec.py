"""Which crates are asked for: from crates.io at an exact version, or at a path."""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from extract.rust.errors import UnknownCrateError

LONE_EDITION: Final = "2021"  # of a single file that does not say
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
_FEATURE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_+./:?-]*")


@dataclass(frozen=True)
class CrateSpec:
    """A crate to lift: from crates.io at an exact ``version``, or at ``path``.

    ``path`` is a package's folder or a single ``.rs`` file, which becomes the crate's root
    (``edition`` is for that case alone). ``checksum`` is the SHA-256 that `Cargo.lock` must give
    for a crates.io crate; empty: not checked.
    """

    name: str
    version: str = ""
    path: Path | None = None
    checksum: str = ""
    features: tuple[str, ...] = ()
    default_features: bool = True
    edition: str = ""


def settled(spec: CrateSpec) -> CrateSpec:
    """The spec with an absolute path, cargo's package name and a bare version, all checked.

    Raises `UnknownCrateError`.
    """
    if not _NAME.fullmatch(spec.name):
        raise UnknownCrateError(f"{spec.name!r} is no crate's name", "use letters, digits, - and _")
    for feature in spec.features:
        if not _FEATURE.fullmatch(feature):
            raise UnknownCrateError(f"{feature!r} is no feature's name", "correct it")
    version = spec.version.strip().removeprefix("=").strip()
    if version and not _VERSION.fullmatch(version):
        raise UnknownCrateError(
            f"{spec.name}: {spec.version!r} is not an exact version", "write it as 1.2.3"
        )
    if spec.path is None:
        if not version:
            raise UnknownCrateError(
                f"{spec.name}: neither a version nor a path", "give one of them"
            )
        return replace(spec, version=version)
    path = spec.path.resolve()
    if path.is_file() and path.suffix == ".rs":
        return replace(spec, path=path, edition=spec.edition or LONE_EDITION)
    name = package_name(path)
    if name.replace("-", "_") != spec.name.replace("-", "_"):
        raise UnknownCrateError(
            f"the package at {path} is `{name}`, not `{spec.name}`", "correct the name or the path"
        )
    return replace(spec, name=name, path=path, version=version)


def package_name(folder: Path) -> str:
    """Name of the package whose `Cargo.toml` is in ``folder``. Raises `UnknownCrateError`."""
    manifest = folder / "Cargo.toml"
    if not manifest.is_file():
        raise UnknownCrateError(
            f"no package at {folder}", "give a folder that has a Cargo.toml, or a .rs file"
        )
    try:
        name = tomllib.loads(manifest.read_text())["package"]["name"]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, UnicodeDecodeError) as e:
        raise UnknownCrateError(
            f"{manifest} names no package ({e})",
            "give the folder of a package, not of a whole workspace",
        ) from e
    return str(name)


def plain(spec: CrateSpec) -> dict[str, Any]:
    """The spec as JSON can hold it."""
    return {k: str(v) if isinstance(v, Path) else v for k, v in asdict(spec).items()}
