"""What counts as a difference that was seen."""

from __future__ import annotations

import numpy as np
import pytest

from designs.equivalence.witness import _judge, plainest
from extract.netlist import Init, Netlist
from extract.netlist_build import Builder
from extract.trace import Trace
from extract.waves.replay import BitSeen, Replay
from modelcheck.replay import replay

EARLY = BitSeen(0, "q", 1, "0", "1")
LATE = BitSeen(5, "q", 0, "0", "1")
HIDDEN = BitSeen(5, "q", 0, "0", "x")
FINE = Replay("sim")
CRITICAL = {("q", 0): 5}


@pytest.mark.parametrize(
    ("gold", "gate", "said"),
    [
        (FINE, FINE, ""),
        (Replay("sim", problem="crashed"), FINE, "sim: crashed"),
        (FINE, Replay("sim", problem="crashed"), "sim: crashed"),
        (FINE, Replay("sim", differences=(EARLY,)), "!sim shows gate otherwise"),
        (Replay("sim", differences=(LATE,)), FINE, "!sim shows gold otherwise"),
        # What cannot be set may differ, but not where it matters.
        (FINE, Replay("sim", differences=(EARLY,), unset=("r",)), ""),
        (FINE, Replay("sim", differences=(EARLY, LATE), unset=("r",)), "sim cannot set r of gate"),
        (Replay("sim", differences=(LATE,), unset=("r",)), FINE, "sim cannot set r of gold"),
        (Replay("sim", unknown=(HIDDEN,)), FINE, "sim shows x for bit 0 of gold's q"),
        (FINE, Replay("sim", unknown=(HIDDEN,)), ""),
    ],
)
def test_what_a_simulator_shows(gold: Replay, gate: Replay, said: str) -> None:
    judged = _judge(gold, gate, CRITICAL, CRITICAL)
    assert judged.startswith(said)
    assert bool(judged) is bool(said)


def test_of_streams_everything_counts() -> None:
    odd = Replay("sim", differences=(EARLY,), unset=("r",))
    assert _judge(FINE, odd, {}, {}) == "sim cannot set r of gate"


def started(*, needs: bool) -> Netlist:
    """Bad when input and register are 1; the register starts at random, and can be ``x``."""
    build = Builder("started")
    x = int(build.input("x", 1)[0])
    unknown = int(build.free("unknown", 1)[0])
    state = build.register("r", 1, Init.ANY)
    build.set_next(state, np.array([unknown], np.int32))
    return build.build(bad=[build.and_(x, int(state[0])) if needs else x])


@pytest.mark.parametrize("needs", [False, True])
def test_a_run_begins_with_zeros_where_it_can(needs: bool) -> None:
    net = started(needs=needs)
    run = Trace(np.ones((1, net.input_count), np.uint8), np.ones(1, np.uint8))
    plain = plainest(net, run)
    assert replay(net, plain) == []
    assert plain.init.tolist() == [int(needs)]
