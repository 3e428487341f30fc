"""What is read, what is refused, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.netlist import Init, Word
from extract.rtl.design import Clock, Design, Reset, Unknowns
from extract.rtl.errors import RtlError, RtlLimitError, RtlUnsupportedError
from extract.rtl.read import load
from extract.rtl.sources import RtlSources
from verify.core.budget import Budget


def read(folder: Path, text: str, unknowns: Unknowns = "choice", **more: object) -> Design:
    (folder / "t.sv").write_text(text)
    sources = RtlSources(files=(folder / "t.sv",), **more)  # type: ignore[arg-type]
    return load(sources, unknowns=unknowns)


def word(words: tuple[Word, ...], name: str) -> Word:
    return next(w for w in words if w.name == name)


def names(words: tuple[Word, ...]) -> list[str]:
    return [w.name for w in words]


HIERARCHY = """
module leaf #(parameter W = 2) (input clk, input rst_n, input [W-1:0] d, output [W-1:0] q);
  reg [W-1:0] held;
  always @(posedge clk or negedge rst_n) if (!rst_n) held <= 0; else held <= d;
  assign q = held;
endmodule
module top #(parameter W = 4) (input clk, input rst_n, input [0:W-1] d, output [W+3:4] q,
    output [7:0] m);
  reg [W-1:0] nobody_reads = 5;
  reg [7:0] mem [0:2];
  always @(posedge clk) begin nobody_reads <= d; mem[d[0:1]] <= d; end
  assign m = mem[d[0:1]];
  leaf #(.W(W)) i (.clk(clk), .rst_n(rst_n), .d(d), .q(q));
endmodule
"""


def test_names_places_counts(tmp_path: Path) -> None:
    found = read(tmp_path, HIERARCHY, parameters={"W": 3})
    net, where = found.netlist, str(tmp_path / "t.sv")
    assert found.clock == Clock("clk", rising=True)
    assert found.resets == (Reset("rst_n", active_high=False, asynchronous=True, registers=3),)
    assert "asynchronous" in found.notes[0]
    assert names(net.inputs) == ["rst_n", "d"]
    d, q = word(net.inputs, "d"), word(net.outputs, "q")
    assert (d.width, d.lsb, q.width, q.lsb) == (3, 2, 3, 4)
    assert d.source == f"{where}:7"
    assert names(net.registers)[-3:] == ["mem[0]", "mem[1]", "mem[2]"]
    held = word(net.registers, "i.held")
    assert (held.width, held.source) == (3, f"{where}:3")
    kept = word(net.registers, "nobody_reads")
    inits = [int(net.init[(lit >> 1) - net.first_latch]) ^ lit & 1 for lit in kept.literals]
    assert inits == [1, 0, 1]
    assert (found.counts.register_bits, found.counts.memory_bits) == (6, 24)
    assert net.latch_count == 30
    memory = word(net.registers, "mem[1]")
    assert memory.source == f"{where}:10"
    assert set(net.init[(memory.literals >> 1) - net.first_latch]) == {Init.ANY}
    net.validate()


def test_an_empty_memory_is_no_constant(tmp_path: Path) -> None:
    text = (
        "module t(input [1:0] a, output [3:0] q); reg [3:0] rom [0:3]; assign q = rom[a]; endmodule"
    )
    net = read(tmp_path, text).netlist
    assert net.latch_count == 16
    assert set(net.init) == {Init.ANY}
    assert list(net.next) == [2 * (net.first_latch + k) for k in range(16)], "and holds its content"


def test_a_memory_that_nothing_reads_is_left_out(tmp_path: Path) -> None:
    text = """module t(input c, input [1:0] a, output reg q); reg m [0:3];
    always @(posedge c) begin m[a] <= a[0]; q <= a[1]; end endmodule"""
    found = read(tmp_path, text)
    assert found.counts.state_bits == found.netlist.latch_count == 1
    assert "left out: m" in found.notes[0]


def test_a_filled_rom_is_logic(tmp_path: Path) -> None:
    text = """module t(input a, output [1:0] q); reg [1:0] rom [0:1];
    initial begin rom[0] = 1; rom[1] = 2; end assign q = rom[a]; endmodule"""
    found = read(tmp_path, text)
    assert found.netlist.latch_count == found.counts.state_bits == 0
    assert found.clock is None


def test_an_x_is_a_choice_a_rail_or_an_error(tmp_path: Path) -> None:
    text = """module t(input [3:0] a, input [2:0] i, output q, output n);
    assign q = a[i]; assign n = 1'bx; endmodule"""
    net = read(tmp_path, text).netlist
    assert len(net.free) == 2
    assert int(word(net.outputs, "n").literals[0]) >> 1 in {
        int(w.literals[0]) >> 1 for w in net.free
    }
    both = read(tmp_path, text, "dual-rail").netlist
    assert names(both.outputs) == ["q", "q$x", "n", "n$x"]
    assert list(word(both.outputs, "n$x").literals) == [1]
    assert both.free == ()
    with pytest.raises(RtlError, match=r"unknown.*reach q, n"):
        read(tmp_path, text, "error")


