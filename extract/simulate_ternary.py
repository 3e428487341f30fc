"""Simulation with 0, 1 and unknown: what a state is whatever the unknown bits are.

Each bit is two: may it be 0, may it be 1? (Bryant, A methodology for hardware verification based
on logic simulation, 1991.) The result holds of every concrete run, but more than need be is unknown
where unknown bits meet again.
"""

# mypy: disable-error-code="no-any-return"
from __future__ import annotations

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from extract.netlist import Init, Literals, Netlist, Op

Ternary = npt.NDArray[np.uint8]
"""Bit 0: may be 0; bit 1: may be 1. So 1 is zero, 2 is one, 3 is unknown."""

ZERO: Final = 1
ONE: Final = 2
UNKNOWN: Final = 3

_AND: Final = int(Op.AND)
_XOR: Final = int(Op.XOR)


def initial(net: Netlist) -> Ternary:
    """The initial state of each latch."""
    return np.array([ZERO, ONE, UNKNOWN], np.uint8)[net.init]


def step(net: Netlist, inputs: Ternary, state: Ternary) -> tuple[Ternary, Ternary]:
    """Values of all nodes (nodes,) in a cycle, and the state (latches,) after it."""
    values = np.empty(net.node_count, np.uint8)
    values[0] = ZERO
    values[1 : net.first_latch] = inputs
    values[net.first_latch : net.first_gate] = state
    _gates(net.op, net.a, net.b, net.c, net.first_gate, values)
    return values, read(values, net.next)


def read(values: Ternary, literals: Literals) -> Ternary:
    """Of the ``values`` of all nodes those of ``literals``."""
    plain = values[literals >> 1]
    swapped = (plain >> 1) | ((plain & 1) << 1)
    return np.where(literals & 1 == 1, swapped, plain).astype(np.uint8)


def inits(state: Ternary) -> npt.NDArray[np.uint8]:
    """A state as initial values of latches, see `Init`."""
    return np.array([Init.ANY, Init.ZERO, Init.ONE, Init.ANY], np.uint8)[state]


@numba.njit(cache=True)
def _of(values: Ternary, literal: int) -> int:
    plain = values[literal >> 1]
    return (plain >> 1) | ((plain & 1) << 1) if literal & 1 else plain


@numba.njit(cache=True)
def _gates(
    op: npt.NDArray[np.uint8], a: Literals, b: Literals, c: Literals, first: int, values: Ternary
) -> None:
    for g in range(len(op)):
        x, y = _of(values, a[g]), _of(values, b[g])
        if op[g] == _AND:
            out = ((x | y) & 1) | (x & y & 2)
        elif op[g] == _XOR:
            zero = (x & y & 1) | ((x & y) >> 1)
            one = (x & (y >> 1) & 1) | ((x >> 1) & y & 1)
            out = zero | (one << 1)
        else:
            z = _of(values, c[g])
            out = (y if x & 2 else 0) | (z if x & 1 else 0)
        values[first + g] = out
