"""Two copies of a core side by side, and what it is for a contract to be unsound, as a circuit.

*Contract.* The contract gives each retired instruction an observation (`contracts.atom_circuit`).
It is *sound* if two runs whose first n instructions are pairwise observed alike look alike to the
attacker until the n-th has retired in both.

*Why this needs two phases.* The observation of an instruction is known when it retires, and what
the attacker sees may differ before: one copy retires the n-th instruction, the other is still busy
with it. That alone is no violation. So the product runs in lockstep, under the assumption that
instructions that retire together are observed alike, until the attacker sees a first difference;
from then on the copies run each for itself until both have retired ``lookahead`` more
instructions, and only if these are pairwise observed alike as well, the state is bad. The cycle of
the difference itself belongs to the second phase. For an attacker who sees retirements only,
``lookahead`` is 1: of the two n-th instructions one retires in the cycle of the difference. For
others it is the most instructions that are in flight, as any of them may be the cause.

A run in which a copy never retires its n-th instruction is no violation: its contract trace is
shorter, hence different.

*Runs.* Both copies start in the same state after reset except for the register files, which are
arbitrary. What memory answers is an input of its own for each copy, in each cycle: more behaviours
than a memory has. `contracts.memory` tells which of them are none of a memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from contracts.atom_circuit import Observer, legal_word, told_words
from contracts.template import Atom
from designs.cores.model import CoreModel
from extract import netlist_words as words
from extract.netlist import FALSE, Init, Literals, Netlist, Word
from extract.netlist_build import Builder, Placed

Programs: TypeAlias = Literal["any", "same"]
"""Do the two runs execute any two programs, or one program on different data?"""

RETIREMENT: Final = "retirement"


class ProductError(Exception):
    """A question that cannot be asked of this core: an attacker without observations, …"""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked: is the contract ``atoms`` sound for ``core`` and ``attacker``?

    ``lookahead``: see the module; at least 1. ``programs``: see `Programs`. ``legal`` limits
    fetched words to those of the core's instruction set.
    """

    core: CoreModel
    atoms: tuple[Atom, ...]
    attacker: str = RETIREMENT
    programs: Programs = "any"
    lookahead: int = 1
    legal: bool = True

    @property
    def compressed(self) -> bool:
        """Does the core know instructions of 16 bits, which no contract speaks of?"""
        return "c" in self.core.core.extensions

    def assumptions(self) -> tuple[str, ...]:
        """All that an answer takes for granted, a sentence each."""
        found = [
            *self.core.assumptions,
            "both runs start in one state after reset, but for the register file and the memory",
            "one memory holds program and data, and programs do not modify themselves",
        ]
        if self.programs == "same":
            found.append("both runs execute the same program")
        if self.compressed and self.legal:
            found.append("no executed instruction is compressed or begins in the middle of a word")
        if self.legal:
            found.append(f"every fetched word is an instruction of {self.core.core.isa}")
        if self.lookahead > 1:
            found.append(f"at most {self.lookahead} instructions are in flight")
        return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Copy:
    """Where a copy of the core is in the product: ``literal`` (int32) for each of its nodes."""

    literal: Literals

    def __call__(self, literals: Literals | Word) -> Literals:
        """Literals of the product for those of the core."""
        given = literals.literals if isinstance(literals, Word) else literals
        moved: Literals = (self.literal[given >> 1] ^ (given & 1)).astype(np.int32)
        return moved


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """The circuit, whose ``bad`` is a violation, and where both copies are in it.

    ``diverged`` is the literal of "the attacker has seen a difference, now or before".
    """

    question: Question
    netlist: Netlist
    copies: tuple[Copy, Copy]
    diverged: int


def product(question: Question) -> Product:
    """The product. Raises `ProductError`."""
    return _Making(question).product()


class Pair:
    """Two copies of a core in a builder, with what any product assumes of their environment."""

    def __init__(self, question: Question, top: str) -> None:
        self.question = question
        self.core = question.core
        self.build = Builder(top)
        self.constraints: list[int] = []
        self.placed = self._copies()
        self._start_alike()
        self._environment()

    def word(self, side: int, word: Word) -> Literals:
        """A word of a copy, in the builder."""
        return self.placed[side](word.literals)

    def bit(self, side: int, word: Word) -> int:
        """A word of one bit."""
        (literal,) = self.word(side, word).tolist()
        return int(literal)

    def copies(self) -> tuple[Copy, Copy]:
        """Where the copies are, once the circuit is built."""
        left, right = (Copy(self.build.built(p.node_literal)) for p in self.placed)
        return left, right

    def seen_differently(self) -> int:
        """Does the attacker see a difference in this cycle?"""
        seen = self.core.observations.get(self.question.attacker)
        if not seen:
            known = ", ".join(sorted(self.core.observations))
            raise ProductError(
                f"{self.core.name} has no attacker {self.question.attacker!r}; it has: {known}"
            )
        return self.differ([*seen, self.core.retire])

    def differ(self, some: Sequence[Word]) -> int:
        """Do any of these words of the core differ between the copies?"""
        return self.build.any(
            [
                self.build.xor(int(x), int(y))
                for w in some
                for x, y in zip(self.word(0, w), self.word(1, w), strict=True)
            ]
        )

    def _copies(self) -> tuple[Placed, Placed]:
        net = self.core.netlist
        own = {id(self.core.fetch_data), id(self.core.load_data)}
        names = {self.core.fetch_data.name, self.core.load_data.name}
        common = [w for w in net.inputs if id(w) not in own and w.name not in names]
        shared = [(w, self.build.input(w.name, w.width)) for w in common]
        made = []
        for side in ("left", "right"):
            drive = np.zeros(net.first_latch, np.int32)
            for w, literals in shared:
                drive[w.literals >> 1] = literals
            for w in net.inputs:
                if w.name in names:
                    drive[w.literals >> 1] = self.build.input(f"{side}.{w.name}", w.width)
            for w in net.free:
                drive[w.literals >> 1] = self.build.free(f"{side}.{w.name}", w.width)
            made.append(self.build.place(net, drive[1:], prefix=f"{side}."))
        return made[0], made[1]

    def _start_alike(self) -> None:
        """In the first cycle the copies have equal states, but for the register file."""
        bits = Word("alike", latches_alike(self.core))
        first = self.build.register("first", 1, Init.ONE)
        self.build.set_next(first, np.array([FALSE], np.int32))
        self.constraints.append(self.build.and_(int(first[0]), self.differ([bits])) ^ 1)

    def _environment(self) -> None:
        core, build = self.core, self.build
        for side in (0, 1):
            self.constraints += environment(build, self.question, self.placed[side])
        if self.question.programs == "same":
            same = build.and_(
                build.and_(self.bit(0, core.fetch_valid), self.bit(1, core.fetch_valid)),
                self.differ([core.fetch_address]) ^ 1,
            )
            self.constraints.append(build.and_(same, self.differ([core.fetch_data])) ^ 1)


