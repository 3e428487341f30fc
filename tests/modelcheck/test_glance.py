"""Random runs with habits: what they find is a failure, and they find what even bits rarely do."""

from __future__ import annotations

import numpy as np
import pytest

from extract.netlist import Init, Netlist
from extract.netlist_build import Builder
from modelcheck.and_form import and_form
from modelcheck.engines import Job
from modelcheck.glance import glance, simulation
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
