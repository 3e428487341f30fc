"""Lean and the compiled library, once for all tests of proofs."""

from __future__ import annotations

from pathlib import Path

import pytest

from proofs.library import compiled
from verify.engines import lean as lean_engine
from verify.engines.lean import Lean


@pytest.fixture(scope="session")
def lean() -> Lean:
    return lean_engine.find()


@pytest.fixture(scope="session")
def library(lean: Lean, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(lean, tmp_path_factory.mktemp("library"))
