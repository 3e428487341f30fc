"""The Verilog back end: Icarus shows of the text what the simulator shows of the circuit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from extract.netlist import Init, Netlist, Word
from extract.trace import Trace
from extract.verilog import VerilogError, write_verilog
from extract.waves.testbench import Clock, Interface, make_testbench, read_output
from tests.extract.random_netlists import legal_init, random_netlist, wires
from verify.core.process import Limits
from verify.engines.icarus import Icarus
from verify.engines.simulators import Job

CLOCK = Clock("clk")
CYCLES = 12


def shown(net: Netlist, trace: Trace, text: str, clock: Clock | None, folder: Path) -> str:
    """What the testbench of a trace prints of the module ``text``; all as predicted is ``PASS``."""
    bench = make_testbench(net, trace, Interface(net.top, clock), leave=["r"])
    (folder / "bench.sv").write_text(bench.text)
    (folder / "net.v").write_text(text)
    job = Job((folder / "net.v", folder / "bench.sv"), "verify_testbench")
    said = Icarus().simulate(job, folder, limits=Limits(seconds=60))
    assert len(read_output(said, bench, trace.cycles)) == trace.cycles
    return said


def some_run(net: Netlist, seed: int) -> Trace:
    rng = np.random.default_rng(seed)
    inputs = rng.integers(0, 2, (CYCLES, net.input_count)).astype(np.uint8)
    for w in net.free:
        inputs[:, (w.literals >> 1) - 1] = 0
    init = np.array(legal_init(net, rng), np.uint8)
    init[net.init == Init.ANY] = 0
    return Trace(inputs, init)


@pytest.mark.needs("icarus")
@pytest.mark.parametrize("seed", range(12))
def test_icarus_shows_what_the_simulator_shows(seed: int, tmp_path: Path) -> None:
    net = random_netlist(seed, gates=60, latches=seed % 7)
    edge = Clock("clk", "posedge" if seed % 2 else "negedge")
    clock = edge if net.latch_count else None
    text = write_verilog(net, clock, start="0")
    assert "\nPASS" in "\n" + shown(net, some_run(net, seed), text, clock, tmp_path)


@pytest.mark.needs("icarus")
def test_a_changed_circuit_is_seen(tmp_path: Path) -> None:
    net = random_netlist(3, gates=60)
    output = net.outputs[0]
    changed = replace(
        net, outputs=(replace(output, literals=output.literals ^ 1), *net.outputs[1:])
    )
    text = write_verilog(changed, CLOCK, start="0")
    assert "FAIL" in shown(net, some_run(net, 3), text, CLOCK, tmp_path)


def test_registers_have_their_names_and_values() -> None:
    net = wires(1, [2, 4, 5], [Init.ZERO, Init.ONE, Init.ANY])
    two, one = np.array([4, 6], np.int32), np.array([8], np.int32)
    net = replace(
        net,
        inputs=(Word("d", np.array([2], np.int32)),),
        outputs=(Word("q", two),),
        registers=(Word("q", two), Word("u.mem[3]", one, lsb=5)),
    )
    text = write_verilog(net, CLOCK, parameters={"WIDTH": 2})
    assert "reg [1:0] q_ = 2'b10;" in text, "the port has the name"
    assert "reg [5:5] \\u.mem[3]  = 1'bx;" in text
    assert "#(parameter WIDTH = 2)" in text
    assert "q_ <= {q_[0], d};" in text


def test_what_cannot_be_written() -> None:
    net = wires(0, [0], [Init.ZERO])
    with pytest.raises(VerilogError, match="no clock"):
        write_verilog(net)
    with pytest.raises(VerilogError, match="can't hold"):
        write_verilog(replace(net, registers=(Word("a b", np.array([2], np.int32)),)), CLOCK)
