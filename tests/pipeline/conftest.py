"""Whole runs of `verify` on a small crate of one file, compiled once a session."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from verify.cli import main
from verify.engines.table import engine

SOURCE = Path(__file__).parent / "small.rs"
HEAD = """
[project]
name = "small"
timeout = 20

[constants]
P = 97

[[rust]]
path = "small.rs"
"""

REDUCE = """
[[rust.function]]
path = "reduce"
requires = ["x < 2 * P"]
ensures = ["result < P", "result % P == x % P"]
"""
ADD = """
[[rust.function]]
path = "add"
requires = ["a < P", "b < P"]
ensures = ["result == (a + b) % P"]
"""
SUM = """
[[rust.function]]
path = "sum"
ensures = ["result < P"]

[[rust.function.loop]]
invariants = ["i <= len(values)", "total < P"]
decreases = "len(values) - i"
"""


@dataclass(frozen=True)
class Ran:
    """A run that ended: exit code, texts, and the record where there is one."""

    code: int
    out: str
    err: str
    record: dict[str, Any]

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        return {r["id"]: r for r in self.record["results"]}

    @property
    def verdicts(self) -> dict[str, str]:
        return {i: r["verdict"] for i, r in self.rows.items()}


@dataclass(frozen=True)
class Project:
    """A folder with ``small.rs`` and any number of specifications."""

    folder: Path

    def write(self, claims: str, name: str = "verify.toml", head: str = HEAD) -> Path:
        file = self.folder / name
        file.write_text(head + claims)
        return file

    def run(self, claims: str, *args: str, head: str = HEAD) -> Ran:
        return self.command("run", str(self.write(claims, head=head)), *args)

    def command(self, *args: str) -> Ran:
        record = self.folder / "record.json"
        record.unlink(missing_ok=True)
        out, err = StringIO(), StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([*args, "--json", str(record)])
        data = json.loads(record.read_text()) if record.exists() else {}
        return Ran(code, out.getvalue(), err.getvalue(), data)

    def fresh(self, tmp_path: Path) -> Project:
        """A copy with nothing proved in it, at another place."""
        folder = tmp_path / "project"
        folder.mkdir()
        shutil.copy(SOURCE, folder)
        return Project(folder)


@pytest.fixture(scope="session")
def _compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    shutil.copy(SOURCE, folder)
    return folder


@pytest.fixture
def project(_compiled: Path) -> Iterator[Project]:
    """The crate, compiled; nothing of it is proved yet."""
    for name in ("ledger.sqlite", "evidence", "plans", "mutation", "run.json"):
        kept = _compiled / ".verify" / name
        if kept.is_dir():
            shutil.rmtree(kept)
        else:
            kept.unlink(missing_ok=True)
    shutil.copy(SOURCE, _compiled)
    yield Project(_compiled)
    for file in _compiled.glob("*.toml"):
        file.unlink()


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Puts shell commands in an engine's place; ``{honest}`` in them runs the real yices."""

    def make(name: str, shell: str) -> None:
        honest = engine("yices").find().command[-1] if "{honest}" in shell else ""
        file = tmp_path / f"fake-{name}"
        file.write_text(f"#!/bin/sh\n{shell.replace('{honest}', honest)}\n")
        file.chmod(0o755)
        monkeypatch.setenv(engine(name).variable, str(file))

    assert sys.platform != "win32"
    return make
