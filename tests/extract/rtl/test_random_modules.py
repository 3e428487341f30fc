"""Random modules: Icarus and the netlist must agree on every bit that Icarus knows."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from extract.netlist import Netlist
from extract.rtl.design import Unknowns
from extract.rtl.read import load
from extract.rtl.sources import RtlSources
from tests.extract.rtl.evaluate import Evaluation
from tests.extract.rtl.random_modules import INPUTS, bench, design
from verify.core.process import Limits, run

STEPS = 40


@pytest.fixture
def icarus() -> str:
    found = shutil.which("iverilog")
    if found is None:
        pytest.skip("iverilog: not on PATH; on Debian: `apt-get install iverilog`")
    return found


def inputs(seed: int) -> list[dict[str, int]]:
    rng = random.Random(seed)  # noqa: S311 - no secrets here
    steps = [
        {name: rng.randrange(1 << width) for name, width in INPUTS.items()} for _ in range(STEPS)
    ]
    for k, step in enumerate(steps):
        step["rst"] = int(k < 2 or rng.randrange(12) == 0)
    return steps


def simulate(icarus: str, folder: Path, text: str) -> list[list[str]]:
    (folder / "bench.v").write_text(text)
    argv = [icarus, "-g2012", "-o", "sim", "bench.v", "design.v"]
    built = run(argv, cwd=folder, limits=Limits(seconds=60))
    assert built.returncode == 0, built.stderr.decode()
    done = run(["vvp", "-n", "sim"], cwd=folder, limits=Limits(seconds=60))
    rows = [line.split() for line in done.stdout.decode().splitlines()]
    assert len(rows) == STEPS
    return rows


def compare(net: Netlist, rows: list[list[str]], outputs: list[str], seed: int) -> int:
    """The number of bits that were compared."""
    here = Evaluation(net, np.random.default_rng(seed))
    compared = 0
    for cycle, (step, row) in enumerate(zip(inputs(seed), rows, strict=True)):
        values = here.cycle({n: v for n, v in step.items() if n in {w.name for w in net.inputs}})
        for name, bits in zip(outputs, row, strict=True):
            unknown = values.get(f"{name}$x", 0)
            for k, bit in enumerate(reversed(bits)):
                if bit == "x" or cycle < 1 or unknown >> k & 1:
                    continue
                assert values[name] >> k & 1 == int(bit), f"{name}[{k}] in cycle {cycle}"
                compared += 1
    return compared


def check(icarus: str, folder: Path, seed: int, unknowns: Unknowns) -> None:
    text, outputs = design(seed, modules=4)
    (folder / "design.v").write_text(text)
    found = load(RtlSources(files=(folder / "design.v",), top="top"), unknowns=unknowns)
    rows = simulate(icarus, folder, bench(outputs, inputs(seed)))
    assert found.netlist.latch_count > 0
    least = 10 if unknowns == "choice" else 1
    assert compare(found.netlist, rows, list(outputs), seed) > least * STEPS


@pytest.mark.parametrize("seed", range(2))
def test_icarus_agrees(icarus: str, tmp_path: Path, seed: int) -> None:
    check(icarus, tmp_path, seed, "choice")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 130))
def test_icarus_agrees_on_many(icarus: str, tmp_path: Path, seed: int) -> None:
    check(icarus, tmp_path, seed, "choice")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200, 210))
def test_icarus_agrees_where_nothing_is_unknown(icarus: str, tmp_path: Path, seed: int) -> None:
    check(icarus, tmp_path, seed, "dual-rail")
