"""Two runs that break a contract: made from a solver's answer, run again, judged by definition.

Nothing here uses the product: a witness is run on one copy of the core at a time, with a memory
that holds the program and the data, and the definition of soundness is applied to what came out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from contracts.isa import INSTRUCTIONS
from contracts.memory import Access, accesses
from contracts.product import Product, Question
from contracts.records import Records, observe
from contracts.template import Atom
from designs.cores.isa_reference import NOP
from designs.cores.model import CoreModel
from extract.netlist import Netlist, Word
from extract.simulate import Simulator, read
from extract.trace import Bits, Trace, numbers

_BYTES: Final = 4
_ONE: Final = np.uint64(1)


class WitnessError(Exception):
    """Runs that do not break the contract after all; the message says how."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One run, to be done again: all that it depends on.

    ``program`` and ``data`` map addresses of words to words, ``registers`` names of the register
    file to values. ``state`` (uint8, one for each latch) is the initial state, the register file
    included; ``inputs`` (uint8, (cycles, inputs)) drives what memory does not.
    """

    program: Mapping[int, int]
    data: Mapping[int, int]
    registers: Mapping[str, int]
    state: Bits
    inputs: Bits


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a run showed: the cycle of each retirement with the instruction's record.

    ``attacker``: what the attacker saw, a row of bits for each cycle. ``trace`` is the run of the
    core's netlist, memory's answers included.
    """

    cycles: tuple[int, ...]
    records: tuple[Mapping[str, int], ...]
    attacker: Bits
    trace: Trace


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """Two runs that the attacker tells apart and the contract does not.

    ``cycle`` is the first in which the attacker sees a difference, ``instruction`` how many
    instructions both had retired before.
    """

    runs: tuple[Run, Run]
    seen: tuple[Seen, Seen]
    cycle: int
    instruction: int


def witness(product: Product, trace: Trace) -> Witness:
    """The witness that a run of the product stands for, run again.

    Raises `WitnessError` if it does not break the contract.
    """
    found = accesses(product, trace)
    left, right = (_run(product, trace, side, found) for side in (0, 1))
    return judged(product.question, (left, right))


def judged(question: Question, runs: tuple[Run, Run]) -> Witness:
    """Run both, and apply the definition. Raises `WitnessError` if nothing is broken."""
    attacker = question.core.observations[question.attacker]
    left, right = (run_again(question.core, run, attacker) for run in runs)
    differ = np.flatnonzero((left.attacker != right.attacker).any(axis=1))
    if not len(differ):
        raise WitnessError("the attacker sees no difference")
    cycle = int(differ[0])
    done = sum(c < cycle for c in left.cycles)
    last = done + question.lookahead
    if min(len(left.cycles), len(right.cycles)) < last:
        raise WitnessError(f"the runs are too short to retire instruction {last}")
    for n in range(last):
        pair = tuple(_observations(question.atoms, s.records[: n + 1]) for s in (left, right))
        if pair[0] != pair[1]:
            raise WitnessError(f"the contract tells instruction {n} of the runs apart")
    return Witness(runs, (left, right), cycle, done)


def run_again(core: CoreModel, run: Run, attacker: Sequence[Word]) -> Seen:
    """One run of the core's netlist with memories of its own."""
    machine = _Machine(core, run)
    cycles, records, attacked = [], [], []
    for cycle in range(len(run.inputs)):
        machine.step(cycle)
        seen = [b for w in (*attacker, core.retire) for b in machine.bits(w)]
        attacked.append(np.array(seen, np.uint8))
        if machine.number(core.retire):
            cycles.append(cycle)
            told = core.retirement
            records.append(
                {f.name: machine.number(getattr(told, f.name)) for f in fields(told)}
            )  # fmt: skip
    trace = Trace(machine.inputs, run.state)
    return Seen(tuple(cycles), tuple(records), np.stack(attacked), trace)


