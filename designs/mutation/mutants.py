"""Changed copies of a circuit: each differs in one gate, or in one bit of a register.

A change is told by the register or output that it reaches first, with that one's line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final, TypeAlias

import numpy as np

from designs.mutation.nearest import spread
from extract.netlist import FALSE, TRUE, Init, Literals, Netlist, Op, Word

_NAMES: Final = {Op.AND: "AND", Op.XOR: "XOR", Op.MUX: "MUX"}
_INDEX: Final = re.compile(r"\[\d+\]$")


@dataclass(frozen=True, slots=True, eq=False)
class Mutant:
    """A changed circuit; ``bit`` is what the change reaches first, ``source`` its line."""

    netlist: Netlist
    bit: str
    change: str
    source: str

    def __str__(self) -> str:
        return f"{self.bit}: {self.change}"


def mutants(net: Netlist, seed: int) -> Iterator[Mutant]:
    """All mutants of ``net``, each once, in random order, spread evenly over its named words.

    The words of a memory count as one. Gates that reach no output and no register have none.
    """
    rng = Random(seed)  # noqa: S311 - reproducible, no secret
    names = _Names(net)
    groups: dict[str, list[int]] = defaultdict(list)
    for node in range(net.first_latch, net.node_count):
        if names.owner[node] >= 0:
            groups[_INDEX.sub("", names.owning(node)[0].name)].append(node)
    turns = [_shuffled(net, groups[name], rng) for name in sorted(groups)]
    rng.shuffle(turns)
    while turns:
        for turn in list(turns):
            found = next(turn, None)
            if found is None:
                turns.remove(turn)
                continue
            node, change = found
            yield _changed(net, names, node, change)


def _shuffled(net: Netlist, nodes: list[int], rng: Random) -> Iterator[tuple[int, int]]:
    """Nodes with the number of a change, in random order."""
    kinds = {n: _kinds(net, n) for n in nodes}
    every = [(n, k) for n in nodes for k in range(kinds[n])]
    rng.shuffle(every)
    return iter(every)


def _kinds(net: Netlist, node: int) -> int:
    if node < net.first_gate:
        known = net.init[node - net.first_latch] != Init.ANY
        return len(_NEXT) + int(known)
    return len(_CHANGES[Op(int(net.op[node - net.first_gate]))])


def _changed(net: Netlist, names: _Names, node: int, number: int) -> Mutant:
    changed = _latch if node < net.first_gate else _gate
    after, said = changed(net, names, node, number)
    word, bit = names.owning(node)
    return Mutant(after, _label(word, bit), said, word.source)


# Gates ------------------------------------------------------------------------------------------

_Change: TypeAlias = tuple[Op, str, str]
"""The kind and operands that a gate gets, and how that is told; ``{a}`` names an operand.

