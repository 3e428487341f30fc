"""Traces replayed in real simulators, on designs whose netlists were built by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import pytest

from extract.netlist import Netlist, Word
from extract.trace import Trace
from extract.waves.replay import Subject
from extract.waves.replay import replay as run_replay
from extract.waves.testbench import Clock
from tests.extract.random_netlists import legal_init, random_netlist
from tests.extract.waves import circuits
from verify.core.process import Limits
from verify.engines.simulators import VerilogSimulator

Edge: TypeAlias = Literal["posedge", "negedge"]

LIMITS = Limits(seconds=120)
CASES: dict[str, tuple[str, Callable[[], Netlist], Edge]] = {
    "counter": (circuits.COUNTER, circuits.counter, "posedge"),
    "fsm": (circuits.FSM, circuits.fsm, "negedge"),
    "memory": (circuits.MEMORY, circuits.memory, "posedge"),
}


def random_trace(net: Netlist, seed: int, cycles: int = 40) -> Trace:
    rng = np.random.default_rng(seed)
    inputs = rng.integers(0, 2, (cycles, net.input_count), dtype=np.uint8)
    return Trace(inputs, np.array(legal_init(net, rng), np.uint8))


def design(folder: Path, text: str, top: str, edge: Edge) -> Subject:
    file = folder / f"{top}.v"
    file.write_text(text)
    return Subject((file,), top, Clock("clk", edge))


@pytest.mark.parametrize("name", CASES)
def test_designs_by_hand_in_icarus(name: str, tmp_path: Path, icarus: VerilogSimulator) -> None:
    check_case(name, tmp_path, icarus)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_designs_by_hand_in_verilator(
    name: str, tmp_path: Path, verilator: VerilogSimulator
) -> None:
    check_case(name, tmp_path, verilator)


def check_case(name: str, folder: Path, simulator: VerilogSimulator) -> None:
    text, build, edge = CASES[name]
    net = build()
    trace = random_trace(net, seed=7)
    if not simulator.sets_registers:
        trace = Trace(trace.inputs, np.zeros_like(trace.init))
    found = run_replay(design(folder, text, name, edge), net, trace, simulator, limits=LIMITS)
    assert found.outcome == "agrees", str(found)
    assert found.unset == ()
    for word, values in zip(net.outputs, trace.words(net, net.outputs), strict=True):
        assert found.outputs[word.name] == tuple(f"{v:0{word.width}b}" for v in values)
        assert len(set(values)) > 1, "the trace moves it"


@pytest.mark.parametrize("seed", range(6))
def test_random_netlists_mean_the_same_in_icarus(
    seed: int, tmp_path: Path, icarus: VerilogSimulator
) -> None:
    net = random_netlist(seed, inputs=7, latches=6)
    latches = 2 * np.arange(net.first_latch, net.first_gate, dtype=np.int32)
    words = tuple(Word(f"l{k}", latches[k : k + 1]) for k in range(net.latch_count))
    # All inputs are ports here, so that nothing stays open.
    inputs = (*net.inputs, *(replace(w, name="free") for w in net.free))
    net = replace(net, registers=words, inputs=inputs, free=())
    trace = random_trace(net, seed)
    source = design(tmp_path, circuits.verilog(net), "random", "posedge")
    found = run_replay(source, net, trace, icarus)
    assert found.outcome == "agrees", str(found)


@pytest.mark.parametrize("low", [False, True])
@pytest.mark.parametrize("active", [False, True])
@pytest.mark.parametrize("first", [2, 5])
def test_an_asynchronous_reset_in_icarus(
    low: bool, active: bool, first: int, tmp_path: Path, icarus: VerilogSimulator
) -> None:
    check_reset(low, active, first, tmp_path, icarus)


@pytest.mark.slow
@pytest.mark.parametrize("low", [False, True])
@pytest.mark.parametrize("active", [False, True])
def test_an_asynchronous_reset_in_verilator(
    low: bool, active: bool, tmp_path: Path, verilator: VerilogSimulator
) -> None:
    check_reset(low, active, 2, tmp_path, verilator)


def check_reset(
    low: bool, active: bool, first: int, folder: Path, simulator: VerilogSimulator
) -> None:
    name = "rst_n" if low else "rst"
    text = circuits.RESET.format(
        name=name,
        first=first,
        edge="negedge" if low else "posedge",
        active=f"!{name}" if low else name,
    )
    net = circuits.areset(name, low=low, first=first)
    trace = random_trace(net, seed=3)
    trace.inputs[0, 0] = active ^ low
    found = run_replay(design(folder, text, "areset", "posedge"), net, trace, simulator)
    assert found.outcome == "agrees", str(found)


def test_a_netlist_that_is_not_the_design(tmp_path: Path, icarus: VerilogSimulator) -> None:
    wrong = circuits.COUNTER.replace("254", "253")
    net = circuits.counter()
    trace = Trace(np.array([[1, 0], [0, 1], [0, 1]], np.uint8), np.zeros(8, np.uint8))
    found = run_replay(design(tmp_path, wrong, "counter", "posedge"), net, trace, icarus)
    assert found.outcome == "differs"
    assert found.outputs["count"] == ("00000000", "11111101", "11111110")
    # 253 and 254 differ in bits 0 and 1, 254 and 255 in bit 0.
    assert [(d.cycle, d.output, d.bit) for d in found.differences] == [
        (1, "count", 0),
        (1, "count", 1),
        (2, "count", 0),
        (2, "wrap", 0),
    ]
    assert "bit 0 of count in cycle 1: predicted 0, seen 1" in str(found)


def test_what_cannot_be_set_is_said(tmp_path: Path, icarus: VerilogSimulator) -> None:
    net = circuits.counter()
    registers = (replace(net.registers[0], name="$auto$1"),)
    trace = Trace(np.array([[0, 0], [1, 0], [0, 1]], np.uint8), np.zeros(8, np.uint8))
    source = design(tmp_path, circuits.COUNTER, "counter", "posedge")
    found = run_replay(source, replace(net, registers=registers), trace, icarus)
    assert found.outcome == "unknown"
    assert found.unset == ("$auto$1",)
    assert {b.cycle for b in found.unknown} == {0, 1}
    assert {b.seen for b in found.unknown} == {"x"}
    assert "could not set $auto$1" in str(found)
    found = run_replay(source, replace(net, registers=()), trace, icarus)
    assert found.unset == ("8 registers without a name",)


def with_initial(statement: str) -> str:
    return circuits.COUNTER.replace("assign wrap", f"initial {statement}\nassign wrap")


def test_a_register_known_by_the_name_of_a_wire(tmp_path: Path, icarus: VerilogSimulator) -> None:
    """The port ``q`` shows the register ``u.q``, and cannot be set; all others are."""
    net = circuits.memory()
    *words, q = net.registers
    net = replace(net, registers=(*words, replace(q, name="q")))
    source = design(tmp_path, circuits.MEMORY, "memory", "posedge")
    found = run_replay(source, net, random_trace(net, 2), icarus)
    assert found.unset == ("q",)
    assert found.differences == ()
    assert {b.cycle for b in found.unknown} == {0}


@pytest.mark.slow
def test_verilator_says_what_it_is_not_told(tmp_path: Path, verilator: VerilogSimulator) -> None:
    net = circuits.memory()
    trace = Trace(np.zeros((3, net.input_count), np.uint8), np.zeros(25, np.uint8))
    trace.init[[6, 22]] = 1
    source = design(tmp_path, circuits.MEMORY, "memory", "posedge")
    found = run_replay(source, net, trace, verilator)
    assert found.unset == ("u.mem[1]", "u.q")
    assert found.outcome == "differs"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("module counter (input clk; endmodule", "icarus can't read this design"),
        ("module other; endmodule", "counter"),
        (
            circuits.COUNTER.replace("assign wrap", "initial #25000 $finish;\nassign wrap"),
            "cycle 2",
        ),
        (circuits.COUNTER.replace("assign wrap", "initial #25000 $stop;\nassign wrap"), "cycle 2"),
        (circuits.COUNTER.replace("assign wrap", "initial #5000 $fatal;\nassign wrap"), "status 1"),
        (circuits.COUNTER.replace("assign wrap", "initial forever;\nassign wrap"), "stopped"),
        (circuits.COUNTER.replace("[7:0] count", "[6:0] count"), ""),
    ],
)
def test_designs_that_do_not_run(
    text: str, problem: str, tmp_path: Path, icarus: VerilogSimulator
) -> None:
    net = circuits.counter()
    trace = random_trace(net, 1)
    source = design(tmp_path, text, "counter", "posedge")
    found = run_replay(source, net, trace, icarus, limits=Limits(seconds=2))
    assert found.outcome != "agrees"
    assert problem in str(found)


def test_files_parameters_and_macros(tmp_path: Path, icarus: VerilogSimulator) -> None:
    (tmp_path / "inc").mkdir()
    (tmp_path / "inc" / "start.vh").write_text("`define START 8'd`N\n")
    text = circuits.COUNTER.replace("module counter (", "module counter #(parameter S = 0) (")
    text = '`include "start.vh"\n' + text.replace("8'd254", "(`START + S)")
    source = replace(
        design(tmp_path, text, "counter", "posedge"),
        include_dirs=(tmp_path / "inc",),
        defines={"N": "200", "UNUSED": ""},
        parameters={"S": "8'd54"},
    )
    net = circuits.counter()
    found = run_replay(source, net, random_trace(net, 1), icarus)
    assert found.outcome == "agrees", str(found)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"parameters": {"S": "1); initial $system(8"}}, "can't hold the value"),
        ({"parameters": {"S\n": "1"}}, "can't hold the name"),
        ({"top": "counter\n; initial"}, "can't hold the name"),
        ({"defines": {"A B": "1"}}, "can't be a Verilog macro"),
        ({"files": (Path("/nowhere/x.v"),)}, "/nowhere/x.v: no such file"),
    ],
)
def test_names_that_are_none(
    change: dict[str, object], message: str, tmp_path: Path, icarus: VerilogSimulator
) -> None:
    net = circuits.counter()
    source = design(tmp_path, circuits.COUNTER, "counter", "posedge")
    found = run_replay(replace(source, **change), net, random_trace(net, 1), icarus)  # type: ignore[arg-type]
    assert found.outcome == "not run"
    assert message in found.problem


def test_a_combinational_design_needs_no_clock(tmp_path: Path, icarus: VerilogSimulator) -> None:
    b = circuits.Builder()
    x, y = b.input("case", 70), b.input("y", 70)
    net = b.netlist("sum", {"a<b": b.add(x, y)})
    text = "module sum (input [69:0] \\case , y, output [69:0] \\a<b ); assign \\a<b = \\case + y; "
    source = replace(design(tmp_path, text + "endmodule", "sum", "posedge"), clock=None)
    found = run_replay(source, net, random_trace(net, 1), icarus)
    assert found.outcome == "agrees", str(found)


def test_the_written_design_is_a_weaker_witness(tmp_path: Path, icarus: VerilogSimulator) -> None:
    net = circuits.fsm()
    source = replace(design(tmp_path, circuits.FSM, "fsm", "negedge"), origin="written")
    found = run_replay(source, net, random_trace(net, 2), icarus)
    assert found.origin == "written"
    assert "on the Verilog that was written from it: agrees" in str(found)
