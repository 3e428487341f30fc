"""The compiled loop's parts: bits and numbers, memory; and which gates wait for an answer."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import lane_kernel as kernel

WORDS = st.lists(st.integers(0, 2**64 - 1), min_size=64, max_size=64)


@given(WORDS)
@settings(max_examples=20, deadline=None)
def test_transposing_exchanges_rows_and_bits(words: list[int]) -> None:
    rows = np.array(words, np.uint64)
    kernel.transpose(rows)
    for k in (0, 1, 31, 32, 63):
        assert int(rows[k]) == sum((w >> k & 1) << i for i, w in enumerate(words))
    kernel.transpose(rows)
    assert rows.tolist() == words


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2**32 - 1)), max_size=20))
@settings(max_examples=50, deadline=None)
def test_memory_holds_what_was_written_last(writes: list[tuple[int, int]]) -> None:
    places, data = np.zeros(6, np.uint32), np.zeros(6, np.uint32)
    count, held = 0, dict[int, int]()
    seed = np.uint64(7)
    for at, value in writes:
        count = kernel.write(np.uint32(4 * at), np.uint32(value), places, data, count)
        held[4 * at] = value
    for at in range(8):
        found = kernel.look_up(np.uint32(4 * at), places, data, count, seed)
        expected = held.get(4 * at, int(kernel.unwritten(np.uint32(4 * at), seed)))
        assert int(found) == expected


def test_full_memory_is_told() -> None:
    places, data = np.zeros(1, np.uint32), np.zeros(1, np.uint32)
    assert kernel.write(np.uint32(4), np.uint32(1), places, data, 0) == 1
    assert kernel.write(np.uint32(8), np.uint32(1), places, data, 1) == -1


def test_registers_are_put_into_lanes_inverted_where_the_netlist_inverts() -> None:
    numbers = np.arange(64, dtype=np.uint32) * 3
    literals = np.array([2 * (5 + k) + (k & 1) for k in range(32)], np.int32)
    latches = np.zeros((40, 1), np.uint64)
    kernel.put_registers(numbers, literals, 5, latches)
    for lane in (0, 1, 40, 63):
        bits = [int(latches[k, 0]) >> lane & 1 ^ (k & 1) for k in range(32)]
        assert sum(b << k for k, b in enumerate(bits)) == int(numbers[lane])
