"""Pairs of programs that differ in one respect of one instruction.

Each *respect* is something that can be changed with most else left alone: the value of an operand,
the data in memory, which register an operand is, how long ago it was written, the instruction
itself. Respects that change data only keep the program and serve contracts about one program on
two inputs; the others serve contracts about any two programs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from contracts import draft as make
from contracts import values
from contracts.draft import LENGTH, ONE, RD, RS1, RS2, SPARE, TARGET, Draft
from contracts.isa import (
    INSTRUCTIONS,
    NUMBER,
    READS_RS1,
    READS_RS2,
    WRITES_RD,
    Format,
    Numbers,
    in_group,
    of_extensions,
)
from contracts.machine import Pairs, joined

_OTHER: Final = 9
"""A register that nothing else reads or writes."""

Rng = values.Rng
Change = Callable[["Making", Draft], Draft]


@dataclass(frozen=True, slots=True)
class Making:
    """What changes may use: a source of chance, the first address, what may be drawn."""

    rng: Rng
    base: int
    allowed: Numbers


@dataclass(frozen=True, slots=True)
class Respect:
    """In which respect two programs differ.

    ``of`` says for which instructions it makes sense; ``same`` that the program stays the same.
    ``change`` alters the left program as it needs and returns the right one.
    """

    name: str
    same: bool
    of: np.ndarray
    change: Change


@dataclass(frozen=True, slots=True, eq=False)
class Generated:
    """Pairs, and for each the number of its target instruction and of its respect."""

    pairs: Pairs
    target: Numbers
    respect: Numbers

    def __len__(self) -> int:
        return len(self.pairs)


# Data --------------------------------------------------------------------------------------------


def _operand(register: int) -> Change:
    def change(making: Making, left: Draft) -> Draft:
        rng, right = making.rng, left.copy()
        other = left.value(RS2 if register == RS1 else RS1)
        left.registers[:, register], right.registers[:, register] = values.pairs(rng, other)
        _settled(making, left, right)
        _through_spare(making, left, right, register)
        return right

    return change


def _both_operands(making: Making, left: Draft) -> Draft:
    rng, right = making.rng, left.copy()
    for side in (left, right):
        first = values.single(rng, len(left))
        side.registers[:, RS1] = first
        side.registers[:, RS2] = values.pairs(rng, first)[0]
    # As often, what one operand gains the other loses.
    swap = making.rng.random(len(left)) < 0.3
    right.registers[swap, RS1], right.registers[swap, RS2] = (
        left.registers[swap, RS2].copy(), left.registers[swap, RS1].copy(),
    )  # fmt: skip
    return _settled(making, left, right)


def _through_spare(making: Making, left: Draft, right: Draft, register: int) -> None:
    """In some programs the instruction before the target computes the operand."""
    chosen = making.rng.random(len(left)) < 0.25
    for side in (left, right):
        side.number[chosen, TARGET - 1] = NUMBER["add"]
        side.rd[chosen, TARGET - 1] = register
        side.rs1[chosen, TARGET - 1] = SPARE
        side.rs2[chosen, TARGET - 1] = 0
        side.registers[:, SPARE] = side.value(register)


def _settled(making: Making, left: Draft, right: Draft) -> Draft:
    """Both addresses mostly legal; both memories the same, with the same data there, or not."""
    rng = making.rng
    free = rng.random(len(left)) < 0.25
    for side in (left, right):
        make.legalise(side, free)
    alike = rng.random(len(left)) < 0.7
    for k, side in enumerate((left, right)):
        address = make.address(side)
        for run in (left, right):
            run.places[:, k] = address
    alike |= left.places[:, 0] == left.places[:, 1]
    right.data[:] = left.data
    for run in (left, right):
        run.data[alike, 1] = run.data[alike, 0]
    return right


def _target_data(making: Making, left: Draft) -> Draft:
    make.legalise(left, making.rng.random(len(left)) < 0.2)
    right = left.copy()
    a, b = values.pairs(making.rng, values.wide(making.rng, len(left)))
    for side, data in ((left, a), (right, b)):
        side.places[:, 0] = make.address(side)
        side.data[:, 0] = data
    return right


def _address_before(making: Making, left: Draft) -> Draft:
    """An address that was loaded from before, and another one."""
    rng, at = making.rng, TARGET - 2
    load = NUMBER["lw"]
    for name, value in (("number", load), ("rd", _OTHER), ("rs1", 20), ("imm", 0)):
        getattr(left, name)[:, at] = value
    _straight(left, at)
    right = left.copy()
    known = left.value(20)
    left.registers[:, RS1] = known - left.imm[:, TARGET].astype(np.uint32)
    fresh = values.pairs(rng, known)[1]
    right.registers[:, RS1] = fresh - left.imm[:, TARGET].astype(np.uint32)
    return _settled(making, left, right)


def _jump_target(making: Making, left: Draft) -> Draft:
    """Where an indirect jump goes: to two places of the program, or near it."""
    right = left.copy()
    for side in (left, right):
        ahead = making.rng.integers(TARGET + 1, LENGTH + 8, len(left))
        to = making.base + 4 * ahead - side.imm[:, TARGET]
        far = making.rng.random(len(left)) < 0.2
        value = np.where(far, values.wide(making.rng, len(left)), to & 0xFFFFFFFF)
        side.registers[:, RS1] = value.astype(np.uint32)
    return _settled(making, left, right)


def _branch_way(making: Making, left: Draft) -> Draft:
    """Operands of a branch that compare as equal, less or greater."""
    rng, right = making.rng, left.copy()
    for side in (left, right):
        a = values.single(rng, len(left))
        b, c = values.pairs(rng, a)
        kind = rng.integers(0, 4, len(left))
        side.registers[:, RS1] = a
        side.registers[:, RS2] = np.select([kind == 0, kind == 1], [a, b], c)
    return right


def _some_data(making: Making, left: Draft) -> Draft:
    """A few registers and the memory, wherever they are used."""
    rng, right = making.rng, left.copy()
    make.legalise(left, rng.random(len(left)) < 0.1)
    for _ in range(2):
        register = rng.integers(1, 17, len(left))
        a, _b = values.pairs(rng, left.registers[np.arange(len(left)), register])
        right.registers[np.arange(len(left)), register] = a
    changed = rng.random(len(left)) < 0.5
    right.seeds[changed] += np.uint64(1)
    right.registers[:, RS1] = left.registers[:, RS1]
    return right


# Programs ----------------------------------------------------------------------------------------


def _field(name: str, register: int) -> Change:
    """Another register in a field of the target, with the same value in it."""

    def change(making: Making, left: Draft) -> Draft:
        make.legalise(left, making.rng.random(len(left)) < 0.1)
        right = left.copy()
        getattr(right, name)[:, TARGET] = _OTHER
        right.registers[:, _OTHER] = left.registers[:, register]
        left.registers[:, _OTHER] = left.registers[:, register]
        return right

    return change


def _immediate(making: Making, left: Draft) -> Draft:
    """Another immediate of the target."""
    rng, right = making.rng, left.copy()
    number = left.number[:, TARGET]
    jump = (in_group("branch") | in_group("jump"))[number]
    fresh = rng.integers(-2048, 2048, len(left))
    fresh = np.where(in_group("upper")[number], fresh << 12, fresh)
    ahead = 4 * rng.integers(1, 5, len(left))
    right.imm[:, TARGET] = np.where(jump & (number != NUMBER["jalr"]), ahead, fresh)
    return _settled(making, left, right)


def _instruction(making: Making, left: Draft) -> Draft:
    """Another instruction in the target's place."""
    make.legalise(left, making.rng.random(len(left)) < 0.1)
    right = left.copy()
    right.number[:, TARGET] = making.rng.choice(making.allowed, len(left))
    return _settled(making, left, right)


