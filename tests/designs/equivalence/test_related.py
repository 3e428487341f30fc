"""Registers that synthesis copied, recoded or left out; and mistakes that look like that."""

from __future__ import annotations

from itertools import product as every
from pathlib import Path

import numpy as np
import pytest

from designs.equivalence import decide
from designs.equivalence.compare import Comparison, Designs, compare
from designs.equivalence.decide import Means
from designs.equivalence.pair import Pair
from designs.equivalence.product import Product
from designs.equivalence.question import Question
from designs.equivalence.recoded import Recoded
from designs.equivalence.relate import Guesses, _distinct
from designs.equivalence.related import settle
from extract import netlist_words as words
from extract.netlist import FALSE, Init, Literals, Netlist, Word
from extract.netlist_build import Builder
from extract.rtl.sources import RtlSources
from extract.trace import Bits
from modelcheck.combinational import CombinationalAnswer, prove_never
from modelcheck.replay_inputs import violates
from verify.core.budget import Budget
from verify.core.verdict import Status

GOLD = """
module m(input clk, rst, go, load, input [3:0] d, output reg [3:0] y, output busy, spare);
  reg [1:0] state;
  reg [3:0] held, same;
  reg fixed, never;
  assign busy = state != 2'd0, spare = fixed ^ never;
  always @(posedge clk) begin
    never <= 1'bx;
    if (load) begin held <= d; same <= d; end
    if (rst) begin state <= 2'd0; fixed <= 1'b0; y <= 4'd0; end
    else begin
      y <= state == 2'd2 ? held : y ^ same;
      case (state)
        2'd0: if (go) state <= 2'd1;
        2'd1: state <= go ? 2'd2 : 2'd0;
        2'd2: state <= 2'd0;
        default: state <= 2'bx;
      endcase
    end
  end
endmodule
"""

# One bit for each state; `held` twice, and `same` is one of them; no `fixed` and no `never`.
GATE = """
module m(input clk, rst, go, load, input [3:0] d, output reg [3:0] y, output busy, spare);
  reg [2:0] state;
  reg [3:0] held, copy;
  assign busy = ~state[0], spare = 1'bx;
  always @(posedge clk) begin
    if (load) begin held <= d; copy <= d; end
    if (rst) begin state <= 3'b001; y <= 4'd0; end
    else begin
      y <= state[2] ? copy : y ^ held;
      state[0] <= state[0] & ~go | state[1] & ~go | state[2];
      state[1] <= state[0] & go;
      state[2] <= state[1] & go;
    end
  end
endmodule
"""

MISTAKES = {
    "a transition": ("state[2] <= state[1] & go", "state[2] <= state[1]"),
    "a state": ("busy = ~state[0]", "busy = state[1]"),
    "a code": ("state <= 3'b001", "state <= 3'b010"),
    "a copy": ("copy <= d", "copy <= d & {3'b111, go}"),
    "a copy that is loaded later": (
        "held <= d; copy <= d; end",
        "held <= d; if (~go) copy <= d; end",
    ),
    "another use of a copy": ("? copy : y", "? y : y"),
}


