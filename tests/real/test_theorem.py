"""The theorem in the README is the one that is made of the crate as published."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from proofs.kernel import Proof, Question
from proofs.prover import prove
from verify.config import load
from verify.pipeline.claims import prepare
from verify.pipeline.sources import build_workspace

ROOT = Path(__file__).resolve().parents[2]


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.slow
@pytest.mark.needs("cargo")
def test_the_theorem_in_the_readme_is_the_one_that_is_proved(tmp_path: Path) -> None:
    config = load(ROOT / "specs" / "plonky3" / "verify.toml")
    prepared = prepare(config, build_workspace(config, tmp_path, print), print)
    mul = next(c for c in prepared.claimed if c.spec.id == "mersenne31.mul")
    claim = [c for c in mul.claims if c.kind == "ensures"][1]
    proof = prove(
        Question(
            prepared.program, mul.name, mul.contract, prepared.contracts(), prepared.definitions,
            claim, 1,
        )
    )  # fmt: skip
    assert isinstance(proof, Proof), proof
    (block,) = re.findall(r"```lean\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    definition, theorem = block.split("\n\n")
    assert words(definition) in words(proof.claim.definitions)
    head = proof.text()[proof.text().index(f"theorem {proof.theorem}") :]
    assert words(head).startswith(words(theorem) + " := ")
