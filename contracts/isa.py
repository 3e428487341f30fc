"""The instructions of RV32I, M and Zicsr as data, and words of them as arrays.

Source: The RISC-V Instruction Set Manual, Volume I, 20240411. Compressed instructions are not in
the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Words: TypeAlias = npt.NDArray[np.uint32]
"""Machine words, uint32, of any shape."""

Numbers: TypeAlias = npt.NDArray[np.int64]

NONE: Final = -1
"""The number of no instruction: what `decode` gives for a word that is not in the table."""


class Format(IntEnum):
    """How fields lie in an instruction word."""

    R = 0
    I = 1  # noqa: E741 - the manual's name
    S = 2
    B = 3
    U = 4
    J = 5
    SHIFT = 6
    """As I, with a shift amount of five bits as immediate."""
    BARE = 7
    """No operands."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """An instruction: it is the words ``w`` with ``w & mask == match``.

    ``groups`` are names by which classes of instructions are chosen.
    """

    name: str
    format: Format
    match: int
    mask: int
    extension: str
    groups: frozenset[str]

    @property
    def writes_rd(self) -> bool:
        """Has it a destination register?"""
        return self.format not in {Format.S, Format.B, Format.BARE}

    @property
    def reads_rs1(self) -> bool:
        """Has it a first source register?"""
        return self.format not in {Format.U, Format.J, Format.BARE}

    @property
    def reads_rs2(self) -> bool:
        """Has it a second source register?"""
        return self.format in {Format.R, Format.S, Format.B}


_OPCODE: Final = 0x7F
_FUNCT3: Final = 0x707F
_FUNCT7: Final = 0xFE00707F
_ALL: Final = 0xFFFFFFFF

# Name, format, opcode, funct3, funct7, groups; in the order of the manual's listing.
_TABLE: Final = """
lui     U 37 - -  alu upper
auipc   U 17 - -  alu upper
jal     J 6f - -  jump
jalr    I 67 0 -  jump indirect
beq     B 63 0 -  branch
bne     B 63 1 -  branch
blt     B 63 4 -  branch
bge     B 63 5 -  branch
bltu    B 63 6 -  branch
bgeu    B 63 7 -  branch
lb      I 03 0 -  load byte
lh      I 03 1 -  load half
lw      I 03 2 -  load word
lbu     I 03 4 -  load byte
lhu     I 03 5 -  load half
sb      S 23 0 -  store byte
sh      S 23 1 -  store half
sw      S 23 2 -  store word
addi    I 13 0 -  alu immediate
slti    I 13 2 -  alu immediate compare
sltiu   I 13 3 -  alu immediate compare
xori    I 13 4 -  alu immediate
ori     I 13 6 -  alu immediate
andi    I 13 7 -  alu immediate
slli    SHIFT 13 1 00  alu immediate fixed_shift
srli    SHIFT 13 5 00  alu immediate fixed_shift
srai    SHIFT 13 5 20  alu immediate fixed_shift
add     R 33 0 00  alu register
sub     R 33 0 20  alu register
sll     R 33 1 00  alu register variable_shift
slt     R 33 2 00  alu register compare
sltu    R 33 3 00  alu register compare
xor     R 33 4 00  alu register
srl     R 33 5 00  alu register variable_shift
sra     R 33 5 20  alu register variable_shift
or      R 33 6 00  alu register
and     R 33 7 00  alu register
mul     R 33 0 01  multiply
mulh    R 33 1 01  multiply
mulhsu  R 33 2 01  multiply
mulhu   R 33 3 01  multiply
div     R 33 4 01  divide
divu    R 33 5 01  divide
rem     R 33 6 01  divide
remu    R 33 7 01  divide
"""


def _read_table(text: str) -> tuple[Instruction, ...]:
    found = []
    for line in text.strip().splitlines():
        name, form, opcode, funct3, funct7, *groups = line.split()
        match, mask = int(opcode, 16), _OPCODE
        if funct3 != "-":
            match, mask = match | int(funct3) << 12, _FUNCT3
        if funct7 != "-":
            match, mask = match | int(funct7, 16) << 25, _FUNCT7
        extension = "M" if {"multiply", "divide"} & set(groups) else "I"
        found.append(Instruction(name, Format[form], match, mask, extension, frozenset(groups)))
    return tuple(found)


INSTRUCTIONS: Final = _read_table(_TABLE)
"""All instructions; their index is the *number* of an instruction."""

NUMBER: Final = {x.name: k for k, x in enumerate(INSTRUCTIONS)}
"""The number of each instruction by name."""

FORMATS: Final[npt.NDArray[np.int64]] = np.array([x.format for x in INSTRUCTIONS], np.int64)
_MATCH: Final = np.array([x.match for x in INSTRUCTIONS], np.uint32)
_MASK: Final = np.array([x.mask for x in INSTRUCTIONS], np.uint32)


def of_extensions(extensions: str) -> tuple[Instruction, ...]:
    """The instructions of an ISA string's letters, such as ``IM``."""
    return tuple(x for x in INSTRUCTIONS if x.extension in extensions)


