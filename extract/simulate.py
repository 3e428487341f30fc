"""Simulation of a `Netlist`, 64 lanes in each word: thousands of independent runs at once.

A *lane* is one run of the circuit. Lane ``64 * w + i`` is bit ``i`` of word ``w``. Cycle 0 shows
the initial state; the inputs of a cycle act on what its gates compute and on the next state.
Constraints of the netlist are not applied here: who looks for a failure must.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from extract import simulate_kernel as kernel
from extract.netlist import Init, Literals, Netlist
from extract.simulate_kernel import Lanes

LANES: Final = 64
"""Lanes in a word."""

ONES: Final = np.uint64(0xFFFF_FFFF_FFFF_FFFF)

_BLOCK: Final = 64  # words a row, see the kernel
_STREAMS: Final = {"inputs": 0x1F83D9AB, "initial": 0x5BE0CD19, "latches": 0x3C6EF372}


class SimulationError(ValueError):
    """Stimulus that does not fit the circuit; the message says what was expected."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What a run showed.

    ``watched``: uint64 (cycles, watched literals, words); ``latches``: uint64 (latches, words),
    the state after the last cycle, from which another run may go on.
    """

    watched: Lanes
    latches: Lanes


class Simulator:
    """A circuit, ready to run.

    ``threads`` share the lanes in blocks of ``block`` words.
    """

    def __init__(self, net: Netlist, *, threads: int = 1, block: int = _BLOCK) -> None:
        if threads < 1 or block < 1:
            raise SimulationError("threads and block are at least 1")
        self.net = net
        self._threads = threads
        self._block = block
        self._op = np.ascontiguousarray(net.op, np.uint8)
        self._a, self._b, self._c, self._next = (
            np.ascontiguousarray(x, np.int32) for x in (net.a, net.b, net.c, net.next)
        )

    def run(self, inputs: Lanes, init: Lanes, watch: Literals | None = None) -> Run:
        """Drive ``inputs``, uint64 (cycles, inputs, words), from ``init``, (latches, words).

        ``watch`` are the literals whose values are wanted, int32; all bits of the outputs, in
        their order, if not given. Raises `SimulationError` on shapes that do not fit.
        """
        inputs = _words(inputs, "inputs", 3)
        cycles, count, words = inputs.shape
        if count != self.net.input_count:
            raise SimulationError(f"{count} rows of inputs for {self.net.input_count} inputs")
        return self._run(inputs, np.uint64(0), 0, cycles, self._state(init, words), watch)

    def random(
        self, cycles: int, init: Lanes, *, seed: int, start: int = 0, watch: Literals | None = None
    ) -> Run:
        """The same under the inputs `stimulus` (cycles, words, seed, start), which are not stored.

        The number of words is that of ``init``.
        """
        init = _words(init, "init", 2)
        state = self._state(init, init.shape[1])
        none = np.empty((0, 0, 0), np.uint64)
        return self._run(none, _stream(seed, "inputs"), start, cycles, state, watch)

    def evaluate(self, inputs: Lanes, latches: Lanes) -> Lanes:
        """Values of all nodes, uint64 (nodes, words), for one cycle.

        ``inputs``: (inputs, words), ``latches``: (latches, words).
        """
        inputs = _words(inputs, "inputs", 2)
        if inputs.shape[0] != self.net.input_count:
            raise SimulationError(
                f"{inputs.shape[0]} rows of inputs for {self.net.input_count} inputs"
            )
        words = inputs.shape[1]
        values = np.empty((self.net.node_count, words), np.uint64)
        values[0] = 0
        values[1 : self.net.first_latch] = inputs
        values[self.net.first_latch : self.net.first_gate] = self._state(latches, words)
        kernel.gates(self._op, self._a, self._b, self._c, self.net.first_gate, values)
        return values

    def step(self, inputs: Lanes, latches: Lanes) -> tuple[Lanes, Lanes]:
        """Values of all nodes in one cycle, and the latches of the next; as `evaluate`."""
        values = self.evaluate(inputs, latches)
        return values, read(values, self._next)

    def stimulus(self, cycles: int, words: int, *, seed: int, start: int = 0) -> Lanes:
        """Random inputs, uint64 (cycles, inputs, words), of the cycles ``start …``.

        They depend on the circuit's number of inputs and on ``words``, not on threads or blocks.
        """
        count = self.net.input_count
        flat = np.empty(cycles * count * words, np.uint64)
        kernel.random_row(flat, _stream(seed, "inputs"), np.uint64(start * count * words))
        return flat.reshape(cycles, count, words)

    def initial(self, words: int, *, seed: int) -> Lanes:
        """Initial states, uint64 (latches, words): random where the design leaves them open."""
        state = _random((self.net.latch_count, words), seed, "initial")
        state[self.net.init == Init.ZERO] = 0
        state[self.net.init == Init.ONE] = ONES
        return state

    def _state(self, init: Lanes, words: int) -> Lanes:
        init = _words(init, "init", 2)
        if init.shape != (self.net.latch_count, words):
            wanted = (self.net.latch_count, words)
            raise SimulationError(f"a state of shape {init.shape}, where {wanted} is wanted")
        return init.copy()

    def _run(
        self,
        inputs: Lanes,
        seed: np.uint64,
        start: int,
        cycles: int,
        state: Lanes,
        watch: Literals | None,
    ) -> Run:
        if cycles < 0 or start < 0:
            raise SimulationError("a negative number of cycles")
        literals = self._watch(watch)
        words = state.shape[1]
        watched = np.empty((cycles, len(literals), words), np.uint64)

        def block(low: int) -> None:
            values = np.empty((self.net.node_count, min(self._block, words - low)), np.uint64)
            kernel.run_block(
                self._op, self._a, self._b, self._c, self._next, self.net.input_count,
                inputs, seed, start, words, low, state, literals, watched, values,
            )  # fmt: skip

        lows = range(0, words, self._block)
        if self._threads > 1 and len(lows) > 1:
            with ThreadPoolExecutor(self._threads) as pool:
                list(pool.map(block, lows))
        else:
            for low in lows:
                block(low)
        return Run(watched, state)

    def _watch(self, watch: Literals | None) -> Literals:
        if watch is None:
            watch = output_bits(self.net)
        literals = np.ascontiguousarray(watch, np.int32)
        if literals.ndim != 1 or ((literals < 0) | (literals >= 2 * self.net.node_count)).any():
            raise SimulationError("a watched literal of no node")
        return literals


def output_bits(net: Netlist) -> Literals:
    """Literals of all bits of the outputs, word after word, least significant first."""
    none = np.empty(0, np.int32)
    return np.concatenate([none, *(w.literals for w in net.outputs)]).astype(np.int32)


def read(values: Lanes, literals: Literals) -> Lanes:
    """Of the ``values`` of all nodes, (nodes, words), those of ``literals``: (literals, words)."""
    flip = (ONES * (literals & 1).astype(np.uint64))[:, None]
    picked: Lanes = values[literals >> 1] ^ flip
    return picked


def signatures(net: Netlist, words: int, seed: int) -> Lanes:
    """Values of all nodes, uint64 (nodes, words), for random inputs and random latches.

    Two nodes that differ (and are no complements) in a row compute different functions of inputs
    and latches. Same seed, same signatures.
    """
    simulator = Simulator(net)
    inputs = simulator.stimulus(1, words, seed=seed)[0]
    latches = _random((net.latch_count, words), seed, "latches")
    return simulator.evaluate(inputs, latches)


def _words(array: Lanes, name: str, dimensions: int) -> Lanes:
    if array.dtype != np.uint64 or array.ndim != dimensions:
        raise SimulationError(
            f"{name}: uint64 with {dimensions} dimensions is wanted, "
            f"not {array.dtype} with {array.ndim}"
        )
    return np.ascontiguousarray(array)


def _stream(seed: int, name: str) -> np.uint64:
    """Start of the random stream that the seed has for one purpose."""
    mixed = np.random.SeedSequence([seed % (1 << 128), _STREAMS[name]])
    return np.uint64(mixed.generate_state(1, np.uint64)[0])


def _random(shape: tuple[int, int], seed: int, name: str) -> Lanes:
    flat = np.empty(shape[0] * shape[1], np.uint64)
    kernel.random_row(flat, _stream(seed, name), np.uint64(0))
    return flat.reshape(shape)
