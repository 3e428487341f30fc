"""Runs of a core done again in a simulator that reads the sources with a front end of its own.

What a witness shows was computed on the core's netlist. Here the inputs of the core get, cycle by
cycle, what they got there, and each signal of the core that its file speaks of is compared in each
cycle: those that tell of retirement, of requests to memory, of what attackers see.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self, TypeAlias

import numpy as np

from contracts.replay_bench import MOST, Bench, bits_text, make_bench
from contracts.replay_wires import wires
from contracts.witness import Seen, Witness
from designs.cores.model import CoreModel
from designs.cores.read_core import OWN, rtl_sources
from extract.netlist import Init
from extract.trace import Trace
from extract.waves.names import UnwritableError
from extract.waves.testbench import MODULE, TestbenchError, read_output, rejected
from verify.core.process import Limits, ToolMissing
from verify.core.verdict import Status, Verdict
from verify.engines.icarus import Icarus
from verify.engines.simulators import Job, SimulationFailed, VerilogSimulator
from verify.engines.verilator import Verilator

SIMULATORS: Final[tuple[VerilogSimulator, ...]] = (Icarus(), Verilator())
"""The stricter first: it refuses to set a wire that only shows a register."""
_LIMITS: Final = Limits(seconds=600)
_TRIES: Final = 4
_SHOWN: Final = 3
_MISSING: Final = re.compile(r"(?:Package/class|missing package) '(\w+)'")

Outcome: TypeAlias = Literal["replayed", "differs", "not replayed"]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of a witness: both runs as predicted, or not, or no simulator could tell.

    ``text`` says it: the simulator with its version, or the reason.
    """

    outcome: Outcome
    text: str

    def __str__(self) -> str:
        return f"{self.outcome}: {self.text}"


def settled(verdict: Verdict, replays: Mapping[str, Replayed]) -> Verdict:
    """A verdict once witnesses, by what they show, were done again on the sources.

    If one of them does not happen there, the model of the core is wrong, and so may be all that was
    found on it: `ERROR`.
    """
    wrong = [f"{what}: {r.text}" for what, r in replays.items() if r.outcome == "differs"]
    if wrong:
        return Verdict(Status.ERROR, f"a run does not happen again on the sources: {wrong[0]}")
    untold = [r.text for r in replays.values() if r.outcome == "not replayed"]
    if verdict.status is Status.REFUTED and untold:
        return replace(verdict, reason=f"{verdict.reason}; not replayed: {untold[0]}")
    return verdict


class Replayer:
    """Does witnesses of one core again; its sources are compiled once, at the first of them.

    A context manager: what was compiled is there until the end of it.
    """

    def __init__(
        self, core: CoreModel, simulators: Sequence[VerilogSimulator] = SIMULATORS
    ) -> None:
        """Each of ``simulators`` that can read the sources is asked."""
        self._core, self._simulators = core, simulators
        self._ready: dict[str, _Compiled | str] = {}
        self._scratch = tempfile.TemporaryDirectory(prefix="verify-replay-")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._scratch.cleanup()

    def witness(self, found: Witness) -> Replayed:
        """Both runs of a witness: replayed if a simulator shows them and none shows otherwise."""
        names, problems = [], []
        for simulator in self._simulators:
            compiled = self._compiled(simulator)
            if isinstance(compiled, str):
                problems.append(compiled)
                continue
            one = _replayed(compiled, found)
            if one.outcome != "replayed":
                return one
            names.append(one.text)
        if names:
            return Replayed("replayed", f"both runs happen again in {' and '.join(names)}")
        return Replayed("not replayed", "; ".join(problems))

    def _compiled(self, simulator: VerilogSimulator) -> _Compiled | str:
        """The testbench, or why this simulator has none."""
        if simulator.name not in self._ready:
            folder = Path(self._scratch.name) / simulator.name
            folder.mkdir()
            try:
                self._ready[simulator.name] = _compile(self._core, simulator, folder)
            except (SimulationFailed, TestbenchError, UnwritableError, ToolMissing) as e:
                self._ready[simulator.name] = str(e)
        return self._ready[simulator.name]


def _replayed(compiled: _Compiled, found: Witness) -> Replayed:
    """What one simulator shows."""
    try:
        wrong = [
            f"{side}: {text}"
            for side, seen in zip(("left", "right"), found.seen, strict=True)
            for text in compiled.differences(seen)
        ]
    except (SimulationFailed, TestbenchError, ToolMissing) as e:
        return Replayed("not replayed", str(e))
    if not wrong:
        return Replayed("replayed", compiled.name)
    if why := compiled.undetermined(found):
        return Replayed("not replayed", f"{compiled.name} {why}, and {wrong[0]}")
    return Replayed("differs", f"{compiled.name}: {'; '.join(wrong[:_SHOWN])}")


