"""Arithmetic and comparison of words of bits, as gates of a `Builder`.

A word is an int32 array of literals, least significant first, and means an unsigned number. Words
of different widths are extended with zeros, so that no sum or product loses a carry.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extract.netlist import FALSE, Literals
from extract.netlist_build import Builder


def constant(value: int, width: int | None = None) -> Literals:
    """A number that is not negative, in as many bits as it needs or in ``width``."""
    bits = max(value.bit_length(), 1) if width is None else width
    return np.array([value >> i & 1 for i in range(bits)], np.int32)


def extended(word: Literals, width: int) -> Literals:
    """``word`` with zeros in front."""
    more = np.full(max(width - len(word), 0), FALSE, np.int32)
    out: Literals = np.concatenate([word, more]).astype(np.int32)
    return out


def _even(a: Literals, b: Literals) -> tuple[Literals, Literals]:
    width = max(len(a), len(b))
    return extended(a, width), extended(b, width)


def _of(bits: Sequence[int]) -> Literals:
    return np.array(bits, np.int32)


def equal(build: Builder, a: Literals, b: Literals) -> int:
    """Are they the same number?"""
    a, b = _even(a, b)
    return build.all([build.xor(int(x), int(y)) ^ 1 for x, y in zip(a, b, strict=True)])


def less(build: Builder, a: Literals, b: Literals) -> int:
    """``a < b``"""
    a, b = _even(a, b)
    out = FALSE
    for x, y in zip(a.tolist(), b.tolist(), strict=True):
        out = build.mux(build.xor(x, y), y, out)
    return out


def add(build: Builder, a: Literals, b: Literals) -> Literals:
    """The sum, one bit wider than the wider operand."""
    a, b = _even(a, b)
    carry, bits = FALSE, []
    for x, y in zip(a.tolist(), b.tolist(), strict=True):
        differ = build.xor(x, y)
        bits.append(build.xor(differ, carry))
        carry = build.mux(differ, carry, x)
    return _of([*bits, carry])


def multiply(build: Builder, a: Literals, b: Literals) -> Literals:
    """The whole product."""
    total = constant(0)
    for i, y in enumerate(b.tolist()):
        row = [FALSE] * i + [build.and_(x, y) for x in a.tolist()]
        total = add(build, total, _of(row))
    return total[: len(a) + len(b)]


def bitwise(build: Builder, op: str, a: Literals, b: Literals) -> Literals:
    """``a & b``, ``a | b`` or ``a ^ b``."""
    a, b = _even(a, b)
    gate = {"&": build.and_, "|": build.or_, "^": build.xor}[op]
    return _of([gate(x, y) for x, y in zip(a.tolist(), b.tolist(), strict=True)])


def chosen(build: Builder, condition: int, then: Literals, otherwise: Literals) -> Literals:
    """``then if condition else otherwise``"""
    a, b = _even(then, otherwise)
    return _of([build.mux(condition, x, y) for x, y in zip(a.tolist(), b.tolist(), strict=True)])


def popcount(build: Builder, a: Literals) -> Literals:
    """How many bits are set."""
    words = [_of([x]) for x in a.tolist()] or [constant(0)]
    while len(words) > 1:
        odd = words[-1:] if len(words) % 2 else []
        pairs = zip(words[::2], words[1::2], strict=False)
        words = [add(build, x, y) for x, y in pairs] + odd
    return words[0]


def nonzero(build: Builder, a: Literals) -> int:
    """Is any bit set?"""
    return build.any(a)


def joined(low: Literals, high: Literals) -> Literals:
    """One word of two: ``low`` are its lower bits."""
    out: Literals = np.concatenate([low, high]).astype(np.int32)
    return out
