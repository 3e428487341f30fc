"""The second waist: a synchronous circuit as flat integer arrays.

A *literal* is ``2 * node + 1`` for the inverted, ``2 * node`` for the plain value of a node, as in
AIGER. Node 0 is constant false, so literal 0 is false and literal 1 true. Nodes ``1 … I`` are the
inputs, ``I+1 … I+L`` the latches, then come the gates, each after those that it reads. All latches
step at once: there is one clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Literals: TypeAlias = npt.NDArray[np.int32]

FALSE: Final = 0
TRUE: Final = 1


class NetlistError(Exception):
    """Arrays that are no circuit: a gate before what it reads, a literal of no node, …"""


class Op(IntEnum):
    """What a gate computes of its literals ``a``, ``b`` and ``c``."""

    AND = 0
    """``a & b``"""
    XOR = 1
    """``a ^ b``"""
    MUX = 2
    """``b`` if ``a``, else ``c``"""


class Init(IntEnum):
    """The value of a latch in the first cycle."""

    ZERO = 0
    ONE = 1
    ANY = 2
    """Not set by the design: any value."""


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """Named bits: a port, a register or a word of a memory.

    ``literals``: int32 of shape (width,), least significant bit first. ``name`` is the
    hierarchical name in the source, with ``.`` between instances; ``lsb`` the index that the
    source gives to the first bit.
    """

    name: str
    literals: Literals
    lsb: int = 0
    source: str = ""

    @property
    def width(self) -> int:
        """Number of bits."""
        return len(self.literals)


@dataclass(frozen=True, slots=True, eq=False)
class Netlist:
    """A circuit.

    Of ``G`` gates ``op`` (uint8) says what each computes, ``a``, ``b``, ``c`` (int32) are the
    literals that it reads (``c`` is 0 unless it is a MUX). Of ``L`` latches ``next`` (int32) is
    the literal of the value in the next cycle and ``init`` (uint8) that in the first, see `Init`.
    ``inputs`` are the input ports; ``free`` are further inputs that no port drives, such as the
    unknown bits of an ``x`` that was made a choice. Together they name each input node once.
    ``registers`` name latches. ``constraints`` are literals that hold in every cycle
    (assumptions); ``bad`` those that a safety property says never to hold.
    """

    top: str
    input_count: int
    op: npt.NDArray[np.uint8]
    a: Literals
    b: Literals
    c: Literals
    next: Literals
    init: npt.NDArray[np.uint8]
    inputs: tuple[Word, ...] = ()
    outputs: tuple[Word, ...] = ()
    registers: tuple[Word, ...] = ()
    free: tuple[Word, ...] = ()
    constraints: Literals = field(default_factory=lambda: np.empty(0, np.int32))
    bad: Literals = field(default_factory=lambda: np.empty(0, np.int32))

    @property
    def latch_count(self) -> int:
        """Number of latches."""
        return len(self.next)

    @property
    def gate_count(self) -> int:
        """Number of gates."""
        return len(self.op)

    @property
    def first_latch(self) -> int:
        """Node of the first latch."""
        return 1 + self.input_count

    @property
    def first_gate(self) -> int:
        """Node of the first gate."""
        return 1 + self.input_count + self.latch_count

    @property
    def node_count(self) -> int:
        """Number of nodes, the constant included."""
        return self.first_gate + self.gate_count

    def validate(self) -> None:
        """Raise `NetlistError` unless every array has its shape and every literal its node."""
        g = self.gate_count
        if not len(self.a) == len(self.b) == len(self.c) == g:
            raise NetlistError(f"{g} gates, but operands {len(self.a)}, {len(self.b)}")
        if len(self.init) != self.latch_count or (self.init > Init.ANY).any():
            raise NetlistError("each latch needs one initial value: 0, 1 or any")
        if (self.op > Op.MUX).any():
            raise NetlistError("an unknown kind of gate")
        own = 2 * np.arange(self.first_gate, self.node_count, dtype=np.int64)
        for operand in (self.a, self.b, self.c):
            if (operand < 0).any() or (operand >= own).any():
                raise NetlistError("a gate reads a node that does not come before it")
        words = (*self.inputs, *self.outputs, *self.registers, *self.free)
        for literals in (self.next, self.constraints, self.bad, *(w.literals for w in words)):
            if (literals < 0).any() or (literals >= 2 * self.node_count).any():
                raise NetlistError("a literal of no node")
        self._validate_inputs()

    def _validate_inputs(self) -> None:
        named = [w.literals for w in (*self.inputs, *self.free)]
        nodes = np.sort(np.concatenate(named)) if named else np.empty(0, np.int32)
        if not np.array_equal(nodes, 2 * np.arange(1, 1 + self.input_count)):
            raise NetlistError("the input words do not name each input once")
