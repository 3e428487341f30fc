"""The compiled loops of AIGER: difference coding of the gates, and sorting them."""

# mypy: disable-error-code="no-any-return"
from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]


@numba.njit(cache=True)
def _number(data: Bytes, at: int) -> tuple[int, int]:
    """The number that starts at ``at`` and where the next one does; -1 if there is none."""
    value, shift = 0, 0
    while at < len(data) and shift <= 28:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
    return -1, at


@numba.njit(cache=True)
def decode(data: Bytes, at: int, first: int, count: int) -> tuple[Ints, Ints, int]:
    """Operands of ``count`` gates whose first is node ``first``, and the place behind them.

    The place is -1 where the data ends too early, or a gate does not come after its operands.
    """
    a, b = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for k in range(count):
        difference, at = _number(data, at)
        second, at = _number(data, at)
        large = 2 * (first + k) - difference
        if difference <= 0 or second < 0 or large < second:
            return a, b, -1
        a[k], b[k] = large, large - second
    return a, b, at


@numba.njit(cache=True)
def encode(a: Ints, b: Ints, first: int) -> Bytes:
    """The bytes of gates with these operands, whose first is node ``first``."""
    out = np.empty(10 * len(a), np.uint8)
    size = 0
    for k in range(len(a)):
        large, small = max(a[k], b[k]), min(a[k], b[k])
        for number in (2 * (first + k) - large, large - small):
            rest = number
            while rest > 127:
                out[size] = (rest & 127) | 128
                rest >>= 7
                size += 1
            out[size] = rest
            size += 1
    return out[:size]


@numba.njit(cache=True)
def sort_gates(gates: Ints, maximum: int) -> Ints:
    """Order in which each gate comes after what it reads; shorter than ``gates`` if they loop.

    ``gates`` has a row of output and two operands, as literals, for each gate.
    """
    count = len(gates)
    driver = np.full(maximum + 1, -1, np.int64)
    for k in range(count):
        driver[gates[k, 0] >> 1] = k
    order = np.empty(count, np.int64)
    state = np.zeros(count, np.uint8)  # 0 new, 1 and 2 on the stack, 3 done
    stack = np.empty(count + 1, np.int64)
    done = 0
    for start in range(count):
        depth = 0
        if state[start] == 0:
            stack[0], depth = start, 1
        while depth:
            gate = stack[depth - 1]
            if state[gate] == 2:
                state[gate] = 3
                order[done] = gate
                done += 1
                depth -= 1
                continue
            state[gate] += 1
            below = driver[gates[gate, state[gate]] >> 1]
            if below >= 0 and state[below] != 3:
                if state[below] != 0:
                    return order[:done]
                stack[depth] = below
                depth += 1
    return order[:done]
