"""The flat design as Yosys dumps it: one module of word-wide cells.

Loops here go over cells and wires, of which there is one a word, not over gates.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias

from extract.rtl.errors import RtlToolError

Bit: TypeAlias = int | str
"""A wire's number, or the constant ``0``, ``1``, ``x`` or ``z``."""

MEMORY_CELLS: Final = ("$mem", "$mem_v2")


@dataclass(frozen=True, slots=True)
class Cell:
    """An instance of an operator, a register, a memory or a module."""

    name: str
    kind: str
    parameters: dict[str, Any]
    attributes: dict[str, Any]
    ports: dict[str, list[Bit]]
    directions: dict[str, str]

    @property
    def source(self) -> str:
        """Where it stands in the sources, as Yosys says it."""
        return str(self.attributes.get("src", ""))

    def number(self, parameter: str) -> int:
        """A parameter that is a number. Raises `RtlToolError` if it is not there."""
        try:
            value = self.parameters[parameter]
            return int(value, 2) if isinstance(value, str) else int(value)
        except (KeyError, ValueError):
            raise RtlToolError(f"cell {self.name} of Yosys has no number {parameter}") from None

    def outputs(self) -> Iterator[tuple[str, list[Bit]]]:
        """Ports that drive."""
        return ((n, bits) for n, bits in self.ports.items() if self.directions.get(n) != "input")

    def inputs(self) -> Iterator[tuple[str, list[Bit]]]:
        """Ports that read."""
        return ((n, bits) for n, bits in self.ports.items() if self.directions.get(n) != "output")


@dataclass(frozen=True, slots=True)
class Wire:
    """A named word. ``lsb`` is the index of its first bit; ``upto``: indices fall from there."""

    name: str
    bits: list[Bit]
    hidden: bool
    lsb: int
    upto: bool
    source: str
    init: str
    direction: str = ""


class Flat:
    """One module."""

    def __init__(self, top: str, module: dict[str, Any], kinds: frozenset[str]) -> None:
        self.top = top
        self.other_modules = kinds
        self._module = module

    @cached_property
    def cells(self) -> list[Cell]:
        """Every cell, in the order of Yosys."""
        return [
            Cell(
                name, c["type"], c.get("parameters", {}), c.get("attributes", {}),
                c["connections"], c.get("port_directions", {}),
            )
            for name, c in self._module["cells"].items()
        ]  # fmt: skip

    @cached_property
    def wires(self) -> dict[str, Wire]:
        """Every wire by its name."""
        return {
            name: Wire(
                name, w["bits"], bool(w["hide_name"]), w.get("offset", 0), bool(w.get("upto")),
                str(w["attributes"].get("src", "")), str(w["attributes"].get("init", "")),
                self._module["ports"].get(name, {}).get("direction", ""),
            )
            for name, w in self._module["netnames"].items()
        }  # fmt: skip

    @cached_property
    def ports(self) -> list[Wire]:
        """The ports, in their order."""
        return [self.wires[name] for name in self._module["ports"]]

    @cached_property
    def names(self) -> dict[Bit, tuple[Wire, int]]:
        """The best name of each bit: a wire of the user and an index into it.

        Shallow names come before deep ones, user's before made-up ones.
        """
        best: dict[Bit, tuple[Wire, int]] = {}
        order = sorted(
            self.wires.values(), key=lambda w: (w.hidden, w.name.count("."), len(w.name), w.name)
        )
        for wire in order:
            for k, bit in enumerate(wire.bits):
                if isinstance(bit, int):
                    best.setdefault(bit, (wire, k))
        return best

    def name(self, bit: Bit) -> str:
        """The best name of one bit, with its index if it has one."""
        if bit not in self.names:
            return f"constant {bit}" if isinstance(bit, str) else f"net {bit}"
        wire, k = self.names[bit]
        if len(wire.bits) == 1:
            return wire.name
        index = len(wire.bits) - 1 - k if wire.upto else k
        return f"{wire.name}[{wire.lsb + index}]"

    @cached_property
    def drivers(self) -> dict[Bit, Cell]:
        """The cell that drives each bit, if a cell does."""
        return {
            bit: cell for cell in self.cells for _, bits in cell.outputs() for bit in bits
        }  # fmt: skip


def load(path: Path, top: str | None = None) -> Flat:
    """Read a dump. Raises `RtlToolError` if it holds no such module."""
    modules = json.loads(path.read_text(encoding="utf-8"))["modules"]
    if top is None:
        tops = [n for n, m in modules.items() if "top" in m.get("attributes", {})]
        top = tops[0] if len(tops) == 1 else None
    if top is None or top not in modules:
        raise RtlToolError("Yosys dumped no top module")
    return Flat(top, modules[top], frozenset(modules) - {top})
