"""Testbenches and properties, strong and weak, on a counter that is read by the front end."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from designs.equivalence.decide import Means
from designs.equivalence.question import Question, Reset
from designs.mutation.measure import Judged, Judges, UnfitError, measure
from designs.mutation.properties import PropertiesError
from designs.mutation.testbench import Bench
from extract.rtl.design import Design
from extract.rtl.read import load
from extract.rtl.sources import RtlSources
from extract.verilog import write_verilog
from extract.waves.testbench import Clock
from verify.core.budget import Budget
from verify.core.process import Limits

pytestmark = pytest.mark.needs("yosys", "abc", "icarus")

DESIGN = """
module count #(parameter WIDTH = 3)
             (input clk, rst, en, output reg [WIDTH-1:0] q, output full);
  assign full = &q;
  always @(posedge clk) if (rst) q <= 0; else if (en & ~full) q <= q + 1;
endmodule
"""
HEAD = """
module tb;
  reg clk = 0, rst = 1, en = 0; wire [2:0] q; wire full; integer t, n = 0;
  count #(.WIDTH(3)) dut(.clk(clk), .rst(rst), .en(en), .q(q), .full(full));
  always #5 clk = ~clk;
  initial begin
    @(negedge clk) @(negedge clk) rst = 0;
"""
STRONG = """
    for (t = 0; t < 200; t = t + 1) begin
      en = $urandom; rst = ($urandom % 16) == 0;
      @(negedge clk);
      n = rst ? 0 : en && n < 7 ? n + 1 : n;
      if (q !== n) $fatal(1, "q is %d, not %d", q, n);
      if (full !== (n == 7)) $fatal(1, "full");
    end
    $finish;
  end
endmodule
"""
WEAK = """
    en = 1; @(negedge clk) en = 0;
    if (q !== 1) $display("FAIL: q");
    $finish;
  end
endmodule
"""
NEVER = "    repeat (50) @(negedge clk) en = $urandom;\n    $finish;\n  end\nendmodule\n"
FAILS = '    $error("always");\n    $finish;\n  end\nendmodule\n'
INSIDE = "    if (dut.q !== 0 || dut.WIDTH == 4) $finish;\n    $finish;\n  end\nendmodule\n"
PROPERTIES = """
module props(input clk, rst, en, input [2:0] q, input full, output right_full, output steps);
  reg [2:0] before; reg known = 0, was_rst;
  always @(posedge clk) begin before <= q; known <= 1; was_rst <= rst; end
  assign right_full = full == (q == 7);
  assign steps = ~known | was_rst | (q == before) | (q == before + 1 && before != 7);
endmodule
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("measured")


@pytest.fixture(scope="module")
def design(folder: Path) -> Design:
    return load(sources(folder, "count.v", DESIGN, "count"))


@pytest.fixture(scope="module")
def properties(folder: Path) -> Design:
    return load(sources(folder, "props.v", PROPERTIES, "props"))


def sources(folder: Path, name: str, text: str, top: str) -> RtlSources:
    (folder / name).write_text(text)
    return RtlSources(files=(folder / name,), top=top)


QUESTION = Question(reset=Reset("rst"))


def judged(design: Design, judges: Judges, count: int = 30) -> list[Judged]:
    means = Means(Budget(20), 2)
    return list(measure(design, judges, QUESTION, means, count=count))


def benched(design: Design, folder: Path, body: str, count: int = 30) -> list[Judged]:
    bench = sources(folder, "tb.v", HEAD + body, "tb")
    return judged(design, Judges(bench, None), count)


def fates(found: list[Judged]) -> Counter[str]:
    return Counter(j.fate for j in found)


def test_a_weak_testbench_kills_less_than_a_strong_one(design: Design, folder: Path) -> None:
    strong, weak, never = (fates(benched(design, folder, body)) for body in (STRONG, WEAK, NEVER))
    assert strong["equivalent"] == weak["equivalent"] == never["equivalent"], "the same mutants"
    assert strong["killed"] == 30 - strong["equivalent"]
    assert 0 < weak["killed"] < strong["killed"]
    assert never["killed"] == 0
    assert never["survived"] == strong["killed"]


