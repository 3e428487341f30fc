"""Vacuity: do the constraints allow any run, and can it come to something of interest?

A safety property under contradictory constraints is true of nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from extract.cnf import Encoder
from extract.netlist import TRUE, Literals, Netlist
from extract.trace import Trace
from modelcheck.and_form import and_form
from modelcheck.bmc import run_of
from modelcheck.child import search as search_in_child
from modelcheck.child import unpack
from modelcheck.glance import allowed
from modelcheck.replay import replay
from modelcheck.solver import Incremental, trace_lines
from modelcheck.worker import Report
from verify.core.process import CancelFlag


@dataclass(frozen=True, slots=True)
class Cover:
    """Whether there is a run as asked for.

    ``reached``: ``trace`` is one, and has been replayed. ``never``: there is none of at most
    ``cycles`` cycles; if ``contradictory``, because the constraints allow no run of that length at
    all. Otherwise ``reason`` says why nothing is known.
    """

    status: Literal["reached", "never", "unknown"]
    seconds: float
    trace: Trace | None = None
    contradictory: bool = False
    reason: str = ""


def cover(
    net: Netlist,
    *,
    cycles: int,
    goal: Literals | None = None,
    seconds: float = 60.0,
    memory_mb: int = 4096,
    cancel: CancelFlag | None = None,
) -> Cover:
    """Is there a run of at most ``cycles`` cycles that ends in ``goal``?

    All constraints are satisfied in it. ``goal`` are literals of ``net``, one of which is to hold
    in the last cycle. Without it, a run of exactly ``cycles`` cycles is looked for, whatever it
    does.
    """
    started = time.monotonic()
    whole = goal is None
    wanted = np.array([TRUE], np.int32) if goal is None else np.asarray(goal, np.int32)
    target = and_form(replace(net, bad=wanted))
    easy = allowed(target, cycles, seed=0) if whole else None
    if easy is not None and not replay(target, easy):
        return Cover("reached", time.monotonic() - started, easy)
    found = search_in_child(
        target, "cover", {"cycles": cycles, "whole": whole}, seconds=seconds, memory_mb=memory_mb,
        cancel=cancel,
    )  # fmt: skip
    spent = time.monotonic() - started
    if found.trace is not None:
        problems = replay(target, found.trace)
        if problems:
            return Cover("unknown", spent, reason=f"the run does not replay: {problems[0]}")
        return Cover("reached", spent, found.trace)
    if found.failure:
        return Cover("unknown", spent, reason=found.failure)
    facts = found.facts or {}
    return Cover("never", spent, contradictory=facts.get("contradictory") is True)


def search(data: bytes, report: Report, *, cycles: int, whole: bool) -> None:
    """Look for the run (engine for `modelcheck.worker`); bad is what is wanted."""
    net = unpack(data)
    encoder = Encoder(net)
    sat = Incremental(encoder, "cadical195")
    start = state = encoder.initial()
    frames = []
    for cycle in range(cycles):
        frame = encoder.frame(state)
        frames.append(frame)
        encoder.units(frame.of(net.constraints))
        wanted = encoder.any_of(frame.of(net.bad))
        if (not whole or cycle == cycles - 1) and sat.solve([wanted]):
            report(trace=trace_lines(run_of(net, start, frames, sat)))
            return
        state = encoder.next(frame)
    report(contradictory=not sat.solve())
