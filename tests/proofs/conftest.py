"""Lean and the compiled library, once for all tests of proofs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from extract.contract import Contract
from proofs.kernel import KernelProof, OpenGoal, Question
from proofs.kernel import check as check_proof
from proofs.library import compiled, user_cache
from proofs.prover import prove
from tests.extract.test_conditions import Project
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


Judge = Callable[[Project, str, Contract, str], KernelProof | OpenGoal]


@pytest.fixture(scope="session")
def judged(lean: Lean, library: Path) -> Judge:
    """What comes of the first claim of a kind."""

    def judge(project: Project, name: str, contract: Contract, kind: str) -> KernelProof | OpenGoal:
        claim = next(c for c in project.claims(name, contract) if c.kind == kind)
        question = Question(
            project.program, name, contract, project.contracts, project.definitions, claim, 0
        )
        proof = prove(question)
        return proof if isinstance(proof, OpenGoal) else check_proof(proof, lean, library)

    return judge
