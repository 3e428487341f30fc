"""Names for the bits of a netlist: ports, registers, words of memories, free bits.

Yosys tells for each input, output and latch of the AIGER file which bits of which wires it is
(``write_aiger -vmap``). The names of registers are taken from the design before lowering, where
possible, since lowering renames some.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from extract.netlist import Word
from extract.rtl.checks import Place, state_cells
from extract.rtl.errors import RtlToolError
from extract.rtl.flat import Bit, Cell, Flat, Wire
from extract.rtl.tags import Origins, split

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


def labels(flat: Flat, state: Flat) -> dict[str, list[tuple[Wire, int]]]:
    """For each register of ``state`` the names of its bits; ``flat`` is the design before lowering.

    Raises `RtlToolError` that names registers which have got lost since.
    """
    before = {cell.name: cell for cell in state_cells(flat)}
    found = {}
    for cell in state_cells(state):
        old = before.pop(cell.name, None)
        if old is not None and len(old.ports["Q"]) == len(cell.ports["Q"]):
            found[cell.name] = [owned(flat, old, bit) for bit in old.ports["Q"]]
        else:
            found[cell.name] = [state.names[bit] for bit in cell.ports["Q"]]
    _none_lost([flat.name(cell.ports["Q"][0]) for cell in before.values()])
    return found


def registers(flat: Flat, state: Flat, names: NameMap, first_latch: int) -> list[Named]:
    """A name for each latch. Raises `RtlToolError` that names registers which have got lost."""
    return _named(state, labels(flat, state), names, first_latch)


def rails(
    flat: Flat, synchronous: Flat, state: Flat, names: NameMap, first_latch: int
) -> list[Named]:
    """As `registers`, where each is two: its value, and a companion ``$x`` that says what is x.

    A register that has two names is told by both, one after the other.

    ``synchronous`` is the design before its signals were doubled (`extract.rtl.tags`). Raises
    `RtlToolError` that names registers which have got lost.
    """
    bits = {cell.name: cell.ports["Q"] for cell in state_cells(synchronous)}
    # A wire may show a register under a second name. Gates keep the best one, sources their own.
    own = labels(flat, synchronous)
    best = {
        name: [
            place if synchronous.names[bit][0].hidden else synchronous.names[bit]
            for place, bit in zip(places, bits[name], strict=True)
        ]
        for name, places in own.items()
    }
    found = _rails(state, synchronous, best)
    named = _named(state, found, names, first_latch)
    there = {(n.wire.name, n.bit) for n in named}
    second = _named(state, _rails(state, synchronous, own), names, first_latch)
    return named + [n for n in second if (n.wire.name, n.bit) not in there]


def _rails(
    state: Flat, synchronous: Flat, known: dict[str, list[tuple[Wire, int]]]
) -> dict[str, list[tuple[Wire, int]]]:
    """Names for the registers of ``state`` from those of ``synchronous`` by cell."""
    origins = Origins(synchronous)
    made = {cell.name: origins.of(state, cell) for cell in state_cells(state)}
    by_number = {_number(name): name for name in made}
    found: dict[str, list[tuple[Wire, int]]] = {}
    for name, origin in made.items():
        if origin is None:
            continue
        old, is_mark = origin
        if not is_mark:
            found[name] = known[old.name]
            continue
        found[name] = [(replace(w, name=f"{w.name}$x"), k) for w, k in known[old.name]]
        # The two are made one after the other, with numbers in their names; the first one's wire
        # has no name of its own.
        value = by_number.get(_number(name) - 1)
        if value is not None and made[value] is None:
            found[value] = known[old.name]
    _none_lost([name for name in made if name not in found])
    _once([wire.name for places in found.values() for wire, _ in places[:1]], known)
    return found


def _once(found: list[str], known: Mapping[str, list[tuple[Wire, int]]]) -> None:
    """Each register has one value, and one companion at most."""
    wanted = Counter(places[0][0].name for places in known.values())
    seen = Counter(found)
    wrong = [
        name for name, count in wanted.items() if seen[name] != count or seen[f"{name}$x"] > count
    ]
    _none_lost(wrong)


def _named(
    state: Flat, labels: dict[str, list[tuple[Wire, int]]], names: NameMap, first_latch: int
) -> list[Named]:
    latch = _latches(state, names)
    found, lost = [], []
    for cell in state_cells(state):
        for (wire, index), bit in zip(labels[cell.name], cell.ports["Q"], strict=True):
            if bit in latch:
                found.append(Named(wire, index, 2 * (first_latch + latch[bit])))
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
    stem, part = split(wire.name, flat.wires)
    known = (
        stem in flat.wires or stem.rpartition("[")[0] in flat.memory_names or stem in flat.box_pins
    )
    if not known:
        return wire
    return replace(wire, name=f"{stem}$x" if part == "_x" else stem)


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
