"""Which port is the clock, which ones reset."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from extract.rtl.checks import Place, listed, state_cells
from extract.rtl.design import Clock, Reset
from extract.rtl.errors import RtlUnsupportedError
from extract.rtl.flat import MEMORY_CELLS, Bit, Cell, Flat

# Ports of register cells that reset asynchronously, with the parameter of their polarity.
_ASYNC: Final = {
    "ARST": "ARST_POLARITY", "ALOAD": "ALOAD_POLARITY",
    "SET": "SET_POLARITY", "CLR": "CLR_POLARITY",
}  # fmt: skip
_NAME: Final = re.compile(
    r"(?:.*_)?[as]?(rst|reset|resetn|rstn|nrst|nreset)(?:_?(n|ni|l|b|i))?", re.IGNORECASE
)

_Edge = tuple[Bit, bool]


def clock(flat: Flat, place: Place) -> Clock | None:
    """The one clock; ``None`` for a design without registers.

    Raises `RtlUnsupportedError`, with the signals and their places, if there are several clocks or
    edges, if the clock is made by logic, or is used as data too.
    """
    edges: dict[_Edge, list[Cell]] = defaultdict(list)
    for cell in flat.cells:
        for edge in _edges(cell):
            edges[edge].append(cell)
    if not edges:
        return None
    if len(edges) > 1:
        raise RtlUnsupportedError(_several(flat, edges, place))
    ((bit, rising),) = edges
    port = next((p for p in flat.ports if p.direction == "input" and bit in p.bits), None)
    if port is None:
        raise RtlUnsupportedError(_made(flat, bit, place))
    if len(port.bits) > 1:
        raise RtlUnsupportedError(
            f"{place(port.source)}: the clock is {flat.name(bit)}, one bit of a port; give the "
            "clock a port of its own"
        )
    _no_data(flat, bit, place)
    return Clock(port.name, rising)


def _edges(cell: Cell) -> list[_Edge]:
    """The clock bits of a cell, each with its edge."""
    if cell.kind in MEMORY_CELLS:
        found: list[_Edge] = []
        for port, enable, edge in (
            ("WR_CLK", "WR_CLK_ENABLE", "WR_CLK_POLARITY"),
            ("RD_CLK", "RD_CLK_ENABLE", "RD_CLK_POLARITY"),
        ):
            used, rising = cell.number(enable), cell.number(edge)
            bits = enumerate(cell.ports.get(port, []))
            found += [(bit, bool(rising >> k & 1)) for k, bit in bits if used >> k & 1]
        return list(dict.fromkeys(found))
    if "CLK" in cell.ports and cell.kind.startswith("$"):
        return [(cell.ports["CLK"][0], bool(cell.number("CLK_POLARITY")))]
    return []


def _several(flat: Flat, edges: dict[_Edge, list[Cell]], place: Place) -> str:
    said = []
    for (bit, rising), cells in edges.items():
        edge = "rising" if rising else "falling"
        said.append(
            f"{flat.name(bit)} ({edge} edge, {len(cells)} registers or memories, such as "
            f"{_register(flat, cells[0])} at {place(cells[0].source)})"
        )
    nets = {bit for bit, _ in edges}
    what = "several clocks" if len(nets) > 1 else "both edges of the clock are used"
    return (
        f"{what}: {listed(said)}; all registers must step with one edge of one clock. Check the "
        "parts of each clock by themselves, or replace a gated clock by an enable"
    )


def _register(flat: Flat, cell: Cell) -> str:
    bits = cell.ports.get("Q", [])
    return flat.name(bits[0]) if bits else cell.name


def _made(flat: Flat, bit: Bit, place: Place) -> str:
    driver = flat.drivers.get(bit)
    where = f"{place(driver.source)}: " if driver is not None else ""
    return (
        f"{where}the clock {flat.name(bit)} is not an input port but made in the design; replace "
        "a gated or divided clock by an enable of the registers"
    )


def _no_data(flat: Flat, bit: Bit, place: Place) -> None:
    for cell in flat.cells:
        for port, bits in cell.inputs():
            clocked = port == "CLK" or (cell.kind in MEMORY_CELLS and port.endswith("_CLK"))
            if bit in bits and not clocked and cell.kind.startswith("$"):
                raise RtlUnsupportedError(
                    f"{place(cell.source)}: the clock {flat.name(bit)} is used as data"
                )
    for wire in flat.ports:
        if wire.direction == "output" and bit in wire.bits:
            raise RtlUnsupportedError(
                f"{place(wire.source)}: the clock {flat.name(bit)} is an output too "
                f"({wire.name}); a netlist has no clock among its signals. Remove that output"
            )


def resets(flat: Flat) -> tuple[Reset, ...]:
    """Ports that reset: by the registers' own reset pins, else by their names."""
    ports = {p.bits[0]: p for p in flat.ports if p.direction == "input" and len(p.bits) == 1}
    found: dict[tuple[str, bool, bool], int] = defaultdict(int)
    for cell in state_cells(flat):
        pins = {**_ASYNC, "SRST": "SRST_POLARITY"}
        for pin, polarity in pins.items():
            bits = cell.ports.get(pin, [])
            if len(bits) != 1:
                continue
            bit, high = _through_inverters(flat, bits[0], bool(cell.number(polarity)))
            if bit in ports:
                found[ports[bit].name, high, pin != "SRST"] += len(cell.ports["Q"])
    named = {name for name, _, _ in found}
    synchronous = [
        Reset(p.name, not _low(p.name), asynchronous=False, registers=0)
        for p in ports.values()
        if p.name not in named and _NAME.fullmatch(p.name)
    ]
    pinned = [Reset(n, high, late, bits) for (n, high, late), bits in sorted(found.items())]
    return (*pinned, *synchronous)


def _low(name: str) -> bool:
    match = _NAME.fullmatch(name)
    if match is None:
        return False
    stem, tail = match[1].lower(), (match[2] or "").lower()
    return stem.startswith("n") or stem.endswith("n") or tail in ("n", "ni", "l", "b")


def _through_inverters(flat: Flat, bit: Bit, high: bool) -> tuple[Bit, bool]:
    for _ in range(8):
        cell = flat.drivers.get(bit)
        if cell is None or cell.kind not in ("$not", "$logic_not") or len(cell.ports["A"]) != 1:
            break
        bit, high = cell.ports["A"][0], not high
    return bit, high
