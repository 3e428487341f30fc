"""Counterexamples are believed only after they have been run."""

from __future__ import annotations

import numpy as np

from extract.netlist import Init, Netlist
from extract.trace import Trace
from modelcheck.evaluate import evaluate, look


def replay(net: Netlist, trace: Trace) -> list[str]:
    """What is wrong with ``trace`` as a run that ends in a bad cycle; empty if nothing is.

    Checked by plain evaluation: the shapes, the initial values, that every constraint holds in
    every cycle, and that some bad literal holds in the last.
    """
    cycles = len(trace.inputs)
    if trace.inputs.shape != (cycles, net.input_count) or trace.init.shape != (net.latch_count,):
        return ["the trace does not have one value for each input, or latch"]
    if cycles == 0:
        return ["the trace has no cycle"]
    if (trace.inputs > 1).any() or (trace.init > 1).any():
        return ["the trace has a value other than 0 and 1"]
    wrong = np.flatnonzero((net.init != Init.ANY) & (net.init != trace.init))
    if len(wrong):
        return [f"latch {wrong[0]} starts as {trace.init[wrong[0]]}, but is reset to the other"]
    state = trace.init.astype(np.uint64)[:, None]
    bad = False
    for cycle, row in enumerate(trace.inputs):
        values = evaluate(net, row.astype(np.uint64)[:, None], state)
        broken = np.flatnonzero(look(values, net.constraints)[:, 0] & np.uint64(1) == 0)
        if len(broken):
            return [f"constraint {broken[0]} does not hold in cycle {cycle}"]
        bad = bool((look(values, net.bad)[:, 0] & np.uint64(1)).any())
        state = look(values, net.next) & np.uint64(1)
    return [] if bad else [f"nothing bad holds in the last cycle, {cycles - 1}"]


def shorten(net: Netlist, trace: Trace) -> Trace:
    """The trace up to its first bad cycle (all of it, if there is none)."""
    state = trace.init.astype(np.uint64)[:, None]
    for cycle, row in enumerate(trace.inputs):
        values = evaluate(net, row.astype(np.uint64)[:, None], state)
        if (look(values, net.bad)[:, 0] & np.uint64(1)).any():
            return Trace(trace.inputs[: cycle + 1], trace.init)
        state = look(values, net.next) & np.uint64(1)
    return trace
