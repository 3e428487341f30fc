"""How far runs get in so many cycles: a bound below what an instruction takes says nothing."""

from __future__ import annotations

from typing import Final

import numpy as np

from designs.cores.isa_reference import NOP
from designs.cores.model import CoreModel
from extract.simulate import ONES, Simulator

_WORDS: Final = 1
"""Words of 64 runs, which differ in what reset leaves open."""


def instructions_within(core: CoreModel, cycles: int) -> int:
    """How many instructions a run of `nop` retires in the first ``cycles`` cycles after reset."""
    net = core.netlist
    inputs = np.zeros((cycles, net.input_count, _WORDS), np.uint64)
    for k, literal in enumerate(core.fetch_data.literals):
        if NOP >> k & 1:
            inputs[:, (int(literal) >> 1) - 1] = ONES
    simulator = Simulator(net)
    run = simulator.run(inputs, simulator.initial(_WORDS, seed=1), core.retire.literals)
    retired = np.unpackbits(run.watched[:, 0].view(np.uint8), axis=1)
    return int(retired.sum(axis=0).max())
