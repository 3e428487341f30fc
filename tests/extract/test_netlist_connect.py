"""Driving inputs by signals of the same circuit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import netlist_words as words
from extract.netlist import Init, Netlist, NetlistError, Word
from extract.netlist_build import Builder
from extract.netlist_connect import connect
from extract.simulate import Simulator


def sums() -> tuple[Netlist, Word]:
    """``second = (x + y) ^ a register``; ``y`` is to be driven by ``first = x & 3``."""
    build = Builder("sums")
    x, y = build.input("x", 4), build.input("y", 4)
    state = build.register("state", 4, Init.ZERO)
    second = words.bitwise(build, "^", words.add(build, x, y)[:4], state)
    build.set_next(state, second)
    first = words.bitwise(build, "&", x, words.constant(3, 4))  # comes after what will read it
    net = build.build(outputs=[Word("first", first), Word("second", second)])
    return net, net.outputs[0]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**64 - 1))
def test_a_driven_input_behaves_as_its_driver(seed: int) -> None:
    net, first = sums()
    joined = connect(net, {"y": first.literals})
    assert [w.name for w in joined.inputs] == ["x"]
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 2**64, (5, 4, 1), np.uint64)
    y = x.copy()
    y[:, 2:] = 0
    zero = np.zeros((4, 1), np.uint64)
    apart = Simulator(net).run(np.concatenate([x, y], axis=1), zero)
    assert (Simulator(joined).run(x, zero).watched == apart.watched).all()


def test_inputs_may_drive_inputs() -> None:
    build = Builder("chain")
    names = [build.input(n, 1) for n in "abc"]
    out = build.and_(int(names[1][0]), int(names[2][0]))
    net = build.build(outputs=[Word("out", np.array([out], np.int32))])
    a, b, _ = (w.literals for w in net.inputs)
    joined = connect(net, {"c": b ^ 1, "b": a ^ 1})
    values = Simulator(joined).evaluate(np.array([[5]], np.uint64), np.empty((0, 1), np.uint64))
    assert values[joined.outputs[0].literals[0] >> 1, 0] == 0  # not a, and a
    with pytest.raises(NetlistError, match="circle"):
        connect(net, {"c": b, "b": net.inputs[2].literals})


def test_a_loop_without_a_register_is_told() -> None:
    net, _ = sums()
    with pytest.raises(NetlistError, match="loop without a register"):
        connect(net, {"y": net.outputs[1].literals})


def test_a_loop_through_a_register_is_none() -> None:
    net, _ = sums()
    connect(net, {"y": net.registers[0].literals})


@pytest.mark.parametrize(("name", "width"), [("z", 4), ("y", 3)])
def test_what_does_not_fit_is_told(name: str, width: int) -> None:
    with pytest.raises(NetlistError):
        connect(sums()[0], {name: words.constant(0, width)})
