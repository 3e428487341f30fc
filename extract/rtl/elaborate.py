"""Reads sources with one of the two front ends, and flattens what was read.

slang knows SystemVerilog best and comes first. Yosys' own front end has the word where slang
refuses the sources, where only slang infers latches (the other knows ``full_case``), and where
slang leaves signals without a driver and has fewer registers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from extract.rtl import script
from extract.rtl.checks import latches, listed, state_cells, undriven
from extract.rtl.errors import RtlError, RtlLimitError
from extract.rtl.flat import MEMORY_CELLS, Flat
from extract.rtl.flat import load as load_flat
from extract.rtl.run import Runner
from extract.rtl.sources import RtlSources
from extract.rtl.top import find_top

_WHAT: Final = "reading the sources"


@dataclass(frozen=True, slots=True)
class Read:
    """A flat design: what read it, what is to be said of that, Yosys' warnings."""

    flat: Flat
    front_end: str
    notes: tuple[str, ...]
    warnings: tuple[str, ...]


def elaborate(sources: RtlSources, runner: Runner) -> Read:
    """Read and flatten.

    Raises `RtlError` with what slang says if neither front end takes the sources; `RtlLimitError`,
    `RtlToolError`.
    """
    try:
        first = _read(sources, runner, slang=True)
    except RtlLimitError:
        raise
    except RtlError as refused:
        why = (str(refused).splitlines() or ["no reason given"])[0]
        note = f"read by Yosys' own Verilog front end, since slang refused: {why}"
        try:
            return _read(sources, runner, slang=False, note=note)
        except RtlError:
            raise refused from None
    note = _doubt(first.flat)
    if not note:
        return first
    # What is lowered later lies in the folder: it must be that of the reading that is returned.
    kept = {name: (runner.staging.folder / name).read_bytes() for name in script.FLAT}
    try:
        second = _read(sources, runner, slang=False, note=note)
    except RtlLimitError:
        raise
    except RtlError:
        second = None
    more = second is not None and _state(second.flat) > _state(first.flat)
    if second is not None and not latches(second.flat) and (latches(first.flat) or more):
        return second
    for name, content in kept.items():
        (runner.staging.folder / name).write_bytes(content)
    return first


def _state(flat: Flat) -> int:
    """Bits of registers and memories."""
    return sum(len(c.ports["Q"]) for c in state_cells(flat)) + sum(
        c.number("SIZE") * c.number("WIDTH") for c in flat.cells if c.kind in MEMORY_CELLS
    )


def _doubt(flat: Flat) -> str:
    """Why slang's word is not taken at once; empty if it is.

    It has been seen to drop a register with an asynchronous reset that nothing else ever sets.
    """
    inferred = {flat.name(c.ports["Q"][0]).split("[")[0] for c in latches(flat)}
    if inferred:
        return (
            "read by Yosys' own Verilog front end, which takes a `full_case` attribute at its word "
            f"where slang infers latches ({listed(sorted(inferred))}): a case left out gives x"
        )
    loose = undriven(flat)
    if loose:
        return (
            "read by Yosys' own Verilog front end, since slang drops registers that this one has; "
            f"without a driver are then: {listed(loose)}"
        )
    return ""


def _read(sources: RtlSources, runner: Runner, *, slang: bool, note: str = "") -> Read:
    """With one front end. Raises as `elaborate`."""
    staging = runner.staging
    top = sources.top
    if top is None:
        here = staging.here("probe.il")
        runner.must([*_commands(sources, runner, None, slang=slang), f"write_rtlil {here}"], _WHAT)
        top = find_top(staging.folder / "probe.il")
    lines = [
        *_commands(sources, runner, top, slang=slang),
        script.hierarchy(sources, top, slang=slang),
        *script.flatten(staging, sources.shown),
    ]
    ran = runner.must(lines, _WHAT)
    return Read(
        load_flat(staging.folder / "flat.json"),
        f"{'read_slang' if slang else 'read_verilog'} of Yosys {staging.yosys.version}",
        (note,) if note else (),
        tuple(map(staging.told, ran.warnings)),
    )


def _commands(sources: RtlSources, runner: Runner, top: str | None, *, slang: bool) -> list[str]:
    if slang:
        return script.read_slang(sources, runner.staging, top)
    return script.read_verilog(sources, runner.staging)
