"""Programs in the making: fields of instructions as arrays, before they become words."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from contracts import values
from contracts.isa import NUMBER, Numbers, Words, encode, in_group
from contracts.machine import Runs

LENGTH: Final = 12
"""Instructions in a program."""

TARGET: Final = 5
"""The place of the instruction that a pair is about; before it come others, and after it."""

PLACES: Final = 6
"""Words of memory whose content a program sets."""

RS1, RS2, RD, SPARE = 13, 14, 15, 16
"""The registers of the target, which others read but seldom write; and one for their values."""

ONE: Final = 17
"""A register that holds 1."""

_CODE: Final = 24  # holds the program's address

_DATA: Final = np.array([1, 2, 3, 4, 5, 6, 7, 8])
_READ: Final = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, RS1, RS2, RD, RD, RD])
_ADDRESS: Final = np.array([20, 21, 22, 23])

Chosen = npt.NDArray[np.integer] | npt.NDArray[np.bool_]


@dataclass(slots=True, eq=False)
class Draft:
    """``n`` programs: ``number``, ``rd``, ``rs1``, ``rs2``, ``imm`` (int64, (n, LENGTH)), and data
    as in `contracts.machine.Runs`."""

    number: Numbers
    rd: Numbers
    rs1: Numbers
    rs2: Numbers
    imm: Numbers
    registers: Words
    places: Words
    data: Words
    seeds: npt.NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.number)

    def copy(self) -> Self:
        """Another of the same content."""
        return type(self)(*(getattr(self, f.name).copy() for f in fields(self)))

    def runs(self) -> Runs:
        """The finished programs."""
        words = encode(self.number, self.rd, self.rs1, self.rs2, self.imm)
        return Runs(words, self.registers, self.places, self.data, self.seeds)

    def value(self, register: int) -> Words:
        """What a register holds at first."""
        held: Words = self.registers[:, register]
        return held


def around(rng: values.Rng, number: Numbers, allowed: Numbers, base: int) -> Draft:
    """Programs with the instructions ``number`` as their targets, others drawn of ``allowed``.

    ``base`` is the address of the first instruction.
    """
    n = len(number)
    numbers = rng.choice(allowed, (n, LENGTH))
    numbers[:, TARGET] = number
    draft = Draft(
        numbers, rng.choice(_DATA, (n, LENGTH)), rng.choice(_READ, (n, LENGTH)),
        rng.choice(_READ, (n, LENGTH)), _immediates(rng, numbers),
        values.single(rng, n * 32).reshape(n, 32), np.zeros((n, PLACES), np.uint32),
        values.single(rng, n * PLACES).reshape(n, PLACES),
        rng.integers(0, 1 << 63, n).astype(np.uint64),
    )  # fmt: skip
    draft.registers[:, 0] = 0
    draft.registers[:, ONE] = 1
    draft.registers[:, _ADDRESS] &= np.uint32(0xFFFFFFFC)
    draft.places[:] = values.wide(rng, n * PLACES).reshape(n, PLACES) & np.uint32(0xFFFFFFFC)
    _addresses(rng, draft)
    _jumps(rng, draft, base)
    draft.rd[:, TARGET] = np.where(rng.random(n) < 0.1, 0, RD)
    draft.rs1[:, TARGET] = RS1
    draft.rs2[:, TARGET] = np.where(rng.random(n) < 0.05, RS1, RS2)
    return draft


def _immediates(rng: values.Rng, numbers: Numbers) -> Numbers:
    drawn = rng.integers(-2048, 2048, numbers.shape)
    small = np.where(rng.random(numbers.shape) < 0.3, rng.integers(-1, 2, numbers.shape), drawn)
    upper = rng.integers(0, 1 << 20, numbers.shape) << 12
    return np.where(in_group("upper")[numbers], upper, small)


_SIZE: Final = np.select([in_group(g) for g in ("word", "half")], [4, 2], 1)


def _addresses(rng: values.Rng, draft: Draft) -> None:
    """Loads and stores beside the target go to addresses of their size."""
    memory = (in_group("load") | in_group("store"))[draft.number]
    draft.rs1 = np.where(memory, rng.choice(_ADDRESS, draft.number.shape), draft.rs1)
    draft.imm = np.where(memory, draft.imm & -_SIZE[draft.number], draft.imm)


def _jumps(rng: values.Rng, draft: Draft, base: int) -> None:
    """Branches and jumps go forward, a few instructions on."""
    direct = (in_group("branch") | in_group("jump"))[draft.number]
    ahead = 4 * rng.integers(1, 4, draft.number.shape)
    draft.imm = np.where(direct, ahead, draft.imm)
    indirect = draft.number == NUMBER["jalr"]
    if base < 1024:  # x0 reaches the program
        to = base + 4 * np.arange(LENGTH)[None, :] + ahead
        draft.rs1 = np.where(indirect, 0, draft.rs1)
        draft.imm = np.where(indirect, to, draft.imm)
    else:  # others need the program's address in a register
        draft.rs1 = np.where(indirect, _CODE, draft.rs1)
        draft.imm = np.where(indirect, 4 * np.arange(LENGTH)[None, :] + ahead, draft.imm)
    draft.registers[:, _CODE] = base


def legalise(draft: Draft, free: Chosen) -> None:
    """Let the target's address, or where it jumps to, be a multiple of its size, but for the
    programs that are ``free``."""
    number, imm = draft.number[:, TARGET], draft.imm[:, TARGET]
    memory = (in_group("load") | in_group("store"))[number]
    size = np.where(memory, _SIZE[number], np.where(number == NUMBER["jalr"], 4, 1))
    off = (draft.value(RS1).astype(np.int64) + imm) % size
    fixed = draft.value(RS1) - off.astype(np.uint32)
    draft.registers[:, RS1] = np.where(free, draft.value(RS1), fixed)


def address(draft: Draft) -> Words:
    """The word of memory that the target's address is in, if it has one."""
    byte = draft.value(RS1) + draft.imm[:, TARGET].astype(np.uint32)
    return byte & np.uint32(0xFFFFFFFC)
