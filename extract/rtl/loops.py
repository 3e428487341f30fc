"""Which signals a combinational loop goes through, for the message about it."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from extract.rtl.checks import Place, listed
from extract.rtl.flat import MEMORY_CELLS, Bit, Cell, Flat, Wire
from extract.rtl.script import STATE_CELLS

_BITWISE: Final = ("$and", "$or", "$xor", "$xnor", "$not", "$mux", "$pos", "$buf", "$bwmux")
_UPWARDS: Final = ("$add", "$sub", "$neg", "$mul")  # a bit depends on those up to it
_Node: TypeAlias = Bit | tuple[str, int]
_Edges: TypeAlias = dict[_Node, list[_Node]]


def told(flat: Flat, place: Place) -> str:
    """Where the loop is and what its signals are called; empty if none is found."""
    wires = [wire for bit in _cycle(_core(_edges(flat))) if (wire := _named(flat, bit)) is not None]
    if not wires:
        return ""
    names = listed(sorted({wire.name for wire in wires}))
    return (
        f"{place(wires[0].source)}: a combinational loop goes through: {names}; what they are "
        "depends on themselves in the same cycle. Put a register between"
    )


def _edges(flat: Flat) -> _Edges:
    edges: _Edges = defaultdict(list)
    for number, cell in enumerate(flat.cells):
        if cell.kind in STATE_CELLS or not cell.kind.startswith("$"):
            continue
        if cell.kind in MEMORY_CELLS:
            _memory(cell, number, edges)
        elif cell.kind in _BITWISE:
            _bitwise(cell, edges)
        elif cell.kind in _UPWARDS:
            _upwards(cell, edges)
        else:
            sources = [bit for _, bits in cell.inputs() for bit in bits]
            targets = [bit for _, bits in cell.outputs() for bit in bits]
            _join(edges, sources, (cell.name, number), targets)
    return edges


def _join(edges: _Edges, sources: list[Bit], middle: _Node, targets: list[Bit]) -> None:
    for bit in sources:
        edges[bit].append(middle)
    edges[middle] += targets


def _bitwise(cell: Cell, edges: _Edges) -> None:
    for k, out in enumerate(cell.ports["Y"]):
        for port, bits in cell.inputs():
            if port == "S" and cell.kind == "$mux":
                edges[bits[0]].append(out)
            elif bits:
                edges[bits[min(k, len(bits) - 1)]].append(out)  # the last one may be the sign


def _upwards(cell: Cell, edges: _Edges) -> None:
    for _, bits in cell.inputs():
        for k, bit in enumerate(bits):
            edges[bit] += cell.ports["Y"][k:]


def _memory(cell: Cell, number: int, edges: _Edges) -> None:
    """What is read depends on the address where no clock is between."""
    ports, width = cell.number("RD_PORTS"), cell.number("WIDTH")
    clocked = str(cell.parameters.get("RD_CLK_ENABLE", "")).rjust(ports, "0")[::-1]
    for port in range(ports):
        if clocked[port] != "1":
            size = cell.number("ABITS")
            address = cell.ports["RD_ADDR"][port * size : (port + 1) * size]
            data = cell.ports["RD_DATA"][port * width : (port + 1) * width]
            _join(edges, address, (f"{cell.name} {port}", number), data)


def _core(edges: _Edges) -> _Edges:
    """What is left when nodes that nothing leads to, or that lead to nothing, are taken away."""
    for _ in range(2):
        edges = _backwards(_without_sources(edges))
    return edges


def _without_sources(edges: _Edges) -> _Edges:
    entering: dict[_Node, int] = defaultdict(int)
    for targets in edges.values():
        for target in targets:
            entering[target] += 1
    queue = deque(node for node in edges if not entering[node])
    gone = set(queue)
    while queue:
        for target in edges.get(queue.popleft(), []):
            entering[target] -= 1
            if not entering[target]:
                gone.add(target)
                queue.append(target)
    return {
        node: [t for t in targets if t not in gone]
        for node, targets in edges.items()
        if node not in gone
    }


def _backwards(edges: Mapping[_Node, list[_Node]]) -> _Edges:
    found: _Edges = defaultdict(list)
    for node, targets in edges.items():
        for target in targets:
            found[target].append(node)
    return found


def _cycle(edges: _Edges) -> Iterator[Bit]:
    """The bits of a shortest cycle through the first node."""
    for start in edges:
        came: dict[_Node, _Node] = {}
        queue: deque[_Node] = deque([start])
        while queue and start not in came:
            node = queue.popleft()
            for target in edges.get(node, []):
                if target not in came:
                    came[target] = node
                    queue.append(target)
        if start in came:
            node = start
            while True:
                if not isinstance(node, tuple):
                    yield node
                node = came[node]
                if node == start:
                    return


def _named(flat: Flat, bit: Bit) -> Wire | None:
    """A wire of the user with this bit: not a port, if there is another."""
    mine = [wire for wire, _ in flat.aliases.get(bit, []) if not wire.hidden]
    return next((wire for wire in mine if not wire.direction), mine[0] if mine else None)
