"""Bounded model checking: is there a run of 1, 2, 3, … cycles that ends in a bad one?

Source: Biere, Cimatti, Clarke, Zhu: Symbolic model checking without BDDs (TACAS 1999);
incremental as in Eén, Sörensson: Temporal induction by incremental SAT solving (2003).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extract.cnf import Encoded, Encoder, Frame
from extract.netlist import Init, Literals, Netlist
from extract.trace import Trace
from modelcheck.child import unpack
from modelcheck.solver import Incremental, read, trace_lines
from modelcheck.worker import Report


def search(data: bytes, report: Report, *, cycles: int, solver: str = "cadical195") -> None:
    """Look at runs of up to ``cycles`` cycles (engine for `modelcheck.worker`)."""
    net = unpack(data)
    encoder = Encoder(net)
    sat = Incremental(encoder, solver)
    start = state = encoder.initial()
    frames: list[Frame] = []
    for cycle in range(cycles):
        frame = encoder.frame(state)
        frames.append(frame)
        encoder.units(frame.of(net.constraints))
        bad = encoder.any_of(frame.of(net.bad))
        if sat.solve([bad]):
            report(trace=trace_lines(run_of(net, start, frames, sat)))
            return
        encoder.units([bad ^ 1])
        report(bound=cycle + 1)
        state = encoder.next(frame)


def run_of(net: Netlist, start: Literals, frames: Sequence[Encoded], sat: Incremental) -> Trace:
    """The run that the solver's model stands for."""
    model = sat.model()
    fixed = np.where(net.init == Init.ONE, 1, 0)
    init = np.where(start < 0, fixed, read(model, start)).astype(np.uint8)
    inputs = [read(model, frame.values[1 : net.first_latch]) for frame in frames]
    return Trace(np.array(inputs, np.uint8).reshape(len(frames), -1), init)
