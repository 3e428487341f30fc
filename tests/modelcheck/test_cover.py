"""Vacuity: contradictory constraints, goals that are reached or never."""

from __future__ import annotations

import numpy as np

from modelcheck.cover import cover
from tests.modelcheck.circuits import equal_registers


def test_constraints_that_contradict_each_other_are_vacuous() -> None:
    found = cover(equal_registers(constrained=True), cycles=1)
    assert (found.status, found.contradictory) == ("never", True)


def test_a_run_of_that_length() -> None:
    found = cover(equal_registers(), cycles=4)
    assert found.status == "reached"
    assert found.trace is not None
    assert len(found.trace.inputs) == 4


def test_goals() -> None:
    net = equal_registers()
    reached = cover(net, cycles=4, goal=np.array([4], np.int32))
    assert reached.status == "reached"
    assert reached.trace is not None
    assert len(reached.trace.inputs) == 2
    never = cover(net, cycles=4, goal=net.bad)
    assert (never.status, never.contradictory) == ("never", False)
