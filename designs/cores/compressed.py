"""Compressed instructions, and the instructions of 32 bits that they stand for.

Written from The RISC-V Instruction Set Manual, Volume I, 20240411, chapter "C": those of RV32
without floating point.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_SP: Final = 2
_RA: Final = 1


def expand(half: int) -> int | None:
    """The instruction for a half word; ``None`` if it is illegal or reserved."""
    if not half & 0xFFFF:
        return None
    quadrant, funct3 = half & 3, half >> 13 & 7
    if quadrant == 0:
        return _quadrant_0(half, funct3)
    if quadrant == 1:
        return _quadrant_1(half, funct3)
    return _quadrant_2(half, funct3) if quadrant == 2 else None


def _bits(half: int, places: Sequence[tuple[int, int, int]]) -> int:
    """A number put together: each place is (lowest bit in the half word, how many, goes to)."""
    return sum((half >> low & (1 << count) - 1) << to for low, count, to in places)


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value


def _i(opcode: int, rd: int, funct3: int, rs1: int, immediate: int) -> int:
    return (immediate & 0xFFF) << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode


def _r(rd: int, funct3: int, rs1: int, rs2: int, funct7: int = 0) -> int:
    return funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x33


def _sw(rs2: int, rs1: int, offset: int) -> int:
    return offset >> 5 << 25 | rs2 << 20 | rs1 << 15 | 2 << 12 | (offset & 31) << 7 | 0x23


def _jal(rd: int, offset: int) -> int:
    high = (offset >> 20 & 1) << 31 | (offset >> 1 & 0x3FF) << 21
    return high | (offset >> 11 & 1) << 20 | (offset >> 12 & 0xFF) << 12 | rd << 7 | 0x6F


def _branch(funct3: int, rs1: int, offset: int) -> int:
    high = (offset >> 12 & 1) << 31 | (offset >> 5 & 63) << 25 | rs1 << 15 | funct3 << 12
    return high | (offset >> 1 & 15) << 8 | (offset >> 11 & 1) << 7 | 0x63


def _quadrant_0(half: int, funct3: int) -> int | None:
    low, high = 8 + (half >> 2 & 7), 8 + (half >> 7 & 7)
    offset = _bits(half, [(6, 1, 2), (10, 3, 3), (5, 1, 6)])
    if funct3 == 0:  # c.addi4spn
        amount = _bits(half, [(6, 1, 2), (5, 1, 3), (11, 2, 4), (7, 4, 6)])
        return _i(0x13, low, 0, _SP, amount) if amount else None
    if funct3 == 2:  # c.lw
        return _i(0x03, low, 2, high, offset)
    if funct3 == 6:  # c.sw
        return _sw(low, high, offset)
    return None


def _quadrant_1(half: int, funct3: int) -> int | None:
    rd, short = half >> 7 & 31, 8 + (half >> 7 & 7)
    immediate = _signed(_bits(half, [(2, 5, 0), (12, 1, 5)]), 6)
    if funct3 == 0:  # c.addi, c.nop
        return _i(0x13, rd, 0, rd, immediate)
    if funct3 in {1, 5}:  # c.jal, c.j
        return _jal(_RA if funct3 == 1 else 0, _jump(half))
    if funct3 == 2:  # c.li
        return _i(0x13, rd, 0, 0, immediate)
    if funct3 == 3:
        return _upper(half, rd, immediate)
    if funct3 == 4:
        return _arithmetic(half, short, immediate)
    places = [(3, 2, 1), (10, 2, 3), (2, 1, 5), (5, 2, 6), (12, 1, 8)]
    return _branch(funct3 - 6, short, _signed(_bits(half, places), 9))  # c.beqz, c.bnez


def _jump(half: int) -> int:
    places = [(3, 3, 1), (11, 1, 4), (2, 1, 5), (7, 1, 6), (6, 1, 7), (9, 2, 8), (8, 1, 10)]
    return _signed(_bits(half, [*places, (12, 1, 11)]), 12)


def _upper(half: int, rd: int, immediate: int) -> int | None:
    if rd == _SP:  # c.addi16sp
        places = [(6, 1, 4), (2, 1, 5), (5, 1, 6), (3, 2, 7), (12, 1, 9)]
        amount = _signed(_bits(half, places), 10)
        return _i(0x13, _SP, 0, _SP, amount) if amount else None
    return (immediate & 0xFFFFF) << 12 | rd << 7 | 0x37 if immediate else None  # c.lui


def _arithmetic(half: int, rd: int, immediate: int) -> int | None:
    kind = half >> 10 & 3
    if kind == 2:  # c.andi
        return _i(0x13, rd, 7, rd, immediate)
    if kind < 2:  # c.srli, c.srai
        if half >> 12 & 1:
            return None
        return _i(0x13, rd, 5, rd, (half >> 2 & 31) | (0x400 if kind else 0))
    if half >> 12 & 1:
        return None
    rs2, which = 8 + (half >> 2 & 7), half >> 5 & 3  # c.sub, c.xor, c.or, c.and
    funct3 = (0, 4, 6, 7)[which]
    return _r(rd, funct3, rd, rs2, 0x20 if which == 0 else 0)


def _quadrant_2(half: int, funct3: int) -> int | None:
    rd, rs2 = half >> 7 & 31, half >> 2 & 31
    if funct3 == 0:  # c.slli
        return None if half >> 12 & 1 else _i(0x13, rd, 1, rd, rs2)
    if funct3 == 2:  # c.lwsp
        offset = _bits(half, [(4, 3, 2), (12, 1, 5), (2, 2, 6)])
        return _i(0x03, rd, 2, _SP, offset) if rd else None
    if funct3 == 6:  # c.swsp
        return _sw(rs2, _SP, _bits(half, [(9, 4, 2), (7, 2, 6)]))
    return _jump_or_move(half, rd, rs2) if funct3 == 4 else None


def _jump_or_move(half: int, rd: int, rs2: int) -> int | None:
    link = half >> 12 & 1
    if rs2:  # c.add, c.mv
        return _r(rd, 0, rd if link else 0, rs2)
    if rd:  # c.jalr, c.jr
        return _i(0x67, _RA if link else 0, 0, rd, 0)
    return 0x0010_0073 if link else None  # c.ebreak