def _anywhere(making: Making, left: Draft) -> Draft:
    """Other instructions at some places after the target."""
    make.legalise(left, making.rng.random(len(left)) < 0.1)
    right = left.copy()
    fresh = make.around(making.rng, left.number[:, TARGET], making.allowed, making.base)
    changed = making.rng.random(left.number.shape) < 0.2
    changed[:, : TARGET + 1] = False
    for name in ("number", "rd", "rs1", "rs2", "imm"):
        setattr(right, name, np.where(changed, getattr(fresh, name), getattr(left, name)))
    return right


_PRODUCERS: Final = ("add", "lw", "mul", "divu")


def _written_before(register: int, distance: int) -> Change:
    """In one program a register of the target was written ``distance`` before, with the value
    that it holds anyway in the other."""

    def change(making: Making, left: Draft) -> Draft:
        make.legalise(left, making.rng.random(len(left)) < 0.1)
        at = TARGET - distance
        can = [NUMBER[x] for x in _PRODUCERS if NUMBER[x] in making.allowed]
        kind = making.rng.choice(can, len(left))
        left.number[:, at] = kind
        value = left.value(register).copy()
        left.registers[:, SPARE] = value
        load = kind == NUMBER["lw"]
        left.rs1[:, at] = np.where(load, 20, SPARE)
        left.rs2[:, at] = np.where(kind == NUMBER["add"], 0, ONE)
        left.imm[:, at] = 0
        left.places[:, 2] = left.value(20)
        left.data[:, 2] = value
        _straight(left, at)
        right = left.copy()
        left.rd[:, at] = register
        right.rd[:, at] = _OTHER
        return right

    return change


