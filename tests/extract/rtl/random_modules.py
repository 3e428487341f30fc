"""Random Verilog modules: operators, registers of several kinds, cases, memories, instances."""

from __future__ import annotations

import random

INPUTS = {"rst": 1, "a": 5, "b": 8, "s": 3, "en": 1}


class Writer:
    """Writes one module with inputs `INPUTS`; ``outputs`` says their widths."""

    def __init__(self, rng: random.Random, name: str) -> None:
        self.rng = rng
        self.name = name
        self.outputs: dict[str, int] = {}
        self.known = {name: width for name, width in INPUTS.items() if name != "rst"}
        self.lines: list[str] = []

    def leaf(self) -> str:
        name = self.rng.choice(list(self.known))
        width = self.known[name]
        kind = self.rng.randrange(6)
        if kind == 0:
            w = self.rng.randint(1, 9)
            return f"{w}'d{self.rng.randrange(1 << w)}"
        if kind == 1:
            low = self.rng.randrange(width)
            return f"{name}[{self.rng.randint(low, width - 1)}:{low}]" if width > 1 else name
        if kind == 2:
            return f"$signed({name})"
        return name

    def expression(self, depth: int) -> str:
        if depth == 0:
            return self.leaf()
        left, right = self.expression(depth - 1), self.expression(self.rng.randrange(depth))
        kind = self.rng.randrange(9)
        if kind == 0:
            return f"({self.expression(depth - 1)} ? {left} : {right})"
        if kind == 1:
            return f"{{{self.leaf()}, {right}}}"
        if kind == 2:
            return f"({self.rng.choice(['~', '-', '!', '&', '|', '^', '~^'])} {left})"
        if kind == 3:
            return f"({left} {self.rng.choice(['<<', '>>', '<<<', '>>>'])} {self.leaf()})"
        if kind == 4:
            return f"({left} {self.rng.choice(['/', '%'])} ({right} | 1'b1))"
        operators = ["+", "-", "*", "&", "|", "^", "~^", "==", "!=", "<", "<=", ">", ">=", "&&"]
        return f"({left} {self.rng.choice(operators)} {right})"

    def wire(self, k: int) -> None:
        width = self.rng.randint(1, 10)
        self.lines.append(f"  wire [{width - 1}:0] w{k} = {self.expression(3)};")
        self.known[f"w{k}"] = width

    def register(self, k: int) -> None:
        width, name = self.rng.randint(1, 10), f"r{k}"
        zero = self.rng.randrange(1 << width)
        self.known[name] = width
        event = "posedge clk" + self.rng.choice(["", " or posedge rst"])
        step = f"{name} <= {self.expression(2)};"
        if self.rng.randrange(2):
            step = f"if ({self.leaf()}) {step}"
        if self.rng.randrange(3) == 0:
            arms = " ".join(f"{v}: {name} <= {self.expression(2)};" for v in (0, 3, 5))
            step = f"case (s) {arms} default: {name} <= {self.leaf()}; endcase"
        self.lines.append(
            f"  reg [{width - 1}:0] {name};\n"
            f"  always @({event}) if (rst) {name} <= {zero}; else {step}"
        )

    def memory(self, k: int) -> None:
        width, name = self.rng.randint(1, 6), f"m{k}"
        at = self.rng.choice(["s", "a[2:0]", "b[6:4]"])
        self.lines.append(
            f"  reg [{width - 1}:0] {name} [0:7];\n"
            + "".join(
                f"  initial {name}[{i}] = {self.rng.randrange(1 << width)};\n" for i in range(8)
            )
            + f"  always @(posedge clk) if (en) {name}[s] <= {self.expression(1)};\n"
            f"  wire [{width - 1}:0] {name}q = {name}[{at}];"
        )
        self.known[f"{name}q"] = width

    def text(self) -> str:
        for k in range(self.rng.randint(3, 7)):
            self.rng.choice([self.wire, self.register, self.register, self.memory])(k)
        # Indices that may lie outside: x there in simulation, which must not feed anything else.
        source = self.rng.choice(list(self.known))
        loose = f"{source}[a]" if self.known[source] > 1 else f"b[{source} +: 3]"
        shown = {name: w for name, w in self.known.items() if name not in INPUTS}
        self.outputs = {f"o_{name}": width for name, width in shown.items()} | {"o_loose": 3}
        ports = [f"input [{w - 1}:0] {n}" for n, w in INPUTS.items()]
        ports += [f"output [{w - 1}:0] {n}" for n, w in self.outputs.items()]
        body = [
            *self.lines,
            *(f"  assign o_{n} = {n};" for n in shown),
            f"  assign o_loose = {loose};",
        ]
        head = f"module {self.name}(input clk, {', '.join(ports)});"
        return "\n".join([head, *body, "endmodule\n"])


def design(seed: int, modules: int) -> tuple[str, dict[str, int]]:
    """A top with this many random modules; the widths of its outputs."""
    rng = random.Random(seed)  # noqa: S311 - no secrets here
    text = ""
    outputs: dict[str, int] = {}
    instances = []
    for k in range(modules):
        writer = Writer(rng, f"part{k}")
        text += writer.text()
        outputs |= {f"u{k}_{name}": width for name, width in writer.outputs.items()}
        pins = ["clk", *INPUTS]
        pins_text = [f".{p}({p})" for p in pins] + [f".{n}(u{k}_{n})" for n in writer.outputs]
        instances.append(f"  part{k} u{k}({', '.join(pins_text)});")
    ports = [f"input [{w - 1}:0] {n}" for n, w in INPUTS.items()]
    ports += [f"output [{w - 1}:0] {n}" for n, w in outputs.items()]
    head = f"module top(input clk, {', '.join(ports)});"
    return text + "\n".join([head, *instances, "endmodule\n"]), outputs


def bench(outputs: dict[str, int], steps: list[dict[str, int]]) -> str:
    """A test bench that prints the outputs, in binary, just before each edge of the clock."""
    lines = ["`timescale 1ns/1ns", "module bench;", "  reg clk = 0;"]
    lines += [f"  reg [{w - 1}:0] {n};" for n, w in INPUTS.items()]
    lines += [f"  wire [{w - 1}:0] {n};" for n, w in outputs.items()]
    pins = ", ".join(f".{n}({n})" for n in ("clk", *INPUTS, *outputs))
    lines += [f"  top dut({pins});", "  initial begin"]
    formats, names = " ".join(["%b"] * len(outputs)), ", ".join(outputs)
    for step in steps:
        sets = " ".join(f"{name} = {value};" for name, value in step.items())
        lines.append(f'    {sets} #4 $display("{formats}", {names}); #1 clk = 1; #5 clk = 0;')
    return "\n".join([*lines, "  end", "endmodule", ""])