SHOWN = """
module leaf(input clk, input [3:0] d, output [3:0] q);
  wire [3:0] inside = d ^ 4'd5;
  reg [3:0] held; always @(posedge clk) held <= inside;
  assign q = held;
endmodule
module t(input clk, input [3:0] d, output [3:0] q);
  for (genvar k = 0; k < 1; k = k + 1) begin : g leaf u(.clk(clk), .d(d), .q(q)); end
endmodule
"""


def test_signals_inside_are_shown_as_outputs(tmp_path: Path) -> None:
    shown = ("g[0].u.inside", "g[0].u.held", "nothing", "d", "clk", "q")
    net = read(tmp_path, SHOWN, shown=shown).netlist
    assert names(net.inputs) == ["d"]
    assert set(names(net.outputs)) == {"q", "g[0].u.inside", "g[0].u.held"}
    inside, held = (word(net.outputs, f"g[0].u.{n}").literals for n in ("inside", "held"))
    assert (inside == word(net.inputs, "d").literals ^ [1, 0, 1, 0]).all()
    assert (held == word(net.outputs, "q").literals).all()
    assert (net.next == inside).all()


def test_a_parameter_may_be_a_constant_of_a_package(tmp_path: Path) -> None:
    text = """package p; typedef enum int {A, B = 5} kind_e; endpackage
    module t #(parameter p::kind_e K = p::A)(output [3:0] q); assign q = K; endmodule"""
    net = read(tmp_path, text, parameters={"K": "p::B"}).netlist
    assert word(net.outputs, "q").literals.tolist() == [1, 0, 1, 0]


def test_a_register_starts_unknown_in_dual_rail(tmp_path: Path) -> None:
    text = "module t(input clk, input d, output reg q); always @(posedge clk) q <= d; endmodule"
    net = read(tmp_path, text, "dual-rail").netlist
    companion = int(word(net.outputs, "q$x").literals[0])
    assert net.init[(companion >> 1) - net.first_latch] ^ companion & 1 == Init.ONE
    assert names(net.registers) == ["q", "q$x"]


NAMED = """
typedef struct packed { logic [1:0] op; logic busy; } control_t;
module inner(input clk, input rst_n, input [3:0] d, input [1:0] a, output logic [3:0] q,
    output [3:0] r);
  control_t state;
  logic [3:0] mem [4];
  logic [3:0] part;
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) begin state <= '0; q <= 0; end
    else begin state.op <= state.op + 1; state.busy <= ^d; q <= q + {3'd0, state.busy}; end
  always_ff @(posedge clk) begin mem[a] <= d; part[2:1] <= d[1:0]; end
  assign part[3] = d[0];
  assign part[0] = state.op[0];
  assign r = mem[a] ^ part;
endmodule
module top(input clk, input rst_n, input [3:0] d, input [1:0] a, output [3:0] q, r, s);
  logic [3:0] late;
  inner i(.clk, .rst_n, .d, .a, .q, .r);
  always_ff @(posedge clk) if (d[0]) late <= q;
  assign s = late;
endmodule
"""


def test_registers_keep_their_names_where_x_is_followed(tmp_path: Path) -> None:
    plain = read(tmp_path, NAMED).netlist
    doubled = read(tmp_path, NAMED, "dual-rail").netlist
    values = [n for n in names(doubled.registers) if "$x" not in n]
    assert sorted(values) == sorted([*names(plain.registers), "s"])  # a port shows `late`
    marked = {n.replace("$x", "") for n in names(doubled.registers) if "$x" in n}
    assert marked == set(values)
    assert {"i.q", "i.state[0:0]", "i.mem[0]", "late", "s"} <= set(values)
    for part in ("", "$x"):
        second, first = (word(doubled.registers, f"{n}{part}").literals for n in ("s", "late"))
        assert second.tolist() == first.tolist()


