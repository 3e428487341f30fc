"""Which of a core's registers are only known by the names of wires, as a simulator sees them.

A netlist may call a register by the name of a wire that shows it. A simulator that refuses to set a
wire says so when it compiles (Icarus). Another one may set it and change nothing: there a wire is
told by what `force` and `release` leave of it. A variable keeps the value that it was forced to
(IEEE 1800, 10.6.2), a wire shows its driver again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from contracts.replay_bench import Place, instance
from designs.cores.model import CoreModel
from extract.waves.names import identifier
from extract.waves.testbench import MODULE, TestbenchError
from verify.core.process import Limits
from verify.engines.simulators import Job, SimulationFailed, VerilogSimulator

_WIDEST: Final = 4096
_TRIES: Final = 4
_LINE: Final = re.compile(rf"{MODULE}\.sv:(\d+):")
_TOLD: Final = re.compile(r"@wire (\d+)")


def wires(
    core: CoreModel,
    places: Sequence[Place],
    simulator: VerilogSimulator,
    job: Job,
    folder: Path,
    limits: Limits,
) -> tuple[str, ...]:
    """Names of ``places`` that are wires; those that cannot be forced are not told.

    ``job`` is that of the replay's testbench, which lies last in its files; another one is written
    to ``folder``. Raises `SimulationFailed`, `TestbenchError`.
    """
    names = list(dict.fromkeys(p.name for p in places if "[" not in p.name))
    file = folder / f"{MODULE}.sv"
    folder.mkdir(exist_ok=True)
    job = replace(job, files=(*job.files[:-1], file))
    for left in reversed(range(_TRIES)):
        lines = [*_text(core, names)]
        file.write_text("\n".join([*lines, ""]), encoding="utf-8")
        try:
            said = simulator.simulate(job, folder, limits=limits)
        except SimulationFailed as e:
            refused = _refused(lines, e.said, names)
            if not refused or not left:
                raise
            names = [n for n in names if n not in refused]
            continue
        return tuple(names[int(k)] for k in _TOLD.findall(said))
    return ()


def _refused(lines: Sequence[str], said: str, names: Sequence[str]) -> set[str]:
    """Names on the lines that a simulator complains of."""
    numbers = {int(n) for n in _LINE.findall(said)}
    blamed = {lines[n - 1] for n in numbers if 0 < n <= len(lines)}
    return {name for name in names if any(f"verify_dut.{name}" in line for line in blamed)}


def _text(core: CoreModel, names: Sequence[str]) -> Iterator[str]:
    reset = core.core.reset
    if reset is None:
        raise TestbenchError(f"{core.name} has no reset")
    clock, port = identifier(core.core.clock), identifier(reset.port)
    width = sum(w.width for w in core.pins.values())
    yield "`timescale 1us/1ps"
    yield f"module {MODULE};"
    yield f"  reg {clock} = 1'b0, {port} = 1'b{1 - reset.active};"
    yield f"  reg [{width - 1}:0] verify_now = 0;"
    yield f"  reg [{_WIDEST - 1}:0] verify_prior;"
    yield from instance(core.core, reset, core.pins)
    yield "  initial begin"
    yield "    #1;"
    for k, name in enumerate(names):
        place = f"verify_dut.{name}"
        yield (
            f"    verify_prior = {place}; force {place} = ~verify_prior; #1; release {place}; #1; "
            f'if ({place} == verify_prior) $display("@wire {k}");'
        )
    yield "    $finish;"
    yield "  end"
    yield "endmodule"
