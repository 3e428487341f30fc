"""Circuits without feedback: what happens in a few cycles is all that ever happens.

If no register depends on itself, the state is a function of the inputs of the last ``d`` cycles,
the same in every cycle from number ``d`` on. So two things are all that ever happens: the first
``d`` cycles of every run, and the last of any ``d + 1`` cycles in a row. The latter begin in any
state: what constraints demand of the first cycles, such as a reset, they need not demand of later
ones. Both are circuits without registers. Pipelines are such circuits, and so is their comparison
with a design that answers at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from extract.netlist import FALSE, TRUE, Init, Literals, Netlist
from extract.netlist_build import Builder
from extract.netlist_gates import cone
from extract.trace import Trace

MOST: Final = 24
"""Cycles beyond which unfolding is not worth it."""


@dataclass(frozen=True, slots=True, eq=False)
class Unfolded:
    """``netlist`` has no latches; its inputs are those of ``cycles`` cycles, then what the open
    latches start with, then the state of all latches in which later cycles begin.

    ``words`` are pairs of literals, the same outputs of both designs in the last cycle.
    """

    netlist: Netlist
    cycles: int
    words: tuple[tuple[Literals, Literals], ...]

    def trace(self, original: Netlist, inputs: npt.NDArray[np.uint8]) -> Trace:
        """The run from the start of the original circuit that an assignment stands for.

        It need not be bad: what can happen later may take more cycles to get to.
        """
        count = original.input_count
        rows = inputs[: self.cycles * count].reshape(self.cycles, count)
        init = (original.init == Init.ONE).astype(np.uint8)
        open_ = original.init == Init.ANY
        init[open_] = inputs[self.cycles * count :][: open_.sum()]
        return Trace(rows, init)


def depth(net: Netlist) -> int | None:
    """For how many cycles an input is remembered by what the properties depend on.

    ``None`` if there is feedback, or more than `MOST`.
    """
    small = cone(net)
    known = np.zeros(small.node_count, np.bool_)
    known[: small.first_latch] = True
    latches = slice(small.first_latch, small.first_gate)
    for cycles in range(MOST + 1):
        _spread(small.op, small.a, small.b, small.c, small.first_gate, known)
        if known[latches].all():
            return cycles
        following = known[small.next >> 1]
        if np.array_equal(following, known[latches]):
            return None
        known[latches] = following
    return None


@numba.njit(cache=True)
def _spread(op, a, b, c, first_gate, known):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """A gate is known if all that it reads is."""
    for i in range(len(op)):
        both = known[a[i] >> 1] and known[b[i] >> 1]
        known[first_gate + i] = both and known[c[i] >> 1]


def unfold(net: Netlist, cycles: int, pairs: tuple[tuple[Literals, Literals], ...]) -> Unfolded:
    """All that happens, as one circuit, if nothing is remembered for ``cycles`` cycles.

    Its bad holds if the original's does in one of the first cycles of a run, or in the last of
    ``cycles`` in a row that begin in any state, all constraints having held until then. If it
    never holds, the original is never bad, whatever ``cycles`` is. ``pairs`` are words that are
    meant to be equal.
    """
    build = Builder(f"{net.top}, {cycles} cycles")
    drives = [build.input(f"cycle{i}", net.input_count) for i in range(cycles)]
    state = np.where(net.init == Init.ONE, TRUE, FALSE).astype(np.int32)
    open_ = net.init == Init.ANY
    state[open_] = build.input("start", int(open_.sum()))
    bad: list[int] = []
    words: tuple[tuple[Literals, Literals], ...] = ()
    for begin in (state, build.input("later", net.latch_count)):
        at, holds = begin, TRUE
        for drive in drives:
            placed = build.place(net, drive, cut=at)
            holds = build.and_(holds, build.all(placed(net.constraints)))
            bad.append(build.and_(build.any(placed(net.bad)), holds))
            words = tuple((placed(a), placed(b)) for a, b in pairs)
            at = placed(net.next)
    # Of the second run only the last cycle counts: in earlier ones the state is not yet a real one.
    whole = build.build(bad=[build.any([*bad[:cycles], bad[-1]])])
    return Unfolded(whole, cycles, tuple((build.built(a), build.built(b)) for a, b in words))
