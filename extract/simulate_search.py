"""Random search for a failure of a safety property: quick, and never a proof.

A failure is a cycle in which a literal of ``Netlist.bad`` is true while all constraints have held
in every cycle up to and including that one.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from extract.netlist import Netlist
from extract.simulate import LANES, ONES, Simulator
from extract.simulate_kernel import Lanes
from extract.trace import Trace

_CHUNK: Final = 64  # cycles between looks at what was seen


def find_bad(net: Netlist, *, cycles: int, words: int, seed: int, threads: int = 1) -> Trace | None:
    """A run of at most ``cycles`` cycles that ends in a failure, if random inputs meet one.

    64 * ``words`` lanes are tried; of the failures in the first chunk of cycles that has any, one
    of the shortest is returned. Lanes that break a constraint are out.
    """
    simulator = Simulator(net, threads=threads)
    first = simulator.initial(words, seed=seed)
    latches, holding = first, np.full(words, ONES)
    watch = np.concatenate([net.constraints, net.bad]).astype(np.int32)
    for start in range(0, cycles, _CHUNK):
        count = min(_CHUNK, cycles - start)
        run = simulator.random(count, latches, seed=seed, start=start, watch=watch)
        latches = run.latches
        found = _first_failure(run.watched, len(net.constraints), holding)
        if found is not None:
            t, lane = found
            return _replay(simulator, first, start + t + 1, seed, lane)
        if not holding.any():
            return None
    return None


def _first_failure(watched: Lanes, constraints: int, holding: Lanes) -> tuple[int, int] | None:
    """Cycle and lane of the first failure; ``holding`` is updated in place."""
    for t in range(len(watched)):
        holding &= np.bitwise_and.reduce(watched[t, :constraints], axis=0)
        failed = np.bitwise_or.reduce(watched[t, constraints:], axis=0) & holding
        where = np.nonzero(failed)[0]
        if len(where):
            word = int(where[0])
            value = int(failed[word])
            return t, LANES * word + (value & -value).bit_length() - 1
    return None


def _replay(simulator: Simulator, first: Lanes, cycles: int, seed: int, lane: int) -> Trace:
    """The inputs of one lane, made again cycle by cycle: they were not stored."""
    words = first.shape[1]
    rows = []
    for t in range(cycles):
        row = simulator.stimulus(1, words, seed=seed, start=t)[:, :, lane // LANES, None]
        rows.append(Trace.from_lane(row, first[:, lane // LANES, None], lane % LANES).inputs)
    return Trace(
        np.concatenate(rows), Trace.from_lane(np.empty((0, 0, words), np.uint64), first, lane).init
    )
