"""States of two copies in lockstep, many at once: what a claim about them must be true of.

Each lane runs a program of random instructions, on data that differs between the copies. Once the
attacker sees a difference, or the contract tells the copies apart, the lane starts anew, and the
states shortly before that are forgotten: the window tells them apart.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from contracts.isa import INSTRUCTIONS, Words, encode, of_extensions
from contracts.window import Shown, Window
from designs.cores.lanes import to_rows
from extract.netlist import Init, Literals
from extract.simulate import LANES, ONES, Simulator, read
from extract.simulate_kernel import Lanes

_POOL: Final = 1 << 15
_WIDTH: Final = 32
_AGAIN: Final = 1 / 400
"""How probably a lane starts anew, in each cycle."""


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Latches of both copies, uint64 (2, twins, words); ``live`` says which bits are states."""

    twins: Lanes
    live: Lanes


class Sampler:
    """Runs lanes of a window from reset."""

    def __init__(self, win: Window, *, words: int = 16, seed: int = 0) -> None:
        """``words`` times 64 lanes."""
        self._window, self._words = win, words
        self._random = np.random.default_rng(seed)
        self._simulator = Simulator(win.netlist)
        self._pool = _Pool(self._random, win)
        self._equal = np.sort(self._random.choice([0.0, 0.5, 0.9, 1.0], LANES * words))
        self._state = self._fresh()
        self._idle = np.zeros(LANES * words, np.int64)
        self.gap = 0
        """The most cycles from one retirement to the next, so far."""

    def run(self, cycles: int, ahead: int) -> Samples:
        """So many cycles; states less than ``ahead`` cycles before a difference do not count."""
        rows = self._window.twins.T >> 1
        kept, live = [], []
        ring: deque[tuple[Lanes, Lanes]] = deque()
        for _ in range(cycles):
            nodes = self._cycle()
            ring.append((nodes[rows], np.full(self._words, ONES)))
            again = self._advance(nodes)
            for _state, valid in ring:
                np.bitwise_and(valid, ~again, out=valid)
            self._gaps(self._literal(nodes, self._window.retires[0]), again)
            if len(ring) >= ahead:
                state, valid = ring.popleft()
                kept.append(state)
                live.append(valid)
        return Samples(np.concatenate(kept, axis=2), np.concatenate(live))

    def alike(self, cycles: int, wanted: Sequence[Shown], nodes: Literals) -> list[list[int]]:
        """For each bit that is shown literals of these nodes that are the same whenever it is.

        In so many cycles; none for a bit that was not seen to have both values.
        """
        same = np.ones((2, len(wanted), len(nodes)), np.bool_)
        both = np.zeros((2, len(wanted)), np.bool_)
        for _ in range(cycles):
            values = self._cycle()
            for k, bit in enumerate(wanted):
                when, value = self._literal(values, bit.when), self._literal(values, bit.value)
                apart = values[nodes] ^ value
                same[0, k] &= ~(apart & when).any(axis=1)
                same[1, k] &= ~(~apart & when).any(axis=1)
                both[0, k] |= bool((value & when).any())
                both[1, k] |= bool((~value & when).any())
            self._advance(values)
        return [
            [*(2 * nodes[same[0, k]]).tolist(), *(2 * nodes[same[1, k]] + 1).tolist()]
            if both[:, k].all()
            else []
            for k in range(len(wanted))
        ]

    def _advance(self, nodes: Lanes) -> Lanes:
        """Go to the next cycle; the lanes that start anew."""
        net = self._window.netlist
        allowed = np.bitwise_and.reduce(read(nodes, net.constraints), axis=0, initial=ONES)
        over = ~allowed | self._literal(nodes, self._window.diverged)
        again: Lanes = over | self._bits(_AGAIN)
        self._state = read(nodes, net.next) & ~again | self._fresh() & again
        return again

    def _gaps(self, retires: Lanes, again: Lanes) -> None:
        did = np.unpackbits(retires.view(np.uint8), bitorder="little") == 1
        anew = np.unpackbits(again.view(np.uint8), bitorder="little") == 1
        self._idle += 1
        if did.any():
            self.gap = max(self.gap, int(self._idle[did].max()))
        self._idle[did | anew] = 0

    @staticmethod
    def _literal(nodes: Lanes, literal: int) -> Lanes:
        row: Lanes = read(nodes, np.array([literal], np.int32))[0]
        return row

    def _cycle(self) -> Lanes:
        """Values of all nodes in one cycle."""
        net, core = self._window.netlist, self._window.question.core
        inputs = self._random.integers(0, 1 << 64, (net.input_count, self._words), dtype=np.uint64)
        count = LANES * self._words
        words, partners = self._pool.take(count)
        same = self._random.random(count) < self._equal
        one, two = self._pool.data(count), self._pool.data(count)
        loaded = (one, np.where(same, one, two))
        for side, copy in enumerate(self._window.copies):
            inputs[(copy(core.fetch_data) >> 1) - 1] = to_rows((words, partners)[side], _WIDTH)
            inputs[(copy(core.load_data) >> 1) - 1] = to_rows(loaded[side], _WIDTH)
        return self._simulator.evaluate(inputs, self._state)

    def _fresh(self) -> Lanes:
        """Initial states; registers that may differ do in some of the lanes."""
        net = self._window.netlist
        state = self._random.integers(0, 1 << 64, (net.latch_count, self._words), dtype=np.uint64)
        first = net.first_latch
        if self._random.random() < 0.5:
            state &= self._bits(0.5)  # zeros in half of the lanes
        left, right = (self._window.twins >> 1).T - first
        alike = np.ones(net.latch_count, np.bool_)
        for copy in self._window.copies:
            for w in self._window.question.core.register_file:
                nodes = copy(w) >> 1
                alike[nodes[nodes >= first] - first] = False
        chosen = self._random.random(LANES * self._words) < self._equal
        mixed = np.packbits(chosen, bitorder="little").view(np.uint64)
        copied = np.where(alike[right][:, None], ONES, mixed[None, :])
        state[right] = state[left] & copied | state[right] & ~copied
        state[net.init == Init.ZERO] = 0
        state[net.init == Init.ONE] = ONES
        return state

    def _bits(self, probability: float) -> Lanes:
        chosen = self._random.random(LANES * self._words) < probability
        return np.packbits(chosen, bitorder="little").view(np.uint64)