Operands are those it has (``a``, ``b``, ``c``), such inverted (``~a``), 0 and 1.
"""

_CHANGES: Final[dict[Op, tuple[_Change, ...]]] = {
    Op.AND: (
        (Op.MUX, "a 1 b", "became OR"),
        (Op.XOR, "a b 0", "became XOR"),
        (Op.AND, "~a b 0", "input {a} inverted"),
        (Op.AND, "a ~b 0", "input {b} inverted"),
        (Op.AND, "1 b 0", "input {a} stuck at 1"),
        (Op.AND, "a 1 0", "input {b} stuck at 1"),
        (Op.AND, "0 0 0", "stuck at 0"),
        (Op.AND, "1 1 0", "stuck at 1"),
    ),
    Op.XOR: (
        (Op.AND, "a b 0", "became AND"),
        (Op.MUX, "a 1 b", "became OR"),
        (Op.XOR, "~a b 0", "inverted"),
        (Op.XOR, "0 b 0", "input {a} stuck at 0"),
        (Op.XOR, "a 0 0", "input {b} stuck at 0"),
    ),
    Op.MUX: (
        (Op.MUX, "a c b", "branches swapped"),
        (Op.MUX, "1 b c", "always takes {b}"),
        (Op.MUX, "0 b c", "always takes {c}"),
        (Op.MUX, "a ~b c", "input {b} inverted"),
        (Op.MUX, "a b ~c", "input {c} inverted"),
    ),
}


def _gate(net: Netlist, names: _Names, node: int, number: int) -> tuple[Netlist, str]:
    at = node - net.first_gate
    op = Op(int(net.op[at]))
    operands = int(net.a[at]), int(net.b[at]), int(net.c[at])
    kind, wanted, said = _CHANGES[op][number]
    values = {"0": FALSE, "1": TRUE}
    for name, literal in zip("abc", operands, strict=True):
        values |= {name: literal, f"~{name}": literal ^ 1}
    gates, a, b, c = net.op.copy(), net.a.copy(), net.b.copy(), net.c.copy()
    gates[at] = kind
    a[at], b[at], c[at] = (values[x] for x in wanted.split())
    changed = replace(net, op=gates, a=a, b=b, c=c)
    return changed, _told(op, [names.of(x) for x in operands], said)


def _told(op: Op, operands: Sequence[str], said: str) -> str:
    """A change in words; operands without a name are told by their number."""
    known = [x for x in operands[: 3 if op is Op.MUX else 2] if x]
    what = _NAMES[op]
    if "{" not in said and known:
        what += f" {'of' if len(known) > 1 else 'with'} {', '.join(known)}"
    a, b, c = (x or str(k) for k, x in enumerate(operands, 1))
    link = " " if said.startswith(("became", "stuck", "always")) else ": "
    return f"{what}{link}{said.format(a=a, b=b, c=c)}"


# Registers --------------------------------------------------------------------------------------

_NEXT: Final[tuple[tuple[Callable[[int, int], int], str], ...]] = (
    (lambda following, _: following ^ 1, "the next value is inverted"),
    (lambda _, own: own, "the register never changes"),
    (lambda _, __: FALSE, "the next value is stuck at 0"),
    (lambda _, __: TRUE, "the next value is stuck at 1"),
)


def _latch(net: Netlist, _: _Names, node: int, number: int) -> tuple[Netlist, str]:
    at = node - net.first_latch
    if number == len(_NEXT):
        init = net.init.copy()
        init[at] ^= 1
        return replace(net, init=init), f"the initial value is {init[at]}"
    make, said = _NEXT[number]
    following = net.next.copy()
    following[at] = make(int(following[at]), 2 * node)
    return replace(net, next=following), said


# Names ------------------------------------------------------------------------------------------


class _Names:
    """Names of bits, and for each node the bit that it reaches first."""

    def __init__(self, net: Netlist) -> None:
        self._bits: list[tuple[Word, int]] = []
        self._known: dict[int, str] = {}
        self.owner = np.full(net.node_count, -1, np.int32)
        for w in net.outputs:
            self._own(w, w.literals)
        for w in net.registers:
            self._own(w, net.next[(w.literals >> 1) - net.first_latch])
        for w in net.registers:  # last: a register is its own, whatever it drives
            self._own(w, w.literals)
        distance = np.zeros(net.node_count, np.int32)
        spread(net.first_gate, net.a, net.b, net.c, self.owner, distance)
        for w in (*net.outputs, *net.registers, *net.inputs):
            for k, x in enumerate(w.literals.tolist()):
                self._known[x] = _label(w, k)
                self._known[x ^ 1] = f"~{_label(w, k)}"

    def _own(self, word: Word, literals: Literals) -> None:
        first = len(self._bits)
        self._bits += [(word, k) for k in range(word.width)]
        self.owner[literals >> 1] = np.arange(first, first + word.width)

    def owning(self, node: int) -> tuple[Word, int]:
        """The bit that a node reaches first, as a word and an index into it."""
        return self._bits[int(self.owner[node])]

    def of(self, literal: int) -> str:
        """The name of a port's or a register's bit, empty for what has none."""
        return self._known.get(literal, "")


def _label(word: Word, bit: int) -> str:
    return f"{word.name}[{word.lsb + bit}]" if word.width > 1 else word.name