def _straight(left: Draft, start: int) -> None:
    """No jumps between ``start`` and the target, and no stores: nothing is skipped or changed."""
    span = slice(start + 1, TARGET)
    plain = (in_group("alu") & ~in_group("upper"))[left.number[:, span]]
    left.number[:, span] = np.where(plain, left.number[:, span], NUMBER["addi"])


_ALL: Final = np.ones(len(INSTRUCTIONS), bool)
_IMMEDIATE: Final = np.array([x.format not in {Format.R, Format.BARE} for x in INSTRUCTIONS])
_MEMORY: Final = in_group("load") | in_group("store")

RESPECTS: Final[tuple[Respect, ...]] = (
    Respect("rs1 value", True, READS_RS1, _operand(RS1)),
    Respect("rs2 value", True, READS_RS2, _operand(RS2)),
    Respect("both values", True, READS_RS2, _both_operands),
    Respect("data read", True, in_group("load"), _target_data),
    Respect("address before", True, _MEMORY, _address_before),
    Respect("jump target", True, in_group("indirect"), _jump_target),
    Respect("branch way", True, in_group("branch"), _branch_way),
    Respect("some data", True, _ALL, _some_data),
    Respect("rd", False, WRITES_RD, _field("rd", RD)),
    Respect("rs1", False, READS_RS1, _field("rs1", RS1)),
    Respect("rs2", False, READS_RS2, _field("rs2", RS2)),
    Respect("immediate", False, _IMMEDIATE, _immediate),
    Respect("instruction", False, _ALL, _instruction),
    Respect("instructions after", False, _ALL, _anywhere),
    *(Respect(f"rs1 written {d} before", False, READS_RS1, _written_before(RS1, d))
      for d in range(1, 5)),
    *(Respect(f"rs2 written {d} before", False, READS_RS2, _written_before(RS2, d))
      for d in range(1, 5)),
    *(Respect(f"rd written {d} before", False, WRITES_RD, _written_before(RD, d))
      for d in range(1, 5)),
)  # fmt: skip


def generate(rng: Rng, *, extensions: str, base: int, each: int, same: bool) -> Generated:
    """``each`` pairs for every instruction of ``extensions`` and every respect.

    ``same``: only of one program. ``base`` is the address of the first instruction.
    """
    allowed = np.array([NUMBER[x.name] for x in of_extensions(extensions)])
    making = Making(rng, base, allowed)
    made: list[tuple[Draft, Draft]] = []
    targets, respects = [], []
    for k, respect in enumerate(RESPECTS):
        if same and not respect.same:
            continue
        numbers = allowed[respect.of[allowed]]
        target = np.repeat(numbers, each)
        if not len(target):
            continue
        left = make.around(rng, target, allowed, base)
        right = respect.change(making, left)
        made.append((left, right))
        targets.append(target)
        respects.append(np.full(len(target), k))
    order = rng.permutation(sum(map(len, targets)))
    pairs = joined([Pairs(left.runs(), right.runs()) for left, right in made])
    return Generated(
        pairs.of(order), np.concatenate(targets)[order], np.concatenate(respects)[order]
    )  # fmt: skip
