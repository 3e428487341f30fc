"""Compiled modules, as our own reader sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from proofs.olean import OleanError, read

pytestmark = pytest.mark.needs("lean")


def test_what_the_library_declares_and_assumes(library: Path) -> None:
    core = read(library / "Verify" / "Core.olean")
    assert {"Nat.add", "Eq.refl", "List.cons"} <= set(core.constants)
    assert {"propext", "Classical.choice", "sorryAx"} <= set(core.axioms)
    assert core.imports == ()
    logic = read(library / "Verify" / "Logic.olean")
    assert logic.axioms == ()
    assert logic.imports == ("Verify.Syntax",)
    assert logic.extensions["Lean.Meta.simpExtension"] > 1


@pytest.mark.parametrize("size", [0, 5, 0x60, 2000])
def test_half_a_file_is_no_module(library: Path, tmp_path: Path, size: int) -> None:
    file = tmp_path / "Half.olean"
    file.write_bytes((library / "Verify" / "Logic.olean").read_bytes()[:size])
    with pytest.raises(OleanError):
        read(file)
