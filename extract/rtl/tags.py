r"""Which register is which after ``xprop``.

That pass makes new cells, two for each register, and splits a wire ``w`` of the user into ``w_d``
and ``w_x``. Where bits of a register have no such wire, as behind an asynchronous reset, nothing in
what comes out says which it was. So they are given a wire ``\verify$register$K`` before. And where
the user has a ``w_d`` or ``w_x`` beside ``w``, it is given another name.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

from extract.rtl.checks import state_cells
from extract.rtl.errors import RtlToolError
from extract.rtl.flat import Cell, Flat

_TAG: Final = "verify$register$"
_OWN: Final = "$verify$own"
_CELL: Final = re.compile(r"  cell \S+ (\S+)\n")
_OUTPUT: Final = re.compile(r"    connect \\Q (.+)\n")
_PARTS: Final = ("_d", "_x")


def tagged(rtlil: str, flat: Flat) -> str:
    """A module in Yosys' text form, with names that `Origins` and `split` can read.

    ``flat`` is the same in JSON. Raises `RtlToolError` if the text lacks a register.
    """
    number = {_written(cell.name): k for k, cell in enumerate(state_cells(flat))}
    hidden = [_nameless(flat, cell) for cell in state_cells(flat)]
    lines: list[str] = []
    more: list[str] = []
    current = None
    for line in rtlil.splitlines(keepends=True):
        if match := _CELL.fullmatch(line):
            current = number.pop(match[1], None)
        elif current is not None and (match := _OUTPUT.fullmatch(line)):
            more += _tag(current, hidden[current], match[1])
            current = None
        elif line == "end\n":
            lines += more
            more = []
        lines.append(line)
    if number:
        raise RtlToolError(f"Yosys wrote no cells {', '.join(sorted(number)[:8])}")
    return _apart("".join(lines), flat)


def _apart(rtlil: str, flat: Flat) -> str:
    """With other names for wires that have the names of parts of others."""
    ours = {name for name, wire in flat.wires.items() if not wire.hidden}
    taken = {name for name in ours if name[-2:] in _PARTS and name[:-2] in ours}
    if not taken:
        return rtlil
    return re.sub(
        r"(?<=\s)\\(\S+)(?=\s)",
        lambda match: f"{match[0]}{_OWN}" if match[1] in taken else match[0],
        rtlil,
    )


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


def _tag(number: int, bits: list[int], output: str) -> list[str]:
    if not bits:
        return []
    name = f"\\{_TAG}{number}"
    # The highest bit comes first.
    parts = " ".join(f"{output} [{k}]" for k in reversed(bits))
    return [f"  wire width {len(bits)} {name}\n", f"  connect {name} {{ {parts} }}\n"]


def _nameless(flat: Flat, cell: Cell) -> list[int]:
    """Which bits of a register no wire of the user has."""
    return [
        k
        for k, bit in enumerate(cell.ports["Q"])
        if all(wire.hidden for wire, _ in flat.aliases.get(bit, []))
    ]


class Origins:
    """Tells for bits of registers after ``xprop`` which of ``before`` they are part of."""

    def __init__(self, before: Flat) -> None:
        """``before`` is what was `tagged`."""
        self._before = before
        self._cells = state_cells(before)
        self._hidden = [_nameless(before, cell) for cell in self._cells]
        self._places = {
            bit: (number, k)
            for number, cell in enumerate(self._cells)
            for k, bit in enumerate(cell.ports["Q"])
        }

    def of(self, after: Flat, cell: Cell) -> tuple[Cell, bool] | None:
        """The register that a cell was made for, and whether it says what of it is x.

        ``None`` if no name tells. Raises `RtlToolError` if names contradict each other.
        """
        found = {
            (number, mark)
            for k, bit in enumerate(cell.ports["Q"])
            for wire, index in after.aliases.get(bit, [])
            if (place := self._place(wire.name, index)) is not None
            for number, position, mark in [place]
            if position == k and len(self._cells[number].ports["Q"]) == len(cell.ports["Q"])
        }
        if len(found) > 1:
            raise RtlToolError(f"register {cell.name} has the names of several")
        for number, mark in found:
            return self._cells[number], mark
        return None

    def _place(self, wire: str, index: int) -> tuple[int, int, bool] | None:
        """The number of the register, the bit of it, and whether it is a mark."""
        stem, part = split(wire, self._before.wires)
        if not part:
            return None
        mark = part == "_x"
        if stem.startswith(_TAG):
            number = int(stem.removeprefix(_TAG))
            return number, self._hidden[number][index], mark
        known = self._before.wires.get(stem)
        if known is None or known.hidden:
            return None
        place = self._places.get(known.bits[index])
        return None if place is None else (*place, mark)


def _written(name: str) -> str:
    """A name from the JSON form as the text form has it."""
    return name if name.startswith("$") else f"\\{name}"
