"""Random programs, made while they are executed: each instruction is legal where it stands.

A program is what the reference did: effects in order, and the words of memory that it came from.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from designs.cores.isa_reference import WORD, Effect, Hart, IllegalInstruction, Misaligned

_VALUES: Final = (0, 1, 2, 4, 31, 32, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0xFFFF_FFFE)
_TRIES: Final = 40
_REGISTERS: Final = (0, 1, 2, 3, 4, 5, 8, 9, 10, 15, 16, 30, 31)
"""Few of them, so that instructions depend on those before."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program with its run on the reference.

    ``words``: the instruction at each address (16 or 32 bits) that the run executes; ``start``
    values of x0 … x31; ``effects``: what each instruction did.
    """

    words: dict[int, int]
    start: tuple[int, ...]
    effects: tuple[Effect, ...]
    load: Callable[[int], int]


def register_value(rng: random.Random) -> int:
    """A value as found in tests: special, small, or anything."""
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(_VALUES)
    return rng.randrange(64) if kind < 0.4 else rng.getrandbits(32)


def random_program(
    rng: random.Random, entry: int, length: int, extensions: str, registers: int = 32
) -> Program:
    """A run of ``length`` instructions from ``entry`` on; shorter if it gets stuck."""
    start = [0, *(register_value(rng) for _ in range(registers - 1))]
    start += [0] * (32 - registers)
    key = rng.getrandbits(64)

    def load(address: int) -> int:
        return hash((key, address)) >> 7 & 0xFF

    hart = Hart(list(start), entry, extensions, load)
    words: dict[int, int] = {}
    owner: dict[int, int] = {}  # the start of the instruction that a half word belongs to
    effects: list[Effect] = []
    choices = [r for r in _REGISTERS if r < registers]
    for _ in range(length):
        word = words.get(hart.pc)
        if word is None:
            word = _chosen(rng, hart, choices, owner)
        if word is None or not _fits(hart, word, owner):
            break
        try:
            effect = hart.step(word)
        except (IllegalInstruction, Misaligned):
            break  # it was legal where it was executed first
        words[effect.pc] = word
        for half in _halves(effect.pc, word):
            owner[half] = effect.pc
        effects.append(effect)
    return Program(words, tuple(start), tuple(effects), load)


def _halves(pc: int, word: int) -> tuple[int, ...]:
    return (pc,) if word & 3 != 3 else (pc, pc + 2 & WORD)


def _fits(hart: Hart, word: int, owner: dict[int, int]) -> bool:
    """Is there room for the instruction among those that are there?"""
    return all(owner.get(half, hart.pc) == hart.pc for half in _halves(hart.pc, word))


def _chosen(
    rng: random.Random, hart: Hart, choices: list[int], owner: dict[int, int]
) -> int | None:
    """An instruction that can be executed now."""
    for _ in range(_TRIES):
        if "c" in hart.extensions and rng.random() < 0.5:
            word = rng.getrandbits(16)
            word = word if word & 3 != 3 else word ^ 1 + rng.randrange(3)
        else:
            word = random_word(rng, hart.extensions, choices)
        if not _fits(hart, word, owner):
            continue
        try:
            hart.effect(word)
        except (IllegalInstruction, Misaligned):
            continue
        return word
    return None


def random_word(rng: random.Random, extensions: str, choices: list[int]) -> int:
    """An instruction of 32 bits over these registers."""
    rd, rs1, rs2 = (rng.choice(choices) for _ in range(3))
    fields = rs1 << 15 | rd << 7
    immediate = rng.getrandbits(12) if rng.random() < 0.5 else rng.randrange(-16, 16) & 0xFFF
    kind = rng.random()
    if kind < 0.22:
        funct3 = rng.randrange(8)
        if funct3 in {1, 5}:
            immediate &= 31
            immediate |= 0x400 if funct3 == 5 and rng.random() < 0.5 else 0
        return immediate << 20 | funct3 << 12 | fields | 0x13
    if kind < 0.5:
        funct3 = rng.randrange(8)
        multiply = "m" in extensions and rng.random() < 0.4
        other = funct3 in {0, 5} and rng.random() < 0.4
        funct7 = 1 if multiply else 0x20 if other else 0
        return funct7 << 25 | rs2 << 20 | funct3 << 12 | fields | 0x33
    if kind < 0.6:
        return rng.getrandbits(20) << 12 | rd << 7 | rng.choice((0x37, 0x17))
    if kind < 0.72:
        return immediate << 20 | rng.choice((0, 1, 2, 4, 5)) << 12 | fields | 0x03
    if kind < 0.82:
        split = immediate >> 5 << 25 | (immediate & 31) << 7
        return split | rs2 << 20 | rs1 << 15 | rng.choice((0, 1, 2)) << 12 | 0x23
    if kind < 0.93:
        return _branch(rng, rs1, rng.choice((rs1, rs2)))
    if kind < 0.96:
        return _jump_bits(rng.randrange(-64, 64) * 2) | rd << 7 | 0x6F
    if kind < 0.99:
        return immediate << 20 | fields | 0x67
    # A fence with other fields is reserved: software does not use it, and PicoRV32 writes its rd.
    return rng.getrandbits(8) << 20 | 0x0F


def _branch(rng: random.Random, rs1: int, rs2: int) -> int:
    offset = rng.randrange(-16, 32) * 2
    bits = (offset >> 12 & 1) << 31 | (offset >> 5 & 63) << 25
    bits |= (offset >> 1 & 15) << 8 | (offset >> 11 & 1) << 7
    return bits | rs2 << 20 | rs1 << 15 | rng.choice((0, 1, 4, 5, 6, 7)) << 12 | 0x63


def _jump_bits(offset: int) -> int:
    high = (offset >> 20 & 1) << 31 | (offset >> 1 & 0x3FF) << 21
    return high | (offset >> 11 & 1) << 20 | (offset >> 12 & 0xFF) << 12
