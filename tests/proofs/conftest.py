from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from proofs.library import compiled
from verify.core.process import ToolMissing
from verify.engines.lean import Checked, check, find


@pytest.fixture(scope="session")
def lean_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Checked]:
    """Checks a text with Lean, which finds our library."""
    try:
        lean = find()
    except ToolMissing as missing:
        pytest.skip(str(missing))
    folder = tmp_path_factory.mktemp("lean")
    library = compiled(lean, folder / "library")

    def checked(text: str) -> Checked:
        file: Path = folder / "Test.lean"
        file.write_text(text, encoding="utf-8")
        return check(lean, file, path=[library])

    return checked
