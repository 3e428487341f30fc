"""The sources of a specification, compiled: all that a run needs that has nothing to prove."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import designs
import extract
import modelcheck
import proofs
import verify
from extract.rust.build import build
from extract.rust.crate_spec import CrateSpec
from extract.rust.std_names import MODELS_DIR
from extract.rust.workspace import Workspace
from verify.config import ConfigError
from verify.tables import Config, Dependency

Say = Callable[[str], None]


@cache
def tool_digest() -> str:
    """A hash of all our code: a verdict is only reused by the code that gave it."""
    digest = hashlib.sha256()
    for package in (designs, extract, modelcheck, proofs, verify):
        root = Path(package.__path__[0])
        digest.update(package.__name__.encode())
        for file in sorted(root.rglob("*")):
            if file.suffix in (".py", ".toml", ".rs", ".lean") and "target" not in file.parts:
                digest.update(str(file.relative_to(root)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def crate_specs(config: Config) -> list[CrateSpec]:
    """Every crate that the specification needs built, each once."""
    found: dict[str, CrateSpec] = {}
    for dependency in (*config.rust, *config.dependencies):
        spec = _crate_spec(dependency)
        known = found.setdefault(spec.name, spec)
        if known != spec and (known.version, known.path) != (spec.version, spec.path):
            raise ConfigError(
                [f"{dependency.span}: crate `{spec.name}` is asked for in two versions"]
            )
    return list(found.values())


def crate_name(d: Dependency) -> str:
    """What the crate is called: as told, or like its file."""
    return d.crate or (d.path.stem if d.path is not None else "")


def _crate_spec(d: Dependency) -> CrateSpec:
    version = (d.version or "").removeprefix("=")
    return CrateSpec(
        crate_name(d), version, d.path, d.checksum or "", tuple(d.features), d.default_features
    )


def build_workspace(config: Config, cache_dir: Path, say: Say) -> Workspace:
    """Compile the sources (nothing is done where nothing changed). Raises `RustError`."""
    specs = crate_specs(config)
    say(f"compiling {', '.join(s.name for s in specs)}")
    return build(specs, lock=config.project.lock, cache=cache_dir, models=MODELS_DIR)
