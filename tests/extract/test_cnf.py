"""The clauses of frames against plain evaluation of every run."""

from __future__ import annotations

import itertools
from typing import TypeAlias

import numpy as np
import pytest
from pysat.solvers import Solver

from extract.cnf import ABSENT, Encoded, Encoder, Merge, dimacs
from extract.cnf_needed import Unrolling
from extract.netlist import Init, Literals, Netlist
from tests.modelcheck.circuits import bit, random_circuit, values_of

Bits: TypeAlias = tuple[int, ...]


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("known_start", [True, False])
@pytest.mark.parametrize("as_needed", [False, True])
def test_two_frames_have_exactly_the_runs_of_the_circuit(
    seed: int, known_start: bool, as_needed: bool
) -> None:
    net = random_circuit(seed)
    roots = np.concatenate([net.bad, net.constraints, net.next])
    encoder = Encoder(net, roots)
    start = encoder.initial() if known_start else encoder.any_state()
    wanted = np.concatenate([net.bad, net.next])
    first, second = _two_frames(encoder, start, wanted, as_needed)
    outputs = np.concatenate([first.of(wanted), second.of(wanted)])
    solver = Solver(name="minisat22")
    for clause in _split(encoder.take()):
        solver.add_clause(clause)
    for state, one, two in _runs(net, known_start):
        fixed = _equal(start, state)
        fixed += _equal(first.values[1 : net.first_latch], one)
        fixed += _equal(second.values[1 : net.first_latch], two)
        expected = _expected(net, state, one, two, wanted.tolist())
        assert solver.solve(assumptions=[*fixed, *_equal(outputs, expected)])
        for i, literal in enumerate(outputs.tolist()):
            if literal > 1:
                wrong = literal ^ 1 if expected[i] else literal
                assert not solver.solve(assumptions=[*fixed, int(dimacs([wrong])[0])])
            else:
                assert literal == expected[i]


def _two_frames(
    encoder: Encoder, start: Literals, wanted: Literals, as_needed: bool
) -> tuple[Encoded, Encoded]:
    if not as_needed:
        first = encoder.frame(start)
        return first, encoder.frame(encoder.next(first))
    unrolling = Unrolling(encoder, start)
    one, two = unrolling.add(), unrolling.add()
    for literal in np.random.default_rng(1).permutation(wanted):  # one at a time, in any order
        two.of([literal])
    return one, two


def test_what_is_not_needed_is_not_encoded() -> None:
    net = random_circuit(3)
    encoder = Encoder(net, np.concatenate([net.bad, net.next]))
    unrolling = Unrolling(encoder, encoder.initial())
    cycle = unrolling.add()
    assert (cycle.values[net.first_gate :] == ABSENT).all()
    cycle.of(net.next)
    assert (cycle.values[net.next >> 1] != ABSENT).all()
    narrow = Encoder(net, [2 * net.first_latch])
    outside = np.flatnonzero(~narrow.cone)
    assert len(outside)
    with pytest.raises(ValueError, match="outside the cone"):
        Unrolling(narrow, narrow.initial()).add().of(2 * outside)


def _split(flat: np.ndarray) -> list[list[int]]:
    ends = np.flatnonzero(flat == 0) + 1
    return [part[:-1].tolist() for part in np.split(flat, ends) if len(part)]


def _equal(literals: np.ndarray, values: tuple[int, ...] | list[int]) -> list[int]:
    pairs = zip(literals.tolist(), values, strict=True)
    return [int(dimacs([x if v else x ^ 1])[0]) for x, v in pairs if x > 1]


def _runs(net: Netlist, known_start: bool) -> list[tuple[Bits, Bits, Bits]]:
    choices = [
        (int(i),) if known_start and i != Init.ANY else (0, 1) for i in net.init.tolist()
    ]  # fmt: skip
    words = list(itertools.product((0, 1), repeat=net.input_count))
    return list(itertools.product(itertools.product(*choices), words, words))[::3]


def _expected(net: Netlist, state: Bits, one: Bits, two: Bits, wanted: list[int]) -> list[int]:
    values = values_of(net, one, state)
    state = tuple(bit(values, x) for x in net.next.tolist())
    later = values_of(net, two, state)
    return [bit(values, x) for x in wanted] + [bit(later, x) for x in wanted]


def test_equal_states_share_their_gates() -> None:
    net = random_circuit(3)
    encoder = Encoder(net)
    state = encoder.any_state()
    inputs = len(encoder.inputs)
    encoder.frame(state)
    before = encoder.variables
    # With the same literals for the inputs nothing would be new; with new ones, something is.
    encoder.frame(state)
    assert encoder.variables >= before + inputs


def test_merged_nodes_are_compared_once() -> None:
    net = random_circuit(5)
    latches = 2 * np.arange(net.first_latch, net.first_gate, dtype=np.int32)
    encoder = Encoder(net, latches)
    of = np.full(net.node_count, -1, np.int32)
    one, two = net.first_latch, net.first_latch + 1
    of[two] = 2 * one + 1
    frame = encoder.frame(encoder.any_state(), Merge(of))
    assert frame.nodes.tolist() == [two]
    assert frame.values[two] == frame.values[one] ^ 1