def verdict(folder: Path, gold: str, gate: str) -> Comparison:
    def written(name: str, text: str) -> RtlSources:
        (folder / name).write_text(text, encoding="utf-8")
        return RtlSources(files=(folder / name,), top="m", folder=folder)

    means = Means(Budget(60.0))
    pair = Pair("m", written("gold.v", gold), written("gate.v", gate))
    return compare(pair, means, Designs(means))


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No engine has the answer before registers are related."""
    monkeypatch.setattr(decide, "AT_FIRST_SIGHT", ())


@pytest.mark.needs("yosys", "abc")
def test_what_engines_see_at_first_sight_need_not_be_related(tmp_path: Path) -> None:
    found = verdict(tmp_path, GOLD, GATE)
    assert found.verdict.status is Status.PROVED, found
    assert found.method == "from reset: abc pdr"


@pytest.mark.needs("yosys")
@pytest.mark.usefixtures("unhurried")
def test_they_are_related(tmp_path: Path) -> None:
    found = verdict(tmp_path, GOLD, GATE)
    assert found.verdict.status is Status.PROVED, found
    assert "copies, 1 words in other codes" in found.method


@pytest.mark.needs("yosys", "abc", "icarus")
@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found(tmp_path: Path, mistake: str) -> None:
    old, new = MISTAKES[mistake]
    assert GATE.count(old) == 1
    found = verdict(tmp_path, GOLD, GATE.replace(old, new))
    assert found.verdict.status is Status.REFUTED, found


@pytest.mark.parametrize("width", [1, 5, 48])
def test_values_that_were_seen_are_told_once_each(width: int) -> None:
    rng = np.random.default_rng(width)
    known, *bits = rng.integers(0, 4, (1 + width, 3), np.uint64)
    samples = [(w, i) for w in range(3) for i in range(64) if int(known[w]) >> i & 1]
    seen = {tuple(int(row[w]) >> i & 1 for row in bits) for w, i in samples}
    assert [tuple(case) for case in _distinct(known, bits)] == sorted(seen)


def registers(width: int, *init: Init) -> tuple[Netlist, Literals]:
    build = Builder("r")
    made = build.register("r", width, list(init))
    build.set_next(made, made)
    return (net := build.build(outputs=[Word("y", made)])), net.registers[0].literals


@pytest.mark.parametrize(
    ("gold", "mark", "gate", "holds"),
    [
        (Init.ZERO, None, Init.ZERO, True),
        (Init.ZERO, None, Init.ONE, False),
        (Init.ANY, None, Init.ANY, False),  # the two need not start equal
        (Init.ZERO, None, Init.ANY, False),
        (Init.ZERO, Init.ONE, Init.ANY, True),
        (Init.ZERO, Init.ANY, Init.ANY, False),
        (Init.ZERO, Init.ZERO, Init.ONE, False),
        (Init.ONE, Init.ZERO, Init.ONE, True),
    ],
)
def test_what_holds_in_the_first_cycle(
    gold: Init, mark: Init | None, gate: Init, *, holds: bool
) -> None:
    net, bits = registers(2, gold, Init.ZERO if mark is None else mark)
    other, copies = registers(1, gate)
    unknown = np.array([FALSE], np.int32) if mark is None else bits[1:]
    related = Recoded("r", bits[:1], unknown, copies, ((0, 0), (1, 1)))
    assert related.starts(net, other) is holds


def walker(codes: list[int], width: int, *, wide: bool = False) -> Netlist:
    """Walks through three states, given by their codes, and shows the last; and what it keeps."""
    build = Builder("walker")
    go = int(build.input("go", 1)[0])
    state = build.register("state", width, [Init(codes[0] >> i & 1) for i in range(width)])
    in_state = [words.equal(build, state, words.constant(c, width)) for c in codes]
    following = words.constant(codes[0], width)
    for here, there in ((0, 1), (1, 2)):
        hit = build.and_(in_state[here], go)
        following = words.chosen(build, hit, words.constant(codes[there], width), following)
    build.set_next(state, following)
    kept = build.register("kept", 2 if wide else 1, Init.ZERO)
    build.set_next(kept, np.full(len(kept), go, np.int32))
    outputs = [Word("last", np.array([in_state[2]], np.int32)), Word("kept", kept[-1:])]
    return build.build(outputs=outputs)


def by_every_input(net: Netlist) -> Bits | None:
    tried = (np.array(bits, np.uint8) for bits in every((0, 1), repeat=net.input_count))
    return next((inputs for inputs in tried if violates(net, inputs)), None)


def test_codes_are_learned_word_by_word_before_everything_is_proved() -> None:
    gold, gate = walker([0, 1, 2], 2), walker([1, 2, 4], 3, wide=True)
    there = {w.name: w.literals for w in gate.registers}
    mine = {w.name: w.literals for w in gold.registers}
    never = np.array([FALSE], np.int32)
    copies = Recoded("kept", mine["kept"], never, there["kept"], ((0, 0), (1, 3)))
    state = Recoded("state", mine["state"], never.repeat(2), there["state"], ((0, 1),))
    asked: list[Product] = []

    def prove(product: Product) -> CombinationalAnswer:
        asked.append(product)
        return prove_never(product.netlist, seconds=60.0)

    found = settle(gold, gate, Question(), Guesses((), (copies, state)), prove, by_every_input)
    assert found.answer.status == "proved"
    assert sorted(found.guesses.recoded[1].codes) == [(0, 1), (1, 2), (2, 4)]
    assert len(asked) == 1  # all codes were known then
    assert len(found.product.netlist.bad) == 3  # outputs; and each word by itself


def test_a_word_whose_code_is_wrong_is_not_proved() -> None:
    gold, gate = walker([0, 1, 2], 2), walker([1, 2, 4], 3)
    mine, there = (net.registers[0].literals for net in (gold, gate))
    none = np.full(2, FALSE, np.int32)
    state = Recoded("state", mine, none, there, ((0, 1), (1, 4)))
    found = settle(
        gold, gate, Question(), Guesses((), (state,)),
        lambda product: prove_never(product.netlist, seconds=60.0), by_every_input,
    )  # fmt: skip
    assert found.answer.status == "refuted"


STATES = """
module m(input clk, rst, go, input [7:0] d, output reg [7:0] y);
  reg [2:0] state;
  always @(posedge clk)
    if (rst) begin state <= 0; y <= 0; end
    else case (state)
      0: if (go) state <= 1;
      1: begin state <= go ? 2 : 4; y <= y + d; end
      2: state <= 4;
      4: begin state <= 0; y <= y ^ d; end
      default: y <= d;
    endcase
