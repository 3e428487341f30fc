"""Nothing bad is reached where something that must come before it is not.

"It never waits for four cycles" is stronger than "it never waits for 64", and much easier to prove:
reachability has to look at as many cycles as it takes to tell the states apart. The invariant found
so, with the stronger claim as one more clause, is an invariant of the circuit as it was asked
about, and that is what the checker is given.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from extract.netlist import Literals
from modelcheck.and_form import and_form
from modelcheck.answer import Answer
from modelcheck.engines import Job, abc_pdr, safe

_LEAST: Final = 0.5  # seconds that a try is worth starting with


def never_sooner(job: Job, sooner: Sequence[int] | Literals) -> Answer:
    """Is one of the literals ``sooner`` never true? The first that is not settles it.

    They are literals of ``job.net`` that are true whenever something bad is; they are tried in
    their order. ``safe`` says that ``job.net`` is, with an invariant of it; nothing else says
    anything of it.
    """
    started = time.monotonic()
    end = started + job.seconds
    whole = and_form(job.net)
    reason = ""
    for literal in sooner:
        left = end - time.monotonic()
        if left < _LEAST:
            break
        stronger = and_form(replace(job.net, bad=np.array([literal], np.int32)))
        found = abc_pdr(replace(job, net=stronger, seconds=left))
        if found.invariant is not None:
            never = _never(int(stronger.bad[0]))
            invariant = replace(found.invariant, clauses=(*found.invariant.clauses, *never))
            return safe(found.engine, replace(job, net=whole), invariant, started)
        reason = found.reason or found.status
        if found.status != "unsafe":
            break
    return Answer("unknown", "abc pdr", time.monotonic() - started, reason=reason)


def _never(literal: int) -> list[tuple[int, ...]]:
    """Clauses that say so; a literal that is false by itself needs none."""
    variable = literal >> 1
    if not variable:
        return []
    return [(variable if literal & 1 else -variable,)]
