"""The bit-parallel simulator against one that goes bit by bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.netlist import Init, Netlist
from extract.simulate import (
    ONES,
    SimulationError,
    Simulator,
    output_bits,
    read,
    signatures,
)
from extract.simulate_kernel import Lanes
from extract.trace import Trace
from tests.extract.random_netlists import random_netlist, slow


def lane(words: Lanes, number: int) -> list[int]:
    """Bits of one lane, of an array whose last axis is words."""
    word, bit = divmod(number, 64)
    return [int(v) >> bit & 1 for v in words[..., word].ravel()]


def by_hand(net: Netlist, inputs: Lanes, init: Lanes, number: int) -> list[list[int]]:
    return slow(net, [lane(row, number) for row in inputs], lane(init, number))


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    inputs=st.integers(0, 7),
    latches=st.integers(0, 7),
    gates=st.integers(0, 60),
    words=st.integers(1, 3),
    block=st.integers(1, 4),
)
def test_each_lane_is_a_run(
    seed: int, inputs: int, latches: int, gates: int, words: int, block: int
) -> None:
    net = random_netlist(seed, inputs=inputs, latches=latches, gates=gates)
    simulator = Simulator(net, block=block, threads=1 + seed % 2)
    stimulus = simulator.stimulus(5, words, seed=seed)
    init = simulator.initial(words, seed=seed)
    before = init.copy()
    run = simulator.run(stimulus, init)
    assert np.array_equal(init, before), "the caller's array is left alone"
    assert run.watched.shape == (5, len(output_bits(net)), words)
    for number in {0, 63, 64 * words - 1, seed % (64 * words)}:
        seen = by_hand(net, stimulus, init, number)
        wanted = [[v[x >> 1] ^ (x & 1) for x in output_bits(net).tolist()] for v in seen]
        assert [lane(row, number) for row in run.watched] == wanted
        assert lane(run.latches, number) == [seen[-1][x >> 1] ^ (x & 1) for x in net.next.tolist()]


@pytest.mark.parametrize("seed", range(8))
def test_random_is_run_under_its_stimulus(seed: int) -> None:
    """Whatever the blocks, the threads and the pieces in which it is run."""
    net = random_netlist(seed)
    plain = Simulator(net)
    init = plain.initial(5, seed=seed)
    wanted = plain.run(plain.stimulus(9, 5, seed=seed), init)
    for other in (plain, Simulator(net, block=2), Simulator(net, block=1, threads=3)):
        run = other.random(9, init, seed=seed)
        assert np.array_equal(run.watched, wanted.watched)
        assert np.array_equal(run.latches, wanted.latches)
        first = other.random(4, init, seed=seed)
        second = other.random(5, first.latches, seed=seed, start=4)
        assert np.array_equal(np.concatenate([first.watched, second.watched]), wanted.watched)
    different = plain.random(9, init, seed=seed + 1, watch=np.arange(2, 12, 2, dtype=np.int32))
    same = plain.random(9, init, seed=seed, watch=np.arange(2, 12, 2, dtype=np.int32))
    assert not np.array_equal(different.watched, same.watched)


def test_random_bits_are_fair_and_initial_states_legal() -> None:
    net = random_netlist(3, inputs=8, latches=60)
    simulator = Simulator(net)
    bits = np.unpackbits(simulator.stimulus(64, 16, seed=1).view(np.uint8))
    assert abs(bits.mean() - 0.5) < 0.005
    init = simulator.initial(16, seed=1)
    for row, kind in zip(init, net.init, strict=True):
        if kind == Init.ANY:
            assert 0.4 < np.unpackbits(row.view(np.uint8)).mean() < 0.6
        else:
            assert (row == (ONES if kind == Init.ONE else 0)).all()


@pytest.mark.parametrize("seed", range(6))
def test_step_shows_all_nodes(seed: int) -> None:
    net = random_netlist(seed)
    simulator = Simulator(net)
    inputs = simulator.stimulus(1, 2, seed=seed)[0]
    latches = simulator.initial(2, seed=seed)
    values, following = simulator.step(inputs, latches)
    for number in range(0, 128, 9):
        (wanted,) = by_hand(net, inputs[None], latches, number)
        assert lane(values, number) == wanted
    assert np.array_equal(following, read(values, net.next))


def test_signatures_tell_functions_apart() -> None:
    """Of all nodes: equal or complementary rows only where the functions are."""
    net = random_netlist(11, inputs=3, latches=2, gates=60)
    rows = signatures(net, 8, seed=5)
    assert rows.shape == (net.node_count, 8)
    assert np.array_equal(rows, signatures(net, 8, seed=5))
    assert not np.array_equal(rows, signatures(net, 8, seed=6))
    tables = []
    for k in range(32):
        bits = [k >> i & 1 for i in range(5)]
        tables.append(slow(net, [bits[:3]], bits[3:])[0])
    columns = list(zip(*tables, strict=True))
    for x in range(net.node_count):
        for y in range(x):
            assert (columns[x] == columns[y]) == np.array_equal(rows[x], rows[y])


@pytest.mark.parametrize(
    ("inputs", "init", "message"),
    [
        (np.zeros((2, 5, 1), np.int64), np.zeros((6, 1), np.uint64), "uint64 with 3"),
        (np.zeros((2, 5), np.uint64), np.zeros((6, 1), np.uint64), "uint64 with 3"),
        (np.zeros((2, 4, 1), np.uint64), np.zeros((6, 1), np.uint64), "4 rows of inputs for 5"),
        (np.zeros((2, 5, 1), np.uint64), np.zeros((6, 2), np.uint64), "a state of shape"),
    ],
)
def test_stimulus_that_does_not_fit(inputs: Lanes, init: Lanes, message: str) -> None:
    with pytest.raises(SimulationError, match=message):
        Simulator(random_netlist(0)).run(inputs, init)


def test_watched_literals_exist() -> None:
    net = random_netlist(0)
    simulator = Simulator(net)
    for literal in (-1, 2 * net.node_count):
        with pytest.raises(SimulationError, match="of no node"):
            simulator.random(
                1, simulator.initial(1, seed=0), seed=0, watch=np.array([literal], np.int32)
            )


def test_a_lane_is_a_trace() -> None:
    net = random_netlist(4)
    simulator = Simulator(net)
    inputs, init = simulator.stimulus(6, 3, seed=1), simulator.initial(3, seed=1)
    run = simulator.run(inputs, init)
    for number in (0, 70, 191):
        trace = Trace.from_lane(inputs, init, number)
        assert trace.values(net, output_bits(net)).tolist() == [
            lane(row, number) for row in run.watched
        ]
