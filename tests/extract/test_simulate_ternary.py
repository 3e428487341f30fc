"""What is known of a run whose inputs are partly unknown holds of every concrete run."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import simulate_ternary as ternary
from extract.netlist import Init, Netlist, Word
from extract.netlist_build import Builder
from extract.simulate import Simulator


def circuit(rng: np.random.Generator) -> Netlist:
    """Some gates over five inputs and five registers."""
    build = Builder("random")
    state = build.register("s", 5, [Init(int(i)) for i in rng.integers(0, 3, 5)])
    known = [*build.input("i", 5).tolist(), *state.tolist()]
    for _ in range(60):
        a, b, c = (int(x) ^ int(rng.integers(0, 2)) for x in rng.choice(known, 3))
        made = (build.and_(a, b), build.xor(a, b), build.mux(a, b, c))[rng.integers(0, 3)]
        known.append(made)
    build.set_next(state, np.array(known[-5:], np.int32))
    return build.build(outputs=[Word("o", np.array(known[-9:], np.int32))])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_it_covers_every_concrete_run(seed: int) -> None:
    rng = np.random.default_rng(seed)
    net = circuit(rng)
    inputs = rng.integers(1, 4, net.input_count).astype(np.uint8)
    state = ternary.initial(net)
    simulator = Simulator(net)
    latches = simulator.initial(1, seed=seed)
    for _ in range(4):
        values, state = ternary.step(net, inputs, state)
        concrete = rng.integers(0, 2**64, (net.input_count, 1), np.uint64)
        concrete[inputs == ternary.ZERO] = 0
        concrete[inputs == ternary.ONE] = 2**64 - 1
        nodes, latches = simulator.step(concrete, latches)
        assert (nodes[values == ternary.ZERO] == 0).all()
        assert (nodes[values == ternary.ONE] == 2**64 - 1).all()
        assert (latches[state == ternary.ZERO] == 0).all()
        assert (latches[state == ternary.ONE] == 2**64 - 1).all()


def test_known_inputs_give_known_values() -> None:
    rng = np.random.default_rng(1)
    net = circuit(rng)
    inputs = rng.integers(1, 3, net.input_count).astype(np.uint8)
    values, _ = ternary.step(net, inputs, rng.integers(1, 3, 5).astype(np.uint8))
    assert (values != ternary.UNKNOWN).all()


def test_an_unknown_choice_between_equals_is_known() -> None:
    build = Builder("mux")
    choice, value = build.input("c", 1), build.register("r", 2, [Init.ZERO, Init.ZERO])
    out = build.mux(int(choice[0]), int(value[0]), int(value[1]))
    build.set_next(value, value)
    net = build.build(outputs=[Word("o", np.array([out, out ^ 1], np.int32))])
    values, _ = ternary.step(net, np.array([ternary.UNKNOWN], np.uint8), ternary.initial(net))
    found = ternary.read(values, net.outputs[0].literals)
    assert found.tolist() == [ternary.ZERO, ternary.ONE]
    assert ternary.inits(found).tolist() == [Init.ZERO, Init.ONE]