def test_the_users_names_may_end_as_those_of_parts_do(tmp_path: Path) -> None:
    text = """module t(input clk, input rst, input d, input d_x, output y, output y_x, output y_d);
    reg a, a_x, a_d;
    always @(posedge clk) begin a <= d; a_x <= a; a_d <= rst ? d_x : a_x ^ a_d; end
    assign y = d ? 1'bx : a; assign y_x = a_x & ~d; assign y_d = a_d; endmodule"""
    net = read(tmp_path, text, "dual-rail").netlist
    assert set(names(net.inputs)) == {"rst", "d", "d_x"}
    assert set(names(net.outputs)) == {"y", "y$x", "y_x", "y_x$x", "y_d", "y_d$x"}
    assert sorted(names(net.registers)) == ["a", "a$x", "a_d", "a_d$x", "a_x", "a_x$x"]
    mark = int(word(net.registers, "a_x$x").literals[0])
    value = int(word(net.registers, "a$x").literals[0])
    assert net.next[(mark >> 1) - net.first_latch] == value


def test_an_output_that_is_a_bit_of_another_is_followed(tmp_path: Path) -> None:
    text = """module t(input clk, input [1:0] d, output reg [1:0] q, output high);
    always @(posedge clk) q <= q ^ d; assign high = q[1]; endmodule"""
    net = read(tmp_path, text, "dual-rail").netlist
    for part in ("", "$x"):
        (bit,) = word(net.outputs, f"high{part}").literals
        assert bit == word(net.outputs, f"q{part}").literals[1]


def test_a_black_box_is_open(tmp_path: Path) -> None:
    text = """module ram(input clk, input [1:0] a, output [3:0] q); reg [3:0] m[0:3];
    assign q = m[a]; endmodule
    module t(input clk, input [1:0] a, output [3:0] q); reg r; always @(posedge clk) r <= a[0];
    ram u(.clk(clk), .a(a ^ 2'd1), .q(q)); endmodule"""
    net = read(tmp_path, text, black_boxes=("ram",)).netlist
    assert names(net.inputs) == ["a", "u.q"]
    assert names(net.outputs) == ["q", "u.a"]
    assert net.latch_count == 1


def test_a_register_that_only_its_reset_sets_is_kept(tmp_path: Path) -> None:
    text = """module t(input clk, input rst, input a, output q); reg r;
    always @(posedge clk or posedge rst) if (rst) r <= 1; else if (1'd0) r <= a;
    assign q = r; endmodule"""
    found = read(tmp_path, text)
    assert found.counts.register_bits == 1
    assert found.netlist.free == ()


def test_full_case_is_taken_at_its_word(tmp_path: Path) -> None:
    text = """module t(input [1:0] s, output reg q); always @* (* full_case *)
    case (s) 0: q = 0; 1: q = 1; 2: q = 1; endcase endmodule"""
    found = read(tmp_path, text)
    assert found.front_end.startswith("read_verilog")
    assert "full_case" in found.notes[0]
    assert len(found.netlist.free) == 1


UNSUPPORTED = {
    "a name that is ours": (
        "module t(input clk, d, output reg q, q$x); always @(posedge clk) q$x <= q; endmodule",
        r"t\.sv:1: names that end with `\$x`: q\$x",
    ),
    "two clocks": (
        (
            "module t(input a, input b, input d, output reg p, output reg q);"
            "always @(posedge a) p <= d; always @(posedge b) q <= d; endmodule"
        ),
        r"several clocks: a \(rising.*b \(rising",
    ),
    "two edges": (
        (
            "module t(input c, input d, output reg p, output reg q);"
            "always @(posedge c) p <= d; always @(negedge c) q <= d; endmodule"
        ),
        "both edges of the clock",
    ),
    "gated clock": (
        (
            "module t(input c, input en, input d, output reg q);"
            "wire g = c & en; always @(posedge g) q <= d; endmodule"
        ),
        r"t\.sv:1: the clock g is not an input port",
    ),
    "clock as data": (
        (
            "module t(input c, input d, output reg q, output p);"
            "always @(posedge c) q <= d; assign p = c & d; endmodule"
        ),
        r"t\.sv:1: the clock c is used as data",
    ),
    "latch": (
        "module t(input e, input d, output reg q); always @* if (e) q = d; endmodule",
        r"t\.sv:1: latch\(es\) are inferred: q",
    ),
    "tri-state": (
        "module t(input e, input d, output q); assign q = e ? d : 1'bz; endmodule",
        "tri-state driver",
    ),
    "inout": (
        "module t(inout p, input e, output q); assign q = p & e; endmodule",
        r"t\.sv:1: bidirectional port\(s\): p",
    ),
    "large memory": (
        (
            "module t(input c, input [13:0] a, input [7:0] d, output [7:0] q);"
            "reg [7:0] m[0:16383];"
            "always @(posedge c) m[a] <= d; assign q = m[a]; endmodule"
        ),
        "memory m has 16384 words of 8 bits",
    ),
}


