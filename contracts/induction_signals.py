"""Signals of a core that are what the contract shows: found in samples, proved one by one.

The contract computes whether a branch is taken from its operands, by gates of its own; the core has
decided it by others. That both are the same is the hardest part of many steps of an induction, and
easy by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from contracts.invariant import Clause, Signal
from contracts.window import Window
from contracts.window_samples import Sampler
from extract.cnf import Encoder
from modelcheck.solver import Incremental

SOLVER: Final = "cadical195"
_CYCLES: Final = 200
_EACH: Final = 3
"""The most signals for one bit."""


def signals(win: Window, sampler: Sampler, clauses: Iterable[Clause]) -> list[Signal]:
    """Those that are found and proved, if the clauses hold."""
    core = win.question.core.netlist
    place = win.copies[0].literal
    gates = np.arange(core.first_gate, core.node_count)
    nodes, first = np.unique(place[gates] >> 1, return_index=True)
    of_node = dict(zip(nodes.tolist(), gates[first].tolist(), strict=True))
    found = []
    known = list(clauses)
    for k, literals in enumerate(sampler.alike(_CYCLES, win.shown[0], nodes.astype(np.int32))):
        for x in sorted(literals)[:_EACH]:
            node = of_node[x >> 1]
            literal = 2 * node | (x & 1) ^ (int(place[node]) & 1)
            signal = Signal(k, literal)
            if x != win.shown[0][k].value and _holds(win, signal, known):
                found.append(signal)
    return found


def _holds(win: Window, signal: Signal, clauses: list[Clause]) -> bool:
    """Does it, in any state in which the clauses do?"""
    net = win.netlist
    literal = int(win.copies[0](np.array([signal.literal], np.int32))[0])
    shown = win.shown[0][signal.shown]
    encoder = Encoder(net, np.array([literal, shown.when, shown.value], np.int32))
    state = encoder.any_state()
    frame = encoder.frame(state)
    rows = (win.twins[:, 0] >> 1) - net.first_latch
    for c in clauses:
        some = [int(state[rows[x >> 1]]) for x in c.literals]
        if min(some) >= 0:
            encoder.clause([x ^ (y & 1) for x, y in zip(some, c.literals, strict=True)])
    when, value, core = frame.of([shown.when, shown.value, literal]).tolist()
    encoder.units([when])
    encoder.units(encoder.differ(np.array([value], np.int32), np.array([core], np.int32)))
    return not Incremental(encoder, SOLVER).solve()
