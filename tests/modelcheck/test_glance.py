"""Random runs with habits: what they find is a failure, and they find what even bits rarely do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from extract import netlist_words as words
from extract.netlist import Init, Netlist
from extract.netlist_build import Builder
from extract.simulate import Simulator, read
from modelcheck.and_form import and_form
from modelcheck.engines import Job
from modelcheck.glance import _allow, _Habits, allowed, glance, simulation
from modelcheck.patterns import patterns
from modelcheck.replay import replay
from tests.modelcheck.circuits import first_bad_cycle, is_counterexample, random_circuit


@pytest.mark.parametrize("seed", range(60))
def test_what_is_found_is_a_failure(seed: int) -> None:
    net = random_circuit(seed)
    found = glance(net, seconds=10, seed=seed)
    if found is None:
        return
    assert first_bad_cycle(net) is not None
    assert is_counterexample(net, found)


def full_queue(pushes: int) -> Netlist:
    """Bad after so many cycles in a row without a reset and with a push."""
    build = Builder("queue")
    reset, push = (int(build.input(n, 1)[0]) for n in ("reset", "push"))
    count = build.register("count", pushes, Init.ZERO)
    go = build.and_(reset ^ 1, push)
    shifted = [go, *(build.and_(go, int(c)) for c in count[:-1])]
    build.set_next(count, np.array(shifted, np.int32))
    return build.build(bad=[int(count[-1])])


def test_a_queue_is_filled() -> None:
    # By even bits, once in 4 ** 12 runs of that length.
    answer = simulation(Job(and_form(full_queue(12)), 20.0))
    assert answer.status == "unsafe"
    assert answer.trace is not None
    assert len(answer.trace.inputs) == 13


def test_what_comes_late_is_met_in_one_cycle() -> None:
    """Bad if it stands still in the one state that takes 100 steps without a reset."""
    build = Builder("late")
    reset, step = (int(build.input(n, 1)[0]) for n in ("reset", "step"))
    count = build.register("count", 7, Init.ZERO)
    more = words.add(build, count, np.array([step], np.int32))[:7]
    build.set_next(count, words.chosen(build, reset, words.constant(0, 7), more))
    there = words.equal(build, count, words.constant(100, 7))
    lost = build.register("lost", 1, Init.ZERO)
    build.set_next(lost, np.array([build.all([there, step ^ 1, reset ^ 1])], np.int32))
    net = build.build(bad=[int(lost[0])])
    for seed in range(3):
        found = glance(net, seconds=20, seed=seed)
        assert found is not None
        assert len(found.inputs) > 100


@pytest.mark.parametrize("seed", range(40))
def test_a_run_that_is_allowed_is_one(seed: int) -> None:
    net = random_circuit(seed)
    found = allowed(net, 5, seed=seed)
    if found is None:
        return
    assert len(found.inputs) == 5
    assert replay(replace(net, bad=np.array([1], np.int32)), found) == []


def test_each_cycle_of_an_allowed_run_is_drawn_until_it_fits() -> None:
    build = Builder("narrow")
    word = build.input("a", 4)
    last = build.register("last", 4, Init.ZERO)
    build.set_next(last, word)
    follows = words.equal(build, word, words.add(build, last, words.constant(1, 4))[:4])
    net = build.build(bad=[0], constraints=[follows])
    found = allowed(net, 6, seed=0)
    assert found is not None
    assert [sum(int(b) << k for k, b in enumerate(row)) for row in found.inputs] == [*range(1, 7)]
    contradiction = replace(net, constraints=np.array([follows, follows ^ 1], np.int32))
    assert allowed(contradiction, 6, seed=0) is None


@pytest.mark.parametrize("wanted", [0, 2**24 - 1, 2**23, 2**23 - 1])
def test_a_word_meets_its_corners(wanted: int) -> None:
    build = Builder("corner")
    word = build.input("a", 24)
    same = [int(x) ^ (1 - (wanted >> k & 1)) for k, x in enumerate(word)]
    net = build.build(bad=[build.all(same)])
    found = glance(net, seconds=20, seed=1)
    assert found is not None
    assert sum(int(b) << k for k, b in enumerate(found.inputs[0])) == wanted


def test_constraints_are_kept() -> None:
    build = Builder("never")
    word = build.input("a", 8)
    net = build.build(bad=[int(word[0])], constraints=[int(word[0]) ^ 1])
    assert glance(net, seconds=10, seed=0) is None


def decoder(wanted: int, mask: int) -> Netlist:
    """Bad once a word was what is looked for: half of it when it comes in, half of it later."""
    build = Builder("decoder")
    reset, ready = (int(build.input(n, 1)[0]) for n in ("reset", "ready"))
    word = build.input("word", 32)
    started = build.register("started", 1, Init.ZERO)
    build.set_next(started, np.array([1], np.int32))
    kept = build.register("kept", 32, Init.ANY)
    build.set_next(kept, words.chosen(build, ready, word, kept))
    asked = [k for k in range(32) if mask >> k & 1]
    half = len(asked) // 2
    first = build.all([int(word[k]) ^ (1 - (wanted >> k & 1)) for k in asked[:half]])
    rest = [int(kept[k]) ^ (1 - (wanted >> k & 1)) for k in asked[half:]]
    opcode = build.register("opcode", 1, Init.ZERO)
    build.set_next(opcode, np.array([build.and_(reset ^ 1, build.and_(ready, first))], np.int32))
    found = build.register("found", 1, Init.ZERO)
    build.set_next(found, np.array([build.all([int(opcode[0]), *rest])], np.int32))
    # Reset in the first cycle.
    constraint = build.or_(reset, int(started[0]))
    return build.build(bad=[int(found[0])], constraints=[constraint])


@pytest.mark.parametrize("form", [lambda net: net, and_form])
def test_a_word_is_shown_what_is_looked_for(form: Callable[[Netlist], Netlist]) -> None:
    wanted, mask = 0x4000_5013, 0xFE00_707F
    net = form(decoder(wanted, mask))
    (found,) = patterns(net)
    assert (mask, wanted) in zip(found.masks.tolist(), found.values.tolist(), strict=True)
    # By chance: once in 2 ** 17 words that are kept.
    trace = glance(net, seconds=60, seed=1, cycles=6)
    assert trace is not None
    assert not replay(net, trace)


def test_what_is_looked_for_may_be_an_inverted_bit_or_kept_inverted() -> None:
    build = Builder("inverted")
    word = build.input("word", 8)
    kept = build.register("kept", 8, Init.ZERO)
    build.set_next(kept, word ^ 1)
    net = build.build(bad=[build.all([int(x) ^ (k & 1) for k, x in enumerate(kept)])])
    (found,) = patterns(and_form(net))
    assert (0xFF, 0xAA) in zip(found.masks.tolist(), found.values.tolist(), strict=True)


def test_inputs_of_the_first_cycle_are_drawn_until_the_constraints_hold() -> None:
    # By even bits one run in eight begins well.
    build = Builder("begin")
    word = build.input("word", 3)
    started = build.register("started", 1, Init.ZERO)
    build.set_next(started, np.array([1], np.int32))
    first = build.all([int(word[0]) ^ 1, int(word[1]), int(word[2]) ^ 1])
    net = build.build(bad=[int(started[0])], constraints=[build.or_(first, int(started[0]))])
    habits = _Habits(net, 32, np.random.default_rng(1))
    simulator = Simulator(net)
    state, inputs = simulator.initial(32, seed=1), habits.cycles(1)[0]
    _allow(simulator, inputs, state, np.random.default_rng(1))
    holds = read(simulator.evaluate(inputs, state), net.constraints)
    assert np.bitwise_count(holds).sum() > 0.8 * 32 * 64
