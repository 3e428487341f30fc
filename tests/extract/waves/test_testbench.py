"""Testbenches as users run them: they pass, and fail when an expected value is changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from extract.trace import Trace
from extract.waves.names import UnwritableError, identifier, path
from extract.waves.testbench import (
    MODULE,
    Clock,
    Interface,
    Testbench,
    TestbenchError,
    make_testbench,
    read_output,
)
from tests.extract.waves import circuits
from verify.core.process import Limits
from verify.engines.simulators import Job, VerilogSimulator


def bench() -> Testbench:
    rows = [[1, 0], [0, 1], [0, 1], [0, 1]]
    trace = Trace(np.array(rows, np.uint8), np.zeros(8, np.uint8))
    return make_testbench(circuits.counter(), trace, Interface("counter", Clock("clk")))


def run_text(text: str, folder: Path, simulator: VerilogSimulator) -> str:
    design, file = folder / "counter.v", folder / "bench.sv"
    design.write_text("`timescale 1ns/1ps\n" + circuits.COUNTER)
    file.write_text(text)
    return simulator.simulate(Job((design, file), MODULE), folder, limits=Limits(seconds=120))


@pytest.mark.slow
def test_it_checks_itself_in_verilator(tmp_path: Path, verilator: VerilogSimulator) -> None:
    check(tmp_path, verilator)


def test_it_checks_itself_in_icarus(tmp_path: Path, icarus: VerilogSimulator) -> None:
    check(tmp_path, icarus)


def check(folder: Path, simulator: VerilogSimulator) -> None:
    good = bench()
    said = run_text(good.text, folder, simulator)
    assert "PASS" in said
    assert "FAIL" not in said
    assert read_output(said, good, 4) == [
        ["00000000", "0"],
        ["11111110", "0"],
        ["11111111", "1"],
        ["00000000", "0"],
    ]
    changed = good.text.replace("8'hff", "8'hfe")
    assert changed != good.text
    said = run_text(changed, folder, simulator)
    assert "FAIL: 1 outputs differ" in said
    assert "cycle 2: count is ff, expected fe" in said
    assert "PASS" not in said


def test_unknown_outputs_are_no_pass(tmp_path: Path, icarus: VerilogSimulator) -> None:
    text = bench().text.replace("dut.count = 8'h0;", "")
    assert text != bench().text
    said = run_text(text, tmp_path, icarus)
    assert "UNKNOWN: 1 outputs" in said
    assert "PASS" not in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "in cycle 0"),
        ("@verify 0 0 0\n@verify 1 0 0\n", "did not end"),
        ("@verify 0 0 0\n@verify 2 0 0\n@verify end\n", "in cycle 1"),
        ("@verify 0 0 0\n@verify 1 0\n@verify end\n", "in cycle 1"),
        ("@verify 0 0 0\n@verify end\n", "in cycle 1"),
        ("@verify 0 0 0\n@verify 1 0 0\n@verify 2 0 0\n@verify end\n", "did not end"),
    ],
)
def test_output_that_is_not_ours(text: str, message: str) -> None:
    with pytest.raises(TestbenchError, match=message):
        read_output(text, bench(), 2)


def test_output_of_the_design_among_ours() -> None:
    said = "hello\n@verify 0 00000000 0\nno newline@verify 1 1x 1\nPASS\n@verify end\nbye\n"
    assert read_output(said, bench(), 2) == [["00000000", "0"], ["1x", "1"]]


def test_names() -> None:
    assert identifier("a_1$") == "a_1$"
    assert identifier("module") == "\\module "
    assert identifier("a[3]") == "\\a[3] "
    for bad in ("", "a b", "a\n", "é"):
        with pytest.raises(UnwritableError, match="the name"):
            identifier(bad)
    assert path("u.v[2].mem[3]") == "u.v[2].mem[3]"
    for bad in ("$auto$3", "u..v", "u.begin", "u.1", "u;v", "a\nb", "u.v[x]"):
        assert path(bad) is None
