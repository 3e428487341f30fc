"""A `Netlist` as one flat Verilog module with the ports of the design.

It is meant for a simulator that runs a testbench of the design on a changed circuit: a wire for
each gate, which is what Icarus simulates best, and a register for each register that has a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal, TypeAlias

import numpy as np

from extract.netlist import Init, Literals, Netlist, Op, Word
from extract.waves.names import UnwritableError, fresh, identifier
from extract.waves.testbench import Clock

Start: TypeAlias = Literal["x", "0", "1"]

_FORMS: Final = {Op.AND: "{} & {}", Op.XOR: "{} ^ {}", Op.MUX: "{} ? {} : {}"}


class VerilogError(ValueError):
    """A circuit that cannot be written; the message says why."""


def write_verilog(
    net: Netlist,
    clock: Clock | None = None,
    *,
    start: Start = "x",
    parameters: Mapping[str, str | int] | None = None,
) -> str:
    """The module ``net.top``.

    ``clock`` is the port that is no input of ``net``; all registers step with it. Ports come in
    the order clock, inputs, outputs. Inputs that no port drives, and registers without an initial
    value, are ``start``. ``parameters`` are those that the circuit was made with: the module has
    them, and prints a line that begins with ``FAIL`` if an instance gives them other values.

    Raises `VerilogError` for latches without a clock, and names that Verilog cannot hold.
    """
    if net.latch_count and clock is None:
        raise VerilogError(f"{net.top} has registers, but no clock")
    try:
        return "\n".join([*_Writer(net, clock, start).lines(parameters or {}), ""])
    except UnwritableError as e:
        raise VerilogError(f"{net.top}: Verilog text can't hold {e}") from None


def _range(word: Word) -> str:
    return f"[{word.lsb + word.width - 1}:{word.lsb}] " if word.width > 1 or word.lsb else ""


def _bits(word: Word) -> list[str]:
    """Each bit of a word, as an expression."""
    name = identifier(word.name)
    if not _range(word):
        return [name]
    return [f"{name}[{word.lsb + k}]" for k in range(word.width)]


class _Writer:
    def __init__(self, net: Netlist, clock: Clock | None, start: Start) -> None:
        self.net, self.clock, self.start = net, clock, start
        self.taken = {w.name for w in (*net.inputs, *net.outputs)}
        self.taken |= {clock.name} if clock else set()
        self.registers = self._registers()
        prefix = "n"
        while any(name.startswith(prefix) for name in self.taken):
            prefix += "_"
        self.nodes = ["1'b0", *[""] * (net.first_gate - 1)]
        self.nodes += [f"{prefix}{k}" for k in range(net.first_gate, net.node_count)]
        for word in (*net.inputs, *self.registers):
            for literal, text in zip(word.literals.tolist(), _bits(word), strict=True):
                self.nodes[literal >> 1] = text
        for w in net.free:
            for literal in w.literals.tolist():
                self.nodes[literal >> 1] = f"1'b{start}"

    def _registers(self) -> list[Word]:
        """A word for each latch: the design's own where it names plain latches, each once."""
        net = self.net
        rest = set(range(net.first_latch, net.first_gate))
        words = []
        for w in net.registers:
            nodes = set((w.literals >> 1).tolist())
            if len(nodes) == w.width and not (w.literals & 1).any() and nodes <= rest:
                rest -= nodes
                words.append(Word(self._own(w.name), w.literals, w.lsb))
        for node in sorted(rest):
            literals = np.array([2 * node], np.int32)
            words.append(Word(self._own(f"latch{node - net.first_latch}"), literals))
        return words

    def _own(self, name: str) -> str:
        found = fresh(name, self.taken)
        self.taken.add(found)
        return found

    def lines(self, parameters: Mapping[str, str | int]) -> Iterator[str]:
        """The text, line by line."""
        net = self.net
        listed = ", ".join(f"{identifier(n)} = {v}" for n, v in parameters.items())
        ports = [f"  input {identifier(self.clock.name)}"] if self.clock else []
        ports += [f"  input {_range(w)}{identifier(w.name)}" for w in net.inputs]
        ports += [f"  output {_range(w)}{identifier(w.name)}" for w in net.outputs]
        generic = f" #(parameter {listed})" if listed else ""
        yield f"module {identifier(net.top)}{generic} ("
        yield ",\n".join(ports)
        yield ");"
        for name, value in parameters.items():
            yield (
                f"  initial if ({identifier(name)} != {value}) "
                f'$display("FAIL: the circuit was made with another {name} than %0d", '
                f"{identifier(name)});"
            )
        for w in self.registers:
            yield f"  reg {_range(w)}{identifier(w.name)} = {self._initial(w)};"
        yield from self._gates()
        for w in net.outputs:
            yield f"  assign {identifier(w.name)} = {self._joined(w.literals)};"
        if self.clock and self.registers:
            yield f"  always @({self.clock.edge} {identifier(self.clock.name)}) begin"
            for w in self.registers:
                following = net.next[(w.literals >> 1) - net.first_latch]
                yield f"    {identifier(w.name)} <= {self._joined(following)};"
            yield "  end"
        yield "endmodule"

    def _gates(self) -> Iterator[str]:
        net = self.net
        rows = zip(net.op.tolist(), net.a.tolist(), net.b.tolist(), net.c.tolist(), strict=True)
        names = self.nodes[net.first_gate :]
        for name, (op, *operands) in zip(names, rows, strict=True):
            yield f"  wire {name} = {_FORMS[Op(op)].format(*map(self._text, operands))};"

    def _text(self, literal: int) -> str:
        return f"{'~' if literal & 1 else ''}{self.nodes[literal >> 1]}"

    def _joined(self, literals: Literals) -> str:
        """A word of these bits, least significant first."""
        return f"{{{', '.join(self._text(x) for x in literals[::-1].tolist())}}}"

    def _initial(self, word: Word) -> str:
        net = self.net
        bits = net.init[(word.literals >> 1) - net.first_latch][::-1].tolist()
        shown = {Init.ZERO: "0", Init.ONE: "1", Init.ANY: self.start}
        return f"{word.width}'b{''.join(shown[Init(b)] for b in bits)}"