class _Pool:
    """Random instructions, each with a partner for the other copy."""

    def __init__(self, random: np.random.Generator, win: Window) -> None:
        self._random = random
        extensions = win.question.core.core.isa.removeprefix("rv32").upper()
        known = [INSTRUCTIONS.index(i) for i in of_extensions(extensions.replace("C", ""))]
        numbers = np.array(known)[random.integers(0, len(known), _POOL)]
        self.words = self._made(numbers)
        self.partners = self.words
        if win.question.programs == "any":
            alike = self._made(numbers)
            self.partners = np.where(random.random(_POOL) < 0.5, alike, self.words)

    def _made(self, numbers: npt.NDArray[np.int64]) -> Words:
        some = self._random.integers
        imm = some(-(1 << 20), 1 << 20, _POOL)
        small = some(-8, 9, _POOL) * 4
        imm = np.where(self._random.random(_POOL) < 0.5, small, imm)
        few = np.where(self._random.random(_POOL) < 0.5, 3, 31)
        rd, rs1, rs2 = (some(0, 32, _POOL) & few for _ in range(3))
        return encode(numbers, rd, rs1, rs2, imm)

    def take(self, count: int) -> tuple[Words, Words]:
        """Some words with their partners."""
        at = self._random.integers(0, _POOL, count)
        return self.words[at], self.partners[at]

    def data(self, count: int) -> Words:
        """Data: small numbers and wide ones."""
        wide = self._random.integers(0, 1 << 32, count, dtype=np.uint32)
        return np.where(self._random.random(count) < 0.5, wide, wide & 7).astype(np.uint32)