endmodule
"""


@pytest.mark.needs("yosys", "abc", "icarus")
@pytest.mark.usefixtures("unhurried")
def test_states_that_are_never_reached_may_differ(tmp_path: Path) -> None:
    gate = STATES.replace("default: y <= d", "default: y <= y * d")
    found = verdict(tmp_path, STATES, gate)
    assert found.verdict.status is Status.PROVED, found
    assert "1 words that never hold some values" in found.method


@pytest.mark.needs("yosys", "abc", "icarus")
@pytest.mark.usefixtures("unhurried")
def test_a_state_that_is_reached_must_not_differ(tmp_path: Path) -> None:
    rare = STATES.replace("2: state <= 4;", "2: state <= d == 77 ? 5 : 4;")
    gate = rare.replace("default: y <= d", "default: y <= y * d")
    assert verdict(tmp_path, rare, gate).verdict.status is Status.REFUTED


@pytest.mark.needs("yosys")
@pytest.mark.usefixtures("unhurried")
def test_a_register_that_another_makes_superfluous_may_be_initialised(tmp_path: Path) -> None:
    gold = """module m(input clk, rst, input [7:0] d, output reg [7:0] y, output z);
    reg [2:0] next = 0, done = 0; reg [7:0] memory [0:7]; reg old;
    assign z = rst ? 1'bx : old;
    always @(posedge clk) begin
      memory[next] <= d; y <= memory[done]; old <= d[0];
      if (d[0]) begin next <= next + 1; done <= next + 1; end
      if (rst) begin next <= 0; done <= 0; end
    end endmodule"""
    gate = gold.replace("next = 0, ", "").replace("next <= next + 1; ", "")
    gate = gate.replace("next <= 0; ", "").replace("next", "done")
    found = verdict(tmp_path, gold, gate)
    assert found.verdict.status is Status.PROVED, found
    assert "3 bits of gold left out" in found.method