def latches_alike(core: CoreModel) -> Literals:
    """Latches of a core that reset leaves open and that both copies begin with alike."""
    net = core.netlist
    alike = net.init == Init.ANY
    for w in core.register_file:
        nodes = w.literals >> 1
        latches = nodes[(nodes >= net.first_latch) & (nodes < net.first_gate)]
        alike[latches - net.first_latch] = False
    return (2 * (net.first_latch + np.flatnonzero(alike))).astype(np.int32)


def environment(build: Builder, question: Question, placed: Placed) -> list[int]:
    """What is assumed of the environment of one copy in every cycle."""
    if not question.legal:
        return []
    core = question.core
    legal = legal_word(build, placed(core.fetch_data.literals), core.core.isa)
    (fetches,) = placed(core.fetch_valid.literals).tolist()
    found = [build.or_(int(fetches) ^ 1, legal)]
    if question.compressed:
        (retires,) = placed(core.retire.literals).tolist()
        executed = legal_word(build, placed(core.retire_instruction.literals), core.core.isa)
        aligned = int(placed(core.retire_pc.literals)[1]) ^ 1
        found.append(build.or_(int(retires) ^ 1, build.and_(executed, aligned)))
    return found


class _Making:
    """The parts of the product, one after the other."""

    def __init__(self, question: Question) -> None:
        if question.lookahead < 1:
            raise ProductError("the copies must retire at least 1 instruction after a difference")
        self.pair = Pair(question, f"{question.core.name} twice")
        self.build = self.pair.build
        self.question = question

    def product(self) -> Product:
        pair, build, core = self.pair, self.build, self.question.core
        retire = [pair.bit(side, core.retire) for side in (0, 1)]
        seen = [self._observed(side, retire[side]) for side in (0, 1)]
        before = build.register("diverged", 1)
        diverged = build.or_(int(before[0]), pair.seen_differently())
        build.set_next(before, np.array([diverged], np.int32))
        alike = words.equal(build, seen[0], seen[1])
        lockstep = build.and_(diverged ^ 1, build.and_(retire[0], retire[1]))
        pair.constraints.append(build.or_(lockstep ^ 1, alike))
        bad = self._bad(diverged, retire, seen)
        net = build.build(constraints=pair.constraints, bad=[bad])
        return Product(self.question, net, pair.copies(), int(build.built([diverged])[0]))

    def _observed(self, side: int, retire: int) -> Literals:
        told = told_words(self.question.core.retirement, lambda w: self.pair.word(side, w))
        observer = Observer(self.build, self.question.atoms, ("left", "right")[side])
        return observer.observe(told, retire)

    def _bad(self, diverged: int, retire: list[int], seen: list[Literals]) -> int:
        """Have both now retired the last instruction of the second phase, all observed alike?"""
        build, many = self.build, self.question.lookahead
        counts, kept = [], []
        for side in (0, 1):
            count, slots = self._kept(side, build.and_(diverged, retire[side]), seen[side])
            counts.append(count)
            kept.append(slots)
        whole = build.and_(counts[0], counts[1])
        told = build.register("told", 1)
        build.set_next(told, np.array([build.or_(int(told[0]), whole)], np.int32))
        same = build.all(
            [words.equal(build, kept[0][k], kept[1][k]) for k in range(many)]
        )  # fmt: skip
        return build.all([whole, int(told[0]) ^ 1, same])

    def _kept(self, side: int, retire: int, seen: Literals) -> tuple[int, list[Literals]]:
        """What was observed of the first instructions of the second phase, this cycle's included.

        Also whether these are all.
        """
        build = self.build
        name = ("left", "right")[side]
        slots, taking = [], retire
        full = FALSE
        for k in range(self.question.lookahead):
            # Slot k takes what retires once slots before it are full.
            used = build.register(f"{name}.used[{k}]", 1)
            slot = build.register(f"{name}.seen[{k}]", len(seen))
            take = build.and_(taking, int(used[0]) ^ 1)
            taking = build.and_(taking, int(used[0]))
            value = words.chosen(build, take, seen, slot)
            full = build.or_(int(used[0]), take)
            build.set_next(used, np.array([full], np.int32))
            build.set_next(slot, value)
            slots.append(value)
        return full, slots
