"""Lean and the compiled library, once for all tests of proofs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from proofs.library import compiled, user_cache
from verify.core.process import ToolMissing
from verify.engines import lean as lean_engine
from verify.engines.lean import Checked, Lean, check


@pytest.fixture(scope="session")
def lean() -> Lean:
    try:
        return lean_engine.find()
    except ToolMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def library(lean: Lean) -> Path:
    """Compiled once a version of the library, as for users."""
    return compiled(lean, user_cache())


@pytest.fixture(scope="session")
def lean_file(
    lean: Lean, library: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Checked]:
    """Checks a text with Lean, which finds our library."""
    folder = tmp_path_factory.mktemp("lean")

    def checked(text: str) -> Checked:
        file = folder / "Test.lean"
        file.write_text(text, encoding="utf-8")
        return check(lean, file, path=[library])

    return checked
