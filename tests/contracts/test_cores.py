"""Contracts of real cores: leaks that were planted are found, and nothing else is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from contracts.learn import learn
from contracts.precision import measure
from contracts.reach import instructions_within
from contracts.synthesise import Settings, Study
from designs.cores.core_file import find
from designs.cores.load import load
from designs.cores.self_test import self_test
from tests.contracts import leaky
from verify.cli import cli
from verify.core.evidence import Store

pytestmark = [pytest.mark.slow, pytest.mark.needs("yosys")]

BRANCHES = {f"{b}.taken" for b in ("beq", "bne", "blt", "bge", "bltu", "bgeu")}
SHIFTS = {f"{s}.shift_by_fours" for s in ("sll", "srl", "sra")}
ZERO_DIVISOR = {f"{d}.rs2_zero" for d in ("div", "divu", "rem", "remu")}


def learned(core: str | Path, each: int = 150) -> set[str]:
    """The atoms that tests alone give, where these are complete."""
    study = Study(load(find(core)), Settings(each=each))
    evidence = study.evidence(1, each)
    found = learn(evidence, study.template)
    assert not found.unexplained
    assert found.best
    assert measure(study.evidence(2, 20), found.atoms).sensitivity == 1.0
    return {study.template.atoms[k].name for k in found.atoms}


def test_planted_leaks_are_found_and_nothing_else(tmp_path: Path) -> None:
    path = leaky.write(tmp_path)
    assert self_test(load(find(path)), length=40).problems == ()
    base = learned("picorv32-m")
    assert base == {"jalr.new_pc", *BRANCHES, *SHIFTS}
    assert learned(path) == base | leaky.LEAKS


def test_a_leak_removed_is_no_atom_any_more() -> None:
    assert learned("picorv32-barrel") == learned("picorv32-m") - SHIFTS


def test_ibex_leaks_misalignment_and_division_by_zero() -> None:
    found = learned("ibex-small")
    assert {"jalr.new_pc", *BRANCHES, *ZERO_DIVISOR} <= found
    rest = found - {"jalr.new_pc", *BRANCHES, *ZERO_DIVISOR}
    assert {a.partition(".")[0] for a in rest} == {"lh", "lw", "lhu", "sh", "sw"}


def test_lanes_do_not_depend_on_what_runs_beside() -> None:
    study = Study(load(find("picorv32")), Settings())
    pairs = study.generate(3, 4).pairs
    alone = pairs.of(np.array([5]))
    together, one = study.run_pairs(pairs), study.run_pairs(alone)
    for name in ("instruction", "pc", "next_pc", "rs1_value", "rd_value"):
        assert (getattr(together.left, name)[5] == getattr(one.left, name)[0]).all()
    assert together.when[0, 5] == one.when[0, 0]


def test_evidence_where_reset_sets_the_registers(folder: Path) -> None:
    argv = ["synth", "ibex-small", "--tests", "60", "--depth", "3", "--timeout", "120"]
    done = run(*argv, "--json", "out.json")
    assert done.return_value == 0, done.output
    (result,) = json.loads(Path("out.json").read_text())["results"]
    assert (folder / result["evidence"] / "div.rs2_zero.svg").is_file()


def run(*argv: str) -> Result:
    return CliRunner().invoke(cli, ["contract", *argv], standalone_mode=False)


def tampered(evidence: Path) -> None:
    """A witness that shows nothing: the same run twice; with a manifest that fits."""
    data = json.loads((evidence / "contract.json").read_text())
    for atom in data["contract"]["atoms"]:
        if atom["name"] == "sll.shift_by_fours":
            atom["witness"]["runs"][1] = atom["witness"]["runs"][0]
    files = {p.name: p.read_bytes() for p in evidence.iterdir() if p.name != "manifest.json"} | {
        "contract.json": json.dumps(data).encode()
    }
    Store(evidence.parent).write_files(evidence.name, files)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_from_the_command_line(folder: Path) -> None:
    argv = ["synth", "picorv32", "--tests", "100", "--depth", "6", "--timeout", "120"]
    done = run(*argv, "--json", "out.json")
    assert done.return_value == 0, done.output
    assert "`sll`, `srl`, `sra` leak how many steps of 4 and of 1 the shift takes" in done.output
    (result,) = json.loads(Path("out.json").read_text())["results"]
    atoms = {a["name"] for a in result["contract"]["atoms"]}
    assert atoms == {"jalr.new_pc", *BRANCHES, *SHIFTS}
    assert result["soundness"]["verdict"] == "PROVED_BOUNDED"
    assert result["soundness"]["bound"] == 6
    assert result["sensitivity"] == 1.0
    assert result["precision"] > 0.9
    assert result["assumptions"]
    for atom in result["contract"]["atoms"]:
        left, right = atom["witness"]["runs"]
        assert left["program"] == right["program"]
        assert left["retired"] != right["retired"]
        if shutil.which("iverilog"):
            assert atom["witness"]["replay"].startswith("replayed: both runs happen again in ")
        assert (folder / result["evidence"] / f"{atom['name']}.svg").read_text().startswith("<svg")
    checked = CliRunner().invoke(cli, ["recheck", result["evidence"]], standalone_mode=False)
    assert checked.return_value == 0, checked.output
    # The second time the tests are there already.
    again = run(*argv, "--json", "again.json")
    assert again.return_value == 0
    (second,) = json.loads(Path("again.json").read_text())["results"]
    assert second["contract"] == result["contract"]
    assert "whether it is taken" in run("show", "out.json").output
    tampered(folder / result["evidence"])
    checked = CliRunner().invoke(cli, ["recheck", result["evidence"]], standalone_mode=False)
    assert checked.return_value == 4
    assert "sll.shift_by_fours" in checked.output
    weaker = run("check", "picorv32", "out.json", "--without", "sra.shift_by_fours", "--depth",
                 "12", "--json", "weaker.json")  # fmt: skip
    assert weaker.return_value == 1, weaker.output
    told = json.loads(Path("weaker.json").read_text())
    assert told["soundness"]["verdict"] == "REFUTED"
    if shutil.which("verilator"):
        assert "verilator" in told["witness"]["replay"]
        assert told["witness"]["replay"].startswith("replayed: both runs happen again in ")
    left, right = told["witness"]["runs"]
    assert any(line.startswith("sra ") for line in left["program"].values())


@pytest.mark.parametrize(("core", "cycles", "least"), [("picorv32", 15, 3), ("serv", 30, 0)])
def test_how_many_instructions_retire(core: str, cycles: int, least: int) -> None:
    model = load(find(core))
    assert instructions_within(model, cycles) == least
    assert instructions_within(model, 10 * cycles) > least
