"""What a design must not have, found in the flat design: each is a clear error with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from extract.rtl.design import Counts, Memory
from extract.rtl.errors import RtlError, RtlUnsupportedError
from extract.rtl.flat import MEMORY_CELLS, Cell, Flat, Wire
from extract.rtl.script import STATE_CELLS

LARGEST_MEMORY: Final = 1 << 16
"""Bits of one memory above which it is not made into latches."""

_LATCHES: Final = ("$dlatch", "$adlatch", "$dlatchsr", "$sr")
_SHOWN: Final = 8

Place = Callable[[str], str]
"""Turns a source attribute into the user's ``file:line``."""


def listed(items: Iterable[str]) -> str:
    """The first few, and how many more."""
    found = list(dict.fromkeys(items))
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return ", ".join(found[:_SHOWN]) + more


def check(flat: Flat, warnings: Sequence[str], black_boxes: Sequence[str], place: Place) -> None:
    """Refuse what a netlist cannot say.

    Raises `RtlUnsupportedError` for latches, tri-states, bidirectional ports and names that are
    used for something else here, `RtlError` for
    several drivers of a wire and for instances of modules that are not there.
    """
    inout = [w.name for w in flat.ports if w.direction == "inout"]
    if inout:
        raise RtlUnsupportedError(
            f"{place(flat.wires[inout[0]].source)}: bidirectional port(s): {listed(inout)}; split "
            "each into an input, an output and an enable"
        )
    _no_marks(flat, place)
    _no_latches(flat, place)
    _no_tristates(flat, place)
    _no_strangers(flat, black_boxes, place)
    _one_driver(flat, warnings, place)
    _outputs_driven(flat, place)


def _no_marks(flat: Flat, place: Place) -> None:
    """Names of the user must not read as ours."""
    mine = [name for name, wire in flat.wires.items() if name.endswith("$x") and not wire.hidden]
    mine += [name for name in flat.box_pins if name.endswith("$x")]
    if mine:
        source = flat.wires[mine[0]].source if mine[0] in flat.wires else ""
        raise RtlUnsupportedError(
            f"{place(source)}: names that end with `$x`: {listed(mine)}; here they mean "
            "what is unknown of another signal. Rename them"
        )


def latches(flat: Flat) -> list[Cell]:
    """Storage that is not bound to a clock's edge."""
    return [cell for cell in flat.cells if cell.kind in _LATCHES]


def _no_latches(flat: Flat, place: Place) -> None:
    found = latches(flat)
    if found:
        cell = found[0]
        names = (flat.name(c.ports["Q"][0]).split("[")[0] for c in found)
        raise RtlUnsupportedError(
            f"{place(cell.source)}: latch(es) are inferred: {listed(names)}; a register steps with "
            "the clock's edge only. Assign the signal on every path of its always block, or "
            "replace the latch by a model, such as an enable for a gated clock"
        )


def _no_tristates(flat: Flat, place: Place) -> None:
    for cell in flat.cells:
        driven = cell.kind in ("$tribuf", "$_TBUF_")
        if driven or any("z" in bits for _, bits in cell.inputs()):
            out = next(iter(cell.outputs()), ("", []))[1]
            name = flat.name(out[0]) if out else cell.name
            raise RtlUnsupportedError(
                f"{place(cell.source)}: tri-state driver ('z') of {name}; a netlist knows 0 and 1 "
                "only. Use a multiplexer or a separate enable"
            )
    for wire in flat.wires.values():
        if "z" in wire.bits and (wire.direction or not wire.hidden):
            raise RtlUnsupportedError(
                f"{place(wire.source)}: {wire.name} is 'z'; a netlist knows 0 and 1 only"
            )


def _no_strangers(flat: Flat, black_boxes: Sequence[str], place: Place) -> None:
    for cell in flat.cells:
        if not cell.kind.startswith("$") and cell.kind not in black_boxes:
            raise RtlError(
                f"{place(cell.source)}: module {cell.kind} of instance {cell.name} has no body; "
                f"give its source, or name it as a black box if its outputs may be anything"
            )


def _one_driver(flat: Flat, warnings: Sequence[str], place: Place) -> None:
    for warning in warnings:
        match = re.match(r"multiple conflicting drivers for (\S+?)(?: \[|:| |$)", warning)
        if match is not None:
            name = match[1].partition(".")[2].removeprefix("\\").rstrip(":")
            wire = _assigned(flat, name)
            source = wire.source if wire is not None else ""
            told = wire.name if wire is not None else name or match[1]
            raise RtlError(f"{place(source)}: {told} has several drivers")


def _assigned(flat: Flat, name: str) -> Wire | None:
    """The wire of this name, or if that is an input, one that is joined with it and is none."""
    wire = flat.wires.get(name)
    if wire is None or wire.direction != "input":
        return wire
    joined = [w for bit in wire.bits for w, _ in flat.aliases.get(bit, [])]
    return next((w for w in joined if w.direction != "input" and not w.hidden), wire)


def state_cells(flat: Flat) -> list[Cell]:
    """The registers."""
    return [cell for cell in flat.cells if cell.kind in STATE_CELLS]


def count(flat: Flat, place: Place) -> Counts:
    """Bits of state. Raises `RtlUnsupportedError` if a memory is too large to become latches."""
    memories = tuple(_memory(cell, place) for cell in flat.cells if cell.kind in MEMORY_CELLS)
    for m in memories:
        if m.words * m.width > LARGEST_MEMORY:
            raise RtlUnsupportedError(
                f"{m.source}: memory {m.name} has {m.words} words of {m.width} bits, more than "
                f"{LARGEST_MEMORY} bits in all; make it smaller with a parameter, or put it into "
                "a module of its own and name that as a black box"
            )
    registers = sum(len(cell.ports["Q"]) for cell in state_cells(flat))
    return Counts(registers, sum(m.state_bits for m in memories), memories)


def _memory(cell: Cell, place: Place) -> Memory:
    name = str(cell.parameters.get("MEMID", cell.name)).removeprefix("\\")
    words, width = cell.number("SIZE"), cell.number("WIDTH")
    state = words
    if cell.number("WR_PORTS") == 0:  # read only: words that have a value are constants
        content = str(cell.parameters.get("INIT", "")).rjust(words * width, "x")
        state = sum("x" in content[k : k + width] for k in range(0, words * width, width))
    if cell.number("RD_PORTS") == 0:
        state = 0
    return Memory(name, words, width, state * width, place(cell.source))


def _outputs_driven(flat: Flat, place: Place) -> None:
    driven = set(flat.drivers).union(*(p.bits for p in flat.ports if p.direction == "input"))
    for port in flat.ports:
        loose = [b for b in port.bits if isinstance(b, int) and b not in driven]
        if port.direction == "output" and loose:
            names = listed([flat.name(b) for b in loose])
            raise RtlError(
                f"{place(port.source)}: nothing drives output `{port.name}` ({names}); drive it, "
                "or set it to 'x if it may be anything"
            )


def undriven(flat: Flat) -> list[str]:
    """Names of the signals that are read but driven by nothing, or set to x for good."""
    driven = set(flat.drivers)
    for port in flat.ports:
        if port.direction == "input":
            driven.update(port.bits)
    read = {bit for cell in flat.cells for _, bits in cell.inputs() for bit in bits}
    for port in flat.ports:
        if port.direction == "output":
            read.update(port.bits)
    found = {flat.name(b).split("[")[0] for b in read - driven if isinstance(b, int)}
    found |= {w.name for w in flat.wires.values() if "x" in w.bits and not w.hidden}
    return sorted(found)
