"""RISC-V cores as published, against what Yosys' synthesis and technology mapping make of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from designs.equivalence.compare import Comparison, Designs, compare
from designs.equivalence.decide import Means
from designs.equivalence.pair import Pair
from extract.rtl.sources import RtlSources
from verify.core.budget import Budget
from verify.core.process import Limits
from verify.core.verdict import Status, Tier
from verify.engines import yosys

pytestmark = [pytest.mark.slow, pytest.mark.needs("yosys", "abc", "icarus")]

PACKAGES = {
    "picorv32": (
        "pythondata-cpu-picorv32==1.0.post218",
        "c6d3e405a50c54f86a436a49cc24ea2f0c00d9cc07c96e7ee12e65736d75eabd",
    ),
    "serv": (
        "pythondata-cpu-serv==1.2.0.post146",
        "8465be7bd4598fa2446f0286e6cff96219a85d7bce029df555cb432813b56ea5",
    ),
}
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "verify-tests" / "cores"
SECONDS = 120.0


def fetched(core: str) -> Path:
    """The unpacked package, of the contents that the hash says; a skip where it can't be had."""
    requirement, digest = PACKAGES[core]
    folder = CACHE / digest[:16]
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "requirements.txt").write_text(f"{requirement} --hash=sha256:{digest}\n")
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes"),
                *("--only-binary", ":all:", "-d", str(folder)),
                *("-r", str(folder / "requirements.txt")),
            ],
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        if done.returncode:
            if "DO NOT MATCH" in done.stderr:
                pytest.fail(done.stderr)
            pytest.skip(f"{requirement} can't be fetched: {done.stderr.strip()[-200:]}")
        (wheel,) = folder.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        (folder / "complete").touch()
    return folder


def sources(core: str, folder: Path) -> list[Path]:
    """Copies of the files of a core, in a folder that Yosys may be shown."""
    package = fetched(core)
    found = {
        "picorv32": lambda: package.rglob("picorv32.v"),
        "serv": lambda: (p for p in package.rglob("serv_*.v") if p.parent.name == "rtl"),
    }[core]()
    copies = []
    for path in sorted(p for p in found if p.name != "serv_synth_wrapper.v"):
        copies.append(folder / path.name)
        copies[-1].write_bytes(path.read_bytes())
    return copies


def synthesised(files: list[Path], top: str, folder: Path) -> Path:
    """What `synth` and ABC make of it, as Verilog."""
    tool = yosys.find()
    names = " ".join(f"{tool.root}{f}" for f in files)
    gates = folder / "gates.v"
    lines = [f"read_verilog {names}", f"synth -top {top} -flatten", "abc -g AND,XOR,MUX"]
    lines += ["opt_clean", f"write_verilog -noattr {tool.root}{gates}"]
    done = yosys.run_script(tool, lines, folder=folder, limits=Limits(seconds=600))
    assert gates.exists(), done
    return gates


def compared(gold: RtlSources, gate: RtlSources) -> Comparison:
    means = Means(Budget(SECONDS), jobs=2)
    return compare(Pair("core", gold, gate), means, Designs(means))


TOPS = {"picorv32": "picorv32", "serv": "serv_rf_top"}


@pytest.mark.parametrize("core", TOPS)
def test_synthesis_changes_nothing(core: str, tmp_path: Path) -> None:
    files, top = sources(core, tmp_path), TOPS[core]
    gates = synthesised(files, top, tmp_path)
    gold = RtlSources(files=tuple(files), top=top, folder=tmp_path)
    gate = RtlSources(files=(gates,), top=top, folder=tmp_path)
    found = compared(gold, gate)
    assert found.verdict.status is Status.PROVED, found
    assert found.verdict.tier is Tier.CERTIFICATE


def test_a_gate_that_was_changed_after_synthesis_is_noticed(tmp_path: Path) -> None:
    files = sources("serv", tmp_path)
    gates = synthesised(files, "serv_rf_top", tmp_path)
    text = gates.read_text()
    changed, count = re.subn(r"(assign _\d+_ = \S+) \^ ", r"\1 | ", text, count=1)
    assert count == 1
    gates.write_text(changed)
    gold = RtlSources(files=tuple(files), top="serv_rf_top", folder=tmp_path)
    gate = RtlSources(files=(gates,), top="serv_rf_top", folder=tmp_path)
    assert compared(gold, gate).verdict.status is not Status.PROVED


def test_a_faster_shifter_shows_at_the_ports(tmp_path: Path) -> None:
    (file,) = sources("picorv32", tmp_path)
    gold = RtlSources(files=(file,), top="picorv32", folder=tmp_path)
    gate = RtlSources(
        files=(file,), top="picorv32", folder=tmp_path, parameters={"BARREL_SHIFTER": "1"}
    )
    found = compared(gold, gate)
    assert found.verdict.status is Status.REFUTED, found
    assert "seen in the sources by" in found.detail
