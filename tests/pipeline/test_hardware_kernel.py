"""Tier `kernel` for hardware: theorems, reasons where there is none, rechecks that see fraud."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extract.netlist import Netlist
from proofs.circuit import prove
from proofs.equivalence_proof import FILE, THEOREM, files, recheck
from proofs.equivalence_theorem import Names
from proofs.library import user_cache
from tests.pipeline.hardware_sources import SOURCES
from tests.proofs.adders import kogge_stone, ripple
from verify.cli import main
from verify.core.process import Limits
from verify.engines import lean as engine
from verify.engines.lean import Lean, find

pytestmark = pytest.mark.needs("lean")

KEPT = dict[str, bytes]


@pytest.fixture(scope="module")
def lean() -> Lean:
    return find()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.setenv("VERIFY_VERILATOR", "/nowhere/verilator")
    monkeypatch.chdir(tmp_path)
    for name, text in SOURCES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def compare(*args: str, tier: str = "kernel") -> tuple[int, dict[str, Any]]:
    code = main(["equiv", *args, "--tier", tier, "-q", "--json", "out.json"])
    (row,) = json.loads(Path("out.json").read_text())["results"]
    return code, row


@pytest.mark.needs("yosys", "abc")
@pytest.mark.usefixtures("here")
def test_a_pair_becomes_a_theorem_that_can_be_checked_again() -> None:
    code, row = compare("add.v", "add_ripple.v")
    assert (code, row["verdict"], row["tier"]) == (0, "PROVED", "kernel"), row
    assert row["engine"].endswith("+lean")
    folder = Path(row["evidence"])
    text = (folder / THEOREM).read_text()
    assert "`add` (gate) computes what `add` (gold) does" in text
    # It is kept, and apart from what is proved without Lean.
    assert compare("add.v", "add_ripple.v")[1]["cached"]
    assert compare("add.v", "add_ripple.v", tier="certificate")[1]["tier"] == "certificate"
    assert compare("add.v", "add_ripple.v")[1]["tier"] == "kernel"
    assert main(["recheck", str(folder)]) == 0
    (folder / THEOREM).unlink()
    manifest = json.loads((folder / "manifest.json").read_text())
    assert main(["recheck", str(folder)]) != 0
    # Nor is a bundle believed whose list of files was made to fit.
    (folder / THEOREM).write_text(
        text.replace("def Equal : Prop :=", "def Equal : Prop := True --")
    )
    found = hashlib.sha256((folder / THEOREM).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(
        json.dumps(manifest).replace(hashlib.sha256(text.encode()).hexdigest(), found)
    )
    assert main(["recheck", str(folder), "--json", "again.json"]) != 0
    (row,) = json.loads(Path("again.json").read_text())["results"]
    assert "is not the theorem of" in row["reason"]


@pytest.mark.slow
@pytest.mark.needs("yosys", "abc")
@pytest.mark.usefixtures("here")
def test_what_is_no_theorem_keeps_its_tier_and_says_why() -> None:
    code, row = compare("count.v", "count_same_register.v", "--registers", "names")
    assert (code, row["verdict"], row["tier"]) == (0, "PROVED", "certificate")
    assert row["reason"] == "no proof by the kernel: gold has registers"
    code, row = compare("add.v", "add_ripple.v", "--assume", "a < 9")
    assert (code, row["tier"]) == (0, "certificate")
    assert "it is only claimed under assumptions" in row["reason"]


@pytest.mark.slow
@pytest.mark.needs("yosys", "abc")
@pytest.mark.usefixtures("here")
def test_a_difference_is_no_business_of_lean() -> None:
    code, row = compare("add.v", "add_wrong.v")
    assert (code, row["verdict"], row["tier"]) == (1, "REFUTED", None)


@pytest.mark.usefixtures("here")
def test_without_lean_the_tier_is_an_error_and_all_else_works(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(engine.VARIABLE, "/nowhere/lean")
    assert main(["equiv", "add.v", "add_ripple.v", "--tier", "kernel"]) == 4
    assert "VERIFY_LEAN=/nowhere/lean is no program" in capsys.readouterr().err.replace("\n", " ")
    assert main(["equiv", "add.v", "add_ripple.v"]) == 0


# What is kept, by itself ------------------------------------------------------------------------


def kept(lean: Lean, gold: Netlist, gate: Netlist) -> KEPT:
    proof = prove(gold, gate)
    return files(proof, Names(gold.top, gate.top, gold.inputs, gate.outputs), lean)


@pytest.fixture(scope="module")
def small(lean: Lean) -> KEPT:
    return kept(lean, ripple(3), kogge_stone(3))


@pytest.fixture(scope="module")
def wide(lean: Lean) -> KEPT:
    return kept(lean, ripple(9), kogge_stone(9))


def changed(parts: KEPT, change: Callable[[dict[str, Any]], None]) -> KEPT:
    """With other parts, and a Lean file that is made of these."""
    told = json.loads(parts[FILE])
    change(told)
    return {**parts, FILE: json.dumps(told).encode()}


def test_both_kinds_of_proof_are_checked_again(lean: Lean, small: KEPT, wide: KEPT) -> None:
    assert json.loads(small[FILE])["exhaustive"]
    assert not json.loads(wide[FILE])["exhaustive"]
    for parts in (small, wide):
        assert recheck(parts, lean, user_cache()) == ""


def more_axioms(text: bytes) -> bytes:
    return text.replace(b"namespace Designs", b"axiom bad : False\nnamespace Designs")


@pytest.mark.parametrize(
    "change",
    [
        more_axioms,
        lambda t: t.replace(b"def Equal : Prop :=", b"def Equal : Prop := True --"),
        lambda t: t.replace(b":= fun v zero =>", b":= sorry --"),
        lambda t: t + b"\n#eval 1",
        lambda t: t[:0],
    ],
    ids=["an axiom", "another statement", "sorry", "a command", "nothing"],
)
def test_another_lean_file_is_refused(
    lean: Lean, small: KEPT, change: Callable[[bytes], bytes]
) -> None:
    problem = recheck({**small, THEOREM: change(small[THEOREM])}, lean, user_cache())
    assert "is not the theorem of" in problem


def test_parts_of_another_circuit_are_refused(lean: Lean, small: KEPT, wide: KEPT) -> None:
    """Lean refuses what is not so, even if the file is made anew to fit the parts."""

    def invert(told: dict[str, Any]) -> None:
        told["gate"]["outputs"][0] ^= 1

    for parts in (small, wide):
        assert "is not the theorem" in recheck(changed(parts, invert), lean, user_cache())
        fitting = fit(changed(parts, invert))
        assert "decide" in recheck(fitting, lean, user_cache())


def fit(parts: KEPT) -> KEPT:
    from proofs.equivalence_proof import _read
    from proofs.equivalence_theorem import theorem

    return {**parts, THEOREM: theorem(*_read(json.loads(parts[FILE]))).encode()}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda t: t.update(schema=2), "schema 2"),
        (lambda t: t.update(library="0"), "another version of the Lean library"),
        (lambda t: t.pop("steps"), "malformed"),
        (lambda t: t["inputs"][0]["nodes"].append(99), "do not name each input"),
        (lambda t: t["outputs"].pop(), "do not name each output"),
        (lambda t: t["gold"]["a"].__setitem__(0, -2), "a negative number"),
        (lambda t: t["gold"].update(name="x -/ axiom bad : False /-"), "is not the theorem"),
    ],
)
def test_malformed_parts_are_told(
    lean: Lean, small: KEPT, change: Callable[[dict[str, Any]], None], why: str
) -> None:
    assert why in recheck(changed(small, change), lean, user_cache())


def test_names_from_the_sources_say_nothing_to_lean(lean: Lean) -> None:
    gold = ripple(2)
    evil = "x -/ axiom bad : False /- \n#eval 1 --"
    words = tuple(replace(w, name=evil) for w in gold.inputs)
    proof = prove(gold, gold)
    parts = files(proof, Names(evil, evil, words, gold.outputs), lean)
    assert b"axiom bad" not in parts[THEOREM]
    assert recheck(parts, lean, user_cache()) == ""


def test_time_that_runs_out_is_said(lean: Lean, wide: KEPT) -> None:
    problem = recheck(wide, lean, user_cache(), limits=Limits(seconds=0.05))
    assert problem == "Lean ended with timeout"
