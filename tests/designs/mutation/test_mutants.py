"""Mutants of random circuits: one change each, and what is proved equivalent never differs."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from designs.equivalence.decide import Means, decide
from designs.equivalence.question import Question
from designs.mutation.closed import closed
from designs.mutation.mutants import Mutant, mutants
from extract.netlist import Init, Netlist, Op, Word
from extract.netlist_build import Builder
from extract.simulate import Simulator
from tests.extract.random_netlists import random_netlist
from verify.core.budget import Budget
from verify.core.verdict import Status


def some(seed: int) -> Netlist:
    """A random circuit all of whose latches have a name, without assumptions."""
    net = random_netlist(seed, gates=30, latches=5)
    nodes = 2 * np.arange(net.first_latch, net.first_gate, dtype=np.int32)
    none = np.empty(0, np.int32)
    register = Word("r", nodes, source="some.v:3")
    return replace(net, registers=(register,), constraints=none, bad=none)


def changes(one: Netlist, other: Netlist) -> int:
    """How many gates and latches are not the same."""
    gates = np.any([getattr(one, k) != getattr(other, k) for k in ("op", "a", "b", "c")], axis=0)
    latches = (one.next != other.next) | (one.init != other.init)
    return int(gates.sum() + latches.sum())


@pytest.mark.parametrize("seed", range(6))
def test_each_has_one_change(seed: int) -> None:
    net = some(seed)
    made = list(mutants(net, seed))
    assert len(made) > 60
    for m in made:
        m.netlist.validate()
        assert changes(net, m.netlist) <= 1
        assert m.bit
        assert m.change
    # A change may be none, such as a register that never changed before.
    assert sum(changes(net, m.netlist) == 0 for m in made) < len(made) / 10
    again = list(mutants(net, seed))
    assert [str(m) for m in made] == [str(m) for m in again], "same seed, same mutants"
    few = [m.bit.split("[")[0] for m in islice(mutants(net, seed), 3)]
    assert len(set(few)) > 1, "spread over the words"


def outputs(net: Netlist, words: int) -> np.ndarray:
    simulator = Simulator(net)
    init = simulator.initial(words, seed=5)
    return simulator.run(simulator.stimulus(40, words, seed=5), init).watched


@pytest.mark.parametrize("seed", range(4))
def test_equivalent_ones_do_not_differ(seed: int) -> None:
    net = some(seed)
    means = Means(Budget(20))
    original = closed(net)
    seen = []
    for m in islice(mutants(net, seed), 10):
        changed = closed(m.netlist)
        status = decide(original, changed, Question(), means).verdict.status
        differs = not np.array_equal(outputs(original, 8), outputs(changed, 8))
        seen.append(status)
        assert status is not Status.PROVED or not differs, str(m)
        assert status in (Status.PROVED, Status.REFUTED), str(m)
    assert Status.REFUTED in seen


def toggles() -> Netlist:
    """Two bits of which the second is never 1 with the first; open at the start."""
    build = Builder("toggles")
    go = build.input("go", 1)
    q = build.register("q", 1, Init.ANY)
    build.set_next(q, np.array([build.xor(int(q[0]), int(go[0]))], np.int32))
    top = build.mux(int(go[0]), int(q[0]), build.and_(int(q[0]), int(go[0]) ^ 1))
    net = build.build(outputs=[Word("y", np.array([top], np.int32), source="t.v:2")])
    return replace(net, registers=tuple(replace(w, source="t.v:4") for w in net.registers))


def test_open_starts_are_the_same_in_both() -> None:
    net = toggles()
    assert decide(closed(net), closed(net), Question(), Means(Budget(10))).verdict.status is (
        Status.PROVED
    )


def test_a_change_is_told_with_its_place() -> None:
    told: dict[str, Mutant] = {str(m): m for m in mutants(toggles(), 1)}
    assert told["q: XOR of go, q became AND"].source == "t.v:4"
    assert told["q: the register never changes"].source == "t.v:4"
    assert told["y: AND of ~go, q became OR"].source == "t.v:2"
    assert not any("initial" in text for text in told), "the design leaves it open"
    assert told["y: MUX: input q inverted"].netlist.op[-1] == Op.MUX
