"""Numbers from bits."""

from __future__ import annotations

from collections.abc import Iterable


def number_of(bits: Iterable[int]) -> int:
    """The unsigned number of bits that come least significant first."""
    return sum(int(bit) << i for i, bit in enumerate(bits))
