"""A self-checking testbench in Verilog, made from a `Trace`.

One cycle takes ten microseconds, far more than the delays that designs contain, and ends with the
active edge of the clock. Inputs change one microsecond after that edge, outputs are read one before
the next. Before cycle 0 the registers that the design leaves open get the values of the trace, and
only then the inputs theirs: an asynchronous reset that is active in cycle 0 acts on them.

Each cycle prints a line ``@verify CYCLE BITS…`` with the outputs in binary, the last line is
``@verify end``; see `read_output`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from extract.netlist import Netlist, Word
from extract.trace import Trace, initial_words
from extract.waves.names import UnwritableError, fresh, identifier, path

MODULE: Final = "verify_testbench"
_MARK: Final = "@verify"
_SET: Final = re.compile(r"    (?:verify_)?dut_*\.([^\s\[]\S*?)(?:\[\d+:\d+\])? = ")
# Numbers, names of constants and strings: nothing that could close the list of parameters.
_VALUE: Final = re.compile(r"-?[\w'?]+(::\w+)?|-?\d+\.\d+|\"[^\"\\\n`]*\"")


class TestbenchError(ValueError):
    """No testbench can be made, or its output is not what it prints."""

    __test__ = False  # for pytest: no test


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock port, and the edge at which registers take their values."""

    name: str
    edge: Literal["posedge", "negedge"] = "posedge"


@dataclass(frozen=True, slots=True)
class Testbench:
    """``text`` in SystemVerilog, whose module is `MODULE`.

    ``outputs`` are the names printed, in this order. ``unset`` names what the trace gives a value
    but a testbench cannot: registers without a name in the source, bits that stand for an ``x``.
    ``nonzero`` names the registers that it sets to another value than 0, which Verilator can't be
    told: there, all that the design leaves open begins at 0.
    """

    __test__ = False

    text: str
    outputs: tuple[str, ...]
    unset: tuple[str, ...] = ()
    nonzero: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interface:
    """How the design is instantiated: module, clock, and parameters as Verilog expressions."""

    top: str
    clock: Clock | None = None
    parameters: Mapping[str, str | int] = field(default_factory=dict)


def make_testbench(
    net: Netlist, trace: Trace, interface: Interface, *, leave: Collection[str] = ()
) -> Testbench:
    """A testbench that drives ``trace`` and expects of the outputs what ``net`` computes.

    Registers named in ``leave`` are not set; they count as ``unset``.

    Raises `TestbenchError` for names that Verilog cannot hold.
    """
    outputs = net.outputs
    expected = trace.words(net, outputs)
    try:
        return _Writer(net, trace, interface, leave).bench(outputs, expected)
    except UnwritableError as e:
        raise TestbenchError(f"no testbench for {net.top}: Verilog text can't hold {e}") from None


def read_output(text: str, bench: Testbench, cycles: int) -> list[list[str]]:
    """Of each cycle the outputs, in binary with ``x`` and ``z``, from what a simulator printed.

    Raises `TestbenchError` if a cycle is missing: the design may have ended the simulation.
    """
    rows = [found.split() for found in re.findall(rf"{_MARK} (.*)", text)]
    for t in range(cycles):
        if t >= len(rows) or rows[t][:1] != [str(t)] or len(rows[t]) != 1 + len(bench.outputs):
            raise TestbenchError(f"the simulation ended, or printed nonsense, in cycle {t}")
    if rows[cycles:] != [["end"]]:
        raise TestbenchError("the simulation did not end as the testbench does")
    return [row[1:] for row in rows[:cycles]]


def rejected(text: str, said: str) -> set[str]:
    """The registers that a simulator would not have set, by the lines of ``text`` it names.

    A register's name may be that of a wire that shows it, such as an output port of a module.
    """
    lines = text.splitlines()
    numbers = {int(n) for n in re.findall(rf"{MODULE}\.sv:(\d+):", said)}
    found = [_SET.match(lines[n - 1]) for n in numbers if 0 < n <= len(lines)]
    return {match[1] for match in found if match}


def number(value: int, width: int) -> str:
    """A number of ``width`` bits as Verilog writes it."""
    return f"{width}'h{value:x}"


def parameter_list(parameters: Mapping[str, str | int]) -> str:
    """Parameters of an instance as Verilog text, empty if there are none.

    Raises `UnwritableError`.
    """
    for name, value in parameters.items():
        if not _VALUE.fullmatch(str(value)):
            raise UnwritableError(f"the value {value!r} of {name}")
    text = ", ".join(f".{identifier(name)}({value})" for name, value in parameters.items())
    return f"#({text}) " if text else ""


def _range(width: int) -> str:
    return f"[{width - 1}:0] " if width > 1 else ""