def decode(words: Words) -> Numbers:
    """The number of each instruction word, `NONE` where it is not in the table."""
    found = np.full(words.shape, NONE, np.int64)
    for k in range(len(INSTRUCTIONS)):
        found[(words & _MASK[k]) == _MATCH[k]] = k
    return found


def encode(number: Numbers, rd: Numbers, rs1: Numbers, rs2: Numbers, imm: Numbers) -> Words:
    """Instruction words, each argument broadcast against the others.

    ``imm`` is the signed immediate as the assembler writes it, but for U the upper 20 bits in
    place (a multiple of 4096). Fields that a format lacks are ignored, and bits of an immediate
    that do not fit are cut off.
    """
    number, rd, rs1, rs2, imm = np.broadcast_arrays(number, rd, rs1, rs2, imm)
    form = FORMATS[number]
    i = imm.astype(np.int64)

    def bits(high: int, low: int, to: int) -> Numbers:
        taken: Numbers = ((i >> low) & ((1 << (high - low + 1)) - 1)) << to
        return taken

    immediate = np.select(
        [form == f for f in (Format.I, Format.S, Format.B, Format.U, Format.J, Format.SHIFT)],
        [
            bits(11, 0, 20),
            bits(11, 5, 25) | bits(4, 0, 7),
            bits(12, 12, 31) | bits(10, 5, 25) | bits(4, 1, 8) | bits(11, 11, 7),
            bits(31, 12, 12),
            bits(20, 20, 31) | bits(10, 1, 21) | bits(11, 11, 20) | bits(19, 12, 12),
            bits(4, 0, 20),
        ],
        0,
    )
    word = _MATCH[number].astype(np.int64) | immediate
    word |= np.where(WRITES_RD[number], rd << 7, 0)
    word |= np.where(READS_RS1[number], rs1 << 15, 0)
    word |= np.where(READS_RS2[number], rs2 << 20, 0)
    return word.astype(np.uint32)


def immediate_of(words: Words, number: Numbers) -> Words:
    """The immediate of each word as 32 bits, sign-extended; 0 where the format has none."""
    form = np.where(number >= 0, FORMATS[number], Format.BARE)
    w = words.astype(np.int64)
    sign = np.where((w >> 31) & 1, -1, 0)

    def bits(high: int, low: int, to: int) -> Numbers:
        taken: Numbers = ((w >> low) & ((1 << (high - low + 1)) - 1)) << to
        return taken

    found = np.select(
        [form == f for f in (Format.I, Format.S, Format.B, Format.U, Format.J, Format.SHIFT)],
        [
            (sign << 12) | bits(31, 20, 0),
            (sign << 12) | bits(31, 25, 5) | bits(11, 7, 0),
            (sign << 12) | bits(7, 7, 11) | bits(30, 25, 5) | bits(11, 8, 1),
            bits(31, 12, 12),
            (sign << 20) | bits(19, 12, 12) | bits(20, 20, 11) | bits(30, 21, 1),
            bits(24, 20, 0),
        ],
        0,
    )
    return (found & 0xFFFFFFFF).astype(np.uint32)


WRITES_RD: Final = np.array([x.writes_rd for x in INSTRUCTIONS])
READS_RS1: Final = np.array([x.reads_rs1 for x in INSTRUCTIONS])
READS_RS2: Final = np.array([x.reads_rs2 for x in INSTRUCTIONS])
"""Which instructions have the field, bool, by number."""


def in_group(group: str) -> npt.NDArray[np.bool_]:
    """Which instructions are in a group, bool, by number."""
    return np.array([group in x.groups for x in INSTRUCTIONS])
