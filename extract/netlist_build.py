"""Making a `Netlist` piece by piece: from other netlists, and from gates for what joins them.

While a circuit grows, nodes are numbered in the order in which they come; `Builder.build` sorts
them into inputs, latches and gates. Everything that concerns whole netlists is vectorised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from extract.netlist import FALSE, TRUE, Init, Literals, Netlist, NetlistError, Op, Word

_INPUT: Final = 0
_LATCH: Final = 1
_GATE: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A netlist inside a builder: ``node_literal`` (int32) gives the new literal of each node."""

    netlist: Netlist
    node_literal: Literals

    def __call__(self, literals: Literals) -> Literals:
        """The builder's literals for those of the netlist."""
        moved: Literals = self.node_literal[literals >> 1] ^ (literals & 1)
        return moved


class Builder:
    """A circuit that grows. All literals are those of the builder until it is built."""

    def __init__(self, top: str) -> None:
        self.top = top
        self._kind: list[np.ndarray] = [np.empty(0, np.uint8)]
        self._nodes = 1
        self._op: list[np.ndarray] = []
        self._operands: list[np.ndarray] = []
        self._inputs: list[Word] = []
        self._free: list[Word] = []
        self._registers: list[Word] = []
        self._latches: list[np.ndarray] = []
        self._init: list[np.ndarray] = []
        self._next_of: list[tuple[np.ndarray, np.ndarray]] = []
        self._final = np.zeros(1, np.int32)
        self._known: dict[tuple[int, int, int, int], int] = {}

    # Leaves ------------------------------------------------------------------------------------

    def input(self, name: str, width: int, lsb: int = 0) -> Literals:
        """A new input word: its literals, least significant first."""
        made = self._fresh(_INPUT, width)
        self._inputs.append(Word(name, made, lsb))
        return made

    def free(self, name: str, width: int) -> Literals:
        """New inputs that no port drives."""
        made = self._fresh(_INPUT, width)
        self._free.append(Word(name, made))
        return made

    def register(self, name: str, width: int, init: Init | Sequence[Init] = Init.ZERO) -> Literals:
        """A new register; `set_next` must follow."""
        made = self._fresh(_LATCH, width)
        self._latches.append(made >> 1)
        values = [init] * width if isinstance(init, Init) else list(init)
        if len(values) != width:
            raise NetlistError(f"{name}: {width} bits, but {len(values)} initial values")
        self._init.append(np.array(values, np.uint8))
        if name:
            self._registers.append(Word(name, made))
        return made

    def set_next(self, register: Literals, value: Literals) -> None:
        """What a register of `register` holds in the next cycle."""
        if len(register) != len(value) or (register & 1).any():
            raise NetlistError("a next value needs as many bits as its register")
        self._next_of.append((register >> 1, np.asarray(value, np.int32)))

    # Gates -------------------------------------------------------------------------------------

    def and_(self, a: int, b: int) -> int:
        """Conjunction of two literals."""
        a, b = min(a, b), max(a, b)
        if a == FALSE or a == b ^ 1:
            return FALSE
        if a in (TRUE, b):
            return b
        return self._gate(Op.AND, a, b, FALSE)

    def or_(self, a: int, b: int) -> int:
        """Disjunction."""
        return self.and_(a ^ 1, b ^ 1) ^ 1

    def xor(self, a: int, b: int) -> int:
        """Are two literals different?"""
        a, b = min(a, b), max(a, b)
        if a <= TRUE:
            return b ^ a
        if a >> 1 == b >> 1:
            return (a ^ b) & 1
        return self._gate(Op.XOR, a & ~1, b & ~1, FALSE) ^ ((a ^ b) & 1)

    def mux(self, condition: int, then: int, otherwise: int) -> int:
        """``then`` if ``condition``, else ``otherwise``."""
        if condition <= TRUE:
            return then if condition == TRUE else otherwise
        if then == otherwise:
            return then
        if then == otherwise ^ 1:
            return self.xor(condition, otherwise)
        if then <= TRUE:
            return self.or_(condition, otherwise) if then else self.and_(condition ^ 1, otherwise)
        if otherwise <= TRUE:
            return self.or_(condition ^ 1, then) if otherwise else self.and_(condition, then)
        return self._gate(Op.MUX, condition, then, otherwise)

    def all(self, literals: Sequence[int] | Literals) -> int:
        """Conjunction of many, as a balanced tree."""
        level = [int(x) for x in literals] or [TRUE]
        while len(level) > 1:
            pairs = zip(level[::2], level[1::2], strict=False)
            odd = level[-1:] if len(level) % 2 else []
            level = [self.and_(a, b) for a, b in pairs] + odd
        return level[0]

    def any(self, literals: Sequence[int] | Literals) -> int:
        """Disjunction of many."""
        return self.all([int(x) ^ 1 for x in literals]) ^ 1

    # Whole netlists ----------------------------------------------------------------------------

    def place(
        self, net: Netlist, drive: Literals, *, prefix: str = "", cut: Literals | None = None
    ) -> Placed:
        """Put ``net`` in: ``drive`` (shape (inputs,)) drives its input nodes.

        With ``cut`` (shape (latches,)) its latches are not made: these literals stand for them.
        Register names get ``prefix``.
        """
        net.validate()
        if len(drive) != net.input_count:
            raise NetlistError(f"{net.top}: {net.input_count} inputs, driven {len(drive)}")
        literal = np.zeros(net.node_count, np.int32)
        literal[1 : net.first_latch] = drive
        placed = Placed(net, literal)
        latches = slice(net.first_latch, net.first_gate)
        if cut is None:
            made = self._fresh(_LATCH, net.latch_count)
            literal[latches] = made
            self._latches.append(made >> 1)
            self._init.append(net.init)
        else:
            literal[latches] = cut
        literal[net.first_gate :] = self._fresh(_GATE, net.gate_count)
        self._op.append(net.op)
        self._operands.append(np.stack([placed(net.a), placed(net.b), placed(net.c)]))
        if cut is None:
            self._next_of.append((literal[latches] >> 1, placed(net.next)))
            for w in net.registers:
                name = prefix + w.name
                self._registers.append(Word(name, placed(w.literals), w.lsb, w.source))
        return placed

    def build(
        self,
        *,
        outputs: Sequence[Word] = (),
        constraints: Sequence[int] = (),
        bad: Sequence[int] = (),
    ) -> Netlist:
        """The circuit so far. Raises `NetlistError` if a register has no next value."""
        kind = np.concatenate([[np.uint8(255)], *self._kind]).astype(np.uint8)
        order = np.concatenate([[0], *(np.flatnonzero(kind == k) for k in (0, 1, 2))])
        self._final = np.empty(self._nodes, np.int32)
        self._final[order] = np.arange(self._nodes, dtype=np.int32)
        moved = self.built

        def words(given: Sequence[Word]) -> tuple[Word, ...]:
            return tuple(Word(w.name, moved(w.literals), w.lsb, w.source) for w in given)

        a, b, c = (moved(x) for x in _joined(self._operands))
        net = Netlist(
            self.top,
            int((kind == _INPUT).sum()),
            np.concatenate([np.empty(0, np.uint8), *self._op]).astype(np.uint8),
            a,
            b,
            c,
            next=moved(self._nexts()),
            init=np.concatenate([np.empty(0, np.uint8), *self._init]).astype(np.uint8),
            inputs=words(self._inputs),
            outputs=words(outputs),
            registers=words(self._registers),
            free=words(self._free),
            constraints=moved(constraints),
            bad=moved(bad),
        )
        net.validate()
        return net

    def built(self, literals: Sequence[int] | Literals) -> Literals:
        """Literals of the netlist last built for those of the builder."""
        given = np.asarray(literals, np.int32)
        out: Literals = (self._final[given >> 1] << 1) | (given & 1)
        return out

    def _nexts(self) -> Literals:
        by_node = np.full(self._nodes, -1, np.int32)
        for nodes, values in self._next_of:
            by_node[nodes] = values
        latches = np.concatenate([np.empty(0, np.int32), *self._latches])
        found: Literals = by_node[latches]
        if (found < 0).any():
            raise NetlistError("a register was made without a next value")
        return found

    def _gate(self, op: Op, a: int, b: int, c: int) -> int:
        key = (op, a, b, c)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = int(self._fresh(_GATE, 1)[0])
            self._op.append(np.array([op], np.uint8))
            self._operands.append(np.array([[a], [b], [c]], np.int32))
        return found

    def _fresh(self, kind: int, count: int) -> Literals:
        first = self._nodes
        self._nodes += count
        self._kind.append(np.full(count, kind, np.uint8))
        return np.arange(first, first + count, dtype=np.int32) << 1


def _joined(operands: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.empty((3, 0), np.int32), *operands], axis=1).astype(np.int32)
