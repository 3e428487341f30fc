"""A circuit that leaves nothing open by itself, so that a changed copy starts as it does."""

from __future__ import annotations

import numpy as np

from extract.netlist import FALSE, Init, Netlist, Word
from extract.netlist_build import Builder

UNKNOWN = "x$"
"""Begins the names of inputs that stand for what a design leaves open."""


def closed(net: Netlist) -> Netlist:
    """``net`` with an input for each unknown bit and each initial value that it leaves open.

    Two circuits made so begin in the same state and see the same unknown bits, cycle by cycle.
    """
    build = Builder(net.top)
    drive = np.zeros(net.input_count, np.int32)
    for w in net.inputs:
        drive[(w.literals >> 1) - 1] = build.input(w.name, w.width, w.lsb)
    for w in net.free:
        drive[(w.literals >> 1) - 1] = build.input(UNKNOWN + w.name, w.width)
    init = [Init(int(x)) for x in net.init]
    open_ = np.flatnonzero(net.init == Init.ANY)
    known = [Init.ZERO if x is Init.ANY else x for x in init]
    state = build.register("state", net.latch_count, known)
    seen = state.copy()
    if len(open_):
        first = build.register("first", 1, Init.ONE)
        build.set_next(first, np.array([FALSE], np.int32))
        start = build.input(f"{UNKNOWN}start", len(open_))
        for k, value in zip(open_.tolist(), start.tolist(), strict=True):
            seen[k] = build.mux(int(first[0]), value, int(state[k]))
    placed = build.place(net, drive, cut=seen)
    build.set_next(state, placed(net.next))
    outputs = [Word(w.name, placed(w.literals), w.lsb) for w in net.outputs]
    return build.build(outputs=outputs, constraints=placed(net.constraints).tolist())
