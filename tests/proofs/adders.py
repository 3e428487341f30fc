"""Adders of two architectures, and one that loses a carry."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extract.netlist import Netlist, Word
from extract.netlist_build import Builder


def _ports(build: Builder, width: int) -> tuple[list[int], list[int], int]:
    a, b = build.input("a", width).tolist(), build.input("b", width).tolist()
    return a, b, int(build.input("cin", 1)[0])


def _built(build: Builder, total: Sequence[int], carry: int) -> Netlist:
    words = [Word("sum", np.array(total, np.int32)), Word("cout", np.array([carry], np.int32))]
    return build.build(outputs=words)


def ripple(width: int) -> Netlist:
    """A carry from bit to bit."""
    build = Builder("ripple")
    a, b, carry = _ports(build, width)
    total = []
    for x, y in zip(a, b, strict=True):
        half = build.xor(x, y)
        total.append(build.xor(half, carry))
        carry = build.or_(build.and_(x, y), build.and_(half, carry))
    return _built(build, total, carry)


def kogge_stone(width: int, *, lost: int | None = None) -> Netlist:
    """A prefix tree of carries; into bit ``lost`` only the carry that bits before it generate."""
    build = Builder("kogge_stone")
    a, b, carry = _ports(build, width)
    half = [build.xor(x, y) for x, y in zip(a, b, strict=True)]
    generate = [build.and_(x, y) for x, y in zip(a, b, strict=True)]
    propagate, distance = list(half), 1
    while distance < width:
        for i in range(width - 1, distance - 1, -1):
            before = build.and_(propagate[i], generate[i - distance])
            generate[i] = build.or_(generate[i], before)
            propagate[i] = build.and_(propagate[i], propagate[i - distance])
        distance *= 2
    pairs = zip(generate, propagate, strict=True)
    carries = [carry, *(build.or_(g, build.and_(p, carry)) for g, p in pairs)]
    if lost is not None:
        carries[lost] = generate[lost - 1]
    total = [build.xor(p, c) for p, c in zip(half, carries[:-1], strict=True)]
    return _built(build, total, carries[-1])
