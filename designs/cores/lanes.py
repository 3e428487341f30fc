"""A core running programs in the lanes of the simulator, each lane with memory of its own.

For tests of a core against a reference: every word of every cycle can be looked at. The loop is
Python's; the gates are compiled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from designs.cores.isa_reference import NOP
from designs.cores.model import CoreModel
from designs.cores.random_programs import Program
from extract.netlist import Word
from extract.simulate import LANES, Simulator, read
from extract.simulate_kernel import Lanes

Numbers = npt.NDArray[np.uint32]
_HALF_NOP = 1


def numbers(values: Lanes, word: Word) -> Numbers:
    """What a word of at most 32 bits holds in each lane, from the values of all nodes."""
    rows = read(values, word.literals)
    bits = np.unpackbits(rows.view(np.uint8), axis=1, bitorder="little")
    weights = (1 << np.arange(word.width, dtype=np.uint64))[:, None]
    found: Numbers = (bits * weights).sum(axis=0).astype(np.uint32)
    return found


def to_rows(numbers: Sequence[int] | Numbers, width: int) -> Lanes:
    """Rows of bits, uint64 (width, lanes / 64), for a number a lane."""
    given = np.asarray(numbers, np.uint64)
    bits = (given[None, :] >> np.arange(width, dtype=np.uint64)[:, None]) & np.uint64(1)
    return np.packbits(bits.astype(np.uint8), axis=1, bitorder="little").view(np.uint64)


@dataclass(frozen=True, slots=True)
class Store:
    """Bytes that a lane wrote: ``mask`` says which of the word at ``address``."""

    lane: int
    address: int
    mask: int
    data: int


@dataclass(frozen=True, slots=True, eq=False)
class Cycle:
    """What happened in a cycle: values of all nodes, which lanes retire, what they stored."""

    number: int
    values: Lanes
    retiring: npt.NDArray[np.int64]
    stores: tuple[Store, ...]


class LaneRun:
    """Programs, one a lane, run from reset."""

    def __init__(self, model: CoreModel, programs: Sequence[Program], *, seed: int = 1) -> None:
        """As many lanes as programs: a multiple of 64."""
        if not programs or len(programs) % LANES:
            raise ValueError(f"{len(programs)} programs; a multiple of {LANES} is needed")
        self.model, self.programs = model, programs
        self.simulator = Simulator(model.netlist)
        self.latches = self.simulator.initial(len(programs) // LANES, seed=seed)
        first = model.netlist.first_latch
        for number, word in enumerate(model.register_file, 1):
            rows = to_rows([p.start[number] for p in programs], word.width)
            flip = -(word.literals & 1).astype(np.int64)
            self.latches[(word.literals >> 1) - first] = rows ^ flip.astype(np.uint64)[:, None]
        self.halves = [_halves(p) for p in programs]
        self.memory: list[dict[int, int]] = [{} for _ in programs]

    def cycles(self, most: int) -> Iterator[Cycle]:
        """Cycle after cycle, at most so many."""
        model, net = self.model, self.model.netlist
        width = self.latches.shape[1]
        for number in range(most):
            inputs = np.zeros((net.input_count, width), np.uint64)
            values = self.simulator.evaluate(inputs, self.latches)
            fetched = self._answers(values, model.fetch_valid, model.fetch_address, self._fetch)
            inputs[(model.fetch_data.literals >> 1) - 1] = to_rows(fetched, 32)
            values = self.simulator.evaluate(inputs, self.latches)
            loaded = self._answers(values, model.load_valid, model.data_address, self._load)
            inputs[(model.load_data.literals >> 1) - 1] = to_rows(loaded, 32)
            values, self.latches = self.simulator.step(inputs, self.latches)
            stores = tuple(self._stores(values))
            for store in stores:
                self._write(store)
            yield Cycle(number, values, np.flatnonzero(numbers(values, model.retire)), stores)

    def _answers(self, values: Lanes, valid: Word, address: Word, answer: object) -> Numbers:
        out = np.zeros(len(self.programs), np.uint32)
        places = numbers(values, address)
        for lane in np.flatnonzero(numbers(values, valid)).tolist():
            out[lane] = answer(lane, int(places[lane]))  # type: ignore[operator]
        return out

    def _fetch(self, lane: int, address: int) -> int:
        halves = self.halves[lane]
        low, high = halves.get(address), halves.get(address + 2)
        if low is None and high is None:
            return NOP
        return (_HALF_NOP if low is None else low) | (_HALF_NOP if high is None else high) << 16

    def _load(self, lane: int, address: int) -> int:
        memory, elsewhere = self.memory[lane], self.programs[lane].load
        found = 0
        for k in range(4):
            byte = memory.get(address + k)
            found |= (elsewhere(address + k) if byte is None else byte) << 8 * k
        return found

    def _stores(self, values: Lanes) -> Iterator[Store]:
        model = self.model
        lanes = np.flatnonzero(numbers(values, model.store_valid)).tolist()
        if not lanes:
            return
        address, data = numbers(values, model.data_address), numbers(values, model.store_data)
        mask = numbers(values, model.store_mask)
        for lane in lanes:
            yield Store(lane, int(address[lane]), int(mask[lane]), int(data[lane]))

    def _write(self, store: Store) -> None:
        for k in range(4):
            if store.mask >> k & 1:
                self.memory[store.lane][store.address + k] = store.data >> 8 * k & 0xFF


def _halves(program: Program) -> Mapping[int, int]:
    """The half word at each address."""
    found = {}
    for address, word in program.words.items():
        found[address] = word & 0xFFFF
        if word & 3 == 3:
            found[address + 2 & 0xFFFF_FFFF] = word >> 16
    return found
