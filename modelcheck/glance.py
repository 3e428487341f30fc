"""A first look: random runs whose inputs are of the kinds that designs trip over.

Evenly random inputs rarely fill a queue, since a reset comes every other cycle, and rarely meet the
one corner of a multiplier. So each lane has its habits: an input of one bit is, for good, even,
mostly 1 or mostly 0, with an exception in one cycle of 16 or of 512: what comes late is only seen
where nothing interferes for long. A word is now and then all zeros, all ones, a single bit, its
largest or its smallest signed value, or what it was before. Half of the lanes also show it, for
some cycles, what it compares its words with (`modelcheck.patterns`). Inputs of the first cycle that
the constraints forbid, such as no reset, are drawn again. It finds failures, and never proves
anything.
"""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from extract.netlist import Netlist
from extract.simulate import LANES, ONES, Simulator, read
from extract.simulate_kernel import Lanes
from extract.trace import Trace
from modelcheck.answer import Answer
from modelcheck.engines import Job, unsafe
from modelcheck.patterns import Patterns, patterns

_CHUNK: Final = 32  # cycles between looks at what was seen
_CYCLES: Final = 256
_AGAIN: Final = 16  # times that the first cycle is drawn for lanes whose constraints fail
_INPUT_WORDS: Final = 1 << 22  # of 64 lanes, kept so that a failing run can be told


def simulation(job: Job) -> Answer:
    """An engine: some hundred cycles of some thousand runs, or one cycle of many more."""
    started = time.monotonic()
    found = glance(job.net, seconds=job.seconds, seed=job.seed, cycles=job.cycles)
    if found is not None:
        return unsafe("simulation", job.net, found, started)
    seconds = time.monotonic() - started
    return Answer("unknown", "simulation", seconds, reason="no failure in random runs")


def glance(net: Netlist, *, seconds: float, seed: int, cycles: int | None = None) -> Trace | None:
    """A run that ends in a bad cycle, its constraints satisfied, if a short search meets one."""
    end = time.monotonic() + seconds
    rng = np.random.default_rng(seed)
    if not net.latch_count:
        for _ in range(4):
            found = _runs(net, 1, _words(net, 1, 512), rng, end)
            if found is not None or time.monotonic() > end:
                return found
        return None
    most = min(cycles or _CYCLES, _CYCLES)
    return _runs(net, most, _words(net, most, 32), rng, end)


def allowed(net: Netlist, cycles: int, *, seed: int) -> Trace | None:
    """A run of so many cycles in which all constraints hold, if it is easily met."""
    rng = np.random.default_rng(seed)
    words = _words(net, cycles, 4)
    simulator = Simulator(net)
    first = simulator.initial(words, seed=int(rng.integers(1 << 32)))
    latches, holding = first, np.full(words, ONES)
    told = _Habits(net, words, rng).cycles(cycles)
    for inputs in told:
        _allow(simulator, inputs, latches, rng)
        values, latches = simulator.step(inputs, latches)
        holding &= np.bitwise_and.reduce(read(values, net.constraints), axis=0, initial=ONES)
    where = np.flatnonzero(holding)
    if not len(where):
        return None
    return Trace.from_lane(told, first, LANES * int(where[0]) + _lowest(int(holding[where[0]])))


