"""Multipliers of two architectures."""

from __future__ import annotations

import numpy as np

from extract.netlist import Netlist, Word
from extract.netlist_build import Builder


def _full(build: Builder, x: int, y: int, z: int) -> tuple[int, int]:
    """Sum and carry of three bits."""
    half = build.xor(x, y)
    return build.xor(half, z), build.or_(build.and_(x, y), build.and_(half, z))


def _start(name: str, width: int) -> tuple[Builder, list[list[int]]]:
    """A builder, and the partial products: row ``i`` is ``a`` times bit ``i`` of ``b``."""
    build = Builder(name)
    a, b = build.input("a", width).tolist(), build.input("b", width).tolist()
    return build, [[build.and_(x, y) for x in a] for y in b]


def array(width: int) -> Netlist:
    """Row after row is added to the sum of those before."""
    build, rows = _start("array", width)
    total = [*rows[0], *[0] * width]
    for i, row in enumerate(rows[1:], 1):
        carry = 0
        for k, x in enumerate(row):
            total[i + k], carry = _full(build, total[i + k], x, carry)
        total[i + width] = carry
    return build.build(outputs=[Word("product", np.array(total, np.int32))])


def columns(width: int) -> Netlist:
    """Bits of equal weight are added, three at a time, until one of each weight is left."""
    build, rows = _start("columns", width)
    weights: list[list[int]] = [[] for _ in range(2 * width + 1)]
    for i, row in enumerate(rows):
        for k, x in enumerate(row):
            weights[i + k].append(x)
    for w in range(2 * width):
        bits = weights[w]
        while len(bits) > 1:
            x, y = bits.pop(0), bits.pop(0)
            z = bits.pop(0) if bits else 0
            total, carry = _full(build, x, y, z)
            bits.append(total)
            weights[w + 1].append(carry)
    total_bits = [bits[0] if bits else 0 for bits in weights[: 2 * width]]
    return build.build(outputs=[Word("product", np.array(total_bits, np.int32))])
