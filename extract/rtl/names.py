"""Names for the bits of a netlist: ports, registers, words of memories, free bits.

Yosys tells for each input, output and latch of the AIGER file which bits of which wires it is
(``write_aiger -vmap``). The names of registers are taken from the design before lowering, where
possible, since lowering renames some.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from extract.netlist import Word
from extract.rtl.checks import Place, state_cells
from extract.rtl.errors import RtlToolError
from extract.rtl.flat import Bit, Flat, Wire

_LINE: Final = re.compile(r"^(input|latch|invlatch|wire) (\d+) (\d+) (\S+)", re.MULTILINE)

_Bit = tuple[str, int]


@dataclass(frozen=True, slots=True)
class NameMap:
    """Bits of wires, as (wire, number of the bit), to numbers of the AIGER file.

    Outputs are not among them: the map leaves out those that are constant.
    ``free`` maps the number of an input that is no port to all its names.
    """

    inputs: dict[_Bit, int] = field(default_factory=dict)
    latches: dict[_Bit, int] = field(default_factory=dict)
    free: dict[int, list[_Bit]] = field(default_factory=dict)


def read_map(path: Path, inputs: int) -> NameMap:
    """Read the map of an AIGER file with this many inputs. Raises `RtlToolError`."""
    found = NameMap()
    tables = {"input": found.inputs, "latch": found.latches}
    for match in _LINE.finditer(path.read_text(encoding="utf-8")):
        kind, number, bit, name = match[1], int(match[2]), int(match[3]), match[4]
        if kind == "invlatch":
            raise RtlToolError(f"Yosys inverted the latch {name}")
        if kind == "wire":
            if number >= 2 * (inputs + 1):
                break  # wires come in the order of their literals, inputs first
            if number >= 2 and not number & 1:
                found.free.setdefault(number // 2 - 1, []).append((name, bit))
        else:
            tables[kind][name, bit] = number
    for number in found.inputs.values():
        found.free.pop(number, None)
    return found


@dataclass(frozen=True, slots=True)
class Named:
    """A bit of a word: which wire, which of its bits, which literal."""

    wire: Wire
    bit: int
    literal: int


def words(bits: list[Named], place: Place) -> tuple[Word, ...]:
    """Named bits as words: a wire in one word if all its bits are there, else in its runs."""
    of: dict[str, dict[int, int]] = defaultdict(dict)
    wires: dict[str, Wire] = {}
    for named in bits:
        of[named.wire.name][named.bit] = named.literal
        wires[named.wire.name] = named.wire
    found = []
    for name, literals in of.items():
        wire = wires[name]
        there = np.array(sorted(literals))
        for run in np.split(there, np.flatnonzero(np.diff(there) > 1) + 1):
            values = np.array([literals[int(k)] for k in run], np.int32)
            lsb = _index(wire, int(run[0]))
            whole = len(run) == len(wire.bits)
            label = name if whole else f"{name}[{_index(wire, int(run[-1]))}:{lsb}]"
            found.append(Word(label, values, lsb, place(wire.source)))
    return tuple(found)


def output_literals(outputs: tuple[Word, ...]) -> dict[str, int]:
    """Literals of the bits of outputs, by their labels in the symbol table.

    Raises `RtlToolError` if two have one label.
    """
    found: dict[str, int] = {}
    for word in outputs:
        # The reader takes a name without an index for a word of one bit.
        plain = word.width == 1 and word.lsb == 0
        for k, literal in enumerate(word.literals.tolist()):
            for label in (f"{word.name}[{word.lsb + k}]", *([word.name] if plain else ())):
                if found.setdefault(label, literal) != literal:
                    raise RtlToolError(f"Yosys wrote two outputs {label}")
    return found


def _index(wire: Wire, bit: int) -> int:
    """The index that the source gives to a bit."""
    return wire.lsb + (len(wire.bits) - 1 - bit if wire.upto else bit)


def registers(flat: Flat, state: Flat, names: NameMap, first_latch: int) -> list[Named]:
    """A name for each latch. Raises `RtlToolError` that names registers which have got lost."""
    latch: dict[Bit, int] = {}
    for wire in state.wires.values():
        for k, bit in enumerate(wire.bits):
            number = names.latches.get((wire.name, k))
            if number is not None:
                latch[bit] = number
    before = {cell.name: cell for cell in state_cells(flat)}
    found, lost = [], []
    for cell in state_cells(state):
        old = before.pop(cell.name, None)
        same = old is not None and len(old.ports["Q"]) == len(cell.ports["Q"])
        for k, bit in enumerate(cell.ports["Q"]):
            wire, index = (
                flat.names[old.ports["Q"][k]] if old is not None and same else state.names[bit]
            )
            if bit not in latch:
                lost.append(f"{wire.name}[{index}]")
                continue
            found.append(Named(wire, index, 2 * (first_latch + latch[bit])))
    lost += [flat.name(cell.ports["Q"][0]) for cell in before.values()]
    if lost:
        raise RtlToolError(f"registers were lost in lowering: {', '.join(sorted(lost)[:8])}")
    return found