def test_survivors_are_told(design: Design, folder: Path) -> None:
    found = [j for j in benched(design, folder, NEVER, 10) if j.fate == "survived"]
    assert found
    for j in found:
        assert "the testbench passes" in j.reason
        assert j.reason.startswith("it differs in ")
        assert j.mutant.source.startswith(str(folder / "count.v:"))


def test_properties_kill_and_hold(design: Design, properties: Design) -> None:
    found = judged(design, Judges(None, properties))
    told = fates(found)
    assert told["killed"] > 0
    assert told["survived"] > 0, "a counter that never steps has these properties"
    assert not told["undecided"]
    reasons = [j.reason for j in found if j.fate == "killed"]
    assert any("`right_full` is 0" in r for r in reasons)
    assert all("the properties are proved of it" in j.reason for j in found if j.fate == "survived")


def test_both_together_kill_what_either_kills(
    design: Design, properties: Design, folder: Path
) -> None:
    bench = sources(folder, "tb.v", HEAD + WEAK, "tb")
    alone = [judged(design, j, 16) for j in (Judges(bench, None), Judges(None, properties))]
    both = judged(design, Judges(bench, properties), 16)
    killed = [{str(j.mutant) for j in found if j.fate == "killed"} for found in (*alone, both)]
    assert killed[0] | killed[1] == killed[2]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (FAILS, "the design itself does not pass its testbench: .*always"),
        ("  nonsense", "the design itself does not pass its testbench: icarus can't read"),
        ('    $fatal(1, "no");\n  end\nendmodule\n', "it fails: icarus ended the run"),
        (INSIDE.replace("dut.q", "dut.nothing"), "can't read this design"),
    ],
)  # fmt: skip
def test_a_testbench_that_the_design_fails_is_an_error(
    design: Design, folder: Path, body: str, said: str
) -> None:
    with pytest.raises(UnfitError, match=said):
        benched(design, folder, body)


def test_properties_that_the_design_lacks_are_an_error(design: Design, folder: Path) -> None:
    wrong = PROPERTIES.replace("q == 7", "q == 6")
    theirs = load(sources(folder, "wrong.v", wrong, "props"))
    with pytest.raises(UnfitError, match=r"not have its properties: `right_full` is 0 after \d"):
        judged(design, Judges(None, theirs))


def test_properties_of_something_else_are_an_error(design: Design, folder: Path) -> None:
    other = (
        "module other(input en, input [3:0] q, input w, output [1:0] y); assign y = q; endmodule"
    )
    theirs = load(sources(folder, "other.v", other, "other"))
    with pytest.raises(PropertiesError) as caught:
        judged(design, Judges(None, theirs))
    assert "`w` is no port of count; it has: rst, en, q, full" in str(caught.value)
    assert "`q` has 4 bits, in the design 3" in str(caught.value)
    assert "output `y` must have one bit" in str(caught.value)


def test_a_run_that_does_not_end_hangs(design: Design, folder: Path) -> None:
    endless = HEAD + "    forever #1 en = ~en;\n  end\nendmodule\n"
    bench = Bench(design, sources(folder, "tb.v", endless, "tb"))
    told = replace(bench, limits=Limits(seconds=10, cpu_seconds=1)).on_circuit(design.netlist)
    assert told.outcome == "hangs"


def test_another_configuration_of_the_circuit_is_noticed(folder: Path) -> None:
    given = sources(folder, "count4.v", DESIGN, "count")
    wide = load(RtlSources(files=given.files, top="count", parameters={"WIDTH": 4}))
    text = write_verilog(wide.netlist, Clock("clk"), parameters={"WIDTH": 4})
    assert "FAIL: the circuit was made with another WIDTH" in text
    bench = sources(folder, "tb.v", HEAD + NEVER, "tb")
    with pytest.raises(UnfitError, match="not as a circuit"):
        judged(wide, Judges(bench, None))
