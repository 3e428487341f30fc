"""The compiled loops of the simulator: gates over words of 64 lanes, cycle after cycle.

Values lie as uint64 of shape (nodes, words): a gate is one pass over a row, which the compiler
turns into vector instructions. Measured on PicoRV32 (8 k gates after recovery of XOR and MUX):
rows of 64 words run twice as fast as rows of 16, and longer ones gain under 10%. What was tried
and did not help: reusing rows that are no longer needed (a third slower), gates sorted into runs
of one kind (within 10% either way).
"""

from __future__ import annotations

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from extract.netlist import Literals, Op

Lanes = npt.NDArray[np.uint64]

_AND: Final = int(Op.AND)
_XOR: Final = int(Op.XOR)

# Constants of splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators).
_GAMMA: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_1: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2: Final = np.uint64(0x94D049BB133111EB)
_S30: Final = np.uint64(30)
_S27: Final = np.uint64(27)
_S31: Final = np.uint64(31)


@numba.njit(cache=True, nogil=True)
def random_row(row: Lanes, seed: np.uint64, first: np.uint64) -> None:
    """Fill ``row`` with the words ``first``, ``first + 1``, … of the stream of ``seed``."""
    for w in range(len(row)):
        z = seed + (first + np.uint64(w)) * _GAMMA
        z = (z ^ (z >> _S30)) * _MIX_1
        z = (z ^ (z >> _S27)) * _MIX_2
        row[w] = z ^ (z >> _S31)


@numba.njit(cache=True, nogil=True)
def gates(
    op: npt.NDArray[np.uint8], a: Literals, b: Literals, c: Literals, first: int, values: Lanes
) -> None:
    """Evaluate all gates, whose nodes begin at ``first``, in place."""
    width = values.shape[1]
    for g in range(len(op)):
        out, x, y = values[first + g], values[a[g] >> 1], values[b[g] >> 1]
        flip_a, flip_b = np.uint64(-(a[g] & 1)), np.uint64(-(b[g] & 1))
        if op[g] == _AND:
            for w in range(width):
                out[w] = (x[w] ^ flip_a) & (y[w] ^ flip_b)
        elif op[g] == _XOR:
            for w in range(width):
                out[w] = x[w] ^ y[w] ^ flip_a ^ flip_b
        else:
            z, flip_c = values[c[g] >> 1], np.uint64(-(c[g] & 1))
            for w in range(width):
                other = z[w] ^ flip_c
                out[w] = ((y[w] ^ flip_b ^ other) & (x[w] ^ flip_a)) ^ other


@numba.njit(cache=True, nogil=True)
def step_latches(after: Literals, first: int, values: Lanes, saved: Lanes) -> None:
    """Give all latches, whose nodes begin at ``first``, their next values at once.

    Only what comes from a latch must be ``saved`` (latches, words) before the others move.
    """
    count, width = len(after), values.shape[1]
    for turn in range(3):
        for k in range(count):
            node = after[k] >> 1
            from_latch = first <= node < first + count
            if from_latch != (turn != 1):
                continue
            source = saved[k] if turn == 2 else values[node]
            target = saved[k] if turn == 0 else values[first + k]
            flip = np.uint64(0) if turn == 2 else np.uint64(-(after[k] & 1))
            for w in range(width):
                target[w] = source[w] ^ flip


@numba.njit(cache=True, nogil=True)
def run_block(  # noqa: PLR0913, PLR0917 - the arrays of the netlist, and one block of lanes
    op: npt.NDArray[np.uint8],
    a: Literals,
    b: Literals,
    c: Literals,
    after: Literals,
    input_count: int,
    inputs: Lanes,
    seed: np.uint64,
    start: int,
    words: int,
    low: int,
    latches: Lanes,
    watch: Literals,
    watched: Lanes,
    values: Lanes,
) -> None:
    """Run the lanes of the words ``low …`` through the cycles for which ``watched`` has room.

    ``inputs`` (cycles, inputs, words) drives them; without cycles, the random stream of ``seed``
    does, from cycle ``start`` on. ``latches`` (latches, words) is the state before and after;
    ``watched`` (cycles, watch, words) receives the values; ``values`` (nodes, block) is scratch.
    """
    high, width = low + values.shape[1], values.shape[1]
    first_latch = 1 + input_count
    first_gate = first_latch + len(after)
    saved = np.empty((len(after), width), np.uint64)
    values[0] = np.uint64(0)
    values[first_latch:first_gate] = latches[:, low:high]
    for t in range(watched.shape[0]):
        for i in range(input_count):
            if len(inputs):
                values[1 + i] = inputs[t, i, low:high]
            else:
                index = ((start + t) * input_count + i) * words + low
                random_row(values[1 + i], seed, np.uint64(index))
        gates(op, a, b, c, first_gate, values)
        for k in range(len(watch)):
            flip = np.uint64(-(watch[k] & 1))
            source = values[watch[k] >> 1]
            for w in range(width):
                watched[t, k, low + w] = source[w] ^ flip
        step_latches(after, first_latch, values, saved)
    latches[:, low:high] = values[first_latch:first_gate]
