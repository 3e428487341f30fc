"""Streams of transactions: random runs of designs that deliver the same, or do not."""

from __future__ import annotations

import numpy as np
import pytest

from designs.equivalence.interface import InterfaceError
from designs.equivalence.question import Channel, Handshake, Question, Reset
from designs.equivalence.streams import streams
from extract import netlist_words as words
from extract.netlist import Literals, Netlist, Word
from extract.netlist_build import Builder
from tests.designs.equivalence.circuits import Run

HANDSHAKE = Handshake(
    (Channel("in_valid", "in_ready", ("a", "b")),),
    (Channel("out_valid", "out_ready", ("y",)),),
    depth=3,
    within=12,
)
ASKED = Question(handshake=HANDSHAKE, reset=Reset("rst"))


def ports(build: Builder) -> tuple[int, int, int, Literals, Literals]:
    """Reset, valid of the input, ready of the output, and the data."""
    names = (("rst", 1), ("in_valid", 1), ("out_ready", 1), ("a", 3), ("b", 3))
    reset, valid, ready, a, b = (build.input(n, w) for n, w in names)
    return int(reset[0]), int(valid[0]), int(ready[0]), a, b


def bit(literal: int) -> Literals:
    return np.array([literal], np.int32)


def done(build: Builder, in_ready: int, out_valid: int, y: Literals) -> Netlist:
    names = (("in_ready", bit(in_ready)), ("out_valid", bit(out_valid)), ("y", y))
    return build.build(outputs=[Word(n, x) for n, x in names])


def at_once() -> Netlist:
    """Delivers the sum in the cycle in which it accepts."""
    build = Builder("at_once")
    _, valid, ready, a, b = ports(build)
    return done(build, ready, valid, words.add(build, a, b))


def staged(stages: int = 1, *, fault: str = "") -> Netlist:
    """Each stage holds one sum; ``fault`` names what it does wrong."""
    build = Builder("staged")
    reset, valid, ready, a, b = ports(build)
    value, accepted = words.add(build, a, b), ready
    held = [build.register(f"full{i}", 1) for i in range(stages)]
    free = [0] * stages
    for i in reversed(range(stages)):
        free[i] = build.or_(int(held[i][0]) ^ 1, accepted)
        if fault == "overwrites" and i == 0:
            free[i] = build.any([free[i], build.all([int(x[0]) for x in held])])
        accepted = free[i]
    if fault == "carry":
        value = words.chosen(build, words.equal(build, a, b), value[:3], value)
    for i in range(stages):
        state = build.register(f"sum{i}", len(value))
        build.set_next(state, words.chosen(build, free[i], value, state))
        full = build.mux(free[i], valid, int(held[i][0]))
        build.set_next(held[i], bit(build.and_(full, reset ^ 1)))
        valid, value = int(held[i][0]), state
    if fault == "dead":
        valid = 0
    return done(build, free[0], valid, value)


def runs(gold: Netlist, gate: Netlist, cycles: int = 150, seeds: int = 4) -> set[str]:
    """What random runs find wrong."""
    product = streams(gold, gate, ASKED)
    wrong: set[str] = set()
    delivered = 0
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        eager = rng.integers(1, 5, 2)
        run = Run(product.netlist)
        for cycle in range(cycles):
            inputs = {"rst": int(cycle == 0)}
            for name in ("in_valid", "gate.in_valid", "stream.in_valid.more"):
                inputs[name] = int(rng.integers(4) < eager[0])
            for name in ("out_ready", "gate.out_ready"):
                inputs[name] = int(rng.integers(4) < eager[1])
            for w in product.netlist.free:
                inputs.setdefault(w.name, int(rng.integers(64)))
            seen = run.cycle(inputs)
            assert seen["constraints"]
            wrong |= {n for n in product.compared if seen[f"differ.{n}"]}
            delivered += seen["gold.transaction of out_valid"] + 1
            if seen["bad"]:
                break
    assert delivered
    return wrong


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("stages", [1, 2, 3])
def test_the_same_transactions_at_other_times(stages: int, swapped: bool) -> None:
    designs = (staged(stages), at_once()) if swapped else (at_once(), staged(stages))
    assert runs(*designs) == set()


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        ("carry", "transaction of out_valid"),
        ("overwrites", "transaction of out_valid"),
        ("dead", "progress of out_valid"),
    ],
)
def test_what_is_not_the_same(fault: str, what: str) -> None:
    assert what in runs(at_once(), staged(2, fault=fault))


def test_a_gate_that_delivers_too_much() -> None:
    build = Builder("twice")
    reset, valid, ready, a, b = ports(build)
    again, value = build.register("again", 1), build.register("value", 4)
    total = words.add(build, a, b)
    repeats = int(again[0])
    starts = build.all([valid, ready, repeats ^ 1, reset ^ 1])
    build.set_next(again, bit(build.or_(starts, build.and_(repeats, ready ^ 1))))
    build.set_next(value, words.chosen(build, starts, total, value))
    gate = done(
        build,
        build.and_(ready, repeats ^ 1),
        build.or_(valid, repeats),
        words.chosen(build, repeats, value, total),
    )
    assert runs(at_once(), gate)


def test_channels_that_are_not_there() -> None:
    asked = Question(handshake=Handshake((Channel("in_vld", "y"),), (Channel("out_valid", "a"),)))
    with pytest.raises(InterfaceError) as caught:
        streams(at_once(), staged(), asked)
    assert caught.value.problems == (
        "handshake: gold has no input `in_vld`; it has: a, b, in_valid, out_ready, rst",
        "handshake: `y` has 4 bits, not one",
        "handshake: `a` has 3 bits, not one",
    )


def test_an_output_of_no_channel() -> None:
    channel = Channel("out_valid", "out_ready")
    asked = Question(handshake=Handshake(HANDSHAKE.inputs, (channel,)), reset=Reset("rst"))
    with pytest.raises(InterfaceError, match="output `y` belongs to no channel"):
        streams(at_once(), staged(), asked)
