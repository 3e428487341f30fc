"""A core that is ready to run pairs of programs in lanes."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

from contracts import lane_kernel as kernel
from contracts.isa import Numbers, Words
from contracts.records import Records
from designs.cores.model import CoreModel
from extract.netlist import Literals, Netlist, Word
from extract.simulate import Simulator

BLOCK: Final = 32
"""Words of 64 pairs that are run at once: rows of twice as many, see `simulate_kernel`."""

_PAIRS: Final = 64 * BLOCK


class MachineError(Exception):
    """A core that cannot be run in lanes; the message says what it would need."""


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Programs and data, one run each.

    ``programs``: uint32 (runs, length), executed from the first address on; what lies beyond is
    `nop`. ``registers``: uint32 (runs, 32). ``places`` and ``data``: uint32 (runs, words), what
    memory holds at which byte addresses, multiples of 4; elsewhere it holds what ``seeds``
    (uint64, (runs,)) say. Instructions and data lie in memories of their own.
    """

    programs: Words
    registers: Words
    places: Words
    data: Words
    seeds: npt.NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.programs)

    def of(self, some: npt.NDArray[np.integer] | slice) -> Runs:
        """Some of the runs."""
        return Runs(*(getattr(self, f.name)[some] for f in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Two runs each: ``left[k]`` and ``right[k]`` are a pair."""

    left: Runs
    right: Runs

    def __len__(self) -> int:
        return len(self.left)

    def of(self, some: npt.NDArray[np.integer] | slice) -> Pairs:
        """Some of the pairs."""
        return Pairs(self.left.of(some), self.right.of(some))


def joined(several: Sequence[Pairs]) -> Pairs:
    """One after the other. All must have programs and memories of one size."""

    def one(runs: Sequence[Runs]) -> Runs:
        return Runs(*(np.concatenate([getattr(r, f.name) for r in runs]) for f in fields(Runs)))

    return Pairs(one([p.left for p in several]), one([p.right for p in several]))


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """What pairs of runs showed.

    For each attacker, in the machine's order, and each pair, ``when`` (int64) is the cycle of the
    first difference and ``index`` how many instructions both had retired before it, or -1.
    ``cycles`` are those that the longest run took.
    """

    left: Records
    right: Records
    when: Numbers
    index: Numbers
    cycles: int


class Machine:
    """A core in lanes. ``attackers`` are names of its observations.

    Raises `MachineError` if its memory interface cannot be answered within a cycle.
    """

    def __init__(
        self, core: CoreModel, attackers: Sequence[str] = ("retirement",), *, threads: int = 1
    ) -> None:
        unknown = [x for x in attackers if x not in core.observations]
        if unknown or not attackers:
            have = ", ".join(sorted(core.observations))
            raise MachineError(f"{core.name} has no attacker {', '.join(unknown)}; it has {have}")
        self.core = core
        self.attackers = tuple(attackers)
        self._threads = threads
        self._net, moved, self._phases = _by_phase(core)
        self._moved = moved
        self._ports = tuple(
            self._literals(w) for w in (
                core.fetch_valid, core.fetch_address, core.fetch_data, core.load_valid,
                core.store_valid, core.data_address, core.load_data, core.store_data,
                core.store_mask, core.retire, core.retirement.trap,
            )
        )  # fmt: skip
        shown = _shown(core)
        self._shown = np.stack([self._literals(w, 32) for w in shown])
        seen = [self._seen(x) for x in attackers]
        self._seen_literals = np.concatenate(seen)
        self._bounds = np.cumsum([0, *map(len, seen)]).astype(np.int64)
        self.base = core.entry

    def run(self, pairs: Pairs, *, most: int, cycles: int, seed: int = 0) -> Observed:
        """Run until ``most`` instructions are retired, at most ``cycles`` cycles.

        ``seed`` chooses what reset leaves open beside the registers; the same on both sides.
        Raises `MachineError` if a run stores to more places than there is room for.
        """
        # A short last block is filled up to whole words with runs that do not count.
        total = -(-len(pairs) // 64) * 64
        blocks = [
            pairs.of(np.arange(low, min(low + _PAIRS, total)) % len(pairs))
            for low in range(0, total, _PAIRS)
        ]

        def one(numbered: tuple[int, Pairs]) -> Observed:
            number, block = numbered
            return self._block(block, most, cycles, [seed, number])

        if self._threads > 1 and len(blocks) > 1:
            with ThreadPoolExecutor(self._threads) as pool:
                done = list(pool.map(one, enumerate(blocks)))
        else:
            done = list(map(one, enumerate(blocks)))
        return _together(done, len(pairs))

    def initial_state(
        self, pair: Pairs, *, seed: int = 0
    ) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
        """The state, a bit for each latch, in which each run begins if ``pair`` is run alone."""
        both = joined_runs(pair.of(np.zeros(64, np.int64)))
        latches = self._start(both.registers, 1, [seed, 0])
        left, right = ((latches[:, side] & np.uint64(1)).astype(np.uint8) for side in (0, 1))
        return left, right

    def _block(self, pairs: Pairs, most: int, cycles: int, seed: list[int]) -> Observed:
        n = len(pairs)
        both = joined_runs(pairs)
        half = n // 64
        latches = self._start(both.registers, half, seed)
        room = both.places.shape[1] + 2 * most
        places, data = (
            np.concatenate([x, np.zeros((2 * n, room - x.shape[1]), np.uint32)], axis=1)
            for x in (both.places, both.data)
        )
        counts = np.full(2 * n, both.places.shape[1], np.int64)
        records = np.zeros((kernel.FIELDS, 2 * n, most), np.uint32)
        traps = np.zeros((2 * n, most), np.uint8)
        retired = np.zeros(2 * n, np.int64)
        when = np.full((len(self.attackers), n), -1, np.int64)
        index = np.full_like(when, -1)
        net = self._net
        taken = kernel.run_pairs(
            net.op, net.a, net.b, net.c, net.next, net.input_count, self._phases, latches,
            self._ports, self._shown, self._seen_literals, self._bounds,
            both.programs, np.uint32(self.base), places, data, counts, both.seeds,
            most, cycles, records, traps, retired, when, index,
        )  # fmt: skip
        if taken < 0:
            raise MachineError(
                f"{self.core.name}: more stores than {most} instructions should make"
            )
        word, pc, next_pc, rs1, rs2, rd, read, write = records
        found = Records(
            word, pc, next_pc, rs1, rs2, rd, read, write, traps.astype(np.uint32), retired
        )
        return Observed(found.of(slice(0, n)), found.of(slice(n, 2 * n)), when, index, taken)

    def _start(self, registers: Words, half: int, seed: list[int]) -> npt.NDArray[np.uint64]:
        net = self._net
        mixed = int(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0])
        one = Simulator(net).initial(half, seed=mixed)
        latches = np.ascontiguousarray(np.concatenate([one, one], axis=1))
        for w in self.core.register_file:
            number = int(w.name.removeprefix("x"))
            values = np.ascontiguousarray(registers[:, number])
            kernel.put_registers(values, self._literals(w), net.first_latch, latches)
        return latches

    def _literals(self, word: Word, width: int | None = None) -> Literals:
        found: Literals = (self._moved[word.literals >> 1] ^ (word.literals & 1)).astype(np.int32)
        if width is not None and len(found) < width:
            found = np.concatenate([found, np.zeros(width - len(found), np.int32)])
        return np.ascontiguousarray(found)

    def _seen(self, attacker: str) -> Literals:
        # Every attacker sees retirements: positions in the two traces stay aligned.
        words = [*self.core.observations[attacker], self.core.retire]
        return np.unique(np.concatenate([self._literals(w) for w in words]))


def joined_runs(pairs: Pairs) -> Runs:
    """All left runs, then all right ones."""
    both = ((getattr(pairs.left, f.name), getattr(pairs.right, f.name)) for f in fields(Runs))
    return Runs(*(np.ascontiguousarray(np.concatenate(x)) for x in both))


def _shown(core: CoreModel) -> tuple[Word, ...]:
    r = core.retirement
    return (
        r.instruction, r.pc, r.next_pc, r.rs1_value, r.rs2_value, r.rd_value,
        r.memory_read, r.memory_write,
    )  # fmt: skip


def _by_phase(core: CoreModel) -> tuple[Netlist, Literals, npt.NDArray[np.int64]]:
    """The netlist with its gates in the order of phases, its literals for nodes, the bounds."""
    net = core.netlist
    phase = np.zeros(net.node_count, np.uint8)
    phase[core.fetch_data.literals >> 1] = 1
    phase[core.load_data.literals >> 1] = 2
    kernel.phase_of(net.a, net.b, net.c, net.first_gate, phase)
    for words, latest, what in (
        ((core.fetch_valid, core.fetch_address), 0, "fetch address depends on the fetched word"),
        ((core.load_valid, core.data_address), 1, "load address depends on the loaded word"),
    ):
        if max(int(phase[w.literals >> 1].max()) for w in words) > latest:
            raise MachineError(f"{core.name}: the {what} within a cycle")
    of_gates = phase[net.first_gate :]
    order = np.argsort(of_gates, kind="stable")
    literal = np.arange(net.node_count, dtype=np.int32) << 1
    literal[net.first_gate + order] = (net.first_gate + np.arange(len(order))) << 1

    def moved(x: Literals) -> Literals:
        out: Literals = np.ascontiguousarray(literal[x >> 1] ^ (x & 1))
        return out

    sorted_net = Netlist(
        net.top, net.input_count, np.ascontiguousarray(net.op[order]),
        moved(net.a[order]), moved(net.b[order]), moved(net.c[order]),
        moved(net.next), net.init,
        tuple(Word(w.name, moved(w.literals)) for w in net.inputs), free=net.free,
    )  # fmt: skip
    sorted_net.validate()
    bounds = np.array([(of_gates <= k).sum() for k in range(3)], np.int64)
    return sorted_net, literal, bounds


def _together(done: Sequence[Observed], pairs: int) -> Observed:
    def side(which: str) -> Records:
        parts = [getattr(o, which) for o in done]
        return Records(
            *(np.concatenate([getattr(r, f.name) for r in parts])[:pairs] for f in fields(Records))
        )

    when, index = (
        np.concatenate([getattr(o, x) for o in done], axis=1)[:, :pairs] for x in ("when", "index")
    )
    return Observed(side("left"), side("right"), when, index, max(o.cycles for o in done))