def _words(net: Netlist, cycles: int, wanted: int) -> int:
    return max(1, min(wanted, _INPUT_WORDS // max(1, cycles * net.input_count)))


def _runs(
    net: Netlist, cycles: int, words: int, rng: np.random.Generator, end: float
) -> Trace | None:
    simulator = Simulator(net)
    first = simulator.initial(words, seed=int(rng.integers(1 << 32)))
    latches, holding = first, np.full(words, ONES)
    watch = np.concatenate([net.constraints, net.bad]).astype(np.int32)
    habits = _Habits(net, words, rng)
    told: list[Lanes] = []
    for start in range(0, cycles, _CHUNK):
        inputs = habits.cycles(min(_CHUNK, cycles - start))
        if not start:
            _allow(simulator, inputs[0], first, rng)
        told.append(inputs)
        run = simulator.run(inputs, latches, watch)
        latches = run.latches
        found = _failure(run.watched, len(net.constraints), holding)
        if found is not None:
            at, lane = found
            rows = np.concatenate(told)[: start + at + 1, :, lane // LANES, None]
            return Trace.from_lane(rows, first[:, lane // LANES, None], lane % LANES)
        if not holding.any() or time.monotonic() > end:
            return None
    return None


def _allow(simulator: Simulator, inputs: Lanes, latches: Lanes, rng: np.random.Generator) -> None:
    """Draw inputs of a cycle again, in place, in lanes in which a constraint fails."""
    asked = simulator.net.constraints
    for _ in range(_AGAIN if len(asked) else 0):
        holds = read(simulator.evaluate(inputs, latches), asked)
        again = ~np.bitwise_and.reduce(holds, axis=0)
        if not again.any():
            return
        drawn = rng.integers(0, 1 << 64, inputs.shape, dtype=np.uint64)
        inputs[:] = (inputs & ~again) | (drawn & again)


def _failure(watched: Lanes, constraints: int, holding: Lanes) -> tuple[int, int] | None:
    """Cycle and lane of the first failure; ``holding`` is updated in place."""
    for at in range(len(watched)):
        holding &= np.bitwise_and.reduce(watched[at, :constraints], axis=0, initial=ONES)
        failed = np.bitwise_or.reduce(watched[at, constraints:], axis=0) & holding
        where = np.flatnonzero(failed)
        if len(where):
            return at, LANES * int(where[0]) + _lowest(int(failed[where[0]]))
    return None


def _lowest(word: int) -> int:
    """The number of the lowest 1."""
    return (word & -word).bit_length() - 1


class _Habits:
    """Makes inputs, uint64 (cycles, inputs, words), cycle by cycle."""

    def __init__(self, net: Netlist, words: int, rng: np.random.Generator) -> None:
        self.words, self.rng = words, rng
        named = [(w.literals >> 1) - 1 for w in net.inputs]
        self.wide = [rows for rows in named if len(rows) > 1]
        count = net.input_count
        # For good: mostly 1, mostly 0, or even.
        self.high = self._noise(count)
        self.low = ~self.high & self._noise(count)
        self.high &= self._noise(count)
        loose = np.ones(count, bool)
        for rows in self.wide:
            loose[rows] = False
        self.high[~loose] = 0
        self.low[~loose] = 0
        self.steady = self._noise(count)
        self.before = self._noise(count)
        self.shown = [_Shown(p, words, rng) for p in patterns(net)]

    def _noise(self, count: int) -> Lanes:
        made: Lanes = self.rng.integers(0, 1 << 64, (count, self.words), dtype=np.uint64)
        return made

    def _some(self, times: int) -> Lanes:
        """A mask that has a lane with probability ``2 ** -times``."""
        made: Lanes = np.bitwise_and.reduce(self._noise(times), axis=0)
        return made

    def cycles(self, count: int) -> Lanes:
        """The next cycles."""
        made = np.empty((count, len(self.high), self.words), np.uint64)
        for at in range(count):
            made[at] = self._cycle()
        return made

    def _cycle(self) -> Lanes:
        count = len(self.high)
        rare = self._noise(count) & self._noise(count) & self._noise(count) & self._noise(count)
        rare &= ~self.steady | self._some(5)
        bits: Lanes = self._noise(count) & ~(self.high | self.low)
        bits |= (self.high & ~rare) | (self.low & rare)
        for rows in self.wide:
            self._word(bits, rows)
        for shown in self.shown:
            shown.cycle(bits, self._some(3))
        self.before = bits
        return bits

    def _word(self, bits: Lanes, rows: np.ndarray) -> None:
        """Some lanes get a corner of the word instead of evenly random bits."""
        sign, rest = rows[-1], rows[:-1]
        zeros, ones, lowest, highest = (self._some(4) for _ in range(4))
        bits[rows] &= ~(zeros | lowest)
        bits[rows] |= ones
        bits[sign] |= lowest
        bits[rest] |= highest
        bits[sign] &= ~highest
        sparse, same = self._some(3), self._some(4)
        bits[rows] &= ~sparse | (self._noise(len(rows)) & self._noise(len(rows)))
        dense = self._some(3)
        bits[rows] |= dense & self._noise(len(rows)) & self._noise(len(rows))
        single = self._some(4)
        bits[rows] &= ~single
        bits[self.rng.choice(rows)] |= single
        bits[rows] = (bits[rows] & ~same) | (self.before[rows] & same)


class _Shown:
    """Shows a word, in half of the lanes, what the circuit looks for; the rest of it is random."""

    def __init__(self, of: Patterns, words: int, rng: np.random.Generator) -> None:
        self.of, self.words, self.rng = of, words, rng
        self.rows = of.nodes - 1
        self.lanes: Lanes = rng.integers(0, 1 << 64, words, dtype=np.uint64)
        self.held = self._drawn()

    def cycle(self, bits: Lanes, fresh: Lanes) -> None:
        """Set the inputs ``bits`` of a cycle: something new in the lanes ``fresh``."""
        self.held = (self.held & ~fresh) | (self._drawn() & fresh)
        bits[self.rows] = (bits[self.rows] & ~self.lanes) | (self.held & self.lanes)

    def _drawn(self) -> Lanes:
        count = LANES * self.words
        chosen = self.rng.integers(0, len(self.of.masks), count)
        mask, value = self.of.masks[chosen], self.of.values[chosen]
        noise = self.rng.integers(0, 1 << 64, count, dtype=np.uint64)
        made = (noise & ~mask) | (value & mask)
        places = np.arange(len(self.rows), dtype=np.uint64)
        bits = (made >> places[:, None] & np.uint64(1)).astype(np.uint8)
        packed: Lanes = np.packbits(bits, axis=1, bitorder="little").view(np.uint64)
        return packed