class _Machine:
    """The core with a program and data, one cycle after the other."""

    def __init__(self, core: CoreModel, run: Run) -> None:
        self._core, self._net = core, core.netlist
        self._simulator = Simulator(core.netlist)
        self._program, self._data = run.program, dict(run.data)
        self._latches = run.state.astype(np.uint64)[:, None]
        self._values = np.empty((0, 1), np.uint64)
        self.inputs = run.inputs.copy()

    def step(self, cycle: int) -> None:
        """One cycle: addresses first, then what memory answers, then what is stored."""
        core = self._core
        if cycle:
            self._latches = read(self._values, self._net.next)
        asked = self._evaluate(cycle)
        for word, answer in self._answers().items():
            columns = (word.literals >> 1) - 1
            self.inputs[cycle, columns] = [answer >> k & 1 for k in range(word.width)]
        if self._evaluate(cycle) != asked:
            raise WitnessError(f"{core.name}: an address depends on its own answer")
        if self.number(core.store_valid):
            at, mask = self.number(core.data_address) & ~3, self.number(core.store_mask)
            old, new = self._data.get(at, 0), self.number(core.store_data)
            keep = sum(0xFF << 8 * k for k in range(_BYTES) if not mask >> k & 1)
            self._data[at] = old & keep | new & ~keep & 0xFFFFFFFF

    def number(self, word: Word) -> int:
        """The value of a word in this cycle."""
        return numbers(self.bits(word)[None, :])[0]

    def bits(self, word: Word) -> Bits:
        """The bits of a word in this cycle."""
        return (read(self._values, word.literals)[:, 0] & _ONE).astype(np.uint8)

    def _evaluate(self, cycle: int) -> tuple[int, ...]:
        row = self.inputs[cycle].astype(np.uint64)[:, None]
        self._values = self._simulator.evaluate(row, self._latches)
        c = self._core
        return tuple(
            self.number(w)
            for w in (c.fetch_valid, c.fetch_address, c.load_valid, c.store_valid, c.data_address)
        )

    def _answers(self) -> dict[Word, int]:
        c, found = self._core, {}
        if self.number(c.fetch_valid):
            found[c.fetch_data] = self._program.get(self.number(c.fetch_address) & ~3, NOP)
        if self.number(c.load_valid):
            at = self.number(c.data_address) & ~3
            found[c.load_data] = self._program.get(at, self._data.get(at, 0))
        return found


def _run(product: Product, trace: Trace, side: int, found: Sequence[Access]) -> Run:
    """One copy's part of a run of the product."""
    core, copy = product.question.core, product.copies[side]
    net = core.netlist
    inside = np.arange(1, net.first_latch, dtype=np.int32) * 2
    inputs = trace.values(product.netlist, copy(inside))
    latches = np.arange(net.first_latch, net.first_gate, dtype=np.int32) * 2
    state = Trace(trace.inputs[:1], trace.init).values(product.netlist, copy(latches))[0]
    own = [a for a in found if a.side == side]
    return Run(
        {a.address: a.data for a in own if a.kind == "fetch"},
        _initial_data(own),
        {w.name: _value(net, w, state) for w in core.register_file},
        state,
        inputs,
    )


def _initial_data(own: Sequence[Access]) -> dict[int, int]:
    """What is loaded before it is stored to."""
    data: dict[int, int] = {}
    stored: dict[int, int] = {}
    for a in own:
        if a.kind == "load":
            fresh = sum(
                0xFF << 8 * k for k in range(_BYTES) if not stored.get(a.address, 0) >> k & 1
            )
            data[a.address] = data.get(a.address, 0) | a.data & fresh
        elif a.kind == "store":
            stored[a.address] = stored.get(a.address, 0) | a.mask
    return data


def _value(net: Netlist, word: Word, state: Bits) -> int:
    nodes = np.zeros(net.first_gate, np.uint8)
    nodes[net.first_latch :] = state
    bits = nodes[word.literals >> 1] ^ (word.literals & 1).astype(np.uint8)
    return numbers(bits[None, :].astype(np.uint8))[0]


def _observations(
    atoms: tuple[Atom, ...], records: Sequence[Mapping[str, int]]
) -> tuple[tuple[str, int], ...]:
    """What the contract shows of the last of these instructions: atoms with their values."""
    observations = tuple(dict.fromkeys(a.observation for a in atoms))
    words = {
        f.name: np.array([[r[f.name] for r in records]], np.uint32)
        for f in fields(Records)
        if f.name not in {"count", "cycle"}
    }
    number, shown = observe(Records(**words, count=np.array([len(records)])), observations)
    last = int(number[0, -1])
    return tuple(
        (a.name, int(shown[observations.index(a.observation), 0, -1]))
        for a in atoms
        if last >= 0 and a.instruction == INSTRUCTIONS[last]
    )
