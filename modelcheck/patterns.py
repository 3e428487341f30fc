"""Values of inputs that a circuit looks for: what its comparisons with constants ask of a word.

A decoder asks for certain bits of a word to be such and such, often of a word that was kept in
registers for some cycles, and in several steps. Evenly random words seldom are what it looks for.
So these patterns are collected: which bits of an input must have which values for a signal to be 1,
traced through gates, multiplexers and registers, and not always exactly: they only guide a search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

from extract.netlist import Netlist, Op
from extract.netlist_gates import recover

_ROUNDS: Final = 5  # registers one after the other that are traced through
_LEAST: Final = 3  # bits: fewer are met by chance
_WIDEST: Final = 64
_MOST: Final = 4096

_Masks = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """Of an input word, whose nodes are ``nodes``: bits ``masks`` are to be as in ``values``."""

    nodes: npt.NDArray[np.int32]
    masks: _Masks
    values: _Masks


def patterns(net: Netlist) -> tuple[Patterns, ...]:
    """The patterns of each input word of 3 to 64 bits that has any."""
    net = recover(net)
    found = (_of(net, w.literals >> 1) for w in net.inputs if _LEAST <= w.width <= _WIDEST)
    return tuple(p for p in found if len(p.masks))


def _of(net: Netlist, nodes: npt.NDArray[np.int32]) -> Patterns:
    bit = np.full(net.node_count, -1, np.int32)
    bit[nodes] = 2 * np.arange(len(nodes), dtype=np.int32)
    mask, value = (np.zeros(2 * net.node_count, np.uint64) for _ in range(2))
    gates = (net.op, net.a, net.b, net.c)
    seen = np.empty((0, 2), np.uint64)
    for _ in range(_ROUNDS):
        _trace(gates, net.next, net.first_latch, bit, mask, value)
        wide = np.bitwise_count(mask) >= _LEAST
        here = np.stack([mask[wide], value[wide]], axis=1)
        seen = np.unique(np.concatenate([seen, here]), axis=0)
    widest_first = np.argsort(-np.bitwise_count(seen[:, 0]).astype(np.int64), kind="stable")
    seen = seen[widest_first[:_MOST]]
    return Patterns(nodes.astype(np.int32), seen[:, 0], seen[:, 1])


@njit(cache=True)
def _trace(gates, following, first_latch, bit, mask, value):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """One pass over gates, then registers.

    ``bit`` says of which bit of the word, as a literal, a node is a copy; -1 if of none. ``mask``
    and ``value`` say of each literal what it being true asks of the word.
    """
    op, a, b, c = gates
    first_gate = first_latch + len(following)
    for g in range(len(op)):
        n = first_gate + g
        if op[g] == Op.XOR:
            continue
        if op[g] == Op.MUX:
            p, q = _carried(bit, b[g]), _carried(bit, c[g])
            bit[n] = q if p < 0 else p
            for flip in range(2):
                mx, vx = _asked(bit, mask, value, b[g] ^ flip)
                my, vy = _asked(bit, mask, value, c[g] ^ flip)
                more = _ones(my) > _ones(mx)
                mask[2 * n + flip], value[2 * n + flip] = (my, vy) if more else (mx, vx)
            continue
        # A bit that is let through; two bits are a comparison, whose inverse asks nothing.
        mx, vx = _asked(bit, mask, value, a[g])
        my, vy = _asked(bit, mask, value, b[g])
        mask[2 * n], value[2 * n] = mx | my, vx | (vy & ~mx)
        p, q = _carried(bit, a[g]), _carried(bit, b[g])
        bit[n] = (q if p < 0 else p) if _ones(mx | my) < 2 else -1
    for k in range(len(following)):
        n = first_latch + k
        bit[n] = _carried(bit, following[k])
        for flip in range(2):
            found = _asked(bit, mask, value, following[k] ^ flip)
            mask[2 * n + flip], value[2 * n + flip] = found


@njit(cache=True)
def _carried(bit, literal):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    found = bit[literal >> 1]
    return found if found < 0 else found ^ (literal & 1)


@njit(cache=True)
def _asked(bit, mask, value, literal):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    zero = np.uint64(0)
    if _ones(mask[literal]) > 1:
        return mask[literal], value[literal]
    carried = _carried(bit, literal)
    if carried < 0:
        return zero, zero
    one = np.uint64(1) << np.uint64(carried >> 1)
    return one, zero if carried & 1 else one


@njit(cache=True)
def _ones(x):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    count = 0
    while x:
        x &= x - np.uint64(1)
        count += 1
    return count
