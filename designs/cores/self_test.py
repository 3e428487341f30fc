"""Does a core do what its instruction set says? Random programs on its model and on the reference.

Finds a core that is joined wrongly (a bus that answers in the wrong cycle, a retirement signal
with another meaning) before anything is learned or proved about it. It is a test, not a proof.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from designs.cores.isa_reference import Effect
from designs.cores.lanes import Cycle, LaneRun, numbers
from designs.cores.model import CoreModel
from designs.cores.random_programs import Program, random_program
from extract.netlist import Word

_STUCK: Final = 1500
"""Cycles in which no lane retires after which the core counts as stuck."""
_MOST: Final = 1_000_000
_SHOWN: Final = 5

DECIDED: Final = ("instruction", "rs1_value", "rs2_value")
"""Words of a decision that are those of the instruction when it retires."""

_OPCODES: Final = {
    0x03: "load", 0x0F: "fence", 0x13: "immediate", 0x17: "auipc", 0x23: "store",
    0x33: "register", 0x37: "lui", 0x63: "branch", 0x67: "jalr", 0x6F: "jal",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SelfTest:
    """What came of it.

    ``instructions`` retired as the reference says; ``kinds`` how many of each kind; ``problems``
    are differences, the first few; ``cycles`` how long it took.
    """

    instructions: int
    cycles: int
    kinds: dict[str, int]
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """No difference, and something ran."""
        return not self.problems and self.instructions > 0


def kind(word: int) -> str:
    """A coarse class of an instruction."""
    if word & 3 != 3:
        return "compressed"
    name = _OPCODES.get(word & 0x7F, "other")
    if name == "register" and word >> 25 == 1:
        return "divide" if word >> 14 & 1 else "multiply"
    return name


def self_test(model: CoreModel, *, lanes: int = 128, length: int = 60, seed: int = 1) -> SelfTest:
    """Run ``lanes`` random programs of ``length`` instructions on the model and the reference."""
    rng = random.Random(seed)  # noqa: S311 - test programs, nothing secret
    count = model.core.registers.count
    programs = [
        random_program(rng, model.entry, length, model.core.extensions, count) for _ in range(lanes)
    ]
    return _Test(model, programs, seed).run()


class _Test:
    def __init__(self, model: CoreModel, programs: list[Program], seed: int) -> None:
        self.model, self.programs = model, programs
        self.lanes = LaneRun(model, programs, seed=seed)
        self.done = [0] * len(programs)
        self.stored = [0] * len(programs)
        self.decided = [0] * len(programs)
        self.expected = [[e for e in p.effects if e.write_mask] for p in programs]
        self.failed: set[int] = set()
        self.problems: list[str] = []
        self.kinds: Counter[str] = Counter()

    def run(self) -> SelfTest:
        idle = cycles = 0
        for cycle in self.lanes.cycles(_MOST):
            cycles = cycle.number + 1
            before = sum(self.done)
            self._decisions(cycle)
            self._stores(cycle)
            self._retirements(cycle)
            idle = 0 if sum(self.done) > before else idle + 1
            if self._over() or len(self.problems) >= _SHOWN:
                break
            if idle >= _STUCK:
                self._stuck()
                break
        self._missing_stores()
        return SelfTest(
            sum(self.done), cycles, dict(sorted(self.kinds.items())), tuple(self.problems[:_SHOWN])
        )

    def _over(self) -> bool:
        return all(
            lane in self.failed or self.done[lane] == len(p.effects)
            for lane, p in enumerate(self.programs)
        )

    def _open(self, lane: int) -> bool:
        return lane not in self.failed and self.done[lane] < len(self.programs[lane].effects)

    def _problem(self, lane: int, text: str) -> None:
        self.failed.add(lane)
        self.problems.append(f"program {lane}: {text}")

    def _stuck(self) -> None:
        lane = next(k for k in range(len(self.programs)) if self._open(k))
        effect = self.programs[lane].effects[self.done[lane]]
        self._problem(
            lane,
            f"{_at(self.done[lane], effect)} does not retire, and nothing else does, in "
            f"{_STUCK} cycles",
        )

    def _stores(self, cycle: Cycle) -> None:
        for store in cycle.stores:
            lane = store.lane
            if lane in self.failed or self.done[lane] == len(self.programs[lane].effects):
                continue
            wanted = self.expected[lane]
            at = self.stored[lane]
            if at == len(wanted):
                continue  # by what comes after the program
            effect, found = wanted[at], _bytes(store.address, store.mask, store.data)
            right = _bytes(effect.address, effect.write_mask, effect.written)
            if found != right:
                self._problem(
                    lane,
                    f"store number {at} writes {_shown(found)}; the reference has "
                    f"{_at(None, effect)} write {_shown(right)}",
                )
            self.stored[lane] += 1

    def _missing_stores(self) -> None:
        """Of lanes that came to the end, a store may be on its way: one, no more."""
        for lane, program in enumerate(self.programs):
            if lane in self.failed or self.done[lane] < len(program.effects):
                continue
            missing = len(self.expected[lane]) - self.stored[lane]
            if missing > 1:
                self._problem(lane, f"{missing} stores never reach memory")

    def _decisions(self, cycle: Cycle) -> None:
        """What the core decides is what it retires later, in this order, if its file says when."""
        told = self.model.decision
        if "valid" not in told:
            return
        lanes = np.flatnonzero(numbers(cycle.values, told["valid"])).tolist()
        if not lanes:
            return
        words = {n: numbers(cycle.values, w) for n, w in told.items() if n in DECIDED}
        for lane in lanes:
            effects = self.programs[lane].effects
            if not self._open(lane) or self.decided[lane] == len(effects):
                continue
            effect = effects[self.decided[lane]]
            found = {name: int(values[lane]) for name, values in words.items()}
            for difference in _differences_of(effect, found):
                self._problem(lane, f"decision {_at(self.decided[lane], effect)}: {difference}")
                break
            self.decided[lane] += 1

    def _retirements(self, cycle: Cycle) -> None:
        lanes = [lane for lane in cycle.retiring.tolist() if self._open(lane)]
        if not lanes:
            return
        told = self.model.retirement
        words: dict[str, Word] = {name: getattr(told, name) for name in told.__slots__}
        seen = {name: numbers(cycle.values, word) for name, word in words.items()}
        for lane in lanes:
            effect = self.programs[lane].effects[self.done[lane]]
            for difference in _differences(effect, {n: int(v[lane]) for n, v in seen.items()}):
                self._problem(lane, f"{_at(self.done[lane], effect)}: {difference}")
                break
            else:
                self.done[lane] += 1
                if "valid" in self.model.decision and self.done[lane] > self.decided[lane]:
                    self._problem(lane, f"{_at(self.done[lane] - 1, effect)} was never decided")
                self.kinds[kind(effect.instruction)] += 1


def _differences_of(effect: Effect, seen: dict[str, int]) -> Iterator[str]:
    """In which of the words ``seen`` an instruction is not as the reference says."""
    mask = 0xFFFF if effect.instruction & 3 != 3 else 0xFFFF_FFFF
    for name, wanted, counts in (
        ("pc", effect.pc, True),
        ("instruction", effect.instruction, True),
        ("trap", 0, True),
        ("rs1_value", effect.rs1_value, _reads_rs1(effect)),
        ("rs2_value", effect.rs2_value, _reads_rs2(effect)),
        ("rd_value", effect.rd_value, effect.rd > 0),
        ("next_pc", effect.next_pc, True),
    ):
        found = seen.get(name)
        if found is None or not counts:
            continue
        found &= mask if name == "instruction" else 0xFFFF_FFFF
        if wanted != found:
            yield f"{name} is {found:08x}; the reference says {wanted:08x}"


def _differences(effect: Effect, seen: dict[str, int]) -> Iterator[str]:
    """In which points an instruction that retired is not as the reference says."""
    yield from _differences_of(effect, seen)
    address = seen["memory_address"]
    read = _bytes(address, seen["memory_read_mask"], seen["memory_read"])
    written = _bytes(address, seen["memory_write_mask"], seen["memory_write"])
    loaded = _bytes(effect.address, effect.read_mask, effect.read)
    stored = _bytes(effect.address, effect.write_mask, effect.written)
    # To read more is no difference that a program can see: SERV reads in a fence.
    if not loaded.items() <= read.items():
        yield f"memory_read is {_shown(read)}; the reference says {_shown(loaded)}"
    if stored != written:
        yield f"memory_write is {_shown(written)}; the reference says {_shown(stored)}"


def _reads_rs1(effect: Effect) -> bool:
    return effect.instruction & 3 == 3 and kind(effect.instruction) not in {
        "lui", "auipc", "jal", "fence",
    }  # fmt: skip


def _reads_rs2(effect: Effect) -> bool:
    return kind(effect.instruction) in {"register", "multiply", "divide", "branch", "store"}


def _bytes(address: int, mask: int, data: int) -> dict[int, int]:
    return {address + k & 0xFFFF_FFFF: data >> 8 * k & 0xFF for k in range(4) if mask >> k & 1}


def _shown(content: dict[int, int]) -> str:
    return " ".join(f"[{a:08x}]={v:02x}" for a, v in sorted(content.items())) or "nothing"


def _at(number: int | None, effect: Effect) -> str:
    which = "" if number is None else f"number {number}, "
    return f"{which}{kind(effect.instruction)} {effect.instruction:08x} at {effect.pc:08x}"
