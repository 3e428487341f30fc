"""Runs a trace in the design's own sources, in Icarus and in Verilator: the outside witness.

A trace was found on a `Netlist`. Whether the design itself behaves so is for a simulator to say
that has read the source with a front end of its own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from extract.netlist import Netlist
from extract.rtl.design import Design
from extract.trace import Trace
from extract.waves.testbench import (
    MODULE,
    Clock,
    Interface,
    Testbench,
    TestbenchError,
    make_testbench,
    read_output,
    rejected,
)
from verify.core.process import CancelFlag, Limits, ToolMissing
from verify.engines.icarus import Icarus
from verify.engines.simulators import Job, SimulationFailed, VerilogSimulator
from verify.engines.verilator import Verilator

Origin: TypeAlias = Literal["source", "written"]
Outcome: TypeAlias = Literal["agrees", "differs", "unknown", "not run"]

SIMULATORS: Final[tuple[VerilogSimulator, ...]] = (Icarus(), Verilator())
_LIMITS: Final = Limits(seconds=120)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a simulator is given.

    ``parameters`` maps names to numbers, constants or quoted strings of Verilog, ``defines``
    macros to their text. ``origin``
    is ``source`` for the user's files, ``written`` for Verilog that a synthesis tool wrote from
    what it had read: a weaker witness, since it shares that tool's reading of the source.
    """

    files: tuple[Path, ...]
    top: str
    clock: Clock | None = None
    include_dirs: tuple[Path, ...] = ()
    defines: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str | int] = field(default_factory=dict)
    origin: Origin = "source"


def subject(design: Design) -> Subject:
    """The user's own sources of a design that was read.

    Raises `extract.rtl.errors.RtlError` if they are no longer there.
    """
    sources = design.sources.resolved()
    ticks = design.clock
    clock = Clock(ticks.port, "posedge" if ticks.rising else "negedge") if ticks else None
    # The front end finds an included file beside the one that includes it; simulators must be told.
    beside = (path.parent for path in sources.files)
    folders = tuple(dict.fromkeys((*sources.include_dirs, *beside)))
    return Subject(
        sources.files, design.netlist.top, clock, folders, sources.defines, sources.parameters
    )