class _Writer:
    """Writes one testbench."""

    def __init__(
        self, net: Netlist, trace: Trace, interface: Interface, leave: Collection[str]
    ) -> None:
        self._interface = interface
        clock = interface.clock
        self._clock = clock
        self._inputs = [w for w in net.inputs if clock is None or w.name != clock.name]
        self._driven = trace.words(net, self._inputs)
        self._cycles = trace.cycles
        taken = {w.name for w in (*net.inputs, *net.outputs)} | ({clock.name} if clock else set())
        self._dut, self._errors, self._unknown = (
            fresh(name, taken) for name in ("dut", "errors", "unknown")
        )
        named, nameless = initial_words(net, trace)
        self._registers, self._widths, unnamed = {}, {}, []
        for w, value in named:
            place = path(w.name)
            if place is None or w.name in leave:
                unnamed.append(w.name)
            else:
                self._registers[place], self._widths[place] = value, w.width
        latches = [f"{len(nameless)} registers without a name"] if nameless else []
        self._unset = (*unnamed, *latches, *(w.name for w in net.free))

    def bench(self, outputs: Sequence[Word], expected: Sequence[Sequence[int]]) -> Testbench:
        text = "\n".join([*self._head(outputs), *self._body(outputs, expected), ""])
        nonzero = tuple(name for name, value in self._registers.items() if value)
        return Testbench(text, tuple(w.name for w in outputs), self._unset, nonzero)

    def _head(self, outputs: Sequence[Word]) -> Iterator[str]:
        top, cycles = self._interface.top, self._cycles
        yield f"// Drives {top} through {cycles} cycles and checks its outputs."
        yield "`timescale 1us/1ps"
        yield f"module {MODULE};"
        if self._clock:
            yield f"  reg {identifier(self._clock.name)};"
        for w, values in zip(self._inputs, self._driven, strict=True):
            if w.width == 1 and values:
                yield from _two_valued(w.name, values[0])
            else:
                yield f"  reg {_range(w.width)}{identifier(w.name)};"
        for w in outputs:
            yield f"  wire {_range(w.width)}{identifier(w.name)};"
        yield f"  integer {self._errors} = 0, {self._unknown} = 0;"
        yield from self._instance(outputs)

    def _instance(self, outputs: Sequence[Word]) -> Iterator[str]:
        names = [self._clock.name] if self._clock else []
        names += [w.name for w in (*self._inputs, *outputs)]
        ports = ", ".join(f".{identifier(name)}({identifier(name)})" for name in names)
        generic = parameter_list(self._interface.parameters)
        yield f"  {identifier(self._interface.top)} {generic}{self._dut} ({ports});"

    def _body(self, outputs: Sequence[Word], expected: Sequence[Sequence[int]]) -> Iterator[str]:
        """Cycle t ends at time 10 (t + 1), which is when the active edge of the next is."""
        yield "  initial begin"
        yield from self._level(active=False)
        yield "    #1;"
        yield from self._set_registers()
        last: list[int | None] = [None] * len(self._inputs)
        for t in range(self._cycles):
            if t:
                yield "    #1;"
                yield from self._level(active=True)
            yield f"    #1;  // cycle {t}"
            for k, w in enumerate(self._inputs):
                value = self._driven[k][t]
                if value != last[k]:
                    yield f"    {identifier(w.name)} = {number(value, w.width)};"
                    last[k] = value
            yield "    #3;" if t == 0 else "    #4;"
            yield from self._level(active=False)
            yield "    #4;"
            yield from self._read(t, outputs, expected)
        yield from self._end()

    def _set_registers(self) -> Iterator[str]:
        """Not in Verilator: 5.006 loses later changes of a register that is set from here."""
        if self._registers:
            yield "`ifndef VERILATOR"
            for register, value in self._registers.items():
                yield f"    {self._dut}.{register} = {number(value, self._widths[register])};"
            yield "`endif"

    def _level(self, *, active: bool) -> Iterator[str]:
        """The clock's level just after its active edge, or the other."""
        if self._clock:
            level = active == (self._clock.edge == "posedge")
            yield f"    {identifier(self._clock.name)} = 1'b{int(level)};"

    def _read(
        self, t: int, outputs: Sequence[Word], expected: Sequence[Sequence[int]]
    ) -> Iterator[str]:
        form = " %b" * len(outputs)
        names = "".join(f", {identifier(w.name)}" for w in outputs)
        yield f'    $display("{_MARK} {t}{form}"{names});'
        for w, values in zip(outputs, expected, strict=True):
            shown, name, label = number(values[t], w.width), identifier(w.name), _quoted(w.name)
            yield f"    if ({name} !== {shown}) begin"
            yield f"      if (^{name} === 1'bx) {self._unknown} = {self._unknown} + 1;"
            yield f"      else {self._errors} = {self._errors} + 1;"
            yield f'      $display("cycle {t}: {label} is %h, expected %h", {name}, {shown});'
            yield "    end"

    def _end(self) -> Iterator[str]:
        errors, unknown = self._errors, self._unknown
        yield f'    if ({errors} != 0) $display("FAIL: %0d outputs differ", {errors});'
        yield f'    else if ({unknown} != 0) $display("UNKNOWN: %0d outputs", {unknown});'
        yield '    else $display("PASS");'
        yield f'    $display("{_MARK} end");'
        yield "    $finish;"
        yield "  end"
        yield "endmodule"


def _two_valued(name: str, first: int) -> Iterator[str]:
    """So that a reset that is active in cycle 0 makes an edge where there is no ``x``, too."""
    yield "`ifdef VERILATOR"
    yield f"  reg {identifier(name)} = 1'b{1 - first};"
    yield "`else"
    yield f"  reg {identifier(name)};"
    yield "`endif"


def _quoted(name: str) -> str:
    """A name inside a format string."""
    return name.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
