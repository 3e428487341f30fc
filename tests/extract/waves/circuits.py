"""Small designs twice: as Verilog, and as a `Netlist` built by hand, word by word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from extract.netlist import Init, Netlist, Op, Word

Bus = list[int]  # literals, least significant first


@dataclass
class Builder:
    """Inputs first, then registers, then gates."""

    inputs: list[Word] = field(default_factory=list)
    registers: list[Word] = field(default_factory=list)
    init: list[int] = field(default_factory=list)
    gates: list[tuple[int, int, int, int]] = field(default_factory=list)
    following: dict[int, int] = field(default_factory=dict)
    count: int = 1

    def _fresh(self, width: int) -> Bus:
        self.count += width
        return [2 * n for n in range(self.count - width, self.count)]

    def input(self, name: str, width: int = 1) -> Bus:
        bus = self._fresh(width)
        self.inputs.append(Word(name, np.array(bus, np.int32)))
        return bus

    def register(self, name: str, width: int, init: int | None) -> Bus:
        bus = self._fresh(width)
        self.registers.append(Word(name, np.array(bus, np.int32)))
        self.init += [int(Init.ANY) if init is None else init >> k & 1 for k in range(width)]
        return bus

    def gate(self, op: Op, a: int, b: int, c: int = 0) -> int:
        self.gates.append((op, a, b, c))
        return self._fresh(1)[0]

    def mux(self, choice: int, yes: Bus, no: Bus) -> Bus:
        return [self.gate(Op.MUX, choice, y, n) for y, n in zip(yes, no, strict=True)]

    def xor(self, a: Bus, b: Bus) -> Bus:
        return [self.gate(Op.XOR, x, y) for x, y in zip(a, b, strict=True)]

    def both(self, a: int, b: int) -> int:
        return self.gate(Op.AND, a, b)

    def equal(self, a: Bus, number: int) -> int:
        result = 1
        for k, x in enumerate(a):
            result = self.both(result, x if number >> k & 1 else x ^ 1)
        return result

    def add(self, a: Bus, b: Bus) -> Bus:
        carry, total = 0, []
        for x, y in zip(a, b, strict=True):
            half = self.gate(Op.XOR, x, y)
            total.append(self.gate(Op.XOR, half, carry))
            carry = self.both(self.both(x, y) ^ 1, self.both(half, carry) ^ 1) ^ 1
        return total

    def connect(self, register: Bus, following: Bus) -> None:
        self.following.update(zip(register, following, strict=True))

    def netlist(self, top: str, outputs: dict[str, Bus]) -> Netlist:
        columns = np.array(self.gates, np.int32).reshape(-1, 4).T
        inputs = sum(w.width for w in self.inputs)
        latches = len(self.init)
        net = Netlist(
            top, inputs, columns[0].astype(np.uint8), columns[1], columns[2], columns[3],
            np.array([self.following[2 * (1 + inputs + k)] for k in range(latches)], np.int32),
            np.array(self.init, np.uint8), tuple(self.inputs),
            tuple(Word(name, np.array(bus, np.int32)) for name, bus in outputs.items()),
            tuple(self.registers),
        )  # fmt: skip
        net.validate()
        return net


def constant(value: int, width: int) -> Bus:
    return [value >> k & 1 for k in range(width)]


COUNTER = """
module counter (input clk, input rst, input en, output reg [7:0] count, output wrap);
  assign wrap = en & (count == 8'hff);
  always @(posedge clk)
    if (rst) count <= #1 8'd254; else if (en) count <= #1 count + 8'd1;
endmodule
"""


def counter() -> Netlist:
    """With synchronous reset, and delays; the first value is open."""
    b = Builder()
    rst, en = b.input("rst"), b.input("en")
    count = b.register("count", 8, None)
    more = b.mux(en[0], b.add(count, constant(1, 8)), count)
    b.connect(count, b.mux(rst[0], constant(254, 8), more))
    return b.netlist("counter", {"count": count, "wrap": [b.both(en[0], b.equal(count, 255))]})


FSM = """
module fsm (input clk, input go, input stop, output busy, output done);
  localparam IDLE = 2'd0, RUN = 2'd1, END = 2'd2;
  reg [1:0] state = IDLE;
  assign busy = state == RUN;
  assign done = state == END;
  always @(negedge clk) case (state)
    IDLE: if (go) state <= RUN;
    RUN: if (stop) state <= END;
    default: state <= IDLE;
  endcase
endmodule
"""


def fsm() -> Netlist:
    """At the falling edge; the first state is given."""
    b = Builder()
    go, stop = b.input("go"), b.input("stop")
    state = b.register("state", 2, 0)
    idle, run = b.equal(state, 0), b.equal(state, 1)
    from_idle = b.mux(go[0], constant(1, 2), constant(0, 2))
    from_run = b.mux(stop[0], constant(2, 2), constant(1, 2))
    b.connect(state, b.mux(idle, from_idle, b.mux(run, from_run, constant(0, 2))))
    return b.netlist("fsm", {"busy": [run], "done": [b.equal(state, 2)]})


MEMORY = """
module memory (input clk, input we, input [1:0] addr, input [4:0] \\d[in] , output [4:0] q);
  store u (.clk(clk), .we(we), .addr(addr), .d(\\d[in] ), .q(q));
endmodule
module store (input clk, input we, input [1:0] addr, input [4:0] d, output reg [4:0] q);
  reg [4:0] mem [0:3];
  always @(posedge clk) begin
    q <= mem[addr];
    if (we) mem[addr] <= d;
  end
endmodule
"""


def memory() -> Netlist:
    """Four words that nothing sets, in an instance; reads give the old value a cycle later."""
    b = Builder()
    we, addr, d = b.input("we"), b.input("addr", 2), b.input("d[in]", 5)
    words = [b.register(f"u.mem[{k}]", 5, None) for k in range(4)]
    q = b.register("u.q", 5, None)
    at = [b.equal(addr, k) for k in range(4)]
    found = words[0]
    for k in (1, 2, 3):
        found = b.mux(at[k], words[k], found)
    b.connect(q, found)
    for k in range(4):
        b.connect(words[k], b.mux(b.both(we[0], at[k]), d, words[k]))
    return b.netlist("memory", {"q": q})


RESET = """
module areset (input clk, input {name}, input [2:0] d, output reg [2:0] q = 3'd{first});
  always @(posedge clk or {edge} {name})
    if ({active}) q <= 3'd5; else q <= d;
endmodule
"""


def areset(name: str, *, low: bool, first: int) -> Netlist:
    """Asynchronous reset: what is seen is the reset value while it is active."""
    b = Builder()
    rst, d = b.input(name), b.input("d", 3)
    state = b.register("$state", 3, first)
    q = b.mux(rst[0] ^ low, constant(5, 3), state)
    b.connect(state, b.mux(rst[0] ^ low, constant(5, 3), d))
    return b.netlist("areset", {"q": q})


def verilog(net: Netlist) -> str:
    """Any netlist as Verilog, a gate a line; latches are ``l0``, ``l1``, … as bits of words."""

    def at(literal: int) -> str:
        return ("~" if literal % 2 else "") + (f"n[{literal // 2}]" if literal > 1 else "1'b0")

    def drive(words: Sequence[Word]) -> list[str]:
        return [
            f"  assign n[{x // 2}] = {w.name}[{k}];"
            for w in words
            for k, x in enumerate(w.literals.tolist())
        ]

    forms: dict[Op, Callable[[int, int, int], str]] = {
        Op.AND: lambda a, b, _: f"{at(a)} & {at(b)}",
        Op.XOR: lambda a, b, _: f"{at(a)} ^ {at(b)}",
        Op.MUX: lambda a, b, c: f"{at(a)} ? {at(b)} : {at(c)}",
    }
    ports = [f"input [{w.width - 1}:0] {w.name}" for w in net.inputs]
    ports += [f"output [{w.width - 1}:0] {w.name}" for w in net.outputs]
    latches = range(net.latch_count)
    lines = [f"module {net.top} (input clk, {', '.join(ports)});"]
    lines += [f"  wire [{net.node_count - 1}:0] n;", *drive(net.inputs)]
    for k in latches:
        first = f" = 1'b{net.init[k]}" if net.init[k] != Init.ANY else ""
        lines += [f"  reg l{k}{first};", f"  assign n[{net.first_latch + k}] = l{k};"]
        lines += [f"  always @(posedge clk) l{k} <= {at(int(net.next[k]))};"]
    for g, (op, a, b, c) in enumerate(zip(net.op, net.a, net.b, net.c, strict=True)):
        lines += [f"  assign n[{net.first_gate + g}] = {forms[Op(op)](int(a), int(b), int(c))};"]
    for w in net.outputs:
        lines += [f"  assign {w.name}[{k}] = {at(x)};" for k, x in enumerate(w.literals.tolist())]
    return "\n".join([*lines, "endmodule", ""])
