"""The testbench in which the sources of a core do a run again: one text for all runs.

What differs between runs is read from two files: ``+start`` names one with the values that
registers begin with, ``+pins`` one with what the inputs get, a line for each of ``+cycles``
cycles. Reset is held as the core's file says, then registers are set, by their names in the
sources, then the cycles begin: inputs change a microsecond after the active edge of the clock, and
the signals are printed before the next one, as `extract.waves.testbench` does it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from designs.cores.core_file import CoreFile, Reset
from designs.cores.model import CoreModel
from extract.netlist import Init, Netlist, Word
from extract.trace import Bits
from extract.waves.names import identifier, path
from extract.waves.testbench import MODULE, Testbench, TestbenchError, parameter_list

MOST: Final = 4096
"""Cycles of a run."""
_RANGE: Final = re.compile(r"\[\d+:\d+\]$")
_OURS: Final = ("bus.", "track.")
"""Before the names of registers that the model adds to the core."""


@dataclass(frozen=True, slots=True)
class Place:
    """A register, or a part of one, that begins with a value of the run.

    ``name`` is its hierarchical name without a range of bits. ``whole``: it is all of the register,
    from bit 0 on. ``packed``: an array whose elements lie side by side.
    """

    name: str
    word: Word
    whole: bool
    packed: bool


@dataclass(frozen=True, slots=True)
class Bench:
    """A testbench; ``places`` it sets, in this order, ``unset`` names what it cannot set."""

    bench: Testbench
    places: tuple[Place, ...]

    @property
    def unset(self) -> tuple[str, ...]:
        """Names of registers that begin otherwise than in the run."""
        return self.bench.unset

    def start(self, net: Netlist, state: Bits) -> str:
        """The text of the file that ``+start`` names: all values in one line, the last first."""
        nodes = np.zeros(net.first_gate, np.uint8)
        nodes[net.first_latch :] = state
        every = [nodes[p.word.literals >> 1] ^ (p.word.literals & 1) for p in self.places]
        return bits_text(np.concatenate([np.zeros(1, np.uint8), *every]))


def bits_text(bits: Bits | Sequence[int]) -> str:
    """Bits, least significant first, as Verilog writes a number in binary."""
    return "".join(str(int(b)) for b in reversed(bits)) + "\n"


def make_bench(core: CoreModel, leave: frozenset[str] = frozenset()) -> Bench:
    """The testbench of a core; registers named in ``leave`` are not set.

    Raises `TestbenchError` or `extract.waves.names.UnwritableError` for what Verilog cannot hold.
    """
    reset = core.core.reset
    if reset is None:
        raise TestbenchError(f"{core.name} has no reset")
    places, unset = _places(core, leave)
    names = tuple(core.probes)
    strange = [name for name in names if path(name) is None]
    if strange:
        raise TestbenchError(f"no testbench can read {', '.join(strange)} of {core.name}")
    text = "\n".join([*_text(core.core, reset, core.pins, names, places), ""])
    return Bench(Testbench(text, names, unset), places)


def _places(core: CoreModel, leave: frozenset[str]) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    """What is to be set: all that reset leaves open, and what a run may begin with besides."""
    found, unset = [], []
    done = np.zeros(core.netlist.node_count, np.bool_)
    wanted = _wanted(core)
    for w in _named(core, wanted):
        place = _place(core.core, w)
        if path(place.name) is not None and place.name not in leave:
            found.append(place)
            done[w.literals >> 1] = True
    left = wanted & ~done
    for w in core.netlist.registers:
        if left[w.literals >> 1].any():
            unset.append(w.name)
            left[w.literals >> 1] = False
    if left.any():
        unset.append(f"{int(left.sum())} bits of registers without a name")
    return tuple(found), tuple(unset)


def _wanted(core: CoreModel) -> npt.NDArray[np.bool_]:
    """The nodes of latches of the core that a run may begin with any value of."""
    net = core.netlist
    found = np.zeros(net.node_count, np.bool_)
    found[net.first_latch : net.first_gate] = net.init == Init.ANY
    if core.core.reset is not None and core.core.reset.settle:
        # What a core does while it settles hangs on inputs that are not those of the run.
        found[net.first_latch : net.first_gate] = True
    for w in core.register_file:
        found[w.literals >> 1] = True
    for w in net.registers:
        if w.name in core.core.initial:
            found[w.literals >> 1] = True
    for w in net.registers:
        if w.name.startswith(_OURS):
            found[w.literals >> 1] = False
    found[: net.first_latch] = found[net.first_gate :] = False
    return found


def _named(core: CoreModel, wanted: npt.NDArray[np.bool_]) -> Iterator[Word]:
    """Words of the sources that lie in such latches.

    A register may be known by the name of a wire that shows it, which setting does not change: a
    signal that the core's file speaks of may be the register itself.
    """
    net = core.netlist
    probes = [replace(w, name=name) for name, w in core.probes.items()]
    for w in (*net.registers, *probes):
        node = w.literals >> 1
        latch = (node >= net.first_latch) & (node < net.first_gate)
        if wanted[node].any() and (latch | (node == 0)).all() and not w.name.startswith(_OURS):
            yield w


def _place(core: CoreFile, w: Word) -> Place:
    name = _RANGE.sub("", w.name)
    # A range of bits of an array with two dimensions can't be written as a range.
    array = core.registers.word.removesuffix("[{}]")
    return Place(name, w, w.lsb == 0, name == array)


def _text(
    core: CoreFile,
    reset: Reset,
    pins: Mapping[str, Word],
    names: Sequence[str],
    places: Sequence[Place],
) -> Iterator[str]:
    clock, port = identifier(core.clock), identifier(reset.port)
    width = sum(w.width for w in pins.values())
    size = 1 + sum(p.word.width for p in places)
    idle = 1 - reset.active
    yield "`timescale 1us/1ps"
    yield f"module {MODULE};"
    yield f"  reg {clock} = 1'b0, {port} = 1'b{idle};"
    yield f"  reg [{width - 1}:0] verify_pins [0:{MOST - 1}];"
    yield f"  reg [{size - 1}:0] verify_start [0:0];"
    yield f"  reg [{width - 1}:0] verify_now;"
    yield "  reg [8191:0] verify_file;"
    yield "  integer verify_t, verify_cycles;"
    yield from instance(core, reset, pins)
    yield "  initial begin"
    yield '    if (!$value$plusargs("cycles=%d", verify_cycles)) verify_cycles = 0;'
    yield '    if ($value$plusargs("start=%s", verify_file))'
    yield "      $readmemb(verify_file, verify_start);"
    yield '    if ($value$plusargs("pins=%s", verify_file))'
    yield "      $readmemb(verify_file, verify_pins, 0, verify_cycles - 1);"
    yield "    verify_now = verify_pins[0];"
    yield f"    #1; {port} = 1'b{reset.active};"
    yield f"    for (verify_t = 0; verify_t < {reset.cycles}; verify_t = verify_t + 1) begin"
    yield f"      #3; {clock} = 1'b0; #5; {clock} = 1'b1; #1;"
    yield "    end"
    yield f"    {port} = 1'b{idle};"
    yield f"    for (verify_t = 0; verify_t < {reset.settle}; verify_t = verify_t + 1) begin"
    yield f"      #3; {clock} = 1'b0; #5; {clock} = 1'b1; #1;"
    yield "    end"
    yield from _set(places)
    yield "    for (verify_t = 0; verify_t < verify_cycles; verify_t = verify_t + 1) begin"
    yield "      verify_now = verify_pins[verify_t];"
    yield f"      #3; {clock} = 1'b0; #4;"
    form, shown = " %b" * len(names), "".join(f", verify_dut.{name}" for name in names)
    yield f'      $display("@verify %0d{form}", verify_t{shown});'
    yield f"      #1; {clock} = 1'b1; #1;"
    yield "    end"
    yield '    $display("@verify end");'
    yield "    $finish;"
    yield "  end"
    yield "endmodule"


def instance(core: CoreFile, reset: Reset, pins: Mapping[str, Word]) -> Iterator[str]:
    """The core as ``verify_dut``, its inputs joined to the word ``verify_now``."""
    ports = [f".{identifier(n)}({identifier(n)})" for n in (core.clock, reset.port)]
    at = 0
    for name, w in pins.items():
        ports.append(f".{identifier(name)}(verify_now[{at + w.width - 1}:{at}])")
        at += w.width
    generic = parameter_list(core.sources.parameters)
    yield f"  {identifier(core.top)} {generic}verify_dut ({', '.join(ports)});"


def _set(places: Sequence[Place]) -> Iterator[str]:
    at = 1
    for p in places:
        w = p.word
        value = f"verify_start[0][{at + w.width - 1}:{at}]"
        place = f"verify_dut.{p.name}"
        if p.packed:
            mask = f"{{{w.width}{{1'b1}}}}"
            kept = f"{place} & ~({{{w.lsb + w.width}'b0, {mask}}} << {w.lsb})"
            yield f"    {place} = {kept} | {{{w.lsb + w.width}'b0, {value}}} << {w.lsb};"
        elif p.whole:
            yield f"    {place} = {value};"
        else:
            yield f"    {place}[{w.lsb + w.width - 1}:{w.lsb}] = {value};"
        at += w.width
