"""A self-checking testbench of a design's module, run in Icarus on the sources or on a circuit."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Final, Literal, TypeAlias

from extract.netlist import Netlist
from extract.rtl.design import Design
from extract.rtl.sources import RtlSources
from extract.verilog import Start, VerilogError, write_verilog
from extract.waves.replay import subject
from verify.core.process import CancelFlag, Limits
from verify.engines.icarus import Icarus
from verify.engines.simulators import Job, SimulationFailed

Outcome: TypeAlias = Literal["passes", "fails", "hangs", "broken"]

_FIRST: Final = Limits(seconds=300, output_bytes=16 << 20)  # of a bench nothing is known of yet
_TIMES: Final = 10  # the time of the original, after which a run hangs
_LEAST: Final = 5.0  # seconds that every run gets
_BUSY: Final = 6  # wall time for each second of processor time, on a machine that does other work
# What `$error`, `$fatal` and benches themselves print.
_FAILURE: Final = re.compile(r"(?m)^\s*(?:ERROR|FATAL):.*|^FAIL.*")


@dataclass(frozen=True, slots=True)
class Told:
    """How a run of a testbench ended; ``said`` is the line that says why, ``seconds`` its time.

    ``broken`` is a run that says nothing of the design: it does not compile, or the simulator
    crashed.
    """

    outcome: Outcome
    said: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Bench:
    """A testbench (whose ``sources`` name its top module) for the module of ``design``.

    ``start`` is what registers without an initial value begin with in circuits.
    """

    design: Design
    sources: RtlSources
    start: Start = "x"
    limits: Limits = _FIRST
    cancel: CancelFlag | None = field(default=None, compare=False)

    def on_sources(self) -> Told:
        """Run it on the design as the user wrote it. Raises `RtlError`, `ToolMissing`."""
        given = subject(self.design)
        return self._run(given.files, {})

    def on_circuit(self, net: Netlist) -> Told:
        """Run it on a circuit with the ports of the design. Raises as `on_sources`."""
        given = subject(self.design)
        try:
            text = write_verilog(net, given.clock, start=self.start, parameters=given.parameters)
        except VerilogError as e:
            return Told("broken", str(e))
        return self._run((), {"circuit.v": text})

    def _run(self, files: tuple[Path, ...], written: Mapping[str, str]) -> Told:
        given, mine = subject(self.design), self.sources.resolved()
        with tempfile.TemporaryDirectory(prefix="verify-bench-") as name:
            folder = Path(name)
            for file, text in written.items():
                (folder / file).write_text(text, encoding="utf-8")
            made = tuple(folder / file for file in written)
            beside = (path.parent for path in mine.files)
            folders = tuple(dict.fromkeys((*mine.include_dirs, *beside, *given.include_dirs)))
            job = Job(
                (*files, *made, *mine.files), mine.top or "", folders,
                {**given.defines, **mine.defines},
            )  # fmt: skip
            started = time.monotonic()
            told = self._judged(job, folder)
            return Told(told.outcome, told.said, time.monotonic() - started)

    def _judged(self, job: Job, folder: Path) -> Told:
        try:
            output = Icarus().simulate(job, folder, limits=self.limits, cancel=self.cancel)
        except SimulationFailed as e:
            stopped = self.cancel is not None and self.cancel.is_set()
            if e.kind == "limit" and not stopped:
                return Told("hangs", str(e))
            return Told("fails" if e.kind == "failed" else "broken", str(e))
        found = _FAILURE.search(output)
        return Told("fails", found[0].strip()) if found else Told("passes")


def limits_after(seconds: float) -> Limits:
    """What a run on a changed circuit may use, given the ``seconds`` of the unchanged one."""
    most = max(_TIMES * seconds, _LEAST)
    return Limits(seconds=most * _BUSY, cpu_seconds=ceil(most), output_bytes=_FIRST.output_bytes)