@pytest.mark.parametrize("case", UNSUPPORTED)
def test_what_is_unsupported_is_said(tmp_path: Path, case: str) -> None:
    text, message = UNSUPPORTED[case]
    with pytest.raises(RtlUnsupportedError, match=message):
        read(tmp_path, text)


WRONG = {
    "loop": (
        (
            "module t(input a, output q); wire w, v; assign w = v ^ a; assign v = w & a;"
            "assign q = w; endmodule"
        ),
        r"t\.sv:1: .*loop.*: v, w",
    ),
    "an output without a driver": (
        "module t(input a, output q); wire u; assign q = u; endmodule",
        r"t\.sv:1: nothing drives output `q`",
    ),
    "two drivers": (
        "module t(input a, input b, output q); assign q = a; assign q = b; endmodule",
        r"t\.sv:1: q has several drivers",
    ),
    "missing module": (
        "module t(input a, output q);\n nowhere u(a, q); endmodule",
        r"t\.sv:2: unknown module 'nowhere'",
    ),
    "missing include": ('`include "no.vh"\nmodule t; endmodule', r"t\.sv:1: .*no\.vh"),
    "syntax error": ("module t(input a);\n\n assign = a; endmodule", r"t\.sv:3: expected"),
    "recursive module": ("module t(input a); t u(a); endmodule", "."),
    "two tops": ("module s; endmodule module t; endmodule", "several modules .*: s, t"),
    "no module": ("// nothing", "no top module"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said(tmp_path: Path, case: str) -> None:
    text, message = WRONG[case]
    with pytest.raises(RtlError, match=message) as raised:
        read(tmp_path, text)
    assert raised.type is RtlError


def test_an_unknown_top(tmp_path: Path) -> None:
    with pytest.raises(RtlError, match="'nope'"):
        read(tmp_path, "module t; endmodule", top="nope")


@pytest.mark.parametrize("name", ["a b.sv", "a'b.sv", 'a"b.sv', "a;b.sv", "$a.v", "ä.sv"])
def test_odd_names_of_files_and_folders(tmp_path: Path, name: str) -> None:
    folder = tmp_path / f"in {name}"
    folder.mkdir()
    (folder / "h.vh").write_text("`define WIDTH 3\n")
    (folder / name).write_text(
        '`include "h.vh"\nmodule t(input [`WIDTH-1:0] a, output q);\nassign q = ^a; endmodule'
    )
    net = load(RtlSources(files=(folder / name,))).netlist
    assert word(net.inputs, "a").width == 3
    assert word(net.inputs, "a").source == f"{folder / name}:2"
    (folder / name).write_text("module t(input a);\nfoo bar baz; endmodule")
    with pytest.raises(RtlError) as raised:
        load(RtlSources(files=(folder / name,)))
    assert f"{folder / name}:2:" in str(raised.value)


@pytest.mark.slow
def test_a_design_without_end_meets_a_limit(tmp_path: Path) -> None:
    (tmp_path / "t.v").write_text(
        "module t(input a, output [9999999:0] q); genvar i; generate\n"
        "for (i = 0; i < 10000000; i = i + 1) assign q[i] = a; endgenerate endmodule"
    )
    with pytest.raises(RtlError, match=r"t\.v:2: |takes more"):
        load(RtlSources(files=(tmp_path / "t.v",)), budget=Budget(seconds=10))


def test_the_limit_names_itself(tmp_path: Path) -> None:
    (tmp_path / "t.v").write_text("module t; endmodule")
    with pytest.raises(RtlLimitError, match=r"0\.001 seconds.*--timeout") as raised:
        load(RtlSources(files=(tmp_path / "t.v",)), budget=Budget(seconds=0.001))
    assert raised.value.outcome == "timeout"
