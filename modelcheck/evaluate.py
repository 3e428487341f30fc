"""Plain evaluation of a circuit on concrete values, 64 runs in each word.

Shares no code with the encoding into clauses, so that each can be held against the other.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

from extract.netlist import Literals, Netlist

Words = npt.NDArray[np.uint64]

ALL: Final = np.uint64(0xFFFFFFFFFFFFFFFF)


def evaluate(net: Netlist, inputs: Words, state: Words) -> Words:
    """Value of each node, uint64 of shape (nodes, W).

    ``inputs``: uint64 of shape (I, W), ``state`` of the latches (L, W).
    """
    values = np.empty((net.node_count, inputs.shape[1]), np.uint64)
    values[0] = 0
    values[1 : net.first_latch] = inputs
    values[net.first_latch : net.first_gate] = state
    _gates(net.op, net.a, net.b, net.c, net.first_gate, values)
    return values


def look(values: Words, literals: Literals) -> Words:
    """Values of literals, uint64 of shape (n, W)."""
    flip = np.where(literals & 1, ALL, np.uint64(0))
    return np.asarray(values[literals >> 1] ^ flip[:, None], dtype=np.uint64)


@njit(cache=True)
def _gates(op, a, b, c, first_gate, values):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    full = np.uint64(0xFFFFFFFFFFFFFFFF)
    for g in range(len(op)):
        flip_a = full if a[g] & 1 else np.uint64(0)
        flip_b = full if b[g] & 1 else np.uint64(0)
        flip_c = full if c[g] & 1 else np.uint64(0)
        for w in range(values.shape[1]):
            x = values[a[g] >> 1, w] ^ flip_a
            y = values[b[g] >> 1, w] ^ flip_b
            if op[g] == 0:
                values[first_gate + g, w] = x & y
            elif op[g] == 1:
                values[first_gate + g, w] = x ^ y
            else:
                z = values[c[g] >> 1, w] ^ flip_c
                values[first_gate + g, w] = (x & y) | (~x & z)
