r"""Rewrites a module before ``xprop``, so that its names are read rightly in what comes out.

That pass makes two new cells of each register, and splits a wire ``w`` of the user into ``w_d`` and
``w_x``. It does not say which cells a register became: so each is given a wire
``\verify$register$K``, which is split as well. Where the user has a ``w_d`` or ``w_x`` beside
``w``, it is given another name.

The pass of Yosys 0.70 renames wires on its way and does not find their bits any more, by name as it
looks for them; another name of the same net, such as an output that is a bit of a register, is
then driven by nothing. So cells are connected to nets without a name, which are not renamed, and
wires with names only show them.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

from extract.rtl.checks import state_cells
from extract.rtl.errors import RtlToolError
from extract.rtl.flat import Cell, Flat

_TAG: Final = "verify$register$"
_NET: Final = "$verify$net$"
_OWN: Final = "$verify$own"
_PARTS: Final = ("_d", "_x")
_WIRE: Final = re.compile(r"  wire (?P<options>.*?)\\(?P<name>\S+)\n")
_CELL: Final = re.compile(r"  cell \S+ (\S+)\n")
_PIN: Final = re.compile(r"(?P<pin>    connect \\\S+ )(?P<signal>.+\n)")
_ALIAS: Final = "  connect "
_NAME: Final = re.compile(r"(?<!\S)\\(\S+)")


def tagged(rtlil: str, flat: Flat) -> str:
    """A module in Yosys' text form as `Origins` and `split` can read what ``xprop`` makes of it.

    ``flat`` is the same in JSON. Raises `RtlToolError` if the text lacks a register.
    """
    return _Rewriting(flat).all(rtlil)


class _Rewriting:
    def __init__(self, flat: Flat) -> None:
        ours = {name: wire for name, wire in flat.wires.items() if not wire.hidden}
        self._registers = {_written(cell.name): cell for cell in state_cells(flat)}
        self._numbers = {name: k for k, name in enumerate(self._registers)}
        self._net = {
            name: f"{_NET}{k}" for k, (name, wire) in enumerate(ours.items())
            if wire.direction != "input"
        }  # fmt: skip
        self._width = {name: len(wire.bits) for name, wire in ours.items()}
        self._taken = {name for name in ours if name[-2:] in _PARTS and name[:-2] in ours}
        self._cell: str | None = None
        self._more: list[str] = []

    def all(self, rtlil: str) -> str:
        """The whole text."""
        for name, net in self._net.items():
            self._more.append(f"  connect \\{self._shown(name)} {net}\n")
        text = "".join(self._line(line) for line in rtlil.splitlines(keepends=True))
        if self._numbers:
            raise RtlToolError(f"Yosys wrote no cells {', '.join(sorted(self._numbers)[:8])}")
        return text

    def _line(self, line: str) -> str:
        if line.startswith(_ALIAS):
            return self._on_nets(line)
        if line.startswith("module "):
            wires = (f"  wire width {self._width[n]} {net}\n" for n, net in self._net.items())
            return "".join((line, *wires))
        if line.startswith("  wire "):
            return _WIRE.sub(lambda m: f"  wire {m['options']}\\{self._shown(m['name'])}\n", line)
        if match := _CELL.fullmatch(line):
            self._cell = match[1]
        elif match := _PIN.fullmatch(line):
            signal = self._on_nets(match["signal"])
            if match["pin"] == "    connect \\Q " and self._cell in self._numbers:
                self._tag(self._cell, signal)
            return match["pin"] + signal
        elif line == "end\n":
            return "".join((*self._more, line))
        return line

    def _tag(self, cell: str, signal: str) -> None:
        name = f"\\{_TAG}{self._numbers.pop(cell)}"
        width = len(self._registers[cell].ports["Q"])
        self._more += [f"  wire width {width} {name}\n", f"  connect {name} {signal}"]

    def _on_nets(self, text: str) -> str:
        return _NAME.sub(lambda m: self._net.get(m[1]) or f"\\{self._shown(m[1])}", text)

    def _shown(self, name: str) -> str:
        return f"{name}{_OWN}" if name in self._taken else name


def split(name: str, wires: Container[str]) -> tuple[str, str]:
    """The user's name of a wire after ``xprop``, and which part it is: ``_d``, ``_x``, or all.

    ``wires`` has the names before.
    """
    stem, part = name[:-2], name[-2:]
    if name.endswith(_OWN):
        return name.removesuffix(_OWN), ""
    if part not in _PARTS or (name in wires and stem not in wires):
        return name, ""
    return stem.removesuffix(_OWN), part


class Origins:
    """Tells for registers after ``xprop`` which of ``before`` they are part of."""

    def __init__(self, before: Flat) -> None:
        """``before`` is what was `tagged`."""
        self._cells = state_cells(before)

    def of(self, after: Flat, cell: Cell) -> tuple[Cell, bool] | None:
        """The register that a cell was made for, and whether it says what of it is x.

        ``None`` if no name tells. Raises `RtlToolError` if names contradict each other.
        """
        found = {
            (int(stem.removeprefix(_TAG)), part == "_x")
            for wire, _ in after.aliases.get(cell.ports["Q"][0], [])
            if wire.name.startswith(_TAG) and wire.bits == cell.ports["Q"]
            for stem, part in [split(wire.name, ())]
        }
        if len(found) > 1:
            raise RtlToolError(f"register {cell.name} has the names of several")
        for number, mark in found:
            return self._cells[number], mark
        return None


def _written(name: str) -> str:
    """A name from the JSON form as the text form has it."""
    return name if name.startswith("$") else f"\\{name}"
