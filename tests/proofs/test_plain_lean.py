"""Every kind of Lean file that we write is one for the plain ``lean`` command with our library."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from extract.netlist_lean import netlist_lean
from proofs.circuit import prove
from proofs.equivalence_theorem import Names, theorem
from proofs.gate import Claim
from proofs.kernel import Proof
from tests.proofs.adders import kogge_stone, ripple
from verify.engines import lean as engine
from verify.engines.lean import Lean

pytestmark = pytest.mark.needs("lean")


def _equivalence(width: int) -> str:
    gold, gate = ripple(width), kogge_stone(width)
    return theorem(prove(gold, gate), Names(gold.top, gate.top, gold.inputs, gate.outputs))


def _claim() -> str:
    claim = Claim("def double (n : Nat) : Nat := n + n\n", "(n : Nat)", "double n = n + n")
    return Proof("double_is", claim, "", "  rfl").text()


FILES: dict[str, Callable[[], str]] = {
    "equivalence for all inputs": lambda: _equivalence(3),
    "equivalence by certificate": lambda: _equivalence(9),
    "a claim": _claim,
    "a design": lambda: netlist_lean(ripple(4)),
}


@pytest.fixture
def plain(lean: Lean, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program `lean`, found by VERIFY_LEAN."""
    file = tmp_path / "lean"
    command = " ".join(f"'{word}'" for word in lean.command)
    file.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    file.chmod(0o755)
    monkeypatch.setenv(engine.VARIABLE, str(file))
    assert engine.find().command == (str(file),)
    return file


@pytest.mark.parametrize("kind", FILES)
def test_a_plain_lean_takes_it(plain: Path, library: Path, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "Written.lean"
    file.write_text(FILES[kind](), encoding="utf-8")

    def run() -> tuple[int, str]:
        done = subprocess.run(
            [plain, file.name], cwd=tmp_path, capture_output=True, text=True, check=False,
            env={**os.environ, "LEAN_PATH": str(library)},
        )  # fmt: skip
        return done.returncode, done.stdout

    code, said = run()
    assert (code, "error" in said, "sorry" in said) == (0, False, False), said
    if kind.startswith("equivalence"):
        assert said.strip() == "'Designs.equal' depends on axioms: [propext]"
    file.write_text(f"{file.read_text()}\ntheorem wrong : (1 : Nat) = 2 := rfl\n")
    assert run()[0] == 1