@dataclass(frozen=True, slots=True, eq=False)
class _Compiled:
    """A testbench that a simulator has compiled as ``job``; ``argv`` runs it."""

    core: CoreModel
    simulator: VerilogSimulator
    name: str
    bench: Bench
    argv: list[str]
    folder: Path
    job: Job

    def differences(self, seen: Seen) -> list[str]:
        """Where the simulator shows something else than the netlist did, in words."""
        # Runs may begin with registers that reset sets otherwise.
        net = self.core.netlist
        net = replace(net, init=np.full_like(net.init, Init.ANY))
        rows = self._rows(seen)
        words = list(self.core.probes.values())
        found = []
        for k, values in enumerate(seen.trace.words(net, words)):
            name, width = self.bench.bench.outputs[k], words[k].width
            for t, value in enumerate(values):
                wanted = f"{value:0{width}b}"
                if rows[t][k].lower() != wanted:
                    found.append((t, f"{name} in cycle {t} is {rows[t][k]}, not {wanted}"))
        return [text for _, text in sorted(found)]

    def undetermined(self, found: Witness) -> str:
        """Why runs may begin otherwise here than in the witness; empty if they do not."""
        if unset := self.bench.unset:
            return f"cannot be told what {', '.join(unset[:_SHOWN])} begins with"
        if names := self._wires():
            shown = ", ".join(names[:_SHOWN])
            return f"knows {shown} as wires that show registers, which no testbench can set"
        for seen in found.seen:
            usual = self._rows(seen)
            if any(self._rows(seen, other) != usual for other in self.simulator.beginnings):
                return "shows other runs where what no testbench can set begins otherwise"
        return ""

    def _wires(self) -> tuple[str, ...]:
        """Places that are set in vain, where this simulator can tell."""
        if not self.simulator.forces:
            return ()
        try:
            return wires(
                self.core, self.bench.places, self.simulator, self.job, self.folder / "wires",
                _LIMITS,
            )  # fmt: skip
        except SimulationFailed:
            return ()  # it forces nothing of this core: the runs that begin otherwise must tell

    def _rows(self, seen: Seen, more: Sequence[str] = ()) -> list[list[str]]:
        """What the simulator shows in each cycle."""
        return read_output(self._run(seen.trace, more), self.bench.bench, seen.trace.cycles)

    def _run(self, trace: Trace, more: Sequence[str]) -> str:
        net, cycles = self.core.netlist, trace.cycles
        if cycles > MOST:
            raise TestbenchError(f"a run of {cycles} cycles; at most {MOST} are replayed")
        free = replace(net, init=np.full_like(net.init, Init.ANY))
        pins = np.concatenate([w.literals for w in self.core.pins.values()])
        start, given = self.folder / "start.txt", self.folder / "pins.txt"
        start.write_text(self.bench.start(net, trace.init), encoding="ascii")
        lines = [bits_text(row) for row in trace.values(free, pins.astype(np.int32))]
        given.write_text("".join(lines), encoding="ascii")
        # Paths that are short: Verilog keeps them in a word of some width.
        told = [f"+cycles={cycles}", f"+start={start.name}", f"+pins={given.name}", *more]
        return self.simulator.start([*self.argv, *told], self.folder, limits=_LIMITS)


def _compile(core: CoreModel, simulator: VerilogSimulator, folder: Path) -> _Compiled:
    version = simulator.version()
    sources = rtl_sources(core.core, (), folder)
    leave: frozenset[str] = frozenset()
    units = folder / "verify_units.sv"
    # Icarus takes the unit of time of a file that sets none from the file before it.
    units.write_text("`timescale 1ns/1ps\n", encoding="utf-8")
    file = folder / f"{MODULE}.sv"
    beside = (p.parent for p in sources.files)
    folders = tuple(dict.fromkeys((*sources.include_dirs, *beside)))
    # Packages stand before what uses them; models of the catalogue use those of the core.
    files = sorted(sources.files, key=lambda p: p.parent == OWN)
    job = Job(
        (units, *files, file), MODULE, folders, sources.defines, sets_registers=True
    )  # fmt: skip
    for _ in range(_TRIES):
        bench = make_bench(core, leave)
        file.write_text(bench.bench.text, encoding="utf-8")
        try:
            argv = simulator.compile(job, folder, limits=_LIMITS)
        except SimulationFailed as e:
            wires = rejected(bench.bench.text, e.said)
            packages = _packages(e.said, folders, job.files)
            if not wires and not packages:
                raise
            leave |= wires
            job = replace(job, files=(units, *packages, *job.files[1:]))
            continue
        name = f"{simulator.name} {version}"
        return _Compiled(core, simulator, name, bench, argv, folder, job)
    raise TestbenchError(f"{simulator.name} refuses to set registers of {core.name}")


def _packages(said: str, folders: Sequence[Path], given: Sequence[Path]) -> list[Path]:
    """Files of packages that a simulator misses.

    Verilator looks for modules in the folders of included files, also where no parameter makes
    an instance of them, but not for the packages that these use.
    """
    names = dict.fromkeys(_MISSING.findall(said))
    found = [folder / f"{name}.sv" for name in names for folder in folders]
    return [file for file in dict.fromkeys(found) if file.is_file() and file not in given]
