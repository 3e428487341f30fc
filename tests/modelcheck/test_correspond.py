"""Correspondence finds equal and inverted registers whatever their names, and nothing false."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from extract.cnf import ABSENT
from extract.netlist import Init
from modelcheck.and_form import and_form
from modelcheck.correspond import correspondence
from tests.modelcheck.circuits import bit, equal_registers, random_circuit, values_of


def test_an_inverted_copy_is_found() -> None:
    net = equal_registers()
    # The second register holds the inverse from the start on, and so does its input.
    net = replace(net, next=np.array([2, 3, 8], np.int32), init=np.array([0, 1, 2], np.uint8))
    of = correspondence(net).classes.merge().of
    assert of[3] == 2 * 2 + 1
    assert of[4] == ABSENT


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("registers_only", [True, False])
def test_what_is_said_to_be_equal_is_equal_in_every_reachable_cycle(
    seed: int, registers_only: bool
) -> None:
    net = and_form(random_circuit(seed))
    of = correspondence(net, registers_only=registers_only).classes.merge().of.tolist()
    choices = [(0, 1) if i == Init.ANY else (int(i),) for i in net.init.tolist()]
    todo = set(itertools.product(*choices))
    seen = set(todo)
    while todo:
        state = todo.pop()
        for inputs in itertools.product((0, 1), repeat=net.input_count):
            values = values_of(net, inputs, state)
            if not all(bit(values, x) for x in net.constraints.tolist()):
                continue
            for node, literal in enumerate(of):
                assert literal == ABSENT or values[node] == bit(values, literal)
            after = tuple(bit(values, x) for x in net.next.tolist())
            if after not in seen:
                seen.add(after)
                todo.add(after)
