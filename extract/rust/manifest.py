"""Cargo manifests: those of copied crates, and those that we write.

A copy keeps of its manifest what its library needs. Keys inherited from a workspace are resolved,
relative paths are made absolute, and what only tests, benches and lints use is left out.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

Table: TypeAlias = dict[str, Any]

_LEFT_OUT: Final = (
    "dev-dependencies", "bench", "example", "test", "bin", "lints", "workspace", "profile",
    "patch", "replace", "badges",
)  # fmt: skip
_DEPENDENCIES: Final = ("dependencies", "build-dependencies")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_PACKAGE_PATHS: Final = ("readme", "license-file")


class ManifestError(ValueError):
    """A Cargo.toml that we cannot carry over; the message names the file and the key."""


def dump(table: Mapping[str, Any]) -> str:
    """TOML text of a table of tables; whatever lies deeper is written inline."""
    lines: list[str] = []
    for name, value in table.items():
        if isinstance(value, Mapping):
            lines.append(f"\n[{_key(name)}]")
            lines += [f"{_key(k)} = {_inline(v)}" for k, v in value.items()]
        else:
            lines.insert(0, f"{_key(name)} = {_inline(value)}")
    return "\n".join(lines).lstrip("\n") + "\n"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _string(name)


def _string(text: str) -> str:
    # TOML's escapes are JSON's, except that it has no surrogates and wants DEL escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _inline(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            return _string(value)
        case list():
            return "[" + ", ".join(_inline(v) for v in value) + "]"
        case Mapping():
            return "{ " + ", ".join(f"{_key(k)} = {_inline(v)}" for k, v in value.items()) + " }"
    raise ManifestError(f"no TOML for {value!r}")


def read(file: Path) -> Table:
    """The manifest ``file``. Raises `ManifestError` if it is not TOML."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as exc:
        raise ManifestError(f"{file}: {exc}") from exc


def copied(root: Path, place: Callable[[Path], Path], extra: Mapping[str, Any]) -> Table:
    """The manifest for a copy of the crate at ``root``.

    ``place`` tells where a crate that is a path dependency is to be found; ``extra`` dependencies
    are added. Raises `ManifestError` for a key inherited from a workspace that is not there.
    """
    manifest = {k: v for k, v in read(root / "Cargo.toml").items() if k not in _LEFT_OUT}
    inherit = _Inheritance(root)
    package = manifest["package"] = inherit.package(dict(manifest["package"]))
    for key in _PACKAGE_PATHS:
        package.pop(key, None)
    package.update(autotests=False, autobenches=False, autoexamples=False, autobins=False)
    for table in _dependency_tables(manifest):
        for name, dependency in list(table.items()):
            table[name] = _placed(inherit.dependency(name, dependency), root, place)
    manifest.setdefault("dependencies", {}).update(extra)
    manifest["workspace"] = {}  # a root of its own, wherever the copy lies
    return manifest


def _dependency_tables(manifest: Table) -> Iterator[Table]:
    targets = manifest.get("target", {}).values()
    for target in targets:
        target.pop("dev-dependencies", None)
    for holder in (manifest, *targets):
        for kind in _DEPENDENCIES:
            if kind in holder:
                yield holder[kind]


def _placed(dependency: Any, root: Path, place: Callable[[Path], Path]) -> Any:
    if not isinstance(dependency, dict) or "path" not in dependency:
        return dependency
    return dependency | {"path": str(place((root / dependency["path"]).resolve()))}


class _Inheritance:
    """The workspace around a crate, looked for only when a key needs it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._found: tuple[Path, Table] | None = None

    def _workspace(self) -> tuple[Path, Table]:
        if self._found is None:
            for folder in (self._root, *self._root.resolve().parents):
                file = folder / "Cargo.toml"
                if file.is_file() and "workspace" in (manifest := read(file)):
                    self._found = folder, manifest["workspace"]
                    break
            else:
                raise ManifestError(
                    f"{self._root / 'Cargo.toml'} inherits from a workspace, but none is above it"
                )
        return self._found

    def _lookup(self, section: str, name: str) -> Any:
        folder, workspace = self._workspace()
        try:
            return workspace[section][name]
        except KeyError:
            raise ManifestError(
                f"{folder / 'Cargo.toml'}: workspace.{section}.{name} is missing"
            ) from None

    def package(self, package: Table) -> Table:
        """``package`` with ``key.workspace = true`` resolved."""
        return {
            key: self._lookup("package", key) if value == {"workspace": True} else value
            for key, value in package.items()
        }

    def dependency(self, name: str, dependency: Any) -> Any:
        """A dependency with ``workspace = true`` resolved; its own features are added."""
        if not isinstance(dependency, dict) or not dependency.get("workspace"):
            return dependency
        shared = self._lookup("dependencies", name)
        made: Table = {"version": shared} if isinstance(shared, str) else dict(shared)
        if "path" in made:
            made["path"] = str((self._workspace()[0] / made["path"]).resolve())
        own = {k: v for k, v in dependency.items() if k not in ("workspace", "default-features")}
        features = [*made.get("features", []), *own.pop("features", [])]
        return made | own | ({"features": features} if features else {})
