"""Names for the bits of a netlist: ports, registers, words of memories, free bits.

Yosys tells for each input, output and latch of the AIGER file which bits of which wires it is
(``write_aiger -vmap``). The names of registers are taken from the design before lowering, where
possible, since lowering renames some.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from extract.netlist import Word
from extract.rtl.checks import Place, state_cells
from extract.rtl.errors import RtlToolError
from extract.rtl.flat import Bit, Cell, Flat, Wire

_LINE: Final = re.compile(r"^(input|latch|invlatch|wire) (\d+) (\d+) (\S+)", re.MULTILINE)
_SCOPE: Final = re.compile(r"\$flatten\\(.+)\.\$")  # as `flatten` names hidden cells

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
    latch = _latches(state, names)
    before = {cell.name: cell for cell in state_cells(flat)}
    found, lost = [], []
    for cell in state_cells(state):
        old = before.pop(cell.name, None)
        if old is not None and len(old.ports["Q"]) == len(cell.ports["Q"]):
            labels = [owned(flat, old, bit) for bit in old.ports["Q"]]
        else:
            labels = [state.names[bit] for bit in cell.ports["Q"]]
        for (wire, index), bit in zip(labels, cell.ports["Q"], strict=True):
            if bit in latch:
                found.append(Named(wire, index, 2 * (first_latch + latch[bit])))
            else:
                lost.append(f"{wire.name}[{index}]")
    lost += [flat.name(cell.ports["Q"][0]) for cell in before.values()]
    _none_lost(lost)
    return found


def rails(flat: Flat, state: Flat, names: NameMap, first_latch: int) -> list[Named]:
    """As `registers`, where each is two: its value, and a companion ``$x`` that says what is x.

    Raises `RtlToolError` that names registers which have got lost.
    """
    latch = _latches(state, names)
    cells = state_cells(state)
    labels = {c.name: [state.names[bit] for bit in c.ports["Q"]] for c in cells}
    # The two are made one after the other, with numbers in their names; the first one's wire has
    # no name of its own.
    by_number = {_number(c.name): c for c in cells}
    for cell in cells:
        value = by_number.get(_number(cell.name) - 1)
        shown = [rail(flat, wire) for wire, _ in labels[cell.name]]
        if (
            value is not None
            and len(value.ports["Q"]) == len(shown)
            and labels[value.name][0][0].hidden
            and all(w.name.endswith("$x") for w in shown)
        ):
            stems = [replace(w, name=w.name.removesuffix("$x")) for w in shown]
            indices = [k for _, k in labels[cell.name]]
            labels[value.name] = list(zip(stems, indices, strict=True))
    found, lost = [], []
    for cell in cells:
        for (wire, index), bit in zip(labels[cell.name], cell.ports["Q"], strict=True):
            if bit in latch:
                found.append(Named(rail(flat, wire), index, 2 * (first_latch + latch[bit])))
            else:
                lost.append(f"{wire.name}[{index}]")
    _none_lost(lost)
    return found


def _number(name: str) -> int:
    match = re.search(r"\$(\d+)$", name)
    return int(match[1]) if match else -2


def rail(flat: Flat, wire: Wire) -> Wire:
    """A wire that was split into ``NAME_d`` and ``NAME_x``, as ``NAME`` and ``NAME$x``.

    ``flat`` is the design before that; memories have become wires since.
    """
    stem, tail = wire.name[:-2], wire.name[-2:]
    known = (
        stem in flat.wires or stem.rpartition("[")[0] in flat.memory_names or stem in flat.box_pins
    )
    if tail not in ("_d", "_x") or wire.name in flat.wires or not known:
        return wire
    return replace(wire, name=stem if tail == "_d" else f"{stem}$x")


def _latches(state: Flat, names: NameMap) -> dict[Bit, int]:
    found: dict[Bit, int] = {}
    for wire in state.wires.values():
        for k, bit in enumerate(wire.bits):
            number = names.latches.get((wire.name, k))
            if number is not None:
                found[bit] = number
    return found


def _none_lost(lost: list[str]) -> None:
    if lost:
        raise RtlToolError(f"registers were lost in lowering: {', '.join(sorted(lost)[:8])}")


def owned(flat: Flat, cell: Cell, bit: Bit) -> tuple[Wire, int]:
    """The name that a bit of a register has where it is declared.

    The same net has other names where it passes through ports. The name of the cell says in which
    instance the register is, and slang's even which wire it is.
    """
    aliases = flat.aliases.get(bit, [])
    if cell.name.startswith("$driver$"):
        name = cell.name.removeprefix("$driver$")
        for wire, k in aliases:
            if name == wire.name or re.fullmatch(rf"{re.escape(wire.name)}\[[\d:]+\]", name):
                return wire, k
    match = _SCOPE.match(cell.name)
    scope = match[1].replace("\\", "") if match else ""
    inside = [
        (wire, k) for wire, k in aliases
        if not wire.hidden and wire.name.rpartition(".")[0] == scope
    ]  # fmt: skip
    # Ports are declared before what is inside, and a port may be a plain copy of a register.
    return max(inside, key=lambda place: _position(place[0])) if inside else flat.names[bit]


def _position(wire: Wire) -> tuple[int, ...]:
    numbers = re.search(r":(\d+)\.(\d+)", wire.source)
    return (int(numbers[1]), int(numbers[2])) if numbers else ()
