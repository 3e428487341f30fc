"""From Verilog by our front end to a netlist, and back into Icarus: two readers of one source."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from extract.netlist import Netlist
from extract.rtl.read import load
from extract.rtl.sources import RtlSources
from extract.trace import Trace
from extract.waves.replay import replay, subject
from tests.extract.random_netlists import legal_init
from tests.extract.waves import circuits
from verify.core.process import ToolMissing
from verify.engines import yosys
from verify.engines.simulators import VerilogSimulator

pytestmark = pytest.mark.slow

ASCENDING = """
module ascending (input clk, input [0:6] d, input en, output reg [0:6] q, output [3:1] z);
  reg [9:4] r;
  assign z = {r[9], r[5:4]};
  always @(posedge clk) begin if (en) q <= d ^ {q[6], q[0:5]}; r <= r + d; end
endmodule
"""
BLOCKING = """
module blocking (input clk, input [3:0] d, output reg [3:0] q);
  always @(posedge clk) q = d + q;
endmodule
"""
GENERATED = """
module generated (input clk, input [3:0] d, output [3:0] q);
  for (genvar i = 0; i < 4; i = i + 1) begin : lane
    reg bit_;
    always @(posedge clk) bit_ <= d[i];
    assign q[i] = bit_;
  end
endmodule
"""
DESIGNS = {
    "counter": circuits.COUNTER,
    "fsm": circuits.FSM,
    "memory": circuits.MEMORY,
    "areset": circuits.RESET.format(name="rst_n", first=2, edge="negedge", active="!rst_n"),
    "areset-open": circuits.RESET.format(name="rst", first=2, edge="posedge", active="rst").replace(
        "= 3'd2", ""
    ),
    "ascending": ASCENDING,
    "blocking": BLOCKING,
    "generated": GENERATED,
}


@pytest.fixture(scope="module")
def front_end() -> None:
    try:
        yosys.find()
    except ToolMissing as e:
        pytest.skip(f"{e.tool}: {e.problem}; {e.remedy}")


def random_trace(net: Netlist, seed: int) -> Trace:
    rng = np.random.default_rng(seed)
    inputs = rng.integers(0, 2, (40, net.input_count), dtype=np.uint8)
    return Trace(inputs, np.array(legal_init(net, rng), np.uint8))


@pytest.mark.usefixtures("front_end")
@pytest.mark.parametrize("name", DESIGNS)
def test_icarus_agrees(name: str, tmp_path: Path, icarus: VerilogSimulator) -> None:
    file = tmp_path / "design.v"
    file.write_text(DESIGNS[name])
    design = load(RtlSources((file,)))
    for seed in range(3):
        found = replay(subject(design), design.netlist, random_trace(design.netlist, seed), icarus)
        assert found.problem == ""
        assert found.differences == (), str(found)
        # A register may be known by the name of a wire; then its first value is not set.
        assert bool(found.unknown) <= bool(found.unset)
        assert {b.cycle for b in found.unknown} <= {0}
