"""What a `Cargo.lock` fixes, and whether that is what was asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from extract.rust.crate_spec import CrateSpec
from extract.rust.errors import ChecksumMismatchError, LockMismatchError


def packages_of(lock: Path) -> list[dict[str, Any]]:
    """The packages that a lock lists. Raises `LockMismatchError` if it is not a lock."""
    try:
        found: list[dict[str, Any]] = tomllib.loads(lock.read_text()).get("package", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise LockMismatchError(
            f"{lock} is not a Cargo.lock: {e}", "make it anew with cargo"
        ) from e
    return found


def no_strangers(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    """Every fetched package must be one that the given lock has."""

    def key(p: dict[str, Any]) -> tuple[str, str, str, str]:
        return p["name"], p["version"], p.get("source", ""), p.get("checksum", "")

    known = {key(p) for p in before}
    strangers = [f"{p['name']} {p['version']}" for p in after if p.get("source")
                 and key(p) not in known]  # fmt: skip
    if strangers:
        raise LockMismatchError(
            f"the lock given does not fix {', '.join(strangers[:8])}",
            "add what is missing to the package that the lock is from, or build without a lock "
            "and keep the Cargo.lock that results",
        )


def check_checksums(specs: Sequence[CrateSpec], packages: list[dict[str, Any]]) -> None:
    """Compare the checksums asked for with the lock's. Raises `ChecksumMismatchError`."""
    for spec in specs:
        if not spec.checksum:
            continue
        if spec.path is not None:
            raise ChecksumMismatchError(
                f"{spec.name}: a crate at a path has no checksum", "leave the checksum out"
            )
        locked = {p.get("checksum", "") for p in packages
                  if (p["name"], p["version"].partition("+")[0])
                  == (spec.name, spec.version.partition("+")[0])}  # fmt: skip
        if spec.checksum.lower().removeprefix("sha256:") not in locked:
            raise ChecksumMismatchError(
                f"{spec.name} {spec.version} has SHA-256 {', '.join(sorted(locked)) or 'unknown'}, "
                f"not {spec.checksum}",
                "find out which of the two is the crate that you mean, and correct the spec",
            )