@dataclass(frozen=True, slots=True)
class BitSeen:
    """A bit of an output: what the netlist predicts (0 or 1) and what was seen (also x, z)."""

    cycle: int
    output: str
    bit: int
    predicted: str
    seen: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What one simulator showed of one subject.

    ``problem`` says why there is no result, and is empty if there is one. ``outputs`` gives, for
    each output by name, its values in binary, one a cycle. ``differences`` are bits seen with
    the other value, ``unknown`` those seen as ``x`` or ``z``. ``unset`` names what the trace sets
    but the simulator cannot be told, see `Testbench`: where that matters, bits may differ.
    """

    simulator: str
    version: str = ""
    origin: Origin = "source"
    problem: str = ""
    outputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    differences: tuple[BitSeen, ...] = ()
    unknown: tuple[BitSeen, ...] = ()
    unset: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """In a word: all bits as predicted, some otherwise, some unknown, or no result."""
        if self.problem:
            return "not run"
        if self.differences:
            return "differs"
        return "unknown" if self.unknown else "agrees"

    def __str__(self) -> str:
        name = f"{self.simulator} {self.version}".strip()
        weaker = " on the Verilog that was written from it" if self.origin == "written" else ""
        unset = f"; could not set {', '.join(self.unset)}" if self.unset else ""
        if self.problem:
            return f"{name}: {self.problem}"
        if not self.differences and not self.unknown:
            return f"{name}{weaker}: agrees in every output bit"
        (first, *_) = self.differences or self.unknown
        place = f"bit {first.bit} of {first.output} in cycle {first.cycle}"
        count = f"{len(self.differences)} bits differ, {len(self.unknown)} are unknown"
        return (
            f"{name}{weaker}: {count}; the first is {place}: "
            f"predicted {first.predicted}, seen {first.seen}{unset}"
        )


def replay(
    given: Subject,
    net: Netlist,
    trace: Trace,
    simulator: VerilogSimulator,
    *,
    limits: Limits = _LIMITS,
    cancel: CancelFlag | None = None,
) -> Replay:
    """Run ``trace`` in one simulator and compare each output bit with what ``net`` computes.

    The two steps, compilation and run, each get ``limits``. A simulator that is missing, cannot
    read the design, breaks down or is stopped gives a `Replay` with a ``problem``.
    Raises `extract.trace.TraceError` if the trace does not fit the netlist.
    """
    interface = Interface(given.top, given.clock, given.parameters)
    version = ""
    try:
        bench = make_testbench(net, trace, interface)
        version = simulator.version()
        try:
            printed = _simulate(given, bench, simulator, limits, cancel)
        except SimulationFailed as e:
            wires = rejected(bench.text, e.said)
            if not wires:
                raise
            bench = make_testbench(net, trace, interface, leave=wires)
            printed = _simulate(given, bench, simulator, limits, cancel)
        rows = read_output(printed, bench, trace.cycles)
    except (SimulationFailed, TestbenchError, ToolMissing) as e:
        return Replay(simulator.name, version, given.origin, problem=str(e))
    unset = bench.unset if simulator.sets_registers else (*bench.unset, *bench.nonzero)
    head = Replay(simulator.name, version, given.origin, unset=unset)
    return _compare(net, trace, rows, head)


def replay_everywhere(
    given: Subject,
    net: Netlist,
    trace: Trace,
    *,
    limits: Limits = _LIMITS,
    cancel: CancelFlag | None = None,
) -> tuple[Replay, ...]:
    """`replay` in each of `SIMULATORS`."""
    return tuple(replay(given, net, trace, s, limits=limits, cancel=cancel) for s in SIMULATORS)


def _simulate(
    given: Subject,
    bench: Testbench,
    simulator: VerilogSimulator,
    limits: Limits,
    cancel: CancelFlag | None,
) -> str:
    with tempfile.TemporaryDirectory(prefix="verify-replay-") as name:
        folder = Path(name)
        file = folder / f"{MODULE}.sv"
        file.write_text(bench.text, encoding="utf-8")
        # Icarus takes the unit of time of a file that sets none from the file before it.
        units = folder / "verify_units.sv"
        units.write_text("`timescale 1ns/1ps\n", encoding="utf-8")
        job = Job((units, *given.files, file), MODULE, given.include_dirs, given.defines)
        return simulator.simulate(job, folder, limits=limits, cancel=cancel)


def _compare(net: Netlist, trace: Trace, rows: Sequence[Sequence[str]], head: Replay) -> Replay:
    differences: list[BitSeen] = []
    unknown: list[BitSeen] = []
    outputs: dict[str, tuple[str, ...]] = {}
    for k, (word, values) in enumerate(
        zip(net.outputs, trace.words(net, net.outputs), strict=True)
    ):
        seen = tuple(row[k].lower() for row in rows)
        outputs[word.name] = seen
        for t, (text, value) in enumerate(zip(seen, values, strict=True)):
            predicted = f"{value:0{word.width}b}"
            if len(text) != word.width:
                problem = f"output {word.name} has {word.width} bits, but {len(text)} were printed"
                return Replay(head.simulator, head.version, head.origin, problem)
            for bit, (p, s) in enumerate(zip(predicted[::-1], text[::-1], strict=True)):
                if p != s:
                    found = unknown if s in "xz" else differences
                    found.append(BitSeen(t, word.name, bit + word.lsb, p, s))
    return Replay(
        head.simulator, head.version, head.origin, "", outputs,
        tuple(sorted(differences, key=_order)), tuple(sorted(unknown, key=_order)), head.unset,
    )  # fmt: skip


def _order(bit: BitSeen) -> int:
    return bit.cycle
