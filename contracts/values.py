"""Pairs of numbers that differ in ways that hardware may tell apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from contracts.isa import Words

_TOP: Final = np.uint32(1 << 31)
Rng = np.random.Generator
Two = tuple[Words, Words]


def wide(rng: Rng, n: int) -> Words:
    """Any words."""
    return rng.integers(0, 1 << 32, n, dtype=np.uint32)


def of_any_length(rng: Rng, n: int) -> Words:
    """Words of which each number of significant bits is as likely as any other, 0 included."""
    length = rng.integers(0, 33, n)
    return of_length(rng, length)


def of_length(rng: Rng, length: np.ndarray) -> Words:
    """Words with these numbers of significant bits."""
    drawn = wide(rng, len(length)).astype(np.uint64) | np.uint64(1 << 31)
    out: Words = (drawn >> (32 - length).astype(np.uint64)).astype(np.uint32)
    return out


def _unrelated(rng: Rng, other: Words) -> Two:
    return wide(rng, len(other)), wide(rng, len(other))


def _lengths(rng: Rng, other: Words) -> Two:
    return of_any_length(rng, len(other)), of_any_length(rng, len(other))


def _zero(rng: Rng, other: Words) -> Two:
    return np.zeros(len(other), np.uint32), of_any_length(rng, len(other))


def _same_length(rng: Rng, other: Words) -> Two:
    length = rng.integers(2, 33, len(other))
    return of_length(rng, length), of_length(rng, length)


def _near(rng: Rng, other: Words) -> Two:
    a = wide(rng, len(other))
    return a, a ^ rng.integers(1, 8, len(other), dtype=np.uint32)


def _one_bit(rng: Rng, other: Words) -> Two:
    a = of_any_length(rng, len(other))
    return a, a ^ (np.uint32(1) << rng.integers(0, 32, len(other), dtype=np.uint32))


def _opposite(rng: Rng, other: Words) -> Two:
    a = of_any_length(rng, len(other))
    return a, ~a + np.uint32(1)


def _sign(rng: Rng, other: Words) -> Two:
    a = wide(rng, len(other))
    return a, a ^ _TOP


def _as_other(rng: Rng, other: Words) -> Two:
    near = other ^ (np.uint32(1) << rng.integers(0, 32, len(other), dtype=np.uint32))
    return other, np.where(rng.random(len(other)) < 0.5, near, wide(rng, len(other)))


def _beside_other(rng: Rng, other: Words) -> Two:
    return other - np.uint32(1), other + rng.integers(0, 2, len(other), dtype=np.uint32)


def _small(rng: Rng, other: Words) -> Two:
    n = len(other)
    return rng.integers(0, 34, n, dtype=np.uint32), rng.integers(0, 34, n, dtype=np.uint32)


def _upper_bits(rng: Rng, other: Words) -> Two:
    a = wide(rng, len(other))
    return a, a ^ (wide(rng, len(other)) << np.uint32(5))


_EDGES: Final = np.array(
    [0, 1, 2, 4, 0xFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFE, 0xFFFFFFFF],
    np.uint32,
)


def _edge(rng: Rng, other: Words) -> Two:
    return rng.choice(_EDGES, len(other)), rng.choice(_EDGES, len(other))


_KINDS: Final[tuple[Callable[[Rng, Words], Two], ...]] = (
    _unrelated, _lengths, _zero, _same_length, _near, _one_bit, _opposite, _sign, _as_other,
    _beside_other, _small, _upper_bits, _edge,
)  # fmt: skip


def pairs(rng: Rng, other: Words) -> Two:
    """Two words each, related in one of many ways; ``other`` is another operand beside them."""
    n = len(other)
    kind = rng.integers(0, len(_KINDS), n)
    swap = rng.random(n) < 0.5
    left, right = np.empty(n, np.uint32), np.empty(n, np.uint32)
    for k, draw in enumerate(_KINDS):
        chosen = np.flatnonzero(kind == k)
        left[chosen], right[chosen] = draw(rng, other[chosen])
    return np.where(swap, right, left), np.where(swap, left, right)


def single(rng: Rng, n: int) -> Words:
    """One word each, of the same kinds."""
    return pairs(rng, wide(rng, n))[0]
