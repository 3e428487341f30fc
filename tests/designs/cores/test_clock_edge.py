"""A core that steps with the falling edge is told so, and not run as if it were another."""

from __future__ import annotations

from pathlib import Path

import pytest

from designs.cores.check import check_core

SOURCE = """
module core (input clk, input rst, output reg [31:0] a, output r);
  assign r = 1'b1;
  always @(EDGE clk) if (rst) a <= 0; else a <= a + 4;
endmodule
"""
FILE = """
isa = "rv32i"
top = "core"
clock = "clk"
[sources]
variable = "FALLING_CORE"
files = ["core.v"]
[reset]
port = "rst"
active = 1
[fetch]
request = "r"
address = "a"
answer = "same"
[data]
request = "r"
address = "a"
answer = "same"
write = "r"
store_data = "a"
store_mask = "a[3:0]"
[retirement]
valid = "r"
instruction = "a"
pc = "a"
rd_value = "a"
[registers]
word = "x[{}]"
"""
FALLING = "only cores that step with the rising edge are supported"


@pytest.mark.needs("yosys")
@pytest.mark.parametrize(("edge", "told"), [("negedge", True), ("posedge", False)])
def test_the_edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edge: str, told: bool) -> None:
    monkeypatch.setenv("FALLING_CORE", str(tmp_path))
    (tmp_path / "core.v").write_text(SOURCE.replace("EDGE", edge))
    file = tmp_path / "falling.toml"
    file.write_text(FILE)
    report = check_core(file, workdir=tmp_path / "kept")
    assert not report.ok, "it is no core"
    text = "\n".join(report.lines())
    assert (FALLING in text) == told, text
    assert ("falling edge of `clk`" in text) == told
